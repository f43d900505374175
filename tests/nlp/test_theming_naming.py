"""A theme is named in customers' words, short and without the organisation's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.theming import louvain, naming, words

CHASES = [
    "Where is my repair?",
    "where's my repair got to",
    "Any news on my repair?",
    "Is my repair booked yet, it's been a week",
]
LETTERS = [
    "I can't follow this letter",
    "Your letter makes no sense to me",
    "What does this letter mean?",
    "I don't understand the letter you sent",
]


def test_a_name_says_what_customers_say() -> None:
    """The words of the name are words that were said."""
    assert "repair" in naming.name(CHASES, LETTERS)
    assert "letter" in naming.name(LETTERS, CHASES)


FAULTS = [
    "How's my radiator getting on?",
    "Is anyone coming about my boiler?",
    "Still no light on the landing. Is it in hand?",
    "The heating won't come on, the boiler's flashing two reds.",
    "What's a 'variable service charge' when it's at home?",
    "Where do I fetch water from? I can't carry much.",
    "asking where bottled water is being given out",
    "extractor stopped, first report",
    "heating, slot not released yet. he asked kindly, I couldnt say",
    "kitchen tap handle snapped",
    "no hot water, new report, 2 under 5",
    "passed round 3 teams re broken meter cupboard",
]
"""A theme of many faults, which hardly any two people put alike."""


def test_of_names_as_near_the_middle_the_one_wins_whose_words_more_notes_say() -> None:
    assert "water" in naming.name(FAULTS, CHASES)


def test_the_same_notes_get_the_same_name() -> None:
    """The order in which notes came in does not change their name."""
    assert naming.name(CHASES, LETTERS) == naming.name(CHASES[::-1], LETTERS[::-1])


def test_names_are_distinct() -> None:
    """No two themes share a name, though they were made of the same words."""
    found = naming.names([CHASES, CHASES, CHASES, LETTERS, LETTERS])
    assert len(set(found)) == 5


def test_a_name_in_use_is_not_given_again() -> None:
    """A name that a theme of last week has is left to it."""
    first = naming.name(CHASES)
    assert naming.names([CHASES], taken=[first])[0] != first


@pytest.mark.parametrize(
    "inside_out",
    [
        "Repairs team tier 2 escalation",
        "my repair is with the repairs team",
        "HR sla breach on repair",
        "repair triage workflow stuck",
    ],
)
def test_departments_and_jargon_never_become_names(inside_out: str) -> None:
    """However often staff write of tiers and triage, the name stays with what customers say."""
    assert naming.flagged(inside_out)
    assert not naming.flagged(naming.name([*CHASES, inside_out, inside_out, inside_out], LETTERS))


def test_what_redaction_left_never_becomes_a_name() -> None:
    """A name has no placeholder in it, and no number."""
    found = naming.name(
        [
            "[PERSON] wants to know where my parcel [REFERENCE] is",
            "parcel [REFERENCE] is late for [PERSON]",
            "my parcel 4471 is late",
        ]
    )
    assert "person" not in found
    assert "reference" not in found
    assert not any(letter.isdigit() for letter in found)


def test_names_of_people_and_places_are_left_out() -> None:
    """A theme is not named after the street or the person that happened to be in its notes."""
    found = naming.name(
        ["the lift is broken at Heron House", "the lift at Heron House is stuck", "is the lift broken in Teasel Court"]
    )
    assert "heron" not in found
    assert "teasel" not in found
    assert "lift" in found


@given(texts=st.lists(st.text(max_size=80), max_size=6), others=st.lists(st.text(max_size=30), max_size=3))
@settings(max_examples=40, deadline=None)
def test_any_notes_get_a_name(texts: list[str], others: list[str]) -> None:
    """Whatever is in the notes, their name has at most forty characters, and there is one."""
    found = naming.name(texts, others)
    assert 0 < len(found) <= naming.LONGEST
    assert naming.name(texts, others) == found


@pytest.mark.parametrize(
    ("said", "comes_to"),
    [
        ("Thanks!!", ""),
        ("Customer rang about the account.", ""),
        ("Please, where is my order 4411?", "where is my order 0"),
        ("WHERE IS MY ORDER 9", "where is my order 0"),
        ("a letter for [PERSON]", "a letter for"),
    ],
)
def test_the_words_that_tell(said: str, comes_to: str) -> None:
    """Notes are the same when only courtesies, capitals, stops or numbers differ; filler comes to nothing."""
    assert words.key(said) == comes_to


def test_communities_are_found_in_a_graph() -> None:
    """Two rings of five with one tie between them are two communities, from whichever side one looks."""
    ring = [(a, b) for first in (0, 5) for a in range(first, first + 5) for b in range(a + 1, first + 5)]
    heads, tails = np.array([*ring, (0, 5)]).T
    for visits in (None, np.arange(10)[::-1]):
        found = louvain.communities(10, heads, tails, np.ones(len(heads)), resolution=1.0, visits=visits)
        assert found.tolist() == [0] * 5 + [1] * 5


def test_nodes_without_ties_stay_alone() -> None:
    """A note like no other is a community of its own."""
    none = np.zeros(0, dtype=np.int64)
    assert louvain.communities(3, none, none, np.zeros(0), resolution=1.0).tolist() == [0, 1, 2]
