"""What people may look up: their own notes with where each has got to, and everyone's words. Never who wrote what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.amendments import WINDOW
from bot.blocks import receipt
from bot.blocks.pages import Page
from bot.blocks.preference_card import Preferences
from bot.logbook import Logbook, NoteNotFound
from digests import speech, whereabouts
from digests.whereabouts import NOWHERE_YET, Whereabouts
from storage import contributors, marks, notes, preferences, tags, units, workspaces
from storage.columns import Hearing
from storage.models import Note, Tag

A_PAGE = 5
"""A person's own notes on one page."""
MOST_FOUND = 40
_MOST_WAITING = 3
_LOOKED_THROUGH = 100
"""A person's latest notes among which those are sought that the tagger was unsure of."""
_LATELY = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class Kept:
    """A note as it is shown again: with the tag that stands and, for whoever passed it on, where it has got to."""

    note: Note
    tag: Tag | None
    got_to: Whereabouts = NOWHERE_YET
    heard: tuple[int, int] = (1, 1)
    """How many notes of the same theme the last twelve weeks hold, this one among them, and from how many points."""


class Notebook:
    """The reading side of the logbook, for people."""

    def __init__(self, logbook: Logbook, clock: Callable[[], datetime]) -> None:
        self._logbook = logbook
        self._database = logbook.database
        self._clock = clock

    def own(self, workspace: str, person: str, *, page: int = 0) -> Page[Kept]:
        """A page of a person's own notes, newest first; the first one, where that has emptied. For their eyes only."""
        with self._database.reading() as session:
            some = contributors.own_notes(
                session, workspace=workspace, person=person, skip=max(page, 0) * A_PAGE, at_most=A_PAGE + 1
            )
            standing = tags.standing_of(session, some)
            got_to = whereabouts.of(session, some, workspace=workspace, now=self._clock()) if some else {}
            themes = {tag.theme for tag in standing.values() if tag.theme}
            heard = tags.heard_before(session, themes, workspace=workspace, since=self._clock() - _LATELY)
        if page > 0 and not some:
            return self.own(workspace, person)
        kept = [
            Kept(
                note,
                tag := standing.get(note.id or 0),
                got_to[note.id or 0],
                heard.get(tag.theme or "", (1, 1)) if tag else (1, 1),
            )
            for note in some
        ]
        return Page.peeked(kept, page, size=A_PAGE)

    def own_note(self, workspace: str, person: str, note_id: int) -> Kept:
        """One of a person's own notes.

        Raises:
            NoteNotFound: it was taken back, or never was in this workspace.
            NotYours: someone else passed it on.
        """
        entry = self._logbook.entry(note_id, workspace=workspace, by=person)
        return Kept(entry.note, entry.tag, heard=entry.heard)

    def waiting(self, workspace: str, person: str) -> Sequence[Kept]:
        """A person's latest notes of which the tagger was unsure, so that they can settle them with one tap."""
        with self._database.reading() as session:
            some = contributors.own_notes(session, workspace=workspace, person=person, at_most=_LOOKED_THROUGH)
            standing = tags.standing_of(session, some)
        kept = [Kept(note, standing[note.id or 0]) for note in some if note.id in standing]
        return [one for one in kept if one.tag is not None and receipt.is_unsure(one.tag)][:_MOST_WAITING]

    def found(self, workspace: str, words: str) -> Sequence[Kept]:
        """Everyone's notes that hold all of these words, newest first, without who passed them on."""
        with self._database.reading() as session:
            found = notes.search(session, words.split()[:8], workspace=workspace, at_most=MOST_FOUND)
            standing = tags.standing_of(session, found)
        return [Kept(note, standing.get(note.id or 0)) for note in found]

    def preferences_of(self, workspace: str, person: str) -> Preferences:
        """What a person has set for themselves, and what holds until they do."""
        with self._database.transaction() as session:
            known = workspaces.join(session, workspace, now=self._clock())
            unit, _point = units.where(session, workspace, person=person)
            hears = preferences.chosen(session, workspace=workspace, person=person)
        return Preferences(hears=hears or Hearing.NEVER, unit=unit.name, language=speech.called(known.language))

    def hear_back(self, workspace: str, person: str, hears: Hearing) -> None:
        """Take a person's word for how often they want to hear what has become of their notes."""
        with self._database.transaction() as session:
            workspaces.join(session, workspace, now=self._clock())
            preferences.choose(session, workspace=workspace, person=person, hears=hears, now=self._clock())

    def just_now(self, workspace: str, person: str) -> Note | None:
        """The note that a person passed on last, if that was only a moment ago."""
        with self._database.reading() as session:
            latest = contributors.own_notes(session, workspace=workspace, person=person, at_most=1, last_kept=True)
        return latest[0] if latest and self._clock() - latest[0].kept_at <= WINDOW else None

    def everything_of(self, workspace: str, person: str) -> list[dict[str, Any]]:
        """All that is kept of what a person passed on, as they may take it with them."""
        with self._database.reading() as session:
            own = contributors.own_notes(session, workspace=workspace, person=person, at_most=100_000)
            standing = tags.standing_of(session, own)
            names = {unit.id: unit.name for unit in units.of_workspace(session, workspace)}
        return [_taken_along(note, standing.get(note.id or 0), unit=names.get(note.unit_id, "")) for note in own]

    def forget_everything_of(self, workspace: str, person: str) -> tuple[int, int]:
        """Take back all that a person ever passed on, for good. Returns how many notes are gone, and how many stay for
        others who marked the same message.

        Each note goes whole, in a transaction of its own: wherever this is cut off, asking again goes on from there.
        """
        with self._database.reading() as session:
            own = contributors.own_notes(session, workspace=workspace, person=person, at_most=100_000)
        gone = stay = 0
        for note in own:
            with suppress(NoteNotFound):  # taken back a moment ago, by another press of the same button
                if self._logbook.undo(note.id or 0, workspace=workspace, by=person):
                    gone += 1
                else:
                    stay += 1
        with self._database.transaction() as session:
            marks.forget_all_of(session, workspace=workspace, person=person)
        return gone, stay


def _taken_along(note: Note, tag: Tag | None, *, unit: str) -> dict[str, Any]:
    return {
        "number": note.number,
        "heard_at": note.heard_at.isoformat(),
        "words": note.verbatim,
        "comment": note.comment,
        "what_mattered": note.what_matters,
        "in_the_way": note.in_the_way,
        "first_asked_on": note.first_asked_on.isoformat() if note.first_asked_on else None,
        "first_hand": note.first_hand,
        "settled": note.settled.value if note.settled else None,
        "unit": unit,
        "point": note.point,
        "via": note.via,
        "private": note.private,
        "heard_in": note.heard_in,
        "note_type": tag.note_type.value if tag else note.told_as.value,
        "kind": tag.kind.value if tag else None,
        "theme": tag.theme if tag else None,
    }
