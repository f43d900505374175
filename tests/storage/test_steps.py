"""A step of a workflow is promised an answer, and gets one: on both databases, and in its own workspace alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from storage import outbox, steps
from storage.database import Database
from tests.conftest import HILLCREST, LARKMOOR

MOMENT = timedelta(seconds=1)


def answered(database: Database, execution: str, now: datetime, **body: Any) -> bool:
    with database.transaction() as session:
        return steps.answer(session, workspace=LARKMOOR, key=steps.key_of(execution), body=body, now=now)


def promised(database: Database, execution: str, now: datetime, *, workspace: str = LARKMOOR) -> bool:
    with database.transaction() as session:
        return steps.promise(session, workspace=workspace, execution=execution, now=now)


def test_the_first_answer_is_the_one_that_counts(database: Database, larkmoor: str, now: datetime) -> None:
    assert promised(database, "Fx1", now)
    assert answered(database, "Fx1", now, outputs={"note": "1"})
    assert not answered(database, "Fx1", now, error="Too late")
    assert not promised(database, "Fx1", now)
    with database.transaction() as session:
        [message] = outbox.take(session, carrier="me", now=now)
    assert message.body == {"step": "Fx1", "outputs": {"note": "1"}}


def test_open_promises_are_found_oldest_first(database: Database, larkmoor: str, now: datetime) -> None:
    for execution, at in (("Fx2", now + MOMENT), ("Fx1", now), ("Fx3", now + 9 * MOMENT)):
        promised(database, execution, at)
    with database.reading() as session:
        found = steps.unanswered(session, promised_before=now + 2 * MOMENT)
    assert [one.key for one in found] == ["step/Fx1", "step/Fx2"]


def test_what_one_workspace_was_promised_another_does_not_answer(
    database: Database, larkmoor: str, now: datetime
) -> None:
    promised(database, "Fx1", now, workspace=HILLCREST)
    assert not answered(database, "Fx1", now, error="Not yours")


def test_whoever_removed_the_app_is_promised_nothing(database: Database, larkmoor: str, now: datetime) -> None:
    promised(database, "Fx1", now)
    with database.transaction() as session:
        outbox.drop(session, workspace=LARKMOOR)
    assert not answered(database, "Fx1", now, outputs={})
    with database.reading() as session:
        assert steps.unanswered(session, promised_before=now + MOMENT) == []
