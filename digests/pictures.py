"""A chart as one drawing: SVG from a template, inline in the HTML page; PNG from the same SVG for everywhere else.

Signals are told by shape and by a word in the legend, never by colour alone. The font is our own, beside this file:
without one a PNG would silently have no text at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log10
from pathlib import Path

import resvg_py
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from digests import mrkdwn, telling
from digests.facts import Charted
from digests.rules import RUN_LENGTH, Rule
from digests.speech import N_, _
from digests.verdicts import Chart, Firmness, Measure, Span, Verdict

WIDTH, HEIGHT = 400, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 32, 96, 44, 58
_FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
_TITLES = {
    "failure share": N_("Failure demand in every 10 classified notes"),
    "end-to-end days": N_("Days since customers first asked"),
    "notes logged": N_("Notes logged"),
}
_SHAPES = {Rule.BEYOND: "diamond", Rule.NEAR: "triangle", Rule.RUN: "square"}
_MEANINGS = {
    Rule.BEYOND: N_("Beyond: outside what routine explains"),
    Rule.NEAR: N_("Near: 3 of 4 nearer a limit than the centre"),
    Rule.RUN: N_("Run: {enough} or more on one side"),
}
_ROW = 18


@dataclass(frozen=True)
class Mark:
    """A point where it is drawn."""

    x: float
    y: float
    shape: str


@dataclass(frozen=True)
class Stretch:
    """The lines of one span where they are drawn: paths, ready for SVG."""

    centre: str
    lower: str
    upper: str
    provisional: bool
    restart_x: float | None


@dataclass(frozen=True)
class Label:
    """Words where they are drawn."""

    x: float
    y: float
    words: str
    anchor: str = "start"


def svg(charted: Charted) -> str:
    """The drawing, as SVG that stands alone or inside a page."""
    chart = charted.chart
    scale = _Scale(chart)
    legend = _legend(chart)
    return _template().render(
        width=WIDTH,
        height=HEIGHT + _ROW * (len(legend) - 1),
        title=_title(charted),
        alt=alt(charted),
        plot={"left": _LEFT, "right": WIDTH - _RIGHT, "top": _TOP, "bottom": HEIGHT - _BOTTOM},
        ticks=scale.ticks(),
        stretches=[_stretch(span, scale) for span in chart.spans],
        line=_line([point.value for point in chart.points], scale),
        marks=_marks(chart, scale),
        missing=[scale.x(i) for i, point in enumerate(chart.points) if point.value is None],
        labels=_line_labels(chart, scale),
        dates=_dates(chart, scale),
        legend=legend,
        legend_y=[HEIGHT - 16 + _ROW * row for row in range(len(legend))],
    )


def png(charted: Charted, *, width: int = 960) -> bytes:
    """The drawing as a PNG, `width` pixels wide."""
    return as_png(svg(charted), width=width)


def as_png(drawing: str, *, width: int = 960) -> bytes:
    """A drawing of ours, given as SVG, as a PNG `width` pixels wide."""
    return resvg_py.svg_to_bytes(
        svg_string=drawing,
        width=width,
        background="#ffffff",
        skip_system_fonts=True,
        font_files=[str(_FONT)],
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
    )


def alt(charted: Charted) -> str:
    """The drawing in words, for those who do not see it."""
    chart, told = charted.chart, telling.of(charted)
    weeks = telling.points(len(chart.points), fortnights=told.fortnights)
    shown = _("Chart: {what}, {weeks} to {day}.")
    parts = [shown.format(what=_inside(_title(charted)), weeks=weeks, day=chart.latest.label)]
    limits = telling.band(chart)
    if limits is not None:
        centre, lower, upper = (None if v is None else telling.number(v * _times(chart)) for v in limits)
        if upper is None:
            lines = _("Central line {centre}.")
        elif lower is None:
            lines = _("Central line {centre}; routine reaches up to {upper}.")
        else:
            lines = _("Central line {centre}; routine reaches from {lower} to {upper}.")
        parts.append(lines.format(centre=centre, lower=lower, upper=upper))
    parts.append(f"{_(chart.verdict.value).capitalize()}.")
    if told.last_signal and chart.verdict is Verdict.NO_SIGNAL:
        parts.append(_("The last signal was in {when}.").format(when=told.last_signal))
    return mrkdwn.plain(" ".join(parts))


class _Scale:
    """From weeks and values to places on the paper."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.many = len(chart.points)
        self.times = _times(chart)
        every = [point.value for point in chart.points if point.value is not None]
        for span in chart.spans:
            every += [value for value in (*span.lower, *span.upper, span.centre) if value is not None]
        self.top = _nice(max(every, default=1.0) * self.times)
        if chart.measure is Measure.SHARE:
            self.top = min(self.top, 10.0)

    def x(self, i: float) -> float:
        wide = WIDTH - _LEFT - _RIGHT - 16
        return round(_LEFT + 8 + (wide * i / (self.many - 1) if self.many > 1 else wide / 2), 1)

    def y(self, value: float) -> float:
        high = HEIGHT - _TOP - _BOTTOM
        return round(HEIGHT - _BOTTOM - high * value * self.times / self.top, 1)

    def ticks(self) -> list[Label]:
        return [
            Label(_LEFT - 6, self.y(value / self.times) + 5, telling.number(value), "end")
            for value in (0.0, self.top / 2, self.top)
        ]


