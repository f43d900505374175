"""How far a word that stands in no list looks like a name, by its letters: "qelmish" does, "recieved" does not.

A logistic regression over hashed letter groups, fitted to our lists of names against English words and typing slips
in them; `python -m nlp.redaction.fit_likeness` fits it anew.
"""

from __future__ import annotations

import functools
import json
import math
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

WEIGHTS = Path(__file__).parent / "lists" / "likeness.json"
BUCKETS = 4096


def likeness(key: str) -> float:
    """From 0 (like an English word, perhaps mistyped) to 1 (like a name). `key` is folded."""
    bias, weights = _fitted()
    score = bias + sum(weights[bucket] for bucket in letter_groups(key))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


def letter_groups(key: str) -> Iterator[int]:
    """The buckets of the word's groups of two, three and four letters, its ends marked."""
    padded = f"^{key[:24]}$"
    for size in (2, 3, 4):
        for start in range(len(padded) - size + 1):
            yield zlib.crc32(padded[start : start + size].encode()) % BUCKETS


@functools.cache
def _fitted() -> tuple[float, Sequence[float]]:
    kept = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return kept["bias"], [weight / 100 for weight in kept["hundredths"]]
