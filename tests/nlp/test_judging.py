"""The figures about the tagger are worked out as they are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlp import examples, fitting, judging, training
from nlp.examples import Example
from nlp.judging import Judged
from nlp.tagger import Tagger, Words
from nlp.tagging import Tagging
from nlp.vocabulary import DemandKind, ImprovementKind, Kind

UNSEEN = Path(__file__).parent / "unseen_notes.jsonl"


def judged(told: Kind, heard: Kind, *, confidence: float = 0.9) -> Judged:
    return Judged(Example("words", "", (told,), "here", True), Tagging(heard, confidence))


def test_a_kind_of_the_same_type_is_right_by_type() -> None:
    """Hearing wrong where again was meant is still failure demand."""
    assert (
        judging.accuracy([judged(DemandKind.AGAIN, DemandKind.WRONG), judged(DemandKind.START, DemandKind.WRONG)])
        == 0.5
    )


def test_unknown_is_left_out_of_the_failure_share() -> None:
    """The share is failure among value, failure, opportunity and external; unknown is counted apart."""
    some = [
        judged(DemandKind.CHASE, DemandKind.CHASE),
        judged(DemandKind.START, DemandKind.CHASE),
        judged(DemandKind.TOO_THIN, DemandKind.NO_ASK),
    ]
    assert judging.failure_shares(some) == (0.5, 1.0)


def test_someone_as_sure_as_they_are_right_is_calibrated() -> None:
    """Nine right of ten at .9 leaves no gap, and all right at .5 leaves half."""
    nine = [judged(DemandKind.START, DemandKind.START)] * 9 + [judged(DemandKind.START, DemandKind.CHASE)]
    assert judging.calibration_error(nine) == pytest.approx(0.0)
    assert judging.calibration_error([judged(DemandKind.NEW, DemandKind.NEW, confidence=0.5)]) == pytest.approx(0.5)


def test_the_surest_half_is_the_half_with_most_confidence() -> None:
    """What we are unsure of does not count against what we are sure of."""
    sure = [judged(DemandKind.NEW, DemandKind.NEW, confidence=0.9)] * 2
    unsure = [judged(DemandKind.NEW, DemandKind.CHASE, confidence=0.4)] * 2
    assert judging.surest_half(unsure + sure) == 1.0


def test_macro_f1_gives_each_kind_the_same_say() -> None:
    """Hearing nothing but the common kind earns little, however common it is."""
    assert judging.macro_f1(["a", "a", "a", "b"], ["a", "a", "a", "a"]) == pytest.approx((6 / 7) / 2)


def test_held_out_notes_share_no_sector_with_the_primer() -> None:
    """What the tagger is judged by are organisations that it has never met, but for the four that the card names."""
    ours = sectors(examples.primer())
    files = [*sorted(UNSEEN.parent.glob("*_notes.jsonl")), UNSEEN.with_name("unseen_more.jsonl")]
    theirs = set().union(*(sectors(examples.held_out(file)) for file in files))
    assert len(files) == 12
    assert ours & theirs == {"food bank", "dial a ride", "picture framer", "building society mortgages"}


def sectors(rows: list[Example]) -> set[str]:
    """The sectors that rows are from, written alike."""
    return {row.source.partition(": ")[2].replace("_", " ") for row in rows}


def test_every_kind_is_in_the_primer() -> None:
    """The primer teaches all fourteen kinds and the five of improvement notes, each by many voices."""
    taught = [row.kinds[0] for row in examples.primer()]
    kinds = (*DemandKind, *ImprovementKind)
    assert min(taught.count(kind) for kind in kinds) >= 50


def test_what_is_added_to_a_head_leaves_how_common_each_answer_is() -> None:
    """Rows that come later move what words mean; they do not teach that favours are common."""
    features, allowed = np.eye(4), np.eye(2, dtype=np.bool_)[[0, 0, 0, 1]]
    more = fitting.one_question(features, allowed, counts=np.ones(4), ridge=0.1, known=np.zeros((4, 2)))
    assert more.bias.tolist() == [0.0, 0.0]
    assert (features @ more.weights).argmax(axis=1).tolist() == [0, 0, 0, 1]


def test_value_and_failure_of_a_source_teach_alike() -> None:
    """A source that is mostly value does not teach that its topics are value."""
    value = [Example("where is it", "", (DemandKind.START,), "shop", False)] * 90
    failure = [Example("broken", "", (DemandKind.WRONG,), "shop", False)] * 45
    own = [Example("I'd like one", "", (DemandKind.START,), "primer: bank", True)]
    counts = training.counts_of(value + failure + own)
    assert counts[:90].sum() == pytest.approx(counts[90:135].sum())
    assert counts.sum() == pytest.approx(1.0)


def test_the_tagger_hears_unseen_sectors_well() -> None:
    """In sectors that nobody taught it, the tagger tells the demand type of most staff notes."""
    rows = [row for row in examples.held_out(UNSEEN) if len(row.demand_types) == 1][::2]
    taggings = Tagger.load().tag_many(Words(row.words, row.purpose) for row in rows)
    right = [tagging.demand_type in row.demand_types for row, tagging in zip(rows, taggings, strict=True)]
    assert sum(right) / len(right) > 0.8
