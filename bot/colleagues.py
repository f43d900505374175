"""Who works here, so that colleagues' names are left out of notes too: read from Slack daily, held in memory alone.

Only the parts of names are held, whole ones no longer than it takes to read them all, and nothing else about anyone; no
table and no log ever has them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.connection import NotHere, asked_to_wait
from nlp.redaction import NOBODY, Roster
from storage import workspaces
from storage.database import Database

log = logging.getLogger(__name__)

_READ_AGAIN = timedelta(days=1)
_TRY_AGAIN = timedelta(minutes=10)
_A_PAGE = 1_000
_PAGES_AT_ONCE = 15
"""Slack takes twenty a minute, and whatever else the clock has to do comes after these."""
_MOST_PAGES = 500
"""A hundred thousand people, even if Slack gives 200 a page; whoever comes after them is found by the lists alone."""


@dataclass(slots=True)
class _Reading:
    """How far the names of a workspace are read: kept until they are read to the end, and Slack is not asked again."""

    cursor: str = ""
    pages: int = 0
    names: set[str] = field(default_factory=set)


class Colleagues:
    """The roster of each workspace. `look_again` is called by the clock; `of` never waits for Slack."""

    def __init__(
        self,
        database: Database,
        client_of: Callable[[str], WebClient],
        clock: Callable[[], datetime],
        notice: Callable[[str, dict[str, Any]], None] = lambda workspace, member: None,
    ) -> None:
        self._database = database
        self._client_of = client_of
        self._clock = clock
        self._notice = notice
        self._rosters: dict[str, Roster] = {}
        self._readings: dict[str, _Reading] = {}
        self._due: dict[str, datetime] = {}
        self._changing = threading.Lock()

    def register(self, slack: App) -> None:
        """Hear of people who join, and of those who change their name."""
        slack.event("team_join")(self.hear)
        slack.event("user_change")(self.hear)

    def of(self, workspace: str) -> Roster:
        """The names known by now."""
        return self._rosters.get(workspace, NOBODY)

    def hear(self, ack: Ack, event: dict[str, Any], body: dict[str, Any]) -> None:
        """Somebody joined, or goes by another name now. The old one is left out of notes until tomorrow as well."""
        ack()
        workspace, member = str(body.get("team_id") or ""), event.get("user") or {}
        self._notice(workspace, member)
        self._add(workspace, names_of(member))

    def look_again(self) -> None:
        """Read on in every workspace that was not read to the end today, some pages at a time."""
        with self._database.reading() as session:
            everyone = [known.id for known in workspaces.everyone(session)]
        now = self._clock()
        for workspace in everyone:
            if self._due.get(workspace, now) <= now:
                pause = self._read_on(workspace)
                self._due[workspace] = self._clock() + pause
        with self._changing:
            for kept in (self._rosters, self._readings, self._due):
                for gone in kept.keys() - set(everyone):
                    del kept[gone]

    def _read_on(self, workspace: str) -> timedelta:
        """Read some more pages, from where we were. Returns how long to wait before the next."""
        reading = self._readings.setdefault(workspace, _Reading())
        try:
            client = self._client_of(workspace)
            for _ in range(_PAGES_AT_ONCE):
                if self._read_page(client, workspace, reading):
                    self._finish(workspace)
                    return _READ_AGAIN
        except (SlackClientError, OSError, NotHere) as error:
            return self._put_off(workspace, error)
        return timedelta()

    def _read_page(self, client: WebClient, workspace: str, reading: _Reading) -> bool:
        """Read one page; its names count from here on. Returns whether it was the last one."""
        answer = client.users_list(limit=_A_PAGE, cursor=reading.cursor, team_id=workspace)
        names: set[str] = set()
        for member in answer["members"]:
            self._notice(workspace, member)
            names.update(names_of(member))
        self._add(workspace, names)
        reading.cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        reading.pages += 1
        return not reading.cursor or reading.pages == _MOST_PAGES

    def _finish(self, workspace: str) -> None:
        """Everyone is read: names that nobody goes by any more are forgotten."""
        with self._changing:
            self._rosters[workspace] = Roster.of(self._readings.pop(workspace).names)

    def _put_off(self, workspace: str, error: Exception) -> timedelta:
        """Slack did not give us a page. Returns how long to wait: as long as it asks, if it does."""
        answer = error.response if isinstance(error, SlackApiError) else None
        reason = type(error).__qualname__ if answer is None else answer.get("error")
        log.info("Colleagues' names could not be read from Slack (%s); tried again later.", reason)
        if reason == "invalid_cursor":
            self._readings.pop(workspace)  # it was too long ago: from the beginning, then
        return (None if answer is None else asked_to_wait(answer.headers)) or _TRY_AGAIN

    def _add(self, workspace: str, names: Iterable[str]) -> None:
        with self._changing:
            self._rosters[workspace] = self.of(workspace).with_people(names)
            if reading := self._readings.get(workspace):
                reading.names.update(names)


def names_of(member: dict[str, Any]) -> set[str]:
    """The names that a member of Slack goes by; none for apps."""
    if member.get("is_bot") or member.get("id") == "USLACKBOT":
        return set()
    profile = member.get("profile") or {}
    return {
        str(name) for name in (member.get("real_name"), profile.get("real_name"), profile.get("display_name")) if name
    }
