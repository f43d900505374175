"""An organisation has many units, each with its own channels; what is passed on finds its unit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import SQLModel

from storage import contributors, schedules, units, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.models import Change, Edition, Stem, Unit
from tests import make
from tests.conftest import HILLCREST


def change_of(unit: Unit, now: datetime) -> SQLModel:
    told = {"key": "act 1", "words": "We now text people", "changed_on": now.date(), "kept_at": now}
    return Change(workspace=unit.workspace, unit_id=unit.id, **told)


def edition_of(unit: Unit, now: datetime) -> SQLModel:
    where = {"channel": "C1", "audience": Audience.MANAGERS, "week": "2026-W18"}
    return Edition(workspace=unit.workspace, unit_id=unit.id, claimed_at=now, **where)


def beginning_of(unit: Unit, now: datetime) -> SQLModel:
    return Stem(workspace=unit.workspace, unit_id=unit.id, stem="boil", first_at=now)


def test_a_note_belongs_to_the_unit_of_the_channel_it_is_passed_on_in(
    database: Database, larkmoor: str, now: datetime
) -> None:
    with database.transaction() as session:
        repairs, is_new = units.called(session, larkmoor, "Repairs")
        units.settle(session, larkmoor, "C1", repairs, now=now)
        assert is_new
        assert units.where(session, larkmoor, channel="C1", person="U1") == (repairs, "")
        assert units.where(session, larkmoor, channel="C2", person="U1")[0].name == workspaces.EVERYONE


def test_elsewhere_it_belongs_to_the_unit_that_the_person_said_is_theirs(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """In a direct message, on the Home tab, and in a channel that belongs to no unit. One rule."""
    with database.transaction() as session:
        rents, _ = units.called(session, larkmoor, "Rents")
        repairs, _ = units.called(session, larkmoor, "Repairs")
        units.settle(session, larkmoor, "C1", repairs, now=now)
        contributors.choose_unit(session, workspace=larkmoor, person="U1", unit=rents)
        assert units.where(session, larkmoor, channel="D1", person="U1")[0] == rents
        assert units.where(session, larkmoor, channel="C1", person="U1")[0] == repairs
        contributors.choose_unit(session, workspace=larkmoor, person="U1", unit=None)
        assert units.where(session, larkmoor, channel="D1", person="U1")[0].name == workspaces.EVERYONE


def test_many_who_ask_at_once_each_find_their_own_unit(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        workspaces.join(session, HILLCREST, now=now)
        home, (repairs, _) = workspaces.home_unit(session, larkmoor), units.called(session, larkmoor, "Repairs")
        units.settle(session, larkmoor, "C1", repairs, now=now)
        contributors.choose_unit(session, workspace=larkmoor, person="U2", unit=repairs)
        asked = [("C2", "U1"), ("C1", "U1"), ("D2", "U2"), ("", None)]
        found = [unit for unit, _point in units.where_each(session, larkmoor, asked)]
        assert found == [home, repairs, repairs, home]
        elsewhere = units.where_each(session, HILLCREST, asked)
        assert {unit.workspace for unit, _point in elsewhere} == {HILLCREST}


def test_a_unit_is_known_by_its_name_however_it_is_written(database: Database, larkmoor: str) -> None:
    with database.transaction() as session:
        unit, _ = units.called(session, larkmoor, "  Front   desk ")
        assert unit.name == "Front desk"
        assert units.called(session, larkmoor, "FRONT DESK") == (unit, False)
        with pytest.raises(units.NameTaken):
            units.rename(session, unit, "everyone")
        units.rename(session, unit, "Reception")
        assert units.named(session, larkmoor, "reception") == unit


def test_a_channel_takes_its_digest_along(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        home = workspaces.home_unit(session, larkmoor)
        placed = {"workspace": larkmoor, "channel": "C1", "audience": Audience.MANAGERS}
        schedules.place(session, unit_id=home.id or 0, now=now, **placed)
        repairs, _ = units.called(session, larkmoor, "Repairs")
        assert units.settle(session, larkmoor, "C1", repairs, now=now)
        assert not units.settle(session, larkmoor, "C1", repairs, now=now)
        assert schedules.of_channel(session, unit_id=home.id or 0, **placed) is None
        assert schedules.of_channel(session, unit_id=repairs.id or 0, **placed) is not None


def test_a_channel_that_the_home_unit_claims_keeps_its_digest(database: Database, larkmoor: str, now: datetime) -> None:
    """It was the home unit's before anyone said so: nothing changes for its digest."""
    with database.transaction() as session:
        home = workspaces.home_unit(session, larkmoor)
        placed = {"workspace": larkmoor, "channel": "C1", "audience": Audience.MANAGERS}
        schedules.place(session, unit_id=home.id or 0, now=now, **placed)
        assert units.settle(session, larkmoor, "C1", home, now=now)
        assert schedules.of_channel(session, unit_id=home.id or 0, **placed) is not None


def test_a_slip_of_the_finger_leaves_no_unit_behind(database: Database, larkmoor: str, now: datetime) -> None:
    """A unit that nothing was passed on to goes with its last channel; one with notes stays."""
    with database.transaction() as session:
        slip, _ = units.called(session, larkmoor, "Repiars")
        units.settle(session, larkmoor, "C1", slip, now=now)
        assert units.leave(session, larkmoor, "C1") == slip
        assert units.named(session, larkmoor, "Repiars") is None
        repairs, _ = units.called(session, larkmoor, "Repairs")
        units.settle(session, larkmoor, "C1", repairs, now=now)
        make.note(session, workspace=larkmoor, at=now, unit=repairs)
        units.leave(session, larkmoor, "C1")
        assert units.named(session, larkmoor, "Repairs") == repairs
        assert units.leave(session, larkmoor, "C1") is None


@pytest.mark.parametrize("of", [change_of, edition_of, beginning_of])
def test_a_unit_with_anything_on_record_stays_when_its_last_channel_leaves(
    database: Database, larkmoor: str, now: datetime, of: Callable[[Unit, datetime], SQLModel]
) -> None:
    """A line in its change log, a digest that went out, a word that it heard: each is the unit's for good."""
    with database.transaction() as session:
        repairs, _ = units.called(session, larkmoor, "Repairs")
        units.settle(session, larkmoor, "C1", repairs, now=now)
        session.add(of(repairs, now))
    with database.transaction() as session:
        assert units.leave(session, larkmoor, "C1") is not None
    with database.reading() as session:
        assert units.named(session, larkmoor, "Repairs") is not None
        assert units.place(session, larkmoor, "C1") is None


def test_another_workspace_sees_none_of_it(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        workspaces.join(session, HILLCREST, now=now)
        repairs, _ = units.called(session, larkmoor, "Repairs")
        units.settle(session, larkmoor, "C1", repairs, now=now)
        assert units.named(session, HILLCREST, "Repairs") is None
        assert units.get(session, repairs.id or 0, workspace=HILLCREST) is None
        assert units.where(session, HILLCREST, channel="C1")[0].workspace == HILLCREST
        assert units.channels(session, HILLCREST) == []
