"""What is asked of all the notes, or of all the tags, is read from indexes: a million of them are no burden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from storage import outbox, settled, tags
from storage.database import Database
from tests.conftest import LARKMOOR


def plan(database: Database, ask: Callable[[Session], object]) -> list[str]:
    """The steps by which SQLite answers what is asked here, without those that only sort."""
    asked: list[tuple[str, Any]] = []
    with database.reading() as session:
        listening = ("before_cursor_execute", lambda _c, _cursor, query, given, *_more: asked.append((query, given)))
        event.listen(database.engine, *listening)
        ask(session)
        event.remove(database.engine, *listening)
        [(query, given)] = [(query, given) for query, given in asked if query.startswith("SELECT")]
        steps = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", given).all()
    return [step.detail for step in steps if step.detail.startswith(("SCAN", "SEARCH"))]


def test_how_many_notes_wait_for_a_new_tagger_is_read_without_opening_any(sqlite: Database) -> None:
    """Neither the notes nor their tags: what was said is long, and the number alone is wanted."""
    steps = plan(sqlite, lambda session: tags.how_many_seen_otherwise(session, tagger="test 2"))
    assert len(steps) == 2
    assert all("COVERING INDEX" in step for step in steps), steps


def test_what_waits_in_the_outbox_is_found_among_what_waits_alone(sqlite: Database, now: datetime) -> None:
    """The messenger looks every few seconds; all that was ever said stays shut."""
    steps = plan(sqlite, lambda session: outbox.take(session, carrier="me", now=now))
    assert [step for step in steps if "message" in step] == ["SCAN message USING INDEX ix_message_waiting"], steps


def test_what_people_settled_is_looked_for_among_the_notes_of_these_weeks_alone(
    sqlite: Database, now: datetime
) -> None:
    """And not among all the tags that anybody ever gave."""
    weeks = [(now - timedelta(days=7), now)]
    steps = plan(sqlite, lambda session: settled.settled(session, weeks, workspace=LARKMOOR, unit_id=1))
    assert len(steps) == 2
    assert all(step.startswith("SEARCH") and "INDEX" in step for step in steps), steps


def test_whether_digests_arrived_is_read_by_their_keys_and_not_from_all_that_was_ever_said(sqlite: Database) -> None:
    """Home asks with every note that it shows."""
    keys = {f"digest/managers/2026-W{week}/unit 1/C1" for week in range(10, 20)}
    steps = plan(sqlite, lambda session: outbox.arrivals(session, workspace=LARKMOOR, keys=keys))
    assert len(steps) == 1, steps
    assert "(workspace=? AND key=?)" in steps[0], steps
