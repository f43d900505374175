"""One call of the Web API, as a method sees it, and the list of all methods."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.playground.ground import Ground
from bot.playground.refusals import Refused
from bot.playground.workspace import Channel, Message, Person, Workspace

EVERYWHERE = frozenset({"token", "team_id"})
"""Bolt adds `team_id` to calls by itself."""


@dataclass(frozen=True)
class Ask:
    """A call that has passed the door: who asks, and for what."""

    slack: Ground
    workspace: Workspace
    arguments: dict[str, Any]
    org_wide: bool = False
    """Whether the token is a whole organisation's."""

    def text(self, name: str) -> str:
        """An argument that is text; empty where it was not given."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """An argument that is yes or no."""
        return self.arguments.get(name) in (True, 1, "1", "true", "True")

    def whole(self, name: str, default: int) -> int:
        """An argument that is a whole number."""
        value = self.arguments.get(name)
        try:
            return default if value in (None, "") else int(str(value))
        except ValueError:
            raise Refused("invalid_arguments", [f"must be a valid integer [json-pointer:/{name}]"]) from None

    def require_scope(self, scope: str) -> None:
        """Refuses with `missing_scope` when the app was not given it."""
        if scope not in self.workspace.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.workspace.scopes)))

    def channel(self, name: str = "channel") -> Channel:
        """The channel that is meant; private ones exist only for their members.

        Raises:
            Refused: `channel_not_found`.
        """
        channel = self.workspace.channels.get(self.text(name))
        if channel is None or (channel.kind != "channel" and self.workspace.bot_user_id not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def channel_to_write_in(self, name: str = "channel") -> Channel:
        """The channel to post in: one that the bot is a member of, or the DM with somebody whose id is given.

        Raises:
            Refused: `channel_not_found`, `not_in_channel` or `is_archived`.
        """
        self.require_scope("chat:write")
        if person := self.workspace.people.get(self.text(name)):
            return self.direct_message(person)
        channel = self.channel(name)
        if channel.is_archived:
            raise Refused("is_archived")
        if channel.kind == "im" and not self.slack.manifest.messages_tab:
            raise Refused("messages_tab_disabled")
        if self.workspace.bot_user_id not in channel.members and "chat:write.public" not in self.workspace.scopes:
            raise Refused("not_in_channel")
        return channel

    def direct_message(self, person: Person) -> Channel:
        """The conversation with somebody; nobody can write to people who have left."""
        if person.deleted:
            raise Refused("channel_not_found")
        return self.workspace.direct_message(person, self.slack.now())

    def person(self, name: str = "user") -> Person:
        """Somebody in this workspace.

        Raises:
            Refused: `user_not_found`.
        """
        person = self.workspace.people.get(self.text(name))
        if person is None:
            raise Refused("user_not_found")
        return person

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """A message that everybody in the channel sees.

        Raises:
            Refused: `message_not_found`.
        """
        message = self.workspace.message(channel.id, self.text(name))
        if message is None:
            raise Refused("message_not_found")
        return message

    def page(self, rows: list[Any], usual: int = 100) -> tuple[list[Any], dict[str, Any]]:
        """The page that `cursor` and `limit` ask for, and the `response_metadata` that leads to the next one.

        Raises:
            Refused: `invalid_limit` or `invalid_cursor`.
        """
        limit = self.whole("limit", usual)
        if not 1 <= limit <= 1000:
            raise Refused("invalid_limit")
        limit = min(limit, self.slack.page_size or limit)
        try:
            start = int(base64.b64decode(self.text("cursor") or "MA==", validate=True))
        except (binascii.Error, ValueError):
            raise Refused("invalid_cursor") from None
        following = start + limit
        cursor = base64.b64encode(str(following).encode()).decode() if following < len(rows) else ""
        return rows[start:following], {"next_cursor": cursor}


@dataclass(frozen=True)
class Method:
    """A method: what runs, the scope it needs, the arguments it must have and those it knows."""

    run: Callable[[Ask], dict[str, Any]]
    scope: str | None
    needs: tuple[str, ...]
    takes: frozenset[str]
    form_only: bool
    app_level: bool
    by_client: bool
    """Asked with the app's own id and secret instead of a token."""


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scope: str | None = None,
    needs: str = "",
    takes: str = "",
    form_only: bool = False,
    app_level: bool = False,
    by_client: bool = False,
) -> Callable[[Callable[[Ask], dict[str, Any]]], Callable[[Ask], dict[str, Any]]]:
    """Adds a method to the list. `form_only` methods do not read JSON, as on Slack; arguments are given by name."""

    def add(run: Callable[[Ask], dict[str, Any]]) -> Callable[[Ask], dict[str, Any]]:
        known = frozenset(needs.split()) | frozenset(takes.split()) | EVERYWHERE
        METHODS[name] = Method(run, scope, tuple(needs.split()), known, form_only, app_level, by_client)
        return run

    return add
