"""Who works here, so that colleagues' names are left out of notes too: read from Slack daily, held in memory alone.

Only the parts of names are held, and nothing else about anyone; no table and no log ever has them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.connection import NotHere
from nlp.redaction import NOBODY, Roster
from storage import workspaces
from storage.database import Database

log = logging.getLogger(__name__)

_READ_AGAIN = timedelta(days=1)
_TRY_AGAIN = timedelta(minutes=10)
_A_PAGE = 200
_MOST_PAGES = 500
"""A hundred thousand people; whoever comes after them is found by the lists alone."""


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
        """Read the names of every workspace that was not read today. What goes wrong is tried again a little later."""
        with self._database.reading() as session:
            everyone = [known.id for known in workspaces.everyone(session)]
        now = self._clock()
        for workspace in everyone:
            if self._due.get(workspace, now) <= now:
                self._due[workspace] = now + (_READ_AGAIN if self._read(workspace) else _TRY_AGAIN)
        for gone in self._rosters.keys() - set(everyone):
            self._rosters.pop(gone)

    def _read(self, workspace: str) -> bool:
        """Read the names of one workspace from Slack. Returns whether they were read to the end."""
        names: set[str] = set()
        try:
            for member in self._members(workspace):
                self._notice(workspace, member)
                names.update(names_of(member))
        except (SlackClientError, OSError, NotHere) as error:
            reason = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__qualname__
            log.info("Colleagues' names could not be read from Slack (%s); tried again later.", reason)
            self._add(workspace, names)
            return False
        with self._changing:
            self._rosters[workspace] = Roster.of(names)
        return True

    def _members(self, workspace: str) -> Iterator[dict[str, Any]]:
        client = self._client_of(workspace)
        cursor = ""
        for _ in range(_MOST_PAGES):
            answer = client.users_list(limit=_A_PAGE, cursor=cursor, team_id=workspace)
            yield from answer["members"]
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _add(self, workspace: str, names: Iterable[str]) -> None:
        with self._changing:
            self._rosters[workspace] = self.of(workspace).with_people(names)


def names_of(member: dict[str, Any]) -> set[str]:
    """The names that a member of Slack goes by; none for apps."""
    if member.get("is_bot") or member.get("id") == "USLACKBOT":
        return set()
    profile = member.get("profile") or {}
    return {
        str(name) for name in (member.get("real_name"), profile.get("real_name"), profile.get("display_name")) if name
    }
