"""Because: the words of a note that led to its kind, or to a system condition, by their true share in what decided.

Meaning and wording are sums over the words of a note, so that each word's share is known and nothing is guessed;
cues of the lexicon add what they weigh. What is shown are the stretches whose shares are largest.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from nlp.heads import Heads, Note
from nlp.lexicon import Heard
from nlp.redaction.spans import PLACEHOLDER

Weights = npt.NDArray[np.float64]

FEWEST_LETTERS = 4
"""Beside a placeholder, for the words to be a reason."""
AT_MOST = 2
SHORTEST, LONGEST = 2, 6
"""Words in one reason, where the note has as many."""
WORTH_SAYING = 0.35
"""A further reason is named when its share is at least this much of the first."""
CUE_SHARE = 1.0
"""What a cue adds to the words it stands on, beside what the heads make of them."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Which of `answers` was given, and which it is to be told apart from, by their places among all."""

    answer: int
    rather_than: int
    cues: Sequence[Heard] = ()
    """The cues of the lexicon that spoke for it."""
    also: Weights | None = None
    """What each stretch of the note added in another way, (stretches,)."""


def because(text: str, note: Note, heads: Heads, decided: Decided) -> tuple[str, ...]:
    """The stretches of `text` that spoke most for one answer rather than another, as they stand."""
    if not note.stretches:
        return ()
    shares = _shares(note, heads, decided)
    found: list[tuple[int, int]] = []
    first, leap = 0.0, _leap(text, note.stretches)
    for _ in range(AT_MOST):
        start, end, share = _best_stretch(shares, taken=found, leap=leap)
        if share <= 0.0 or share < first * WORTH_SAYING:
            break
        first = first or share
        found.append((start, end))
    whole = (_whole(text, note.stretches[start][0], note.stretches[end - 1][1]) for start, end in sorted(found))
    return tuple(reason for reason in whole if not _is_taken_out(reason))


def _shares(note: Note, heads: Heads, decided: Decided) -> list[float]:
    """What each word adds to the log-odds of one answer against another, beyond a usual word of the note."""
    lean = heads.meaning.weights[:, decided.answer] - heads.meaning.weights[:, decided.rather_than]
    also = np.zeros(len(note.stretches)) if decided.also is None else decided.also
    shares = [
        float(heads.mix[0]) * float(share @ lean) + more for share, more in zip(note.shares, also.tolist(), strict=True)
    ]
    lean_of_run = _lean_of_runs(note, heads, decided)
    weighed = [(start, end, lean_of_run[column]) for start, end, column in note.runs.places]
    weighed += [(cue.start, cue.end, CUE_SHARE) for cue in decided.cues]
    for start, end, weight in weighed:
        covered = _covered(note.stretches, start, end)
        for place in covered:
            shares[place] += weight / len(covered)
    price = float(np.clip(shares, 0.0, None).mean())
    return [share - price for share in shares]


def _lean_of_runs(note: Note, heads: Heads, decided: Decided) -> dict[int, float]:
    columns = note.runs.columns
    weighed = heads.rarity[columns] * note.runs.counts
    size = float(np.linalg.norm(weighed)) or 1.0
    known = heads.wording.weights
    lean = known[columns, decided.answer].astype(np.float64) - known[columns, decided.rather_than]
    return dict(zip(columns.tolist(), (heads.mix[1] * (weighed / size * lean)).tolist(), strict=True))


def _covered(stretches: Sequence[tuple[int, int]], start: int, end: int) -> range:
    """Which words stand between two places of the note; none of those that were not read."""
    first = bisect.bisect_right(stretches, start, key=itemgetter(1))
    return range(first, max(first, bisect.bisect_left(stretches, end, key=itemgetter(0))))


def _leap(text: str, stretches: Sequence[tuple[int, int]]) -> int:
    """The place of the first word after what was not read, in the middle of a long note; 0 where all was read."""
    pairs = enumerate(itertools.pairwise(stretches), start=1)
    return next((place for place, ((_, end), (start, _)) in pairs if text[end:start].strip()), 0)


def _best_stretch(shares: list[float], *, taken: list[tuple[int, int]], leap: int) -> tuple[int, int, float]:
    """The run of at most `LONGEST` words with the largest share, none of them taken before, and none over the leap."""
    best = (0, 0, 0.0)
    for start in range(len(shares)):
        total = 0.0
        for end in range(start + 1, min(start + LONGEST, len(shares)) + 1):
            if any(first < end and end - 1 < last for first, last in taken) or start < leap == end - 1:
                break
            total += shares[end - 1]
            if total > best[2] and end - start >= min(SHORTEST, len(shares)):
                best = (start, end, total)
    return best


def _is_taken_out(reason: str) -> bool:
    """Whether nothing but placeholders is left of it, and what joins them."""
    rest, taken = PLACEHOLDER.subn("", reason)
    return taken > 0 and sum(letter.isalnum() for letter in rest) < FEWEST_LETTERS


def _whole(text: str, start: int, end: int) -> str:
    """The words between two places, trimmed, with the brackets of a placeholder that begins or ends them."""
    start -= text[start - 1 : start] == "["
    if text.count("[", start, end) > text.count("]", start, end):
        end = max(end, text.find("]", end) + 1)
    return text[start:end].strip(' \t\n,.;:!"“”()')
