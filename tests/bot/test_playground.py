"""The little Slack and a real Bolt app, over real HTTP: what a person does reaches the app, and back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground import people
from bot.playground.controls import NotShown
from bot.playground.local_slack import LocalSlack
from bot.playground.serving import Serving
from tests.bot.playground_help import Clock


def section(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def button(words: str, action_id: str, value: str = "1") -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": words}, "action_id": action_id, "value": value}


def form(**more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "note",
        "title": {"type": "plain_text", "text": "A note"},
        "submit": {"type": "plain_text", "text": "Keep"},
        "blocks": [
            {
                "type": "input",
                "block_id": "words",
                "label": {"type": "plain_text", "text": "What did they say?"},
                "element": {"type": "plain_text_input", "action_id": "typed", "multiline": True},
            },
        ],
        **more,
    }


def over_http(app: App) -> Starlette:
    """A Bolt app behind `/slack/events`, each request in a thread of its own."""

    async def receive(request: Request) -> Response:
        body = (await request.body()).decode()
        bolt = await run_in_threadpool(app.dispatch, BoltRequest(body=body, headers=dict(request.headers)))
        headers = {name: values[0] for name, values in bolt.headers.items()}
        return Response(bolt.body, bolt.status, headers)

    return Starlette(routes=[Route("/slack/events", receive, methods=["POST"])])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with LocalSlack(
        workspaces=[people.larkmoor(), people.hillcrest()],
        manifest={
            "features": {
                "slash_commands": [{"command": "/demand"}, {"command": "/improve", "should_escape": True}],
                "shortcuts": [
                    {"name": "Log a note", "callback_id": "log_message", "type": "message"},
                    {"name": "Log a note", "callback_id": "log_global", "type": "global"},
                ],
            },
            "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "im:history", "users:read"]}},
            "settings": {
                "event_subscriptions": {
                    "bot_events": ["app_home_opened", "app_mention", "message.im", "reaction_added", "app_uninstalled"]
                }
            },
        },
        clock=clock,
        ack_within=15,
    ) as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url)


@pytest.fixture
def app(slack: LocalSlack, client: WebClient) -> Iterator[App]:
    app = App(client=client, signing_secret=slack.signing_secret, token_verification_enabled=False)
    with Serving(over_http(app)) as served:
        slack.events_url = f"{served.url}/slack/events"
        yield app


def test_a_command_reaches_the_app_and_the_reply_is_seen_by_one_person(slack: LocalSlack, app: App) -> None:
    """Asha types a command; only she sees the reply; the words arrive escaped."""
    heard: list[dict[str, Any]] = []

    @app.command("/demand")
    def demand(ack: Any, command: dict[str, Any], respond: Any) -> None:
        heard.append(command)
        ack()
        respond(text="Kept", blocks=[section("Kept"), {"type": "actions", "elements": [button("Undo", "undo")]}])

    @app.action("undo")
    def undo(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Undone", replace_original=True)

    answer = slack.command("Asha", "/demand", "the <b>boiler</b> & the tap", channel="#general")
    assert answer.ok
    assert heard[0]["text"] == "the &lt;b&gt;boiler&lt;/b&gt; &amp; the tap"
    receipt = slack.wait_for(lambda: slack.sees("Asha", "#general").saying("Kept"))
    assert len(slack.sees("Tom", "#general")) == 0
    with pytest.raises(NotShown):
        slack.press("Tom", receipt, "undo")
    assert slack.press("Asha", receipt, "Undo").ok
    slack.wait_for(lambda: slack.sees("Asha", "#general").saying("Undone"))
    assert receipt.text == "Undone"
    assert len(slack.sees("Asha", "#general")) == 1
    assert slack.refused == []


def test_a_form_opens_complains_and_closes(slack: LocalSlack, app: App) -> None:
    """A modal shows the app's errors at the field, then another view, then closes."""
    sent: list[dict[str, Any]] = []

    @app.command("/demand")
    def demand(ack: Any, command: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=form())

    @app.view("note")
    def note(ack: Any, view: dict[str, Any]) -> None:
        sent.append(view["state"]["values"])
        words = view["state"]["values"]["words"]["typed"]["value"]
        if len(words) < 5:
            ack(response_action="errors", errors={"words": "A few more words, please."})
        elif words == "update":
            ack(response_action="update", view=form(title={"type": "plain_text", "text": "Again"}))
        elif words == "wrong":
            ack(response_action="errors", errors={"nowhere": "A field that is not there."})
        else:
            ack()

    assert slack.command("Asha", "/demand").ok
    view = slack.wait_for(lambda: slack.sees("Asha").view)
    assert slack.submit("Asha", view).errors == {"words": "Please complete this required field."}
    assert sent == []
    assert slack.submit("Asha", view, {"What did they say?": "boo"}).errors == {"words": "A few more words, please."}
    assert view.is_open
    assert slack.submit("Asha", view, {"typed": "update"}).ok
    assert view.title == "Again"
    assert slack.submit("Asha", view, {"words": "wrong"}).error == "invalid_errors"
    assert view.trouble is not None
    assert slack.submit("Asha", view, {"words": "<!channel> raw & unescaped"}).ok
    assert sent[-1]["words"]["typed"]["value"] == "<!channel> raw & unescaped"
    assert slack.sees("Asha").views == []
    assert [call.error for call in slack.refused] == ["invalid_errors"]


