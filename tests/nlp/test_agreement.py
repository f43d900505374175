"""What was learned is measured on corrections held out; lessons that do harm are set aside; people's word stands."""

from __future__ import annotations

import numpy as np
import pytest

from nlp import agreement, learning
from nlp.learning import Learning
from nlp.rules import KINDS, PLACE
from nlp.tagging import Correction
from nlp.vocabulary import DemandKind, ImprovementKind, Kind

TOPICS = ["boiler", "rent", "keys", "lift", "bins", "damp", "lock", "tap"]
SAID: list[Kind] = [DemandKind.CHASE, DemandKind.START]


def corrections_on(many: int, kinds: list[Kind] = SAID) -> list[Correction]:
    """Corrections in many wordings, which hold one topic after the other; each topic has its kind."""
    words = [f"{TOPICS[n % 8]} {chr(97 + n % 26) * (1 + n // 26)}" for n in range(many)]
    return [Correction(said, kinds[n % 8 % len(kinds)]) for n, said in enumerate(words)]


def by_topic(many: int) -> np.ndarray:
    return np.eye(8)[np.arange(many) % 8]


def sure_of(kinds: list[Kind], *, by: float) -> np.ndarray:
    """The scores of a tagger that takes each note for one kind."""
    scores = np.zeros((len(kinds), len(KINDS)))
    scores[np.arange(len(kinds)), [PLACE[kind] for kind in kinds]] = by
    return scores


def misled(many: int = 80) -> Learning:
    """What is learned where the first day was right and the rest has nothing in common: chance, taken for a rule."""
    said = corrections_on(many)
    noise = np.random.default_rng(1).normal(size=(many, 300))
    return learning.from_corrections(said, noise, noise, sure_of([one.kind for one in said], by=1.5))


def test_lessons_that_help_are_kept() -> None:
    """What people say of four fifths of the notes tells what they say of the rest: the lessons stand."""
    said = corrections_on(40)
    learned = learning.from_corrections(said, by_topic(40), by_topic(40), sure_of([DemandKind.ADVISE] * 40, by=1.0))
    assert learned.agreement is not None
    assert (learned.agreement.wordings, learned.agreement.types.first_day) == (40, 20)
    assert learned.agreement.types.learned == 40
    assert not learned.agreement.set_aside
    assert learned.weights.any()


def test_lessons_that_do_harm_are_set_aside_and_a_persons_word_stands() -> None:
    """Where the tagger agreed with people better on its first day, nothing is added to what it knew; on the very words
    that a person has judged, their word stands all the same.
    """
    learned = misled()
    assert learned.agreement is not None
    assert learned.agreement.types.first_day == 80
    assert learned.agreement.set_aside
    assert not learned.adds(np.ones(300)).any()
    assert learned.word_on("BOILER  a") is DemandKind.CHASE


def test_a_difference_that_chance_explains_sets_nothing_aside() -> None:
    """Three notes lost and one gained is what a coin does; nine lost and none gained is not."""
    by_chance = agreement.Compared(first_day=30, learned=28, gained=1, lost=3)
    harm = agreement.Compared(first_day=30, learned=21, gained=0, lost=9)
    assert not agreement.Agreement(wordings=40, types=by_chance, kinds=by_chance).set_aside
    assert agreement.Agreement(wordings=40, types=harm, kinds=harm).set_aside


def test_the_types_decide_before_the_kinds() -> None:
    """Worse at the kinds alone is harm; but not where the types, which digests count, are heard better for it."""
    harm = agreement.Compared(first_day=30, learned=21, gained=0, lost=9)
    same = agreement.Compared(first_day=30, learned=30, gained=0, lost=0)
    better = agreement.Compared(first_day=30, learned=34, gained=5, lost=1)
    assert agreement.Agreement(wordings=40, types=same, kinds=harm).set_aside
    assert not agreement.Agreement(wordings=40, types=better, kinds=harm).set_aside


def test_nothing_is_measured_from_a_handful() -> None:
    """Under twenty different wordings nobody could tell: the lessons stand, and nothing is claimed of them."""
    some = learning.from_corrections(corrections_on(19), by_topic(19), by_topic(19), np.zeros((19, len(KINDS))))
    assert some.agreement is None
    assert some.weights.any()


def test_the_same_words_never_sit_on_both_sides() -> None:
    """Capitals, blanks and the very numbers aside, a wording counts once: with its latest word, in one fold."""
    one = [Correction(f"Flat {n}, any  NEWS?", DemandKind.CHASE) for n in range(50)]
    others = corrections_on(24)
    features = np.vstack([by_topic(50), by_topic(24)])
    learned = learning.from_corrections([*one, *others], features, features, np.zeros((74, len(KINDS))))
    assert learned.agreement is not None
    assert learned.agreement.wordings == 25


def test_an_improvement_note_counts_as_a_type_of_its_own() -> None:
    """Telling a demand from a colleague's note is part of what is compared."""
    said = corrections_on(40, [ImprovementKind.IDEA, DemandKind.START])
    learned = learning.from_corrections(said, by_topic(40), by_topic(40), sure_of([ImprovementKind.STOP] * 40, by=1.0))
    assert learned.agreement is not None
    assert (learned.agreement.types.first_day, learned.agreement.kinds.first_day) == (20, 0)


@pytest.mark.parametrize(("times", "of", "chance"), [(0, 9, 1.0), (9, 9, 1 / 512), (8, 10, 56 / 1024)])
def test_the_sign_test_is_the_binomial_one(times: int, of: int, chance: float) -> None:
    """As a table of the binomial distribution has it."""
    assert agreement.at_least(times, of=of) == pytest.approx(chance)


def test_the_normal_curve_takes_over_where_there_are_many() -> None:
    """Both ways to reckon agree where they meet."""
    assert agreement.at_least(530, of=1_000) == pytest.approx(agreement.at_least(530, of=1_001), rel=0.1)


def test_the_same_corrections_give_the_same_figures() -> None:
    """Nothing is drawn anew from one day to the next."""
    assert misled().agreement == misled().agreement
