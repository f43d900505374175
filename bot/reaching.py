"""Who would read what we post: a unit's own people, or others too?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.connection import passes


def is_shared_outside(client: WebClient, channel: str) -> bool:
    """Whether people of another organisation are, or are about to be, in a channel (Slack Connect).

    Notes are a unit's own; they go to nobody outside it. A channel that we may not look at counts as not shared: Slack
    then decides by itself whether we may post there.

    Raises:
        SlackApiError: Slack is too busy to say.
    """
    try:
        there = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        if passes(error):
            raise
        return False
    return has_outsiders(there)


def has_outsiders(channel: Mapping[str, Any]) -> bool:
    """Whether a channel, as Slack describes it, is shared with another organisation, or about to be."""
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))
