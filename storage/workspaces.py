"""The workspaces we serve, and the units in them with a purpose of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from storage import listed
from storage.models import Act, Unit, Workspace

EVERYONE = "Everyone"
"""The unit that a workspace begins with, before anyone has named one."""

# Asked for with every note, and so built once: building a statement takes longer than running it.
_OF_ID = select(Workspace).where(Workspace.id == bindparam("workspace"))
_HAS_LEFT = select(Workspace.purge_at).where(Workspace.id == bindparam("workspace"))
_NEXT_NUMBERS = (
    update(Workspace)
    .where(col(Workspace.id) == bindparam("workspace"))
    .values(last_number=col(Workspace.last_number) + bindparam("many"))
    .returning(col(Workspace.last_number))
    .execution_options(synchronize_session=False)
)


def join(
    session: Session,
    workspace: str,
    *,
    now: datetime,
    name: str = "",
    timezone: str = "UTC",
    enterprise: str = "",
) -> Workspace:
    """The workspace, made known to us if it was not. What is known already stays as it is; a name may be added."""
    known = find(session, workspace)
    if known is None:
        known = Workspace(id=workspace, name=name, timezone=timezone, joined_at=now, enterprise=enterprise)
        session.add(known)
        session.flush()
    known.name, known.enterprise = known.name or name, enterprise or known.enterprise
    return known


def find(session: Session, workspace: str) -> Workspace | None:
    """The workspace, if we know it."""
    return session.exec(_OF_ID, params={"workspace": workspace}).first()


def has_left(session: Session, workspace: str) -> bool:
    """Whether the workspace has removed the app, and what was kept there is about to be deleted."""
    return session.exec(_HAS_LEFT, params={"workspace": workspace}).first() is not None


def everyone(session: Session, *, left_too: bool = False) -> Sequence[Workspace]:
    """Every workspace that we serve, in the order they joined; on request those too that have left us lately."""
    query = select(Workspace).order_by(col(Workspace.joined_at), col(Workspace.id))
    return session.exec(query if left_too else query.where(col(Workspace.purge_at).is_(None))).all()


def without_act(session: Session, key: str, *, at_most: int) -> Sequence[str]:
    """The ids of some workspaces that we serve in which this has not been done yet (see `acts`)."""
    done = select(Act.id).where(Act.workspace == Workspace.id, Act.key == key).exists()
    served = select(Workspace.id).where(col(Workspace.purge_at).is_(None), ~done)
    return session.exec(served.order_by(col(Workspace.id)).limit(at_most)).all()


def of_enterprise(session: Session, enterprise: str) -> Sequence[str]:
    """The ids of the workspaces of an organisation that we know, those too that have left us lately."""
    query = select(Workspace.id).where(Workspace.enterprise == enterprise, Workspace.enterprise != "")
    return session.exec(query.order_by(col(Workspace.id))).all()


def wait_for_turn(session: Session, workspace: str) -> bool:
    """Wait until nobody else is adding to this workspace; from here to the end of the transaction nobody can.

    Returns whether there could have been someone: on SQLite there is one writer at a time as it is.
    """
    if listed.dialect(session) == "sqlite":
        return False
    session.exec(select(Workspace.id).where(Workspace.id == workspace).with_for_update(key_share=True)).first()
    return True


def next_numbers(session: Session, workspace: str, many: int) -> range:
    """The numbers for the workspace's next notes. Whoever asks at the same moment waits, and gets those after."""
    last = int(session.execute(_NEXT_NUMBERS, {"workspace": workspace, "many": many}).scalar_one())
    return range(last - many + 1, last + 1)


def home_unit(session: Session, workspace: str) -> Unit:
    """The unit that notes belong to unless someone says otherwise. It is made when first asked for."""
    unit = session.exec(select(Unit).where(Unit.workspace == workspace).order_by(col(Unit.id)).limit(1)).first()
    if unit is None:
        unit = Unit(workspace=workspace, name=EVERYONE)
        session.add(unit)
        session.flush()
    return unit


def set_language(session: Session, workspace: str, language: str) -> None:
    """Say which language we speak in the workspace, by its code."""
    known = session.get_one(Workspace, workspace)
    known.language = language
    session.add(known)


def set_timezone(session: Session, workspace: str, timezone: str) -> None:
    """Say which clock the workspace's people live by, as an IANA name such as Europe/London."""
    known = session.get_one(Workspace, workspace)
    known.timezone = timezone
    session.add(known)
