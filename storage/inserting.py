"""Insert a row unless its key is taken: the one statement that makes "twice" mean "once" on both databases."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import Session, SQLModel

from storage import listed


def insert_once(session: Session, record: type[SQLModel], values: dict[str, Any]) -> int | None:
    """Insert a row and return its id; return None when a unique key says it is there already.

    The answer is read with RETURNING: the row count of such an insert is -1 on PostgreSQL either way.
    """
    statement = _inserting(record, listed.dialect(session))
    return cast("int | None", session.execute(statement, values).scalar_one_or_none())


@cache
def _inserting(record: type[SQLModel], dialect: str) -> ReturningInsert[tuple[int]]:
    """Made once, since building a statement takes longer than running it."""
    table = cast(Table, record.__table__)  # type: ignore[attr-defined]
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(table).on_conflict_do_nothing().returning(table.c.id)
