"""What someone typed after a command, and where: what every story behind that command begins from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt import Respond
from slack_sdk import WebClient

from bot import answering
from bot.typed import as_typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One command, taken apart."""

    workspace: str
    person: str
    channel: str
    is_direct: bool
    """Whether it was typed in a direct message, which belongs to no unit."""
    command: str
    """Which command it was typed after, such as `/demand`."""
    verb: str
    words: str
    """What came after the verb."""
    trigger: str
    """Opens one form, within three seconds; and names this command, however often it is delivered."""
    respond: Respond
    client: WebClient

    @classmethod
    def of(cls, command: dict[str, Any], workspace: str, respond: Respond, client: WebClient) -> Asked:
        """The command as Slack delivered it."""
        verb, _, rest = as_typed(command.get("text") or "").strip().partition(" ")
        return cls(
            workspace=workspace,
            person=command["user_id"],
            channel=command["channel_id"],
            is_direct=command.get("channel_name") == "directmessage" or command["channel_id"].startswith("D"),
            command=command["command"],
            verb=verb.casefold(),
            words=rest.strip(),
            trigger=command["trigger_id"],
            respond=respond,
            client=client,
        )

    @classmethod
    def pressed(
        cls, body: dict[str, Any], words: str, workspace: str, respond: Respond, client: WebClient, *, command: str
    ) -> Asked:
        """A button that stands for these words after that command, in the place where it was pressed."""
        channel = body.get("channel") or {}
        typed = {
            "command": command,
            "text": words,
            "user_id": body["user"]["id"],
            "channel_id": channel.get("id", ""),
            "channel_name": channel.get("name", ""),
            "trigger_id": body["trigger_id"],
        }
        return cls.of(typed, workspace, respond, client)

    def say(self, text: str, **message: Any) -> None:
        """Answer where it was typed, for that person's eyes only."""
        answering.say(self.respond, text=text, **message)
