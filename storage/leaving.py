"""Workspaces that remove the app: nothing is done there any more, and after a grace everything of theirs is deleted.

What belongs to a workspace is read from the records themselves: whatever names it, or points to what does. So a record
that is added tomorrow is purged as well, with no line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, select, tuple_
from sqlmodel import Session, SQLModel, col, or_

from storage import installations, outbox
from storage.models import Installation, Workspace

_AT_A_TIME = 2_000
"""Rows deleted in one transaction: few enough that nobody else who writes has to wait."""


def leave(session: Session, workspace: str, *, purge_at: datetime) -> bool:
    """A workspace has removed the app: its token is deleted and nothing more is said there.

    Returns whether that is news. Leaving twice is leaving once: the moment of its purge stays.
    """
    installation = installations.of(session, workspace)
    if installation is not None and installation.workspace == workspace:
        installations.remove(session, installation)
    outbox.drop(session, workspace=workspace)
    known = session.get(Workspace, workspace, with_for_update=True)
    if known is None or known.purge_at is not None:
        return False
    known.purge_at = purge_at
    session.add(known)
    session.flush()
    return True


def taken_out(session: Session, workspace: str, *, purge_at: datetime) -> bool:
    """An organisation has taken the app out of one of its workspaces. One that has installed it for itself stays.

    Returns whether that is news.
    """
    installation = installations.of(session, workspace)
    is_its_own = installation is not None and installation.workspace == workspace
    return not is_its_own and leave(session, workspace, purge_at=purge_at)


def leave_all(session: Session, enterprise: str, *, purge_at: datetime) -> Sequence[str]:
    """A whole organisation has removed the app. Workspaces that have installed it for themselves stay."""
    installation = session.get(Installation, (enterprise, ""))
    if installation is not None:
        installations.remove(session, installation)
    own = select(col(Installation.workspace)).where(col(Installation.workspace) != "")
    theirs = select(col(Workspace.id)).where(col(Workspace.enterprise) == enterprise, col(Workspace.id).not_in(own))
    gone = list(session.execute(theirs).scalars())
    for workspace in gone:
        leave(session, workspace, purge_at=purge_at)
    return gone


def come_back(session: Session, workspace: str) -> bool:
    """A workspace has installed the app again. Returns whether it is one that we know, so that everything is there.

    Where the grace is over, `purge` has to finish first, so that the workspace begins anew.
    """
    known = session.get(Workspace, workspace, with_for_update=True)
    if known is None:
        return False
    outbox.drop(session, workspace=workspace)  # whatever was still left for them while they were away
    known.purge_at = None
    session.add(known)
    session.flush()
    return True


def purge_from(session: Session, workspace: str, moment: datetime) -> None:
    """Let everything of a workspace that left be deleted from this moment on, and not only when its grace is over."""
    known = session.get_one(Workspace, workspace)
    known.purge_at = moment
    session.add(known)
    session.flush()


def due(session: Session, *, now: datetime) -> Sequence[str]:
    """The workspaces whose grace is over."""
    return list(session.execute(select(col(Workspace.id)).where(col(Workspace.purge_at) <= now)).scalars())


def purge(session: Session, workspace: str, *, now: datetime, at_most: int = _AT_A_TIME) -> bool:
    """Delete some of what a workspace left behind, the workspace itself last. Call it until it returns False.

    Each call is a transaction of its own. It deletes nothing of a workspace that has come back meanwhile.
    """
    known = session.get(Workspace, workspace, with_for_update=True)
    if known is None or known.purge_at is None or known.purge_at > now:
        return False
    for table in reversed(SQLModel.metadata.sorted_tables):
        theirs = whose(table, workspace)
        if theirs is None:
            continue
        columns: list[Any] = list(table.primary_key)
        key: Any = tuple_(*columns) if len(columns) > 1 else columns[0]
        some: Any = select(*columns).where(theirs).limit(at_most)
        if session.execute(select(exists().select_from(table).where(theirs))).scalar_one():
            session.execute(delete(table).where(key.in_(some)).execution_options(synchronize_session=False))
            return True
    return False


def whose(table: Table, workspace: str) -> ColumnElement[bool] | None:
    """Which rows of a table belong to a workspace; None, if the table knows of no workspace at all."""
    if table.name == "workspace":
        return table.c.id == workspace
    if "workspace" in table.c:
        return table.c.workspace == workspace
    ways = []
    for key in table.foreign_keys:
        theirs = whose(key.column.table, workspace) if key.column.table is not table else None
        if theirs is not None:
            ways.append(key.parent.in_(select(key.column).where(theirs)))
    return or_(*ways) if ways else None
