"""Moving a digest to another time or another clock: no week is lost, none comes twice, none is made up for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from storage import schedules
from storage.editions import Outcome
from tests.digests.conftest import MONDAY_NINE, WEEK, Office, keeping

WEDNESDAY = MONDAY_NINE + timedelta(days=2)
FRIDAY_NINE = MONDAY_NINE + timedelta(days=4)
MONDAY, THURSDAY, FRIDAY = 0, 3, 4


@pytest.fixture
def fridays(office: Office) -> Office:
    """A digest that has come every Friday for two weeks; this week's is still to come."""
    office.begin(weekday=FRIDAY, since=WEEK.previous().start)
    for weeks_ago in range(3):
        office.log(WEEK.previous(weeks_ago), f"Any news, {weeks_ago}?")
    for weeks_ago in (2, 1):
        assert office.tick(FRIDAY_NINE - timedelta(weeks=weeks_ago)) == 1
    return office


def clock_moves(office: Office, zone: str, now: datetime) -> None:
    with office.database.transaction() as session:
        schedules.move_to_zone(session, office.workspace, zone, now=now)


def every_day(office: Office, since: datetime, days: int) -> list[int]:
    return [office.tick(since + timedelta(days=n)) for n in range(days)]


def test_moved_to_a_time_that_has_passed_this_weeks_digest_comes_at_once(fridays: Office) -> None:
    """Late, and once; the one after it comes at the new time."""
    fridays.schedule(weekday=MONDAY, since=WEDNESDAY)
    fridays.log(WEEK.next, "Any news on my window?")
    assert every_day(fridays, WEDNESDAY, 7) == [1, 0, 0, 0, 0, 1, 0]
    assert set(fridays.outcomes().values()) == {Outcome.LEFT}


def test_moved_when_it_is_too_late_the_next_digest_says_so(fridays: Office) -> None:
    """On Friday morning to last Monday: nothing goes missing without a word."""
    fridays.schedule(weekday=MONDAY, since=FRIDAY_NINE - timedelta(minutes=5))
    fridays.log(WEEK.next, "Any news on my window?")
    told, keep = keeping()
    assert fridays.tick(FRIDAY_NINE, card=keep) == 0
    assert fridays.tick(MONDAY_NINE + timedelta(weeks=1), card=keep) == 1
    assert told[0].missed == (WEEK.label,)


def test_moved_to_a_time_that_is_still_to_come_it_comes_then(fridays: Office) -> None:
    fridays.schedule(weekday=THURSDAY, since=WEDNESDAY)
    assert every_day(fridays, WEDNESDAY, 6) == [0, 1, 0, 0, 0, 0]


def test_moved_back_and_forth_each_week_comes_once(fridays: Office) -> None:
    """However often somebody changes their mind."""
    for hours, weekday in enumerate((MONDAY, FRIDAY, THURSDAY, FRIDAY)):
        fridays.schedule(weekday=weekday, since=WEDNESDAY + timedelta(hours=hours))
        fridays.tick(WEDNESDAY + timedelta(hours=hours, minutes=30))
    every_day(fridays, WEDNESDAY + timedelta(days=1), 4)
    assert len(fridays.posts()) == 3
    assert set(fridays.outcomes().values()) == {Outcome.LEFT}


def test_another_clock_loses_no_digest(fridays: Office) -> None:
    """Ten minutes before nine it becomes a clock by which nine is long past: the digest comes at once, and once."""
    clock_moves(fridays, "Asia/Tokyo", FRIDAY_NINE - timedelta(minutes=10))
    assert [fridays.tick(FRIDAY_NINE + timedelta(minutes=n)) for n in (-5, 0, 5)] == [1, 0, 0]


def test_another_clock_brings_no_digest_twice(fridays: Office) -> None:
    assert fridays.tick(FRIDAY_NINE) == 1
    clock_moves(fridays, "America/New_York", FRIDAY_NINE + timedelta(minutes=10))
    assert every_day(fridays, FRIDAY_NINE + timedelta(hours=6), 3) == [0, 0, 0]


def later_in_the_week(office: Office, now: datetime) -> None:
    office.schedule(weekday=THURSDAY, at=time(9), since=now)


def by_another_clock(office: Office, now: datetime) -> None:
    clock_moves(office, "America/New_York", now)


@pytest.mark.parametrize("moved", [later_in_the_week, by_another_clock])
@pytest.mark.parametrize("days", [3, 12])
def test_what_was_never_promised_is_neither_sent_nor_called_missed(
    office: Office, moved: Callable[[Office, datetime], None], days: int
) -> None:
    """Set up a moment after nine on Monday, for Mondays at nine: the week before was over, whenever it is moved."""
    office.begin(since=MONDAY_NINE + timedelta(minutes=5))
    office.log(WEEK)
    told, keep = keeping()
    moment = MONDAY_NINE + timedelta(days=days, hours=12)
    moved(office, moment)
    for n in range(14):
        office.tick(moment + timedelta(days=n), card=keep)
    assert WEEK.name not in office.outcomes()
    assert not [digest for digest in told if digest.missed or digest.label == WEEK.label]


def test_placed_again_after_a_pause_it_counts_from_now_on(fridays: Office) -> None:
    """What fell into the pause is not made up for."""
    with fridays.database.transaction() as session:
        schedules.pause(session, session.merge(fridays.plan))
    fridays.schedule(weekday=MONDAY, since=WEDNESDAY)
    assert every_day(fridays, WEDNESDAY, 3) == [0, 0, 0]
    assert WEEK.name not in fridays.outcomes()
