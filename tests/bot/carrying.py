"""What tests of carrying messages to Slack share: a clock to move, a messenger, and what was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.messenger import Messenger
from bot.playground.local_slack import LocalSlack
from storage import outbox
from storage.database import Database
from storage.models import Message
from tests.conftest import LARKMOOR

CHANNEL = "C0REPAIRS01"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def another(slack: LocalSlack, database: Database, clock: Clock) -> Messenger:
    def client(_workspace: str) -> WebClient:
        return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=5)

    return Messenger(database, client, clock=clock)


def owe(
    database: Database,
    clock: Clock,
    key: str,
    *,
    workspace: str = LARKMOOR,
    channel: str = CHANNEL,
    body: dict[str, Any] | None = None,
    thread_of: str = "",
) -> None:
    with database.transaction() as session:
        outbox.leave(
            session,
            workspace=workspace,
            key=key,
            channel=channel,
            body={"text": f"about {key}"} | (body or {}),
            now=clock.now,
            thread_of=thread_of,
        )


def message(database: Database, key: str) -> Message:
    with database.reading() as session:
        found = outbox.with_key(session, workspace=LARKMOOR, key=key)
    assert found is not None
    return found


def posted(slack: LocalSlack) -> list[str]:
    return [seen.text for seen in slack.sees("Asha", "#repairs-line")]
