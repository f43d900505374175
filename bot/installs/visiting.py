"""Asks every workspace once a day whether we are still there, should the goodbye of one never have reached us.

Slack tells us of a removal for a few hours and then no more. Were we out of reach that long, a workspace where nothing
happens would be kept for good, although its people think that it has left.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.connection import PASSING, REMOVED, NotHere
from storage import acts, workspaces
from storage.database import Database

log = logging.getLogger(__name__)

_AT_A_TIME = 20
"""Workspaces asked at each tick of the clock, so that nobody's digest waits behind a long round."""


class Visiting:
    """The daily round. Each workspace is asked by one process alone, as far as it is given away."""

    def __init__(
        self,
        database: Database,
        client_of: Callable[[str], WebClient],
        clock: Callable[[], datetime],
        *,
        on_removal: Callable[[str, str], None],
    ) -> None:
        self._database = database
        self._client_of = client_of
        self._clock = clock
        self._on_removal = on_removal

    def look_again(self) -> None:
        """Ask some of those that have not been asked today."""
        now = self._clock()
        key = f"still here/{now.date()}"
        with self._database.reading() as session:
            some = workspaces.without_act(session, key, at_most=_AT_A_TIME)
        for workspace in some:
            with self._database.transaction() as session:
                ours = acts.first_time(session, workspace=workspace, key=key, now=now)
            if ours and not self._is_answered(workspace):
                return  # Slack is in trouble, so the others are asked another time

    def _is_answered(self, workspace: str) -> bool:
        """Ask one workspace. Returns whether Slack had an answer, whatever it was.

        For the least thing that is a workspace's own: of an organisation's token, `auth.test` says only that it is good
        in some workspace of theirs.
        """
        try:
            client = self._client_of(workspace)
            client.users_conversations(limit=1)
        except NotHere:
            return True
        except SlackApiError as error:
            why = str(error.response.get("error"))
            if why in REMOVED:
                self._let_go(workspace, why, takes_no_more=client.token)
            return why not in PASSING
        except (SlackClientError, OSError):
            return False
        return True

    def _let_go(self, workspace: str, why: str, *, takes_no_more: str | None) -> None:
        with contextlib.suppress(NotHere):
            if self._client_of(workspace).token == takes_no_more:  # and it has not been installed anew meanwhile
                log.info("Our token is good in %s no longer: the app was removed while we were away.", workspace)
                self._on_removal(workspace, why)
