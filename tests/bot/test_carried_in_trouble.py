"""Trouble on the way, Slack's own or ours: nothing is said twice, nothing is lost, and nobody else waits for it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient

from bot.messenger import Messenger
from bot.playground import people
from bot.playground.local_slack import LocalSlack
from storage import installations, outbox, workspaces
from storage.database import Database
from storage.models import Installation
from tests.bot.carrying import CHANNEL, Clock, message, owe, posted
from tests.conftest import HILLCREST, LARKMOOR

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


def test_a_message_that_nobody_can_carry_keeps_none_behind_it_waiting(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in its own channel either. It is tried again; the log says where it went wrong, and nothing of its words."""
    owe(sqlite, clock, "one", body={"pictures": "Mrs Patel's boiler"})
    owe(sqlite, clock, "two")
    owe(sqlite, clock, "three")
    assert messenger.carry() == 2
    assert posted(slack) == ["about two", "about three"]
    assert "Message one for C0REPAIRS01 has to wait: G-" in caplog.text
    assert "TypeError" in caplog.text
    assert "Patel" not in caplog.text
    assert message(sqlite, "one").given_up == ""
    assert message(sqlite, "one").not_before > clock.now


def test_an_answer_that_nobody_foresaw_leaves_doubt(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message had been said by then: it is looked for, found, and not said again."""
    owe(sqlite, clock, "receipt", channel=ASHA)
    said_and_then_in_trouble(slack, monkeypatch, {"page": '["none of Slack\'s"]'})
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert [m.text for m in slack.sees("Asha", None)] == ["about receipt"]


def test_while_a_token_cannot_be_read_other_workspaces_hear_from_us(sqlite: Database, clock: Clock) -> None:
    """A key is being changed. What waits there arrives as soon as it can be read again."""
    readable = {LARKMOOR}

    def client_of(workspace: str) -> WebClient:
        if workspace not in readable:
            raise installations.Unreadable
        return WebClient(token=slack.workspace(workspace).bot_token, base_url=slack.api_url, retry_handlers=[])

    with sqlite.transaction() as session:
        for workspace in (LARKMOOR, HILLCREST):
            workspaces.join(session, workspace, now=clock.now)
    owe(sqlite, clock, "theirs", channel="C0BILLING01", workspace=HILLCREST)
    owe(sqlite, clock, "ours")
    with LocalSlack(clock=clock, workspaces=[people.larkmoor(), people.hillcrest()]) as slack:
        messenger = Messenger(sqlite, client_of, clock=clock)
        assert messenger.carry() == 1
        assert posted(slack) == ["about ours"]
        readable.add(HILLCREST)
        clock.move(minutes=1)
        assert messenger.carry() == 1
        assert slack.sees("Priya", "#billing-line").saying("about theirs")


def expiring(database: Database, clock: Clock) -> None:
    """The token runs out this moment."""
    with database.transaction() as session:
        known = Installation(workspace=LARKMOOR, sealed=b"", installed_at=clock.now, expires_at=clock.now)
        installations.save(session, known)


def test_while_a_new_token_is_late_what_is_owed_waits_for_it(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """Whoever renews it has just died, or Slack is out of reach for that. Order stays, and nothing is in doubt."""
    expiring(sqlite, clock)
    for key in ("one", "two"):
        owe(sqlite, clock, key)
    slack.fail_next("chat.postMessage", error="token_expired")
    assert messenger.carry() == 0
    assert not message(sqlite, "one").in_doubt
    clock.move(minutes=1)
    assert messenger.carry() == 2
    assert posted(slack) == ["about one", "about two"]


def test_a_token_that_nobody_renews_for_days_is_waited_for_no_more(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """By then somebody has to install the app anew, and what was owed is of no use to anybody."""
    expiring(sqlite, clock)
    owe(sqlite, clock, "one")
    slack.fail_next("chat.postMessage", error="token_expired", times=1_000)
    for _day in range(2):
        messenger.carry()
        clock.move(days=1)
    assert message(sqlite, "one").given_up == ""
    clock.move(days=1)
    messenger.carry()
    assert message(sqlite, "one").given_up == "token_expired"


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
