"""A note that blames a colleague is noticed, so that the system can be asked about; no fair note is called blame."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from nlp import blame, lexicon
from nlp.tagger import Tagger
from nlp.vocabulary import DemandKind, ImprovementKind, NoteType

NOTES = tomllib.loads((Path(__file__).parent / "blame_notes.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


def test_most_blame_is_noticed() -> None:
    """Nine in ten of the notes from which the cues were made."""
    heard = [blame.blames(words, kind=ImprovementKind.BLOCKER) for words in NOTES["blames"]]
    assert sum(heard) >= 0.9 * len(heard)


@pytest.mark.parametrize("words", NOTES["fair"])
def test_nobody_is_told_that_they_blame_when_they_do_not(words: str) -> None:
    """A rule, a machine, "we", a customer or a colleague who has done well: none of these is blame."""
    assert not blame.blames(words, kind=ImprovementKind.BLOCKER)


@pytest.mark.parametrize(
    "words", ["[name] forgot to ring me back", "[name] was rude and never answers", "You never update the website"]
)
def test_what_a_customer_says_of_us_is_demand(words: str) -> None:
    """A complaint about how someone was treated tells of our failure, and is passed on as it was said."""
    assert not blame.blames(words, kind=DemandKind.WRONG, told=NoteType.DEMAND)


def test_the_wrong_door_does_not_hide_blame() -> None:
    """Words about shifts and the log are among colleagues, whichever command they came by."""
    words = "[name] on lates never updates the log"
    assert blame.blames(words, kind=DemandKind.AGAIN, told=NoteType.DEMAND)
    assert blame.blames(words, kind=DemandKind.NO_ASK, told=NoteType.DEMAND)


def test_the_tagger_says_when_a_note_blames(tagger: Tagger) -> None:
    """It is part of what is heard, with names as they are typed and as they are kept."""
    assert tagger.tag("Sam forgot again", told=NoteType.IMPROVEMENT).blames
    assert tagger.tag("[name] on lates never updates the log", told=NoteType.IMPROVEMENT).blames
    assert not tagger.tag("We never update the log on lates", told=NoteType.IMPROVEMENT).blames


@pytest.mark.parametrize(
    ("title", "words"),
    [(title, words) for title, entry in lexicon.entries("blame").items() for words in entry.examples],
)
def test_every_example_is_heard(title: str, words: str) -> None:
    """Each example in the word list is heard by the entry it stands under."""
    assert lexicon.entries("blame")[title].heard_in(lexicon.plain(words))
