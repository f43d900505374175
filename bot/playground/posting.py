"""Messages appear, change and go, and the app hears of it where it has subscribed."""

from __future__ import annotations

from typing import Any

from bot.playground import controls
from bot.playground.ground import Ground
from bot.playground.workspace import Channel, Message, Workspace

KEPT_IN_A_CHANNEL = 2_000
"""Older messages are forgotten; this is a playground."""


def post(
    slack: Ground,
    workspace: Workspace,
    channel: Channel,
    content: dict[str, Any],
    *,
    thread_ts: str | None = None,
    only_for: str | None = None,
    author: str | None = None,
) -> Message:
    """Puts a message into a channel: the bot's, or with `author` a person's."""
    with slack.changing():
        message = Message(
            ts=slack.next_ts(),
            channel=channel.id,
            author=author or workspace.bot_user_id,
            text=content.get("text", ""),
            blocks=controls.named(content.get("blocks") or []),
            attachments=content.get("attachments") or [],
            metadata=content.get("metadata"),
            by_bot=author is None,
            only_for=only_for,
            thread_ts=thread_ts,
        )
        said = workspace.in_channel(channel.id)
        said.append(message)
        if len(said) > KEPT_IN_A_CHANNEL:
            del said[:100]
        return message


def change(slack: Ground, message: Message, content: dict[str, Any]) -> None:
    """Shows other content in the same place."""
    with slack.changing():
        message.text = content["text"]
        message.blocks = controls.named(content.get("blocks") or [])
        message.attachments = content.get("attachments") or []
        message.metadata = content.get("metadata")
        message.edited_ts = slack.next_ts()
        message.chosen = {}


def remove(slack: Ground, workspace: Workspace, channel: Channel, message: Message) -> None:
    """Takes a message away."""
    with slack.changing():
        said = workspace.in_channel(channel.id)
        if message in said:
            said.remove(message)
    if message.only_for is None:
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": message.ts,
            "previous_message": message.for_api(workspace),
        }
        _tell_later(slack, workspace, channel, event)


def event_of(workspace: Workspace, channel: Channel, message: Message) -> dict[str, Any]:
    """The event of a new message."""
    body = message.for_api(workspace)
    return {**body, "channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}


def event_of_change(
    slack: Ground, workspace: Workspace, channel: Channel, message: Message, before: dict[str, Any]
) -> dict[str, Any]:
    """The event of a changed message. The text is inside, and there is no user at the top."""
    ts = slack.next_ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": message.for_api(workspace),
        "previous_message": before,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
    }


def event_of_deletion(slack: Ground, workspace: Workspace, channel: Channel, message: Message) -> dict[str, Any]:
    """The event of a deleted message. Where it has replies, Slack leaves a tombstone over them, and says that the
    message was changed into one.
    """
    before, ts = message.for_api(workspace), slack.next_ts()
    event: dict[str, Any] = {"subtype": "message_deleted", "deleted_ts": message.ts}
    if any(reply.thread_ts == message.ts for reply in workspace.in_channel(channel.id)):
        stone = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted."}
        event = {"subtype": "message_changed", "message": {**stone, "hidden": True, "ts": message.ts}}
    told = {"type": "message", "hidden": True, "previous_message": before, "channel": channel.id}
    return {**told, **event, "channel_type": channel.kind, "ts": ts, "event_ts": ts}


def tell_the_app(slack: Ground, workspace: Workspace, channel: Channel, message: Message) -> None:
    """The app hears its own messages too, where it hears everything."""
    _tell_later(slack, workspace, channel, event_of(workspace, channel, message))


def tell_of_change(
    slack: Ground, workspace: Workspace, channel: Channel, message: Message, before: dict[str, Any]
) -> None:
    """The app hears of its own changes too; Bolt does not filter those."""
    _tell_later(slack, workspace, channel, event_of_change(slack, workspace, channel, message, before))


def _tell_later(slack: Ground, workspace: Workspace, channel: Channel, event: dict[str, Any]) -> None:
    if workspace.bot_user_id not in channel.members:
        return
    ts = slack.next_ts()
    event = {"channel": channel.id, "channel_type": channel.kind, "ts": ts, "event_ts": ts, **event}
    slack.courier.event_later(workspace, event)
