"""What a note's words come to: a key under which identical notes meet, and the lists that naming lives by."""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable
from importlib import resources

from nlp.redaction import spans

READ_AT_MOST = 2_000
"""Characters of a note that themes are found by."""

OTHERS_PLACEHOLDER = re.compile(r"\[[A-Z_ ]{2,30}\]|<[A-Z_ ]{2,30}>|\{\{?[^{}]{1,40}\}\}?|█+")
"""What redaction leaves in place of a name or a number, in notes that come from elsewhere."""
PLACEHOLDER = re.compile(f"{spans.PLACEHOLDER.pattern}|{OTHERS_PLACEHOLDER.pattern}")
"""What redaction leaves, ours or another: no customer said it."""
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
NUMBER = re.compile(r"\d+")


@functools.cache
def _written() -> dict[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return {name: frozenset(words) for name, words in tomllib.loads(text).items()}


def listed(name: str) -> frozenset[str]:
    """A list of `words.toml`, such as `jargon`.

    Raises:
        KeyError: there is no such list.
    """
    return _written()[name]


def of(text: str) -> list[str]:
    """The words of a text in lower case, without what redaction left; a number is a word too."""
    return _words(text, PLACEHOLDER)


def telling(text: str) -> str:
    """The words of a note that tell what was asked: without capitals, stops, courtesies or the numbers' digits.

    Empty for filler: thanks, a greeting, or a note that is too thin to tell what was asked.
    """
    found = _without_courtesies(of(text))
    nothing = listed("thin") | listed("small")
    return " ".join(found) if any(word not in nothing and word != "0" for word in found) else ""


def key(text: str) -> str:
    """What identical notes share: the words that tell, and where among them our redaction left something out.

    Empty for filler.
    """
    return " ".join(_without_courtesies(_words(text, OTHERS_PLACEHOLDER))) if telling(text) else ""


def _words(text: str, left_out: re.Pattern[str]) -> list[str]:
    shortened = unicodedata.normalize("NFKC", text[:READ_AT_MOST])
    return [word.replace("’", "'") for word in WORD.findall(left_out.sub(" ", shortened).casefold())]


def _without_courtesies(found: Iterable[str]) -> list[str]:
    return [word for word in (NUMBER.sub("0", word) for word in found) if word not in listed("courtesies")]


def mark(of_key: str) -> int:
    """A number that stands for a key in a book, so that the book remembers a note without keeping its words."""
    return int.from_bytes(
        hashlib.blake2b(of_key.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )
