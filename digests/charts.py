"""The arithmetic of process behaviour charts: where a measure falls through routine variation alone.

Sources: Donald Wheeler, *Understanding Variation* and *Making Sense of Data* (XmR); David Laney, "Improved Control
Charts for Attributes", Quality Engineering 14(4), 2002 (p'); Lloyd Nelson, "A Control Chart for Parts-Per-Million
Nonconforming Items", Journal of Quality Technology 26(3), 1994 (days between rare events).

Values come in the order of time. `None` is a missing point: it has no moving range, and none reaches across it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import fmean, median

WHEELER = 2.66
"""From the mean moving range to three sigma: 3 / 1.128, as Wheeler prints it."""
WHEELER_RANGE = 3.268
"""From the mean moving range to the most that a moving range does in routine."""
D2 = 1.128
"""From sigma to the mean moving range of two, in the long run."""

Values = Sequence[float | None]


@dataclass(frozen=True)
class Limits:
    """The central line and the natural process limits, one pair a point; no limit where the measure has an edge."""

    centre: float
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    range_limit: float | None = None
    """The most a moving range does in routine. None where moving ranges are not judged."""
    mean_range: float | None = None
    sigma_z: float | None = None
    """How much more (or less) shares vary than chance alone would have them, before any floor. p' only."""
    edges: tuple[float, float] | None = None
    """What the measure can be at least and at most. A limit that lies there says nothing: no point can pass it."""


def moving_ranges(values: Values) -> tuple[float | None, ...]:
    """How far each value lies from the one before; None at the start and around a missing point."""
    pairs = itertools.pairwise(values)
    between = (abs(b - a) if a is not None and b is not None else None for a, b in pairs)
    return (None, *between)[: len(values)]


def xmr(
    values: Values,
    *,
    baseline: int | None = None,
    edge: float | None = None,
    sigma_floor: float = 0.0,
    median_range: bool = False,
    scale: float = WHEELER,
) -> Limits:
    """Individual values and moving ranges: mean ± 2.66 mean moving ranges.

    Args:
        values: the measure, in the order of time.
        baseline: how many points from the start the limits are drawn from; all of them when left out.
        edge: a value the measure cannot go below, such as 0 for a count. A limit below it is no limit.
        sigma_floor: the least sigma that is believable, such as the square root of the mean for a count.
        median_range: take the median moving range, which a few wild points cannot stretch.
        scale: from mean moving range to three sigma; 3 / 1.128 for comparison with others.

    Raises:
        ValueError: there is no value in the baseline.
    """
    based_on = values[:baseline]
    known = [value for value in based_on if value is not None]
    if not known:
        raise ValueError("A chart needs at least one value.")
    centre = fmean(known)
    ranges = [value for value in moving_ranges(based_on) if value is not None]
    typical = (median(ranges) if median_range else fmean(ranges)) if ranges else 0.0
    to_limits, to_range = (3.145, 3.865) if median_range else (scale, WHEELER_RANGE)
    reach = max(to_limits * typical, 3 * sigma_floor)
    range_limit = max(to_range * typical, WHEELER_RANGE * D2 * sigma_floor)
    lower = centre - reach if edge is None or centre - reach >= edge else None
    many = len(values)
    return Limits(centre, (lower,) * many, (centre + reach,) * many, range_limit, typical)


def counts(values: Values, *, baseline: int | None = None) -> Limits:
    """XmR for counts: none below 0, and never steadier than chance alone (sigma at least the root of the mean).

    With few weeks the moving range often comes out too small by luck; the floor keeps that from crying wolf.
    """
    known = [value for value in values[:baseline] if value is not None]
    return xmr(values, baseline=baseline, edge=0.0, sigma_floor=sqrt(fmean(known)) if known else 0.0)


def laney(
    hits: Sequence[int | None],
    of: Sequence[int | None],
    *,
    baseline: int | None = None,
    sigma_floor: float | None = 1.0,
) -> Limits:
    """Laney's p' for shares whose number of cases differs from week to week.

    Args:
        hits: how many of the cases, a point.
        of: how many cases. None or 0 is a missing point.
        baseline: how many points from the start the limits are drawn from; all of them when left out.
        sigma_floor: the least sigma_z that is believed. Classified notes cannot vary less than chance has them, so
            1; None gives Laney's own chart.

    When all of the baseline's cases are hits, or none is, nothing has varied yet and there are no limits.

    Raises:
        ValueError: no point in the baseline has any cases.
    """
    shares = shares_of(hits, of)
    base = [(x, n) for x, n in zip(hits[:baseline], of[:baseline], strict=True) if x is not None and n]
    if not base:
        raise ValueError("A chart needs at least one value.")
    centre = sum(x for x, _ in base) / sum(n for _, n in base)
    spread = sqrt(centre * (1 - centre))
    scores = [
        (share - centre) * sqrt(n) / spread if share is not None and n and spread else None
        for share, n in zip(shares[:baseline], of[:baseline], strict=True)
    ]
    ranges = [value for value in moving_ranges(scores) if value is not None]
    sigma_z = fmean(ranges) / D2 if ranges else 0.0
    believed = sigma_z if sigma_floor is None else max(sigma_floor, sigma_z)
    reach = [3 * spread / sqrt(n) * believed if n and spread else None for n in of]
    return Limits(
        centre,
        tuple(None if r is None else max(0.0, centre - r) for r in reach),
        tuple(None if r is None else min(1.0, centre + r) for r in reach),
        sigma_z=sigma_z,
        edges=(0.0, 1.0),
    )


def shares_of(hits: Sequence[int | None], of: Sequence[int | None]) -> tuple[float | None, ...]:
    """Each point's share, None where there were no cases."""
    return tuple(x / n if x is not None and n else None for x, n in zip(hits, of, strict=True))


def days_between(days: Sequence[date]) -> tuple[float, ...]:
    """For things too rare to count by the week: the days from each sighting to the next."""
    ordered = sorted(days)
    return tuple(float((b - a).days) for a, b in itertools.pairwise(ordered))


def rare(gaps: Values, *, baseline: int | None = None) -> Limits:
    """XmR for days between rare sightings, on Nelson's scale (days to the power 1/3.6), where chance looks even.

    On the plain scale a steady stream of rare events breaks its limits in about one stretch of 12 out of three; on
    this one, never steadier than chance, in about one out of thirty. The limits are given back in days, without moving
    ranges, which have no meaning on two scales at once, and without a lower limit: chance alone reaches down to less
    than a day, and of two sightings on one day we know no more than that.

    Raises:
        ValueError: there is no value in the baseline.
    """
    evened = [None if gap is None else gap**_NELSON for gap in gaps]
    known = [gap for gap in evened[:baseline] if gap is not None]
    floor = _CHANCE_ON_NELSONS_SCALE * fmean(known) if known else 0.0
    limits = xmr(evened, baseline=baseline, edge=0.0, sigma_floor=floor)
    return Limits(
        limits.centre ** (1 / _NELSON),
        tuple(None for _lower in limits.lower),
        tuple(None if upper is None else upper ** (1 / _NELSON) for upper in limits.upper),
    )


_NELSON = 1 / 3.6
_CHANCE_ON_NELSONS_SCALE = 0.3078
"""The standard deviation of an exponential waiting time on Nelson's scale, as a part of its mean."""
