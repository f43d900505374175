"""The units of a workspace: each has a purpose, channels and listening points of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy import Select, bindparam
from sqlmodel import Session, and_, col, delete, func, select

from storage import listed, schedules, workspaces
from storage.models import Change, Edition, ListeningPoint, Note, OwnUnit, Schedule, Stem, Unit, UnitChannel

LONGEST_NAME = 40

_HOME = select(func.min(Unit.id)).where(Unit.workspace == bindparam("workspace")).scalar_subquery()


def _by_the_rule(dialect: str) -> Select[Any]:
    """Asked for with every note, and so built once: the unit of each place and person, and the point of that place."""
    asked = listed.pairs(dialect, "asked")
    here = and_(UnitChannel.workspace == bindparam("workspace"), col(UnitChannel.channel) == asked.c.one)
    theirs = and_(OwnUnit.workspace == bindparam("workspace"), col(OwnUnit.person) == asked.c.other)
    return (
        sql.select(asked.c.n, Unit, col(UnitChannel.point))
        .select_from(asked)
        .outerjoin(UnitChannel, here)
        .outerjoin(OwnUnit, theirs)
        .join(Unit, col(Unit.id) == func.coalesce(col(UnitChannel.unit_id), col(OwnUnit.unit_id), _HOME))
        .where(col(Unit.workspace) == bindparam("workspace"))
    )


_BY_THE_RULE = {dialect: _by_the_rule(dialect) for dialect in ("sqlite", "postgresql")}


class NameTaken(Exception):
    """Another unit of the workspace goes by this name."""


def of_workspace(session: Session, workspace: str) -> Sequence[Unit]:
    """Every unit, in the order they were made: the home unit first."""
    return session.exec(select(Unit).where(Unit.workspace == workspace).order_by(col(Unit.id))).all()


def get(session: Session, unit_id: int, *, workspace: str) -> Unit | None:
    """The unit with this id, if it is this workspace's."""
    unit = session.get(Unit, unit_id)
    return unit if unit is not None and unit.workspace == workspace else None


def named(session: Session, workspace: str, name: str) -> Unit | None:
    """The unit that goes by this name, however it is capitalised."""
    wanted = _plain(name).casefold()
    return next((unit for unit in of_workspace(session, workspace) if unit.name.casefold() == wanted), None)


def called(session: Session, workspace: str, name: str) -> tuple[Unit, bool]:
    """The unit of this name, made if there was none, and whether it is new."""
    workspaces.home_unit(session, workspace)
    workspaces.wait_for_turn(session, workspace)  # two people may name the same unit at the same moment
    unit = named(session, workspace, name)
    if unit is not None:
        return unit, False
    unit = Unit(workspace=workspace, name=_plain(name))
    session.add(unit)
    session.flush()
    return unit, True


def rename(session: Session, unit: Unit, name: str) -> None:
    """Let the unit go by another name. Its notes, channels and digests stay its own.

    Raises:
        NameTaken: another unit has it.
    """
    workspaces.wait_for_turn(session, unit.workspace)
    there = named(session, unit.workspace, name)
    if there is not None and there.id != unit.id:
        raise NameTaken
    unit.name = _plain(name)
    session.add(unit)
    session.flush()


def set_purpose(session: Session, unit: Unit, purpose: str) -> None:
    """Say what the unit is here for, in its customers' terms."""
    unit.purpose = purpose
    session.add(unit)
    session.flush()


def where(session: Session, workspace: str, *, channel: str = "", person: str | None = None) -> tuple[Unit, str]:
    """The unit of whatever someone does, and the listening point that the channel stands for, if any.

    One rule: the unit of the channel it is done in. Where that belongs to none, as in direct messages and on the
    Home tab, the unit that the person said is theirs; for one who never said, the home unit.
    """
    return where_each(session, workspace, [(channel, person)])[0]


def where_each(session: Session, workspace: str, asked: Sequence[tuple[str, str | None]]) -> list[tuple[Unit, str]]:
    """The same for many at once, each a channel and a person."""
    given = listed.as_pairs((channel, person or "") for channel, person in asked)
    query = _BY_THE_RULE[listed.dialect(session)]
    rows = session.execute(query, {"workspace": workspace, "asked": given})
    found = {n: (unit, point or "") for n, unit, point in rows}
    return [found.get(n) or (workspaces.home_unit(session, workspace), "") for n in range(len(asked))]


def settle(session: Session, workspace: str, channel: str, unit: Unit, *, now: datetime) -> bool:
    """Let a channel belong to a unit, and the digests of the one it had tell of this one. Returns whether that is news.

    A channel that no unit had claimed was the home unit's, and so were its digests; claimed for that one, they stay.
    Notes that were passed on there before stay with the unit they were passed on to.
    """
    assert unit.id is not None
    place = session.get(UnitChannel, (workspace, channel))
    if place is not None and place.unit_id == unit.id:
        return False
    was = place.unit_id if place is not None else workspaces.home_unit(session, workspace).id
    if place is not None:
        session.delete(place)  # and with it the point, which was the other unit's
        session.flush()
    session.add(UnitChannel(workspace=workspace, channel=channel, unit_id=unit.id))
    if unit.id != was:
        schedules.follow(session, workspace=workspace, channel=channel, was=was or 0, now_of=unit.id, now=now)
    return True


def leave(session: Session, workspace: str, channel: str) -> Unit | None:
    """Let a channel belong to no unit. Returns the one it belonged to.

    A unit that nothing was ever passed on to, and that nothing else knows, goes with its last channel.
    """
    place = session.get(UnitChannel, (workspace, channel))
    if place is None:
        return None
    unit = session.get_one(Unit, place.unit_id)
    session.delete(place)
    session.flush()
    if unit.id != workspaces.home_unit(session, workspace).id and not _is_known(session, unit):
        session.exec(delete(ListeningPoint).where(col(ListeningPoint.unit_id) == unit.id))
        session.delete(unit)
        session.flush()
    return unit


def place(session: Session, workspace: str, channel: str) -> UnitChannel | None:
    """The channel as one of a unit's; none, if it belongs to none."""
    return session.get(UnitChannel, (workspace, channel))


def channels(session: Session, workspace: str) -> Sequence[UnitChannel]:
    """Every channel that belongs to a unit."""
    query = select(UnitChannel).where(UnitChannel.workspace == workspace)
    return session.exec(query.order_by(col(UnitChannel.unit_id), col(UnitChannel.channel))).all()


def _is_known(session: Session, unit: Unit) -> bool:
    """Whether anything but its listening points is still this unit's: a note, a channel, a digest, a person's word."""
    return any(
        session.execute(select(func.count()).select_from(record).where(record.unit_id == unit.id)).scalar_one()
        for record in (UnitChannel, Schedule, Edition, OwnUnit, Note, Stem, Change)
    )


def _plain(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME].strip()
