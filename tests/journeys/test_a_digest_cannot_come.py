"""A channel is archived, renamed, made private, or shared with outsiders: kind words to whoever set the digest up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import app
from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Channel, Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.vocabulary import DemandKind
from storage import workspaces
from tests import make
from tests.conftest import LARKMOOR
from tests.journeys.conftest import reached, settings_for

Trouble = Callable[[LocalSlack, Channel], object]
WEDNESDAY = datetime(2026, 4, 29, 9, 30, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)


class Office:
    """Morgan has asked for a digest in #repairs-line, and there is something to tell."""

    def __init__(self, house: House, slack: LocalSlack, moment: list[datetime]) -> None:
        self.house, self.slack, self._moment = house, slack, moment
        self.channel = slack.channel("#repairs-line", slack.person("Morgan"))
        with house.database.transaction() as session:
            workspaces.join(session, LARKMOOR, now=WEDNESDAY, timezone="Europe/London")
        self.heard("Any news on my repair?", WEDNESDAY)
        slack.command("Morgan", "/groundswell", "digest on managers", channel="#repairs-line")
        slack.wait_for(lambda: slack.sees("Morgan", "#repairs-line").saying("Done."))

    def heard(self, words: str, at: datetime) -> None:
        with self.house.database.transaction() as session:
            make.note(session, words, workspace=LARKMOOR, at=at, kind=DemandKind.CHASE)

    def it_is(self, moment: datetime) -> None:
        """The clock ticks then, and what waits is carried."""
        self._moment[0] = moment
        self.house.clock.tick()
        for _round in range(3):
            self.house.messenger.carry()

    def told(self) -> list[str]:
        """What Morgan alone was told about digests that could not come."""
        return [m.words for m in self.slack.sees("Morgan", None) if "weekly digest" in m.words]

    def digests(self) -> list[Message]:
        return [m for m in self.slack.sees("Morgan", "#repairs-line") if not m.in_thread and "May 2026" in m.words]


