"""Who would read what we post: a unit's own people, or others too?"""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError


def is_shared_outside(client: WebClient, channel: str) -> bool:
    """Whether people of another organisation are, or are about to be, in a channel (Slack Connect).

    Notes are a unit's own; they go to nobody outside it. A channel that we may not look at counts as not shared: Slack
    then decides by itself whether we may post there.
    """
    try:
        there = client.conversations_info(channel=channel)["channel"]
    except SlackApiError:
        return False
    return bool(there.get("is_ext_shared") or there.get("is_pending_ext_shared"))
