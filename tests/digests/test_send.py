"""Each digest goes out once: whatever the clocks do, however many of us there are, wherever we are cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from digests import render, retell, send
from digests.facts import Digest
from digests.periods import Week
from nlp.vocabulary import DemandKind
from storage import outbox, schedules, tags, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.editions import Outcome
from storage.models import Edition, Message
from tests import make
from tests.digests.conftest import CHANNEL, MONDAY_NINE, WEEK, ZONE, Office, begin, card, keeping
from tests.pretending import PRETENDED, pretended, untranslated


def test_mondays_digest_goes_out_once(either: Office) -> None:
    """Not before nine, then once, however often the clock ticks afterwards."""
    begin(either, WEEK)
    either.log()
    assert either.tick(MONDAY_NINE - timedelta(minutes=1)) == 0
    assert [either.tick(MONDAY_NINE + timedelta(minutes=n)) for n in range(4)] == [1, 0, 0, 0]
    [post] = either.posts()
    assert post.key == f"digest/managers/2026-W18/unit {either.plan.unit_id}/{CHANNEL}"
    assert post.body["text"] == "27 April to 3 May 2026"


def test_the_thread_waits_for_its_message(office: Office) -> None:
    """The detail is left behind the message it belongs to."""
    begin(office, WEEK)
    office.log()
    office.tick(MONDAY_NINE)
    with office.database.reading() as session:
        key = f"digest/managers/2026-W18/unit {office.plan.unit_id}/{CHANNEL}"
        detail = outbox.with_key(session, workspace=office.workspace, key=f"{key}/1")
    assert detail is not None
    assert detail.thread_of == key


def test_what_was_told_is_on_record_and_can_be_told_again(office: Office) -> None:
    """The facts and their fingerprint stay with the edition."""
    begin(office, WEEK)
    office.log()
    office.tick(MONDAY_NINE)
    with office.database.reading() as session:
        [edition] = session.exec(select(Edition).where(Edition.outcome == Outcome.LEFT)).all()
    told = Digest.from_facts(edition.facts)
    assert told.fingerprint == edition.fingerprint
    assert told.heard.notes == 1


def test_a_late_digest_is_caught_up_and_an_older_one_is_said_to_be_missed(office: Office) -> None:
    """Away for three weeks, back on Wednesday: this week's comes, and tells which ones never did."""
    begin(office, WEEK.previous(2))
    for weeks_ago in range(3):
        office.log(WEEK.previous(weeks_ago), f"Any news, {weeks_ago}?")
    told, keep = keeping()
    assert office.tick(MONDAY_NINE + timedelta(days=2), card=keep) == 1
    assert office.outcomes()["2026-W16"] == office.outcomes()["2026-W17"] == Outcome.MISSED
    assert told[0].missed == (WEEK.previous(2).label, WEEK.previous().label)


def test_missed_weeks_are_named_in_the_language_of_the_workspace(office: Office) -> None:
    begin(office, WEEK.previous())
    office.log(WEEK)
    told, keep = keeping()
    with pretended():
        with office.database.transaction() as session:
            workspaces.set_language(session, office.workspace, PRETENDED)
        office.tick(MONDAY_NINE, card=keep)
    assert untranslated(" ".join(told[0].missed)) == []


def test_a_missed_digest_is_said_once(office: Office) -> None:
    """The week after, it is old news."""
    begin(office, WEEK.previous())
    office.log(WEEK.previous())
    office.log(WEEK)
    office.log(WEEK.next, "Any news on my window?")
    told, keep = keeping()
    office.tick(MONDAY_NINE, card=keep)
    office.tick(MONDAY_NINE + timedelta(days=7), card=keep)
    assert [digest.missed for digest in told] == [(WEEK.previous().label,), ()]


def test_a_missed_digest_is_said_in_the_sign_of_life_if_nothing_else_comes(office: Office) -> None:
    """After it, four quiet weeks: what was missed is said all the same, and once."""
    begin(office, WEEK)
    office.log(WEEK)
    told, keep = keeping()
    back = MONDAY_NINE + timedelta(weeks=1, hours=1)
    left = [office.tick(back + timedelta(weeks=n), card=keep) for n in range(4)]
    office.log(WEEK.previous(-5))
    left.append(office.tick(back + timedelta(weeks=4), card=keep))
    assert left == [0, 0, 0, 1, 1]
    assert f"The digest for {WEEK.label} did not go out" in render.as_sections(told[0]).sections[0].body
    assert told[1].missed == ()


def test_two_channels_and_two_audiences_each_get_theirs(office: Office) -> None:
    """One workspace, three schedules, three posts."""
    begin(office, WEEK)
    office.schedule(audience=Audience.IMPROVEMENT, since=MONDAY_NINE - timedelta(hours=1))
    office.schedule(channel="C0OTHERONE1", since=MONDAY_NINE - timedelta(hours=1))
    office.log()
    assert office.tick(MONDAY_NINE) == 3
    assert len({post.key for post in office.posts()}) == 3


