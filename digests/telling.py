"""The numbers of a chart, put the way people say them: "31 of 74", "anything from 17 to 45"."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from babel.numbers import get_decimal_symbol

from digests import speech
from digests.facts import Charted
from digests.rules import RUN_LENGTH, Rule, Side, Signal
from digests.speech import N_, _, plural
from digests.verdicts import ENOUGH_FOR_LIMITS, ENOUGH_TO_FREEZE, Chart, Firmness, Measure, Point, Reason, Verdict

_LAST = 12

_RUNS = {
    Side.ABOVE: N_("{weeks} in a row lie above the central line (Run: {enough} or more)"),
    Side.BELOW: N_("{weeks} in a row lie below the central line (Run: {enough} or more)"),
}
_NEAR = {
    Side.ABOVE: (
        N_("three of the last four weeks lie nearer the upper limit than the central line (Near)"),
        N_("three of the last four fortnights lie nearer the upper limit than the central line (Near)"),
    ),
    Side.BELOW: (
        N_("three of the last four weeks lie nearer the lower limit than the central line (Near)"),
        N_("three of the last four fortnights lie nearer the lower limit than the central line (Near)"),
    ),
}
_BEYOND = {
    Side.ABOVE: (
        N_("this week lies above what routine explains (Beyond)"),
        N_("this fortnight lies above what routine explains (Beyond)"),
    ),
    Side.BELOW: (
        N_("this week lies below what routine explains (Beyond)"),
        N_("this fortnight lies below what routine explains (Beyond)"),
    ),
    Side.JUMP: (
        N_("the step from the week before is larger than routine makes (Beyond)"),
        N_("the step from the fortnight before is larger than routine makes (Beyond)"),
    ),
}
"""What makes us say that something changed: for a chart by the week, and by the fortnight."""
_APART = N_("before {day}, it had not been heard for longer than routine explains (Beyond)")
"""The same for a chart of the days between sightings, whose points are no weeks, and which has an upper limit alone."""


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
    alike: bool
    """Whether every point so far is the same as the others."""
    provisional: bool
    known: int
    """How many points the limits rest on, or wait for."""
    behind: str
    """The same with what a point is: "6 weeks", "6 fortnights"."""
    fortnights: bool
    """Whether a point is a fortnight, and not a week."""
    at: str
    """The day the latest point begins on."""
    since: str
    """Where a change began, if that is not the latest point itself: "the week of 13 May"."""
    signals: tuple[str, ...]
    """What makes us say so."""
    last_signal: str
    """Where the last signal was, if it has passed: "the week of 13 May"."""
    restart: str
    """Why the chart began again, if it did."""
    numbers: str
    """The latest points in a row, for those who would rather read than look."""
    shown: str
    """How many points stand in that row: "12 weeks"."""
    enough: int = ENOUGH_FOR_LIMITS
    enough_to_freeze: int = ENOUGH_TO_FREEZE

    @property
    def is_missing(self) -> bool:
        """Whether the latest point is not there, though the chart could judge one."""
        return bool(self.missing)


def of(charted: Charted) -> Telling:
    """Everything that can be said of a top-level chart."""
    return of_chart(charted.chart, fortnights=charted.fortnights)


def of_chart(chart: Chart, *, fortnights: bool = False) -> Telling:
    """Everything that can be said of a chart whose points are weeks, fortnights or gaps."""
    latest, span = chart.latest, chart.span
    return Telling(
        verdict=chart.verdict,
        value=_value(chart.measure, latest),
        missing=latest.why_missing if latest.value is None else "",
        routine="" if span.centre is None or latest.value is None else _routine(chart),
        alike=len({point.value for point in chart.points} - {None}) == 1,
        provisional=span.firmness is Firmness.PROVISIONAL,
        known=span.known,
        behind=points(span.known, fortnights=fortnights),
        fortnights=fortnights,
        at=latest.label,
        since=_since(chart, fortnights),
        signals=tuple(_because(signal, chart, fortnights) for signal in chart.why),
        last_signal=_spell(chart.points[chart.earlier[-1].last], fortnights) if chart.earlier else "",
        restart=_why_anew(span.reason),
        shown=points(min(len(chart.points), _LAST), fortnights=fortnights),
        numbers=", ".join(_value(chart.measure, point) or _("none") for point in chart.points[-_LAST:]),
    )


def band(chart: Chart) -> tuple[float, float | None, float | None] | None:
    """Central line, lower and upper limit at the latest point; None without limits."""
    span = chart.span
    if span.centre is None:
        return None
    return span.centre, span.lower[-1], span.upper[-1]


def points(n: int, *, fortnights: bool = False) -> str:
    """So many points of a chart, as people say it: "12 weeks"."""
    return plural(n, "{n} fortnight", "{n} fortnights") if fortnights else plural(n, "{n} week", "{n} weeks")


def number(value: float) -> str:
    """A number as people write it: whole if it is whole, otherwise with one decimal, behind their own decimal sign."""
    whole = abs(value - round(value)) < 0.05
    return f"{value:.0f}" if whole else f"{value:.1f}".replace(".", get_decimal_symbol(speech.spoken()))


def _value(measure: Measure, point: Point) -> str:
    if measure is Measure.SHARE:
        return "" if not point.of else _("{hits} of {of}").format(hits=point.hits, of=point.of)
    return "" if point.value is None else number(point.value)


def _routine(chart: Chart) -> str:
    limits = band(chart)
    assert limits is not None
    lower, upper = limits[1:]
    times = chart.latest.of or 1 if chart.measure is Measure.SHARE else 1
    whole = chart.measure in (Measure.SHARE, Measure.COUNT)
    low = None if lower is None else _round(lower * times, up=True, whole=whole)
    high = None if upper is None else _round(upper * times, up=False, whole=whole)
    if high is None:
        return ""
    if low is None or low == "0":
        return _("anything up to {high}").format(high=high)
    return _("anything from {low} to {high}").format(low=low, high=high)


def _round(value: float, *, up: bool, whole: bool) -> str:
    if not whole:
        return number(value)
    return str(ceil(value - 1e-9) if up else floor(value + 1e-9))


def _spell(point: Point, fortnights: bool) -> str:
    of = _("the fortnight of {day}") if fortnights else _("the week of {day}")
    return of.format(day=point.label)


def _why_anew(reason: Reason) -> str:
    """Why a chart began again: what was changed, each in its own words, but for what was taken back meanwhile."""
    if isinstance(reason, str):
        return reason
    there = [change for change in reason if not change.taken_back]
    if not there:
        return _("a change from {day} on was noted, and taken back later").format(day=reason[0].day)
    first, *more = there
    why = _("the work is another one since {day}: “{change}”").format(day=first.day, change=first.words)
    also = [_("and since {day}: “{change}”").format(day=change.day, change=change.words) for change in more]
    return ", ".join([why, *also])


def _since(chart: Chart, fortnights: bool) -> str:
    """Where a change began; nothing where that is the latest point itself, or where points are no weeks."""
    began = chart.since
    return "" if began in (None, chart.latest) or chart.measure is Measure.RARE else _spell(began, fortnights)


def _because(signal: Signal, chart: Chart, fortnights: bool) -> str:
    if chart.measure is Measure.RARE:  # which is watched by that rule alone
        return _(_APART).format(day=chart.points[signal.last].label)
    if signal.rule is Rule.RUN:
        weeks = points(signal.last - signal.first + 1, fortnights=fortnights)
        return _(_RUNS[signal.side]).format(weeks=weeks, enough=RUN_LENGTH)
    by_the_week, by_the_fortnight = (_NEAR if signal.rule is Rule.NEAR else _BEYOND)[signal.side]
    return _(by_the_fortnight if fortnights else by_the_week)
