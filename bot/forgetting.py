"""Lets words go that were taken back, so that they are found nowhere: not in the note, nor in anything made of it."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sqlmodel import Session

from bot.blocks import digest_card
from bot.librarian import Librarian
from digests import changes as change_log
from digests import forgetting
from storage import changes, contributors, marks, notes, outbox, workspaces
from storage.models import Change, Note


def take_back(session: Session, librarian: Librarian, note: Note, *, now: datetime) -> None:
    """Take a note back, in this transaction: from the note itself to the digests that quoted it, all of it or nothing.

    Words that the note was a part of, before it became several, go with it wherever they were quoted.
    """
    workspaces.wait_for_turn(session, note.workspace)  # for digests and books that are being made at this moment
    words, mattered = note.verbatim, note.what_matters
    quoted = [note, *notes.wholes_of(session, note)]
    notes.withdraw(session, note, now=now)
    outbox.forget(session, workspace=note.workspace, key=f"receipt/{note.id}")
    names = librarian.forget(session, note.workspace, words)
    forgetting.forget(
        session,
        workspace=note.workspace,
        numbers={one.number for one in quoted},
        names=names,
        since=min(one.kept_at for one in quoted),
        card=digest_card.build,
        now=now,
    )
    for said in (words, mattered):
        forgetting.drop_unsaid(session, said, workspace=note.workspace)


def undo(session: Session, librarian: Librarian, note: Note, *, by: str | None, now: datetime) -> bool:
    """Somebody takes back what is theirs: their mark on its message, if that is how it came, counts no longer. Returns
    whether the words are gone.
    """
    message = marks.message_of(note)
    if message is not None and by:
        channel, ts = message
        marks.take_away(session, workspace=note.workspace, channel=channel, ts=ts, person=by)
    return let_go(session, librarian, note, by=by, now=now)


def let_go(session: Session, librarian: Librarian, note: Note, *, by: str | None, now: datetime) -> bool:
    """Somebody lets go of a note. If others marked the same message, it stays as the first of theirs; otherwise it is
    taken back. Returns whether it was.
    """
    message = marks.message_of(note)
    if message is not None:
        channel, ts = message
        other = marks.someone_else(session, workspace=note.workspace, channel=channel, ts=ts, person=by)
        if other is not None:
            outbox.forget(session, workspace=note.workspace, key=f"receipt/{note.id}")
            contributors.hand_over(session, note, to=other)
            return False
    take_back(session, librarian, note, now=now)
    return True


def let_wording_go(session: Session, librarian: Librarian, note: Note, before: str, *, now: datetime) -> None:
    """A note says otherwise now, or others say it: no theme is to remember how it read before, nor be called by it."""
    names = librarian.forget(session, note.workspace, before)
    forgetting.forget(
        session, workspace=note.workspace, numbers=(), names=names, since=now, card=digest_card.build, now=now
    )


def take_change_back(session: Session, change: Change, *, now: datetime) -> None:
    """Take a change back, in this transaction: from the change log, and from the digests that told of it."""
    workspaces.wait_for_turn(session, change.workspace)  # for digests that are being made at this moment
    words = change_log.words_of(change)
    changes.withdraw(session, change, now=now)
    forgetting.forget(
        session,
        workspace=change.workspace,
        numbers=(),
        names={},
        since=datetime.combine(change.changed_on, time(), UTC),  # whenever it was noted: no week before can show it
        card=digest_card.build,
        now=now,
        noted={change.id or 0},
    )
    forgetting.drop_unsaid(session, words, workspace=change.workspace)
