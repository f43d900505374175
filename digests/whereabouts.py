"""Where notes have got to: the digests that quoted them, and those that counted them.

Asked for a few notes at a time, by people who look at their own. Who they are is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from digests.periods import Week
from storage import counts, editions, schedules
from storage.models import Edition, Note


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How far one note has come. Weeks as people say them: "27 April to 3 May 2026"."""

    quoted_in: tuple[str, ...] = ()
    counted_in: tuple[str, ...] = ()
    """Where it was counted, and its words were not shown."""
    waits_for: str = ""
    """The week whose digest is still to come; nothing where none will, or one has been."""


NOWHERE_YET = Whereabouts()


def of(
    session: Session,
    notes: Sequence[Note],
    *,
    workspace: str,
    now: datetime,
    made: tuple[datetime, datetime] | None = None,
) -> dict[int, Whereabouts]:
    """Where each of these notes of a workspace has got to, by note id.

    With `made`, only digests that were made between these two moments are looked at, the later one included.
    """
    weeks = {name for note in notes for name in _weeks_around(note.heard_at)}
    told = editions.that_went_out(session, workspace, weeks=weeks)
    if made is not None:
        told = [edition for edition in told if made[0] < edition.claimed_at <= made[1]]
    zone = counts.clock(session, workspace)
    expecting = {plan.unit_id for plan in schedules.of_workspace(session, workspace) if not plan.paused}
    return {note.id or 0: _of(note, told, zone=zone, is_expected=note.unit_id in expecting, now=now) for note in notes}


def _of(note: Note, told: Sequence[Edition], *, zone: str, is_expected: bool, now: datetime) -> Whereabouts:
    quoted: dict[str, None] = {}
    counted: dict[str, None] = {}
    for edition in told:
        week = Week.parse(edition.week, str(edition.facts.get("zone") or zone))
        if _is_told_of(note, edition, week):
            (quoted if note.number in editions.numbers_quoted(edition) else counted).setdefault(week.label)
    of = Week.of(note.heard_at, zone)
    coming = is_expected and not quoted and not counted and now < of.end + timedelta(days=7)
    return Whereabouts(
        quoted_in=tuple(quoted),
        counted_in=tuple(label for label in counted if label not in quoted),
        waits_for=of.label if coming else "",
    )


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
