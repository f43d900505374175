"""What a chart may say, and when: the ladder from a few dots to firm limits, and the four verdicts.

Fewer than 6 points: dots only. From 6: provisional limits, and only Beyond counts. From 12: the limits are frozen on
the first 12 and all three rules count. Limits never roll with the weeks, or they would swallow a slow drift; they begin
again only at a restart, which has a reason, and the old ones stay drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt
from operator import itemgetter
from statistics import fmean

from digests import charts, rules
from digests.charts import Limits
from digests.rules import Rule, Side, Signal
from digests.speech import N_

ENOUGH_FOR_LIMITS = 6
ENOUGH_TO_FREEZE = 12
ENOUGH_FOR_A_RUN = 1.0
"""Hits, and others, a point that a share's baseline needs before a Run counts. With fewer, most points are 0 of n (or n
of n) and lie on one side of the central line by nature: at 2 in 100, one digest in six would cry wolf.
"""

ENOUGH_EITHER_WAY = 3
"""Hits, and others, that the limits of a share rest on. Drawn from none, one or two they would call the next one a
change; so they wait until there are as many.
"""


class Measure(StrEnum):
    """What is charted, which decides how its limits are found."""

    SHARE = "share"
    COUNT = "count"
    DAYS = "days"
    RARE = "days between"


class Verdict(StrEnum):
    """The only four things a chart ever says."""

    CHANGED = N_("changed")
    NO_SIGNAL = N_("no signal")
    TOO_EARLY = N_("too early to say")
    RESTARTED = N_("chart restarted")


class Firmness(StrEnum):
    """How much a stretch of the chart can carry."""

    DOTS = "dots only"
    PROVISIONAL = "provisional"
    FIRM = "firm"


@dataclass(frozen=True)
class Point:
    """One week (or fortnight) on a chart."""

    name: str
    label: str
    value: float | None
    """None when the point is missing: an empty week, or one with too little in it."""
    hits: int | None = None
    of: int | None = None
    """For a share: how many cases, of how many."""
    chance: float = 0.0
    """For days: how much (one sigma) the point would move if other notes had been logged in the same week."""
    why_missing: str = ""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Something that a unit's people changed in their work, from the change log."""

    words: str
    day: str
    """From which day on, as a person says it."""
    unit: str = ""
    """Which unit changed it, where that is another one."""
    change_id: int = 0
    """Its id in the change log. Digests on record from before it was kept have none."""
    taken_back: bool = False
    """It has been taken back since: nothing is left of it but its day, and whose it was."""


Reason = str | tuple[Changed, ...]
"""Why a chart begins again: in words, or what was changed in the work, the earliest first."""


@dataclass(frozen=True)
class Restart:
    """The chart begins again at this point, for this reason."""

    at: int
    reason: Reason


@dataclass(frozen=True)
class Span:
    """A stretch of the chart with one central line and one pair of limits."""

    first: int
    last: int
    firmness: Firmness
    known: int
    """How many of its points are not missing."""
    centre: float | None
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    reason: Reason = ""
    """Why the chart begins again here. Empty for the first stretch."""

    def after(self, cut: int) -> Span:
        """The part of this stretch after the first `cut` points of the chart, which are left out."""
        gone = max(0, cut - self.first)
        return replace(
            self,
            first=max(0, self.first - cut),
            last=self.last - cut,
            lower=self.lower[gone:],
            upper=self.upper[gone:],
        )


