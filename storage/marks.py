"""Marks: who put the agreed emoji on which message, for as long as it takes to make a note of it and to undo it.

One row for each person and message, which holds Slack's latest word: acts that reach us twice, late or in the wrong
order change nothing. Opened for that person alone; there is no function here that counts, lists or compares people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from storage.acts import REMEMBERED
from storage.inserting import insert_once
from storage.models import Mark, Note, Workspace

VIA = "reaction"
"""The door by which marked messages come in, as their notes remember it."""
LEASE = timedelta(minutes=2)


def note_down(
    session: Session,
    *,
    workspace: str,
    channel: str,
    ts: str,
    person: str,
    there: bool,
    event_ts: str,
    now: datetime,
) -> Mark | None:
    """Take down that somebody put a mark on a message, or took it away. Returns it if that is news, and is to be seen
    to now; a mark that somebody is still at is seen to when they are done, or when their lease runs out.
    """
    place = {"workspace": workspace, "channel": channel, "ts": ts, "person": person}
    act = {"there": there, "event_ts": event_ts, "marked_at": now}
    made = insert_once(session, Mark, {**place, **act, "waits": True, "not_before": now + LEASE})
    if made is not None:
        return session.get_one(Mark, made)
    mark = _locked(session, **place)
    if mark is None or _moment(event_ts) <= _moment(mark.event_ts):
        return None
    at_work = mark.waits and mark.not_before > now
    mark.there, mark.event_ts, mark.marked_at, mark.waits = there, event_ts, now, True
    mark.not_before = mark.not_before if at_work else now + LEASE
    session.add(mark)
    session.flush()
    return None if at_work else mark


def take(session: Session, *, now: datetime, at_most: int = 20) -> Sequence[Mark]:
    """Take marks that wait and that nobody is at, oldest first, for the length of a lease."""
    gone = select(Workspace.id).where(col(Workspace.purge_at).is_not(None))
    waiting = (
        select(Mark)
        .where(col(Mark.waits).is_(True), Mark.not_before <= now, col(Mark.workspace).not_in(gone))
        .order_by(col(Mark.id))
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    marks = session.exec(waiting).all()
    for mark in marks:
        mark.not_before = now + LEASE
        session.add(mark)
    session.flush()
    return marks


def settle(session: Session, mark: Mark, *, now: datetime) -> Mark | None:
    """What followed from this act is done. Returns the mark as it stands, if it has changed meanwhile: then there is
    more to do, by the same hands.
    """
    latest = _latest(session, mark)
    if latest is None:
        return None
    changed = latest.event_ts != mark.event_ts
    latest.waits, latest.not_before = changed, now + LEASE
    session.add(latest)
    session.flush()
    return latest if changed else None


def wait(session: Session, mark: Mark, *, until: datetime) -> None:
    """Slack is busy or out of reach: see to it again, not before `until`."""
    latest = _latest(session, mark)
    if latest is not None:
        latest.not_before = until
        session.add(latest)
        session.flush()


def key_of(channel: str, ts: str) -> str:
    """The key that the first note of this message gets."""
    return f"message/{channel}/{ts}"


def message_of(note: Note) -> tuple[str, str] | None:
    """The channel and the name of the message for whose marks this note stands; none, if it came by another door. Of a
    note that was split, the first part stands for them.
    """
    if note.via != VIA:
        return None
    _message, channel, ts, *rest = note.key.split("/")
    return (channel, ts) if all(part == "1" for part in rest if part.isdecimal()) else None


def take_away(session: Session, *, workspace: str, channel: str, ts: str, person: str) -> None:
    """Let a mark count no longer, though the emoji may still stand there: what it stood for was taken back."""
    mark = _locked(session, workspace=workspace, channel=channel, ts=ts, person=person)
    if mark is not None:
        mark.there = False
        session.add(mark)
        session.flush()


def someone_else(session: Session, *, workspace: str, channel: str, ts: str, person: str | None) -> str | None:
    """Whoever else marked the same message first and still does: they heard the same words, and may have the note."""
    others = select(Mark.person).where(
        Mark.workspace == workspace,
        Mark.channel == channel,
        Mark.ts == ts,
        Mark.person != person,
        col(Mark.there).is_(True),
    )
    return session.exec(others.order_by(col(Mark.id))).first()


def forget(session: Session, mark: Mark) -> None:
    """It was not somebody's to give."""
    session.exec(delete(Mark).where(col(Mark.id) == mark.id))


def forget_all_of(session: Session, *, workspace: str, person: str) -> None:
    """Forget which messages somebody marked."""
    session.exec(delete(Mark).where(col(Mark.workspace) == workspace, col(Mark.person) == person))


def forget_old(session: Session, *, now: datetime) -> None:
    """Forget who marked what, once nobody will ask about it any more."""
    session.exec(delete(Mark).where(col(Mark.marked_at) < now - REMEMBERED))


def _latest(session: Session, mark: Mark) -> Mark | None:
    return _locked(session, workspace=mark.workspace, channel=mark.channel, ts=mark.ts, person=mark.person)


def _locked(session: Session, *, workspace: str, channel: str, ts: str, person: str) -> Mark | None:
    query = select(Mark).where(
        Mark.workspace == workspace, Mark.channel == channel, Mark.ts == ts, Mark.person == person
    )
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).first()


def _moment(ts: str) -> tuple[int, str]:
    """Slack's name for a moment, so that later ones are greater: seconds as a number, then the digits behind."""
    seconds, _, rest = ts.partition(".")
    return int(seconds), rest.ljust(6, "0")
