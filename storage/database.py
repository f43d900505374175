"""The one door to the database: an engine, and the two kinds of session that go through it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text
from sqlalchemy.engine import Connection, Engine, create_engine
from sqlmodel import Session

from storage.folding import fold, folded

_SECONDS_TO_WAIT = 2  # Slack gives us three seconds to say that a note is safe
_MIGRATING = 73_014_209  # any constant will do: replicas that start together migrate one after the other


class Busy(Exception):
    """Others kept the database to themselves for too long. Try again in a moment."""


class Database:
    """Where everything is kept: SQLite in a file, or PostgreSQL.

    Writers go through `transaction`, which commits as a whole or not at all; readers through `reading`.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._writer = self.engine.execution_options(writes=True)
        self._turn = threading.Lock() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits when the block ends, and rolls back when it raises.

        Records stay readable after the commit. On SQLite, which has one writer at a time, threads take turns and the
        write lock is taken at once, so that writers queue up instead of failing halfway.

        Raises:
            Busy: others kept the database to themselves for too long.
            SQLAlchemyError: the database refused.
        """
        with self._taking_turns(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one consistent picture of the data. Nothing done in it is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=_SECONDS_TO_WAIT):
            raise Busy
        try:
            yield
        finally:
            self._turn.release()

    def create(self) -> None:
        """Bring the tables to today's shape, step by step, whatever shape they have now."""
        with self._writer.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            config = migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def is_current(self) -> bool:
        """Whether the tables have today's shape."""
        with self.engine.connect() as connection:
            return _revision(connection) == ScriptDirectory.from_config(migrations()).get_current_head()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def migrations() -> Config:
    """Alembic's configuration: the steps live beside this file, so no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        # PostgreSQL closes idle connections now and then; asking first costs a round trip and saves a note.
        return create_engine(
            url,
            hide_parameters=True,  # an error must never carry a person's words into a log
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _SECONDS_TO_WAIT,
                "options": f"-c lock_timeout={_SECONDS_TO_WAIT}s -c timezone=UTC",  # moments come as we keep them
            },
        )
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": _SECONDS_TO_WAIT, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # pysqlite would begin late and unasked; `_begin` does it instead
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function(folded.name, 1, fold, deterministic=True)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
