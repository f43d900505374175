"""The read side: what was heard, counted by the week, by what the standing tags say.

Nothing here knows who passed a note on, so nothing here can count people. Weeks are pairs of moments, from and up to,
in the order of time; a note belongs to the week in which it was heard. Withdrawn notes are gone from every count.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam, extract, func, select, type_coerce
from sqlalchemy import cast as cast_to
from sqlmodel import Session, col

from nlp.vocabulary import DemandType, Kind, NoteType, SystemCondition, SystemFactor
from storage import listed, standing
from storage.columns import TagSource
from storage.models import Note, Unit, Workspace

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
    def unknown(self) -> int:
        """How many demands are of no known type."""
        return self.demand.get(DemandType.UNKNOWN, 0)

    @property
    def classified(self) -> int:
        """How many demands have a type. The unknown are counted apart."""
        return sum(count for kind, count in self.demand.items() if kind is not DemandType.UNKNOWN)


class NoteFacts(NamedTuple):
    """One note as its standing tag has it, without its words: those are fetched for the few that are shown.

    A tuple, since a digest reads hundreds of them, in the order of the columns of `standing.HEARD`.
    """

    id: int
    number: int
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
    week: int
    """Which of the weeks asked for it was heard in, counted from 0."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a note says."""

    verbatim: str
    what_matters: str


_FIRST_DAY, _FIRST_JULIAN_DAY = date(1970, 1, 1), 2440587.5
_OF_A_WEEK = standing.HEARD.order_by(col(Note.heard_at), col(Note.id))
_IMPROVEMENT = standing.HEARD.where(*standing.IS_IMPROVEMENT).order_by(col(Note.heard_at).desc(), col(Note.id).desc())


def history(session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int) -> list[WeekCount]:
    """What was logged in each of these weeks, counted from an index alone: no note is opened.

    The unit's notes lie there by what they count as, and then by time. So we ask first which those are, one jump for
    each, and then how many of each lie between two moments.
    """
    asked = {"workspace": workspace, "unit_id": unit_id, "weeks": listed.as_given(session, weeks)}
    by_week: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for week, counts_as, here in session.connection().execute(_counting(listed.dialect(session)), asked).all():
        if here:
            by_week[week].append((counts_as, here))
    return [_week_count(by_week[i]) for i in range(len(weeks))]


def notes_in(session: Session, week: Week, *, workspace: str, unit_id: int) -> list[NoteFacts]:
    """Every note of one week, in the order it was heard, without its words."""
    return _facts(session, _OF_A_WEEK, [week], workspace, unit_id)


def improvement_notes(session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int) -> list[NoteFacts]:
    """Every improvement note of these weeks, newest first, without its words."""
    return _facts(session, _IMPROVEMENT, weeks, workspace, unit_id)


def words(session: Session, numbers: Iterable[int], *, workspace: str) -> dict[int, Words]:
    """What the notes of these numbers in a workspace say, by note id."""
    theirs = {"workspace": workspace, "numbers": json.dumps(list(numbers))}
    found = session.connection().execute(_words(listed.dialect(session)), theirs).all()
    return {note_id or 0: Words(verbatim=said, what_matters=matters) for note_id, said, matters in found}


def taken_back(session: Session, numbers: Iterable[int], *, workspace: str) -> frozenset[int]:
    """Those of these numbers whose notes have been taken back."""
    gone = (col(Note.workspace) == workspace, col(Note.number).in_(list(numbers)), col(Note.withdrawn_at).is_not(None))
    return frozenset(row[0] for row in session.execute(select(col(Note.number)).where(*gone)))


def asked_and_heard(
    session: Session, weeks: Sequence[Week], *, workspace: str, unit_id: int
) -> Sequence[tuple[int, int, str | None]]:
    """Of the notes of these weeks that say when the customer first asked: that day, when it was heard, and the theme.

    As whole numbers, since a digest reads thousands of them: the day since the first of January 1970, and the seconds
    since then (UTC). In no order. A note that was taken back has lost its date, so an index has all there is to tell.
    """
    whole = _as_whole_numbers(listed.dialect(session))
    query = select(*whole, col(Note.theme)).where(*standing.IN_WEEKS, col(Note.first_asked_on).is_not(None))
    found = session.connection().execute(query, standing.given(weeks, workspace, unit_id))
    return cast("Sequence[tuple[int, int, str | None]]", found.all())


def first_heard_at(session: Session, *, workspace: str, unit_id: int) -> datetime | None:
    """When the unit's first note was heard."""
    query = select(func.min(col(Note.heard_at))).where(
        col(Note.workspace) == workspace, col(Note.unit_id) == unit_id, col(Note.counts_as).is_not(None)
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


def _facts(
    session: Session, query: Select[*tuple[Any, ...]], weeks: Sequence[Week], workspace: str, unit_id: int
) -> list[NoteFacts]:
    rows = session.connection().execute(query, standing.given(weeks, workspace, unit_id)).all()
    place_of = standing.place_of(weeks)
    return [NoteFacts._make((*row, place_of(row.heard_at))) for row in rows]


def _week_count(counted: Iterable[tuple[str, int]]) -> WeekCount:
    notes = improvement = 0
    demand: dict[DemandType, int] = defaultdict(int)
    taggers: dict[str, int] = defaultdict(int)
    for counts_as, many in counted:
        is_improvement, demand_type, tagger = standing.read(counts_as)
        notes += many
        improvement += many if is_improvement else 0
        if demand_type is not None:
            demand[demand_type] += many
            if tagger is not None:
                taggers[tagger] += many
    return WeekCount(notes=notes, improvement=improvement, demand=dict(demand), taggers=dict(taggers))


@cache
def _words(dialect: str) -> Select[int | None, str, str]:
    theirs = col(Note.workspace) == bindparam("workspace"), col(Note.number).in_(listed.numbers(dialect, "numbers"))
    return select(col(Note.id), col(Note.verbatim), col(Note.what_matters)).where(*theirs)


@cache
def _as_whole_numbers(dialect: str) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The day on which it was first asked, and the second in which it was heard."""
    asked, heard = col(Note.first_asked_on), col(Note.heard_at)
    if dialect == "postgresql":
        return type_coerce(asked - _FIRST_DAY, Integer), cast_to(func.floor(extract("epoch", heard)), BigInteger)
    return (
        cast_to(func.julianday(asked) - _FIRST_JULIAN_DAY, Integer),
        cast_to(func.strftime("%s", func.substr(heard, 1, 19)), Integer),  # it would round up what is behind the second
    )


@cache
def _counting(dialect: str) -> Select[Any]:
    of_unit = col(Note.workspace) == bindparam("workspace"), col(Note.unit_id) == bindparam("unit_id")
    least = func.min(col(Note.counts_as))
    known = select(least.label("counts_as")).where(*of_unit).cte("known", recursive=True)
    greater = select(least).where(*of_unit, col(Note.counts_as) > known.c.counts_as).correlate(known).scalar_subquery()
    known = known.union_all(select(greater).where(known.c.counts_as.is_not(None)))
    bounds = listed.weeks(dialect)
    many = (
        select(func.count())
        .select_from(Note)
        .where(
            *of_unit,
            col(Note.counts_as) == known.c.counts_as,
            col(Note.heard_at) >= bounds.c.since,
            col(Note.heard_at) < bounds.c.until,
        )
        .scalar_subquery()
    )
    every_of_each = known.join(bounds, known.c.counts_as.is_not(None))
    return select(bounds.c.n, known.c.counts_as, many).select_from(every_of_each)
