"""Which kinds of failure demand keep coming, which are new, and which of them really changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from zoneinfo import ZoneInfo

from digests import quotes, series
from digests.facts import Theme
from digests.material import Material, bounds
from digests.verdicts import Chart
from storage import counts
from storage.counts import NoteFacts, ThemeCount, WeekCount

MOST_SHOWN = 3
MOST_CHARTED = 5
KEEPS_COMING = 3
"""A theme keeps coming when it was heard in at least this many of the last 12 weeks."""
HISTORY_FOR_FIRSTS = 8
"""Whole weeks behind us before anything is called a first, or new."""
YOUNG_WEEKS = 8
GROWING_WEEKS = 3
GROWING_NOTES = 6
MOST_FIRSTS_LOOKED_AT = 40
STEM_LETTERS = 4

_WORD = re.compile(r"\w{3,}")


def keep_coming(material: Material) -> tuple[tuple[Theme, ...], int]:
    """At most three themes of failure demand that keep coming, and at how many theme charts we looked for it.

    The one heard in most weeks comes first, then the one heard at most points, then in most notes.
    """
    recurring = [count for count in material.themes if _weeks_seen(count.failure_by_week[-12:]) >= KEEPS_COMING]
    ordered = sorted(
        recurring,
        key=lambda count: (
            -_weeks_seen(count.failure_by_week[-12:]),
            -material.points_by_theme.get(count.theme, 0),
            -sum(count.failure_by_week[-12:]),
            count.theme,
        ),
    )
    charts = _charts(material, ordered[:MOST_CHARTED])
    looked_at = sum(chart is not None for chart in charts.values())
    return tuple(_theme(material, count, charts.get(count.theme)) for count in ordered[:MOST_SHOWN]), looked_at


def growing(material: Material) -> tuple[Theme, ...]:
    """Themes that are young and heard more and more: in three weeks or more, this one and the last two among them.

    One week with many notes is a spike and is not told here; nor is a week in which more of everything was logged.
    """
    return tuple(_theme(material, count, None) for count in material.themes if is_growing(count, material.counted))


def first_time(material: Material) -> list[NoteFacts]:
    """This week's notes on themes that nobody had heard here before, one for each theme, in the order they came.

    A new name is not enough, as the same thing goes by many: no earlier note may hold a word that begins like one of
    the theme's. So a misspelt word is no news either.
    """
    if not old_enough(material):
        return []
    new = {count.theme for count in material.themes if sum(count.by_week[:-1]) == 0}
    found: dict[str, NoteFacts] = {}
    for note in material.demands:
        if note.theme in new and not note.urgent and note.theme:
            found.setdefault(note.theme, note)
    stems = {theme: _stems(theme) for theme in list(found)[:MOST_FIRSTS_LOOKED_AT]}
    every = sorted({stem for of_theme in stems.values() for stem in of_theme})
    said = counts.ever_said(material.session, every, before=material.week.start, **material.place)
    return [found[theme] for theme, of_theme in stems.items() if of_theme and not said & set(of_theme)]


def old_enough(material: Material) -> bool:
    """Whether enough weeks lie behind us to call anything a first."""
    return len(material.history) > HISTORY_FOR_FIRSTS


def _stems(theme: str) -> list[str]:
    """The beginnings of a theme's words, short enough to forgive an ending or a slip."""
    return [word[:STEM_LETTERS] for word in _WORD.findall(theme.casefold())]


def is_growing(count: ThemeCount, logged: Sequence[WeekCount]) -> bool:
    """Whether a theme is young and heard more and more: in each of the last three weeks, in six notes or more, and in a
    larger part of what was logged than when it began.
    """
    first = next((i for i, many in enumerate(count.by_week) if many), len(count.by_week))
    part = [many / max(1, week.notes) for many, week in zip(count.by_week, logged, strict=True)]
    return (
        HISTORY_FOR_FIRSTS <= first < len(count.by_week)
        and len(count.by_week) - first <= YOUNG_WEEKS
        and all(count.by_week[-GROWING_WEEKS:])
        and sum(count.by_week) >= GROWING_NOTES
        and part[-1] > part[first]
    )


def _theme(material: Material, count: ThemeCount, chart: Chart | None) -> Theme:
    recent = count.failure_by_week[-12:]
    days = material.waits_by_theme.get(count.theme, ())
    first = next((i for i, many in enumerate(count.by_week) if many), 0)
    return Theme(
        name=quotes.named(count.theme),
        weeks_seen=_weeks_seen(recent),
        of_weeks=len(recent),
        points=material.points_by_theme.get(count.theme, 0),
        notes=sum(recent),
        this_week=recent[-1],
        days_waited=float(median(days)) if len(days) >= series.ENOUGH_DATED else None,
        conditions=tuple(material.conditions.get(count.theme, ())[:2]),
        chart=chart,
        cared_for=any(note.theme == count.theme for note in material.improvement),
        growing_since=material.history[first].label if is_growing(count, material.counted) else "",
    )


def _charts(material: Material, counted: Sequence[ThemeCount]) -> dict[str, Chart | None]:
    """Each theme's own chart: by the week where it comes often, by the days between sightings where it is rare."""
    whole = len(material.history) - material.so_far
    weeks, logged = material.history[:whole], material.counted[:whole]
    holding = sum(week.notes > 0 for week in logged)
    rare = [c.theme for c in counted if sum(c.failure_by_week[:whole]) < series.RARE_A_WEEK * holding]
    heard_at = counts.sightings(material.session, rare, bounds(weeks), **material.place)
    zone = ZoneInfo(material.week.zone)
    drawn: dict[str, Chart | None] = {}
    for count in counted:
        if count.theme in rare:
            days = [moment.astimezone(zone).date() for moment in heard_at.get(count.theme, ())]
            drawn[count.theme] = series.theme_by_days(days)
        else:
            drawn[count.theme] = series.theme_by_week(weeks, count.failure_by_week[:whole], logged)
    return drawn


def _weeks_seen(by_week: Sequence[int]) -> int:
    return sum(many > 0 for many in by_week)
