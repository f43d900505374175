"""Where notes have got to: the digests that quoted them, and those that counted them.

Asked for a few notes at a time, by people who look at their own. Who they are is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from digests import send
from digests.periods import Week
from storage import counts, editions, schedules
from storage.models import Edition, Note, Schedule


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How far one note has come. Weeks as people say them: "27 April to 3 May 2026"."""

    quoted_in: tuple[str, ...] = ()
    counted_in: tuple[str, ...] = ()
    """Where it was counted, and its words were not shown."""
    waits_for: str = ""
    """The week whose digest is still to come; nothing where none will, or one has been."""


NOWHERE_YET = Whereabouts()
_Coming = tuple[Schedule, frozenset[str]]
"""A schedule that runs, and the weeks about which it has nothing left to tell."""


def of(
    session: Session,
    notes: Sequence[Note],
    *,
    workspace: str,
    now: datetime,
    arrived: tuple[datetime, datetime] | None = None,
) -> dict[int, Whereabouts]:
    """Where each of these notes of a workspace has got to, by note id.

    With `arrived`, only digests that arrived between these two moments are looked at, the later one included.
    """
    weeks = {name for note in notes for name in _weeks_around(note.heard_at)}
    went_out = editions.that_went_out(session, workspace, weeks=weeks)
    if arrived is not None:
        went_out = [one for one in went_out if arrived[0] < one.arrived_at <= arrived[1]]
    told = [one.edition for one in went_out]
    zone = counts.clock(session, workspace)
    units = {note.unit_id for note in notes}
    plans = [plan for plan in schedules.running_in(session, workspace) if plan.unit_id in units]
    coming = [(plan, editions.settled_weeks(session, plan)) for plan in plans]
    return {note.id or 0: _of(note, told, coming, zone=zone, now=now) for note in notes}


def _of(note: Note, told: Sequence[Edition], coming: Sequence[_Coming], *, zone: str, now: datetime) -> Whereabouts:
    quoted: dict[str, None] = {}
    counted: dict[str, None] = {}
    for edition in told:
        week = Week.parse(edition.week, str(edition.facts.get("zone") or zone))
        if _is_told_of(note, edition, week):
            (quoted if note.number in editions.numbers_quoted(edition) else counted).setdefault(week.label)
    return Whereabouts(
        quoted_in=tuple(quoted),
        counted_in=tuple(label for label in counted if label not in quoted),
        waits_for="" if quoted or counted else _still_to_tell_of(note, coming, now),
    )


def _still_to_tell_of(note: Note, coming: Sequence[_Coming], now: datetime) -> str:
    """The week of a note, if its digest is still to come: not settled in any way, and not too late."""
    for plan, settled in coming:
        week = Week.of(note.heard_at, plan.timezone)
        if plan.unit_id == note.unit_id and week.name not in settled and send.rhythm(plan).still_tells_of(week, now):
            return week.label
    return ""


def _is_told_of(note: Note, edition: Edition, week: Week) -> bool:
    """Whether an edition tells of a week and a unit that a note is part of, and was made when the note was there."""
    return (
        edition.unit_id == note.unit_id
        and week.start <= note.heard_at < week.end
        and note.kept_at <= edition.claimed_at
    )


def _weeks_around(moment: datetime) -> set[str]:
    """The names of the weeks that a moment may fall in, whatever the clock."""
    return {Week.of(moment.astimezone(UTC) + timedelta(hours=hours), "UTC").name for hours in (-14, 0, 14)}