def test_a_trigger_opens_one_view_and_not_for_long(slack: LocalSlack, client: WebClient, clock: Clock) -> None:
    """A trigger id is good for three seconds and for one view."""
    slack.command("Asha", "/demand")
    trigger = slack.deliveries[-1].payload["trigger_id"]
    clock.forward(seconds=3)
    client.views_open(trigger_id=trigger, view=form())
    assert refusal(lambda: client.views_open(trigger_id=trigger, view=form())) == "exchanged_trigger_id"
    slack.command("Asha", "/demand")
    clock.forward(seconds=3.001)
    late = slack.deliveries[-1].payload["trigger_id"]
    assert refusal(lambda: client.views_open(trigger_id=late, view=form())) == "expired_trigger_id"
    assert refusal(lambda: client.views_open(trigger_id="made.up", view=form())) == "invalid_trigger_id"


def refusal(call: Any) -> str:
    """The error of a call that Slack must refuse."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_a_message_to_the_bot_is_an_event(slack: LocalSlack, app: App) -> None:
    """A DM reaches the app as an event; the bot's own reply does not come back to its listeners."""
    heard: list[dict[str, Any]] = []

    @app.event("message")
    def message(event: dict[str, Any], say: Any) -> None:
        heard.append(event)
        if not event.get("subtype"):
            say(text="Thank you", thread_ts=event["ts"])

    answer = slack.message("Tom", "Mr Bell asked *again* <!here>")
    assert answer.ok
    reply = slack.wait_for(lambda: slack.sees("Tom").saying("Thank you"))
    assert answer.shown is not None
    assert reply.thread_ts == slack.sees("Tom")[0].ts
    slack.settle()
    assert [event["text"] for event in heard] == ["Mr Bell asked *again* &lt;!here&gt;"]
    slack.edit("Tom", slack.sees("Tom")[0], "Mr Bell asked")
    slack.wait_for(lambda: heard[-1].get("subtype") == "message_changed")
    assert heard[-1]["message"]["text"] == "Mr Bell asked"


def test_the_app_may_connect_by_socket(slack: LocalSlack, client: WebClient) -> None:
    """By Socket Mode the same things arrive, and a form's errors travel back inside the acknowledgement."""
    app = App(client=client, token_verification_enabled=False)
    heard: list[str] = []

    @app.command("/demand")
    def demand(ack: Any, command: dict[str, Any], client: WebClient) -> None:
        heard.append(command["text"])
        client.views_open(trigger_id=command["trigger_id"], view=form())
        ack("Kept")

    @app.view("note")
    def note(ack: Any) -> None:
        ack(response_action="errors", errors={"words": "Not yet"})

    @app.event("message")
    def message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    web = WebClient(base_url=slack.api_url)
    handler = SocketModeHandler(app, slack.app_token, web_client=web)
    handler.connect()
    try:
        slack.wait_for(lambda: slack.sockets.in_use)
        answer = slack.command("Asha", "/demand", "one", channel="#general")
        assert answer.ok
        assert slack.sees("Asha", "#general").words == "Kept"
        view = slack.sees("Asha").view
        assert view is not None
        assert slack.submit("Asha", view, {"words": "two"}).errors == {"words": "Not yet"}
        assert slack.message("Asha", "three").ok
        slack.disconnect("refresh_requested")
        slack.wait_for(lambda: len(slack.called("apps.connections.open")) == 2 and slack.sockets.in_use)
        assert slack.message("Asha", "four").ok
    finally:
        handler.close()
    slack.wait_for(lambda: heard == ["one", "three", "four"])
    assert slack.refused == []


def test_an_event_that_fails_comes_again(slack: LocalSlack, app: App, clock: Clock) -> None:
    """Events are tried again at once, after a minute and after five more; each time with the same id."""
    event_ids: list[str] = []
    numbers: list[str] = []
    done = threading.Event()

    @app.middleware
    def fail(body: dict[str, Any], next_: Any, req: BoltRequest) -> None:
        event_ids.append(body["event_id"])
        if len(event_ids) < 4:
            raise ValueError("not now")
        numbers.extend(req.headers["x-slack-retry-num"])
        next_()

    @app.event("message")
    def message() -> None:
        done.set()

    assert slack.message("Tom", "Any news?").status == 500
    assert [one.status for one in slack.retry_due()] == [500]
    assert slack.retry_due() == []
    clock.forward(minutes=1)
    assert [one.status for one in slack.retry_due()] == [500]
    clock.forward(minutes=4, seconds=59)
    assert slack.retry_due() == []
    clock.forward(seconds=1)
    assert [one.status for one in slack.retry_due()] == [200]
    assert done.wait(5)
    assert len(set(event_ids)) == 1
    assert numbers == ["3"]
    assert slack.redeliver().ok
