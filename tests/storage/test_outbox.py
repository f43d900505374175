"""What we owe is said once, and never forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlmodel import select

from storage import outbox
from storage.database import Database
from storage.models import Message


def leave(database: Database, workspace: str, key: str, now: datetime) -> bool:
    with database.transaction() as session:
        return outbox.leave(session, workspace=workspace, key=key, channel="C1", body={"text": f"about {key}"}, now=now)


def test_leaving_the_same_thing_twice_is_leaving_it_once(database: Database, larkmoor: str, now: datetime) -> None:
    assert leave(database, larkmoor, "digest/1", now) is True
    assert leave(database, larkmoor, "digest/1", now) is False


def test_no_two_messengers_ever_hold_the_same_message(database: Database, larkmoor: str, now: datetime) -> None:
    for place in range(40):
        leave(database, larkmoor, str(place), now)

    def take(carrier: int) -> list[str]:
        with database.transaction() as session:
            return [message.key for message in outbox.take(session, carrier=str(carrier), now=now, at_most=10)]

    with ThreadPoolExecutor(8) as threads:
        taken = [key for keys in threads.map(take, range(8)) for key in keys]
    assert len(taken) == len(set(taken))
    with database.transaction() as session:
        rest = [message.key for message in outbox.take(session, carrier="late", now=now, at_most=100)]
    assert sorted(taken + rest, key=int) == [str(place) for place in range(40)]


def test_when_a_messenger_dies_another_takes_over_and_knows_whether_it_may_have_arrived(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """It had begun to say the one, and never came to the other."""
    leave(database, larkmoor, "begun", now)
    leave(database, larkmoor, "in hand", now)
    with database.transaction() as session:
        first, _ = outbox.take(session, carrier="first", now=now)
        assert outbox.begin(session, first.id or 0, carrier="first", now=now)
    with database.transaction() as session:
        assert outbox.take(session, carrier="second", now=now + outbox.LEASE / 2) == []
        taken = outbox.take(session, carrier="second", now=now + outbox.LEASE)
        assert {message.key: message.in_doubt for message in taken} == {"begun": True, "in hand": False}


def test_whoever_took_too_long_says_nothing(database: Database, larkmoor: str, now: datetime) -> None:
    """The lease ran out, so another may be saying it this very moment; and the word of the first counts no more."""
    leave(database, larkmoor, "k", now)
    with database.transaction() as session:
        [message] = outbox.take(session, carrier="slow", now=now)
        assert not outbox.begin(session, message.id or 0, carrier="slow", now=now + outbox.LEASE)
    later = now + outbox.LEASE
    with database.transaction() as session:
        outbox.take(session, carrier="quick", now=later)
        assert not outbox.begin(session, message.id or 0, carrier="slow", now=later)
        assert outbox.begin(session, message.id or 0, carrier="quick", now=later)
    with database.transaction() as session:
        outbox.wait(session, message.id or 0, carrier="slow", until=later, in_doubt=False)
    with database.reading() as session:
        left = outbox.with_key(session, workspace=larkmoor, key="k")
        assert left is not None
        assert left.in_doubt
        assert left.carried_by == "quick"


def test_a_message_that_slack_was_too_busy_for_comes_back_without_doubt(
    database: Database, larkmoor: str, now: datetime
) -> None:
    leave(database, larkmoor, "k", now)
    with database.transaction() as session:
        [message] = outbox.take(session, carrier="first", now=now)
        assert outbox.begin(session, message.id or 0, carrier="first", now=now)
        outbox.wait(session, message.id or 0, carrier="first", until=now + timedelta(seconds=30), in_doubt=False)
    with database.transaction() as session:
        assert outbox.take(session, carrier="first", now=now + timedelta(seconds=29)) == []
        [message] = outbox.take(session, carrier="first", now=now + timedelta(seconds=30))
        assert message.in_doubt is False


def test_what_arrived_or_never_can_is_not_carried_again(database: Database, larkmoor: str, now: datetime) -> None:
    for key in ("arrived", "impossible"):
        leave(database, larkmoor, key, now)
    with database.transaction() as session:
        first, second = outbox.take(session, carrier="m", now=now)
        outbox.sent(session, first.id or 0, ts="1.1", now=now)
        outbox.give_up(session, second.id or 0, why="channel_not_found")
    with database.transaction() as session:
        assert outbox.take(session, carrier="m", now=now + timedelta(days=1)) == []
        told = outbox.undeliverable(session, workspace=larkmoor, since=now)
        assert [message.key for message in told] == ["impossible"]


def test_what_was_tried_under_a_key_is_not_mixed_up_with_that_of_a_longer_one(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """Of two channels, one may be named like the beginning of the other."""
    for key in ("digest/C1", "digest/C1/again/1", "digest/C10"):
        leave(database, larkmoor, key, now)
    with database.transaction() as session:
        outbox.leave(
            session,
            workspace=larkmoor,
            key="digest/C1/1",
            channel="C1",
            body={"text": "more"},
            now=now,
            thread_of="digest/C1",
        )
        tried = outbox.tries(session, workspace=larkmoor, key="digest/C1")
        assert [message.key for message in tried] == ["digest/C1", "digest/C1/again/1"]


def test_what_arrived_is_known_by_its_key_and_what_did_not_is_left_out(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """At the first try or at a later one; not where it waits, and not in the workspace next door."""
    for key in ("arrived", "waits", "given up", "brought again", "brought again/again/1"):
        leave(database, larkmoor, key, now)
    later = now + timedelta(hours=1)
    with database.transaction() as session:
        ids = {message.key: message.id or 0 for message in session.exec(select(Message))}
        outbox.sent(session, ids["arrived"], ts="1.1", now=now)
        for key in ("given up", "brought again"):
            outbox.give_up(session, ids[key], why="is_archived")
        outbox.sent(session, ids["brought again/again/1"], ts="1.2", now=later)
        keys = {"arrived", "waits", "given up", "brought again", "never left"}
        assert outbox.arrivals(session, workspace=larkmoor, keys=keys) == {"arrived": now, "brought again": later}
        assert outbox.arrivals(session, workspace="T0HILLCREST", keys=keys) == {}
