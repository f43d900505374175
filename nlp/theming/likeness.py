"""How alike notes are: in what they mean, in the very words, and in the kind of demand.

Meaning is the cosine of sentence vectors, most of the mean of all notes taken away, since all notes of one organisation
resemble each other. Words are TF-IDF of single words and pairs. Kinds count a little, because the same object with
another ask is another theme: "where is my refund?" and "how do I get a refund?".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from nlp.vocabulary import DemandKind, Kind

Vectors = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]
Matrix = npt.NDArray[np.float32]

COMMON = 0.7
"""How much of the mean of all notes is taken away."""
FEW = 8
"""So many notes take away half as much as very many would."""
WORDS = 0.3
"""What the very words count, beside meaning."""
KINDS = 0.15
"""What the kind counts: two notes of one kind gain half of it, two of different types lose half."""


def asks(kind: Kind | None) -> bool:
    """Whether a note of this kind asks for anything that one can tell. Where nobody knows, it may."""
    return kind not in (DemandKind.TOO_THIN, DemandKind.NO_ASK)


def bar(reach: float, kind: Kind | None) -> float:
    """How like a theme a note must be to join: the book's reach, and a good deal more when it seems to ask nothing."""
    return reach if asks(kind) else (1 + reach) / 2


def in_common(vectors: Vectors) -> Vectors:
    """What notes have in common, (width,): their mean, made smaller when they are few and chance speaks loudly."""
    return np.asarray(vectors.sum(axis=0) / (len(vectors) + FEW), dtype=np.float32)


def apart(vectors: Vectors, mean: Vectors) -> Vectors:
    """The vectors, length 1 again, once what all notes share has been taken away."""
    return unit(vectors - COMMON * mean)


def unit(vectors: Vectors) -> Vectors:
    """The vectors at length 1; one that is all nought stays so."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def among(vectors: Vectors, said: Sequence[str], kinds: Sequence[Kind | None]) -> Matrix:
    """How alike each two of some notes are, (notes, notes), about -.1 to 1.1.

    Args:
        vectors: already set apart, (notes, width).
        said: the words that tell, as `words.telling` has them.
        kinds: of the notes, none where nobody knows.
    """
    alike = (1 - WORDS) * (vectors @ vectors.T) + WORDS * _in_words(said)
    if any(kinds):
        shares = shares_of_each(kinds)
        alike += KINDS * (agreement(shares, shares) - 0.5) * _known(shares, shares)
    return np.asarray(alike, dtype=np.float32)


def kind_bonus(shares: Matrix, others: Matrix) -> Matrix:
    """What the kinds add to likeness, (notes, others); nothing where a kind is not known."""
    return np.asarray(KINDS * (agreement(shares, others) - 0.5) * _known(shares, others), dtype=np.float32)


def agreement(shares: Matrix, others: Matrix) -> Matrix:
    """How far kinds agree, (notes, others): 1 for the same kind, one half for the same demand type, else 0."""
    return np.asarray(0.5 * shares @ others.T + 0.5 * (shares @ OF_TYPE) @ (others @ OF_TYPE).T, dtype=np.float32)


def shares_of_each(kinds: Sequence[Kind | None]) -> Matrix:
    """Each note's kind as a row of shares over all kinds, (notes, kinds); nought all along where it is not known."""
    rows = np.zeros((len(kinds), len(NAMES)), dtype=np.float32)
    for row, kind in enumerate(kinds):
        if kind is not None:
            rows[row, PLACE.get(kind.name, IMPROVEMENT)] = 1.0
    return rows


def shares_as_row(shares: Mapping[str, float]) -> Matrix:
    """Shares by kind name as one row over all kinds."""
    row = np.zeros(len(NAMES), dtype=np.float32)
    for name, share in shares.items():
        row[PLACE.get(name, IMPROVEMENT)] = share
    return row


def shares_by_name(rows: Matrix) -> dict[str, float]:
    """The mean of such rows by kind name, those that are not nought; empty when no kind is known."""
    known = rows[rows.any(axis=1)]
    mean = known.mean(axis=0) if len(known) else np.zeros(len(NAMES), dtype=np.float32)
    return {name: round(float(share), 4) for name, share in zip(NAMES, mean, strict=True) if share > 0}


def most_common(kinds: Sequence[Kind | None]) -> Kind | None:
    """The kind most of them have; of equals the first by name. None when none is known."""
    counted = Counter(kind for kind in kinds if kind is not None)
    return min(counted, key=lambda kind: (-counted[kind], kind.name)) if counted else None


def _known(shares: Matrix, others: Matrix) -> Matrix:
    return np.outer(shares.any(axis=1), others.any(axis=1)).astype(np.float32)


def _in_words(said: Sequence[str]) -> Matrix:
    from sklearn.feature_extraction.text import TfidfVectorizer  # takes two seconds to import, for a full pass alone

    weigher = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2, token_pattern=r"\S+", dtype=np.float32)
    try:
        weighed = weigher.fit_transform(said)
    except ValueError:  # no word is in two notes
        return np.zeros((len(said), len(said)), dtype=np.float32)
    return np.asarray((weighed @ weighed.T).toarray(), dtype=np.float32)


NAMES = (*(kind.name for kind in DemandKind), "IMPROVEMENT")
"""The kinds as columns; the five of improvement notes are one here."""
PLACE = {name: place for place, name in enumerate(NAMES)}
IMPROVEMENT = len(NAMES) - 1
TYPES = tuple(dict.fromkeys(kind.demand_type for kind in DemandKind))
OF_TYPE = np.zeros((len(NAMES), len(TYPES) + 1), dtype=np.float32)
for _place, _kind in enumerate(DemandKind):
    OF_TYPE[_place, TYPES.index(_kind.demand_type)] = 1.0
OF_TYPE[IMPROVEMENT, -1] = 1.0
