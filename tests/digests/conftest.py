"""A notebook for tests about weeks: notes with everything a digest can tell of, in the week they belong to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import Session

from digests import compose
from digests.facts import Digest
from digests.periods import Week
from nlp.tagging import Tagging
from nlp.vocabulary import DemandKind, Kind, NoteType
from storage import notes, tags, workspaces
from storage.database import Database
from storage.models import Audience, Note

ZONE = "Europe/London"
WEEK = Week.parse("2026-W18", ZONE)


class Notebook:
    """Writes notes into a unit's weeks and reads its digests."""

    def __init__(self, database: Database, workspace: str) -> None:
        self.database = database
        self.workspace = workspace
        with database.transaction() as session:
            unit = workspaces.home_unit(session, workspace)
        assert unit.id is not None
        self.unit_id = unit.id
        self._numbers = count()

    def log(self, words: str, kind: Kind | None = DemandKind.CHASE, **told: Any) -> Note:
        """Keep a note, and tag it unless the kind is None."""
        with self.database.transaction() as session:
            return self._keep(session, words, kind, **told)

    def _keep(
        self,
        session: Session,
        words: str,
        kind: Kind | None,
        *,
        week: Week = WEEK,
        point: str = "",
        what_matters: str = "",
        first_asked_on: date | None = None,
        tagger: str = "test 1",
        confidence: float = 0.9,
        **tagged: Any,
    ) -> Note:
        number = next(self._numbers)
        at = week.start + timedelta(hours=10, minutes=number % 5000)
        heard = notes.Heard(
            key=f"note-{number}",
            told_as=NoteType.DEMAND,
            verbatim=words,
            heard_at=at,
            point=point,
            what_matters=what_matters,
            first_asked_on=first_asked_on,
        )
        note, _ = notes.add(session, heard, workspace=self.workspace, unit_id=self.unit_id, now=at)
        if kind is not None:
            tagging = Tagging(kind=kind, confidence=confidence, tagger=tagger, **tagged)
            tags.suggest(session, note, tagging, now=at)
        return note

    def correct(self, note: Note, kind: Kind, *, now: datetime) -> None:
        """Say what a note really is."""
        with self.database.transaction() as session:
            tags.correct(session, note, kind=kind, now=now)

    def ordinary_week(
        self, week: Week, *, failure: int = 8, value: int = 12, theme: str = "where is my repair"
    ) -> None:
        """A week like any other."""
        with self.database.transaction() as session:
            for n in range(failure):
                told = {"week": week, "theme": theme, "point": f"line {n % 3}"}
                self._keep(session, f"Any news on repair {n}?", DemandKind.CHASE, **told)
            for n in range(value):
                told = {"week": week, "theme": "book a visit", "point": "desk"}
                self._keep(session, f"Can I book visit {n}?", DemandKind.START, **told)

    def digest(
        self,
        week: Week = WEEK,
        *,
        audience: Audience = Audience.MANAGERS,
        now: datetime | None = None,
        missed: tuple[str, ...] = (),
    ) -> Digest:
        """The digest of a week, as it would be told once the week is over."""
        with self.database.reading() as session:
            return compose.compose(
                session,
                workspace=self.workspace,
                unit_id=self.unit_id,
                audience=audience,
                week=week,
                now=now or week.end + timedelta(hours=9),
                missed=missed,
            )


@pytest.fixture
def notebook(sqlite: Database, now: datetime) -> Notebook:
    """A workspace that has joined, in a real SQLite file."""
    with sqlite.transaction() as session:
        workspaces.join(session, "T0LARKMOOR", now=now, name="Larkmoor Homes", timezone=ZONE)
        workspaces.set_purpose(session, "T0LARKMOOR", "Keep people's homes safe & warm")
    return Notebook(sqlite, "T0LARKMOOR")
