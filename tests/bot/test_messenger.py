"""What waits in the outbox reaches Slack once: whatever Slack answers, and whoever dies on the way."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.messenger import Messenger
from bot.playground.local_slack import LocalSlack
from storage import outbox, steps, workspaces
from storage.database import Database
from tests.bot.carrying import CHANNEL, Clock, another, message, owe, posted
from tests.conftest import LARKMOOR

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


@contextmanager
def allowed_to_look(database: Database, clock: Clock) -> Iterator[tuple[LocalSlack, Messenger]]:
    """A Slack that lets us read the channel we post in, and a messenger there."""
    with LocalSlack(clock=clock, scopes=["chat:write", "channels:history", "groups:history"]) as slack:
        with database.transaction() as session:
            workspaces.join(session, LARKMOOR, now=clock.now)
        yield slack, another(slack, database, clock)


def test_messages_arrive_in_the_order_they_were_left(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    for key in ("one", "two", "three"):
        owe(sqlite, clock, key)
    assert messenger.carry() == 3
    assert messenger.carry() == 0
    assert posted(slack) == ["about one", "about two", "about three"]
    assert message(sqlite, "one").ts


def test_when_slack_is_busy_the_channel_waits_as_long_as_asked_and_keeps_its_order(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    for key in ("one", "two"):
        owe(sqlite, clock, key)
    slack.fail_next("chat.postMessage", status=429, retry_after=30)
    assert messenger.carry() == 0
    clock.move(seconds=29)
    assert messenger.carry() == 0
    clock.move(seconds=1)
    assert messenger.carry() == 2
    assert posted(slack) == ["about one", "about two"]


@pytest.mark.parametrize(("asked", "seconds"), [("1.5", 5), ("30.2", 31), ("soon", 5), ("nan", 5), ("-3", 5)])
def test_however_slack_says_how_long_to_wait_nothing_is_lost(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, asked: str, seconds: int
) -> None:
    """In parts of a second, or not in seconds at all: it is said as soon as it may be, and no sooner than we dare."""
    owe(sqlite, clock, "one")
    slack.fail_next("chat.postMessage", status=429, retry_after=asked)
    assert messenger.carry() == 0
    clock.move(seconds=seconds - 1)
    assert messenger.carry() == 0
    clock.move(seconds=1)
    assert messenger.carry() == 1
    assert posted(slack) == ["about one"]


@pytest.mark.parametrize("page", ["<html>Please sign in to the guest network.</html>", "null"])
def test_what_a_server_in_between_says_is_not_taken_for_slacks_word(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, page: str
) -> None:
    owe(sqlite, clock, "one", channel="U0ASHA00001")
    slack.fail_next("chat.postMessage", page=page)
    assert messenger.carry() == 0
    assert message(sqlite, "one").given_up == ""
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert [m.text for m in slack.sees("Asha", None)] == ["about one"]


def test_when_only_the_answer_is_lost_it_is_not_said_twice(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """In a direct message we may look: the message is found, and counts as sent."""
    direct = slack.message("Asha", "hello").shown
    assert direct is not None
    owe(sqlite, clock, "receipt", channel=direct.channel)  # type: ignore[union-attr]
    slack.fail_next("chat.postMessage", drop_answer=True)
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert [m.text for m in slack.sees("Asha", None)].count("about receipt") == 1


def test_when_the_answer_to_a_message_for_a_person_is_lost_it_is_looked_for_where_they_read_it(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """We know their id alone, and the conversation has one of its own."""
    owe(sqlite, clock, "receipt", channel="U0ASHA00001")
    slack.fail_next("chat.postMessage", drop_answer=True)
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert [m.text for m in slack.sees("Asha", None)] == ["about receipt"]
    owe_in_place(sqlite, clock, "receipt/a", of="receipt", channel="U0ASHA00001")
    assert messenger.carry() == 1
    assert [m.text for m in slack.sees("Asha", None)] == ["about receipt/a"]


def test_an_answer_that_breaks_off_leaves_the_message_in_doubt_and_keeps_nobody_else_waiting(
    slack: LocalSlack, sqlite: Database, clock: Clock, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = WebClient.chat_postMessage

    def broken_off(client: WebClient, **said: Any) -> Any:
        answer = post(client, **said)
        if said["text"] == "about one":
            raise http.client.IncompleteRead(b'{"ok": tr')
        return answer

    owe(sqlite, clock, "one")
    owe(sqlite, clock, "two", channel="U0ASHA00001")
    monkeypatch.setattr(WebClient, "chat_postMessage", broken_off)
    assert messenger.carry() == 1
    assert message(sqlite, "one").in_doubt
    assert message(sqlite, "two").ts


def test_a_slack_that_is_too_busy_to_say_who_reads_a_channel_gets_no_digest(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """It waits until we know; and where another organisation reads, it does not go at all."""
    slack.share_externally(slack.channel("#repairs-line", slack.person("Asha")))
    owe(sqlite, clock, "digest/1")
    for trouble in ({"status": 429, "retry_after": 1}, {"status": 503}, {"error": "internal_error"}):
        slack.fail_next("conversations.info", **trouble)  # type: ignore[arg-type]
        assert messenger.carry() == 0
        assert message(sqlite, "digest/1").given_up == ""
        clock.move(minutes=1)
    assert messenger.carry() == 0
    assert message(sqlite, "digest/1").given_up == "shared_outside"
    assert posted(slack) == []


def test_where_we_may_not_look_a_message_in_doubt_is_left_and_told_of(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    owe(sqlite, clock, "digest")
    slack.fail_next("chat.postMessage", drop_answer=True)
    messenger.carry()
    clock.move(minutes=1)
    assert messenger.carry() == 0
    assert posted(slack) == ["about digest"]
    assert message(sqlite, "digest").given_up == "in_doubt"
    assert "digest" in caplog.text


def test_with_the_history_scope_a_channel_is_looked_at_too(sqlite: Database, clock: Clock) -> None:
    with allowed_to_look(sqlite, clock) as (slack, messenger):
        owe(sqlite, clock, "digest")
        slack.fail_next("chat.postMessage", drop_answer=True)
        messenger.carry()
        clock.move(minutes=1)
        assert messenger.carry() == 1
        assert posted(slack) == ["about digest"]


def test_links_are_not_unfolded(slack: LocalSlack, messenger: Messenger, sqlite: Database, clock: Clock) -> None:
    owe(sqlite, clock, "one")
    messenger.carry()
    said = slack.called("chat.postMessage")[-1].arguments
    assert (said["unfurl_links"], said["unfurl_media"]) in {(False, False), ("0", "0"), ("False", "False")}


def owe_in_place(database: Database, clock: Clock, key: str, *, of: str, channel: str = CHANNEL) -> None:
    with database.transaction() as session:
        body = {"text": f"about {key}", "update": of}
        outbox.leave(session, workspace=LARKMOOR, key=key, channel=channel, body=body, now=clock.now)


def test_a_later_edition_takes_the_place_of_the_message_even_if_it_has_to_wait_for_it(
    slack: LocalSlack, messenger: Messenger, sqlite: Database, clock: Clock
) -> None:
    slack.fail_next("chat.postMessage", error="ratelimited")
    owe(sqlite, clock, "receipt/1")
    owe_in_place(sqlite, clock, "receipt/1/a", of="receipt/1")
    assert messenger.carry() == 0
    clock.move(minutes=1)
    messenger.carry()
    clock.move(minutes=1)
    messenger.carry()
    assert posted(slack) == ["about receipt/1/a"]
    assert message(sqlite, "receipt/1/a").ts == message(sqlite, "receipt/1").ts


def test_where_slack_lets_nobody_change_it_any_more_the_later_edition_is_a_message_of_its_own(
    slack: LocalSlack, messenger: Messenger, sqlite: Database, clock: Clock
) -> None:
    owe(sqlite, clock, "receipt/1")
    messenger.carry()
    slack.fail_next("chat.update", error="edit_window_closed")
    owe_in_place(sqlite, clock, "receipt/1/a", of="receipt/1")
    assert messenger.carry() == 1
    assert posted(slack) == ["about receipt/1", "about receipt/1/a"]


def test_an_update_in_doubt_is_made_again(
    slack: LocalSlack, messenger: Messenger, sqlite: Database, clock: Clock
) -> None:
    owe(sqlite, clock, "receipt/1")
    messenger.carry()
    slack.fail_next("chat.update", drop_answer=True)
    owe_in_place(sqlite, clock, "receipt/1/a", of="receipt/1")
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert posted(slack) == ["about receipt/1/a"]


def test_a_messenger_that_died_before_the_call_loses_nothing(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """Another takes over when the lease has run out: nobody had begun to say it, so there is no doubt to settle."""
    owe(sqlite, clock, "digest")
    with sqlite.transaction() as session:
        outbox.take(session, carrier="the one that died", now=clock.now)
    assert messenger.carry() == 0
    clock.move(minutes=3)
    assert messenger.carry() == 1
    assert posted(slack) == ["about digest"]


def test_a_reply_in_doubt_is_looked_for_in_its_thread(sqlite: Database, clock: Clock) -> None:
    """A channel's history does not show what was said in its threads."""
    with allowed_to_look(sqlite, clock) as (slack, messenger):
        owe(sqlite, clock, "digest")
        assert messenger.carry() == 1
        owe(sqlite, clock, "detail", thread_of="digest")
        slack.fail_next("chat.postMessage", drop_answer=True)
        messenger.carry()
        clock.move(minutes=1)
        assert messenger.carry() == 1
        assert posted(slack) == ["about digest", "about detail"]


