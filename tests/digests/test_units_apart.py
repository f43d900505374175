"""Several units in one store: each has a digest of its own notes, also where they come to the same channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from digests import send
from digests.facts import Digest
from digests.periods import Week
from nlp.vocabulary import DemandKind
from storage import editions, schedules, units, workspaces
from storage.columns import Audience
from storage.database import Database
from tests import make

ZONE = "Europe/London"
WEEK = Week.parse("2026-W18", ZONE)
MONDAY_NINE = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


def card(digest: Digest) -> dict[str, Any]:
    return {"text": digest.label, "blocks": []}


def test_two_units_in_one_channel_have_a_digest_each(database: Database, larkmoor: str) -> None:
    """Each once, each of its own notes."""
    with database.transaction() as session:
        for name, many in (("Repairs", 1), ("Rents", 3)):
            unit, _ = units.called(session, larkmoor, name)
            at = WEEK.start + timedelta(days=1)
            for n in range(many):
                make.note(session, f"{name} {n}", workspace=larkmoor, at=at, kind=DemandKind.CHASE, unit=unit)
            schedules.place(
                session,
                workspace=larkmoor,
                unit_id=unit.id or 0,
                channel="C0MANAGERS1",
                audience=Audience.MANAGERS,
                timezone=ZONE,
                now=WEEK.end,
            )
    ticks = [send.send_due(database, now=MONDAY_NINE + timedelta(minutes=n), card=card) for n in range(3)]
    assert ticks == [2, 0, 0]
    with database.reading() as session:
        told = [edition.facts for edition in editions.of_workspace(session, larkmoor)]
    assert sorted((facts["unit"], facts["heard"]["notes"]) for facts in told) == [("Rents", 3), ("Repairs", 1)]


def test_a_channel_that_changes_its_unit_has_missed_nothing(database: Database, larkmoor: str) -> None:
    """The next digest comes next week, of the new unit, and calls none missing of those that came before."""
    told: list[Digest] = []
    tuesday = MONDAY_NINE + timedelta(days=1)

    def keep(digest: Digest) -> dict[str, Any]:
        told.append(digest)
        return card(digest)

    with database.transaction() as session:
        home, (repairs, _) = workspaces.home_unit(session, larkmoor), units.called(session, larkmoor, "Repairs")
        placed = {"workspace": larkmoor, "channel": "C0MANAGERS1", "audience": Audience.MANAGERS, "timezone": ZONE}
        schedules.place(session, unit_id=home.id or 0, now=WEEK.start, **placed)  # type: ignore[arg-type]
        for unit in (home, repairs):
            for n, week in enumerate((WEEK.previous(), WEEK, WEEK.next)):
                at = week.start + timedelta(days=1)
                make.note(session, f"{unit.name} {n}", workspace=larkmoor, at=at, kind=DemandKind.CHASE, unit=unit)
    mondays = [MONDAY_NINE + timedelta(weeks=n) for n in (-1, 0, 1)]
    assert [send.send_due(database, now=now, card=keep) for now in mondays[:2]] == [1, 1]
    with database.transaction() as session:
        units.settle(session, larkmoor, "C0MANAGERS1", session.merge(repairs), now=tuesday)
    assert [send.send_due(database, now=now, card=keep) for now in (tuesday, mondays[2])] == [0, 1]
    assert (told[-1].unit, told[-1].label, told[-1].missed) == ("Repairs", WEEK.next.label, ())
