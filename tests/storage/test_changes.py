"""The change log keeps what a unit changed, once, for that workspace alone, and nobody's name."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from storage import changes, units, workspaces
from storage.database import Database
from storage.models import Change
from tests.conftest import HILLCREST


def keep(session: Session, workspace: str, now: datetime, *, key: str = "act 1", unit: str = "Repairs") -> Change:
    return changes.keep(
        session,
        workspace=workspace,
        unit_id=units.called(session, workspace, unit)[0].id or 0,
        key=key,
        words="We now text people",
        changed_on=date(2026, 4, 27),
        now=now,
    )


def test_a_second_delivery_finds_it_there_and_cannot_bring_back_what_was_taken_back(
    database: Database, larkmoor: str, now: datetime
) -> None:
    with database.transaction() as session:
        first = keep(session, larkmoor, now)
        assert keep(session, larkmoor, now).id == first.id
        changes.withdraw(session, first, now=now)
    with database.transaction() as session:
        again = keep(session, larkmoor, now)
        assert (again.withdrawn_at, again.words) == (now, "")
        assert changes.of_unit(session, workspace=larkmoor, unit_id=again.unit_id) == []
        assert changes.get(session, again.id or 0, workspace=larkmoor) is None


def test_each_workspace_and_each_unit_has_its_own(database: Database, larkmoor: str, now: datetime) -> None:
    """Not by id, not by listing; and "elsewhere" is elsewhere in the same workspace."""
    days = (date(2026, 4, 1), date(2026, 5, 1))
    with database.transaction() as session:
        workspaces.join(session, HILLCREST, now=now)
        here = keep(session, larkmoor, now)
        there = keep(session, HILLCREST, now)
        rents = keep(session, larkmoor, now, key="act 2", unit="Rents")
        assert changes.get(session, there.id or 0, workspace=larkmoor) is None
        assert changes.of_unit(session, workspace=larkmoor, unit_id=there.unit_id) == []
        assert changes.of_unit(session, workspace=larkmoor, unit_id=here.unit_id) == [here]
        found = changes.elsewhere(session, workspace=larkmoor, unit_id=here.unit_id, days=days)
        assert [(change.id, unit) for change, unit in found] == [(rents.id, "Rents")]
        assert changes.elsewhere(session, workspace=HILLCREST, unit_id=there.unit_id, days=days) == []


def test_of_some_changes_it_says_which_were_taken_back(database: Database, larkmoor: str, now: datetime) -> None:
    """Of the workspace's own alone."""
    with database.transaction() as session:
        workspaces.join(session, HILLCREST, now=now)
        gone, there = keep(session, larkmoor, now), keep(session, larkmoor, now, key="act 2")
        changes.withdraw(session, gone, now=now)
        those = [gone.id or 0, there.id or 0]
        assert changes.taken_back(session, those, workspace=larkmoor) == {gone.id}
        assert changes.taken_back(session, those, workspace=HILLCREST) == frozenset()
        assert changes.taken_back(session, [], workspace=larkmoor) == frozenset()


def test_nothing_in_it_says_who_told() -> None:
    assert {"person", "by", "author"}.isdisjoint(Change.model_fields)
