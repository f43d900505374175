"""A lasting change of the failure share, up or down: the lead chart, judged with all its weeks at hand."""

from __future__ import annotations

from collections.abc import Sequence

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

_SHOWN_BY = {
    Rule.RUN: f"{RUN_LENGTH} points or more in a row lie on one side of the central line before (Run)",
    Rule.NEAR: "three of four points in a row lie nearer a limit than the central line before (Near)",
    Rule.BEYOND: "points lie outside what routine gave before (Beyond)",
}


def failure_chart(material: Material) -> tuple[Chart, bool]:
    """The share of failure demand as the digests chart it, and whether fortnights had to be pooled."""
    return series.failure_share(material.weeks, material.counted)


def found_in(material: Material, chart: Chart) -> list[tuple[Signal, Change, int]]:
    """Every lasting change of the failure share, the change itself, and the week it began, counted from 0."""
    names = {week.name: at for at, week in enumerate(material.weeks)}
    points = [(point.hits or 0, point.of or 0) if point.value is not None else (0, 0) for point in chart.points]
    found = []
    for change in levels.changes([hits for hits, _ in points], [of for _, of in points], by_chance=BY_CHANCE):
        at = names[chart.points[change.at].name]
        until = names[chart.points[change.until].name] if change.until < len(chart.points) else len(material.weeks)
        found.append((_signal(material, change, at, until), change, at))
    return found


def _signal(material: Material, change: Change, at: int, until: int) -> Signal:
    rose = change.side is Side.ABOVE
    (failures, before), (later, after) = change.before, change.after
    says = (
        f"Failure demand became a {'larger' if rose else 'smaller'} part of the notes and stayed so: "
        f"{later} of {after} classified notes from week {at + 1} on, {failures} of {before} before. "
        f"{opening(_SHOWN_BY[change.rule])}."
    )
    themes, evidence = _led_by(material, at, until, rose=rose)
    if themes:
        where = "Most of what came on top is about" if rose else "Most of what fell away was about"
        says += f" {where} {listed([f'“{theme}”' for theme in themes])}."
    return Signal(type=SignalType.FAILURE_SHIFT, week=at + 1, says=says, evidence=evidence)


def _led_by(material: Material, at: int, until: int, *, rose: bool) -> tuple[list[str], tuple[int, ...]]:
    """The themes of failure demand that moved most, and the notes that show the change.

    They are notes of the new level when the share rose; when it fell, notes of the time before that came no more.
    """
    failing = [place for place in material.demands if material.notes[place].demand_type is DemandType.FAILURE]
    spell = [place for place in failing if material.week_of[place] < until]
    before = [place for place in spell if material.week_of[place] < at]
    after = [place for place in spell if material.week_of[place] >= at]
    cases = sum(material.logged[:at]) or 1, sum(material.logged[at:until]) or 1
    moved = {}
    for theme in material.by_theme:
        was = sum(material.notes[place].theme == theme for place in before)
        now = sum(material.notes[place].theme == theme for place in after)
        moved[theme] = (now / cases[1] - was / cases[0]) * (1 if rose else -1)
    whole = sum(value for value in moved.values() if value > 0)
    leading = [
        theme
        for theme in sorted(moved, key=lambda theme: (-moved[theme], theme))[:LEADING_THEMES]
        if moved[theme] > 0.15 * whole > 0
    ]
    shown = after if rose else before
    theirs = [place for place in shown if material.notes[place].theme in leading] or shown
    return [material.labels[theme] for theme in leading if theme in material.labels], _some(theirs)


def _some(places: Sequence[int]) -> tuple[int, ...]:
    """Evenly many of these, from first to last."""
    step = max(1.0, len(places) / MOST_EVIDENCE)
    return tuple(places[int(n * step)] for n in range(min(len(places), MOST_EVIDENCE)))
