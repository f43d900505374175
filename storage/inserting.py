"""Insert a row unless its key is taken: the one statement that makes "twice" mean "once" on both databases."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_once(session: Session, record: type[SQLModel], values: dict[str, Any]) -> int | None:
    """Insert a row and return its id; return None when a unique key says it is there already.

    The answer is read with RETURNING: the row count of such an insert is -1 on PostgreSQL either way.
    """
    table = cast(Table, record.__table__)  # type: ignore[attr-defined]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing().returning(table.c.id)
    return cast("int | None", session.execute(statement).scalar_one_or_none())
