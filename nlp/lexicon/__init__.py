"""The words that give a meaning away: read from the TOML files beside this one, which a team may improve.

How a cue is written is told at the top of `kinds.toml`.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

Strength = Literal["cue", "hint"]

BETWEEN_WORDS = r"[\s,;:()/\"'‘’“”\-]+"
ANYTHING_BETWEEN = r"[\s,;:()/\"'\-]+(?:[^\s.!?]+[\s,;:()/\"'\-]+){0,5}?"
NOTHING = re.compile(r"(?!)")
BETWEEN_CLAUSES = re.compile(
    r"[.,;:!?()\n–—]|\s-+\s|\b(?:and|but|so|now|then|since|because|though|although|while|like|same as)\b"
)
STRAIGHT = str.maketrans("’‘“”\x00", "''\"\" ")


@dataclass(frozen=True, slots=True)
class Heard:
    """A cue that was heard in a note: what it speaks for, how loudly, and where it stands (in characters)."""

    entry: str
    strength: Strength
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One meaning, the cues that speak for it, and examples that keep it honest."""

    name: str
    means: str
    cues: re.Pattern[str]
    hints: re.Pattern[str]
    unless: re.Pattern[str]
    unless_beside: re.Pattern[str]
    examples: tuple[str, ...]

    def heard_in(self, words: str) -> list[Heard]:
        """Every cue and hint of this entry in words that `plain` has prepared.

        None where `unless` silences the entry, and none in a clause that `unless_beside` silences.
        """
        if self.unless.search(words):
            return []
        patterns: tuple[tuple[Strength, re.Pattern[str]], ...] = (("cue", self.cues), ("hint", self.hints))
        heard = [
            Heard(self.name, strength, found.start(), found.end())
            for strength, pattern in patterns
            for found in pattern.finditer(words)
        ]
        silenced = [_clause_around(found, words) for found in self.unless_beside.finditer(words)] if heard else []
        return [one for one in heard if not any(start <= one.start and one.end <= end for start, end in silenced)]


def _clause_around(found: re.Match[str], words: str) -> tuple[int, int]:
    """From where to where the clause goes in which something was found."""
    start = max((joint.end() for joint in BETWEEN_CLAUSES.finditer(words, 0, found.start())), default=0)
    after = BETWEEN_CLAUSES.search(words, found.end())
    return start, after.start() if after else len(words)


def plain(words: str) -> str:
    """Lower-cased, with straight quotes, and exactly as long as `words`: a place in it is that place in the note."""
    if words.isascii():
        return words.lower().translate(STRAIGHT)
    lowered = (letter if len(small := letter.lower()) != 1 else small for letter in words)
    return "".join(lowered).translate(STRAIGHT)


def unmarked(words: str) -> str:
    """Words in which what redaction put for names and numbers reads like a word, and exactly as long as `words`."""
    return words.replace("[name]", " them ").replace("[", " ").replace("]", " ")


@functools.cache
def entries(name: str) -> MappingProxyType[str, Entry]:
    """The entries of `name`.toml, in the order they are written.

    Raises:
        ValueError: an entry uses a family of words that the file does not have.
    """
    written = tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    families = written.pop("families", {})
    return MappingProxyType({title: _entry(title, body, families) for title, body in written.items()})


@functools.cache
def fillers() -> frozenset[str]:
    """Nouns that name no theme by themselves."""
    written = tomllib.loads(resources.files(__package__).joinpath("fillers.toml").read_text(encoding="utf-8"))
    return frozenset(written["words"])


@functools.cache
def languages() -> MappingProxyType[str, frozenset[str]]:
    """Small words that give a language away, by language; English is one of them."""
    written = tomllib.loads(resources.files(__package__).joinpath("languages.toml").read_text(encoding="utf-8"))
    return MappingProxyType({language: frozenset(words) for language, words in written.items()})


def is_english(words: str) -> bool:
    """Whether a note may be read as English: in doubt it is, for shorthand has few small words."""
    found = re.findall(r"[\w']+", plain(words))
    letters = [letter for letter in words if letter.isalpha()]
    if letters and sum(ord(letter) < 0x250 for letter in letters) < len(letters) / 2:
        return False
    english = sum(word in languages()["english"] for word in found)
    others = (small for language, small in languages().items() if language != "english")
    return max(sum(word in small for word in found) for small in others) < max(2, english + 1)


def _entry(title: str, body: dict[str, Any], families: dict[str, list[str]]) -> Entry:
    def either(cues: list[str]) -> re.Pattern[str]:
        if not cues:
            return NOTHING
        longest_first = sorted(cues, key=len, reverse=True)
        opened = (one for cue in longest_first for one in _opened(cue, families))
        return re.compile(rf"(?<!\w)(?:{_by_first_letter([_pattern(cue, families) for cue in opened])})(?!\w)")

    return Entry(
        name=title,
        means=body["means"],
        cues=either(body["cues"]),
        hints=either(body.get("hints", [])),
        unless=either(body.get("unless", [])),
        unless_beside=either(body.get("unless_beside", [])),
        examples=tuple(body.get("examples", [])),
    )


def _opened(cue: str, families: dict[str, list[str]]) -> list[str]:
    """A cue that begins with a family, once for each of its words."""
    first, _, rest = cue.partition(" ")
    family = families.get(first[1:-1]) if first.startswith("{") and first.endswith("}") else None
    return [f"{member} {rest}".strip() for member in sorted(family, key=len, reverse=True)] if family else [cue]


def _by_first_letter(patterns: list[str]) -> str:
    """The same choice of patterns, made letter by letter: a search is quick however many there are."""
    begun: dict[str, list[str]] = {}
    for pattern in patterns:
        letter = pattern[0] if pattern[0].isalnum() else ""
        begun.setdefault(letter, []).append(pattern[len(letter) :])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in begun.items())


def _pattern(cue: str, families: dict[str, list[str]]) -> str:
    """A cue as a regular expression."""
    pieces: list[str] = []
    joint = ""
    for word in cue.split():
        if word == "...":
            joint = ANYTHING_BETWEEN
            continue
        optional = word.endswith("?") and len(word) > 1
        piece = _word(word.removesuffix("?") if optional else word, families)
        pieces.append(f"(?:{joint}{piece})?" if optional else joint + piece)
        joint = BETWEEN_WORDS
    return "".join(pieces)


def _word(word: str, families: dict[str, list[str]]) -> str:
    if word.startswith("{") and word.endswith("}"):
        if word[1:-1] not in families:
            raise ValueError(f"No family of words is called {word}.")
        members = sorted(families[word[1:-1]], key=len, reverse=True)
        return f"(?:{'|'.join(_pattern(member, {}) for member in members)})"
    if word == "*":
        return r"\w+"
    return re.escape(word).replace("'", "'?").replace(r"\*", r"\w*")
