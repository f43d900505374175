"""A unit registers where it listens; a point keeps its notes when it goes by another name."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage import points, recurring, units, workspaces
from storage.database import Database
from tests import make


def test_a_point_is_registered_once(database: Database, larkmoor: str) -> None:
    with database.transaction() as session:
        unit = workspaces.home_unit(session, larkmoor)
        point, is_new = points.add(session, unit, " Front  desk ")
        assert (point.name, is_new) == ("Front desk", True)
        assert points.add(session, unit, "front desk") == (point, False)
        assert points.names(session, unit.id or 0) == {"Front desk"}


def test_a_renamed_point_keeps_what_was_heard_there(database: Database, larkmoor: str, now: datetime) -> None:
    """Also one that came with an import and was never registered. Another unit's point is another point."""
    week = (now, now + timedelta(hours=1))
    with database.transaction() as session:
        home = workspaces.home_unit(session, larkmoor)
        rents, _ = units.called(session, larkmoor, "Rents")
        make.note(session, "one", workspace=larkmoor, at=now, point="Desk 1")
        make.note(session, "two", workspace=larkmoor, at=now, point="Desk 1", unit=rents)
        assert points.rename(session, home, "Desk 1", "Front desk") == 1
        assert recurring.lately(session, [week], workspace=larkmoor, unit_id=home.id or 0).points == {"Front desk"}
        assert recurring.lately(session, [week], workspace=larkmoor, unit_id=rents.id or 0).points == {"Desk 1"}


def test_two_points_never_become_one_by_a_slip(database: Database, larkmoor: str) -> None:
    with database.transaction() as session:
        unit = workspaces.home_unit(session, larkmoor)
        points.add(session, unit, "Front desk")
        points.add(session, unit, "Web chat")
        with pytest.raises(points.PointTaken):
            points.rename(session, unit, "Front desk", "WEB CHAT")
        with pytest.raises(points.NoSuchPoint):
            points.rename(session, unit, "Desk 9", "Reception")
        points.rename(session, unit, "Front desk", "FRONT DESK")
        assert points.names(session, unit.id or 0) == {"FRONT DESK", "Web chat"}


def test_a_channel_stands_for_a_point_as_long_as_there_is_one(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        unit = workspaces.home_unit(session, larkmoor)
        units.settle(session, larkmoor, "C1", unit, now=now)
        place = units.place(session, larkmoor, "C1")
        assert place is not None
        point, _ = points.add(session, unit, "Front desk")
        points.stand_for(session, place, point.name)
        points.rename(session, unit, "Front desk", "Reception")
        assert units.where(session, larkmoor, channel="C1") == (unit, "Reception")
        points.remove(session, unit, point)
        assert units.where(session, larkmoor, channel="C1") == (unit, "")
