"""Marks: Slack's latest word on who marked which message, each seen to once, and forgotten soon."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import marks, workspaces
from storage.database import Database
from storage.models import Mark
from tests.conftest import HILLCREST

TS = "1700000000.000100"


def marked(
    database: Database, workspace: str, now: datetime, event_ts: str, *, there: bool = True, person: str = "U0ASHA00001"
) -> Mark | None:
    with database.transaction() as session:
        return marks.note_down(
            session,
            workspace=workspace,
            channel="C0FRONTDESK",
            ts=TS,
            person=person,
            there=there,
            event_ts=event_ts,
            now=now,
        )


def left_over(database: Database, now: datetime) -> list[Mark]:
    with database.transaction() as session:
        return list(marks.take(session, now=now))


def settled(database: Database, mark: Mark | None, now: datetime) -> Mark | None:
    assert mark is not None
    with database.transaction() as session:
        return marks.settle(session, mark, now=now)


def test_slacks_latest_word_stands_in_whatever_order_it_comes(database: Database, larkmoor: str, now: datetime) -> None:
    """Seconds count as numbers: a longer name is not an earlier one."""
    settled(database, marked(database, larkmoor, now, "1700000009.000100"), now)
    assert marked(database, larkmoor, now, "1700000009.000100") is None
    assert marked(database, larkmoor, now, "999999999.900000", there=False) is None
    latest = marked(database, larkmoor, now, "1700000009.000200", there=False)
    assert latest is not None
    assert not latest.there


def test_what_changes_while_somebody_is_at_it_is_theirs_to_finish(
    database: Database, larkmoor: str, now: datetime
) -> None:
    first = marked(database, larkmoor, now, "1700000001.000000")
    assert marked(database, larkmoor, now, "1700000002.000000", there=False) is None
    more = settled(database, first, now)
    assert more is not None
    assert not more.there
    assert settled(database, more, now) is None
    assert left_over(database, now + timedelta(hours=1)) == []


def test_a_mark_is_taken_up_when_its_lease_is_over_and_by_one_alone(
    database: Database, larkmoor: str, now: datetime
) -> None:
    marked(database, larkmoor, now, "1700000001.000000")
    assert left_over(database, now) == []
    later = now + marks.LEASE
    assert [mark.ts for mark in left_over(database, later)] == [TS]
    assert left_over(database, later) == []


def test_one_workspace_knows_nothing_of_anothers_marks(database: Database, larkmoor: str, now: datetime) -> None:
    """The same ids may be in both."""
    with database.transaction() as session:
        workspaces.join(session, HILLCREST, now=now)
    ours = marked(database, larkmoor, now, "1700000001.000000")
    theirs = marked(database, HILLCREST, now, "1700000001.000000", person="U0TOM000001")
    assert ours is not None
    assert theirs is not None
    with database.transaction() as session:
        assert (
            marks.someone_else(session, workspace=ours.workspace, channel=ours.channel, ts=ours.ts, person=ours.person)
            is None
        )
        marks.forget_all_of(session, workspace=HILLCREST, person="U0ASHA00001")
        assert session.get(Mark, ours.id) is not None


def test_who_marked_what_is_forgotten_after_two_days(database: Database, larkmoor: str, now: datetime) -> None:
    mark = marked(database, larkmoor, now, "1700000001.000000")
    assert mark is not None
    with database.transaction() as session:
        marks.forget_old(session, now=now + marks.REMEMBERED)
        assert session.get(Mark, mark.id) is not None
        marks.forget_old(session, now=now + marks.REMEMBERED + timedelta(seconds=1))
    with database.reading() as session:
        assert session.get(Mark, mark.id) is None
