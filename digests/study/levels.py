"""Lasting changes of a share: where one level ends and the next begins, and whether it is more than chance.

The weeks are divided into levels so that they fit best, each further level costing a fixed amount (optimal
partitioning: Jackson and others 2005, doi 10.1109/LSP.2001.838216). A change must then show on the digests' own chart,
with its limits frozen on the weeks before, hold without any single week of it, and still stand in its later half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from digests import charts, rules
from digests.rules import Rule, Side
from digests.verdicts import ENOUGH_FOR_LIMITS, ENOUGH_TO_FREEZE

AT_TEN = 0.006
"""How often a steady share in 12 to 52 weeks shows a change, when a further level must fit better by 10 (twice the log
likelihood). Measured on simulated shares; a test holds it."""
SHORTEST = ENOUGH_FOR_LIMITS
"""Weeks that a level lasts at least: fewer could be a spell that passes."""
WITHOUT_ANY_WEEK = 0.6
"""What must be left of the cost when the most telling week is left out."""
AS_LIKELY = 3.0
"""A beginning that fits worse than the best one by less than this is nearly as likely."""

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """From this week on the share has another level."""

    at: int
    """The week with which the new level most likely begins, counted from 0."""
    gains: Mapping[int, float]
    """Twice the log likelihood that it adds, by the week with which it may begin."""
    before: tuple[int, int]
    after: tuple[int, int]
    """Hits and cases of the level before, and of the level after."""
    side: Side
    rule: Rule
    """The strongest of the chart's rules that shows it."""
    until: int
    """The week after the last one of the new level."""
    since: int
    """The first week of the level before."""

    @property
    def gain(self) -> float:
        """Twice the log likelihood that the change adds."""
        return self.gains[self.at]

    @property
    def latest(self) -> int:
        """The last week with which it may well have begun."""
        return max(week for week, gain in self.gains.items() if gain >= self.gain - AS_LIKELY)

    def begins_within(self, first: int, last: int) -> int:
        """The week with which it begins if that is one from `first` to `last`: as likely earlier as later (the median).

        The likeliest week alone is off by more, since many are often nearly as likely. It is returned where none fits.
        """
        weeks = sorted(week for week in self.gains if first <= week <= last)
        if not weeks:
            return self.at
        chances = np.exp((np.array([self.gains[week] for week in weeks]) - self.gain) / 2).cumsum()
        return weeks[int(np.searchsorted(chances, chances[-1] / 2))]


def changes(hits: Sequence[int], of: Sequence[int], *, by_chance: float) -> tuple[Change, ...]:
    """The lasting changes of a share, in the order of time.

    Args:
        hits: how many of the cases, a week.
        of: how many cases, a week; a week with none is missing and counts for nothing.
        by_chance: how often a steady share may show a change all the same, roughly: .01 is one series in a hundred.
    """
    known = [week for week, cases in enumerate(of) if cases]
    if len(known) < 2 * SHORTEST:
        return ()
    x, n = (np.array([column[week] for week in known], dtype=np.float64) for column in (hits, of))
    cost = 10 + 2 * log(AT_TEN / by_chance)
    misfit = _misfit(x, n) / _spread(hits, of)
    ends = _levels(misfit, cost)
    found = []
    for first, at, end in zip(ends, ends[1:], ends[2:], strict=False):
        change = _judged(x, n, misfit, (first, at, end), cost)
        if change is not None:
            found.append(_in_weeks(change, known, len(of)))
    return tuple(found)


def gain(hits: Sequence[int], of: Sequence[int], change: Change) -> float:
    """Twice the log likelihood that a change adds in another series; below nought when it goes the other way.

    Args:
        hits: how many of the cases, a week.
        of: how many cases, a week.
        change: where the levels begin and end; the level before is taken from the first week on.
    """
    x, n = np.array(hits, dtype=np.float64), np.array(of, dtype=np.float64)
    before, after = slice(0, change.at), slice(change.at, change.until)
    sums = [(float(x[part].sum()), float(n[part].sum())) for part in (before, after)]
    if not all(cases for _, cases in sums):
        return 0.0
    levels = [float(_deviance(np.array(hits), np.array(cases))) for hits, cases in sums]
    whole = float(_deviance(np.array(x[: change.until].sum()), np.array(n[: change.until].sum())))
    rose = sums[1][0] / sums[1][1] > sums[0][0] / sums[0][1]
    return (whole - sum(levels)) * (1 if rose is (change.side is Side.ABOVE) else -1)


def _misfit(x: Numbers, n: Numbers) -> Numbers:
    """Minus twice the log likelihood of one level from week i up to week j, for every i < j, (weeks + 1, weeks + 1)."""
    hits = np.concatenate([[0.0], np.cumsum(x)])
    cases = np.concatenate([[0.0], np.cumsum(n)])
    return _deviance(hits[None, :] - hits[:, None], cases[None, :] - cases[:, None])


