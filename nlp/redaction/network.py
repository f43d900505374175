"""A small network that tells people and addresses by the words around them, and not by any list alone.

The lists know many names, and none of them tells whether "hope" rang or is dim. The network is three layers of
all-MiniLM-L6-v2 (Apache-2.0), taught with notes of our own whose names and addresses are marked
(`python -m nlp.redaction.fit_network`). Beside each piece of a word it is told how the word is written and what the
lists say of it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nlp import embedding
from nlp.redaction import lists
from nlp.redaction.lists import Sureness
from nlp.redaction.spans import PiiSpan
from nlp.redaction.tokens import Token

MODEL = Path(__file__).parents[1] / "model" / "names.onnx"
READ_AT_MOST = 4_000
"""Characters of a note that are read: what is longer is a pasted document, and the lists read all of it."""
WINDOW = 112
"""Pieces read at once. A longer note is read in windows, cut where a sentence ends, if one does."""

SURE, LIKELY = 3.0, 0.5
"""The log-odds from which a name stands that no list has, and those that belong to it."""
SURELY_NOT = -2.5
"""The log-odds below which no list makes a name of a word."""

SHAPES = 9
LISTED = 55
"""How many ways there are in which a word may be written, and in which the lists may know it."""
_APART, _NUMBER = 0, 8
_NUMBERS = re.compile(r"\d+")
_LATIN = re.compile(r"[\u0000-\u024F\u1E00-\u1EFF’]+")
_NUMBER_AND_WORD = re.compile(r"\d[A-Za-z]?,? [^\W\d_]{3}")
_WITHIN_A_NAME = re.compile(r"[.'’]?[ ]|['’-]|[.]")
_WITHIN_AN_ADDRESS = re.compile(r"[.,]?[ ]{1,2}|[-/,]|[ ]?[#(:][ ]?")
_ENDS = re.compile(r"[.!?;\n]")


class Written(NamedTuple):
    """A word, a number or what stands between them: where, in which pieces, how written, and known by the lists how."""

    start: int
    end: int
    pieces: Sequence[int]
    shape: int
    listed: int


class Unit(NamedTuple):
    """A word or a number where it stands, and which pieces of the row it became (`last` exclusive)."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Row:
    """Some of a note as the network takes it: one number of each kind for every piece."""

    pieces: Sequence[int]
    shapes: Sequence[int]
    listed: Sequence[int]
    units: Sequence[Unit]


class Odds(NamedTuple):
    """A word or number of a note, and how likely it belongs to a person's name and to an address, in log-odds."""

    start: int
    end: int
    person: float
    address: float


class Network:
    """Reads notes with one ONNX model. Safe to share between threads."""

    def __init__(self, model: Path = MODEL) -> None:
        """Load the model."""
        self._session = embedding.session(model, fixed={"notes": 1})

    def read(self, text: str, words: Sequence[Token]) -> list[Odds]:
        """What the network makes of each word and number of a note whose words are these; nothing of a plain one."""
        seen: list[Odds] = []
        if _is_plain(text, words):
            return seen
        for row in rows(text[:READ_AT_MOST], words):
            fed = {
                "pieces": np.array([row.pieces], dtype=np.int64),
                "shapes": np.array([row.shapes], dtype=np.int64),
                "listed": np.array([row.listed], dtype=np.int64),
            }
            odds = self._session.run(["odds"], fed)[0][0].tolist()
            seen += [_mean(unit, odds) for unit in row.units]
        return seen


def _is_plain(text: str, words: Sequence[Token]) -> bool:
    """Whether no word could be a name, and no number begin an address. Two notes in five are so, and are not read."""
    return not any(map(_could_be_a_name, words)) and _NUMBER_AND_WORD.search(text) is None


def _could_be_a_name(word: Token) -> bool:
    listed = bool(word.given) or word.family is Sureness.SURE
    also_a_word = (word.key in lists.load().given and word.starts_sentence) or (bool(word.family) and word.capitalised)
    unknown = not word.is_word and len(word.key) > 2
    initials = (word.acronym and len(word.text) == 2) or (word.is_initial and word.text not in "AI")
    return listed or also_a_word or unknown or initials


def _mean(unit: Unit, odds: Sequence[Sequence[float]]) -> Odds:
    """A word's odds are the mean of those of its pieces."""
    pieces = odds[unit.first : unit.last]
    person, address = (sum(of_piece) / len(pieces) for of_piece in zip(*pieces, strict=True))
    return Odds(unit.start, unit.end, person, address)


@functools.cache
def shipped() -> Network:
    """The network that comes with the product, loaded once for the process."""
    return Network()


def rows(text: str, words: Sequence[Token]) -> Iterator[Row]:
    """The note as the network takes it, in as many rows as it is long."""
    written = list(_written(text, words))
    first = 0
    while first < len(written):
        last = _end_of_window(text, written, first)
        yield _row(written[first:last])
        first = last


