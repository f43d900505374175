"""What the product does, free of Slack: keep, tag, correct and take back. One verb, one transaction."""

from __future__ import annotations

import contextvars
import logging
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlmodel import Session

from bot import forgetting
from bot.courtesy import Courtesy
from bot.desk import Desk, Entry, Owed
from bot.learner import Redacts, Tags
from bot.librarian import Librarian
from bot.meanings import Meanings
from bot.together import Together
from digests.speech import _
from nlp.redaction import NOBODY, Roster
from nlp.vocabulary import Kind, NoteType
from storage import contributors, notes, tags, units, workspaces
from storage.columns import Settled, TagSource
from storage.database import Database
from storage.models import Note, Unit

LONGEST = 40_000
"""Characters in one note: the most that Slack hands over at once."""

_MAY_BE_WORDS = {"PERSON"}
"""What redaction finds that may be an ordinary word all the same."""

log = logging.getLogger(__name__)


class LogbookError(Exception):
    """Something could not be done. The docstring of each kind is what the person reads."""

    def __str__(self) -> str:
        return _(" ".join((type(self).__doc__ or "").split()))


class NoWords(LogbookError):
    """There are no words in that yet. What did the customer say, or what gets in the way?"""


class TooLong(LogbookError):
    """That is longer than one note can hold (40,000 characters). Please pass on the part that matters most."""


class NoteNotFound(LogbookError):
    """That note is no longer here. Nothing else has changed."""


