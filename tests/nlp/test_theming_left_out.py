"""What redaction put in place of names and numbers says nothing of themes: neither which there are nor their names."""

from __future__ import annotations

import random

import pytest

from nlp.redaction.spans import PLACEHOLDERS
from nlp.theming import ThemeBook, naming, words
from tests.nlp.test_theming import CARD, HOURS, PARCEL, POOL, parts

PASSED_ON = [
    "[name] on [phone]: {}",
    "{}, [name], [address]",
    "[name] {}",
    "{} ([name] [account number])",
    "{} [name] [date of birth] [postcode]",
]
"""How colleagues say whose words they were."""


@pytest.mark.parametrize(
    ("notes", "about"),
    [
        (["[name], [address]: boiler", "boiler [name] [address]", "[name] boiler"], "boiler"),
        (["[name] refund", "refund [name]", "refund for [name] please"], "refund"),
        (["key fob, [name] [account number]", "[name] [account number] key fob", "fob [date of birth]"], "fob"),
    ],
)
def test_a_theme_is_called_by_what_its_notes_ask_for(notes: list[str], about: str) -> None:
    """Though every one of them begins with somebody's name."""
    found = words.of(naming.name(notes, PARCEL))
    assert about in found
    assert not {"name", "address", "account", "number", "date", "birth"}.intersection(found)


def test_notes_of_two_themes_are_not_alike_for_what_was_left_out_of_them() -> None:
    """Colleagues begin or end their notes with whom they spoke to, whatever that person asked."""
    chosen = random.Random(4)
    asked = [
        [chosen.choice(PASSED_ON).format(text) if chosen.random() < 0.5 else text for text in texts]
        for texts in (PARCEL, CARD, HOURS, POOL)
    ]
    notes = [note for texts in asked for note in texts]
    assert parts(ThemeBook.found_in(notes), notes) == {frozenset(texts) for texts in asked}


@pytest.mark.parametrize("placeholder", PLACEHOLDERS.values())
def test_filler_stays_filler_whatever_was_left_out_of_it(placeholder: str) -> None:
    for filler in (placeholder, f"Thanks {placeholder}", f"{placeholder} rang", f"customer on {placeholder}"):
        assert words.key(filler) == ""


def test_notes_that_were_known_by_what_was_left_out_of_them_are_known_still() -> None:
    """A book keeps marks of the notes it has seen; they stay the same."""
    assert words.key("Please, a refund for [name] on [phone]") == "a refund for name on phone"
    assert words.telling("Please, a refund for [name] on [phone]") == "a refund for on"
