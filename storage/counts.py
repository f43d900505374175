"""The read side: what was heard, counted by the week, by what the standing tags say.

Nothing here knows who passed a note on, so nothing here can count people. Weeks are pairs of moments, from and up to,
in the order of time; a note belongs to the week in which it was heard. Withdrawn notes are gone from every count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CTE, Select, and_, case, func, select
from sqlmodel import Session, col

from nlp.vocabulary import DemandType, Kind, NoteType, SystemCondition, SystemFactor
from storage import standing
from storage.models import Note, TagSource, Unit, Workspace

Week = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class WeekCount:
    """How much was logged in one week, and what it was."""

    notes: int = 0
    """Everything logged: demands, improvement notes and notes without a tag."""
    improvement: int = 0
    demand: Mapping[DemandType, int] = field(default_factory=dict)
    taggers: Mapping[str, int] = field(default_factory=dict)
    """How many of its demands were tagged by which version of tagger and guide, people's own words left out."""

    @property
    def failure(self) -> int:
        """How many demands were failure demand."""
        return self.demand.get(DemandType.FAILURE, 0)

    @property
    def classified(self) -> int:
        """How many demands have a type. The unknown are counted apart."""
        return sum(count for kind, count in self.demand.items() if kind is not DemandType.UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class NoteFacts:
    """One note as its standing tag has it, without its words: those are fetched for the few that are shown."""

    id: int
    number: int
    week: int
    """Which of the weeks asked for it was heard in, counted from 0."""
    heard_at: datetime
    point: str
    first_asked_on: date | None
    says_what_matters: bool
    private: bool
    """Heard in a private channel: it counts, and is quoted nowhere else."""
    heard_in: str
    """Which private channel that was; empty for every other place."""
    note_type: NoteType | None
    demand_type: DemandType | None
    kind: Kind | None
    runner_up: Kind | None
    confidence: float | None
    theme: str | None
    system_condition: SystemCondition | None
    system_factor: SystemFactor | None
    urgent: bool
    source: TagSource | None


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a note says."""

    verbatim: str
    what_matters: str


@dataclass(frozen=True, kw_only=True)
class ThemeCount:
    """One theme over the weeks asked for: the demands that have a type."""

    theme: str
    by_week: tuple[int, ...]
    failure_by_week: tuple[int, ...]
    """How many of them were failure demand."""


@dataclass(frozen=True, kw_only=True)
class History:
    """The weeks asked for, counted in one reading."""

    weeks: Sequence[WeekCount]
    themes: Sequence[ThemeCount]
    """Every theme, by name."""


def history(session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int) -> History:
    """What was logged in each of these weeks, and how its themes fared. The database counts: no note is loaded."""
    c = standing.heard(session, weeks, workspace, unit_id).c
    by = (c.week, c.note_type, c.demand_type, c.source, c.tagger, c.theme)
    by_week: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    every: dict[str, list[int]] = defaultdict(lambda: [0] * len(weeks))
    failing: dict[str, list[int]] = defaultdict(lambda: [0] * len(weeks))
    for week, note_type, demand_type, source, tagger, theme, many in session.execute(
        select(*by, func.count()).group_by(*by)
    ):
        by_week[week].append((note_type, demand_type, source, tagger, many))
        if theme and demand_type not in (None, DemandType.UNKNOWN):
            every[theme][week] += many
            failing[theme][week] += many if demand_type is DemandType.FAILURE else 0
    themes = [
        ThemeCount(theme=theme, by_week=tuple(every[theme]), failure_by_week=tuple(failing[theme]))
        for theme in sorted(every)
    ]
    return History(weeks=[_week_count(by_week[i]) for i in range(len(weeks))], themes=themes)


def notes_in(session: Session, week: Week, *, workspace: str, unit_id: int) -> list[NoteFacts]:
    """Every note of one week, in the order it was heard, without its words."""
    heard = standing.heard(session, [week], workspace, unit_id)
    return _facts(session, heard, select(heard).order_by(heard.c.heard_at, heard.c.id))


def improvement_notes(
    session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int, at_most: int = 500
) -> list[NoteFacts]:
    """The improvement notes of these weeks, newest first, without their words."""
    heard = standing.heard(session, weeks, workspace, unit_id)
    query = select(heard).where(heard.c.note_type == NoteType.IMPROVEMENT)
    return _facts(session, heard, query.order_by(heard.c.heard_at.desc(), heard.c.id.desc()).limit(at_most))


def words(session: Session, note_ids: Iterable[int], *, workspace: str) -> dict[int, Words]:
    """What these notes of a workspace say."""
    theirs = (col(Note.workspace) == workspace, col(Note.id).in_(list(note_ids)))
    query = select(col(Note.id), col(Note.verbatim), col(Note.what_matters)).where(*theirs)
    return {row[0]: Words(verbatim=row[1], what_matters=row[2]) for row in session.execute(query)}


def points_by_theme(session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int) -> dict[str, int]:
    """At how many listening points each theme of failure demand was heard."""
    c = standing.heard(session, weeks, workspace, unit_id).c
    query = select(c.theme, func.count(func.distinct(c.point))).where(
        *_with_a_theme(c), c.demand_type == DemandType.FAILURE, c.point != ""
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(c.theme))}


def conditions_of(
    session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int
) -> dict[str, list[SystemCondition]]:
    """Which system conditions the notes of each theme name, the most named first."""
    c = standing.heard(session, weeks, workspace, unit_id).c
    named = and_(c.theme.is_not(None), c.system_condition.is_not(None))
    many = func.count()
    query = select(c.theme, c.system_condition).where(named).group_by(c.theme, c.system_condition)
    found: dict[str, list[SystemCondition]] = defaultdict(list)
    for theme, condition in session.execute(query.order_by(many.desc(), c.system_condition)):
        found[theme].append(condition)
    return dict(found)


def ever_said(
    session: Session, stems: Sequence[str], *, before: datetime, workspace: str, unit_id: int
) -> frozenset[str]:
    """Which of these beginnings of words stand in the words of any note heard before that moment."""
    if not stems:
        return frozenset()
    found = [func.max(case((col(Note.verbatim).icontains(stem, autoescape=True), 1), else_=0)) for stem in stems]
    query = select(*found).where(
        col(Note.workspace) == workspace,
        col(Note.unit_id) == unit_id,
        col(Note.heard_at) < before,
        col(Note.withdrawn_at).is_(None),
    )
    return frozenset(stem for stem, said in zip(stems, session.execute(query).one(), strict=True) if said)


def sightings(
    session: Session, names: Sequence[str], weeks: Sequence[Week], *, workspace: str, unit_id: int
) -> dict[str, list[datetime]]:
    """When each of these themes of failure demand was heard, in the order of time."""
    c = standing.heard(session, weeks, workspace, unit_id).c
    query = select(c.theme, c.heard_at).where(c.demand_type == DemandType.FAILURE, c.theme.in_(names))
    found: dict[str, list[datetime]] = defaultdict(list)
    for theme, heard_at in session.execute(query.order_by(c.heard_at)) if names else ():
        found[theme].append(heard_at)
    return dict(found)


def asked_and_heard(
    session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int
) -> list[tuple[int, date, datetime, str | None]]:
    """Of the notes that say when the customer first asked: the week, that date, when it was heard, and the theme."""
    dated = col(Note.first_asked_on).is_not(None)
    c = standing.heard(session, weeks, workspace, unit_id, dated).c
    query = select(c.week, c.first_asked_on, c.heard_at, c.theme)
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query.order_by(c.heard_at, c.id))]


def points(session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int) -> frozenset[str]:
    """The listening points that anything was heard from in these weeks. Points, never people."""
    c = standing.heard(session, weeks, workspace, unit_id).c
    return frozenset(session.execute(select(c.point).where(c.point != "").distinct()).scalars())


def first_heard_at(session: Session, *, workspace: str, unit_id: int) -> datetime | None:
    """When the unit's first note was heard."""
    query = select(func.min(col(Note.heard_at))).where(
        col(Note.workspace) == workspace, col(Note.unit_id) == unit_id, col(Note.withdrawn_at).is_(None)
    )
    return cast("datetime | None", session.execute(query).scalar_one())


def clock(session: Session, workspace: str) -> str:
    """The time zone that a workspace's people live by.

    Raises:
        LookupError: we do not know that workspace.
    """
    found = session.get(Workspace, workspace)
    if found is None:
        raise LookupError("We do not know that workspace yet.")
    return found.timezone


def language(session: Session, workspace: str) -> str:
    """The language that a workspace has chosen, by its code; English until it has."""
    found = session.get(Workspace, workspace)
    return found.language if found else "en"


def unit(session: Session, unit_id: int, *, workspace: str) -> Unit:
    """The unit, which must be this workspace's.

    Raises:
        LookupError: it is not.
    """
    found = session.get(Unit, unit_id)
    if found is None or found.workspace != workspace:
        raise LookupError("That unit is not one of this workspace's.")
    return found


def _with_a_theme(c: Any) -> tuple[Any, ...]:
    return (c.theme.is_not(None), c.theme != "", c.demand_type.is_not(None), c.demand_type != DemandType.UNKNOWN)


def _facts(session: Session, heard: CTE, query: Select[Any]) -> list[NoteFacts]:
    names = [c.name for c in heard.c]
    found = []
    for row in session.execute(query):
        values_of = dict(zip(names, row, strict=True))
        del values_of["tagger"]
        values_of["urgent"] = bool(values_of["urgent"])
        values_of["says_what_matters"] = bool(values_of["says_what_matters"])
        found.append(NoteFacts(**values_of))
    return found


def _week_count(rows: Iterable[tuple[Any, ...]]) -> WeekCount:
    notes = improvement = 0
    demand: dict[DemandType, int] = defaultdict(int)
    taggers: dict[str, int] = defaultdict(int)
    for note_type, demand_type, source, tagger, many in rows:
        notes += many
        if note_type is NoteType.IMPROVEMENT:
            improvement += many
        elif demand_type is not None:
            demand[demand_type] += many
            if source is TagSource.TAGGER:
                taggers[tagger] += many
    return WeekCount(notes=notes, improvement=improvement, demand=dict(demand), taggers=dict(taggers))
