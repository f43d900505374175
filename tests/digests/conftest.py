"""A notebook for tests about weeks: notes with everything a digest can tell of, in the week they belong to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import Session, select

from digests import compose, send
from digests.facts import Digest
from digests.periods import Week
from nlp.tagging import Tagging
from nlp.vocabulary import DemandKind, Kind, NoteType
from storage import notes, schedules, tags, units, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.models import Edition, Message, Note, Schedule
from tests import make

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
        private: bool = False,
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
            private=private,
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
        units.set_purpose(session, workspaces.home_unit(session, "T0LARKMOOR"), "Keep people's homes safe & warm")
    return Notebook(sqlite, "T0LARKMOOR")


CHANNEL = "C0MANAGERS1"
LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
"""Nine o'clock in London on the Monday after the week of the notes."""


def card(digest: Digest) -> dict[str, Any]:
    return {"text": digest.label, "blocks": [], "thread": [{"text": "and the detail", "blocks": []}]}


def keeping() -> tuple[list[Digest], Callable[[Digest], dict[str, Any]]]:
    told: list[Digest] = []

    def keep(digest: Digest) -> dict[str, Any]:
        told.append(digest)
        return card(digest)

    return told, keep


class Office:
    """One workspace with a schedule, and what came of it."""

    def __init__(self, database: Database, workspace: str) -> None:
        self.database, self.workspace = database, workspace
        self.plan = self.schedule()

    def schedule(
        self, *, channel: str = CHANNEL, zone: str = ZONE, since: datetime = LONG_AGO, **when: Any
    ) -> Schedule:
        with self.database.transaction() as session:
            unit = workspaces.home_unit(session, self.workspace)
            assert unit.id is not None
            return schedules.place(
                session,
                workspace=self.workspace,
                unit_id=unit.id,
                channel=channel,
                audience=when.pop("audience", Audience.MANAGERS),
                timezone=zone,
                now=since,
                **when,
            )

    def begin(self, **placed: Any) -> None:
        """The schedule is made at last, as if there had been none before."""
        with self.database.transaction() as session:
            schedules.remove(session, session.merge(self.plan))
        self.plan = self.schedule(**placed)

    def log(self, week: Week = WEEK, words: str = "Any news on my repair?") -> None:
        with self.database.transaction() as session:
            at = week.start + timedelta(days=1)
            make.note(session, words, workspace=self.workspace, at=at, kind=DemandKind.CHASE)

    def tick(self, now: datetime, *, card: send.Card = card) -> int:
        return send.send_due(self.database, now=now, card=card)

    def outcomes(self) -> dict[str, str]:
        with self.database.reading() as session:
            rows = session.exec(select(Edition).order_by(Edition.week)).all()  # type: ignore[arg-type]
        return {edition.week: edition.outcome for edition in rows}

    def posts(self) -> list[Message]:
        with self.database.reading() as session:
            return list(session.exec(select(Message).where(Message.thread_of == "")).all())


@pytest.fixture
def office(sqlite: Database, now: datetime) -> Office:
    """On SQLite, where most of this can be told."""
    return _joined(sqlite, now)


@pytest.fixture
def either(database: Database, now: datetime) -> Office:
    """On each of the two databases, for what rests on how they keep order."""
    return _joined(database, now)


def _joined(database: Database, now: datetime) -> Office:
    with database.transaction() as session:
        workspaces.join(session, "T0LARKMOOR", now=now, timezone=ZONE)
    return Office(database, "T0LARKMOOR")


def begin(office: Office, with_week: Week) -> None:
    """The schedule was made just in time for the digest of that week."""
    office.begin(since=with_week.end)
