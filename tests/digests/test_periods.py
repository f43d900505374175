"""Weeks run from Monday to Monday by people's own clocks, and a digest falls due exactly once in each."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import periods
from digests.periods import Rhythm, Week

ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata"]
"""Lord Howe moves its clocks by half an hour, Santiago at midnight, Kolkata never."""

ALWAYS = datetime(2000, 1, 1, tzinfo=UTC)


def test_a_week_goes_by_the_name_people_use_for_it():
    """2026-W18 runs from Monday 27 April to Sunday 3 May."""
    week = Week.parse("2026-W18", "Europe/London")
    assert week.name == "2026-W18"
    assert week.label == "27 April to 3 May 2026"
    assert week.start == datetime(2026, 4, 26, 23, tzinfo=UTC)
    assert week.end == week.next.start
    assert week.previous().next == week
    assert week.previous(17).name == "2026-W01"


def test_a_label_says_no_more_than_it_must():
    """The month is said once when it stays the same, the year twice when it does not."""
    assert Week.parse("2026-W19", "UTC").label == "4 to 10 May 2026"
    assert Week.parse("2026-W01", "UTC").label == "29 December 2025 to 4 January 2026"


@pytest.mark.parametrize(
    "typed",
    ["2026-W54", "2025-W53", "last week", "2026-18", "", "2026-W00", "0000-W01", "0001-W01", "1969-W52", "9999-W52"],
)
def test_a_week_that_does_not_exist_is_refused_in_a_sentence(typed):
    """Someone who mistypes a week is told how to write one."""
    with pytest.raises(ValueError, match=r"is not a week\. Name it like 2026-W18"):
        Week.parse(typed, "UTC")


@given(st.dates(date(2000, 1, 3), date(2080, 1, 1)), st.sampled_from(ZONES), st.integers(0, 7 * 24 * 60 - 1))
def test_every_moment_belongs_to_exactly_one_week(day, zone, minutes):
    """No moment falls between two weeks or into both, not even where the clocks change."""
    moment = datetime.combine(day, time(), UTC) + timedelta(minutes=minutes)
    week = Week.of(moment, zone)
    assert week.start <= moment < week.end
    assert Week.parse(week.name, zone) == week
    assert not week.previous().start <= moment < week.previous().end


@pytest.mark.parametrize(
    ("zone", "name", "hours"),
    [
        ("Europe/London", "2026-W13", 167),
        ("Europe/London", "2026-W43", 169),
        ("America/New_York", "2026-W10", 167),
        ("Australia/Lord_Howe", "2026-W14", 168.5),
        ("Asia/Kolkata", "2026-W13", 168),
    ],
)
def test_a_week_with_a_clock_change_is_shorter_or_longer(zone, name, hours):
    """A note logged in the hour that comes twice belongs to the week like any other."""
    week = Week.parse(name, zone)
    assert (week.end - week.start) / timedelta(hours=1) == hours


def rhythm(zone="Europe/London", *, weekday=0, at=time(9), since=ALWAYS):
    return Rhythm(weekday=weekday, at=at, zone=zone, since=since)


def outcomes(plan, now):
    return {due.week.name: due.missed for due in periods.due(plan, now)}


def test_mondays_digest_tells_of_the_week_before():
    """At nine on Monday, and not a minute earlier, last week's digest is due."""
    just_before = datetime(2026, 5, 4, 7, 59, tzinfo=UTC)
    assert "2026-W18" not in outcomes(rhythm(), just_before)
    assert outcomes(rhythm(), just_before + timedelta(minutes=1))["2026-W18"] is False


def test_a_digest_that_is_three_days_late_still_comes_and_a_later_one_is_missed():
    """We were away: what is at most three days late is caught up, what is older is put down as missed."""
    monday = datetime(2026, 5, 4, 8, tzinfo=UTC)
    assert outcomes(rhythm(), monday + timedelta(days=3))["2026-W18"] is False
    late = outcomes(rhythm(), monday + timedelta(days=3, minutes=1))
    assert late["2026-W18"] is True
    assert late["2026-W17"] is True


def test_nothing_is_due_from_before_the_schedule_was_made():
    """A channel that asks for a digest on Tuesday does not get Monday's."""
    since = datetime(2026, 5, 5, 10, tzinfo=UTC)
    assert outcomes(rhythm(since=since), datetime(2026, 5, 6, tzinfo=UTC)) == {}
    assert list(outcomes(rhythm(since=since), datetime(2026, 5, 11, 8, tzinfo=UTC))) == ["2026-W19"]


def test_after_a_long_silence_only_the_last_twelve_weeks_are_looked_at():
    """Being away for years does not bring a hundred entries."""
    assert len(outcomes(rhythm(), datetime(2026, 5, 4, 9, tzinfo=UTC))) == periods.MEMORY_WEEKS + 1


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(9, 0)])
@pytest.mark.parametrize("weekday", [0, 6])
def test_through_both_clock_changes_each_week_falls_due_once(zone, at, weekday):
    """Whatever the clocks do, every week of the year has one due moment, and they come about a week apart."""
    plan = rhythm(zone, weekday=weekday, at=at)
    last = datetime(2027, 1, 10, tzinfo=UTC)
    moments = {}
    now = datetime(2026, 1, 8, tzinfo=UTC)
    while now < last:
        for due in periods.due(plan, now):
            moments.setdefault(due.week.name, set()).add(due.at)
        now += timedelta(days=5)
    weeks = sorted(moments)
    assert len(weeks) >= 52
    assert all(len(at_moments) == 1 for at_moments in moments.values())
    ordered = [next(iter(moments[name])) for name in weeks]
    gaps = [(b - a) / timedelta(hours=1) for a, b in itertools.pairwise(ordered)]
    assert all(167 <= gap <= 169 for gap in gaps)


def test_a_time_that_the_clocks_skip_moves_forward():
    """In New York 02:30 does not exist on 8 March 2026; the digest comes at 03:30."""
    at = periods.by_the_clock(date(2026, 3, 8), time(2, 30), "America/New_York")
    assert at.astimezone(ZoneInfo("America/New_York")).time() == time(3, 30)


def test_a_time_that_comes_twice_counts_the_first_time():
    """In London 01:30 comes twice on 25 October 2026; the first is still summer time."""
    assert periods.by_the_clock(date(2026, 10, 25), time(1, 30), "Europe/London") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_midnight_that_the_clocks_skip_still_begins_the_week():
    """In Santiago the clocks jump at midnight on Sunday 6 September 2026: no moment is lost to both weeks."""
    week = Week.parse("2026-W36", "America/Santiago")
    assert week.end == week.next.start
    assert week.end - week.start == timedelta(hours=167)
