"""Which kinds of failure demand keep coming, and which of them really changed; which kinds of any demand are new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from zoneinfo import ZoneInfo

from digests import quotes, series
from digests.facts import Theme
from digests.material import Material
from digests.series import Anew
from digests.verdicts import Chart
from storage import recurring, stems
from storage.counts import NoteFacts, WeekCount
from storage.recurring import ThemeCount

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


Growing = Mapping[str, ThemeCount]
"""Themes by name, counted over the whole history."""


def keep_coming(material: Material, growing: Growing, *, anew: Anew) -> tuple[tuple[Theme, ...], int]:
    """At most three themes of failure demand that keep coming, and at how many theme charts we looked for it.

    The one heard in most weeks comes first, then the one heard at most points, then in most notes. Their charts begin
    anew where the unit's other charts do.
    """
    coming = [count for count in material.lately.themes if _weeks_seen(count.failure_by_week) >= KEEPS_COMING]
    ordered = sorted(
        coming,
        key=lambda count: (
            -_weeks_seen(count.failure_by_week),
            -material.lately.points_by_theme.get(count.theme, 0),
            -sum(count.failure_by_week),
            count.theme,
        ),
    )
    charts = _charts(material, [count.theme for count in ordered[:MOST_CHARTED]], anew)
    looked_at = sum(chart is not None for chart in charts.values())
    at = material.lately.points_by_theme
    shown = tuple(
        _theme(material, count, growing, by_week=count.failure_by_week, at=at, chart=charts[count.theme])
        for count in ordered[:MOST_SHOWN]
    )
    return shown, looked_at


def growing(material: Material) -> dict[str, ThemeCount]:
    """Themes that are young and heard more and more: in three weeks or more, this one and the last two among them.

    One week with many notes is a spike and is not told here; nor is a week in which more of everything was logged.
    """
    since, before = material.history[0].start, material.back[0].start
    unseen = (0,) * (len(material.history) - len(material.back))
    heard_now = [count for count in material.lately.themes if all(count.by_week[-GROWING_WEEKS:])]
    perhaps = [replace(count, by_week=(*unseen, *count.by_week)) for count in heard_now]
    perhaps = [count for count in perhaps if is_growing(count, material.counted)]
    names = [count.theme for count in perhaps]
    old = recurring.known(material.session, names, since=since, before=before, **material.place)
    return {count.theme: count for count in perhaps if count.theme not in old}


def told(material: Material, growing: Growing) -> tuple[Theme, ...]:
    """The themes that grow, as the digest tells of them: by all demand that has a type, which is what they grow by."""
    at = material.lately.points_of_any_demand
    return tuple(
        _theme(material, count, growing, by_week=count.by_week, at=at)
        for count in material.lately.themes
        if count.theme in growing
    )


def first_time(material: Material) -> list[NoteFacts]:
    """This week's notes on themes that nobody had heard here before, one for each theme, in the order they came.

    A new name is not enough, as the same thing goes by many: no earlier note may hold a word that begins like one of
    the theme's. So a misspelt word is no news either.
    """
    if not old_enough(material):
        return []
    lately = {count.theme for count in material.lately.themes if sum(count.by_week[:-1]) == 0}
    since, before = material.history[0].start, material.back[0].start
    new = lately - recurring.known(material.session, sorted(lately), since=since, before=before, **material.place)
    found: dict[str, NoteFacts] = {}
    for note in material.demands:
        if note.theme in new and not note.urgent and note.theme:
            found.setdefault(note.theme, note)
    looked_for = {theme: stems.asked_for(theme) for theme in list(found)[:MOST_FIRSTS_LOOKED_AT]}
    every = {stem for of_theme in looked_for.values() for stem in of_theme}
    said = stems.ever_said(material.session, every, before=material.week.start, **material.place)
    return [found[theme] for theme, of_theme in looked_for.items() if of_theme and said.isdisjoint(of_theme)]


def old_enough(material: Material) -> bool:
    """Whether enough weeks lie behind us to call anything a first."""
    return len(material.history) > HISTORY_FOR_FIRSTS


def is_growing(count: ThemeCount, logged: Sequence[WeekCount]) -> bool:
    """Whether a theme is young and heard more and more: in each of the last three weeks, in six notes or more, and in a
    larger part of what was logged than when it began.
    """
    first = _first_week(count)

    def part(place: int) -> float:
        return count.by_week[place] / max(1, logged[place].notes)

    return (
        HISTORY_FOR_FIRSTS <= first < len(count.by_week)
        and len(count.by_week) - first <= YOUNG_WEEKS
        and all(count.by_week[-GROWING_WEEKS:])
        and sum(count.by_week) >= GROWING_NOTES
        and part(-1) > part(first)
    )


def _theme(
    material: Material,
    count: ThemeCount,
    growing: Growing,
    *,
    by_week: Sequence[int],
    at: Mapping[str, int],
    chart: Chart | None = None,
) -> Theme:
    """A theme as it was heard in these weeks, at so many listening points."""
    days = material.waits_by_theme.get(count.theme, ())
    grows = growing.get(count.theme)
    return Theme(
        name=quotes.named(count.theme),
        weeks_seen=_weeks_seen(by_week),
        of_weeks=len(by_week),
        points=at.get(count.theme, 0),
        notes=sum(by_week),
        this_week=by_week[-1],
        days_waited=float(median(days)) if len(days) >= series.ENOUGH_DATED else None,
        conditions=tuple(material.lately.conditions(count.theme)[:2]),
        chart=chart,
        cared_for=any(note.theme == count.theme for note in material.improvement),
        growing_since=material.history[_first_week(grows)].label if grows is not None else "",
    )


def _charts(material: Material, names: Sequence[str], anew: Anew) -> dict[str, Chart | None]:
    """Each theme's own chart: by the week where it comes often, by the days between sightings where it is rare."""
    whole = len(material.history) - material.so_far
    weeks, moments, logged = material.history[:whole], material.moments[:whole], material.counted[:whole]
    anew = {week: why for week, why in anew.items() if week in weeks}
    holding = sum(week.notes > 0 for week in logged)
    failing = recurring.failing_by_week(material.session, names, moments, **material.place)
    rare = [name for name in names if sum(failing[name]) < series.RARE_A_WEEK * holding]
    heard_at = recurring.sightings(material.session, rare, moments, **material.place)
    zone = ZoneInfo(material.week.zone)
    drawn: dict[str, Chart | None] = {}
    for name in names:
        if name in rare:
            days = [moment.astimezone(zone).date() for moment in heard_at.get(name, ())]
            drawn[name] = series.theme_by_days(days, anew=anew)
        else:
            drawn[name] = series.theme_by_week(weeks, failing[name], logged, anew=anew)
    return drawn


def _weeks_seen(by_week: Sequence[int]) -> int:
    return len(by_week) - by_week.count(0)


def _first_week(count: ThemeCount) -> int:
    """The place of the first week in which a theme was heard; behind the last, if it never was."""
    return next((place for place, many in enumerate(count.by_week) if many), len(count.by_week))
