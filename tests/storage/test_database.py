"""The door to the database keeps its promises."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic import command
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from storage.database import Database, migrations
from storage.models import Workspace


def test_the_tables_have_the_shape_that_the_records_describe(database: Database) -> None:
    """A new record without a migration step, or a step without a record, is found here."""
    config = migrations()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)
    assert database.is_current()


def test_bringing_the_tables_up_to_date_twice_is_once(database: Database) -> None:
    database.create()
    assert database.is_current()


def test_replicas_that_start_together_make_the_tables_once(postgres_url: str, postgres: Database) -> None:
    """Each waits for the other, and nobody fails."""
    failures: list[Exception] = []

    def start() -> None:
        try:
            postgres.create()
        except Exception as error:
            failures.append(error)

    replicas = [threading.Thread(target=start) for _ in range(4)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    assert failures == []
    assert postgres.is_current()


def test_what_fails_halfway_leaves_nothing_behind(database: Database, now: datetime) -> None:
    def halfway() -> None:
        with database.transaction() as session:
            session.add(Workspace(id="T1", joined_at=now))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        halfway()
    with database.reading() as session:
        assert session.exec(select(Workspace)).all() == []


def test_reading_keeps_nothing(database: Database, now: datetime) -> None:
    with database.reading() as session:
        session.add(Workspace(id="T1", joined_at=now))
        session.flush()
    with database.reading() as session:
        assert session.exec(select(Workspace)).all() == []


def test_moments_come_back_as_the_same_moment_in_utc(database: Database) -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=-5)))
    with database.transaction() as session:
        session.add(Workspace(id="T1", joined_at=moment))
    with database.reading() as session:
        known = session.get_one(Workspace, "T1")
    assert known.joined_at == moment
    assert known.joined_at.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError), database.transaction() as session:
        session.add(Workspace(id="T1", joined_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_an_error_never_carries_words_into_a_log(database: Database, now: datetime) -> None:
    """What went wrong is said without the values that were to be stored."""
    values = {"id": "T1", "name": "a secret that somebody told us", "timezone": "UTC", "joined_at": now}

    def twice() -> None:
        with database.transaction() as session:
            for _ in range(2):
                session.connection().execute(insert(Workspace), [values])

    with pytest.raises(IntegrityError) as caught:
        twice()
    assert "secret" not in str(caught.value)
