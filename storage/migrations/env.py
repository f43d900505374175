"""Alembic looks here to learn how to reach the database: through the connection that `Database.create` holds."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import KindName, UtcDateTime


def in_plain_terms(type_: str, item: object, _context: Any) -> str | Literal[False]:
    """How a column of ours is written down in a step, so that old steps never depend on today's code."""
    if type_ == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if type_ == "type" and isinstance(item, KindName):
        return "sa.String(length=16)"
    if type_ == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=in_plain_terms,
)
with context.begin_transaction():
    context.run_migrations()
