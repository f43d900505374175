"""What can be added to a note or put right in it afterwards, by the person who passed it on and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot import forgetting
from bot.desk import Entry
from bot.logbook import Logbook, LogbookError, readable
from nlp.asks import asks_in
from nlp.redaction.spans import PLACEHOLDER
from storage import acts, contributors, notes, outbox, workspaces
from storage.models import Note
from storage.notes import Detail

WINDOW = timedelta(minutes=15)
"""How long a slip can be put right in passing: a message that was edited or deleted in Slack changes its note as well,
and one word takes the latest note back."""


NO_THEME = "none"
"""Stands where a theme's id would, for a note that is about none of them."""


class NotYet(LogbookError):
    """That day is still to come. When did the customer first ask?"""


class TooLate(LogbookError):
    """That was passed on more than 15 minutes ago, so it stays as it was. `/demand mine` lets you take it back."""


class KeptApart(LogbookError):
    """You kept that message as several notes, so they stay as they were. `/demand mine` lets you take them back."""


class RemarkStays(LogbookError):
    """Your remark stays as it was. Another reply adds to it; `/demand mine` lets you take the whole note back."""


class StaysOut(LogbookError):
    """That is a number or an address that identifies somebody, so it stays out. Everything else is as you left it."""


class Amendments:
    """One verb, one transaction, as in the logbook."""

    def __init__(self, logbook: Logbook) -> None:
        self.logbook = logbook

    def check(self, detail: Detail) -> None:
        """See that a form can be kept, before anything is.

        Raises:
            NotYet: the customer is said to have asked first on a day to come.
        """
        today = (self.logbook.clock() + timedelta(hours=14)).date()  # somewhere it is that day already
        if detail.first_asked_on is not None and detail.first_asked_on > today:
            raise NotYet

    def themes(self, entry: Entry) -> dict[str, str]:
        """What a note could be about, by the ids of the workspace's themes: what stands first, then what it is most
        like. Nothing, before anyone could tell what kind of note it is.
        """
        tag = entry.tag
        if tag is None:
            return {}
        likely = self.logbook.librarian.by_likeness(entry.note.workspace, entry.note.verbatim, tag.kind)
        return {theme_id: name for theme_id, name in likely.items() if name == tag.theme} | likely

    def settle_theme(self, note_id: int, theme_id: str, *, workspace: str, by: str) -> tuple[Entry, bool]:
        """Take a person's word for what their note is about, `NO_THEME` as well; what kind it is stays as it stands.

        Returns the note as it is now, and whether that theme was still there to be chosen.

        Raises:
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        entry = self.logbook.entry(note_id, workspace=workspace, by=by)
        if entry.tag is None:
            return entry, True
        names = {**self.logbook.librarian.names(workspace), NO_THEME: ""}
        name = names.get(theme_id)
        if name is None:
            return entry, False
        return self.logbook.correct(note_id, workspace=workspace, by=by, kind=entry.tag.kind, theme=name), True

    def add_detail(self, note_id: int, detail: Detail, *, workspace: str, by: str) -> Entry:
        """Let a note say what the form says; what was emptied there is taken out again.

        Raises:
            NotYet: the customer is said to have asked first on a day to come.
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        self.check(detail)
        kept = replace(
            detail,
            what_matters=self.logbook.without_people(detail.what_matters, workspace),
            in_the_way=self.logbook.without_people(detail.in_the_way, workspace),
        )
        with self.logbook.database.transaction() as session:
            notes.add_detail(session, self.logbook.own(session, note_id, workspace=workspace, by=by), kept)
        return self.logbook.entry(note_id, workspace=workspace, by=by)

    def put_back(self, note_id: int, place: int, words: str, *, workspace: str, by: str, key: str) -> None:
        """Put words that name nobody where a placeholder stands, once: its author typed them again, as nothing raw is
        kept. `place` counts the placeholders from 0.

        Raises:
            StaysOut: they hold a number or an address that identifies somebody.
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        if self.logbook.identifies(words):
            raise StaysOut
        with self.logbook.database.transaction() as session:
            own = self.logbook.own(session, note_id, workspace=workspace, by=by)
            found = list(PLACEHOLDER.finditer(own.verbatim))
            act = f"put back/{key}"
            if place < len(found) and acts.first_time(session, workspace=workspace, key=act, now=self.logbook.clock()):
                gap = found[place]
                self._reword(session, own, f"{own.verbatim[: gap.start()]}{words}{own.verbatim[gap.end() :]}")
        self.logbook.tag(own)

    def remark(self, note: Note, words: str, *, by: str, key: str) -> bool:
        """Add a colleague's remark beside the customer's words, once. Returns whether it is new.

        Raises:
            NoWords: there is nothing to add.
            NoteNotFound: the note was taken back.
            NotYours: someone else passed it on.
        """
        remark = self.logbook.without_people(readable(words), note.workspace)
        with self.logbook.database.transaction() as session:
            own = self.logbook.own(session, note.id or 0, workspace=note.workspace, by=by)
            is_new = acts.first_time(session, workspace=note.workspace, key=key, now=self.logbook.clock())
            if is_new:
                notes.add_comment(session, own, remark)
        return is_new

    def reword(self, note: Note, words: str, *, by: str, key: str) -> bool:
        """Put edited words in place of a note's, once, while it is fresh. Returns whether that was news: an older edit
        that arrives after a newer one is none. `key` ends in the moment of the edit.

        Raises:
            TooLate: the note has settled.
            NoWords: nothing is left of it.
            NoteNotFound: the note was taken back.
            NotYours: someone else passed it on.
        """
        verbatim = self.logbook.without_people(readable(words), note.workspace)
        now = self.logbook.clock()
        with self.logbook.database.transaction() as session:
            own = self.logbook.own(session, note.id or 0, workspace=note.workspace, by=by)
            is_new = acts.first_time(session, workspace=note.workspace, key=key, now=now)
            overtaken = not acts.is_latest(session, workspace=note.workspace, key=key)
            if not is_new or overtaken or own.verbatim == verbatim:
                return False
            if now - own.kept_at > WINDOW:
                raise TooLate
            self._reword(session, own, verbatim)
        return True

    def _reword(self, session: Session, note: Note, verbatim: str) -> None:
        before = note.verbatim
        notes.reword(session, note, verbatim)
        forgetting.let_wording_go(session, self.logbook.librarian, note, before, now=self.logbook.clock())

    def split(self, note_id: int, *, workspace: str, by: str) -> list[Note]:
        """Keep each ask of a note as a note of its own, once; the note that held them goes. Returns them; none, if
        that was done already.

        Raises:
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        with self.logbook.database.transaction() as session:
            workspaces.wait_for_turn(session, workspace)
            if notes.was_split(session, note_id, workspace=workspace):
                return []
            whole = self.logbook.own(session, note_id, workspace=workspace, by=by)
            found = asks_in(whole.verbatim)
            if len(found) < 2:
                return [whole]
            words, now = whole.verbatim, self.logbook.clock()
            parts = []
            for place, ask in enumerate(found, 1):
                part, is_new = notes.add_part(session, whole, ask.words, place=place, now=now)
                if is_new:
                    contributors.remember(session, part, person=by)
                parts.append(part)
            notes.withdraw(session, whole, now=now)
            outbox.forget(session, workspace=workspace, key=f"receipt/{note_id}")
            forgetting.let_wording_go(session, self.logbook.librarian, whole, words, now=now)
        return parts

    def passed_on_as(self, key: str, *, workspace: str) -> Note | None:
        """The note that was passed on under this key, unless it was taken back."""
        with self.logbook.database.reading() as session:
            note = notes.with_key(session, workspace=workspace, key=key)
        return None if note is None or note.withdrawn_at is not None else note

    def kept_apart(self, key: str, *, workspace: str) -> list[Note]:
        """The notes that the one under this key became when its asks were kept apart: those that are still there."""
        with self.logbook.database.reading() as session:
            whole = notes.with_key(session, workspace=workspace, key=key)
            parts = notes.parts_of(session, whole) if whole is not None else []
        return [part for part in parts if part.withdrawn_at is None]

    def answered_with(self, ts: str, *, workspace: str, by: str, channel: str) -> Note | None:
        """The note whose receipt, in the direct messages of whoever passed it on, Slack calls by this name."""
        with self.logbook.database.reading() as session:
            for receipt in outbox.said_as(session, ts, workspace=workspace, beginning="receipt/"):
                if receipt.channel in (channel, by):
                    return notes.get(session, int(receipt.key.split("/")[1]), workspace=workspace)
        return None

    def take_back_fresh(self, some: Sequence[Note], *, by: str) -> bool:
        """Take back the notes whose message was deleted, while they are fresh. Returns whether they were."""
        if not all(self.is_fresh(note.kept_at) for note in some):
            return False
        for note in some:
            self.logbook.undo(note.id or 0, workspace=note.workspace, by=by)
        return True

    def is_fresh(self, moment: datetime) -> bool:
        """Whether what happened then can still be changed by changing the message."""
        return self.logbook.clock() - moment <= WINDOW

    def was_done(self, key: str, *, workspace: str) -> bool:
        """Whether this has been answered before."""
        with self.logbook.database.reading() as session:
            return acts.was_done(session, workspace=workspace, key=key)

    def is_first_time(self, key: str, *, workspace: str) -> bool:
        """Whether this has not been answered before, however often Slack delivers it. From here on, it has."""
        now = self.logbook.clock()
        with self.logbook.database.transaction() as session:
            workspaces.join(session, workspace, now=now)  # whoever takes something back may never have passed on any
            acts.forget_old(session, now=now)
            return acts.first_time(session, workspace=workspace, key=key, now=now)