@dataclass(frozen=True)
class Chart:
    """A finished chart: its points, its limits, what stands out, and what may be said of the latest point."""

    measure: Measure
    points: tuple[Point, ...]
    spans: tuple[Span, ...]
    signals: tuple[Signal, ...]
    verdict: Verdict
    why: tuple[Signal, ...] = ()
    """The signals that reach the latest point, strongest first, each from where its change began: that may lie before
    the first of the points, where only the latest are left.
    """
    began: tuple[Point, ...] = ()
    """The point with which each of `why` began. Charts on record from before it was kept have none."""
    beyond_only: bool = False
    """Whether Beyond alone was looked for."""

    @property
    def latest(self) -> Point:
        """The point that the verdict is about."""
        return self.points[-1]

    @property
    def span(self) -> Span:
        """The stretch that the latest point belongs to."""
        return self.spans[-1]

    @property
    def since(self) -> Point | None:
        """Where the change began, as far as the signals can tell."""
        return self.beginning()

    def beginning(self, side: Side | None = None) -> Point | None:
        """Where the change began, as far as the signals on one side, or on any, can tell."""
        began = self.began or tuple(self.points[signal.first] for signal in self.why)
        pairs = [(s.first, point) for s, point in zip(self.why, began, strict=True) if side in (None, s.side)]
        return min(pairs, key=itemgetter(0))[1] if pairs else None

    def tail(self, at_most: int) -> Chart:
        """The same chart with its latest points alone, as a picture has room for. Nothing is judged anew."""
        cut = max(0, len(self.points) - at_most)
        if not cut:
            return self
        spans = tuple(span.after(cut) for span in self.spans if span.last >= cut)
        drawn = [signal.moved(-cut) for signal in self.signals if signal.last >= cut]
        signals = tuple(replace(signal, first=max(0, signal.first)) for signal in drawn)
        why = tuple(signal.moved(-cut) for signal in self.why)
        return replace(self, points=self.points[cut:], spans=spans, signals=signals, why=why)

    @property
    def earlier(self) -> tuple[Signal, ...]:
        """Signals in the chart that have passed."""
        return tuple(signal for signal in self.signals if signal.last < len(self.points) - 1)


def told_before(chart: Chart) -> bool:
    """Whether the change that a chart shows was there one point ago, on the same side: then it is no news any more."""
    if chart.verdict is not Verdict.CHANGED or len(chart.points) < 2:
        return False
    restarts = [Restart(span.first, span.reason) for span in chart.spans[1:]]
    before = judge(chart.measure, chart.points[:-1], restarts=restarts, beyond_only=chart.beyond_only)
    return bool({signal.side for signal in before.why} & {signal.side for signal in chart.why} - {Side.JUMP})


def judge(
    measure: Measure, points: Sequence[Point], *, restarts: Sequence[Restart] = (), beyond_only: bool = False
) -> Chart:
    """Draw the limits that the data can carry and say what may be said of the latest point.

    Args:
        measure: what is charted.
        points: in the order of time, at least one, the one in question last.
        restarts: where the chart begins again, and why.
        beyond_only: look for Beyond alone, as theme charts do: there are many of them, and many rules cry wolf.

    Raises:
        ValueError: there are no points.
    """
    if not points:
        raise ValueError("A chart needs at least one point.")
    reasons = {restart.at: restart.reason for restart in restarts if 0 < restart.at < len(points)}
    starts = [0, *sorted(reasons)]
    stretches = zip(starts, [*starts[1:], len(points)], strict=True)
    drawn = [_stretch(measure, points, first, end, reasons.get(first, ""), beyond_only) for first, end in stretches]
    spans = tuple(span for span, _ in drawn)
    signals = tuple(signal for _, found in drawn for signal in found)
    now = sorted((signal for signal in signals if signal.last == len(points) - 1), key=_weight)
    why = tuple(_from_its_beginning(signal, signals, points, spans[-1]) for signal in now)
    return Chart(
        measure=measure,
        points=tuple(points),
        spans=spans,
        signals=signals,
        verdict=_verdict(points[-1], spans[-1], why),
        why=why,
        began=tuple(points[signal.first] for signal in why),
        beyond_only=beyond_only,
    )


def _stretch(
    measure: Measure, points: Sequence[Point], first: int, end: int, reason: Reason, beyond_only: bool
) -> tuple[Span, list[Signal]]:
    part = points[first:end]
    known = sum(point.value is not None for point in part)
    if known < ENOUGH_FOR_LIMITS:
        none = (None,) * len(part)
        return Span(first, end - 1, Firmness.DOTS, known, None, none, none, reason), []
    firm = known >= ENOUGH_TO_FREEZE
    frozen = _frozen_at(measure, part) if firm else None
    limits = _limits(measure, part, frozen)
    found = _signals(part, limits, all_rules=firm and not beyond_only)
    if measure is Measure.SHARE and frozen and _lopsided(part[:frozen]):
        found = [signal for signal in found if signal.rule is not Rule.RUN]
    moved = [signal.moved(first) for signal in found]
    firmness = Firmness.FIRM if firm else Firmness.PROVISIONAL
    return Span(first, end - 1, firmness, known, limits.centre, limits.lower, limits.upper, reason), moved