@pytest.fixture
def office(home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[Office]:
    """The whole product; its messenger carries when the test says so."""
    moment = [WEDNESDAY]
    with LocalSlack(clock=lambda: moment[0], ack_within=10) as slack:
        house = app.build(settings_for(slack, home), tagger=tagger, redactor=redactor, now=lambda: moment[0])
        with reached(house, slack):
            yield Office(house, slack, moment)


def made_private_without_us(slack: LocalSlack, channel: Channel) -> None:
    slack.make_private(channel)
    channel.members.discard(slack.workspaces[0].bot_user_id)


def only_some_may_post(slack: LocalSlack, _channel: Channel) -> None:
    slack.fail_next("chat.postMessage", error="restricted_action")


def refused_as_too_long(slack: LocalSlack, _channel: Channel) -> None:
    slack.fail_next("chat.postMessage", error="msg_too_long")


@pytest.mark.parametrize(
    ("trouble", "because"),
    [
        (LocalSlack.archive, "that channel is archived"),
        (LocalSlack.remove_bot, "I am not in there any more"),
        (made_private_without_us, "it is private and I am not in it"),
        (LocalSlack.share_externally, "people of another organisation are in there now"),
        (only_some_may_post, "only some people may post there"),
        (refused_as_too_long, "Slack did not take it (msg_too_long)"),
    ],
)
def test_whoever_set_it_up_hears_why_and_what_helps_once(office: Office, trouble: Trouble, because: str) -> None:
    """In a message to them alone. It is not tried again and again, and the next Monday says nothing new."""
    trouble(office.slack, office.channel)
    office.it_is(MONDAY_NINE)
    [told] = office.told()
    assert because in told
    assert f"<#{office.channel.id}>" in told
    calls = len(office.slack.calls)
    office.it_is(MONDAY_NINE + timedelta(hours=5))
    assert not [call for call in office.slack.calls[calls:] if call.method == "chat.postMessage"]
    office.heard("Nobody came on Tuesday", MONDAY_NINE + timedelta(days=1))
    if trouble in (only_some_may_post, refused_as_too_long):
        trouble(office.slack, office.channel)
    office.it_is(MONDAY_NINE + timedelta(days=7))
    assert office.told() == [told]
    assert office.digests() == []


def test_when_it_is_put_right_again_brings_it(office: Office) -> None:
    """From what the store holds by then: what was taken back meanwhile stays back. And it comes once."""
    office.heard("It's leaking again", WEDNESDAY)
    made_private_without_us(office.slack, office.channel)
    office.it_is(MONDAY_NINE)
    office.slack.command("Morgan", "/groundswell", "digest when", channel="#repairs-line")
    assert office.slack.wait_for(
        lambda: office.slack.sees("Morgan", "#repairs-line").saying("it is private and I am not in it")
    )
    office.house.logbook.undo(2, workspace=LARKMOOR, by="U0ASHA00001")
    office.slack.invite_bot(office.channel)
    asked = office.slack.command("Morgan", "/groundswell", "digest again", channel="#repairs-line")
    assert office.slack.wait_for(lambda: office.slack.sees("Morgan", "#repairs-line").saying("on its way once more"))
    office.slack.redeliver(asked)
    office.it_is(MONDAY_NINE + timedelta(minutes=1))
    [digest] = office.digests()
    assert "Any news on my repair?" in digest.words
    assert "leaking" not in office.slack.sees("Morgan", "#repairs-line").words
    office.slack.command("Morgan", "/groundswell", "digest again", channel="#repairs-line")
    assert office.slack.wait_for(lambda: office.slack.sees("Morgan", "#repairs-line").saying("Nothing is missing here"))


@pytest.mark.parametrize(
    ("leaves", "comes_back"),
    [(LocalSlack.archive, LocalSlack.unarchive), (LocalSlack.remove_bot, LocalSlack.invite_bot)],
)
def test_what_waited_comes_as_soon_as_its_channel_is_back(office: Office, leaves: Trouble, comes_back: Trouble) -> None:
    """A day late is not too late, and nobody needs to ask for it."""
    leaves(office.slack, office.channel)
    office.it_is(MONDAY_NINE)
    comes_back(office.slack, office.channel)
    office.it_is(MONDAY_NINE + timedelta(days=1))
    assert len(office.digests()) == 1


def test_renamed_or_made_private_with_us_in_it_the_digest_still_comes(office: Office) -> None:
    """A channel keeps its id, so nobody needs to do anything."""
    office.slack.rename(office.channel, "leaders")
    office.slack.make_private(office.channel)
    office.it_is(MONDAY_NINE)
    assert [m for m in office.slack.sees("Morgan", "#leaders") if "Any news on my repair?" in m.words]
    assert office.told() == []


def test_in_doubt_it_asks_to_look(office: Office) -> None:
    """Where we may not look ourselves."""
    office.slack.fail_next("chat.postMessage", drop_answer=True)
    office.it_is(MONDAY_NINE)
    office.it_is(MONDAY_NINE + timedelta(minutes=1))
    [told] = office.told()
    assert "Please look; if it is not there, type `/groundswell digest again`" in told
    assert len(office.digests()) == 1


def posted_now_in_vain(office: Office) -> None:
    """Morgan asks for the digest of this week so far, and Slack is in trouble."""
    office.slack.command("Morgan", "/groundswell", "digest post managers", channel="#repairs-line")
    office.slack.wait_for(lambda: office.slack.sees("Morgan", "#repairs-line").saying("It is on its way"))
    office.slack.fail_next("chat.postMessage", status=502)
    office.it_is(WEDNESDAY + timedelta(minutes=1))
    office.it_is(WEDNESDAY + timedelta(minutes=2))
    assert office.digests() == []
    assert "type `/groundswell digest again`" in "".join(office.told())


def test_what_was_posted_out_of_turn_and_could_not_come_is_brought_by_again(office: Office) -> None:
    """As Morgan was told; with its thread, and once."""
    for weeks in range(1, 13):
        office.heard(f"Any news, {weeks}?", WEDNESDAY - timedelta(weeks=weeks))
    posted_now_in_vain(office)
    asked = office.slack.command("Morgan", "/groundswell", "digest again", channel="#repairs-line")
    assert office.slack.wait_for(lambda: office.slack.sees("Morgan", "#repairs-line").saying("on its way once more"))
    office.slack.redeliver(asked)
    office.it_is(WEDNESDAY + timedelta(minutes=3))
    [digest] = office.digests()
    assert "Any news on my repair?" in digest.words
    assert [m for m in office.slack.sees("Morgan", "#repairs-line") if m.in_thread and m.thread_ts == digest.ts]
    office.slack.command("Morgan", "/groundswell", "digest again", channel="#repairs-line")
    assert office.slack.wait_for(lambda: office.slack.sees("Morgan", "#repairs-line").saying("Nothing is missing here"))


def test_words_taken_back_since_it_was_posted_out_of_turn_do_not_come_again(office: Office) -> None:
    """Whoever wants it can have it made anew."""
    posted_now_in_vain(office)
    office.house.logbook.undo(1, workspace=LARKMOOR, by="U0ASHA00001")
    office.slack.command("Morgan", "/groundswell", "digest again", channel="#repairs-line")
    assert office.slack.wait_for(lambda: office.slack.sees("Morgan", "#repairs-line").saying("Nothing is missing here"))
    office.it_is(WEDNESDAY + timedelta(minutes=3))
    assert "Any news" not in office.slack.sees("Morgan", "#repairs-line").words
