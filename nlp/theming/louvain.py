"""Communities in a weighted graph: neighbours that hold together more than chance would have them.

The Louvain method (Blondel, Guillaume, Lambiotte, Lefebvre 2008, doi 10.1088/1742-5468/2008/10/P10008) with the
resolution of Reichardt and Bornholdt (2006). It has no chance in it: nodes are visited in their order and ties go to
the lowest community, so that the same graph always falls into the same parts.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

LEAST_GAIN = 1e-9
MOST_LEVELS = 20
ROUNDS = 2


def communities(
    nodes: int, heads: Labels, tails: Labels, weights: Numbers, *, resolution: float, visits: Labels | None = None
) -> Labels:
    """The community of each node, (nodes,), numbered from 0 in the order in which they are first met.

    Args:
        nodes: how many there are; a node without edges is a community of its own.
        heads: one end of each edge, each edge given once.
        tails: the other end; an edge may lead from a node to itself.
        weights: of the edges, not negative.
        resolution: the larger, the smaller the communities; 1 is plain modularity.
        visits: the nodes in the order in which they are visited, (nodes,). Another order finds another of the many
            good answers, which is how several views of one graph are had.
    """
    if visits is not None:
        places = np.empty(nodes, dtype=np.int64)
        places[visits] = np.arange(nodes)
        return in_order(communities(nodes, places[heads], places[tails], weights, resolution=resolution)[places])
    belongs = np.arange(nodes)
    for _ in range(ROUNDS):
        belongs = _gathered(belongs, heads, tails, weights, resolution)
    return in_order(belongs)


def _gathered(start: Labels, heads: Labels, tails: Labels, weights: Numbers, resolution: float) -> Labels:
    """From this start: single nodes move, then communities as wholes, until none of them gains by it."""
    belongs = in_order(_moved(start, heads, tails, weights, resolution))
    heads, tails = belongs[heads], belongs[tails]
    for _ in range(MOST_LEVELS):
        count = int(belongs.max(initial=-1)) + 1
        heads, tails, weights = _together(heads, tails, weights)
        moved = in_order(_moved(np.arange(count), heads, tails, weights, resolution))
        if int(moved.max(initial=-1)) + 1 == count:
            break
        belongs = moved[belongs]
        heads, tails = moved[heads], moved[tails]
    return belongs


def in_order(labels: Labels) -> Labels:
    """The same parts, numbered from 0 in the order in which they are first met."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    places = np.empty(len(first), dtype=np.int64)
    places[np.argsort(first, kind="stable")] = np.arange(len(first))
    return places[inverse]


def _moved(start: Labels, heads: Labels, tails: Labels, weights: Numbers, resolution: float) -> Labels:
    """Each node moves to the neighbouring community that gains most by it, until none wants to move."""
    count = len(start)
    neighbours, degrees, total = _neighbours(count, heads, tails, weights)
    if total <= 0:
        return start
    community: list[int] = start.tolist()
    mass = [0.0] * count
    for node, degree in enumerate(degrees):
        mass[community[node]] += degree
    waiting, is_waiting = deque(range(count)), [True] * count
    while waiting:
        node = waiting.popleft()
        is_waiting[node] = False
        here, degree = community[node], degrees[node]
        ties: dict[int, float] = {here: 0.0}
        for other, weight in neighbours[node]:
            ties[community[other]] = ties.get(community[other], 0.0) + weight
        mass[here] -= degree
        pull = resolution * degree / total
        best, most = here, ties[here] - pull * mass[here] + LEAST_GAIN
        for candidate in sorted(ties):
            gain = ties[candidate] - pull * mass[candidate]
            if gain > most:
                best, most = candidate, gain
        mass[best] += degree
        if best != here:
            community[node] = best
            for other, _ in neighbours[node]:
                if community[other] != best and not is_waiting[other]:
                    is_waiting[other] = True
                    waiting.append(other)
    return np.array(community, dtype=np.int64)


def _neighbours(
    count: int, heads: Labels, tails: Labels, weights: Numbers
) -> tuple[list[list[tuple[int, float]]], list[float], float]:
    """Who is next to whom, the weighted degree of each node, and the sum of all degrees."""
    neighbours: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    degrees = [0.0] * count
    for head, tail, weight in zip(heads.tolist(), tails.tolist(), weights.tolist(), strict=True):
        degrees[head] += weight
        degrees[tail] += weight
        if head != tail:
            neighbours[head].append((tail, weight))
            neighbours[tail].append((head, weight))
    return neighbours, degrees, sum(degrees)


def _together(heads: Labels, tails: Labels, weights: Numbers) -> tuple[Labels, Labels, Numbers]:
    """The edges between communities, those within one as an edge to itself."""
    low, high = np.minimum(heads, tails), np.maximum(heads, tails)
    edges, inverse = np.unique(np.stack([low, high]), axis=1, return_inverse=True)
    sums: Numbers = np.bincount(inverse.ravel(), weights=weights, minlength=edges.shape[1]).astype(np.float64)
    return edges[0], edges[1], sums
