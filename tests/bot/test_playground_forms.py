"""Buttons, menus and forms in the little Slack: only what is shown can be pressed, and forms obey their app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from starlette.responses import Response

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


def button(words: str, value: str) -> dict[str, Any]:
    return {"type": "button", "text": plain(words), "action_id": "choose", "value": value}


def test_only_what_is_shown_can_be_pressed(slack: LocalSlack, app: App, client: WebClient) -> None:
    """By action id or by the words on it; the value tells two of the same name apart."""
    two = {"type": "actions", "elements": [button("First", "1"), MENU]}
    other = {"type": "actions", "elements": [button("Second", "2")]}
    message = posted(slack, client, two, other)
    slack.press("Asha", message, "Second")
    assert app.heard[-1]["actions"][0]["value"] == "2"
    slack.press("Asha", message, "choose", "1")
    assert app.heard[-1]["actions"][0]["text"]["text"] == "First"
    slack.press("Asha", message, "Another kind", "Start")
    assert app.heard[-1]["actions"][0]["selected_option"]["value"] == "start"
    [held] = app.heard[-1]["state"]["values"].values()
    assert held["kind"]["selected_option"]["value"] == "start"
    for wrong in (("choose",), ("Third",), ("choose", "3"), ("kind", "Nothing")):
        with pytest.raises(NotShown):
            slack.press("Asha", message, *wrong)


def test_a_form_starts_where_the_person_is(slack: LocalSlack, app: App, client: WebClient) -> None:
    """A menu of channels may begin with the one they are in, and then brings a response URL for it."""
    channels = {"type": "conversations_select", "action_id": "where", "default_to_current_conversation": True}
    field = {"type": "input", "block_id": "where", "label": plain("Where"), "element": channels}
    field["element"]["response_url_enabled"] = True
    form = {"type": "modal", "title": plain("Digest"), "submit": plain("Save"), "blocks": [field]}
    slack.command("Asha", "/demand", "", channel="#repairs-line")
    client.views_open(trigger_id=app.heard[-1]["trigger_id"], view=form)
    view = slack.sees("Asha").view
    assert view is not None
    assert slack.submit("Asha", view).ok
    assert app.heard[-1]["view"]["state"]["values"]["where"]["where"]["selected_conversation"] == "C0REPAIRS01"
    assert app.heard[-1]["response_urls"][0]["channel_id"] == "C0REPAIRS01"


def opened(slack: LocalSlack, client: WebClient, view: dict[str, Any]) -> Any:
    slack.shortcut("Asha", "pass_on")
    client.views_open(trigger_id=slack.deliveries[-1].payload["trigger_id"], view=view)
    return slack.sees("Asha").view


def test_every_sort_of_field_can_be_filled_in(slack: LocalSlack, app: App, client: WebClient) -> None:
    """Each value arrives in the place where Slack puts it."""
    options = MENU["options"]
    fields: dict[str, tuple[dict[str, Any], Any, str, Any]] = {
        "text": ({"type": "plain_text_input", "max_length": 5}, "boo", "value", "boo"),
        "mail": ({"type": "email_text_input"}, "a@example.org", "value", "a@example.org"),
        "days": ({"type": "number_input", "is_decimal_allowed": False}, 3, "value", "3"),
        "kind": ({"type": "static_select", "options": options}, "Chase", "selected_option", options[0]),
        "many": ({"type": "multi_static_select", "options": options}, ["start"], "selected_options", [options[1]]),
        "ticks": ({"type": "checkboxes", "options": options}, ["Chase"], "selected_options", [options[0]]),
        "one": ({"type": "radio_buttons", "options": options}, "start", "selected_option", options[1]),
        "day": ({"type": "datepicker"}, "2026-05-04", "selected_date", "2026-05-04"),
        "time": ({"type": "timepicker"}, "09:00", "selected_time", "09:00"),
        "moment": ({"type": "datetimepicker"}, 1_777_885_200, "selected_date_time", 1_777_885_200),
        "who": ({"type": "users_select"}, "U0TOM000001", "selected_user", "U0TOM000001"),
    }
    blocks = [
        {"type": "input", "block_id": name, "label": plain(name), "element": {**element, "action_id": "typed"}}
        for name, (element, *_) in fields.items()
    ]
    form = {"type": "modal", "title": plain("All"), "submit": plain("Send"), "blocks": blocks}
    view = opened(slack, client, form)
    assert set(slack.submit("Asha", view).errors) == set(fields)
    slack.fill("Asha", view, {name: value for name, (_, value, *_) in fields.items()})
    assert slack.submit("Asha", view, {"text": "longer than five"}).errors.keys() == {"text"}
    assert slack.submit("Asha", view, {"mail": "no address", "text": "boo"}).errors.keys() == {"mail"}
    assert slack.submit("Asha", view, {"mail": "a@example.org"}).ok
    values = app.heard[-1]["view"]["state"]["values"]
    for name, (_, _, place, expected) in fields.items():
        assert values[name]["typed"][place] == expected, name
    with pytest.raises(NotShown):
        slack.submit("Asha", view, {"text": "again"})


def test_a_field_that_is_not_there_cannot_be_filled_in(slack: LocalSlack, app: App, client: WebClient) -> None:
    view = opened(slack, client, {"type": "modal", "title": plain("Read"), "blocks": [{"type": "divider"}]})
    with pytest.raises(NotShown, match="What can be filled in: nothing"):
        slack.submit("Asha", view, {"words": "x"})
    with pytest.raises(NotShown, match="no button"):
        slack.submit("Asha", view)
    with pytest.raises(NotShown):
        slack.close("Tom", view)


def test_a_form_obeys_its_app(slack: LocalSlack, app: App, client: WebClient) -> None:
    """Update, push and clear are done; anything that Slack would not understand leaves the form open."""
    field = {"type": "input", "block_id": "w", "optional": True, "label": plain("Words")}
    field["element"] = {"type": "plain_text_input", "action_id": "t"}
    form = {"type": "modal", "title": plain("One"), "submit": plain("Send"), "blocks": [field], "notify_on_close": True}
    view = opened(slack, client, form)
    for wrong in ({"response_action": "explode"}, {"text": "thanks"}, {"response_action": "errors", "errors": {}}):
        app.answer = answering(**wrong)
        assert not slack.submit("Asha", view).ok
        assert view.is_open
        assert view.trouble is not None
    app.answer = lambda payload: Response("thanks")
    assert slack.submit("Asha", view).error == "invalid_response"
    app.answer = answering(response_action="push", view={**form, "title": plain("Two")})
    assert slack.submit("Asha", view).ok
    assert [one.title for one in slack.sees("Asha").views] == ["One", "Two"]
    app.answer = answering(response_action="update", view={**form, "title": plain("x" * 25)})
    top = slack.sees("Asha").views[-1]
    assert slack.submit("Asha", top).error == "invalid_arguments"
    app.answer = lambda payload: Response()
    assert slack.close("Asha", top).ok
    assert (app.heard[-1]["type"], app.heard[-1]["is_cleared"]) == ("view_closed", False)
    app.answer = answering(response_action="clear")
    assert slack.submit("Asha", view).ok
    assert slack.sees("Asha").views == []


def test_a_menu_may_ask_the_app_for_its_options(slack: LocalSlack, app: App, client: WebClient) -> None:
    themes = {"type": "external_select", "action_id": "theme", "min_query_length": 1}
    message = posted(slack, client, {"type": "actions", "elements": [themes]})
    offered = [{"text": plain("Where is my repair?"), "value": "t1"}]
    app.answer = answering(options=offered)
    assert slack.options("Asha", message, "theme", "rep") == offered
    assert (app.heard[-1]["type"], app.heard[-1]["value"]) == ("block_suggestion", "rep")
    slack.press("Asha", message, "theme", offered[0])
    assert app.heard[-1]["actions"][0]["selected_option"] == offered[0]


def test_a_shortcut_is_where_the_manifest_puts_it(slack: LocalSlack, app: App) -> None:
    said = slack.message("Tom", "He rang again", "#repairs-line").shown
    assert slack.shortcut("Asha", "pass_on_message", said).ok  # type: ignore[arg-type]
    assert app.heard[-1]["message"]["text"] == "He rang again"
    assert app.heard[-1]["response_url"].startswith(slack.base_url)
    assert slack.shortcut("Asha", "pass_on").ok
    assert "response_url" not in app.heard[-1]
    with pytest.raises(NotShown):
        slack.shortcut("Asha", "pass_on_message")
