"""What keeps coming: the themes of the last weeks, and how a few of them fared before, counted from indexes alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, true
from sqlmodel import Session, col

from nlp.vocabulary import DemandType, SystemCondition
from storage import listed, standing
from storage.listed import Weeks
from storage.models import Note


@dataclass(frozen=True, kw_only=True)
class ThemeCount:
    """One theme over the weeks asked for: the demands that have a type."""

    theme: str
    by_week: tuple[int, ...]
    failure_by_week: tuple[int, ...]
    """How many of them were failure demand."""


@dataclass(frozen=True, kw_only=True)
class Lately:
    """What the weeks asked for tell beside their counts, read at once."""

    themes: Sequence[ThemeCount]
    """Every theme, by name."""
    points: frozenset[str]
    """The listening points that anything was heard from. Points, never people."""
    points_by_theme: Mapping[str, int]
    """At how many listening points each theme of failure demand was heard."""
    conditions: Mapping[str, Sequence[SystemCondition]]
    """Which system conditions the notes of each theme name, the most named first."""


def lately(session: Session, weeks: Weeks, *, workspace: str, unit_id: int) -> Lately:
    """What was heard in these weeks, by theme, by listening point and by what was named as the reason."""
    row = standing.week_of(weeks), col(Note.counts_as), col(Note.theme), col(Note.point), col(Note.system_condition)
    query = select(*row).where(*standing.of_unit(weeks, workspace, unit_id), col(Note.counts_as).is_not(None))
    every: dict[str, list[int]] = defaultdict(lambda: [0] * len(weeks))
    failing: dict[str, list[int]] = defaultdict(lambda: [0] * len(weeks))
    points: set[str] = set()
    points_of: dict[str, set[str]] = defaultdict(set)
    named: dict[str, Counter[SystemCondition]] = defaultdict(Counter)
    for week, counts_as, theme, point, condition in session.execute(query):
        if point:
            points.add(point)
        if theme is not None and condition is not None:
            named[theme][condition] += 1
        _improvement, demand_type, _tagger = standing.read(counts_as)
        if theme and demand_type not in (None, DemandType.UNKNOWN):
            every[theme][week] += 1
            failing[theme][week] += demand_type is DemandType.FAILURE
            if point and demand_type is DemandType.FAILURE:
                points_of[theme].add(point)
    return Lately(
        themes=[
            ThemeCount(theme=theme, by_week=tuple(every[theme]), failure_by_week=tuple(failing[theme]))
            for theme in sorted(every)
        ],
        points=frozenset(points),
        points_by_theme={theme: len(theirs) for theme, theirs in points_of.items()},
        conditions={theme: _most_named_first(many) for theme, many in named.items()},
    )


def failing_by_week(
    session: Session, themes: Sequence[str], weeks: Weeks, *, workspace: str, unit_id: int
) -> dict[str, tuple[int, ...]]:
    """How often each of these themes was heard as failure demand in each of these weeks."""
    if not themes:
        return {}
    bounds = listed.weeks(session, weeks)
    names = listed.texts_given(session, themes, "themes").cte("names")
    [name] = names.c
    failing = case((col(Note.demand_type) == DemandType.FAILURE, 1))  # as a condition, it would mislead the planner
    many = (
        select(func.count(failing))
        .select_from(Note)
        .where(
            col(Note.workspace) == workspace,
            col(Note.unit_id) == unit_id,
            col(Note.theme) == name,
            col(Note.heard_at) >= bounds.c.since,
            col(Note.heard_at) < bounds.c.until,
        )
        .scalar_subquery()
    )
    found = {theme: [0] * len(weeks) for theme in themes}
    for theme, week, here in session.execute(select(name, bounds.c.n, many).select_from(names.join(bounds, true()))):
        found[theme][week] = here
    return {theme: tuple(by_week) for theme, by_week in found.items()}


def sightings(
    session: Session, themes: Sequence[str], weeks: Weeks, *, workspace: str, unit_id: int
) -> dict[str, list[datetime]]:
    """When each of these themes of failure demand was heard in these weeks, in the order of time."""
    found: dict[str, list[datetime]] = defaultdict(list)
    if themes and weeks:
        query = select(col(Note.theme), col(Note.heard_at), col(Note.demand_type)).where(
            *standing.of_unit(weeks, workspace, unit_id), col(Note.theme).in_(listed.texts_given(session, themes))
        )
        for theme, heard_at, demand_type in session.execute(query.order_by(col(Note.heard_at))):
            if demand_type is DemandType.FAILURE:
                found[theme].append(heard_at)
    return dict(found)


def known(
    session: Session, themes: Sequence[str], *, since: datetime, before: datetime, workspace: str, unit_id: int
) -> frozenset[str]:
    """Which of these themes were heard between these two moments, in demands that have a type."""
    if not themes:
        return frozenset()
    query = select(col(Note.theme)).where(
        *standing.of_unit([(since, before)], workspace, unit_id),
        col(Note.theme).in_(listed.texts_given(session, themes)),
        col(Note.demand_type) != DemandType.UNKNOWN,
    )
    return frozenset(session.execute(query.distinct()).scalars())


def _most_named_first(named: Mapping[SystemCondition, int]) -> list[SystemCondition]:
    return sorted(named, key=lambda condition: (-named[condition], condition.name))
