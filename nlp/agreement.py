"""Does what was learned from corrections help? Measured on corrections that were not learned from.

The corrections are dealt into five folds by their words, and each fold is heard by what the other four teach. If that
agrees with people less than the first day's tagger did, by more than chance explains, the lessons are set aside.

People correct what seems wrong to them more than what seems right. So these figures compare two taggers on the same
notes; how often a note is heard rightly they do not tell.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp import deciding
from nlp.tagging import Correction
from nlp.vocabulary import DemandKind, Kind

Weights = npt.NDArray[np.float64]
Fit = Callable[[Weights, Weights, Weights], Weights]
"""Features, what people said and what was known before, a row for each correction: the weights that this teaches."""

FOLDS = 5
FEWEST = 20
"""Different wordings that people have judged, below which nothing is measured."""
MEASURED_AT_MOST = 1_500
"""Wordings that are looked at, the newest, so that the check costs about as much as the learning itself."""
CHANCE = 0.02
"""How seldom chance alone may explain that what was learned agrees less (one-sided sign test)."""

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Compared:
    """On how many wordings the tagger agreed with people, on the first day and with what was learned."""

    first_day: int
    learned: int
    gained: int
    """Wordings on which only what was learned agreed."""
    lost: int
    """Wordings on which only the first day's tagger agreed."""

    @property
    def worse(self) -> bool:
        """Whether what was learned agrees less than chance explains: the sign test of McNemar."""
        return self.lost > self.gained and at_least(self.lost, of=self.lost + self.gained) < CHANCE


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well what was learned from an organisation's corrections agrees with those it was not learned from."""

    wordings: int
    """Different wordings that were compared."""
    types: Compared
    """By demand type; that a note is an improvement note counts as one."""
    kinds: Compared

    @property
    def set_aside(self) -> bool:
        """Whether what was learned does harm: to the types, which the digests count, or else to the kinds."""
        return self.types.worse or (self.kinds.worse and self.types.lost >= self.types.gained)


def measured(
    corrections: Sequence[Correction], features: Weights, told: Weights, known: Weights, *, fit: Fit
) -> Agreement | None:
    """Compare what was learned with the first day, on corrections held out; none from fewer than `FEWEST` wordings.

    Args:
        corrections: what people said, oldest first; the last word on each wording counts, once.
        features: (corrections, features), what lessons are learned by.
        told: (corrections, kinds), 1 where a person said so.
        known: (corrections, kinds), the scores of the first day.
        fit: how lessons are learned.
    """
    last = {_wording(correction.words): row for row, correction in enumerate(corrections)}
    newest = sorted(last.items(), key=lambda one: one[1])[-MEASURED_AT_MOST:]
    if len(newest) < FEWEST:
        return None
    rows = np.array([row for _, row in newest])
    folds = _dealt([wording for wording, _ in newest])
    learned = known[rows].copy()
    for fold in range(FOLDS):
        held, others = rows[folds == fold], rows[folds != fold]
        learned[folds == fold] += features[held] @ fit(features[others], told[others], known[others])
    people = [corrections[row].kind for row in rows]
    before, after = [_kinds(scores) for scores in (known[rows], learned)]
    return Agreement(
        wordings=len(rows),
        types=_compared([_type(kind) for kind in people], [_type(k) for k in before], [_type(k) for k in after]),
        kinds=_compared(people, before, after),
    )


def at_least(times: int, *, of: int) -> float:
    """How likely a fair coin falls on one side so many times, or more, in so many throws."""
    if of > 1_000:  # too many to sum: the normal curve, with its correction for whole numbers
        return 0.5 * math.erfc((times - 0.5 - of / 2) / math.sqrt(of / 2))
    return float(sum(math.comb(of, k) for k in range(times, of + 1)) / 2**of)


def _wording(words: str) -> str:
    """Words that count as the same when folds are dealt: capitals, blanks and the very numbers aside."""
    return _DIGITS.sub("0", " ".join(words.casefold().split()))


def _dealt(wordings: Sequence[str]) -> npt.NDArray[np.int64]:
    """The fold of each wording. All are dealt in an order that their words alone decide, so that no fold is empty."""
    order = sorted(range(len(wordings)), key=lambda n: hashlib.sha256(wordings[n].encode()).digest())
    folds = np.empty(len(wordings), dtype=np.int64)
    folds[order] = np.arange(len(wordings)) % FOLDS
    return folds


def _kinds(scores: Weights) -> list[Kind]:
    return [deciding.verdict(row, told=None).kind for row in scores]


def _type(kind: Kind) -> Hashable:
    return kind.demand_type if isinstance(kind, DemandKind) else None


def _compared(people: Sequence[Hashable], before: Sequence[Hashable], after: Sequence[Hashable]) -> Compared:
    then = np.array([heard == said for heard, said in zip(before, people, strict=True)])
    now = np.array([heard == said for heard, said in zip(after, people, strict=True)])
    return Compared(
        first_day=int(then.sum()),
        learned=int(now.sum()),
        gained=int((now & ~then).sum()),
        lost=int((then & ~now).sum()),
    )
