"""Pictures of a study beside its charts: what each week's demands were, and in which weeks each theme was heard."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from digests.pictures import Label, Mark
from digests.study.facts import Study, ThemeFacts
from nlp.vocabulary import DemandType

WIDTH, HEIGHT = 400, 220
LEFT, RIGHT, TOP, BOTTOM = 32, 10, 34, 52
ORDER = (DemandType.VALUE, DemandType.FAILURE, DemandType.OPPORTUNITY, DemandType.EXTERNAL, DemandType.UNKNOWN)
STRIP_WIDTH, STRIP_HEIGHT = 360, 18
WIDEST_DOT = 6.5


@dataclass(frozen=True)
class Bar:
    """A part of a week's bar where it is drawn."""

    x: float
    y: float
    width: float
    height: float
    type: str


@dataclass(frozen=True)
class Bars:
    """Every week's demands by type, one bar a week."""

    bars: tuple[Bar, ...]
    ticks: tuple[Label, ...]
    dates: tuple[Label, ...]
    alt: str


def types_by_week(study: Study) -> Bars:
    """One bar a week, its parts in the order of the legend from below."""
    most = max((sum(week.types.values()) for week in study.weeks), default=0) or 1
    many = len(study.weeks)
    step = (WIDTH - LEFT - RIGHT) / many
    high = HEIGHT - TOP - BOTTOM
    bars = []
    for number, week in enumerate(study.weeks):
        foot = float(HEIGHT - BOTTOM)
        for kind in ORDER:
            tall = high * week.types[kind] / most
            foot -= tall
            if tall:
                x, wide = LEFT + number * step + step * 0.1, step * 0.8
                bars.append(Bar(round(x, 1), round(foot, 1), round(wide, 1), round(tall, 1), kind.value))
    ticks = tuple(Label(LEFT - 6, HEIGHT - BOTTOM - high * part + 4, f"{most * part:.0f}", "end") for part in (0, 1))
    places = sorted({0, many // 2, many - 1} if many > 4 else {0, many - 1})
    ends = {0: "start", many - 1: "end"}
    dates = tuple(
        Label(round(LEFT + (at + 0.5) * step, 1), HEIGHT - BOTTOM + 17, f"week {at + 1}", ends.get(at, "middle"))
        for at in places
    )
    told = ", ".join(f"{kind.value} {study.types[kind]}" for kind in ORDER)
    return Bars(tuple(bars), ticks, dates, f"Chart: demands logged each week by type, {many} weeks; in all {told}.")


def strip(theme: ThemeFacts) -> tuple[list[Mark], str]:
    """A dot for each week in which a theme was heard, the larger the more notes; and the same in words."""
    many = len(theme.by_week)
    most = max(theme.by_week)
    step = STRIP_WIDTH / many
    marks = [
        Mark(round((week + 0.5) * step, 1), round(min(WIDEST_DOT, step * 0.9) * sqrt(notes / most), 1), "dot")
        for week, notes in enumerate(theme.by_week)
        if notes
    ]
    return marks, f"Notes a week from week 1 to {many}: {', '.join(map(str, theme.by_week))}."
