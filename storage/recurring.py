"""What keeps coming: the themes of the last weeks, and how a few of them fared before, counted from indexes alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, case, func, select, true, type_coerce
from sqlmodel import Session, col

from nlp.vocabulary import DemandType, SystemCondition
from storage import listed, standing
from storage.listed import Weeks
from storage.models import Note

_UNTYPED = (None, DemandType.UNKNOWN)
_LATELY = select(  # an index has all of it; grouped, there would be as many rows, since themes are many
    col(Note.heard_at),
    col(Note.counts_as),
    col(Note.theme),
    col(Note.point),
    type_coerce(col(Note.system_condition), String),
).where(*standing.IN_WEEKS, col(Note.counts_as).is_not(None))


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
    points_of_any_demand: Mapping[str, int]
    """At how many each theme was heard in demands of any type."""
    named: Mapping[str, Mapping[str, int]]
    """How often the notes of each theme name which system conditions, by their member names."""

    def conditions(self, theme: str) -> list[SystemCondition]:
        """Which system conditions the notes of a theme name, the most named first."""
        many = self.named.get(theme, {})
        return [SystemCondition[name] for name in sorted(many, key=lambda name: (-many[name], name))]


def lately(session: Session, weeks: Weeks, *, workspace: str, unit_id: int) -> Lately:
    """What was heard in these weeks, by theme, by listening point and by what was named as the reason."""
    every: dict[str, list[int]] = defaultdict(lambda: [0] * len(weeks))
    failing: dict[str, list[int]] = defaultdict(lambda: [0] * len(weeks))
    points: set[str] = set()
    points_of_any: dict[str, set[str]] = defaultdict(set)
    points_of: dict[str, set[str]] = defaultdict(set)
    named: dict[str, dict[str, int]] = defaultdict(dict)
    rows = session.connection().execute(_LATELY, standing.given(weeks, workspace, unit_id)).all()
    place_of = standing.place_of(weeks)
    for heard_at, counts_as, theme, point, condition in rows:
        points.add(point)
        if not theme:
            continue
        if condition:
            named[theme][condition] = named[theme].get(condition, 0) + 1
        _improvement, demand_type, _tagger = standing.read(counts_as)
        if demand_type in _UNTYPED:
            continue
        week = place_of(heard_at)
        every[theme][week] += 1
        if point:
            points_of_any[theme].add(point)
        if demand_type is DemandType.FAILURE:
            failing[theme][week] += 1
            if point:
                points_of[theme].add(point)
    none = (0,) * len(weeks)
    return Lately(
        themes=[
            ThemeCount(
                theme=theme,
                by_week=tuple(every[theme]),
                failure_by_week=tuple(failing[theme]) if theme in failing else none,
            )
            for theme in sorted(every)
        ],
        points=frozenset(points - {""}),
        points_by_theme={theme: len(theirs) for theme, theirs in points_of.items()},
        points_of_any_demand={theme: len(theirs) for theme, theirs in points_of_any.items()},
        named=named,
    )


def failing_by_week(
    session: Session, themes: Sequence[str], weeks: Weeks, *, workspace: str, unit_id: int
) -> dict[str, tuple[int, ...]]:
    """How often each of these themes was heard as failure demand in each of these weeks."""
    if not themes:
        return {}
    asked = {
        "workspace": workspace,
        "unit_id": unit_id,
        "weeks": listed.as_given(session, weeks),
        "themes": json.dumps(list(themes)),
    }
    found = {theme: [0] * len(weeks) for theme in themes}
    for theme, week, here in session.connection().execute(_failing(listed.dialect(session)), asked).all():
        found[theme][week] = here
    return {theme: tuple(by_week) for theme, by_week in found.items()}


def sightings(
    session: Session, themes: Sequence[str], weeks: Weeks, *, workspace: str, unit_id: int
) -> dict[str, list[datetime]]:
    """When each of these themes of failure demand was heard in these weeks, in the order of time."""
    found: dict[str, list[datetime]] = defaultdict(list)
    if themes and weeks:
        query = select(col(Note.theme), col(Note.heard_at), col(Note.demand_type)).where(
            *standing.IN_WEEKS, col(Note.theme).in_(listed.texts_given(session, themes))
        )
        place = standing.given(weeks, workspace, unit_id)
        for theme, heard_at, demand_type in session.execute(query.order_by(col(Note.heard_at)), place):
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
        *standing.IN_WEEKS,
        col(Note.theme).in_(listed.texts_given(session, themes)),
        col(Note.demand_type) != DemandType.UNKNOWN,
    )
    place = standing.given([(since, before)], workspace, unit_id)
    return frozenset(session.execute(query.distinct(), place).scalars())


@cache
def _failing(dialect: str) -> Select[Any]:
    bounds = listed.weeks(dialect)
    names = listed.texts(dialect, "themes").cte("names")
    [name] = names.c
    failing = case((col(Note.demand_type) == DemandType.FAILURE, 1))  # as a condition, it would mislead the planner
    many = (
        select(func.count(failing))
        .select_from(Note)
        .where(
            col(Note.workspace) == bindparam("workspace"),
            col(Note.unit_id) == bindparam("unit_id"),
            col(Note.theme) == name,
            col(Note.heard_at) >= bounds.c.since,
            col(Note.heard_at) < bounds.c.until,
        )
        .scalar_subquery()
    )
    return select(name, bounds.c.n, many).select_from(names.join(bounds, true()))
