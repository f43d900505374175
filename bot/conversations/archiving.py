"""Something happens to a channel: it is archived, renamed or closed, we are put out of it, outsiders come in.

    Morgan:  archives #managers
    Bot:     (holds the digests that were to come there, and tells whoever set them up what helps)
    Morgan:  brings it back
    Bot:     (brings them again; one that is not too late comes at once)

What we remembered of the channel is forgotten at once, so that the next to ask hears how it is now. Which unit it
belongs to stays: an archived channel may come back, and the notes are its unit's anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App, BoltContext

from bot import undelivered
from bot.conversations.noting import workspace_of
from bot.places import Places
from storage import schedules
from storage.columns import Held
from storage.database import Database

_HOLDS = {"archive": Held.ARCHIVED, "deleted": Held.GONE, "left": Held.PUT_OUT}


class Archiving:
    """Hears what becomes of channels."""

    def __init__(
        self, database: Database, places: Places, clock: Callable[[], datetime], wake_messenger: Callable[[], None]
    ) -> None:
        self.database = database
        self.places = places
        self.clock = clock
        self.wake_messenger = wake_messenger

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
                    place = {"workspace": workspace, "channel": channel}
                    undelivered.tell_that_it_waits(session, **place, why=_HOLDS[what], now=self.clock())
                self.wake_messenger()
            elif what == "unarchive" or (what == "joined_channel" and event.get("user") == context.bot_user_id):
                why = Held.ARCHIVED if what == "unarchive" else Held.PUT_OUT
                with self.database.transaction() as session:
                    schedules.release(session, workspace=workspace, channel=channel, why=why)
        next()


def _channel(event: dict[str, Any]) -> str:
    """Slack's id of the channel; of one that was renamed it tells more."""
    told = event.get("channel")
    found = told.get("id") if isinstance(told, dict) else told
    return found if isinstance(found, str) else ""


def _nothing_more() -> None:
    """Everything is done by then."""
