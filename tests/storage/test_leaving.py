"""Workspaces that remove the app: nothing more is done there, and after the grace nothing of theirs is left."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    Time,
    func,
    insert,
    select,
)
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from digests import send
from nlp.vocabulary import DemandKind
from storage import installations, leaving, outbox, schedules, workspaces
from storage.columns import Audience, KindName, UtcDateTime
from storage.database import Database
from storage.installations import Keys, Tokens
from storage.models import Installation, Workspace
from tests.conftest import HILLCREST, LARKMOOR

OF_NO_WORKSPACE = {"beginning"}
"""Tables that hold nothing of any workspace."""
GRACE = timedelta(days=30)


def one_row_everywhere(database: Database, workspace: str, now: datetime) -> None:
    """A row of this workspace in every table there is, whatever tables there are."""
    made: dict[Any, Any] = {}
    with database.transaction() as session:
        for table in SQLModel.metadata.sorted_tables:
            counted = table.autoincrement_column
            row = {c.name: filled(c, workspace, now, made) for c in table.columns if c is not counted}
            done = session.execute(insert(table).values(row))
            made |= dict(zip(table.primary_key, done.inserted_primary_key, strict=True))  # type: ignore[attr-defined]


def filled(column: Column[Any], workspace: str, now: datetime, made: dict[Any, Any]) -> Any:
    """Something that may stand in this column."""
    if column.name == "workspace" or (column.table.name == "workspace" and column.primary_key):
        return workspace
    for key in column.foreign_keys:
        return made[key.column]
    if column.name == "purge_at" or column.nullable:
        return None
    if isinstance(column.type, KindName):
        return DemandKind.CHASE
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class or ()))
    if isinstance(column.type, UtcDateTime):
        return now
    usual: dict[type[Any], Any] = {String: column.name[:8], AutoString: column.name[:8], Boolean: False, Integer: 1}
    usual |= {Float: 1.0, LargeBinary: b"x", JSON: {}, Time: time(9), Date: now.date()}
    return next(value for kind, value in usual.items() if isinstance(column.type, kind))


def rows(database: Database, table: Table, workspace: str) -> int:
    with database.reading() as session:
        theirs = leaving.whose(table, workspace)
        assert theirs is not None
        return int(session.execute(select(func.count()).select_from(table).where(theirs)).scalar_one())


def purged(database: Database, workspace: str, now: datetime, at_most: int = 2_000) -> int:
    times = 0
    while True:
        with database.transaction() as session:
            if not leaving.purge(session, workspace, now=now, at_most=at_most):
                return times
        times += 1


def test_no_table_is_forgotten() -> None:
    """Every table, also one that is added tomorrow, belongs to a workspace or is named above as one that does not."""
    assert {t.name for t in SQLModel.metadata.sorted_tables if leaving.whose(t, "T") is None} == OF_NO_WORKSPACE


@pytest.mark.parametrize("at_most", [1, 2_000])
def test_after_the_grace_nothing_is_left_and_the_neighbours_keep_everything(
    database: Database, now: datetime, at_most: int
) -> None:
    one_row_everywhere(database, LARKMOOR, now)
    with database.transaction() as session:
        workspaces.join(session, HILLCREST, now=now)
        workspaces.home_unit(session, HILLCREST)
    theirs = [t for t in SQLModel.metadata.sorted_tables if t.name not in OF_NO_WORKSPACE]
    assert [t.name for t in theirs if rows(database, t, LARKMOOR) == 0] == []
    with database.transaction() as session:
        assert leaving.leave(session, LARKMOOR, purge_at=now + GRACE)
    assert purged(database, LARKMOOR, now + GRACE - timedelta(seconds=1)) == 0
    assert rows(database, SQLModel.metadata.tables["note"], LARKMOOR) == 1
    with database.reading() as session:
        assert leaving.due(session, now=now + GRACE) == [LARKMOOR]
    assert purged(database, LARKMOOR, now + GRACE, at_most) > 0
    assert [t.name for t in theirs if rows(database, t, LARKMOOR)] == []
    assert rows(database, SQLModel.metadata.tables["unit"], HILLCREST) == 1


def test_leaving_twice_is_leaving_once(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        assert leaving.leave(session, larkmoor, purge_at=now + GRACE)
        assert not leaving.leave(session, larkmoor, purge_at=now + 2 * GRACE)
    with database.reading() as session:
        assert session.get_one(Workspace, larkmoor).purge_at == now + GRACE


def test_whoever_comes_back_within_the_grace_is_not_purged(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        leaving.leave(session, larkmoor, purge_at=now + GRACE)
        assert leaving.come_back(session, larkmoor)
    assert purged(database, larkmoor, now + 2 * GRACE) == 0
    with database.reading() as session:
        assert [known.id for known in workspaces.everyone(session)] == [larkmoor]


def test_nothing_more_is_said_or_made_for_those_who_left(database: Database, larkmoor: str, now: datetime) -> None:
    """Their outbox stops at once, for good; their digests rest until they come back."""
    with database.transaction() as session:
        outbox.leave(session, workspace=larkmoor, key="1", channel="C1", body={"text": "x"}, now=now)
        unit = workspaces.home_unit(session, larkmoor)
        schedules.place(
            session, workspace=larkmoor, unit_id=unit.id or 0, channel="C1", audience=Audience.MANAGERS, now=now
        )
        leaving.leave(session, larkmoor, purge_at=now + GRACE)
        outbox.leave(session, workspace=larkmoor, key="2", channel="C1", body={"text": "said too late"}, now=now)
    with database.transaction() as session:
        assert outbox.take(session, carrier="me", now=now) == []
        assert schedules.running(session) == []
    assert send.send_due(database, now=now + timedelta(weeks=2), card=lambda digest: {"text": "x"}) == 0
    with database.transaction() as session:
        leaving.come_back(session, larkmoor)
        assert outbox.take(session, carrier="me", now=now) == []
        assert len(schedules.running(session)) == 1
        assert outbox.undeliverable(session, workspace=larkmoor, since=now) == []


def test_what_a_workspace_installed_for_itself_its_organisation_cannot_take_out(
    database: Database, now: datetime
) -> None:
    keys = Keys(Fernet.generate_key().decode())
    with database.transaction() as session:
        for workspace in (LARKMOOR, HILLCREST):
            workspaces.join(session, workspace, now=now, enterprise="E1")
        for workspace in ("", HILLCREST):
            sealed = keys.seal(Tokens("xoxb-1"), enterprise="E1", workspace=workspace)
            installations.save(
                session, Installation(enterprise="E1", workspace=workspace, sealed=sealed, installed_at=now)
            )
        news = [leaving.taken_out(session, one, purge_at=now + GRACE) for one in (LARKMOOR, LARKMOOR, HILLCREST)]
        assert news == [True, False, False]
        assert [known.id for known in workspaces.everyone(session)] == [HILLCREST]
        assert len(installations.everyone(session)) == 2


def test_an_organisation_leaves_without_those_who_installed_for_themselves(database: Database, now: datetime) -> None:
    keys = Keys(Fernet.generate_key().decode())
    with database.transaction() as session:
        for workspace in (LARKMOOR, HILLCREST):
            workspaces.join(session, workspace, now=now, enterprise="E1")
        for workspace in ("", HILLCREST):
            sealed = keys.seal(Tokens("xoxb-1"), enterprise="E1", workspace=workspace)
            installations.save(
                session, Installation(enterprise="E1", workspace=workspace, sealed=sealed, installed_at=now)
            )
        assert leaving.leave_all(session, "E1", purge_at=now + GRACE) == [LARKMOOR]
        assert [known.id for known in workspaces.everyone(session)] == [HILLCREST]
        assert installations.of(session, LARKMOOR) is None
        assert installations.of(session, HILLCREST) is not None
