"""Where somebody acts: in a channel that everyone may read, in a private one, or in one shared with outsiders?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk import WebClient

from bot import reaching
from bot.lookup import ClientOf, Lookup


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, as Slack describes it."""

    name: str
    is_private: bool
    is_shared_outside: bool

    @property
    def point(self) -> str:
        """A public channel as the place where something was heard. Private ones are not named."""
        return "" if self.is_private or not self.name else f"#{self.name}"


class Places:
    """The channels of each workspace."""

    def __init__(self, client_of: ClientOf, clock: Callable[[], datetime]) -> None:
        self._channels: Lookup[Place] = Lookup(client_of, clock, _ask, lives=timedelta(hours=1))

    def known(self, workspace: str, channel: str) -> Place | None:
        """The channel, as far as we know without asking."""
        return self._channels.known(workspace, channel)

    def of(self, workspace: str, channel: str) -> Place | None:
        """The channel; none where Slack does not let us look. Direct messages are no place of this kind."""
        return self._channels.of(workspace, channel) if channel.startswith(("C", "G")) else None

    def forget(self, workspace: str, channel: str) -> None:
        """Something about it has changed."""
        self._channels.forget(workspace, channel)


def _ask(client: WebClient, workspace: str, channel: str) -> Place:
    there = client.conversations_info(channel=channel)["channel"]
    return Place(
        name=str(there.get("name") or ""),
        is_private=bool(there.get("is_private") or there.get("is_mpim") or there.get("is_im")),
        is_shared_outside=reaching.has_outsiders(there),
    )
