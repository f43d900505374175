"""Trouble on the way, Slack's own or ours: nothing is said twice, nothing is lost, and nobody else waits for it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.messenger import Messenger
from bot.playground.local_slack import LocalSlack
from storage import outbox
from storage.database import Database
from tests.bot.carrying import CHANNEL, Clock, message, owe, posted
from tests.conftest import LARKMOOR

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
ASHA = "U0ASHA00001"
IN_TROUBLE: list[dict[str, Any]] = [
    *({"status": status} for status in (500, 502, 504)),
    *({"error": error} for error in ("fatal_error", "internal_error", "request_timeout", "service_unavailable")),
    {"page": "<html>502 Bad Gateway</html>", "status": 502},
]


def said_and_then_in_trouble(slack: LocalSlack, patch: pytest.MonkeyPatch, trouble: dict[str, Any]) -> None:
    """Let Slack say the next message, and answer that it is in trouble."""
    post = WebClient.chat_postMessage

    def posted_all_the_same(client: WebClient, **said: Any) -> Any:
        patch.setattr(WebClient, "chat_postMessage", post)
        post(client, **said)
        slack.fail_next("chat.postMessage", **trouble)
        return post(client, **said)

    patch.setattr(WebClient, "chat_postMessage", posted_all_the_same)


@pytest.mark.parametrize("trouble", IN_TROUBLE)
def test_what_slack_said_before_it_told_of_trouble_is_not_said_again(
    slack: LocalSlack,
    sqlite: Database,
    messenger: Messenger,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    trouble: dict[str, Any],
) -> None:
    """Whether the message was posted by then, nobody knows: so we look, and find it."""
    owe(sqlite, clock, "receipt", channel=ASHA)
    said_and_then_in_trouble(slack, monkeypatch, trouble)
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert [m.text for m in slack.sees("Asha", None)] == ["about receipt"]


def test_where_we_may_not_look_a_digest_is_not_repeated_after_trouble_but_told_of(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(sqlite, clock, "digest")
    said_and_then_in_trouble(slack, monkeypatch, {"status": 502})
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 0
    assert posted(slack) == ["about digest"]
    assert message(sqlite, "digest").given_up == "in_doubt"


@pytest.mark.parametrize("too_fast", [{"status": 429}, {"error": "ratelimited"}, {"error": "rate_limited"}])
def test_where_slack_only_wants_us_slower_there_is_no_doubt(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, too_fast: dict[str, Any]
) -> None:
    """It has said nothing then, so we need not look, and say it."""
    owe(sqlite, clock, "digest")
    slack.fail_next("chat.postMessage", **too_fast)
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert posted(slack) == ["about digest"]


def test_trouble_before_a_picture_could_be_seen_leaves_no_doubt(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """Slack shows it with the last of its steps, and this was the first."""
    body = {
        "text": "Chart: notes logged",
        "pictures": [{"name": "notes.png", "title": "Notes", "alt": "Chart: notes logged", "svg": SQUARE}],
        "blocks": [],
    }
    with sqlite.transaction() as session:
        outbox.leave(session, workspace=LARKMOOR, key="picture", channel=CHANNEL, body=body, now=clock.now)
    slack.fail_next("files.getUploadURLExternal", status=503)
    assert messenger.carry() == 0
    assert not message(sqlite, "picture").in_doubt
    clock.move(minutes=1)
    assert messenger.carry() == 1