def test_a_paused_schedule_brings_nothing_and_makes_up_for_nothing(office: Office) -> None:
    """Back from a pause, it goes on from there."""
    office.log()
    with office.database.transaction() as session:
        schedules.pause(session, session.merge(office.plan))
    assert office.tick(MONDAY_NINE) == 0
    with office.database.transaction() as session:
        schedules.resume(session, session.merge(office.plan), now=MONDAY_NINE + timedelta(hours=1))
    assert office.tick(MONDAY_NINE + timedelta(hours=2)) == 0


def test_moving_the_hour_never_brings_the_same_week_twice(office: Office) -> None:
    """Posted at nine, moved to three in the afternoon: the next one comes next week."""
    begin(office, WEEK)
    office.log()
    assert office.tick(MONDAY_NINE) == 1
    office.schedule(at=time(15), since=MONDAY_NINE + timedelta(hours=1))
    assert office.tick(MONDAY_NINE + timedelta(hours=7)) == 0


def test_a_quiet_week_brings_no_post(office: Office) -> None:
    """Nothing to say is nothing said."""
    begin(office, WEEK)
    assert office.tick(MONDAY_NINE) == 0
    assert office.posts() == []
    assert office.outcomes()["2026-W18"] == Outcome.QUIET


def test_after_four_quiet_weeks_one_line_says_that_we_are_still_here(office: Office) -> None:
    """A monthly sign of life, then quiet again for a month."""
    begin(office, WEEK)
    left = [office.tick(MONDAY_NINE + timedelta(weeks=n)) for n in range(9)]
    assert left == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    assert list(office.outcomes().values()).count(Outcome.STILL_HERE) == 2


