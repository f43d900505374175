"""The page of the little Slack: what it shows to one person, and what its buttons do."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from websockets.sync.client import connect

from bot.playground import page_api
from bot.playground.local_slack import LocalSlack
from bot.playground.serving import Serving

Json = dict[str, Any]
MANIFEST = {
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/demand", "description": "Pass on what a customer said", "usage_hint": "their words"}
        ],
        "shortcuts": [{"name": "Pass this on", "callback_id": "pass_on_message", "type": "message"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "im:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im", "app_home_opened", "function_executed"]}},
    "functions": {
        "shout": {
            "title": "Shout",
            "description": "Say it louder",
            "input_parameters": {"words": {"type": "string", "title": "Words", "is_required": True}},
            "output_parameters": {"loud": {"type": "string", "title": "Loud words", "is_required": True}},
        }
    },
}


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


FORM = {
    "type": "modal",
    "callback_id": "note",
    "title": plain("A note"),
    "submit": plain("Keep"),
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": plain("What did they say?"),
            "element": {"type": "plain_text_input", "action_id": "typed"},
        }
    ],
}


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """The little Slack and an app in one process, on one port, as the product runs it."""
    slack = LocalSlack(manifest=MANIFEST, ack_within=15)

    async def receive(request: Request) -> Response:
        body = (await request.body()).decode()
        bolt = await run_in_threadpool(app.dispatch, BoltRequest(body=body, headers=dict(request.headers)))
        return Response(bolt.body, bolt.status, {name: values[0] for name, values in bolt.headers.items()})

    routes = [Route("/slack/events", receive, methods=["POST"]), Mount("/", slack.asgi)]
    with Serving(Starlette(routes=routes)) as served:
        slack.base_url, slack.events_url = served.url, f"{served.url}/slack/events"
        client = WebClient(slack.bot_token, base_url=slack.api_url)
        app = App(client=client, signing_secret=slack.signing_secret, token_verification_enabled=False)
        listen(app)
        yield slack
        slack.close_down()


def listen(app: App) -> None:
    @app.command("/demand")
    def demand(ack: Any, command: Json, respond: Any, client: WebClient) -> None:
        ack()
        if not command["text"]:
            client.views_open(trigger_id=command["trigger_id"], view=FORM)
            return
        undo = {"type": "button", "text": plain("Undo"), "action_id": "undo"}
        words = {"type": "section", "text": {"type": "mrkdwn", "text": "*Kept.*"}}
        respond(text="Kept", blocks=[words, {"type": "actions", "block_id": "act", "elements": [undo]}])

    @app.action("undo")
    def undo(ack: Any, respond: Any) -> None:
        ack()
        respond(text="Undone", replace_original=True)

    @app.view("note")
    def note(ack: Any, view: Json) -> None:
        said = view["state"]["values"]["words"]["typed"]["value"]
        ack(response_action="errors", errors={"words": "A few more words."}) if len(said) < 5 else ack()

    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]})

    @app.event("message")
    def message() -> None:
        pass

    @app.event("function_executed")
    def shout(event: Json, client: WebClient) -> None:
        run, words = event["function_execution_id"], event["inputs"]["words"]
        if words == "hush":
            client.functions_completeError(function_execution_id=run, error="Not loud at all.")
        else:
            client.functions_completeSuccess(function_execution_id=run, outputs={"loud": words.upper()})


def screen(slack: LocalSlack, person: str, channel: str = "dm", reading: str = "yes") -> Json:
    where = f"{slack.base_url}/playground/state?person={person}&channel={channel}&reading={reading}"
    with urllib.request.urlopen(where, timeout=5) as response:
        return dict(json.loads(response.read()))


def does(slack: LocalSlack, act: str, **said: Any) -> tuple[int, Json]:
    """One act on the page."""
    where = f"{slack.base_url}/playground/{act}"
    request = urllib.request.Request(where, json.dumps(said).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_the_page_comes_whole_from_this_server(slack: LocalSlack) -> None:
    """Nothing is fetched from anywhere else, and the browser is told to refuse it."""
    for name in ("", "playground/app.js", "playground/blocks.js", "playground/words.js", "playground/style.css"):
        with urllib.request.urlopen(f"{slack.base_url}/{name}", timeout=5) as response:
            body = response.read().decode()
            assert "default-src 'none'" in response.headers["content-security-policy"]
            assert not re.search(r"https?://", body), name
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{slack.base_url}/playground/other.js", timeout=5)


def test_nothing_that_was_typed_can_become_html() -> None:
    """The page builds elements and texts; it has no way to read a string as HTML."""
    for script in Path(page_api.PAGE).glob("*.js"):
        words = script.read_text("utf-8")
        for door in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"):
            assert door not in words, script.name


def test_the_page_shows_a_person_what_is_theirs(slack: LocalSlack) -> None:
    told = screen(slack, "Asha")
    assert [person["name"] for person in told["people"]] == ["Asha", "Tom", "Morgan"]
    assert "managers" not in [channel["name"] for channel in told["channels"]]
    assert "managers" in [channel["name"] for channel in screen(slack, "Morgan")["channels"]]
    assert told["commands"] == [{"command": "/demand", "hint": "their words"}]
    assert told["shortcuts"][0]["callback_id"] == "pass_on_message"
    assert all(example.startswith("/demand") for example in told["examples"])


def test_a_command_on_the_page_is_answered_to_one_person(slack: LocalSlack) -> None:
    """The receipt is marked as only visible to her, its button works, and it changes in place."""
    status, told = does(slack, "command", person="Asha", channel="C0REPAIRS01", command="/demand", text="<b>x</b>")
    assert (status, told["ok"]) == (200, True)
    slack.wait_for(lambda: slack.sees("Asha", "#repairs-line").saying("Kept"))
    [receipt] = screen(slack, "Asha", "C0REPAIRS01")["messages"]
    assert receipt["only_you"] is True
    assert screen(slack, "Tom", "C0REPAIRS01")["messages"] == []
    press = {"channel": "C0REPAIRS01", "ts": receipt["ts"], "action_id": "undo", "block_id": "act"}
    assert does(slack, "press", person="Tom", **press)[0] == 409
    assert does(slack, "press", person="Asha", **press) == (200, {"ok": True, "status": 200, "error": None})
    slack.wait_for(lambda: slack.sees("Asha", "#repairs-line").saying("Undone"))


def test_a_form_on_the_page_shows_its_errors_and_closes(slack: LocalSlack) -> None:
    does(slack, "command", person="Asha", channel="C0GENERAL01", command="/demand", text="")
    slack.wait_for(lambda: slack.sees("Asha").view)
    view = screen(slack, "Asha")["view"]
    assert (view["title"], view["submit"]) == ("A note", "Keep")
    assert screen(slack, "Tom")["view"] is None

    def send(words: str | None) -> Json | None:
        does(slack, "submit", person="Asha", view_id=view["id"], values={"words": {"typed": words}})
        return screen(slack, "Asha")["view"]  # type: ignore[no-any-return]

    empty, short = send(None), send("boo")
    assert empty is not None
    assert short is not None
    assert empty["errors"] == {"words": "Please complete this required field."}
    assert short["errors"] == {"words": "A few more words."}
    assert short["values"]["words"]["typed"]["value"] == "boo"
    assert does(slack, "close", person="Tom", view_id=view["id"])[0] == 409
    assert send("Where is my repair?") is None


def test_what_is_unread_is_marked_until_it_is_read(slack: LocalSlack) -> None:
    """Having a channel open reads it; the Home tab in front of it does not."""

    def unread(reading: str = "") -> list[str]:
        channels = screen(slack, "Tom", reading=reading)["channels"]
        return [channel["name"] for channel in channels if channel["unread"]]

    does(slack, "message", person="Asha", channel="C0FRONTDESK", text="Good morning")
    assert unread() == ["front-desk"]
    screen(slack, "Tom", "C0FRONTDESK", reading="")
    assert unread() == ["front-desk"]
    screen(slack, "Tom", "C0FRONTDESK")
    assert unread() == []
    assert screen(slack, "Asha")["channels"][1]["unread"] is False


def test_the_page_edits_deletes_reacts_and_goes_home(slack: LocalSlack) -> None:
    does(slack, "message", person="Asha", channel="dm", text="One")
    ts = screen(slack, "Asha")["messages"][0]["ts"]
    does(slack, "react", person="Asha", channel="dm", ts=ts, name="ear")
    does(slack, "edit", person="Asha", channel="dm", ts=ts, text="Two & three")
    [message] = screen(slack, "Asha")["messages"]
    assert (message["text"], message["edited"]) == ("Two &amp; three", True)
    assert message["reactions"] == [{"name": "ear", "count": 1, "mine": True}]
    does(slack, "react", person="Asha", channel="dm", ts=ts, name="ear")
    assert screen(slack, "Asha")["messages"][0]["reactions"] == []
    does(slack, "delete", person="Asha", channel="dm", ts=ts)
    assert screen(slack, "Asha")["messages"] == []
    does(slack, "open_home", person="Asha")
    slack.wait_for(lambda: slack.sees("Asha").home)
    assert screen(slack, "Asha")["home"]["blocks"][0]["type"] == "divider"


def test_a_workflows_step_is_run_on_the_page_and_shows_how_it_ended(slack: LocalSlack) -> None:
    [step] = screen(slack, "Tom")["steps"]
    assert (step["title"], [one["name"] for one in step["inputs"]]) == ("Shout", ["words"])
    assert does(slack, "run_step", person="Tom", channel="dm", callback_id="shout", inputs={"words": ""})[0] == 409
    for words in ("boiler", "hush"):
        assert does(slack, "run_step", person="Tom", channel="dm", callback_id="shout", inputs={"words": words})[1][
            "ok"
        ]
    slack.wait_for(lambda: all(run["state"] != "running" for run in screen(slack, "Tom")["runs"]))
    done, failed = screen(slack, "Tom")["runs"]
    assert done["outputs"] == [{"title": "Loud words", "value": "BOILER"}]
    assert (failed["state"], failed["error"]) == ("failed", "Not loud at all.")
    assert screen(slack, "Asha")["runs"] == []


def test_the_page_is_told_at_once_when_something_changes(slack: LocalSlack) -> None:
    with connect(slack.base_url.replace("http", "ws") + "/playground/live") as live:
        first = int(live.recv(timeout=5))
        slack.message("Asha", "Good morning")
        assert int(live.recv(timeout=5)) > first


def test_wrong_requests_to_the_page_are_refused_kindly(slack: LocalSlack) -> None:
    """Another page in the same browser cannot act here by sending a form, and nothing ends in a server error."""
    form = urllib.request.Request(f"{slack.base_url}/playground/message", b"person=Asha&text=x&channel=dm")
    with pytest.raises(urllib.error.HTTPError, match="415"):
        urllib.request.urlopen(form, timeout=5)
    assert does(slack, "message", person="Nobody", channel="dm", text="x")[0] == 409
    assert does(slack, "message", person="Asha", channel="#nowhere", text="x")[0] == 409
    assert does(slack, "message", person="Asha")[0] == 409
    assert does(slack, "message", person="Asha", channel=["dm"], text="x")[0] == 400
    assert does(slack, "submit", person="Asha", view_id="V0", values={})[0] == 409
    assert does(slack, "command", person="Asha", channel="dm", command="/nothing") == (
        409,
        {"ok": False, "words": "There is no command /nothing here. There are: /demand."},
    )
