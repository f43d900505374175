"""Channels and what was said in them: `conversations.*`, `users.conversations`."""

from __future__ import annotations

from typing import Any

from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused
from bot.playground.workspace import Channel, Message

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def _kinds(ask: Ask) -> set[str]:
    wanted = (ask.text("types") or "public_channel").replace(" ", "").split(",")
    if any(kind not in KINDS for kind in wanted):
        raise Refused("invalid_types")
    for kind in wanted:
        ask.require_scope({"im": "im", "mpim": "mpim", "private_channel": "groups"}.get(kind, "channels") + ":read")
    return {KINDS[kind] for kind in wanted}


def _shown(ask: Ask, channels: list[Channel]) -> dict[str, Any]:
    if ask.flag("exclude_archived"):
        channels = [channel for channel in channels if not channel.is_archived]
    page, onward = ask.page([channel.for_api(ask.workspace.bot_user_id) for channel in channels])
    return {"channels": page, "response_metadata": onward}


@method("conversations.list", takes="types exclude_archived cursor limit", form_only=True)
def list_all(ask: Ask) -> dict[str, Any]:
    """The channels that the bot can see."""
    kinds, bot = _kinds(ask), ask.workspace.bot_user_id
    channels = [c for c in ask.workspace.channels.values() if c.kind in kinds]
    return _shown(ask, [c for c in channels if c.kind == "channel" or bot in c.members])


@method("users.conversations", takes="user types exclude_archived cursor limit", form_only=True)
def of_user(ask: Ask) -> dict[str, Any]:
    """The channels that the bot, or a person, is a member of."""
    kinds = _kinds(ask)
    member, bot = ask.text("user") or ask.workspace.bot_user_id, ask.workspace.bot_user_id
    channels = [c for c in ask.workspace.channels.values() if c.kind in kinds and member in c.members]
    return _shown(ask, [c for c in channels if c.kind == "channel" or bot in c.members])


@method("conversations.info", needs="channel", takes="include_locale include_num_members", form_only=True)
def info(ask: Ask) -> dict[str, Any]:
    """One channel."""
    channel = ask.channel()
    ask.require_scope(channel.scope("read"))
    return {"channel": channel.for_api(ask.workspace.bot_user_id)}


@method("conversations.members", needs="channel", takes="cursor limit", form_only=True)
def members(ask: Ask) -> dict[str, Any]:
    """Who is in a channel."""
    channel = ask.channel()
    ask.require_scope(channel.scope("read"))
    page, onward = ask.page(sorted(channel.members))
    return {"members": page, "response_metadata": onward}


@method("conversations.open", scope="im:write", takes="users channel return_im prevent_creation")
def open_im(ask: Ask) -> dict[str, Any]:
    """Opens the direct message with one person."""
    if ask.text("channel"):
        return {"channel": {"id": ask.channel().id}, "no_op": True, "already_open": True}
    users = [user for user in ask.text("users").split(",") if user]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        raise Refused("missing_scope", needed="mpim:write", provided=",".join(sorted(ask.workspace.scopes)))
    person = ask.workspace.people.get(users[0])
    if person is None:
        raise Refused("user_not_found")
    if person.deleted:
        raise Refused("user_disabled")
    channel = ask.direct_message(person)
    return {"channel": channel.for_api(ask.workspace.bot_user_id) if ask.flag("return_im") else {"id": channel.id}}


@method("conversations.join", scope="channels:join", needs="channel")
def join(ask: Ask) -> dict[str, Any]:
    """The bot joins a public channel."""
    channel = ask.channel()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    channel.members.add(ask.workspace.bot_user_id)
    return {"channel": channel.for_api(ask.workspace.bot_user_id)}


def _between(ask: Ask, messages: list[Message]) -> list[Message]:
    oldest, latest = float(ask.text("oldest") or 0), float(ask.text("latest") or "inf")
    if ask.flag("inclusive"):
        return [message for message in messages if oldest <= float(message.ts) <= latest]
    return [message for message in messages if oldest < float(message.ts) < latest]


def _readable(ask: Ask) -> Channel:
    channel = ask.channel()
    ask.require_scope(channel.scope("history"))
    if ask.workspace.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _for_all(ask: Ask, channel: Channel) -> list[Message]:
    return [message for message in ask.workspace.in_channel(channel.id) if message.only_for is None]


@method("conversations.history", needs="channel", takes="cursor limit oldest latest inclusive include_all_metadata")
def history(ask: Ask) -> dict[str, Any]:
    """What was said in a channel, newest first, without the replies in threads."""
    channel = _readable(ask)
    messages = [message for message in _for_all(ask, channel) if not message.in_thread]
    return _told(ask, list(reversed(_between(ask, messages))))


@method(
    "conversations.replies",
    needs="channel ts",
    takes="cursor limit oldest latest inclusive include_all_metadata",
    form_only=True,
)
def replies(ask: Ask) -> dict[str, Any]:
    """A thread: its first message, then the replies."""
    channel = _readable(ask)
    thread = [message for message in _for_all(ask, channel) if ask.text("ts") in (message.ts, message.thread_ts)]
    if not thread:
        raise Refused("thread_not_found")
    return _told(ask, _between(ask, thread))


def _told(ask: Ask, messages: list[Message]) -> dict[str, Any]:
    page, onward = ask.page(messages)
    told = [message.for_api(ask.workspace) for message in page]
    if not ask.flag("include_all_metadata"):
        for message in told:
            message.pop("metadata", None)
    return {"messages": told, "has_more": bool(onward["next_cursor"]), "response_metadata": onward}
