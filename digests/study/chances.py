"""How likely a count is where nothing is going on.

scipy takes half a second to load, for which nobody waits who studies no file; so each of these loads it when called.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def at_most(hits: int, *, of: int, share: float) -> float:
    """The chance of at most so many hits, each of the cases being one with this chance (binomial)."""
    from scipy.stats import binom

    return float(binom.cdf(hits, of, share))


def log_at_most(hits: npt.ArrayLike, *, of: npt.ArrayLike, share: float) -> npt.NDArray[np.float64]:
    """The logarithm of the same for many at once, which stays exact where the chance itself would be nought."""
    from scipy.stats import binom

    return np.asarray(binom.logcdf(hits, of, share))


def at_most_drawn(hits: int, *, drawn: int, among: int, marked: int) -> float:
    """The chance that at most so many of those drawn are marked, none being drawn twice (hypergeometric)."""
    from scipy.stats import hypergeom

    return float(hypergeom.cdf(hits, among, marked, drawn))
