"""Slack at its strictest: it delivers again, closes its handles in time, takes errors at fields alone, and is busy."""

from __future__ import annotations

import http.client
import json
import re
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot import doors
from bot.app import House
from bot.company import Company
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, View
from nlp import asks
from tests.conftest import LARKMOOR
from tests.journeys.test_nothing_is_lost import REFERENCE, kept, post
from tests.journeys.test_themes import found  # noqa: F401

Sees = Callable[..., Message]
Finished = Callable[[], None]
TOO_LONG = "x y " * 10_500
SIX_ASKS = (
    "1. Where is my parcel? 2. Can you change the name on my account? 3. When do you open on Saturday? "
    "4. How do I pay my rent? 5. Who do I ask about the lift? 6. Can I have a new key fob?"
)


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Somebody else holds the database for a while."""
    connection = house.database.engine.raw_connection()
    connection.cursor().execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def form_with(slack: LocalSlack, person: str, words: str) -> View:
    """The form that this person sees, once it shows these words."""
    return slack.wait_for(lambda: (view := slack.sees(person).view) and words in json.dumps(view.blocks) and view)


@pytest.mark.parametrize(("said", "channel"), [("hello", None), ("@Groundswell hello", "#repairs-line")])
def test_help_is_given_once_however_often_a_greeting_is_delivered(
    slack: LocalSlack, house: House, finished: Finished, said: str, channel: str | None
) -> None:
    told = slack.message("Asha", said, channel)
    for _ in range(3):
        slack.redeliver(told)
    finished()
    assert len(slack.called("chat.postMessage")) + len(slack.called("chat.postEphemeral")) == 1


def test_a_refusal_is_heard_once_even_if_only_retries_arrive(
    slack: LocalSlack, house: House, finished: Finished
) -> None:
    """The first delivery was lost on its way; what is marked as a retry is the first that we see."""
    slack.hold()
    lost = slack.message("Asha", TOO_LONG)
    slack.release([])
    slack.redeliver(lost)
    slack.redeliver(lost)
    finished()
    [refusal] = slack.called("chat.postMessage")
    assert "longer than one note can hold" in refusal.arguments["text"]


def test_a_delivery_without_any_mark_is_known_all_the_same(slack: LocalSlack, house: House) -> None:
    """Slack's marks of a retry do not come by every way; the name of the event does."""
    channel = slack.channel("dm", slack.person("Asha"))
    said = {"type": "message", "channel": channel.id, "channel_type": "im", "user": "U0ASHA00001", "text": TOO_LONG}
    about = {"ts": slack.next_ts(), "event_ts": slack.next_ts()}
    body = {"type": "event_callback", "team_id": LARKMOOR, "event_id": "Ev0ONCE", "event": said | about}
    for _ in range(2):
        assert post(slack, json.dumps(body).encode(), "application/json")[0] == 200
    assert len(slack.called("chat.postMessage")) == 1


def detail_form(slack: LocalSlack, sees: Sees) -> tuple[View, dict[str, Any]]:
    slack.command("Asha", "/demand", "Where is my parcel?")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Add detail")
    return form_with(slack, "Asha", "What mattered"), {"what_matters": "to know when"}


def kind_form(slack: LocalSlack, sees: Sees) -> tuple[View, dict[str, Any]]:
    slack.command("Asha", "/demand", "Where is my parcel?")
    sees("Asha", "Kept as note 1")
    slack.command("Asha", "/demand", "mine")
    slack.press("Asha", sees("Asha", "What you passed on"), "Change")
    return form_with(slack, "Asha", "What is this note about"), {"kind": "Again"}


def schedule_form(slack: LocalSlack, sees: Sees) -> tuple[View, dict[str, Any]]:
    slack.command("Asha", "/groundswell", "digest set", channel="#repairs-line")
    return form_with(slack, "Asha", "By the clock of"), {"weekday": "Friday"}


@pytest.mark.parametrize("opened", [detail_form, kind_form, schedule_form])
def test_what_goes_wrong_with_a_form_is_said_at_a_field_that_is_in_it(
    slack: LocalSlack,
    house: House,
    sees: Sees,
    opened: Callable[[LocalSlack, Sees], tuple[View, dict[str, Any]]],
) -> None:
    """At any other, Slack would say only that it had trouble connecting. The form stays open, as it was filled in."""
    form, filled = opened(slack, sees)
    with locked(house):
        answer = slack.submit("Asha", form, filled)
    assert answer.error is None
    assert REFERENCE.search("".join(answer.errors.values()))
    assert slack.sees("Asha").view is form


@pytest.mark.usefixtures("found")
def test_a_theme_that_cannot_be_named_just_now_says_so_in_its_form(
    slack: LocalSlack, house: House, sees: Sees, request: pytest.FixtureRequest
) -> None:
    slack.command("Tom", "/groundswell", f"theme {request.getfixturevalue('found')}")
    slack.press("Tom", sees("Tom", "Heard in 1 of the last 12 weeks"), "Name it")
    form = form_with(slack, "Tom", "As a customer would say it")
    with locked(house):
        answer = slack.submit("Tom", form, {"answer": "nobody tells me when"})
    assert REFERENCE.search(answer.errors["answer"])


def test_as_many_asks_as_one_note_can_hold_have_a_receipt_each(
    slack: LocalSlack, house: House, sees: Sees, finished: Finished
) -> None:
    """Slack takes five answers to one press; what is left comes as a direct message."""
    assert len(asks.asks_in(SIX_ASKS)) == asks.AT_MOST
    slack.command("Asha", "/demand", SIX_ASKS)
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Keep as 6 notes")
    sees("Asha", "Kept as note 7", None)
    finished()
    shown = [*slack.sees("Asha", "#general"), *slack.sees("Asha", None)]
    assert sorted("".join(re.findall(r"Kept as note (\d+)", m.words)) for m in shown) == list("234567")


