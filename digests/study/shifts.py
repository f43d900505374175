"""A lasting change of the failure share, up or down: the lead chart, judged with all its weeks at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from digests import series
from digests.rules import RUN_LENGTH, Rule, Side
from digests.study import levels
from digests.study.facts import Signal, SignalType
from digests.study.levels import Change
from digests.study.material import Material
from digests.verdicts import Chart
from digests.wording import listed, opening
from nlp.vocabulary import DemandType

BY_CHANCE = 0.008
"""In about this part of all files with a steady share, a shift is found all the same."""
MOST_EVIDENCE = 60
"""Notes that are named for a signal, at most."""
LEADING_THEMES = 3
A_PART = 0.15
"""A theme leads when it made at least this part of what themes made; and it is told when the leading ones together made
at least this part of the whole, notes without a theme included.
"""

_SHOWN_BY = {
    Rule.RUN: f"{RUN_LENGTH} points or more in a row lie on one side of the central line before (Run)",
    Rule.NEAR: "three of four points in a row lie nearer a limit than the central line before (Near)",
    Rule.BEYOND: "points lie outside what routine gave before (Beyond)",
}


@dataclass(frozen=True, slots=True)
class _Shift:
    """A change of the failure share, in weeks of the file counted from 0."""

    change: Change
    since: int
    """The first week of the level before."""
    at: int
    until: int
    """The week after the last one of the new level."""
    judged: frozenset[int]
    """The weeks that its numbers are of."""

    @property
    def rose(self) -> bool:
        """Whether failure demand became a larger part."""
        return self.change.side is Side.ABOVE

    def moved(self, was: int, now: int) -> float:
        """How many notes came on top of what the level before would have brought; or came no more, when it fell."""
        (_, before), (_, after) = self.change.before, self.change.after
        return (now - was * after / before) * (1 if self.rose else -1)

    @property
    def whole(self) -> float:
        """How many came on top, or came no more, whatever they were about."""
        return self.moved(self.change.before[0], self.change.after[0])


def failure_chart(material: Material) -> tuple[Chart, bool]:
    """The share of failure demand as the digests chart it, and whether fortnights had to be pooled."""
    return series.failure_share(material.weeks, material.counted)


def found_in(material: Material, chart: Chart) -> list[tuple[Signal, Change, int]]:
    """Every lasting change of the failure share, the change itself, and the week it began, counted from 0."""
    names = {week.name: at for at, week in enumerate(material.weeks)}
    points = [(point.hits or 0, point.of or 0) if point.value is not None else (0, 0) for point in chart.points]
    starts = [*(names[point.name] for point in chart.points), len(material.weeks)]
    judged = _judged(chart, starts)
    found = []
    for change in levels.changes([hits for hits, _ in points], [of for _, of in points], by_chance=BY_CHANCE):
        shift = _Shift(change, starts[change.since], starts[change.at], starts[change.until], judged)
        found.append((_signal(material, shift), change, shift.at))
    return found


def _judged(chart: Chart, starts: Sequence[int]) -> frozenset[int]:
    """The weeks, one or two a point, that hold enough notes to tell of a share."""
    behind_a_point = range(starts[1] - starts[0])
    known = [start for point, start in zip(chart.points, starts, strict=False) if point.value is not None]
    return frozenset(start + week for start in known for week in behind_a_point)


def _signal(material: Material, shift: _Shift) -> Signal:
    (failures, before), (later, after) = shift.change.before, shift.change.after
    stayed = " and stayed so" if shift.until == len(material.weeks) else ""
    earlier = material.spell(shift.since, shift.at) if shift.change.since else "before"
    themes, moved, evidence = _led_by(material, shift)
    says = (
        f"Failure demand became a {'larger' if shift.rose else 'smaller'} part of the notes{stayed}: "
        f"{later} of {after} classified notes {material.spell(shift.at, shift.until)}, "
        f"{failures} of {before} {earlier}. {opening(_SHOWN_BY[shift.change.rule])}."
    )
    if themes and moved >= A_PART * shift.whole:
        says += f" {_about(themes, moved, shift)}"
    return Signal(type=SignalType.FAILURE_SHIFT, week=shift.at + 1, says=says, evidence=evidence)


def _about(themes: Sequence[str], moved: float, shift: _Shift) -> str:
    """What came on top, or fell away, is mostly about these themes, or in part: then it is said how large a part."""
    what = "what came on top is about" if shift.rose else "what fell away was about"
    named = listed([f"“{theme}”" for theme in themes])
    if moved > shift.whole / 2:
        return f"Most of {what} {named}."
    return f"Part of {what} {named}: roughly {moved:.0f} of {shift.whole:.0f} notes."


def _led_by(material: Material, shift: _Shift) -> tuple[list[str], float, tuple[int, ...]]:
    """The themes of failure demand that moved most, by how many notes together, and the notes that show the change.

    They are notes of the new level when the share rose; when it fell, notes of the time before that came no more.
    """
    failing = [
        place
        for place in material.demands
        if material.notes[place].demand_type is DemandType.FAILURE and material.week_of[place] in shift.judged
    ]
    before = [place for place in failing if shift.since <= material.week_of[place] < shift.at]
    after = [place for place in failing if shift.at <= material.week_of[place] < shift.until]
    was, now = (Counter(material.notes[place].theme for place in places) for places in (before, after))
    moved = {theme: shift.moved(was[theme], now[theme]) for theme in material.by_theme}
    by_themes = sum(value for value in moved.values() if value > 0)
    leading = [
        theme
        for theme in sorted(moved, key=lambda theme: (-moved[theme], theme))[:LEADING_THEMES]
        if moved[theme] > A_PART * by_themes > 0
    ]
    shown = after if shift.rose else before
    theirs = [place for place in shown if material.notes[place].theme in leading] or shown
    named = [theme for theme in leading if theme in material.labels]
    return [material.labels[theme] for theme in named], sum(moved[theme] for theme in named), _some(theirs)


def _some(places: Sequence[int]) -> tuple[int, ...]:
    """Evenly many of these, from first to last."""
    step = max(1.0, len(places) / MOST_EVIDENCE)
    return tuple(places[int(n * step)] for n in range(min(len(places), MOST_EVIDENCE)))
