"""What the tests of the little Slack share: two workspaces to test with, the smallest app there is, a clock."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground import people
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message

Answering = Callable[[dict[str, Any]], Response]
EVERYTHING = {
    *("commands", "chat:write", "im:history", "im:write", "channels:read", "groups:read", "im:read", "users:read"),
    *("channels:history", "groups:history", "reactions:read", "reactions:write", "files:write", "files:read"),
}


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


MENU = {
    "type": "static_select",
    "action_id": "kind",
    "placeholder": plain("Another kind"),
    "options": [{"text": plain("Chase"), "value": "chase"}, {"text": plain("Start"), "value": "start"}],
}


class App:
    """The smallest app there is: it answers each delivery as it was told, and checks every signature."""

    def __init__(self, slack: LocalSlack) -> None:
        self.answer: Answering = lambda payload: Response()
        self.heard: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.verifier = SignatureVerifier(slack.signing_secret)
        self.asgi = Starlette(routes=[Route("/slack/events", self.receive, methods=["POST"])])

    async def receive(self, request: Request) -> Response:
        body = await request.body()
        assert self.verifier.is_valid_request(body, dict(request.headers))
        self.headers.append(dict(request.headers))
        if request.headers["content-type"] == "application/json":
            payload = json.loads(body)
        else:
            form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            payload = json.loads(form["payload"]) if "payload" in form else form
        self.heard.append(payload)
        return await run_in_threadpool(self.answer, payload)


def slack_of_people() -> LocalSlack:
    """A Slack in which people act; its app has subscribed to much."""
    features = {
        "slash_commands": [{"command": "/demand"}, {"command": "/improve", "should_escape": True}],
        "shortcuts": [
            {"name": "Pass this on", "callback_id": "pass_on_message", "type": "message"},
            {"name": "Pass something on", "callback_id": "pass_on", "type": "global"},
        ],
    }
    events = ["app_home_opened", "app_mention", "message.im", "message.channels", "reaction_added", "user_change"]
    events += ["app_uninstalled", "tokens_revoked", "channel_archive", "channel_rename", "member_joined_channel"]
    scopes = {"commands", "chat:write", "im:history", "channels:history", "channels:read", "users:read"}
    return LocalSlack(
        manifest={"features": features, "settings": {"event_subscriptions": {"bot_events": events}}},
        scopes=scopes | {"app_mentions:read", "reactions:read"},
        clock=lambda: datetime(2026, 5, 4, 9, 0, tzinfo=UTC),
        ack_within=15,
    )


def slack_of_two_workspaces(clock: Clock) -> LocalSlack:
    """Larkmoor and Hillcrest, with every scope that we test."""
    workspaces = [people.larkmoor(), people.hillcrest()]
    features = {
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [{"command": "/demand"}],
        "shortcuts": [{"name": "Log", "callback_id": "log", "type": "global"}],
    }
    return LocalSlack(workspaces=workspaces, manifest={"features": features}, scopes=EVERYTHING, clock=clock)


def posted(slack: LocalSlack, client: WebClient, *blocks: dict[str, Any]) -> Message:
    """A message of the bot's in #repairs-line, of which the app has heard already."""
    client.chat_postMessage(channel="C0REPAIRS01", text="x", blocks=[*blocks])
    slack.settle()
    return slack.sees("Asha", "#repairs-line")[-1]


def answering(**said: Any) -> Answering:
    return lambda payload: Response(json.dumps(said), media_type="application/json")


def client_of(slack: LocalSlack, token: str | None) -> WebClient:
    return WebClient(token, base_url=slack.api_url, retry_handlers=[])


def refusal(call: Callable[[], Any]) -> str:
    """The error of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def said(url: str, body: Any, content_type: str = "application/json") -> tuple[int, dict[str, Any]]:
    """The answer to a POST."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": content_type})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")
