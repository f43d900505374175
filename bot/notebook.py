"""What people may look up: their own notes with where each has got to, and everyone's words. Never who wrote what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.logbook import Logbook
from digests import speech
from digests.periods import Week
from storage import acts, contributors, counts, editions, notes, tags, units, workspaces
from storage.models import Note, Tag

MOST_OWN = 200
"""Own notes that are looked through; older ones are found by searching."""
MOST_FOUND = 40
JUST_NOW = timedelta(minutes=15)
"""How long the latest note counts as a slip that one word takes back."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A note as it is shown again: with the tag that stands, and the weeks whose digests quoted it."""

    note: Note
    tag: Tag | None
    quoted_in: tuple[str, ...] = ()
    """As people say them: "27 April to 3 May 2026"."""


class Notebook:
    """The reading side of the logbook, for people."""

    def __init__(self, logbook: Logbook, clock: Callable[[], datetime]) -> None:
        self._logbook = logbook
        self._database = logbook.database
        self._clock = clock

    def own(self, workspace: str, person: str, *, at_most: int = MOST_OWN) -> Sequence[Kept]:
        """A person's own notes, newest first: for their eyes only."""
        with self._database.reading() as session:
            own = contributors.own_notes(session, workspace=workspace, person=person, at_most=at_most)
            standing = tags.standing_of(session, own)
            zone = counts.clock(session, workspace) if own else ""
            quoted = editions.quoted(session, workspace, numbers={note.number for note in own})
        return [
            Kept(
                note,
                standing.get(note.id or 0),
                tuple(Week.parse(week, zone).label for week in quoted.get(note.number, ())),
            )
            for note in own
        ]

    def found(self, workspace: str, words: str) -> Sequence[Kept]:
        """Everyone's notes that hold all of these words, newest first, without who passed them on."""
        with self._database.reading() as session:
            found = notes.search(session, words.split()[:8], workspace=workspace, at_most=MOST_FOUND)
            standing = tags.standing_of(session, found)
        return [Kept(note, standing.get(note.id or 0)) for note in found]

    def settings_of(self, workspace: str, person: str) -> tuple[str, str]:
        """The unit that a person's direct messages go to, by name, and the language that is spoken with them."""
        with self._database.transaction() as session:
            known = workspaces.join(session, workspace, now=self._clock())
            unit, _point = units.where(session, workspace, person=person)
        return unit.name, speech.LANGUAGES.get(known.language, speech.LANGUAGES[speech.ENGLISH])

    def is_first_time(self, workspace: str, key: str) -> bool:
        """Whether Slack delivers this for the first time; a second delivery of the same act does nothing."""
        with self._database.transaction() as session:
            workspaces.join(session, workspace, now=self._clock())
            acts.forget_old(session, now=self._clock())
            return acts.first_time(session, workspace=workspace, key=key, now=self._clock())

    def just_now(self, workspace: str, person: str) -> Note | None:
        """The note that a person passed on last, if that was only a moment ago."""
        with self._database.reading() as session:
            latest = contributors.own_notes(session, workspace=workspace, person=person, at_most=1, last_kept=True)
        return latest[0] if latest and self._clock() - latest[0].kept_at <= JUST_NOW else None

    def everything_of(self, workspace: str, person: str) -> list[dict[str, Any]]:
        """All that is kept of what a person passed on, as they may take it with them."""
        with self._database.reading() as session:
            own = contributors.own_notes(session, workspace=workspace, person=person, at_most=100_000)
            standing = tags.standing_of(session, own)
        return [_taken_along(note, standing.get(note.id or 0)) for note in own]

    def forget_everything_of(self, workspace: str, person: str) -> int:
        """Take back all that a person ever passed on, for good. Returns how many notes that was."""
        with self._database.reading() as session:
            own = contributors.own_notes(session, workspace=workspace, person=person, at_most=100_000)
        for note in own:
            self._logbook.undo(note.id or 0, workspace=workspace, by=person)
        return len(own)


def _taken_along(note: Note, tag: Tag | None) -> dict[str, Any]:
    return {
        "number": note.number,
        "heard_at": note.heard_at.isoformat(),
        "words": note.verbatim,
        "comment": note.comment,
        "what_mattered": note.what_matters,
        "first_asked_on": note.first_asked_on.isoformat() if note.first_asked_on else None,
        "point": note.point,
        "note_type": tag.note_type.value if tag else note.told_as.value,
        "kind": tag.kind.value if tag else None,
        "theme": tag.theme if tag else None,
    }