def _deviance(x: Numbers, n: Numbers) -> Numbers:
    """Minus twice the binomial log likelihood at its own share, without the part that is the same for every share."""
    share = np.clip(x / np.maximum(n, 1e-9), 1e-9, 1 - 1e-9)
    return np.asarray(-2 * (x * np.log(share) + (n - x) * np.log(1 - share)), dtype=np.float64)


def _spread(hits: Sequence[int], of: Sequence[int]) -> float:
    """How much more the weeks vary than chance has them, as a variance: Laney's sigma_z, floored at 1, squared."""
    sigma = charts.laney([h if n else None for h, n in zip(hits, of, strict=True)], list(of)).sigma_z or 0.0
    return max(1.0, sigma) ** 2


def _levels(misfit: Numbers, cost: float) -> list[int]:
    """Where the levels begin, and the end: the division with the least misfit, each level costing `cost`."""
    weeks = len(misfit) - 1
    best = np.full(weeks + 1, np.inf)
    best[0] = -cost
    came_from = np.zeros(weeks + 1, dtype=np.int64)
    for end in range(SHORTEST, weeks + 1):
        starts = np.arange(0, end - SHORTEST + 1)
        totals = best[starts] + misfit[starts, end] + cost
        came_from[end] = starts[totals.argmin()]
        best[end] = totals.min()
    ends = [weeks]
    while ends[-1]:
        ends.append(int(came_from[ends[-1]]))
    return ends[::-1]


def _judged(x: Numbers, n: Numbers, misfit: Numbers, place: tuple[int, int, int], cost: float) -> Change | None:
    """The change at `at` between the levels from `first` and up to `end`; none when it does not hold."""
    first, at, end = place
    gain = float(misfit[first, end] - misfit[first, at] - misfit[at, end])
    before, after = (int(x[first:at].sum()), int(n[first:at].sum())), (int(x[at:end].sum()), int(n[at:end].sum()))
    side = Side.ABOVE if after[0] / after[1] > before[0] / before[1] else Side.BELOW
    rule = _shown_by(x[first:end], n[first:end], at - first, side)
    holds = gain >= cost and _holds_without_any_week(x[first:end], n[first:end], at - first, gain, misfit, place, cost)
    if rule is None or not holds or not _still_stands(x, n, (first, at, end), side):
        return None
    around = range(first + SHORTEST, end - SHORTEST + 1)  # a level that began elsewhere would be none
    gains = {week: float(misfit[first, end] - misfit[first, week] - misfit[week, end]) for week in around}
    return Change(at, gains, before, after, side, rule, end, first)


def _shown_by(x: Numbers, n: Numbers, at: int, side: Side) -> Rule | None:
    """The strongest rule by which the chart shows the change, its limits frozen on the weeks before; none if none."""
    hits, of = [int(value) for value in x], [int(value) for value in n]
    limits = charts.laney(hits, of, baseline=min(at, ENOUGH_TO_FREEZE))
    if limits.centre in (0.0, 1.0):
        return Rule.BEYOND  # nothing had varied, so that there are no limits, and everything else lies outside
    shares = charts.shares_of(hits, of)
    found = (*rules.beyond(shares, limits), *rules.near(shares, limits), *rules.runs(shares, limits))
    seen = [signal.rule for signal in found if signal.side is side and signal.last >= at]
    return min(seen, key=list(Rule).index, default=None)


def _holds_without_any_week(
    x: Numbers,
    n: Numbers,
    at: int,
    gain: float,
    misfit: Numbers,
    place: tuple[int, int, int],
    cost: float,
) -> bool:
    """Whether the change stands whichever single week is left out: one loud week is no lasting change."""
    scale = float(_deviance(x.sum(), n.sum())) / max(float(misfit[place[0], place[2]]), 1e-9)
    sums = np.array([[x[:at].sum(), n[:at].sum()], [x[at:].sum(), n[at:].sum()]])
    least = gain
    for week in range(len(x)):
        part = sums.copy()
        part[int(week >= at)] -= (x[week], n[week])
        whole = part.sum(axis=0)
        left = _deviance(whole[0], whole[1]) - _deviance(part[0, 0], part[0, 1]) - _deviance(part[1, 0], part[1, 1])
        least = min(least, float(left) / max(scale, 1e-9))
    return least >= WITHOUT_ANY_WEEK * cost


def _still_stands(x: Numbers, n: Numbers, place: tuple[int, int, int], side: Side) -> bool:
    """Whether the later half of the new level lies nearer to it than to the old one."""
    first, at, end = place
    half = at + (end - at) // 2
    old, new = x[first:at].sum() / n[first:at].sum(), x[at:end].sum() / n[at:end].sum()
    late = x[half:end].sum() / n[half:end].sum()
    middle = (old + new) / 2
    return bool(late > middle if side is Side.ABOVE else late < middle)


def _in_weeks(change: Change, known: Sequence[int], weeks: int) -> Change:
    """The same change, with missing weeks counted in."""
    until = known[change.until] if change.until < len(known) else weeks
    return Change(
        known[change.at],
        {known[week]: gain for week, gain in change.gains.items()},
        change.before,
        change.after,
        change.side,
        change.rule,
        until,
        known[change.since] if change.since else 0,
    )
