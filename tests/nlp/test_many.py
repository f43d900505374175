"""Many texts at once come out as each would by itself, in order, whoever did the reading."""

from __future__ import annotations

import multiprocessing
import pickle

import numpy as np
import pytest

from nlp import embedding, many, sharing
from nlp.redaction import Redactor
from nlp.tagger import Tagger, Words
from nlp.theming import ThemeBook
from nlp.vocabulary import DemandKind

TEXTS = [
    "Mrs Patel on 07700 900123 still has no hot water",
    "Third time I've rung about my claim",
    "",
    "Can I book my mum in for a hearing test?",
    "We should move the printer nearer the desk.",
]


@pytest.mark.parametrize("processes", [1, 2])
def test_however_many_share_the_work_it_comes_in_order(processes: int) -> None:
    """One process or two give the same answers; whoever stops listening, as with Ctrl-C, leaves none of them behind."""
    numbers = list(range(3 * sharing.AT_A_TIME + 5))
    assert list(sharing.over(np.negative, numbers, processes=processes)) == [-number for number in numbers]
    listening = sharing.over(np.sqrt, numbers, processes=processes)
    assert next(listening) == 0.0
    listening.close()
    assert multiprocessing.active_children() == []


def test_many_are_read_as_each_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redacted, tagged and made vectors a few at a time, they come out as one by one."""
    monkeypatch.setattr(sharing, "AT_A_TIME", 2)
    redactor, tagger = Redactor.load(), Tagger.load()
    safe = [redactor.redact(text).text for text in TEXTS]
    assert list(many.redacted(TEXTS)) == safe
    notes = [Words(text, "We keep homes warm.") for text in safe]
    assert list(many.tagged(notes)) == [next(tagger.tag_many([note], themed=False)) for note in notes]
    vectors = dict(many.encoded(safe))
    for place, text in enumerate(safe):
        np.testing.assert_allclose(vectors[place], embedding.encode([text])[0], atol=1e-6)


def test_themes_found_aside_are_those_that_would_be_found_here() -> None:
    """Another process finds them, so that nobody's answer waits, and leaves nothing behind but what it found."""
    said = [f"{words} {'Thanks.' * n}" for n in range(3) for words in (*TEXTS, "Where is my parcel?", "My parcel?")]
    kinds = [DemandKind.CHASE if "parcel" in text else None for text in said]
    among = [place for place, text in enumerate(said) if "printer" not in text]
    here, aside = (many.themed(said, kinds, among=among, before=ThemeBook(), aside=where) for where in (False, True))
    assert aside[0].to_bytes() == here[0].to_bytes()
    assert aside[1] == here[1] == here[0].names_for(said, kinds=kinds)
    assert any(aside[1])
    assert multiprocessing.active_children() == []


def test_where_no_process_may_be_begun_themes_are_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **_named: object) -> None:
        raise OSError("no semaphores here")

    monkeypatch.setattr(sharing, "ProcessPoolExecutor", refused)
    said = ["Where is my parcel?", "My parcel?", "Any news on my parcel"] * 3
    book, names = many.themed(said, [None] * 9, among=range(9), before=ThemeBook(), aside=True)
    assert len(names) == 9
    assert book.names_for(said) == names


def test_what_a_process_answers_comes_back_whole() -> None:
    """A note on its way to another process, and its tags on their way back, are not changed by the journey."""
    note = Words("Third time I've rung about my claim", "We insure homes.")
    [tagging] = many.tagged([note])
    assert pickle.loads(pickle.dumps((note, tagging))) == (note, tagging)
