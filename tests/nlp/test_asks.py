"""Several asks in one note are found, and one story told in five sentences stays whole."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import asks, lexicon

NOTES = tomllib.loads((Path(__file__).parent / "several_asks.toml").read_text(encoding="utf-8"))


def begins_and_ends_as(piece: str, ask: asks.Ask) -> bool:
    """Whether the ask is this piece, less what joins it to the one before."""
    return piece.strip(" \n,;").endswith(ask.words.strip(" \n,;"))


def is_cut_right(pieces: list[str]) -> bool:
    found = asks.asks_in(" ".join(pieces))
    return len(found) == len(pieces) and all(map(begins_and_ends_as, pieces, found))


@pytest.mark.parametrize("pieces", NOTES["several"] + NOTES["several_apart"])
def test_no_ask_is_lost_or_cut_in_the_middle(pieces: list[str]) -> None:
    """Where a note with several asks is cut, it is cut between them; an offer to split never mangles words."""
    found = asks.asks_in(" ".join(pieces))
    assert len(found) == 1 or all(map(begins_and_ends_as, pieces, found))


def test_nearly_every_note_with_several_asks_is_noticed() -> None:
    """Of the notes that were kept apart while the finder was made, nine in ten are cut where we would cut them."""
    apart = [is_cut_right(pieces) for pieces in NOTES["several_apart"]]
    both = apart + [is_cut_right(pieces) for pieces in NOTES["several"]]
    assert sum(apart) >= 0.9 * len(apart)
    assert sum(both) >= 0.95 * len(both)


def test_a_story_with_one_ask_stays_whole() -> None:
    """Nobody is asked to split what is one matter to the customer: one note in thirty at the most."""
    notes = NOTES["one"] + NOTES["one_apart"]
    split = [words for words in notes if len(asks.asks_in(words)) > 1]
    assert len(split) <= len(notes) / 30, split


def test_one_ask_is_the_whole_note() -> None:
    """The one ask of a note is its words, untouched, blanks and all."""
    assert asks.asks_in("  Where is it? ") == (asks.Ask("  Where is it? ", 0, 15),)


def test_a_list_is_as_many_asks_as_it_has_items() -> None:
    """Numbers and dashes in front are left out of what is offered."""
    found = asks.asks_in("1. Where is my refund?\n2. Please change my address\n3. do you take American Express")
    assert [ask.words for ask in found] == [
        "Where is my refund?",
        "Please change my address",
        "do you take American Express",
    ]


def test_a_pasted_thread_stays_whole() -> None:
    """What is longer than a note someone types is a document: it is not cut up."""
    assert len(asks.asks_in("Where's my parcel? And can you change the name on my account? " * 30)) == 1


@pytest.mark.parametrize(
    ("title", "words"), [(title, words) for title, entry in lexicon.entries("asks").items() for words in entry.examples]
)
def test_every_example_of_what_an_ask_does_is_heard(title: str, words: str) -> None:
    """Each example in the word lists is heard by the entry it stands under."""
    assert lexicon.entries("asks")[title].heard_in(lexicon.plain(words))


@given(
    st.lists(st.sampled_from([*"aé?!.,;:-\n\x00 ", "1) ", " and ", "also ", "ps ", "can i ", "boiler", "名", "\ud800"]))
)
def test_asks_are_words_of_the_note_in_their_order(parts: list[str]) -> None:
    """Whatever is written, each ask is a stretch of it, and no two overlap."""
    words = "".join(parts)
    found = asks.asks_in(words)
    assert found
    assert all(words[ask.start : ask.end] == ask.words for ask in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
