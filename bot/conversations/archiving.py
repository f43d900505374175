"""Something happens to a channel: it is archived, renamed or closed, we are put out of it, outsiders come in.

    Morgan:  archives #managers
    Bot:     (holds the digests that were to come there, and tells whoever set them up what helps)
    Morgan:  brings it back
    Bot:     (brings them again; one that is not too late comes at once)

What Slack tells twice, or later than what came of it, changes nothing.

What we remembered of the channel is forgotten at once, so that the next to ask hears how it is now. Which unit it
belongs to stays: an archived channel may come back, and the notes are its unit's anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import App, BoltContext
from sqlmodel import Session

from bot import undelivered
from bot.conversations.noting import workspace_of
from bot.places import Places
from storage import acts, schedules, workspaces
from storage.columns import Held
from storage.database import Database

_HOLDS = {"archive": Held.ARCHIVED, "deleted": Held.GONE, "left": Held.PUT_OUT}
_RELEASES = {"unarchive": Held.ARCHIVED, "joined_channel": Held.PUT_OUT}
_MOMENT = re.compile(r"\d{10}\.\d{6}", re.ASCII)


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
                self._hold(workspace, channel, _HOLDS[what], self._moment(event))
            elif what == "unarchive" or (what == "joined_channel" and event.get("user") == context.bot_user_id):
                self._release(workspace, channel, _RELEASES[what], self._moment(event))
        next()

    def _hold(self, workspace: str, channel: str, why: Held, moment: str) -> None:
        with self.database.transaction() as session:
            if self._is_news(session, workspace, channel, why, moment):
                place = {"workspace": workspace, "channel": channel}
                schedules.hold(session, **place, why=why)
                undelivered.tell_that_it_waits(session, **place, why=why, since=moment, now=self.clock())
        self.wake_messenger()

    def _release(self, workspace: str, channel: str, why: Held, moment: str) -> None:
        with self.database.transaction() as session:
            if self._is_news(session, workspace, channel, why, moment):
                schedules.release(session, workspace=workspace, channel=channel, why=why)

    def _is_news(self, session: Session, workspace: str, channel: str, why: Held, moment: str) -> bool:
        """Whether Slack has not told us this before, nor what came of it afterwards."""
        now, key = self.clock(), f"channel/{channel}/{why.value}/{moment}"
        workspaces.join(session, workspace, now=now)
        workspaces.wait_for_turn(session, workspace)  # whoever hears of it at this moment knows what we have heard
        is_new = acts.first_time(session, workspace=workspace, key=key, now=now)
        return is_new and acts.is_latest(session, workspace=workspace, key=key)

    def _moment(self, event: dict[str, Any]) -> str:
        """When it happened, as Slack writes moments; now, should Slack not say."""
        said = str(event.get("event_ts"))
        return said if _MOMENT.fullmatch(said) else f"{self.clock().timestamp():.6f}"


def _channel(event: dict[str, Any]) -> str:
    """Slack's id of the channel; of one that was renamed it tells more."""
    told = event.get("channel")
    found = told.get("id") if isinstance(told, dict) else told
    return found if isinstance(found, str) else ""


def _nothing_more() -> None:
    """Everything is done by then."""
