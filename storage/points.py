"""Listening points: where a unit listens to its customers. Registered by its people, so that silence can be seen."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select, update

from storage.models import ListeningPoint, Note, Unit, UnitChannel

LONGEST_NAME = 80


class PointTaken(Exception):
    """The unit has another point of this name."""


class NoSuchPoint(Exception):
    """Nothing was ever heard at a point of that name, nor is it registered."""


def of_unit(session: Session, unit: Unit) -> Sequence[ListeningPoint]:
    """The unit's registered points, in the order they were added."""
    query = select(ListeningPoint).where(ListeningPoint.unit_id == unit.id)
    return session.exec(query.order_by(col(ListeningPoint.id))).all()


def names(session: Session, unit_id: int) -> frozenset[str]:
    """What the unit's registered points are called."""
    return frozenset(session.exec(select(ListeningPoint.name).where(ListeningPoint.unit_id == unit_id)))


def of_workspace(session: Session, workspace: str) -> Sequence[ListeningPoint]:
    """Every registered point of a workspace."""
    query = select(ListeningPoint).where(ListeningPoint.workspace == workspace)
    return session.exec(query.order_by(col(ListeningPoint.id))).all()


def named(session: Session, unit: Unit, name: str) -> ListeningPoint | None:
    """The unit's point of this name, however it is capitalised."""
    wanted = plain(name).casefold()
    return next((point for point in of_unit(session, unit) if point.name.casefold() == wanted), None)


def add(session: Session, unit: Unit, name: str) -> tuple[ListeningPoint, bool]:
    """Register a point, once. Returns it and whether it is new."""
    point = named(session, unit, name)
    if point is not None:
        return point, False
    assert unit.id is not None
    point = ListeningPoint(workspace=unit.workspace, unit_id=unit.id, name=plain(name))
    session.add(point)
    session.flush()
    return point, True


def remove(session: Session, unit: Unit, point: ListeningPoint) -> None:
    """Listen there no longer. What was heard there stays as it was; channels that stood for it stand for none."""
    _let_channels_stand_for(session, unit, point.name, "")
    session.delete(point)
    session.flush()


def rename(session: Session, unit: Unit, old: str, new: str) -> int:
    """Let a point go by another name, in the notes that were heard there too. Returns how many notes those are.

    Also for a point that was never registered, such as one that came with an import.

    Raises:
        PointTaken: another registered point has that name. Two points cannot be told apart again once they are one.
        NoSuchPoint: there is none to rename.
    """
    point, there = named(session, unit, old), named(session, unit, new)
    if there is not None and there is not point:
        raise PointTaken
    was = point.name if point is not None else plain(old)
    if point is not None:
        point.name = plain(new)
        session.add(point)
    _let_channels_stand_for(session, unit, was, plain(new))
    heard_there = (
        update(Note).where(col(Note.unit_id) == unit.id, col(Note.point) == was).values(point=plain(new))
    ).returning(col(Note.id))
    renamed = len(session.execute(heard_there.execution_options(synchronize_session=False)).all())
    session.flush()
    if point is None and not renamed:
        raise NoSuchPoint
    return renamed


def stand_for(session: Session, place: UnitChannel, point: str) -> None:
    """Let a channel stand for a point: what is passed on there was heard at that point. With no name, for none."""
    place.point = plain(point)
    session.add(place)
    session.flush()


def plain(name: str) -> str:
    """A name without needless space, as long as one may be."""
    return " ".join(name.split())[:LONGEST_NAME].strip()


def _let_channels_stand_for(session: Session, unit: Unit, old: str, new: str) -> None:
    channels = select(UnitChannel).where(UnitChannel.unit_id == unit.id, UnitChannel.point == old)
    for place in session.exec(channels):
        place.point = new
        session.add(place)