@pytest.mark.parametrize("trouble", [{"status": 200, "error": "used_url"}, {"page": "<html>Sign in first.</html>"}])
def test_an_answer_that_slack_takes_with_a_no_comes_as_a_direct_message(
    slack: LocalSlack, house: House, sees: Sees, trouble: dict[str, Any]
) -> None:
    """As in its Web API, a no may come with status 200; so may the page of some server in between."""
    slack.fail_next("response_url", **trouble)
    slack.command("Asha", "/demand", "Where is my parcel?")
    sees("Asha", "Kept as note 1", None)


@pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id"])
def test_a_form_that_slack_opens_no_more_says_so_wherever_it_was_asked_for(
    slack: LocalSlack, house: House, sees: Sees, error: str
) -> None:
    """On the Home tab, behind the lightning, on a message and from a command: nothing is said to be lost."""
    slack.open_home("Asha")
    home = slack.wait_for(lambda: slack.sees("Asha").home)
    assert home is not None
    for ask in (
        lambda: slack.press("Asha", home, "What a customer said"),
        lambda: slack.shortcut("Asha", "pass_on"),
        lambda: slack.command("Asha", "/groundswell", "digest set", channel="#repairs-line"),
    ):
        slack.fail_next("views.open", error=error)
        ask()
    too_long = "That took a moment too long for the form to open. Please try once more."
    assert sees("Asha", too_long, "#repairs-line").words == too_long
    told = slack.wait_for(lambda: [m.words for m in slack.sees("Asha", None)] == [too_long, too_long])
    assert told


def test_a_kept_note_is_never_said_to_be_lost(
    slack: LocalSlack, house: House, sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words are safe when something else breaks: who said them, or which channel this is, cannot be told."""

    def breaks(*_: object) -> None:
        raise http.client.IncompleteRead(b"")

    monkeypatch.setattr(Company, "of", breaks)
    slack.command("Asha", "/demand", "Where is my parcel?")
    assert "nothing is lost" in sees("Asha", "Kept as note 1").words
    assert [note.verbatim for note in kept(house)] == ["Where is my parcel?"]


@pytest.mark.parametrize(
    ("method", "trouble"),
    [
        ("conversations.info", {"status": 429, "retry_after": 30}),
        ("conversations.info", {"delay": 4.0}),
        ("chat.postMessage", {"status": 429, "retry_after": 30}),
    ],
)
def test_the_form_for_a_digest_is_answered_in_time_when_slack_is_busy(
    slack: LocalSlack, house: House, sees: Sees, method: str, trouble: dict[str, Any]
) -> None:
    """Whether we may post somewhere is asked while the form waits: for a moment, and no longer."""
    form, filled = schedule_form(slack, sees)
    slack.ack_within = 3.0
    slack.fail_next(method, **trouble)
    answer = slack.submit("Asha", form, filled)
    assert "Slack is too busy" in answer.errors["channel"]
    slack.submit("Asha", form, filled)
    sees("Asha", "comes here every Friday", "#repairs-line")


@pytest.mark.parametrize("trouble", [{"delay": 4.0}, {"drop_answer": True}])
def test_what_a_channel_may_have_read_of_its_digest_is_true(
    slack: LocalSlack, house: House, sees: Sees, trouble: dict[str, Any]
) -> None:
    """Where only Slack's answer is late, the channel has been told that the digest comes. So it comes, and whoever set
    it up, in the form or by a command, is not told otherwise.
    """
    form, filled = schedule_form(slack, sees)
    slack.ack_within = 3.0
    slack.fail_next("chat.postMessage", **trouble)
    slack.submit("Asha", form, filled)
    assert "It is set, but Slack did not say in time" in str(slack.wait_for(lambda: slack.sees("Asha").view).blocks)
    sees("Asha", "comes here every Friday", "#repairs-line")
    slack.fail_next("chat.postMessage", drop_answer=True, times=2)
    slack.command("Asha", "/groundswell", "digest on improvement Tuesday", channel="#repairs-line")
    sees("Asha", "It is set, but Slack did not say in time", "#repairs-line")
    sees("Asha", "comes here every Tuesday", "#repairs-line")
    slack.command("Asha", "/groundswell", "digest when", channel="#repairs-line")
    when = sees("Asha", "for managers, every Friday", "#repairs-line").words
    assert "for people who improve the work, every Tuesday" in when


@pytest.mark.parametrize("trouble", [{"status": 429, "retry_after": 4}, {"delay": 4.0}])
def test_a_refusal_keeps_slack_waiting_no_longer_than_it_may(
    slack: LocalSlack, house: House, sees: Sees, trouble: dict[str, Any]
) -> None:
    """A busy Slack is slow to take what we say, too. It comes, and Slack has had its answer long before."""
    slack.ack_within = 3.0
    slack.fail_next("chat.postMessage", **trouble)
    assert slack.message("Asha", TOO_LONG).ok
    sees("Asha", "longer than one note can hold", None)


def test_what_is_too_large_is_not_read_to_its_end(slack: LocalSlack, house: House) -> None:
    """Whoever sends it need not say so beforehand."""

    def endless() -> Iterator[bytes]:
        for _ in range(2_000):
            yield b"x" * 1_000

    url = urllib.parse.urlsplit(str(slack.events_url))
    connection = http.client.HTTPConnection(str(url.hostname), url.port, timeout=10)
    connection.request("POST", doors.EVENTS_PATH, endless(), encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()