def test_doubt_stays_while_slack_cannot_be_reached_to_look(sqlite: Database, clock: Clock) -> None:
    """The answer got lost, and then the line went dead while we looked: still in doubt, so not said again unseen."""
    with allowed_to_look(sqlite, clock) as (slack, messenger):
        owe(sqlite, clock, "digest")
        slack.fail_next("chat.postMessage", drop_answer=True)
        messenger.carry()
        clock.move(minutes=1)
        slack.fail_next("conversations.history", drop_answer=True)
        assert messenger.carry() == 0
        clock.move(minutes=1)
        assert messenger.carry() == 1
        assert posted(slack) == ["about digest"]


def test_a_message_in_doubt_is_found_behind_many_others(sqlite: Database, clock: Clock) -> None:
    """In a lively channel it stands some pages back by the time that we look."""
    with allowed_to_look(sqlite, clock) as (slack, messenger):
        owe(sqlite, clock, "digest")
        slack.fail_next("chat.postMessage", drop_answer=True)
        messenger.carry()
        for n in range(230):
            slack.message("Asha", f"Morning {n}", channel="#repairs-line")
        clock.move(minutes=1)
        assert messenger.carry() == 1
        assert posted(slack).count("about digest") == 1


def test_when_slack_is_out_of_reach_it_is_tried_again_later(sqlite: Database, clock: Clock) -> None:
    """A call that never left is not in doubt."""

    def nowhere(_workspace: str) -> WebClient:
        return WebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/", retry_handlers=[], timeout=2)

    with sqlite.transaction() as session:
        workspaces.join(session, LARKMOOR, now=clock.now)
    owe(sqlite, clock, "digest")
    assert Messenger(sqlite, nowhere, clock=clock).carry() == 0
    waiting = message(sqlite, "digest")
    assert waiting.in_doubt is False
    assert waiting.not_before > clock.now


