"""Views and response URLs of the little Slack: hashes, stacks, triggers, and answers that come too late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.local_slack import LocalSlack
from tests.bot.playground_help import (
    Clock,
    client_of,
    plain,
    refusal,
    said,
    slack_of_two_workspaces,
)

ASHA, REPAIRS = "U0ASHA00001", "C0REPAIRS01"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with slack_of_two_workspaces(clock) as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return client_of(slack, slack.bot_token)


# -- views -----------------------------------------------------------------------------------------------------------


def modal(title: str = "A note", **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain(title), "blocks": [{"type": "divider"}], **more}


def home(text: str = "Home") -> dict[str, Any]:
    return {"type": "home", "blocks": [{"type": "header", "text": plain(text)}]}


def test_a_home_tab_is_not_written_over_by_one_who_has_not_seen_it(slack: LocalSlack, client: WebClient) -> None:
    first = client.views_publish(user_id=ASHA, view=home("One"))["view"]["hash"]
    client.views_publish(user_id=ASHA, view=home("Two"), hash=first)
    assert refusal(lambda: client.views_publish(user_id=ASHA, view=home("Three"), hash=first)) == "hash_conflict"
    shown = slack.sees("Asha").home
    assert shown is not None
    assert shown.words == "Two"


def test_a_home_tab_must_be_in_the_manifest() -> None:
    with LocalSlack(manifest={"features": {"app_home": {"home_tab_enabled": False}}}) as slack:
        assert (
            refusal(lambda: client_of(slack, slack.bot_token).views_publish(user_id=ASHA, view=home())) == "not_enabled"
        )


def pressed(slack: LocalSlack) -> str:
    """The trigger id of a fresh act of Asha's."""
    slack.shortcut("Asha", "log")
    return str(slack.deliveries[-1].payload["trigger_id"])


def test_views_stack_up_to_three(slack: LocalSlack, client: WebClient) -> None:
    act = {"type": "actions", "elements": [{"type": "button", "text": plain("More"), "action_id": "more"}]}
    form = modal(blocks=[act])
    client.views_open(trigger_id=pressed(slack), view=form)
    assert refusal(lambda: client.views_push(trigger_id=pressed(slack), view=form)) == "not_found"

    def push() -> Any:
        top = slack.sees("Asha").view
        assert top is not None
        slack.press("Asha", top, "more")
        return client.views_push(trigger_id=slack.deliveries[-1].payload["trigger_id"], view=form)

    push()
    third = push()["view"]
    assert third["previous_view_id"] is not None
    assert refusal(push) == "push_limit_reached"
    top = slack.sees("Asha").view
    assert top is not None
    slack.close("Asha", top, all_of_them=True)
    assert slack.sees("Asha").views == []
    assert refusal(lambda: client.views_update(view_id=third["id"], view=form)) == "not_found"


def test_what_was_typed_stays_when_a_view_changes_around_it(slack: LocalSlack, client: WebClient) -> None:
    field = {"type": "input", "block_id": "words", "label": plain("Words")}
    field["element"] = {"type": "plain_text_input", "action_id": "typed"}
    form = modal(blocks=[field], submit=plain("Keep"), external_id="one")
    view = client.views_open(trigger_id=pressed(slack), view=form)["view"]
    shown = slack.sees("Asha").view
    assert shown is not None
    slack.fill("Asha", shown, {"Words": "Half a sen"})
    changed = client.views_update(external_id="one", view={**form, "blocks": [{"type": "divider"}, field]})["view"]
    assert changed["state"]["values"]["words"]["typed"]["value"] == "Half a sen"
    assert refusal(lambda: client.views_update(view_id=view["id"], hash=view["hash"], view=form)) == "hash_conflict"
    another = lambda: client.views_open(trigger_id=pressed(slack), view=form)  # noqa: E731
    assert refusal(another) == "duplicate_external_id"


def test_a_view_that_is_refused_names_the_place(slack: LocalSlack, client: WebClient) -> None:
    refusal(lambda: client.views_open(trigger_id=pressed(slack), view=modal("x" * 25)))
    answer = slack.refused[-1].answer
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


# -- response URLs ---------------------------------------------------------------------------------------------------


def test_a_response_url_is_good_for_five_answers(slack: LocalSlack) -> None:
    slack.command("Asha", "/demand", "x", channel="#general")
    url = slack.deliveries[-1].payload["response_url"]
    for number in range(5):
        assert said(url, {"text": str(number)}) == (200, {"ok": True})
    assert said(url, {"text": "6"}) == (404, {"ok": False, "error": "used_url"})
    assert [message.text for message in slack.sees("Asha", "#general").ephemerals][-5:] == list("01234")


def test_a_response_url_is_good_for_half_an_hour(slack: LocalSlack, clock: Clock) -> None:
    slack.command("Asha", "/demand", "x", channel="#general")
    url = slack.deliveries[-1].payload["response_url"]
    clock.forward(minutes=30)
    assert said(url, {"text": "in time"})[0] == 200
    clock.forward(seconds=1)
    assert said(url, {"text": "late"}) == (404, {"ok": False, "error": "expired_url"})


def test_a_response_url_takes_json_and_only_what_it_knows(slack: LocalSlack) -> None:
    slack.command("Asha", "/demand", "x", channel="#general")
    url = slack.deliveries[-1].payload["response_url"]
    assert said(url, b"text=hello", "application/x-www-form-urlencoded")[0] == 400
    assert said(url, {"text": "x", "channel": REPAIRS})[1]["error"] == "invalid_payload"
    assert said(url, {"text": ""})[1]["error"] == "no_text"
    bad = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    assert said(url, {"text": "x", "blocks": bad})[1]["error"] == "invalid_blocks"


def test_only_what_was_clicked_on_can_be_replaced(slack: LocalSlack, client: WebClient) -> None:
    """A slash command has no original; a click has, once."""
    slack.command("Asha", "/demand", "x", channel="#general")
    url = slack.deliveries[-1].payload["response_url"]
    assert said(url, {"text": "y", "replace_original": True})[1]["error"] == "cant_update_message"
    button = {"type": "actions", "elements": [{"type": "button", "text": plain("Undo"), "action_id": "undo"}]}
    said(url, {"text": "Kept", "blocks": [button]})
    kept = slack.sees("Asha", "#general").saying("Undo")
    assert kept is not None
    slack.press("Asha", kept, "undo")
    payload = slack.deliveries[-1].payload
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"] is True
    assert said(payload["response_url"], {"delete_original": True})[0] == 200
    assert slack.sees("Asha", "#general").saying("Undo") is None
    assert said(payload["response_url"], {"text": "x", "replace_original": True})[1]["error"] == "cant_update_message"
