"""The numbers of a chart, put the way people say them: "31 of 74", "anything from 17 to 45"."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from digests.facts import Charted
from digests.rules import RUN_LENGTH, Rule, Side, Signal
from digests.verdicts import ENOUGH_FOR_LIMITS, ENOUGH_TO_FREEZE, Chart, Firmness, Measure, Point, Verdict

_LAST = 12


@dataclass(frozen=True)
class Telling:
    """What there is to say of one chart."""

    verdict: Verdict
    value: str
    """The latest point: "31 of 74"."""
    missing: str
    """Why the latest point is not there, if it is not."""
    routine: str
    """Where the latest point may lie in routine: "anything from 17 to 45". Empty without limits."""
    provisional: bool
    known: int
    """How many points the limits rest on, or wait for."""
    step: str
    """What a point is: "week" or "fortnight"."""
    at: str
    """The day the latest point begins on."""
    since: str
    """Where a change began, if that is not the latest point itself."""
    signals: tuple[str, ...]
    """What makes us say so."""
    last_signal: str
    """Where the last signal was, if it has passed."""
    restart: str
    """Why the chart began again, if it did."""
    numbers: str
    """The latest points in a row, for those who would rather read than look."""
    shown: int
    """How many points stand in that row."""
    enough: int = ENOUGH_FOR_LIMITS
    enough_to_freeze: int = ENOUGH_TO_FREEZE

    @property
    def is_missing(self) -> bool:
        """Whether the latest point is not there, though the chart could judge one."""
        return bool(self.missing)


def of(charted: Charted) -> Telling:
    """Everything that can be said of a top-level chart."""
    step = "fortnight" if charted.fortnights else "week"
    return of_chart(charted.chart, step=step)


def of_chart(chart: Chart, *, step: str = "week") -> Telling:
    """Everything that can be said of a chart whose points are weeks, fortnights or gaps."""
    latest, span = chart.latest, chart.span
    return Telling(
        verdict=chart.verdict,
        value=_value(chart.measure, latest),
        missing=latest.why_missing if latest.value is None else "",
        routine="" if span.centre is None or latest.value is None else _routine(chart),
        provisional=span.firmness is Firmness.PROVISIONAL,
        known=span.known,
        step=step,
        at=latest.label,
        since=chart.since.label if chart.since and chart.since != latest else "",
        signals=tuple(_because(signal, step) for signal in chart.why),
        last_signal=chart.points[chart.earlier[-1].last].label if chart.earlier else "",
        restart=span.reason,
        shown=min(len(chart.points), _LAST),
        numbers=", ".join(_value(chart.measure, point) or "none" for point in chart.points[-_LAST:]),
    )


def band(chart: Chart) -> tuple[float, float | None, float | None] | None:
    """Central line, lower and upper limit at the latest point; None without limits."""
    span = chart.span
    if span.centre is None:
        return None
    return span.centre, span.lower[-1], span.upper[-1]


def number(value: float) -> str:
    """A number as people write it: whole if it is whole, otherwise with one decimal."""
    return f"{value:.0f}" if abs(value - round(value)) < 0.05 else f"{value:.1f}"


def _value(measure: Measure, point: Point) -> str:
    if measure is Measure.SHARE:
        return "" if not point.of else f"{point.hits} of {point.of}"
    return "" if point.value is None else number(point.value)


def _routine(chart: Chart) -> str:
    limits = band(chart)
    assert limits is not None
    _, lower, upper = limits
    times = chart.latest.of or 1 if chart.measure is Measure.SHARE else 1
    whole = chart.measure in (Measure.SHARE, Measure.COUNT)
    low = None if lower is None else _round(lower * times, up=True, whole=whole)
    high = None if upper is None else _round(upper * times, up=False, whole=whole)
    if high is None:
        return ""
    if low is None or low == "0":
        return f"anything up to {high}"
    return f"anything from {low} to {high}"


def _round(value: float, *, up: bool, whole: bool) -> str:
    if not whole:
        return number(value)
    return str(ceil(value - 1e-9) if up else floor(value + 1e-9))


def _because(signal: Signal, step: str) -> str:
    side = "above" if signal.side is Side.ABOVE else "below"
    if signal.rule is Rule.RUN:
        return (
            f"{signal.last - signal.first + 1} {step}s in a row lie {side} the central line (Run: {RUN_LENGTH} or more)"
        )
    if signal.rule is Rule.NEAR:
        limit = "upper" if signal.side is Side.ABOVE else "lower"
        return f"three of the last four {step}s lie nearer the {limit} limit than the central line (Near)"
    if signal.side is Side.JUMP:
        return f"the step from the {step} before is larger than routine makes (Beyond)"
    return f"this {step} lies {side} what routine explains (Beyond)"