def test_what_can_never_arrive_is_given_up_with_its_reason(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    owe(sqlite, clock, "digest", channel="C0GENERAL01")
    owe(sqlite, clock, "other")
    assert messenger.carry() == 1
    assert message(sqlite, "digest").given_up == "not_in_channel"
    assert posted(slack) == ["about other"]


def test_a_reply_waits_for_the_message_it_answers(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    owe(sqlite, clock, "detail", thread_of="digest")
    assert messenger.carry() == 0
    owe(sqlite, clock, "digest")
    clock.move(seconds=10)
    messenger.carry()
    clock.move(seconds=10)
    messenger.carry()
    reply = slack.sees("Asha", "#repairs-line").saying("about detail")
    assert reply is not None
    assert reply.thread_ts == message(sqlite, "digest").ts


def test_a_reply_to_what_never_arrived_is_given_up_too(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    owe(sqlite, clock, "digest", channel="C0GENERAL01")
    owe(sqlite, clock, "detail", channel="C0GENERAL01", thread_of="digest")
    messenger.carry()
    clock.move(minutes=1)
    messenger.carry()
    assert message(sqlite, "detail").given_up == "its_message_never_arrived"


@pytest.mark.parametrize(
    ("step", "trouble"),
    [("files.getUploadURLExternal", {"error": "missing_scope"}), ("upload", {"status": 403})],
)
def test_a_picture_that_can_go_nowhere_is_left_out_without_a_fuss(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, step: str, trouble: dict[str, Any]
) -> None:
    """No files here, and no charts of Slack's: the digest has said it in words, so nothing is said twice."""
    body = {
        "text": "Chart: notes logged",
        "pictures": [{"name": "notes.png", "title": "Notes", "alt": "Chart: notes logged", "svg": SQUARE}],
        "blocks": [{"type": "data_visualization"}],
    }
    with sqlite.transaction() as session:
        outbox.leave(session, workspace=LARKMOOR, key="picture", channel=CHANNEL, body=body, now=clock.now)
    slack.fail_next(step, **trouble)
    slack.fail_next("chat.postMessage", error="invalid_blocks")
    assert messenger.carry() == 1
    assert posted(slack) == []
    assert message(sqlite, "picture").given_up == ""


def test_a_step_in_doubt_is_answered_again_and_slacks_refusal_settles_it(
    slack: LocalSlack, messenger: Messenger, sqlite: Database, clock: Clock
) -> None:
    """A step takes one answer: that Slack takes no other tells us that it has ours."""
    execution = slack.executions.begin(slack.manifest.steps[0], {}, team_id=LARKMOOR, person="U0TOM000001")
    with sqlite.transaction() as session:
        steps.promise(session, workspace=LARKMOOR, execution=execution.id, now=clock.now)
        body = {"outputs": {"note": "1", "type": "unknown", "receipt": "Kept as note 1."}}
        steps.answer(session, workspace=LARKMOOR, key=steps.key_of(execution.id), body=body, now=clock.now)
    slack.fail_next("functions.completeSuccess", drop_answer=True)
    assert messenger.carry() == 0
    clock.move(minutes=1)
    assert messenger.carry() == 1
    assert execution.outputs["note"] == "1"
    assert [call.error for call in slack.called("functions.completeSuccess")][-1] == "function_execution_already_ended"
    settled = message(sqlite, steps.key_of(execution.id))
    assert (settled.sent_at, settled.given_up) == (clock.now, "")


def test_what_is_only_promised_goes_nowhere(
    slack: LocalSlack, messenger: Messenger, sqlite: Database, clock: Clock
) -> None:
    with sqlite.transaction() as session:
        assert steps.promise(session, workspace=LARKMOOR, execution="Fx1", now=clock.now)
        assert steps.promise(session, workspace=LARKMOOR, execution="Fx1", now=clock.now)
    clock.move(weeks=52)
    assert messenger.carry() == 0
    assert slack.calls == []
