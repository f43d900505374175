"""Notes that mean alike and only come late, whatever themes they were put under: a scan of each note's neighbours.

Around each later note the nearest ones are gathered for as long as hardly any of them came early. How likely such a
group is by chance is reckoned as in the scan statistic of Kulldorff (1997, doi 10.1080/03610929708831995): by the part
of all notes that came late, and by how many places and weeks were looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from digests.study import chances

CENTRES = 2_000
"""Notes around which is looked, at most: of more, evenly many from first to last."""
NEAREST = 64
ONE_IN = 40
"""How many neighbours are looked at: one note in so many, and never fewer than `NEAREST`."""
AT_A_TIME = 64
"""Centres looked at together: of 100,000 notes, the likeness to them takes 26 megabytes."""
SAME_NOTES = 0.3
"""Groups that share this part of the smaller one are one."""
SAME_MEANING = 0.5
"""And so are groups whose middles are as like each other (cosine)."""

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Group:
    """Notes that mean alike."""

    members: tuple[int, ...]
    """Their rows, in the order of time."""
    start: int
    """The week, counted from 0, from which all but `strays` of them came."""
    strays: int


def late_groups(
    vectors: Vectors, weeks: Sequence[int], *, first: int, fewest: int, one_stray_in: int, by_chance: float
) -> list[Group]:
    """The groups that hardly came before some week, the least likely one first; of those that overlap it alone.

    Args:
        vectors: of the notes, in the order of time, of length 1, without what all have in common.
        weeks: the week of each note, counted from 0.
        first: the first week with which a group may begin.
        fewest: notes that a group has at least.
        one_stray_in: one of so many of a group's notes may have come before.
        by_chance: in at most this part of all files in which nothing is new, some group is found.
    """
    when = np.asarray(weeks, dtype=np.int64)
    later = np.flatnonzero(when >= first)
    centres = later[np.linspace(0, len(later) - 1, min(CENTRES, len(later))).astype(np.int64)] if len(later) else later
    starts = range(first, int(when.max(initial=0)))
    if not len(centres) or not starts:
        return []
    many = min(len(vectors), max(NEAREST, len(vectors) // ONE_IN))
    enough = log(by_chance) - log(len(centres) * len(starts))
    early = {start: float((when < start).mean()) for start in starts}
    found: list[tuple[float, int, tuple[int, ...]]] = []
    for begin in range(0, len(centres), AT_A_TIME):
        nearest = _nearest(vectors, centres[begin : begin + AT_A_TIME], many=many)
        came = when[nearest]
        for start in starts:
            for row, size, chance in _unlikely(came < start, early[start], fewest, one_stray_in):
                if chance <= enough:
                    found.append((chance, start, tuple(sorted(int(place) for place in nearest[row, :size]))))
    return [_group(members, start, when) for _, start, members in _apart(sorted(found), vectors)]


def _nearest(vectors: Vectors, centres: Places, *, many: int) -> Places:
    """The places of the nearest notes to each centre, the nearest first, itself among them, (centres, many)."""
    likeness = vectors[centres] @ vectors.T
    some = np.argpartition(-likeness, many - 1, axis=1)[:, :many]
    order = np.lexsort((some, -np.take_along_axis(likeness, some, axis=1)))
    return np.take_along_axis(some, order, axis=1)


def _unlikely(
    came_before: npt.NDArray[np.bool_], share: float, fewest: int, one_stray_in: int
) -> Iterator[tuple[int, int, float]]:
    """For each centre the number of its nearest notes that are least likely by chance, and how likely (log).

    Args:
        came_before: which of the nearest notes came before the week in question, (centres, many).
        share: the part of all notes that came before it.
        fewest: notes that are taken at least.
        one_stray_in: one of so many may have come before.
    """
    sizes = np.arange(1, came_before.shape[1] + 1)
    strays = came_before.cumsum(axis=1)
    fitting = (strays <= sizes // one_stray_in) & (sizes >= fewest)
    rows, places = np.nonzero(fitting)
    unlikely = np.zeros(came_before.shape)
    unlikely[rows, places] = chances.log_at_most(strays[rows, places], of=sizes[places], share=share)
    best = unlikely.argmin(axis=1)
    for row in np.unique(rows):
        yield int(row), int(sizes[best[row]]), float(unlikely[row, best[row]])


def _apart(
    found: Sequence[tuple[float, int, tuple[int, ...]]], vectors: Vectors
) -> Iterator[tuple[float, int, tuple[int, ...]]]:
    """Those that are no part or kin of one before them."""
    taken: list[tuple[set[int], Vectors]] = []
    for chance, start, members in found:
        own, middle = set(members), _middle(vectors[list(members)])
        if not any(
            len(own & others) > SAME_NOTES * min(len(own), len(others)) or float(middle @ theirs) >= SAME_MEANING
            for others, theirs in taken
        ):
            taken.append((own, middle))
            yield chance, start, members


def _middle(vectors: Vectors) -> Vectors:
    middle = vectors.mean(axis=0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), dtype=np.float32)


def _group(members: Sequence[int], start: int, when: Places) -> Group:
    return Group(tuple(members), start, strays=int((when[list(members)] < start).sum()))
