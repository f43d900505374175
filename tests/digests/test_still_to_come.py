"""A digest is promised only where one will come: "the digest of that week will tell of it"."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from digests import send, whereabouts
from storage import schedules, workspaces
from storage.columns import Audience, Held
from storage.models import Note
from tests.digests.conftest import CHANNEL, MONDAY_NINE, WEEK, Office, begin

WEDNESDAY = MONDAY_NINE + timedelta(days=2)
FRIDAY = MONDAY_NINE + timedelta(days=4)


def promised(office: Office, now: datetime) -> list[str]:
    """For each note, the week whose digest is said to tell of it."""
    with office.database.reading() as session:
        notes = session.exec(select(Note)).all()
        got_to = whereabouts.of(session, notes, workspace=office.workspace, now=now)
    return [got_to[note.id or 0].waits_for for note in notes]


def next_digest(office: Office, now: datetime) -> datetime | None:
    with office.database.transaction() as session:
        return send.next_for(session, workspaces.home_unit(session, office.workspace), now=now)


def test_until_it_has_come_the_digest_of_the_week_is_promised(office: Office) -> None:
    """While the week runs, on the day itself, and while it is only late."""
    begin(office, WEEK)
    office.log()
    for now in (WEEK.start + timedelta(days=2), MONDAY_NINE, WEDNESDAY):
        assert promised(office, now) == [WEEK.label]


def test_a_digest_set_up_today_tells_of_this_week_and_not_of_the_last(office: Office) -> None:
    """Placed on Wednesday for Mondays: what was heard last week is in no digest to come."""
    office.begin(since=WEDNESDAY)
    office.log(WEEK)
    office.log(WEEK.next)
    assert promised(office, WEDNESDAY + timedelta(hours=1)) == ["", WEEK.next.label]


def test_a_digest_set_up_for_later_this_week_tells_of_the_last(office: Office) -> None:
    """Placed on Wednesday for Fridays: this Friday's tells of last week."""
    office.begin(since=WEDNESDAY, weekday=4)
    office.log()
    assert promised(office, WEDNESDAY) == [WEEK.label]


def test_a_digest_that_was_missed_is_not_promised_any_more(office: Office) -> None:
    begin(office, WEEK)
    office.log()
    assert promised(office, FRIDAY) == [""]


def test_a_week_that_is_settled_promises_nothing(office: Office) -> None:
    """Kept on Tuesday, heard the week before: its digest has been, and had nothing to say."""
    begin(office, WEEK)
    office.tick(MONDAY_NINE)
    office.log(WEEK)
    assert promised(office, MONDAY_NINE + timedelta(days=1)) == [""]


def test_one_channel_had_it_and_another_will(office: Office) -> None:
    """Two digests of one unit: the one that is still to come is promised."""
    begin(office, WEEK)
    office.schedule(channel="C0IMPROVE01", audience=Audience.IMPROVEMENT, weekday=2, since=WEEK.end)
    office.tick(MONDAY_NINE)
    office.log(WEEK)
    assert promised(office, MONDAY_NINE + timedelta(hours=1)) == [WEEK.label]


@pytest.mark.parametrize("why", [None, *Held])
def test_nothing_is_promised_where_no_digest_can_come(office: Office, why: Held | None) -> None:
    """Paused, or its channel is archived, or gone, or we were put out of it: neither a week nor a day is named."""
    begin(office, WEEK)
    office.log()
    with office.database.transaction() as session:
        if why is None:
            schedules.pause(session, session.merge(office.plan))
        else:
            schedules.hold(session, workspace=office.workspace, channel=CHANNEL, why=why)
    assert promised(office, WEEK.end) == [""]
    assert next_digest(office, WEEK.end) is None


def test_the_soonest_digest_that_can_come_is_named(office: Office) -> None:
    """Monday's channel is archived, so Wednesday's is the next."""
    office.schedule(channel="C0IMPROVE01", weekday=2)
    with office.database.transaction() as session:
        schedules.hold(session, workspace=office.workspace, channel=CHANNEL, why=Held.ARCHIVED)
    assert next_digest(office, WEEK.end) == WEDNESDAY
