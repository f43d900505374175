"""Small questions to Slack about people and channels: asked once, remembered for a while, and given up soon.

A note never waits for Slack longer than a moment. When Slack is busy nobody is asked for as long as it wishes; whoever
wanted to know goes without an answer, and asks again the next time.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Generic, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.connection import NotHere, asked_to_wait

Answer = TypeVar("Answer")
ClientOf = Callable[[str], WebClient]

log = logging.getLogger(__name__)

_MOST = 50_000
"""Answers remembered at once; those that nobody asked for longest go first."""
_SECONDS = 2
_REST = timedelta(seconds=30)


class Lookup(Generic[Answer]):
    """What Slack says about each `(workspace, id)`. Held in memory alone."""

    def __init__(
        self,
        client_of: ClientOf,
        clock: Callable[[], datetime],
        ask: Callable[[WebClient, str, str], Answer],
        *,
        lives: timedelta,
    ) -> None:
        self._client_of = client_of
        self._clock = clock
        self._ask = ask
        self._lives = lives
        self._answers: OrderedDict[tuple[str, str], tuple[datetime, Answer]] = OrderedDict()
        self._rests: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def known(self, workspace: str, what: str) -> Answer | None:
        """The answer at hand; never waits."""
        with self._lock:
            found = self._answers.get((workspace, what))
            if found is None or found[0] <= self._clock():
                return None
            self._answers.move_to_end((workspace, what))
            return found[1]

    def of(self, workspace: str, what: str) -> Answer | None:
        """The answer, from Slack if need be; none, when Slack has none to give now."""
        known = self.known(workspace, what)
        if known is not None or self._rests.get(workspace, self._clock()) > self._clock():
            return known
        try:
            client = self._client_of(workspace)
            client.timeout = _SECONDS
            answer = self._ask(client, workspace, what)
        except (SlackClientError, OSError, HTTPException, NotHere, KeyError, TypeError) as error:
            self._put_off(workspace, error)
            return None
        self.learn(workspace, what, answer)
        return answer

    def learn(self, workspace: str, what: str, answer: Answer) -> None:
        """Remember what Slack has said without being asked."""
        with self._lock:
            self._answers[workspace, what] = (self._clock() + self._lives, answer)
            self._answers.move_to_end((workspace, what))
            while len(self._answers) > _MOST:
                self._answers.popitem(last=False)

    def forget(self, workspace: str, what: str) -> None:
        """It has changed: ask again when somebody wants to know."""
        with self._lock:
            self._answers.pop((workspace, what), None)

    def _put_off(self, workspace: str, error: Exception) -> None:
        answer: Any = error.response if isinstance(error, SlackApiError) else None
        if answer is not None and answer.status_code == 429:
            self._rests[workspace] = self._clock() + (asked_to_wait(answer.headers) or _REST)
        elif answer is None:
            self._rests[workspace] = self._clock() + _REST
        reason = answer.get("error") if answer is not None else type(error).__qualname__
        log.info("Slack did not say (%s); it is asked again later.", reason)