def test_quiet_weeks_before_and_after_a_pause_do_not_add_up(office: Office) -> None:
    """Three of them, a pause in which people went on logging, one more: nobody is told of four weeks without a note."""
    begin(office, WEEK)
    left = [office.tick(MONDAY_NINE + timedelta(weeks=n)) for n in range(3)]
    with office.database.transaction() as session:
        schedules.pause(session, session.merge(office.plan))
    for weeks in range(4, 7):
        office.log(WEEK.previous(-weeks), f"Any news, {weeks}?")
    back = MONDAY_NINE + timedelta(weeks=7, hours=1)
    with office.database.transaction() as session:
        schedules.resume(session, session.merge(office.plan), now=back)
    left += [office.tick(MONDAY_NINE + timedelta(weeks=n)) for n in range(8, 12)]
    assert left == [0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("zone", "before_change"),
    [
        ("Europe/London", datetime(2026, 3, 20, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 10, 16, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 2, 27, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 10, 23, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 3, 27, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 9, 25, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 3, 27, tzinfo=UTC)),
        ("America/Santiago", datetime(2026, 8, 28, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize(("weekday", "at"), [(0, time(9)), (6, time(2, 15))])
def test_clock_changes_bring_each_week_exactly_once(
    sqlite: Database, now: datetime, zone: str, before_change: datetime, weekday: int, at: time
) -> None:
    """Three weeks around each change of the clocks, ticking every hour and a half at the weekends."""
    with sqlite.transaction() as session:
        workspaces.join(session, "T0LARKMOOR", now=now, timezone=zone)
    office = Office(sqlite, "T0LARKMOOR")
    office.begin(zone=zone, weekday=weekday, at=at, since=before_change)
    first = Week.of(before_change, zone)
    for weeks in range(-1, 3):
        office.log(first.previous(-weeks), f"Any news, {weeks}?")
    left = 0
    moment = before_change
    while moment < before_change + timedelta(days=21):
        left += office.tick(moment)
        moment += timedelta(minutes=90) if moment.weekday() in (5, 6, 0) else timedelta(hours=12)
    assert left == 3
    assert len(office.posts()) == 3


def test_two_schedulers_at_once_leave_one_digest(either: Office) -> None:
    """All see that it is due, all reach for it, each by a door of its own to the database, and one gets it."""
    begin(either, WEEK)
    for n in range(5):
        either.schedule(channel=f"C0RACE{n}", since=MONDAY_NINE - timedelta(hours=1))
    either.log()
    where = either.database.engine.url.render_as_string(hide_password=False)
    both_there = threading.Barrier(4)
    left: list[int] = []
    failed: list[BaseException] = []

    def scheduler() -> None:
        database = Database(where)
        both_there.wait()
        try:
            left.append(send.send_due(database, now=MONDAY_NINE, card=card))
        except BaseException as error:
            failed.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=scheduler) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sum(left) == 6
    assert len(either.posts()) == 6


class CutOff(BaseException):
    """As when the process is killed: nothing catches it."""


def cut_off(*_: Any, **__: Any) -> Any:
    raise CutOff


@pytest.mark.parametrize(
    "where",
    ["digests.send.editions.claim", "digests.send.compose", "digests.send.editions.tell", "digests.send.outbox.leave"],
)
def test_cut_off_anywhere_the_digest_still_goes_out_once(
    either: Office, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Killed before any of the steps; started again, it is there within minutes, and once."""
    begin(either, WEEK)
    either.log()
    with monkeypatch.context() as patch:
        patch.setattr(where, cut_off)
        with pytest.raises(CutOff):
            either.tick(MONDAY_NINE)
    assert either.posts() == []
    later = [either.tick(MONDAY_NINE + timedelta(minutes=n)) for n in (1, 6, 7, 12)]
    assert sum(later) == 1
    assert len(either.posts()) == 1


def test_cut_off_just_after_it_was_left_it_is_not_left_again(office: Office) -> None:
    """The record and the message are one step: with the one there is the other."""
    begin(office, WEEK)
    office.log()
    office.tick(MONDAY_NINE)
    assert office.outcomes()["2026-W18"] == Outcome.LEFT
    assert office.tick(MONDAY_NINE + timedelta(hours=1)) == 0


def test_a_theme_renamed_before_the_post_changes_nothing_that_was_told(office: Office) -> None:
    """What waits in the outbox and what is on record stay the same words; it is not composed a second time."""
    begin(office, WEEK)
    with office.database.transaction() as session:
        at = WEEK.start + timedelta(days=1)
        kept = make.note(session, workspace=office.workspace, at=at, kind=DemandKind.CHASE, theme="where is my repair")
    told: list[Digest] = []

    def with_themes(digest: Digest) -> dict[str, Any]:
        told.append(digest)
        return {"text": ", ".join(quote.theme for quote in digest.quotes), "blocks": []}

    assert office.tick(MONDAY_NINE, card=with_themes) == 1
    with office.database.transaction() as session:
        tags.suggest(session, kept, make.tagging(theme="nobody tells me when"), now=MONDAY_NINE)
    assert office.tick(MONDAY_NINE + timedelta(minutes=1), card=with_themes) == 0
    assert [post.body["text"] for post in office.posts()] == ["where is my repair"]
    with office.database.reading() as session:
        [edition] = session.exec(select(Edition).where(Edition.outcome == Outcome.LEFT)).all()
    assert retell.again(edition) == told[0]


def test_a_slow_hand_that_lost_its_claim_leaves_nothing(either: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It took so long that another took over; what it then brings is dropped, not doubled."""
    begin(either, WEEK)
    either.log()
    compose = send.compose

    def overtaken(*args: Any, **options: Any) -> Digest:
        monkeypatch.setattr(send, "compose", compose)
        assert either.tick(MONDAY_NINE + timedelta(minutes=10)) == 1
        return compose(*args, **options)

    def longer_card(digest: Digest) -> dict[str, Any]:
        return {**card(digest), "thread": [{"text": "one", "blocks": []}, {"text": "two", "blocks": []}]}

    monkeypatch.setattr(send, "compose", overtaken)
    assert either.tick(MONDAY_NINE, card=longer_card) == 0
    with either.database.reading() as session:
        assert len(session.exec(select(Message)).all()) == 2


def test_one_schedule_that_goes_wrong_does_not_keep_the_others_waiting(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """The other channel gets its digest; the one that failed is tried again within minutes."""
    begin(office, WEEK)
    office.schedule(channel="C0FINE", since=MONDAY_NINE - timedelta(hours=1))
    office.log()
    calls = []

    def stumbles_once(digest: Digest) -> dict[str, Any]:
        calls.append(digest)
        if len(calls) == 1:
            raise RuntimeError("the ink ran out")
        return card(digest)

    assert office.tick(MONDAY_NINE, card=stumbles_once) == 1
    assert "could not be made" in caplog.text
    assert "Any news" not in caplog.text
    assert office.tick(MONDAY_NINE + timedelta(minutes=6), card=stumbles_once) == 1
    assert len(office.posts()) == 2


def test_a_claim_that_nobody_settled_is_given_up_once_it_is_too_late(
    either: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off on Monday, started again on Friday: missed, and on record as such."""
    begin(either, WEEK)
    either.log()
    with monkeypatch.context() as patch:
        patch.setattr("digests.send.compose", cut_off)
        with pytest.raises(CutOff):
            either.tick(MONDAY_NINE)
    assert either.tick(MONDAY_NINE + timedelta(days=4)) == 0
    assert either.outcomes()["2026-W18"] == Outcome.MISSED


def looking(office: Office, **options: Any) -> Callable[[], Digest | None]:
    return lambda: send.compose_now(office.database, workspace=office.workspace, audience=Audience.MANAGERS, **options)


def test_anyone_can_look_at_the_week_so_far(office: Office, now: datetime) -> None:
    """Looking claims nothing and sends nothing."""
    assert looking(office, now=now)() is None
    office.log(Week.of(now, ZONE))
    digest = looking(office, now=now)()
    assert digest is not None
    assert digest.so_far
    assert office.outcomes() == {}


def test_an_earlier_week_can_be_looked_at_by_name(office: Office, now: datetime) -> None:
    """By its ISO name; a name that is none is explained."""
    office.log(WEEK.previous(3))
    digest = looking(office, now=now, week="2026-W15")()
    assert digest is not None
    assert digest.label == "6 to 12 April 2026"
    with pytest.raises(ValueError, match="Name it like"):
        looking(office, now=now, week="soon")()
