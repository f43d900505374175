"""What has arrived in Slack is edited in its place, once words of it were taken back."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot import messenger as messenger_module
from bot.messenger import Messenger
from bot.playground.local_slack import LocalSlack
from digests import forgetting
from storage import outbox
from storage.database import Database
from storage.models import Message
from tests.bot.carrying import Clock, message, owe, posted
from tests.conftest import LARKMOOR


def owe_edit(database: Database, clock: Clock, key: str, says: str) -> None:
    with database.transaction() as session:
        said = outbox.with_key(session, workspace=LARKMOOR, key=key)
        assert said is not None
        forgetting.owe_edit(session, said, {"text": says}, clock.now)


def test_what_arrived_is_edited_in_its_place(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """And the outbox keeps no word of what it has said."""
    owe(sqlite, clock, "digest/1")
    messenger.carry()
    assert message(sqlite, "digest/1").body == {"text": ""}
    owe_edit(sqlite, clock, "digest/1", "less of it")
    messenger.carry()
    assert posted(slack) == ["less of it"]
    assert message(sqlite, f"taken back/{message(sqlite, 'digest/1').id}/1").body == {"text": ""}


def test_an_edit_that_slack_refuses_is_no_new_message(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock
) -> None:
    """It is given up, and the doctor tells of it."""
    owe(sqlite, clock, "digest/1")
    messenger.carry()
    owe_edit(sqlite, clock, "digest/1", "less of it")
    slack.fail_next("chat.update", error="edit_window_closed")
    messenger.carry()
    assert posted(slack) == ["about digest/1"]
    assert message(sqlite, f"taken back/{message(sqlite, 'digest/1').id}/1").given_up == "edit_window_closed"


def test_words_that_are_taken_back_while_they_are_said_are_edited_out(
    slack: LocalSlack, sqlite: Database, messenger: Messenger, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe(sqlite, clock, "digest/1")
    post = messenger_module._post

    def interrupted(client: WebClient, said: Message, *where: str | None) -> str:
        ts = post(client, said, *where)
        if not said.key.startswith("taken back/"):
            with sqlite.transaction() as session:
                outbox.say_instead(session, session.get_one(Message, said.id), {"text": "less of it"})
        return ts

    monkeypatch.setattr(messenger_module, "_post", interrupted)
    messenger.carry()
    messenger.carry()
    assert posted(slack) == ["less of it"]