def _from_its_beginning(signal: Signal, signals: Sequence[Signal], points: Sequence[Point], span: Span) -> Signal:
    """A point beyond a limit began with the first of those before it that lie there, too; missing points aside."""
    if signal.rule is not Rule.BEYOND or signal.side is Side.JUMP:
        return signal
    beyond = {other.last for other in signals if (other.rule, other.side) == (signal.rule, signal.side)}
    first = signal.first
    for place in reversed(range(span.first, first)):
        if place in beyond:
            first = place
        elif points[place].value is not None:
            break
    return replace(signal, first=first)


def _lopsided(baseline: Sequence[Point]) -> bool:
    """Whether a share has so few hits, or so few others, that eight points on one side of its line say nothing."""
    return _rarer(baseline) < ENOUGH_FOR_A_RUN * sum(point.value is not None for point in baseline)


def _frozen_at(measure: Measure, part: Sequence[Point]) -> int:
    """How many points the limits are frozen on: the first 12, or as many as a share takes to hold enough either way."""
    known = [i for i, point in enumerate(part) if point.value is not None]
    enough = known[ENOUGH_TO_FREEZE - 1] + 1
    if measure is not Measure.SHARE:
        return enough
    return next((many for many in range(enough, len(part)) if _rarer(part[:many]) >= ENOUGH_EITHER_WAY), len(part))


def _rarer(points: Sequence[Point]) -> int:
    """The hits of a share in these points, or the other cases, whichever are fewer."""
    known = [point for point in points if point.value is not None]
    hits, of = sum(point.hits or 0 for point in known), sum(point.of or 0 for point in known)
    return min(hits, of - hits)


def _limits(measure: Measure, part: Sequence[Point], baseline: int | None) -> Limits:
    values = [point.value for point in part]
    match measure:
        case Measure.SHARE:
            there = [point.value is not None for point in part]
            hits = [point.hits if known else None for point, known in zip(part, there, strict=True)]
            of = [point.of if known else None for point, known in zip(part, there, strict=True)]
            limits = charts.laney(hits, of, baseline=baseline)
            none = (None,) * len(part)
            return limits if _rarer(part[:baseline]) >= ENOUGH_EITHER_WAY else replace(limits, lower=none, upper=none)
        case Measure.COUNT:
            return charts.counts(values, baseline=baseline)
        case Measure.DAYS:
            based_on = [point.chance**2 for point in part[:baseline] if point.value is not None]
            return charts.xmr(values, baseline=baseline, edge=0.0, sigma_floor=sqrt(fmean(based_on)))
        case Measure.RARE:
            return charts.rare(values, baseline=baseline)


def _signals(part: Sequence[Point], limits: Limits, *, all_rules: bool) -> list[Signal]:
    values = [point.value for point in part]
    found = [*rules.beyond(values, limits), *rules.jumps(values, limits)]
    if all_rules:
        found += [*rules.near(values, limits), *rules.runs(values, limits)]
    return sorted(found, key=lambda signal: (signal.last, _weight(signal)))


def _weight(signal: Signal) -> int:
    if signal.rule is Rule.BEYOND:
        return 1 if signal.side is Side.JUMP else 0
    return 2 if signal.rule is Rule.NEAR else 3


def _verdict(latest: Point, span: Span, why: Sequence[Signal]) -> Verdict:
    if span.firmness is Firmness.DOTS:
        return Verdict.RESTARTED if span.reason else Verdict.TOO_EARLY
    if latest.value is None:
        return Verdict.TOO_EARLY
    return Verdict.CHANGED if why else Verdict.NO_SIGNAL
