"""What was done already, so that a second delivery of the same command does nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from storage.inserting import insert_once
from storage.models import Act

REMEMBERED = timedelta(days=2)
"""Slack delivers nothing again that is older than this."""


def first_time(session: Session, *, workspace: str, key: str, now: datetime) -> bool:
    """Whether this has not been done before. From here on, it has; if the transaction fails, it has not."""
    return insert_once(session, Act, {"workspace": workspace, "key": key, "done_at": now}) is not None


def is_latest(session: Session, *, workspace: str, key: str) -> bool:
    """Whether nothing was done yet that comes after this: among the acts whose keys differ from this one in what
    follows the last slash, where moments stand as Slack writes them.
    """
    series, _, _moment = key.rpartition("/")
    others = select(Act.key).where(Act.workspace == workspace, col(Act.key).startswith(f"{series}/", autoescape=True))
    return all(other <= key for other in session.exec(others))


def was_done(session: Session, *, workspace: str, key: str) -> bool:
    """Whether this has been done before."""
    return session.exec(select(Act.id).where(Act.workspace == workspace, Act.key == key)).first() is not None


def forget_old(session: Session, *, now: datetime) -> None:
    """Forget what nobody will ask about any more."""
    session.exec(delete(Act).where(col(Act.done_at) < now - REMEMBERED))
