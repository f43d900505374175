"""A language that nobody speaks, to see what is left in English: what is translated stands in ⟦brackets⟧.

    with pretended() as said:
        with speech.speaking(PRETENDED):
            _("Heard at {point}.").format(point="Ρ")  # ⟦Heard at ⟧Ρ⟦.⟧

Facts stay outside the brackets, so an English word that comes in as a fact is seen as well. Dates are Japanese, and the
data of these tests is Greek: whatever Latin letter stands outside brackets is a word that no translator ever saw.
"""

from __future__ import annotations

import gettext
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from digests import speech

PRETENDED = "ja"
"""Dates of this language hold no Latin letter."""

_FACT = re.compile(r"(<[@#]\{\w+\}>|\{[^{}]*\})")
_TRANSLATED = re.compile("⟦[^⟦⟧]*(?:⟧|…)")
_LATIN = re.compile(r"[A-Za-z]+")
_DATE = re.compile(r"[dMy ]+")
"""The order of a date: nothing that anyone reads."""
_NAMES = re.compile(r"\d{4}-W\d\d|[\w-]+\.png|<[@#!][^>]*>")
"""Names that are the same in every language: of weeks, of files, of people and channels."""


class _Pretending(gettext.NullTranslations):
    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()

    def gettext(self, message: str) -> str:
        self.said.add(message)
        return _in_brackets(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.said.add(msgid1)
        return _in_brackets(msgid1 if n == 1 else msgid2)


@contextmanager
def pretended() -> Iterator[set[str]]:
    """We speak one language more while this lasts. Gives every sentence that was said in it (of plurals, the first)."""
    pretending, translations = _Pretending(), speech._translations
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(speech.LANGUAGES, PRETENDED, "Ελληνικά")
        patch.setattr(speech, "_translations", lambda code: pretending if code == PRETENDED else translations(code))
        yield pretending.said


def untranslated(words: str) -> list[str]:
    """The words that stand in no brackets, though somebody can read them."""
    left = html.unescape(_NAMES.sub("", words))
    while _TRANSLATED.search(left):
        left = _TRANSLATED.sub("", left)
    return _LATIN.findall(left)


def _in_brackets(message: str) -> str:
    if _DATE.fullmatch(message):
        return message
    return "".join(
        f"⟦{part}⟧" if _LATIN.search(part) and not _FACT.match(part) else part for part in _FACT.split(message)
    )
