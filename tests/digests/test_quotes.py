"""Quotations are chosen by rule and by lot, and shortened kindly."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from digests import quotes
from nlp.vocabulary import DemandKind, NoteType
from storage.counts import NoteFacts


def facts(
    number: int, kind: DemandKind = DemandKind.CHASE, *, urgent: bool = False, matters: bool = False
) -> NoteFacts:
    return NoteFacts(
        id=number,
        number=number,
        week=0,
        heard_at=datetime(2026, 4, 28, tzinfo=UTC),
        point="",
        first_asked_on=None,
        private=False,
        heard_in="",
        says_what_matters=matters,
        note_type=NoteType.DEMAND,
        demand_type=kind.demand_type,
        kind=kind,
        runner_up=None,
        confidence=0.9,
        theme="bins",
        system_condition=None,
        system_factor=None,
        urgent=urgent,
        source=None,
    )


@given(st.permutations(range(1, 12)))
def test_the_lot_does_not_care_in_which_order_notes_come(order: list[int]) -> None:
    """The same notes and the same seed give the same draw."""
    in_order = quotes.drawn([facts(n) for n in range(1, 12)], random.Random("week"), at_most=4)
    assert quotes.drawn([facts(n) for n in order], random.Random("week"), at_most=4) == in_order


def test_every_note_has_its_chance() -> None:
    """Over many weeks each of five notes is drawn about as often as any other."""
    notes = [facts(n) for n in range(5)]
    drawn = [quotes.drawn(notes, random.Random(f"week {n}"))[0].id for n in range(1000)]
    assert min(drawn.count(n) for n in range(5)) > 150


def test_the_unknown_and_the_urgent_are_not_quotable() -> None:
    notes = [facts(1), facts(2, DemandKind.TOO_THIN), facts(3, urgent=True)]
    assert [note.id for note in quotes.quotable(notes)] == [1]


def test_the_typical_note_is_the_one_most_like_its_fellows() -> None:
    """Not the longest, not the most dramatic."""
    words = {
        1: "Where is my repair, I have waited three weeks for the repair",
        2: "I have waited for my repair, where is it",
        3: "DISASTER!!! the worst landlord in the world, I will tell the papers",
        4: "waited so long for my repair",
    }
    typical = quotes.typical([facts(n) for n in words], words)
    assert typical is not None
    assert typical.id == 2
    assert quotes.typical([], {}) is None


def test_a_note_that_says_what_mattered_goes_first() -> None:
    """Then an opportunity, then any value demand; failure demand never."""
    lot = random.Random(1)
    value, new, said = facts(1, DemandKind.START), facts(2, DemandKind.NEW), facts(3, DemandKind.ADVISE, matters=True)
    failed = facts(4, DemandKind.CHASE, matters=True)
    assert quotes.that_says_what_matters([value, new, said, failed], lot) == said
    assert quotes.that_says_what_matters([value, new, failed], lot) == new
    assert quotes.that_says_what_matters([value, failed], lot) == value
    assert quotes.that_says_what_matters([failed], lot) is None


@given(st.text(max_size=2000), st.integers(20, 300))
def test_what_is_shortened_begins_as_it_was_said(words: str, at_most: int) -> None:
    """Nothing is put in anyone's mouth: what is shown are the first words, and a sign that there is more."""
    shown, cut = quotes.shortened(words, at_most=at_most)
    assert len(shown) <= at_most + 2
    assert words.strip().startswith(shown.removesuffix(" …") if cut else shown)
    assert cut or shown == words.strip()


def test_it_is_cut_at_the_end_of_a_sentence_if_it_can_be() -> None:
    """Or else between words."""
    assert quotes.shortened("It came late. It was wet. It was blue.", at_most=30) == (
        "It came late. It was wet. …",
        True,
    )
    assert quotes.shortened("no stops in here at all my friend", at_most=20) == ("no stops in here at …", True)
    assert quotes.shortened("x" * 50, at_most=20) == ("x" * 20 + " …", True)


def test_the_same_words_in_other_clothes_are_the_same() -> None:
    assert quotes.same("Where is my REPAIR?!") == quotes.same("where is  my repair")
    assert quotes.same("أين") != quotes.same("متى")
