"""What the network promises that knows names and addresses by the words around them, and what it is taught with."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.redaction import Redactor, lessons, lists, network, tokens
from nlp.redaction.lessons import Lesson
from nlp.redaction.spans import PiiSpan


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load()


def rows(text: str) -> list[network.Row]:
    return list(network.rows(text, tokens.read(text, known=lists.load(), hidden=bytearray(len(text) + 1))))


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=400))
def test_every_row_fits_and_every_word_keeps_its_place(text: str) -> None:
    """Whatever is written: a window is never overfull, and words and numbers come in their order, each once."""
    ends = 0
    for row in rows(text):
        assert len(row.pieces) == len(row.shapes) == len(row.listed) <= network.WINDOW
        assert max(row.shapes) < network.SHAPES
        assert max(row.listed) < network.LISTED
        for unit in row.units:
            assert ends <= unit.start < unit.end <= len(text)
            assert 0 < unit.first < unit.last < len(row.pieces)
            ends = unit.end


@pytest.mark.parametrize(
    ("words", "redacted"),
    [
        ("hope rang about her gas, no answer since", "[name] rang about her gas, no answer since"),
        ("hope it is fixed by friday", "hope it is fixed by friday"),
        ("told thandeka the van is full", "told [name] the van is full"),
        ("told everyone the van is full", "told everyone the van is full"),
        ("parcel left with neighbour at 17 ashgrove", "parcel left with neighbour at [address]"),
        ("parcel left in bay 17", "parcel left in bay 17"),
    ],
)
def test_the_words_around_decide(redactor: Redactor, words: str, redacted: str) -> None:
    """The same place in a sentence holds a name or a thing: it is read, and not looked up alone."""
    assert redactor.redact(words).text == redacted


def test_a_name_late_in_a_long_note_is_found(redactor: Redactor) -> None:
    """A long note is read window by window, to its end."""
    words = (
        "The lift was out again and nobody could say for how long. " * 20 + "Please ring thrandelwick about the keys."
    )
    assert redactor.redact(words).text.endswith("Please ring [name] about the keys.")


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_names_are_put_in_where_somebody_was(seed: int) -> None:
    """What is marked is the name and nothing else, and the rest of the sentence stays."""
    sentence = "My neighbour says she rang twice"
    lesson = lessons.with_names(sentence, random.Random(seed))
    assert lesson.marked
    rest = lesson.text
    for span in reversed(lesson.marked):
        assert lesson.text[span.start : span.end].strip() == lesson.text[span.start : span.end] != ""
        rest = rest[: span.start] + rest[span.end :]
    assert rest in {" says she rang twice", "My neighbour says  rang twice", " says  rang twice"}


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_another_name_takes_the_place_of_the_first(seed: int) -> None:
    """Titles and every other word stay where they were, and other marks move along."""
    lesson = Lesson("told mrs Okafor of 3 Wrens Nest", (PiiSpan(5, 15, "PERSON"), PiiSpan(19, 31, "ADDRESS")))
    person, home = lessons.renamed(lesson, random.Random(seed)).marked
    text = lessons.renamed(lesson, random.Random(seed)).text
    assert text[: person.start] == "told "
    assert text[person.start : person.end].startswith("mrs ")
    assert text[home.start : home.end] == "3 Wrens Nest"


def test_a_mark_left_out_moves_the_others_along() -> None:
    """What was behind a placeholder is marked where it stands now."""
    lesson = Lesson("told Ada of 3 Wrens Nest", (PiiSpan(5, 8, "PERSON"), PiiSpan(12, 24, "ADDRESS")))
    texts = set()
    for seed in range(10):
        left = lessons.redacted_in_part(lesson, random.Random(seed))
        texts.add(left.text)
        [span] = left.marked
        assert left.text[span.start : span.end] in {"Ada", "3 Wrens Nest"}
    assert texts == {"told [name] of 3 Wrens Nest", "told Ada of [address]"}


def test_every_mark_in_the_lessons_stands_where_it_says() -> None:
    """No mark begins or ends with a blank, or lies outside its note; every file has a share."""
    for file, some in lessons.marked().items():
        assert file in lessons.SHARES
        for lesson in some:
            for span in lesson.marked:
                assert 0 <= span.start < span.end <= len(lesson.text)
                assert lesson.text[span.start : span.end].strip() == lesson.text[span.start : span.end]
