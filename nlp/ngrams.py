"""Words and runs of words as numbers: the plain half of the tagger, whose reasons anyone can read.

Each run of one to three words, and each run of three to five letters within a word (for typos), falls into one of
`BUCKETS` columns by a checksum, so that no vocabulary has to be kept.
"""

from __future__ import annotations

import functools
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp import lexicon

BUCKETS = 1 << 16
LONGEST_RUN = 3
LETTERS = (3, 4, 5)
LONGEST_WORD = 40
"""Letters of a word that are looked at."""
WORD = re.compile(r"[\w']+|[?!]")
NUMBER = re.compile(r"\d+")

Columns = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs in a text: which columns they fall into, how much each counts, and where each word run stands."""

    columns: Columns
    """Each column once, sorted."""
    counts: Weights
    """1 + ln(times) for each column, before any weighing by rarity."""
    places: tuple[tuple[int, int, int], ...]
    """(start, end, column) of every run of words, in characters."""


def runs(words: str) -> Runs:
    """Every run of words and of letters in a text."""
    prepared = lexicon.plain(words)
    places = tuple(_word_runs(prepared))
    columns = [column for _, _, column in places]
    for word in WORD.findall(prepared):
        columns.extend(_letter_runs(word[:LONGEST_WORD]))
    found, times = np.unique(np.array(columns, dtype=np.int64), return_counts=True)
    return Runs(found, 1.0 + np.log(times.astype(np.float64)), places)


def _word_runs(prepared: str) -> Iterator[tuple[int, int, int]]:
    """Runs of words, with marks for where the text begins and ends; a number is any number."""
    words = [("^", 0, 0)]
    words.extend((NUMBER.sub("0", found.group()), found.start(), found.end()) for found in WORD.finditer(prepared))
    words.append(("$", len(prepared), len(prepared)))
    for first in range(len(words)):
        for last in range(first, min(first + LONGEST_RUN, len(words))):
            run = " ".join(word for word, _, _ in words[first : last + 1])
            yield words[first][1], words[last][2], _column(f"w {run}")


@functools.lru_cache(maxsize=20_000)
def _letter_runs(word: str) -> tuple[int, ...]:
    marked = f"<{word}>"
    return tuple(
        _column(f"c {marked[first : first + length]}")
        for length in LETTERS
        for first in range(len(marked) - length + 1)
    )


@functools.lru_cache(maxsize=50_000)
def _column(run: str) -> int:
    return zlib.crc32(run.encode("utf-8", errors="replace")) % BUCKETS