class NotYours(LogbookError):
    """Only the person who passed this note on can change it or take it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One act of passing something on, as it reached us. `words` are raw: they go no further than redaction."""

    key: str
    workspace: str
    by: str | None
    """Who to thank; nobody, for notes that arrive by import."""
    told_as: NoteType
    words: str
    channel: str = ""
    """Slack's id of the channel it was passed on in: it says which unit's note this is, save where a file says that."""
    unit: str = ""
    """The name of the unit, where a file says it; made if there is none."""
    point: str = ""
    via: str = "Slack"
    what_matters: str = ""
    in_the_way: str = ""
    comment: str = ""
    first_asked_on: date | None = None
    first_hand: bool | None = None
    settled: Settled | None = None
    private: bool = False
    heard_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of keeping many at once."""

    new: int
    refused: tuple[tuple[int, str], ...]
    """The place of each submission that could not be kept, and why, in a sentence."""


class Logbook:
    """Keeps what people pass on, and what it means."""

    def __init__(
        self,
        database: Database,
        redactor: Redacts,
        tagger: Tags,
        *,
        clock: Callable[[], datetime] | None = None,
        colleagues: Callable[[str], Roster] = lambda workspace: NOBODY,
        courtesy: Courtesy | None = None,
    ) -> None:
        self.database = database
        self.clock = clock or (lambda: datetime.now(UTC))
        self._redactor = redactor
        self._colleagues = colleagues
        self.librarian = Librarian(database, self.clock)
        self.meanings = Meanings(database, tagger, self.librarian, courtesy or Courtesy())
        self._keeping: Together[tuple[Submission, notes.Heard], tuple[Note, bool]] = Together(
            self._keep_together, one_by_one=False
        )
        self._desk = Desk(database, self.meanings, lambda: self.clock())
        self._tagging: Together[tuple[Note, Owed | None], Entry] = Together(self._desk.tag_all)

    @property
    def version(self) -> str:
        """The version of tagger and guide that speaks here."""
        return self.meanings.version

    def keep(self, submission: Submission) -> tuple[Note, bool]:
        """Redact the words and keep them, once. Returns the note and whether it is new; when this returns, it is safe.

        Raises:
            NoWords: there is nothing to keep.
            TooLong: there is more than one note can hold.
        """
        words = readable(submission.words)
        verbatim = self.without_people(words, submission.workspace)
        return self._keeping.ask((submission, self._heard(submission, verbatim, self.clock())))

    def keep_all(self, submissions: Sequence[Submission]) -> Outcome:
        """Keep many at once and tag them: the same as one by one, in two transactions instead of two for each. Those
        that the tagger stumbles over get another go later.
        """
        if not submissions:
            return Outcome(0, ())
        workspace = submissions[0].workspace
        usable: list[tuple[int, str]] = []
        refused: list[tuple[int, str]] = []
        for place, submission in enumerate(submissions):
            try:
                usable.append((place, readable(submission.words)))
            except LogbookError as error:
                refused.append((place, str(error)))
        people = self._colleagues(workspace)
        redacted = [one.text for one in self._redactor.redact_many((words for _, words in usable), people=people)]
        now = self.clock()
        with self.database.transaction() as session:
            workspaces.join(session, workspace, now=now)
            there = {name: self._unit(session, workspace, name) for name in dict.fromkeys(s.unit for s in submissions)}
            placed = [
                (self._heard(submissions[place], verbatim, now), there[submissions[place].unit].id or 0)
                for (place, _), verbatim in zip(usable, redacted, strict=True)
            ]
            kept = notes.add_all(session, placed, workspace=workspace, now=now)
        fresh = [note for note, is_new in kept if is_new]
        of = {unit.id: unit for unit in there.values()}
        taggings = self.meanings.suggested([(note, of[note.unit_id]) for note in fresh])
        seen = [(note, tagging) for note, tagging in zip(fresh, taggings, strict=True) if tagging is not None]
        with self.database.transaction() as session:
            tags.suggest_all(session, seen, now=now)
        return Outcome(len(fresh), tuple(refused))

    def tag(self, note: Note, *, owed: Owed | None = None) -> Entry:
        """Suggest what a note means. If the tagger stumbles, the note stays as it is and gets another go later.

        What is `owed` about it is left in the outbox in the same transaction, so it is said once and never forgotten.
        """
        whoever_asks = contextvars.copy_context()  # the language that they read, for one
        return self._tagging.ask((note, owed and (lambda entry: whoever_asks.run(owed, entry))))

    def retag(self, *, at_most: int = 200) -> int:
        """Tag what this version of the tagger has not seen yet; returns how many notes were tagged. As `Desk.retag`."""
        return self._desk.retag(at_most=at_most)

    def learn(self) -> None:
        """Learn what people have said by now, in every workspace, and return when it is learned."""
        self.meanings.learn()

    def find_themes(self, *, aside: bool = False) -> None:
        """Find themes anew wherever enough has been said since: `aside`, while this process answers people."""
        self.librarian.look_again(aside=aside)

    def left_to_retag(self) -> int:
        """How many notes this version of the tagger has not seen yet."""
        return self._desk.left_to_retag()

    def correct(self, note_id: int, *, workspace: str, by: str, kind: Kind, theme: str | None = None) -> Entry:
        """Take a person's word for what their note means. It stands from now on, and the tagger learns from it.

        `theme` is what it is about; none leaves that as it is, and an empty one says that it is about no theme.

        Raises:
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        with self.database.transaction() as session:
            note = self.own(session, note_id, workspace=workspace, by=by)
            before = tags.standing(session, note)
            if (
                before is not None
                and before.kind is kind
                and before.source is TagSource.PERSON
                and (theme is None or theme == (before.theme or ""))
            ):
                return Entry(note, before, session.get_one(Unit, note.unit_id))  # pressed twice; said once
            tag = tags.correct(session, note, kind=kind, theme=theme, now=self.clock())
            return Entry(note, tag, session.get_one(Unit, note.unit_id))

    def undo(self, note_id: int, *, workspace: str, by: str | None) -> bool:
        """Take a note back, with all that was made of it. Returns whether the words are gone: others may hold them too.

        Raises:
            NoteNotFound: it was taken back already, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        with self.database.transaction() as session:
            note = self.own(session, note_id, workspace=workspace, by=by)
            return forgetting.undo(session, self.librarian, note, by=by, now=self.clock())

    def entry(self, note_id: int, *, workspace: str, by: str) -> Entry:
        """A person's own note with the tag that stands.

        Raises:
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        with self.database.reading() as session:
            note = self.own(session, note_id, workspace=workspace, by=by, to_read=True)
            standing = tags.standing_of(session, [note])
            return self._desk.entries(session, [note], standing, {note.unit_id: session.get_one(Unit, note.unit_id)})[0]

    def _heard(self, submission: Submission, verbatim: str, now: datetime) -> notes.Heard:
        return notes.Heard(
            key=submission.key,
            told_as=submission.told_as,
            verbatim=verbatim,
            comment=self.without_people(submission.comment, submission.workspace),
            what_matters=self.without_people(submission.what_matters, submission.workspace),
            in_the_way=self.without_people(submission.in_the_way, submission.workspace),
            point=submission.point[:80],
            via=submission.via[:40],
            first_asked_on=submission.first_asked_on,
            first_hand=submission.first_hand,
            settled=submission.settled,
            private=submission.private,
            heard_in=submission.channel[:32],
            heard_at=submission.heard_at or now,
        )

    def _unit(self, session: Session, workspace: str, name: str) -> Unit:
        return units.called(session, workspace, name)[0] if name else workspaces.home_unit(session, workspace)

    def own(self, session: Session, note_id: int, *, workspace: str, by: str | None, to_read: bool = False) -> Note:
        """A person's own note, inside a transaction: nobody else changes it before that ends, unless it is only read.

        Raises:
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        if not to_read:
            workspaces.wait_for_turn(session, workspace)
        note = notes.get(session, note_id, workspace=workspace)
        if note is None:
            raise NoteNotFound
        if not contributors.wrote(session, note, person=by):
            raise NotYours
        return note

    def _keep_together(self, asked: Sequence[tuple[Submission, notes.Heard]]) -> list[tuple[Note, bool]]:
        """What several people passed on at the same time, in one transaction: one alone takes the disk as long."""
        kept: dict[int, tuple[Note, bool]] = {}
        with self.database.transaction() as session:
            for workspace in sorted({submission.workspace for submission, _heard in asked}):
                there = [place for place, (submission, _) in enumerate(asked) if submission.workspace == workspace]
                kept |= zip(there, self._kept(session, workspace, [asked[place] for place in there]), strict=True)
        return [kept[place] for place in range(len(asked))]

    def _kept(
        self, session: Session, workspace: str, asked: Sequence[tuple[Submission, notes.Heard]]
    ) -> list[tuple[Note, bool]]:
        now = self.clock()
        workspaces.join(session, workspace, now=now)
        theirs = units.where_each(session, workspace, [(submission.channel, submission.by) for submission, _ in asked])
        placed = [
            (replace(heard, point=point or heard.point), unit.id or 0)
            for (_submission, heard), (unit, point) in zip(asked, theirs, strict=True)
        ]
        kept = notes.add_all(session, placed, workspace=workspace, now=now)
        for (submission, _heard), (note, is_new) in zip(asked, kept, strict=True):
            if is_new and submission.by:
                contributors.remember(session, note, person=submission.by)
        return kept

    def identifies(self, words: str) -> bool:
        """Whether these words hold something that identifies a person by its shape alone: a number, an address, not a
        name, which may well be an ordinary word.
        """
        return any(span.label not in _MAY_BE_WORDS for span in self._redactor.redact(words).spans)

    def without_people(self, words: str, workspace: str) -> str:
        """The words as they may be kept: without what identifies people."""
        return self._redactor.redact(words, people=self._colleagues(workspace)).text if words.strip() else ""


def readable(words: str) -> str:
    """The words as they can be kept: without control characters, and certainly words.

    Raises:
        NoWords: no letter and no digit in any script.
        TooLong: more than one note can hold.
    """
    kept = "".join(c for c in words if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()
    if not any(c.isalnum() for c in kept):
        raise NoWords
    if len(kept) > LONGEST:
        raise TooLong
    return kept
