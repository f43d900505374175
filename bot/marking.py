"""What follows when a message is marked with the agreed emoji: one note of one message, however many people mark it.

The mark is on record before Slack hears that we have it. What must be asked of Slack comes afterwards, at once or, if
we die in between, as soon as the clock looks at what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import forgetting
from bot.amendments import WINDOW, TooLate
from bot.logbook import Logbook, Submission
from nlp.vocabulary import NoteType
from storage import contributors, marks, notes, outbox, workspaces
from storage.models import Mark, Note


class Marking:
    """One verb, one transaction, as in the logbook."""

    def __init__(self, logbook: Logbook) -> None:
        self.logbook = logbook

    def note_down(
        self, *, workspace: str, channel: str, ts: str, person: str, there: bool, event_ts: str
    ) -> Mark | None:
        """Take down that somebody marked a message, or took the mark away. Returns it, if that is to be seen to now."""
        now = self.logbook.clock()
        with self.logbook.database.transaction() as session:
            workspaces.join(session, workspace, now=now)
            return marks.note_down(
                session,
                workspace=workspace,
                channel=channel,
                ts=ts,
                person=person,
                there=there,
                event_ts=event_ts,
                now=now,
            )

    def left_over(self) -> Sequence[Mark]:
        """Marks that nobody is at: we died, or Slack asked us to wait. Old ones, which are done with, are forgotten."""
        with self.logbook.database.transaction() as session:
            marks.forget_old(session, now=self.logbook.clock())
            return marks.take(session, now=self.logbook.clock())

    def settle(self, mark: Mark) -> Mark | None:
        """It is seen to. Returns the mark as it stands, if it has changed meanwhile and there is more to do."""
        with self.logbook.database.transaction() as session:
            return marks.settle(session, mark, now=self.logbook.clock())

    def put_off(self, mark: Mark, *, until: datetime) -> None:
        """See to it again, not before then."""
        with self.logbook.database.transaction() as session:
            marks.wait(session, mark, until=until)

    def forget(self, mark: Mark) -> None:
        """It was put there by somebody who is not one of our own."""
        with self.logbook.database.transaction() as session:
            marks.forget(session, mark)

    def pass_on(self, mark: Mark, words: str, *, point: str, private: bool) -> tuple[Note, bool]:
        """Keep a marked message, once. Returns the note, and whether it is this person's own or was heard before.

        Raises:
            NoWords: there is nothing to keep.
            TooLong: there is more than one note can hold.
        """
        with self.logbook.database.reading() as session:
            key, note = _heard_as(session, mark)
        if note is None:
            note, _is_new = self.logbook.keep(
                Submission(
                    key=key,
                    workspace=mark.workspace,
                    by=mark.person,
                    told_as=NoteType.DEMAND,
                    words=words,
                    channel=mark.channel,
                    point=point,
                    private=private,
                    via=marks.VIA,
                )
            )
        with self.logbook.database.transaction() as session:
            workspaces.wait_for_turn(session, mark.workspace)  # whoever lets go of it now sees that we hold it
            there = notes.get(session, note.id or 0, workspace=mark.workspace)
            if there is not None:
                return there, contributors.wrote(session, there, person=mark.person)
        return self.pass_on(mark, words, point=point, private=private)  # taken back this very moment

    def let_go(self, mark: Mark) -> Note | None:
        """Somebody took their mark away. Their note is taken back while it is fresh; if others marked the same message,
        it stays as the first of theirs. Returns the note that was taken back.

        Raises:
            TooLate: the note has settled.
        """
        now = self.logbook.clock()
        with self.logbook.database.transaction() as session:
            workspaces.wait_for_turn(session, mark.workspace)
            _key, note = _heard_as(session, mark)
            if note is None or note.via != marks.VIA or not contributors.wrote(session, note, person=mark.person):
                return None  # it was somebody else's, or came by another door and has its own way back
            if now - note.kept_at > WINDOW:
                raise TooLate
            gone = forgetting.let_go(session, self.logbook.librarian, note, by=mark.person, now=now)
        return note if gone else None

    def owe(self, mark: Mark, body: dict[str, Any]) -> None:
        """Leave what is to be said about a mark in the outbox, for that person alone, once."""
        key = f"mark/{mark.id}/{mark.event_ts}"
        with self.logbook.database.transaction() as session:
            now = self.logbook.clock()
            outbox.leave(session, workspace=mark.workspace, key=key, channel=mark.person, body=body, now=now)


def _heard_as(session: Session, mark: Mark) -> tuple[str, Note | None]:
    """The note of a marked message, whichever way it was passed on; or else the key that a new one gets.

    A note that was taken back keeps its key, so that no late delivery revives it; marking the message again begins
    anew. Of a note that was split, the first part speaks for all.
    """
    key = message = marks.key_of(mark.channel, mark.ts)
    while (note := notes.with_key(session, workspace=mark.workspace, key=key)) and note.withdrawn_at is not None:
        part = notes.with_key(session, workspace=mark.workspace, key=f"{key}/1")
        if part is not None and part.withdrawn_at is None:
            return key, part
        key = f"{message}/after {note.id}"
    return key, note
