"""Emoji reactions: `reactions.*`."""

from __future__ import annotations

import re
from typing import Any

from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


@method("reactions.add", scope="reactions:write", needs="channel timestamp name")
def add(ask: Ask) -> dict[str, Any]:
    """The bot reacts to a message."""
    message = ask.message(ask.channel(), "timestamp")
    name, bot = ask.text("name"), ask.workspace.bot_user_id
    if not NAME.fullmatch(name):
        raise Refused("invalid_name")
    people = message.reactions.setdefault(name, [])
    if bot in people:
        raise Refused("already_reacted")
    people.append(bot)
    return {}


@method("reactions.remove", scope="reactions:write", needs="channel timestamp name")
def remove(ask: Ask) -> dict[str, Any]:
    """The bot takes its reaction back."""
    message = ask.message(ask.channel(), "timestamp")
    people = message.reactions.get(ask.text("name"), [])
    if ask.workspace.bot_user_id not in people:
        raise Refused("no_reaction")
    people.remove(ask.workspace.bot_user_id)
    if not people:
        del message.reactions[ask.text("name")]
    return {}


@method("reactions.get", scope="reactions:read", needs="channel timestamp", takes="full", form_only=True)
def get(ask: Ask) -> dict[str, Any]:
    """A message with its reactions. Unlike the history, this needs no `history` scope."""
    channel = ask.channel()
    message = ask.message(channel, "timestamp")
    return {"type": "message", "channel": channel.id, "message": message.for_api(ask.workspace)}
