"""Which notes belong together, without being told how many themes there are.

Notes become a graph in which each is tied to those most like it. Communities in that graph are looked for several
times, coarser and finer and from different sides; notes that keep meeting belong together (evidence accumulation:
Fred and Jain 2005, doi 10.1109/TPAMI.2005.113). What people already saw last week counts as further views, so that
themes do not come apart from one week to the next for no reason.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nlp.theming import likeness, louvain
from nlp.vocabulary import Kind

Labels = npt.NDArray[np.int64]

NEIGHBOURS = (6, 10, 20)
RESOLUTIONS = (1.0, 1.5, 2.0)
"""Each number of neighbours is looked at with each resolution: nine views."""
SHARPNESS = 3
"""The power of likeness that ties are weighed by."""
FLOOR = 0.15
"""Less alike than this is no tie at all."""
MEETING = 0.4
"""The share of views in which notes must meet, on the average of two groups, to be one theme."""
REMEMBERED = 4.0
"""How many views last week's themes are worth, for notes that were there."""
WORTH_SPLITTING = 8
"""Notes that a part must have before it is looked at once more by itself."""
DISTINCT = 0.53
"""A part falls apart when its notes are, to the next smaller part, at most this share as like as to their own."""
CLOSE = 0.35
"""And when they are, on the average, at least so like to their own. What is loosely alike is left together."""
LEAST_INSIDE = 0.05
ONE = 0.75
"""Two parts are one when their notes are at least this share as like to each other as they are among themselves."""
NEAR = 0.93
"""Cosine from which two notes are as good as identical."""


def parts(vectors: likeness.Vectors, said: Sequence[str], kinds: Sequence[Kind | None], remembered: Labels) -> Labels:
    """The part that each note belongs to, (notes,), numbered from 0; a part may hold a single note.

    Near-identical notes are always in one part.

    Args:
        vectors: of length 1, (notes, width), in an order that does not depend on how notes came in.
        said: the words that tell, as `words.telling` has them.
        kinds: of the notes, none where nobody knows.
        remembered: a number for the theme that a note had last week, (notes,); -1 for a note without one.
    """
    if not len(vectors):
        return np.zeros(0, dtype=np.int64)
    same = _as_good_as_identical(vectors)
    _, firsts = np.unique(same, return_index=True)
    mean = likeness.in_common(vectors)
    alike = likeness.among(
        likeness.apart(vectors[firsts], mean), [said[first] for first in firsts], [kinds[first] for first in firsts]
    )
    return _one_where_one(_told_apart(alike, remembered[firsts]), alike)[same]


def _as_good_as_identical(vectors: likeness.Vectors) -> Labels:
    """Groups of notes tied to each other by likeness of at least `NEAR`, numbered as they are first met."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    _, groups = connected_components(csr_matrix(vectors @ vectors.T >= NEAR), directed=False)
    return louvain.in_order(np.asarray(groups, dtype=np.int64))


def _told_apart(alike: likeness.Matrix, remembered: Labels) -> Labels:
    """What the views agree on, and within each part again, for as long as the smaller ones are clearly distinct.

    Communities are never much smaller than the whole graph allows (Fortunato and Barthelemy 2007,
    doi 10.1073/pnas.0605965104); by itself a part shows what is in it.
    """
    labels = np.empty(len(alike), dtype=np.int64)
    waiting, done = [np.arange(len(alike))], 0
    while waiting:
        part = waiting.pop()
        within = alike[np.ix_(part, part)]
        inner = _agreed(within, remembered[part])
        smaller = [part[inner == label] for label in range(int(inner.max(initial=-1)) + 1)]
        if len(smaller) > 1 and (len(part) == len(alike) or _are_distinct(within, inner)):
            large = [some for some in smaller if len(some) >= WORTH_SPLITTING]
            waiting += large
            settled = [some for some in smaller if len(some) < WORTH_SPLITTING]
        else:
            settled = [part]
        for some in settled:
            labels[some] = done
            done += 1
    return louvain.in_order(labels)


def _one_where_one(labels: Labels, alike: likeness.Matrix) -> Labels:
    """The parts, any two that are hardly to be told apart put together, the least distinct first."""
    while (count := int(labels.max()) + 1) > 1:
        belongs = np.eye(count, dtype=np.float32)[labels]
        sizes = belongs.sum(axis=0)
        sums = belongs.T @ alike @ belongs
        pairs = np.maximum(sizes * (sizes - 1), 1)
        inside = np.where(sizes > 1, (np.diag(sums) - belongs.T @ alike.diagonal()) / pairs, 1.0)
        inside = np.sqrt(np.maximum(inside, LEAST_INSIDE))
        share = np.triu(sums / np.outer(sizes, sizes) / np.outer(inside, inside), 1)
        one, other = np.unravel_index(int(share.argmax()), share.shape)
        if share[one, other] < ONE:
            break
        labels = louvain.in_order(np.where(labels == other, one, labels))
    return labels


def _are_distinct(alike: likeness.Matrix, labels: Labels) -> bool:
    """Notes are close to the rest of their own part, and clearly less like the part that is next."""
    belongs = np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
    rows = np.arange(len(alike))
    sums, sizes = alike @ belongs, np.tile(belongs.sum(axis=0), (len(alike), 1))
    sums[rows, labels] -= alike.diagonal()
    sizes[rows, labels] -= 1
    means = sums / np.maximum(sizes, 1)
    own = float(means[rows, labels].mean())
    means[rows, labels] = -1.0
    return own >= CLOSE and float(means.max(axis=1).mean()) <= DISTINCT * own


def _agreed(alike: likeness.Matrix, remembered: Labels) -> Labels:
    """What the views agree on."""
    notes = len(alike)
    if notes < 2:
        return np.zeros(notes, dtype=np.int64)
    met = np.zeros((notes, notes), dtype=np.float32)
    views = 0
    for neighbours in NEIGHBOURS:
        heads, tails, weights = _ties(alike, neighbours)
        for resolution in RESOLUTIONS:
            visits = np.random.default_rng(views).permutation(notes)
            seen = louvain.communities(notes, heads, tails, weights, resolution=resolution, visits=visits)
            met += seen[:, None] == seen[None, :]
            views += 1
    known = remembered >= 0
    both = np.outer(known, known)
    met += REMEMBERED * (both & (remembered[:, None] == remembered[None, :]))
    return _cut(met / (views + REMEMBERED * both))


def _ties(alike: likeness.Matrix, neighbours: int) -> tuple[Labels, Labels, npt.NDArray[np.float64]]:
    """Each note tied to those most like it: the ends of each tie and its weight."""
    notes = len(alike)
    others = alike.copy()
    np.fill_diagonal(others, -1.0)
    most = min(neighbours, notes - 1)
    nearest = np.argsort(-others, axis=1, kind="stable")[:, :most]
    tied = np.zeros((notes, notes), dtype=bool)
    tied[np.arange(notes)[:, None], nearest] = True
    tied = np.triu((tied | tied.T) & (others > FLOOR), 1)
    heads, tails = np.nonzero(tied)
    return heads, tails, others[heads, tails].astype(np.float64) ** SHARPNESS


def _cut(agreement: npt.NDArray[np.float32]) -> Labels:
    """Groups whose notes, on the average, meet in at least `MEETING` of the views (average linkage)."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distance = 1.0 - agreement
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average")
    return louvain.in_order(np.asarray(fcluster(tree, 1.0 - MEETING, "distance"), dtype=np.int64))
