"""The change log of each unit: what its people changed in their work, and from which day on. Never who.

Everyone in the unit may add to it and take back from it; a rise elsewhere soon after a change is worth a talk.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.inserting import insert_once
from storage.models import Change, Unit

MOST_LOOKED_AT = 200


def keep(
    session: Session, *, workspace: str, unit_id: int, key: str, words: str, changed_on: date, now: datetime
) -> Change:
    """Keep a change, once: a second delivery of the same act finds it there, or taken back."""
    values = {
        "workspace": workspace,
        "unit_id": unit_id,
        "key": key,
        "words": words,
        "changed_on": changed_on,
        "anew": False,
        "kept_at": now,
        "withdrawn_at": None,
    }
    insert_once(session, Change, values)
    return session.exec(select(Change).where(Change.workspace == workspace, Change.key == key)).one()


def get(session: Session, change_id: int, *, workspace: str) -> Change | None:
    """A change by its id, if it is this workspace's and was not taken back."""
    change = session.get(Change, change_id)
    if change is None or change.workspace != workspace or change.withdrawn_at is not None:
        return None
    return change


def of_unit(session: Session, *, workspace: str, unit_id: int) -> Sequence[Change]:
    """What a unit changed, the latest change first."""
    return session.exec(
        select(Change)
        .where(Change.workspace == workspace, Change.unit_id == unit_id, col(Change.withdrawn_at).is_(None))
        .order_by(col(Change.changed_on).desc(), col(Change.id).desc())
        .limit(MOST_LOOKED_AT)
    ).all()


def elsewhere(
    session: Session, *, workspace: str, unit_id: int, days: tuple[date, date]
) -> Sequence[tuple[Change, str]]:
    """What the other units of a workspace changed from the one day on and before the other, the latest first; each
    beside the name of its unit.
    """
    first, before = days
    return session.exec(
        select(Change, Unit.name)
        .join(Unit, col(Unit.id) == col(Change.unit_id))
        .where(Change.workspace == workspace, Change.unit_id != unit_id, col(Change.withdrawn_at).is_(None))
        .where(col(Change.changed_on) >= first, col(Change.changed_on) < before)
        .order_by(col(Change.changed_on).desc(), col(Change.id).desc())
        .limit(MOST_LOOKED_AT)
    ).all()


def taken_back(session: Session, ids: Iterable[int], *, workspace: str) -> frozenset[int]:
    """Those of these changes, by id, that have been taken back."""
    gone = (Change.workspace == workspace, col(Change.id).in_(list(ids)), col(Change.withdrawn_at).is_not(None))
    return frozenset(change.id or 0 for change in session.exec(select(Change).where(*gone)))


def begin_charts(session: Session, change: Change, *, anew: bool) -> None:
    """Let the unit's charts begin anew with the week of this change, or let them run on."""
    change.anew = anew
    session.add(change)
    session.flush()


def withdraw(session: Session, change: Change, *, now: datetime) -> None:
    """Take a change back: its words are gone, and the charts run on as if nobody had told of it."""
    change.words, change.anew, change.withdrawn_at = "", False, now
    session.add(change)
    session.flush()
