"""Schedules are data that the people of a unit set; editions are claimed once and settled once."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from storage import editions, schedules, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.editions import Outcome
from storage.models import Schedule


@pytest.fixture
def plan(database: Database, larkmoor: str, now: datetime) -> Schedule:
    return placed(database, larkmoor, now)


def placed(database: Database, workspace: str, now: datetime, **when: object) -> Schedule:
    with database.transaction() as session:
        unit = workspaces.home_unit(session, workspace)
        assert unit.id is not None
        return schedules.place(
            session,
            workspace=workspace,
            unit_id=unit.id,
            channel="C0MANAGERS1",
            audience=Audience.MANAGERS,
            now=now,
            **when,  # type: ignore[arg-type]
        )


def test_a_schedule_is_monday_at_nine_until_someone_says_otherwise(plan: Schedule, now: datetime) -> None:
    assert (plan.weekday, plan.at, plan.since, plan.paused) == (0, time(9), now, False)


def test_placing_it_again_changes_when_it_comes(
    database: Database, larkmoor: str, plan: Schedule, now: datetime
) -> None:
    """One schedule for each channel and audience; a change counts from now on."""
    later = now + timedelta(days=1)
    moved = placed(database, larkmoor, later, weekday=3, at=time(14, 30), timezone="America/New_York")
    assert moved.id == plan.id
    with database.reading() as session:
        [kept] = schedules.of_workspace(session, larkmoor)
    assert (kept.weekday, kept.at, kept.timezone, kept.since) == (3, time(14, 30), "America/New_York", later)


def test_a_paused_schedule_is_not_running(database: Database, larkmoor: str, plan: Schedule, now: datetime) -> None:
    with database.transaction() as session:
        schedules.pause(session, session.merge(plan))
        assert schedules.running(session) == []
        assert len(schedules.of_workspace(session, larkmoor)) == 1
        [paused] = schedules.of_workspace(session, larkmoor)
        schedules.resume(session, paused, now=now)
        assert len(schedules.running(session)) == 1
        schedules.remove(session, paused)
        assert schedules.of_workspace(session, larkmoor) == []


def test_a_week_is_claimed_by_one(database: Database, plan: Schedule, now: datetime) -> None:
    """The second to reach for it gets nothing while the first has it in hand."""
    with database.transaction() as session:
        assert editions.claim(session, plan, "2026-W18", now=now) is not None
        assert editions.claim(session, plan, "2026-W18", now=now + timedelta(minutes=1)) is None
        assert editions.claim(session, plan, "2026-W19", now=now) is not None


def test_a_claim_that_ran_out_is_taken_over_and_the_old_hand_has_no_say(
    database: Database, plan: Schedule, now: datetime
) -> None:
    """Whoever died, or was slow, no longer decides."""
    later = now + editions.LEASE
    with database.transaction() as session:
        first = editions.claim(session, plan, "2026-W18", now=now)
        assert first is not None
        assert editions.claim(session, plan, "2026-W18", now=later) == first
        assert not editions.tell(session, first, Outcome.LEFT, claimed_at=now)
        assert editions.tell(session, first, Outcome.LEFT, claimed_at=later, facts={"a": 1}, fingerprint="f")
        assert not editions.tell(session, first, Outcome.QUIET, claimed_at=later)
    with database.reading() as session:
        edition = editions.get(session, first, workspace=plan.workspace)
        assert edition is not None
        assert (edition.outcome, edition.facts, edition.fingerprint) == ("left", {"a": 1}, "f")
        assert editions.get(session, first, workspace="T0HILLCREST") is None


def test_what_is_settled_stays_settled(database: Database, plan: Schedule, now: datetime) -> None:
    """Neither claimed again nor missed afterwards, however much later."""
    with database.transaction() as session:
        edition_id = editions.claim(session, plan, "2026-W18", now=now)
        assert edition_id is not None
        editions.tell(session, edition_id, Outcome.QUIET, claimed_at=now)
        much_later = now + timedelta(days=9)
        assert editions.claim(session, plan, "2026-W18", now=much_later) is None
        assert not editions.miss(session, plan, "2026-W18", now=much_later)
        assert editions.settled_weeks(session, plan) == {"2026-W18"}


def test_a_missed_week_is_news_once(database: Database, plan: Schedule, now: datetime) -> None:
    with database.transaction() as session:
        assert editions.miss(session, plan, "2026-W18", now=now)
        assert not editions.miss(session, plan, "2026-W18", now=now)
        assert editions.claim(session, plan, "2026-W18", now=now + timedelta(days=1)) is None


def test_editions_are_read_back_newest_first(database: Database, plan: Schedule, now: datetime) -> None:
    """Only those before the week asked about."""
    with database.transaction() as session:
        for week in ("2026-W16", "2026-W18", "2026-W17"):
            editions.miss(session, plan, week, now=now)
        assert [e.week for e in editions.latest(session, plan, before="2026-W18")] == ["2026-W17", "2026-W16"]
        assert len(editions.of_workspace(session, plan.workspace)) == 3