def _written(text: str, words: Sequence[Token]) -> Iterator[Written]:
    """Each word, each number, and what stands between them, in the order of the text."""
    here = 0
    for word in words:
        if word.start >= len(text):
            break
        yield from _between(text, here, word.start)
        end = word.start + len(word.text) + word.cut
        yield Written(word.start, end, _pieces(text[word.start : end]), _shape(word), _listed(word))
        here = end
    yield from _between(text, here, len(text))


def _between(text: str, start: int, end: int) -> Iterator[Written]:
    here = start
    for number in _NUMBERS.finditer(text, start, end):
        if here < number.start():
            yield Written(here, number.start(), _pieces(text[here : number.start()]), _APART, 0)
        yield Written(number.start(), number.end(), _pieces(number.group()), _NUMBER, 0)
        here = number.end()
    if here < end:
        yield Written(here, end, _pieces(text[here:end]), _APART, 0)


@functools.lru_cache(maxsize=20_000)
def _pieces(written: str) -> tuple[int, ...]:
    return tuple(embedding.pieces(written, longest=WINDOW)[1:-1])


def _end_of_window(text: str, written: Sequence[Written], first: int) -> int:
    """The place behind the last that a window has room for, which is where a sentence ends, if one ends late in it."""
    room, last, sentence = WINDOW - 2, first, 0
    while last < len(written) and len(written[last].pieces) <= room:
        room -= len(written[last].pieces)
        last += 1
        if room < WINDOW // 2 and _ENDS.search(text, written[last - 1].start, written[last - 1].end):
            sentence = last
    return last if last == len(written) else sentence or max(last, first + 1)


def _row(written: Sequence[Written]) -> Row:
    pieces, shapes, listed = [embedding.BEGIN], [_APART], [0]
    units: list[Unit] = []
    for start, end, ids, shape, known in written:
        if shape != _APART and ids:
            units.append(Unit(start, end, len(pieces), len(pieces) + len(ids)))
        pieces += ids
        shapes += [shape] * len(ids)
        listed += [known] * len(ids)
    return Row([*pieces, embedding.END], [*shapes, _APART], [*listed, 0], units)


def _shape(word: Token) -> int:
    """How a word is written, from 1."""
    if word.acronym:
        return 4
    if word.is_initial:
        return 6
    if word.capitalised:
        return 3 if word.starts_sentence else 2
    if word.text[0].isupper():
        return 5  # where capitals tell nothing
    return 7 if word.starts_sentence else 1


def _listed(word: Token) -> int:
    """What the lists say of a word, from 1."""
    other = 1 if word.is_word else 2 if word.is_proper else 0
    return 1 + int(word.given) * 18 + int(word.family) * 6 + other * 2 + int(word.is_rare)


def people(text: str, seen: Sequence[Odds], *, hidden: bytearray) -> Iterator[PiiSpan]:
    """The names that the network is sure of, each whole, in what is not hidden (1 for each character that is)."""
    free = _free(text, seen, hidden)
    yield from _runs(text, free, "PERSON", [one.person for one in free], _WITHIN_A_NAME)


def addresses(text: str, seen: Sequence[Odds], *, hidden: bytearray) -> Iterator[PiiSpan]:
    """The addresses that the network is sure of, likewise. A number alone, or a word, is none."""
    free = _free(text, seen, hidden)
    for span in _runs(text, free, "ADDRESS", [one.address for one in free], _WITHIN_AN_ADDRESS):
        if sum(span.start <= one.start < span.end for one in free) > 1:
            yield span


def _free(text: str, seen: Sequence[Odds], hidden: bytearray) -> list[Odds]:
    """What is not hidden, and in letters that the network has learned."""
    return [one for one in seen if not any(hidden[one.start : one.end]) and _LATIN.fullmatch(text, one.start, one.end)]


def of_person(seen: Sequence[Odds], start: int, end: int) -> float:
    """The most that a word between these two places looks like a person's name; 0 where none of them was read."""
    return max((one.person for one in seen if one.start < end and one.end > start), default=0.0)


def _runs(
    text: str, seen: Sequence[Odds], label: str, odds: Sequence[float], within: re.Pattern[str]
) -> Iterator[PiiSpan]:
    """Neighbours that are likely, where one of them is sure."""
    run: list[int] = []
    for place, likely in enumerate(odds):
        beside = bool(run) and within.fullmatch(text, seen[run[-1]].end, seen[place].start) is not None
        if likely > LIKELY and (beside or not run):
            run.append(place)
            continue
        if any(odds[one] > SURE for one in run):
            yield PiiSpan(seen[run[0]].start, seen[run[-1]].end, label)
        run = [place] if likely > LIKELY else []
    if any(odds[one] > SURE for one in run):
        yield PiiSpan(seen[run[0]].start, seen[run[-1]].end, label)
