"""Something happens to a channel: it is archived, renamed or closed, we are put out of it, outsiders come in.

    Morgan:  archives #managers
    Bot:     (holds the digests that were to come there; `/groundswell digest when` says so, and what helps)
    Morgan:  brings it back
    Bot:     (brings them again, from now on)

What we remembered of the channel is forgotten at once, so that the next to ask hears how it is now. Which unit it
belongs to stays: an archived channel may come back, and the notes are its unit's anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App, BoltContext

from bot.conversations.noting import workspace_of
from bot.places import Places
from storage import schedules
from storage.database import Database
from storage.models import Held

_HOLDS = {"archive": Held.ARCHIVED, "deleted": Held.GONE, "left": Held.PUT_OUT}


class Archiving:
    """Hears what becomes of channels."""

    def __init__(self, database: Database, places: Places, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.places = places
        self.clock = clock

    def register(self, app: App) -> None:
        """The doors that lead here: for public channels, and for private ones, which Slack calls groups."""
        told = [f"{kind}_{what}" for kind in ("channel", "group") for what in ("rename", "unarchive", *_HOLDS)]
        for one in (*told, "channel_shared", "channel_unshared", "member_joined_channel"):
            app.event(one, middleware=[self.hear])(_nothing_more)

    def hear(self, event: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:
        """Take note before Slack hears that the event arrived: should we fail, it tells us again."""
        channel, what = _channel(event), event["type"].partition("_")[2]
        if channel:
            workspace = workspace_of(context)
            self.places.forget(workspace, channel)
            if what in _HOLDS:
                with self.database.transaction() as session:
                    schedules.hold(session, workspace=workspace, channel=channel, why=_HOLDS[what])
            elif what == "unarchive" or (what == "joined_channel" and event.get("user") == context.bot_user_id):
                why, now = (Held.ARCHIVED if what == "unarchive" else Held.PUT_OUT), self.clock()
                with self.database.transaction() as session:
                    schedules.release(session, workspace=workspace, channel=channel, why=why, now=now)
        next()


def _channel(event: dict[str, Any]) -> str:
    """Slack's id of the channel; of one that was renamed it tells more."""
    told = event.get("channel")
    found = told.get("id") if isinstance(told, dict) else told
    return found if isinstance(found, str) else ""


def _nothing_more() -> None:
    """Everything is done by then."""
