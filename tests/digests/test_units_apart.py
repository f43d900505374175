"""Several units in one store: each has a digest of its own notes, also where they come to the same channel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from digests import send
from digests.facts import Digest
from digests.periods import Week
from nlp.vocabulary import DemandKind
from storage import editions, schedules, units
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