def _title(charted: Charted) -> str:
    titled = _("{what}, by fortnight") if charted.fortnights else _("{what}, by week")
    return titled.format(what=_(_TITLES[charted.key]))


def _inside(title: str) -> str:
    """A title as it stands inside a sentence."""
    return title[:1].lower() + title[1:]


def _times(chart: Chart) -> float:
    """Shares are drawn as so many in ten, which nobody takes for more precise than it is."""
    return 10.0 if chart.measure is Measure.SHARE else 1.0


def _nice(value: float) -> float:
    """A round number, divisible by two, at or above this one."""
    if value <= 2:
        return 2.0
    unit = 10.0 ** int(log10(value))
    return next(step * unit for step in (1, 2, 3, 4, 5, 6, 8, 10, 20) if step * unit >= value)


def _line(values: Sequence[float | None], scale: _Scale) -> str:
    """The path through the points; a missing one breaks it."""
    path, drawing = [], False
    for i, value in enumerate(values):
        if value is not None:
            path.append(f"{'L' if drawing else 'M'}{scale.x(i)} {scale.y(value)}")
        drawing = value is not None
    return " ".join(path)


def _steps(values: Sequence[float | None], first: int, scale: _Scale) -> str:
    """A limit that may differ from point to point, as level steps around each of them."""
    path, drawing = [], False
    for i, value in enumerate(values, start=first):
        if value is not None:
            left, right, y = scale.x(max(i - 0.5, 0)), scale.x(min(i + 0.5, scale.many - 1)), scale.y(value)
            path.append(f"{'L' if drawing else 'M'}{left} {y} L{right} {y}")
        drawing = value is not None
    return " ".join(path)


def _within(limit: float | None, scale: _Scale) -> float | None:
    """A limit worth drawing: one at the edge of what is possible says nothing."""
    at_the_edge = limit in (0.0, 1.0) and scale.chart.measure is Measure.SHARE
    return None if at_the_edge else limit


def _stretch(span: Span, scale: _Scale) -> Stretch:
    centre = [span.centre] * (span.last - span.first + 1)
    return Stretch(
        centre=_steps(centre, span.first, scale),
        lower=_steps([_within(value, scale) for value in span.lower], span.first, scale),
        upper=_steps([_within(value, scale) for value in span.upper], span.first, scale),
        provisional=span.firmness is Firmness.PROVISIONAL,
        restart_x=scale.x(span.first - 0.5) if span.reason and span.first else None,
    )


def _marks(chart: Chart, scale: _Scale) -> list[Mark]:
    shapes = {}
    for signal in sorted(chart.signals, key=lambda s: list(Rule).index(s.rule), reverse=True):
        first = signal.first if signal.rule is Rule.RUN else signal.last
        for i in range(first, signal.last + 1):
            shapes[i] = _SHAPES[signal.rule]
    return [
        Mark(scale.x(i), scale.y(point.value), shapes.get(i, "dot"))
        for i, point in enumerate(chart.points)
        if point.value is not None
    ]


def _line_labels(chart: Chart, scale: _Scale) -> list[Label]:
    """What the lines mean, at their right end, moved apart where they would overlap."""
    limits = telling.band(chart)
    if limits is None:
        return []
    centre, lower, upper = limits
    wanted = [(upper, _("routine to {value}")), (centre, _("centre {value}")), (lower, _("and from {value}"))]
    placed: list[Label] = []
    for limit, says in wanted:
        value = _within(limit, scale)
        if value is None:
            continue
        y = scale.y(value) + 4
        if placed:
            y = max(y, placed[-1].y + 15)
        placed.append(Label(WIDTH - _RIGHT + 2, y, says.format(value=telling.number(value * scale.times))))
    return placed


def _dates(chart: Chart, scale: _Scale) -> list[Label]:
    last = len(chart.points) - 1
    places = sorted({0, last // 2, last} if last >= 4 else {0, last})
    return [Label(scale.x(i), HEIGHT - _BOTTOM + 19, chart.points[i].label, "middle") for i in places]


def _legend(chart: Chart) -> list[list[tuple[str, str]]]:
    """Row by row: each shape in use and what it says; and the verdict when there are no shapes."""
    used = [rule for rule in Rule if any(signal.rule is rule for signal in chart.signals)]
    notes = [("", _("limits provisional"))] if chart.span.firmness is Firmness.PROVISIONAL else []
    if any(point.value is None for point in chart.points):
        notes.append(("", _("× too little")))
    if chart.verdict in (Verdict.TOO_EARLY, Verdict.RESTARTED) or not used:
        notes.insert(0, ("", _(chart.verdict.value)))
    rows = [[(_SHAPES[rule], _(_MEANINGS[rule]).format(enough=RUN_LENGTH))] for rule in used]
    return [*rows, notes] if notes else rows


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.globals["_"] = _
    return made.get_template("picture.svg.j2")
