"""Socket Mode, seen from the wire: hello, envelopes, acknowledgements, and what happens without them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.playground.local_slack import LocalSlack
from tests.bot.playground_help import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    manifest = {
        "features": {"slash_commands": [{"command": "/demand"}]},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    with LocalSlack(manifest=manifest, scopes=["commands", "im:history"], clock=clock, ack_within=10) as slack:
        yield slack


def opened(slack: LocalSlack) -> str:
    """The URL of a new connection."""
    told = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)
    return str(told["url"])


def heard(socket: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(socket.recv(timeout=10)))


def answering(socket: ClientConnection, **payload: Any) -> dict[str, Any]:
    """Takes one envelope and acknowledges it."""
    envelope = heard(socket)
    reply = {"envelope_id": envelope["envelope_id"], **({"payload": payload} if payload else {})}
    socket.send(json.dumps(reply))
    return envelope


@pytest.fixture
def socket(slack: LocalSlack) -> Iterator[ClientConnection]:
    with connect(opened(slack)) as socket:
        assert heard(socket)["type"] == "hello"
        slack.wait_for(lambda: slack.sockets.in_use)
        yield socket


def test_a_command_is_an_envelope_that_may_be_answered(slack: LocalSlack, socket: ClientConnection) -> None:
    with ThreadPoolExecutor() as pool:
        taken = pool.submit(answering, socket, text="Kept")
        assert slack.command("Asha", "/demand", "x").ok
    envelope = taken.result()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert envelope["payload"]["command"] == "/demand"
    assert slack.sees("Asha", "#general").words == "Kept"


def test_an_event_takes_an_acknowledgement_and_no_more(slack: LocalSlack, socket: ClientConnection) -> None:
    with ThreadPoolExecutor() as pool:
        taken = pool.submit(answering, socket, text="Thanks")
        assert slack.message("Asha", "Any news?").ok
    assert (taken.result()["type"], taken.result()["accepts_response_payload"]) == ("events_api", False)
    assert taken.result()["retry_attempt"] == 0
    assert [call.error for call in slack.refused] == ["payload_not_accepted"]


def test_what_is_not_acknowledged_comes_again(slack: LocalSlack, socket: ClientConnection, clock: Clock) -> None:
    """At once, after a minute and after five more: the same event in a new envelope."""
    slack.ack_within = 0.05
    assert slack.message("Asha", "Any news?").error == "operation_timeout"
    first = heard(socket)
    event_ids = {first["payload"]["event_id"]}
    for attempt, minutes in ((1, 0), (2, 1), (3, 5)):
        clock.forward(minutes=minutes)
        slack.retry_due()
        again = heard(socket)
        assert (again["retry_attempt"], again["retry_reason"]) == (attempt, "http_timeout")
        assert again["envelope_id"] != first["envelope_id"]
        event_ids.add(again["payload"]["event_id"])
    clock.forward(days=1)
    assert slack.retry_due() == []
    assert len(event_ids) == 1


def test_an_event_without_a_connection_waits_for_the_next(slack: LocalSlack) -> None:
    assert slack.message("Asha", "Is anybody there?").error == "dispatch_failed"
    with connect(opened(slack)) as socket, ThreadPoolExecutor() as pool:
        heard(socket)
        slack.wait_for(lambda: slack.sockets.in_use)
        taken = pool.submit(answering, socket)
        assert [answer.ok for answer in slack.retry_due()] == [True]
    assert taken.result()["retry_attempt"] == 1


def test_a_late_acknowledgement_is_no_mistake_but_an_unknown_one_is(
    slack: LocalSlack, socket: ClientConnection
) -> None:
    slack.ack_within = 0.05
    slack.message("Asha", "Any news?")
    answering(socket)
    socket.send(json.dumps({"envelope_id": "made-up"}))
    socket.send("not json")
    slack.wait_for(lambda: len(slack.refused) == 2)
    assert [call.error for call in slack.refused] == ["unknown_envelope", "unknown_envelope"]


def test_a_connection_url_works_once(slack: LocalSlack) -> None:
    url = opened(slack)
    with connect(url) as socket:
        heard(socket)
        with pytest.raises(InvalidStatus, match="403"), connect(url):
            pass


def test_there_are_ten_connections_and_no_more(slack: LocalSlack) -> None:
    with contextlib.ExitStack() as sockets:
        for _ in range(10):
            sockets.enter_context(connect(opened(slack)))
        slack.wait_for(lambda: len(slack.sockets.connections) == 10)
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            opened(slack)


def test_each_envelope_goes_to_one_connection(slack: LocalSlack) -> None:
    with connect(opened(slack)) as one, connect(opened(slack)) as two, ThreadPoolExecutor() as pool:
        slack.wait_for(lambda: len(slack.sockets.connections) == 2)
        taken = []
        for socket in (one, two):
            heard(socket)
            taken.append(pool.submit(answering, socket))
        assert slack.message("Asha", "One").ok
        assert slack.message("Asha", "Two").ok
    assert {envelope.result()["payload"]["event"]["text"] for envelope in taken} == {"One", "Two"}


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_slack_may_ask_for_a_new_connection(slack: LocalSlack, socket: ClientConnection, reason: str) -> None:
    slack.disconnect(reason)
    assert heard(socket) == {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
    with pytest.raises(ConnectionClosed):
        socket.recv(timeout=10)
    assert not slack.sockets.in_use
