"""People in the little Slack: they see what is theirs, and hear when the app does not answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from starlette.responses import Response

from bot.playground import people
from bot.playground.controls import NotShown
from bot.playground.local_slack import LocalSlack
from bot.playground.serving import Serving
from tests.bot.playground_help import (
    MENU,
    App,
    answering,
    client_of,
    plain,
    posted,
    slack_of_people,
)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with slack_of_people() as slack:
        yield slack


@pytest.fixture
def app(slack: LocalSlack) -> Iterator[App]:
    app = App(slack)
    with Serving(app.asgi) as served:
        slack.events_url = f"{served.url}/slack/events"
        yield app


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return client_of(slack, slack.bot_token)


# -- words -----------------------------------------------------------------------------------------------------------


def test_what_people_type_arrives_as_slack_writes_it(slack: LocalSlack, app: App) -> None:
    """Three characters are escaped; names become ids where the manifest asks for that; addresses become links."""
    slack.command("Asha", "/demand", "@Tom said <now> & #front-desk", channel="#repairs-line")
    assert app.heard[-1]["text"] == "@Tom said &lt;now&gt; &amp; #front-desk"
    slack.command("Asha", "/improve", "@Tom #front-desk", channel="#repairs-line")
    assert app.heard[-1]["text"] == "<@U0TOM000001> <#C0FRONTDESK|front-desk>"
    slack.message("Asha", "@Tom see https://example.org/a?b=1&c=2 !")
    assert app.heard[-1]["event"]["text"] == "<@U0TOM000001> see <https://example.org/a?b=1&amp;c=2> !"


def test_a_command_says_where_it_was_typed(slack: LocalSlack, app: App) -> None:
    slack.command("Asha", "/demand", "x")
    assert app.heard[-1]["channel_name"] == "general"
    slack.command("Asha", "/demand", "x", channel="dm")
    assert app.heard[-1]["channel_name"] == "directmessage"
    slack.command("Morgan", "/demand", "x", channel="#managers")
    assert app.heard[-1]["channel_name"] == "privategroup"


def test_a_command_that_the_manifest_does_not_offer_cannot_be_typed(slack: LocalSlack) -> None:
    with pytest.raises(NotShown, match="There is no command /demnad here"):
        slack.command("Asha", "/demnad", "x")


def test_an_acknowledgement_may_carry_the_reply(slack: LocalSlack, app: App) -> None:
    app.answer = lambda payload: Response("Kept")
    slack.command("Asha", "/demand", "x")
    assert slack.sees("Asha", "#general").ephemerals[-1].text == "Kept"
    app.answer = answering(response_type="in_channel", text="For all")
    slack.command("Asha", "/demand", "x")
    assert slack.sees("Tom", "#general").words == "For all"
    app.answer = answering(text="x", blocks=[{"type": "bogus"}])
    assert slack.command("Asha", "/demand", "x").error == "dispatch_failed"
    assert [call.error for call in slack.refused] == ["invalid_blocks"]


def test_silence_is_told_to_the_person(slack: LocalSlack, app: App) -> None:
    """When the app does not answer in time, or not with 200, Slack says so to whoever typed the command."""
    slack.ack_within = 0.2
    go_on = threading.Event()

    def late(payload: dict[str, Any]) -> Response:
        go_on.wait(10)
        return Response()

    app.answer = late
    assert slack.command("Asha", "/demand", "x").error == "operation_timeout"
    go_on.set()
    assert "operation_timeout" in slack.sees("Asha", "#general").words
    slack.ack_within = 15
    app.answer = lambda payload: Response(status_code=404)
    assert slack.command("Asha", "/demand", "x").error == "dispatch_failed"
    slack.events_url = "http://127.0.0.1:9/slack/events"
    assert slack.command("Asha", "/demand", "x").error == "dispatch_failed"
    assert len(slack.sees("Asha", "#general").ephemerals) == 3
    assert slack.retry_due() == []


def test_a_private_channel_is_seen_by_its_members_alone(slack: LocalSlack, client: WebClient) -> None:
    client.chat_postMessage(channel="C0MANAGERS1", text="For managers")
    assert slack.sees("Morgan", "#managers").words == "For managers"
    assert slack.sees("Tom", "#managers").messages == []
    with pytest.raises(NotShown):
        slack.message("Tom", "Let me in", "#managers")
    with pytest.raises(NotShown):
        slack.command("Tom", "/demand", "x", channel="#managers")


def test_a_mention_brings_two_events(slack: LocalSlack, app: App) -> None:
    """`message.channels` and `app_mention` both come, with ids of their own."""
    slack.message("Asha", "@Groundswell what do people ask for?", "#repairs-line")
    assert [payload["event"]["type"] for payload in app.heard] == ["message", "app_mention"]
    assert len({payload["event_id"] for payload in app.heard}) == 2


def test_the_app_hears_only_what_it_has_asked_for_and_may_hear(slack: LocalSlack, app: App) -> None:
    slack.message("Asha", "@Groundswell hello", "#general")
    assert app.heard == []
    slack.workspaces[0].scopes -= {"channels:history"}
    slack.message("Asha", "Good morning", "#repairs-line")
    assert app.heard == []


def test_the_app_hears_its_own_words_in_a_direct_message(slack: LocalSlack, app: App, client: WebClient) -> None:
    """With its `bot_id`, and again as `message_changed` when it changes them."""
    told = client.chat_postMessage(channel="U0ASHA00001", text="Good morning")
    slack.settle()
    assert app.heard[-1]["event"]["bot_id"] == "B0GROUNDSW"
    client.chat_update(channel=told["channel"], ts=told["ts"], text="Good evening")
    slack.settle()
    assert app.heard[-1]["event"]["subtype"] == "message_changed"
    assert app.heard[-1]["event"]["previous_message"]["text"] == "Good morning"


def test_editing_deleting_and_reacting_are_events(slack: LocalSlack, app: App) -> None:
    slack.message("Asha", "One")
    message = slack.sees("Asha")[0]
    slack.react("Asha", message, "ear")
    assert app.heard[-1]["event"]["item"] == {"type": "message", "channel": "D0ASHA00001", "ts": message.ts}
    with pytest.raises(NotShown):
        slack.react("Asha", message, "ear")
    slack.edit("Asha", message, "Two")
    assert app.heard[-1]["event"]["message"]["text"] == "Two"
    slack.delete("Asha", message)
    assert app.heard[-1]["event"]["subtype"] == "message_deleted"
    assert slack.sees("Asha").messages == []


# -- again, and in another order -------------------------------------------------------------------------------------


def test_a_second_delivery_is_the_first_one_to_the_letter(slack: LocalSlack, app: App, client: WebClient) -> None:
    """Even when the message has changed in the meantime."""
    message = posted(slack, client, {"type": "actions", "elements": [MENU]})
    slack.press("Asha", message, "kind", "Chase")
    client.chat_update(channel="C0REPAIRS01", ts=message.ts, text="y", blocks=[])
    slack.settle()
    clicks = [delivery for delivery in slack.deliveries if delivery.kind == "interaction"]
    assert slack.redeliver(clicks[0]).ok
    first, second = (payload for payload in app.heard if payload["type"] == "block_actions")
    assert first == second
    assert second["message"]["text"] == "x"


def test_things_may_arrive_in_another_order(slack: LocalSlack, app: App) -> None:
    """An edit before the message it changes, and the second message before the first."""
    slack.hold()
    assert slack.message("Asha", "One").held
    slack.edit("Asha", slack.sees("Asha")[0], "Two")
    slack.message("Asha", "Three")
    assert app.heard == []
    assert all(answer.ok for answer in slack.release([1, 2, 0]))
    edited, third, first = (payload["event"] for payload in app.heard)
    assert (edited["message"]["text"], third["text"], first["text"]) == ("Two", "Three", "One")


def test_an_app_may_ask_for_no_retry(slack: LocalSlack, app: App) -> None:
    app.answer = lambda payload: Response(status_code=500, headers={"X-Slack-No-Retry": "1"})
    slack.message("Asha", "One")
    assert slack.retry_due() == []
    app.answer = lambda payload: Response(status_code=500)
    slack.message("Asha", "Two")
    app.answer = lambda payload: Response()
    assert [answer.ok for answer in slack.retry_due()] == [True]
    assert (app.headers[-1]["x-slack-retry-num"], app.headers[-1]["x-slack-retry-reason"]) == ("1", "http_error")


def test_in_the_demo_failed_events_come_again_by_themselves(slack: LocalSlack, app: App) -> None:
    slack.clock = lambda: datetime.now(UTC)
    app.answer = lambda payload: Response(status_code=500)
    slack.message("Asha", "Any news?")
    app.answer = lambda payload: Response()
    slack.keep_retrying()
    slack.wait_for(lambda: len(app.heard) == 2)
    assert app.heard[0] == app.heard[1]


# -- what life brings ------------------------------------------------------------------------------------------------


def test_channels_and_people_change_and_the_app_hears_of_it(slack: LocalSlack, app: App) -> None:
    repairs = slack.workspaces[0].channels["C0REPAIRS01"]
    slack.rename(repairs, "mending")
    assert app.heard[-1]["event"] == {**app.heard[-1]["event"], "type": "channel_rename"}
    assert app.heard[-1]["event"]["channel"]["name"] == "mending"
    slack.archive(repairs)
    assert app.heard[-1]["event"]["type"] == "channel_archive"
    slack.deactivate("Tom")
    assert app.heard[-1]["event"]["user"]["deleted"] is True
    slack.invite_bot(slack.workspaces[0].channels["C0GENERAL01"])
    assert app.heard[-1]["event"]["user"] == "U0GROUNDSW"
    slack.share_externally(slack.workspaces[0].channels["C0FRONTDESK"])
    slack.message("Asha", "Hello, neighbours", "#front-desk")
    assert app.heard[-1]["is_ext_shared_channel"] is True


@pytest.mark.parametrize("tokens_first", [True, False])
def test_goodbye_comes_in_either_order(slack: LocalSlack, app: App, tokens_first: bool) -> None:
    slack.uninstall(tokens_first=tokens_first)
    names = [payload["event"]["type"] for payload in app.heard]
    assert names == (["tokens_revoked", "app_uninstalled"] if tokens_first else ["app_uninstalled", "tokens_revoked"])
    slack.message("Asha", "Is anybody there?")
    assert len(app.heard) == 2


def test_what_would_come_alive_can_be_asked_of_a_message(slack: LocalSlack, client: WebClient) -> None:
    """Broadcasts, mentions and links in mrkdwn are found; in plain text they are only words."""
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> <@U0TOM000001> &lt;!here&gt;"}},
        {"type": "header", "text": plain("<!here>")},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "<!date^1777885200^{date}|then>"}]},
    ]
    client.chat_postMessage(channel="C0REPAIRS01", text="<https://example.org|safe>", blocks=blocks)
    alive = slack.sees("Asha", "#repairs-line")[0].alive
    assert alive == ["https://example.org|safe", "!channel", "@U0TOM000001"]


def test_slack_may_ask_the_app_to_slow_down() -> None:
    """With rate limits on, a burst of messages in one channel is told to wait, and for how long."""
    now = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    with LocalSlack(workspaces=[people.larkmoor()], scopes=["chat:write"], clock=lambda: now) as slack:
        slack.rate_limits.are_on = True
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        for _ in range(4):
            client.chat_postMessage(channel="C0REPAIRS01", text="x")
        client.chat_postMessage(channel="C0IMPROVE01", text="another channel")
        with pytest.raises(Exception, match="ratelimited") as caught:
            client.chat_postMessage(channel="C0REPAIRS01", text="x")
        response = caught.value.response  # type: ignore[attr-defined]
        assert (response.status_code, response.headers["retry-after"]) == (429, "4")
        now += timedelta(seconds=4)
        client.chat_postMessage(channel="C0REPAIRS01", text="x")


def test_waiting_in_vain_says_what_was_called(slack: LocalSlack, client: WebClient) -> None:
    client.auth_test()
    with pytest.raises(AssertionError, match="auth\\.test ok"):
        slack.wait_for(lambda: False, timeout=0.01)
