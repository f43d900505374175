"""The language we speak: sentences are English in the code, and one catalogue beside this file translates them.

    with speech.speaking("fr"):
        _("Taken back. The words are gone.")
        plural(3, "{n} note", "{n} notes")

Facts go in after translation, by name: `_("Kept as note {number}.").format(number=12)`. A sentence that stands in a
constant is marked there with `N_` and translated where it is said. Words that a customer or a colleague typed are never
translated. The catalogue is made anew with `make catalogue`.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "groundswell"
CATALOGUE = Path(__file__).parent / "locale"
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "fr": "français"}
"""Every language that we speak whole, by its code, as its own speakers call it."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def _(sentence: str) -> str:
    """The sentence in the language spoken now; in English, where it has no translation."""
    return _translations(_spoken.get()).gettext(sentence)


def N_(sentence: str) -> str:  # noqa: N802  # the name that every tool for catalogues knows
    """Marks a sentence for translation where it stands in a constant. It stays as it is until `_` says it."""
    return sentence


def plural(n: int, one: str, many: str, **facts: object) -> str:
    """The right form of a sentence that holds the number `{n}`, with the number and the other facts in it."""
    return form(n, one, many).format(n=n, **facts)


def form(n: int, one: str, many: str) -> str:
    """The right form of a sentence for that number of things, with nothing put into it yet."""
    return _translations(_spoken.get()).ngettext(one, many, n)


def named(name: str) -> str | None:
    """The code of the language of that code or name, however it is capitalised; none, if we do not speak it."""
    wanted = name.casefold()
    return next((code for code, called in LANGUAGES.items() if wanted in {code, called.casefold()}), None)


def called(language: str) -> str:
    """What the speakers of the language of that code call it; one that we do not have is spoken in English."""
    return LANGUAGES.get(language, LANGUAGES[ENGLISH])


def spoken() -> str:
    """The code of the language spoken now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak this language while the block lasts, in this thread alone. One that we do not have is spoken in English."""
    token = _spoken.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(token)


@cache
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGUE, languages=[language], fallback=True)
