"""The desk at which notes are tagged: each by the words it has by now, and what is owed about it with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.meanings import Meanings
from digests import send
from storage import notes, outbox, tags
from storage.database import Database
from storage.models import Note, Tag, Unit

_LATELY = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class Entry:
    """A note, the tag that stands (if it has one yet) and its unit."""

    note: Note
    tag: Tag | None
    unit: Unit
    heard: tuple[int, int] = (1, 1)
    """How many notes of the same theme the last twelve weeks hold, this one among them, and from how many points."""
    next_digest: datetime | None = None
    """When the unit's next digest goes out, if any does."""


Owed = Callable[[Entry], "tuple[str, str, dict[str, object]]"]
"""Given an entry, what to leave in the outbox about it: key, channel and body."""


class Desk:
    """Tags what the logbook keeps: the new notes together, and history where the tagger has changed."""

    def __init__(self, database: Database, meanings: Meanings, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._meanings = meanings
        self._clock = clock

    def retag(self, *, at_most: int = 200) -> int:
        """Tag what this version of the tagger has not seen yet: what it stumbled over, and, when it is new, all of
        history, unit by unit. Stops at any point and goes on from there; a person's word stands throughout. Where it
        stumbles, that workspace waits for the next time and the others go on.

        Returns how many notes were tagged. One that is edited meanwhile gets another turn.
        """
        done, stumbled = 0, set[str]()
        while done < at_most:
            with self._database.reading() as session:
                some = tags.seen_otherwise(
                    session, tagger=self._meanings.version, at_most=at_most - done, but_of=stumbled
                )
                waiting = [(note, session.get_one(Unit, note.unit_id)) for note in some]
            if not waiting:
                break
            told = list(zip(some, self._meanings.suggested(waiting), strict=True))
            seen = [(note, tagging) for note, tagging in told if tagging is not None]
            stumbled |= {note.workspace for note, tagging in told if tagging is None}
            with self._database.transaction() as session:
                done += len(tags.suggest_all(session, seen, now=self._clock()))
        return done

    def left_to_retag(self) -> int:
        """How many notes this version of the tagger has not seen yet."""
        with self._database.reading() as session:
            return tags.how_many_seen_otherwise(session, tagger=self._meanings.version)

    def tag_all(self, asked: Sequence[tuple[Note, Owed | None]]) -> list[Entry]:
        """Suggest what each of these notes means; what is owed about it is left in the outbox in the same transaction.

        One that was edited meanwhile is tagged once more, by its new words.
        """
        waiting = [note for note, _owed in asked]
        with self._database.reading() as session:
            of = {note.unit_id: session.get_one(Unit, note.unit_id) for note in waiting}
        taggings = self._meanings.suggested([(note, of[note.unit_id]) for note in waiting])
        with self._database.transaction() as session:
            still = notes.still_there(session, waiting)
            if all(still.get(note.id or 0, note.verbatim) == note.verbatim for note in waiting):
                standing = tags.standing_of(session, [note for note in waiting if note.id in still])
                untagged = {
                    note.id: (note, tagging)
                    for note, tagging in zip(waiting, taggings, strict=True)
                    if tagging is not None and note.id not in standing
                }
                standing |= tags.suggest_all(session, list(untagged.values()), now=self._clock())
                entries = self.entries(session, waiting, standing, of)
                for entry, (note, owed) in zip(entries, asked, strict=True):
                    if owed is not None and note.id in still:  # once it was taken back, nothing is made of it any more
                        key, channel, body = owed(entry)
                        outbox.leave(
                            session, workspace=note.workspace, key=key, channel=channel, body=body, now=self._clock()
                        )
                return entries
            now = [notes.get(session, note.id or 0, workspace=note.workspace) or note for note in waiting]
        return self.tag_all([(note, owed) for note, (_, owed) in zip(now, asked, strict=True)])  # some were edited

    def entries(
        self, session: Session, some: Sequence[Note], standing: dict[int, Tag], of: dict[int, Unit]
    ) -> list[Entry]:
        """Notes with the tags that stand, and with what a receipt says of theme and digest."""
        now = self._clock()
        heard: dict[tuple[str, str], tuple[int, int]] = {}
        for workspace in {note.workspace for note in some}:
            here = [
                standing[note.id or 0].theme for note in some if note.workspace == workspace and note.id in standing
            ]
            there = tags.heard_before(session, {*filter(None, here)}, workspace=workspace, since=now - _LATELY)
            heard |= {(workspace, theme): often for theme, often in there.items()}
        coming = {unit.id: send.next_for(session, unit, now=now) for unit in of.values()}
        entries = []
        for note in some:
            tag = standing.get(note.id or 0)
            often = heard.get((note.workspace, (tag and tag.theme) or ""), (1, 1))
            entries.append(Entry(note, tag, of[note.unit_id], often, coming[note.unit_id]))
        return entries
