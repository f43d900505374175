"""The lists of names and of words that are none, read once from `lists/`."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

_FOLDER = Path(__file__).parent / "lists"
_UNFOLDED = str.maketrans(
    {"ł": "l", "ø": "o", "ı": "i", "đ": "d", "ð": "d", "ə": "e", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)


class Sureness(IntEnum):
    """How far a word by itself says that it is a name."""

    NO = 0
    ALSO_A_WORD = 1
    SURE = 2


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity: what a word is looked up in is cached with it
class NameLists:
    """What the lists know of words. Keys are folded: lower case, no accents, no apostrophes."""

    given: frozenset[str]
    family: frozenset[str]
    rare: frozenset[str]
    """Names, given or family, that are rare enough to be a chance likeness in lower case."""
    words: frozenset[str]
    never: frozenset[str]
    things: frozenset[str]
    """Places, firms, products and peoples."""
    proper: frozenset[str]
    """Other words that English writes with a capital: some are surnames."""
    foreign: frozenset[str]
    """Words of other languages that are names elsewhere."""
    mostly_given: frozenset[str]
    often_given: frozenset[str]
    common_family: frozenset[str]

    def given_name(self, key: str) -> Sureness:
        """Whether the word is a given name."""
        if key in self.never:
            return Sureness.NO
        if key in self.mostly_given:
            return Sureness.SURE
        if key in self.often_given or (key in self.given and key in self.things and key not in self.words):
            return Sureness.ALSO_A_WORD
        return Sureness.SURE if key in self.given and key not in self.words else Sureness.NO

    def family_name(self, key: str) -> Sureness:
        """Whether the word is a family name."""
        if key in self.never or key not in self.family:
            return Sureness.NO
        return Sureness.ALSO_A_WORD if key in self.words or key in self.things else Sureness.SURE

    def is_word(self, key: str) -> bool:
        """Whether the word is known as anything other than a name."""
        return key in self.words or key in self.never or key in self.things


def fold(word: str) -> str:
    """The word as the lists have it: lower case, without accents and apostrophes."""
    lowered = word.lower().translate(_UNFOLDED)
    if not lowered.isascii():
        lowered = "".join(c for c in unicodedata.normalize("NFD", lowered) if unicodedata.category(c) != "Mn")
    return lowered.replace("'", "").replace("’", "")


@functools.cache
def load() -> NameLists:
    """The lists that come with the product."""
    tagged: dict[str, set[str]] = {}
    for line in _lines("name_words.txt"):
        how, *names = line.split()
        tagged.setdefault(how, set()).update(names)
    also_names = frozenset[str]().union(*tagged.values())
    rare_given, rare_family = _words("given_names_rare.txt"), _words("family_names_rare.txt")
    given = _words("given_names.txt") | rare_given
    family = _words("family_names.txt") | rare_family | frozenset(tagged["family"])
    return NameLists(
        given=given,
        family=family,
        rare=(rare_given | rare_family) - _words("given_names.txt") - _words("family_names.txt"),
        words=_words("english_words.txt"),
        never=_words("never_names.txt") - also_names,
        things=_words("places_and_brands.txt"),
        proper=_words("proper_words.txt"),
        foreign=_words("foreign_words.txt"),
        mostly_given=frozenset(tagged["mostly"]),
        often_given=frozenset(tagged["often"]),
        common_family=frozenset(tagged["family"]),
    )


@functools.cache
def phrases() -> tuple[str, ...]:
    """Firms, charities and things called after people, in lower case."""
    return tuple(_lines("name_phrases.txt"))


@functools.cache
def written(file: str) -> tuple[str, ...]:
    """The words of a list as they are written in its file."""
    return tuple(word for line in _lines(file) for word in line.split())


def _words(file: str) -> frozenset[str]:
    return frozenset(map(fold, written(file)))


def _lines(file: str) -> list[str]:
    return [line for line in (_FOLDER / file).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]


def words_in(written: str) -> frozenset[str]:
    """The words of a string, as a set: for short lists that stand in the code that uses them."""
    return frozenset(written.split())
