"""Short-lived handles: trigger ids (3 seconds, once) and response URLs (30 minutes, five times)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.playground.refusals import Refused
from bot.playground.workspace import Channel, Message, Person, View, Workspace

TRIGGER_LIVES = timedelta(seconds=3)
RESPONSE_URL_LIVES = timedelta(minutes=30)
RESPONSE_URL_USES = 5
MOST_HANDLES = 20_000


@dataclass(eq=False)
class Trigger:
    """The right to open one view for the person who has just acted."""

    id: str
    workspace: Workspace
    person: Person
    issued_at: datetime
    view: View | None = None
    """The modal in which they acted, if it was in one."""
    channel: Channel | None = None
    """Where they acted, if it was in a channel."""
    used: bool = False


@dataclass(eq=False)
class ResponseUrl:
    """The right to answer where somebody has just acted. `message` is what they clicked on, if it was a message."""

    path: str
    workspace: Workspace
    person: Person
    channel: Channel
    issued_at: datetime
    message: Message | None = None
    thread_ts: str | None = None
    uses: int = 0


@dataclass(eq=False)
class Handles:
    """Gives out handles and takes them back."""

    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def trigger(
        self,
        workspace: Workspace,
        person: Person,
        now: datetime,
        view: View | None = None,
        channel: Channel | None = None,
    ) -> str:
        """A new trigger id."""
        trigger_id = f"{secrets.randbelow(10**13):013d}.{secrets.randbelow(10**12):012d}.{secrets.token_hex(16)}"
        _make_room(self.triggers)
        self.triggers[trigger_id] = Trigger(trigger_id, workspace, person, now, view, channel)
        return trigger_id

    def exchange(self, trigger_id: object, workspace: Workspace, now: datetime) -> Trigger:
        """Uses up a trigger id.

        Raises:
            Refused: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self.triggers.get(trigger_id) if isinstance(trigger_id, str) else None
        if trigger is None or trigger.workspace is not workspace:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if now - trigger.issued_at > TRIGGER_LIVES:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(
        self,
        kind: str,
        workspace: Workspace,
        person: Person,
        channel: Channel,
        now: datetime,
        message: Message | None = None,
    ) -> str:
        """The path of a new response URL; `kind` is `commands` or `actions`."""
        path = f"/{kind}/{workspace.id}/{secrets.randbelow(10**13):013d}/{secrets.token_urlsafe(18)}"
        thread_ts = message.thread_ts if message else None
        _make_room(self.response_urls)
        self.response_urls[path] = ResponseUrl(path, workspace, person, channel, now, message, thread_ts)
        return path

    def answer_by(self, path: str, now: datetime) -> ResponseUrl:
        """Uses a response URL once.

        Raises:
            Refused: `invalid_url`, `expired_url` or `used_url`.
        """
        url = self.response_urls.get(path)
        if url is None:
            raise Refused("invalid_url")
        if now - url.issued_at > RESPONSE_URL_LIVES:
            raise Refused("expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise Refused("used_url")
        url.uses += 1
        return url


def _make_room(handles: dict[str, Any]) -> None:
    """Forgets the oldest handles when there are very many; all of them have long expired by then."""
    if len(handles) >= MOST_HANDLES:
        for old in list(handles)[: MOST_HANDLES // 2]:
            del handles[old]
