"""Themes that are kin, put together branch by branch, so that a rise is found wherever the line between themes lies.

People who chase the same late repair are one theme in one file and three in another. So the themes of one demand type
are joined into a tree, those most alike first, and each of its branches is looked at, from single themes up to all of
the type: the tree-based scan of Kulldorff, Fang and Walsh (2003, doi 10.1111/1541-0420.00039).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from digests.study.material import Material
from nlp.vocabulary import DemandType

Branch = tuple[str, ...]
"""The ids of the themes on it; of a single theme, its own."""


def of_the_type(material: Material, places: Sequence[int]) -> tuple[DemandType, list[int]]:
    """The demand type that most of these notes have, and the places of those that have it."""
    types = [material.notes[place].demand_type or DemandType.UNKNOWN for place in places]
    kind = max(DemandType, key=types.count)
    return kind, [place for place, its in zip(places, types, strict=True) if its is kind]


def grown(material: Material, themes: Mapping[str, Sequence[int]]) -> list[Branch]:
    """Every branch of these themes, the single ones first.

    Args:
        material: the notes; where their vectors are not at hand, nobody knows which themes are alike.
        themes: the places of each theme's notes, all of one demand type within a theme.
    """
    of_type: dict[DemandType, list[str]] = {}
    for theme, places in themes.items():
        of_type.setdefault(of_the_type(material, places)[0], []).append(theme)
    joined = [branch for kin in of_type.values() for branch in _joined(material, themes, kin)]
    return [*((theme,) for theme in themes), *joined]


def _joined(material: Material, themes: Mapping[str, Sequence[int]], kin: Sequence[str]) -> Iterator[Branch]:
    """What two branches make together, the most alike first (average linkage), until all kin are one."""
    from scipy.cluster.hierarchy import linkage  # half a second to load, which nobody waits for who studies no file

    vectors = material.apart
    if vectors is None or len(kin) < 2:
        return
    middles = np.array([vectors[list(themes[theme])].mean(axis=0) for theme in kin])
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-9)
    one, other = np.triu_indices(len(kin), 1)
    distances = np.maximum(1 - (middles @ middles.T)[one, other], 0)
    branches: list[Branch] = [(theme,) for theme in kin]
    for left, right, *_ in linkage(distances, "average"):
        branches.append((*branches[int(left)], *branches[int(right)]))
        yield branches[-1]
