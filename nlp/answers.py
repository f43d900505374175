"""The four questions that the heads answer of a note, side by side in one row of scores."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nlp.examples import Example
from nlp.rules import KINDS
from nlp.vocabulary import NoteType, SystemCondition, SystemFactor

CONDITIONS = tuple(SystemCondition)
FACTORS: tuple[SystemFactor | None, ...] = (None, *SystemFactor)
URGENT = (False, True)

_SIZES = {"kind": len(KINDS), "condition": len(CONDITIONS), "factor": len(FACTORS), "urgent": len(URGENT)}
_ENDS = np.cumsum(list(_SIZES.values())).tolist()

QUESTIONS = MappingProxyType(
    {name: slice(end - size, end) for (name, size), end in zip(_SIZES.items(), _ENDS, strict=True)}
)
"""Where the answers to each question stand in a row of scores."""

WIDTH = _ENDS[-1]


def allowed(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Which answers a fair judge would take for each example, (examples, WIDTH); all of them where nobody has said."""
    taken = np.ones((len(examples), WIDTH), dtype=np.bool_)
    for row, example in enumerate(examples):
        taken[row, QUESTIONS["kind"]] = [kind in example.kinds for kind in KINDS]
        if example.condition:
            taken[row, QUESTIONS["condition"]] = [condition is example.condition for condition in CONDITIONS]
        if example.exact:
            taken[row, QUESTIONS["urgent"]] = [urgent is example.urgent for urgent in URGENT]
            if example.note_type is NoteType.IMPROVEMENT:
                taken[row, QUESTIONS["factor"]] = [factor is example.factor for factor in FACTORS]
    return taken
