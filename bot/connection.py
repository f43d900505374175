"""Who we are in Slack: our token, and the clients that speak with it."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RateLimitErrorRetryHandler, RetryState

from bot.config import SettingError, Settings
from bot.logbook import LogbookError
from storage import workspaces
from storage.database import Database

NOT_GRANTED = "team_access_not_granted"
"""What Slack says of a workspace out of which its organisation has taken the app. The token is good in the others."""
REMOVED = {"account_inactive", "token_revoked", NOT_GRANTED}
"""What Slack says where an app was removed."""
_REFUSED = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
_TOO_FAST = {"ratelimited", "rate_limited"}
PASSING = _TOO_FAST | {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
"""Slack's names for troubles that pass. Anything else would fail the same way again."""
_SLACKS_WORD = re.compile(r"[a-z0-9_]+")
"""What every reason that Slack gives looks like."""
QUIET = logging.getLogger("groundswell.slack")
"""What Slack's own library would log: at its lower levels that holds tokens and people's words, so it never does."""
QUIET.setLevel(logging.WARNING)


def passes(error: SlackApiError) -> bool:
    """Whether Slack is only busy or in trouble, so that the same may well be taken a little later.

    Where the answer is none of Slack's, but a page of some server on the way to it, the next one may be.
    """
    answer = error.response
    why = answer.get("error")
    not_slacks = why is None or not _SLACKS_WORD.fullmatch(str(why))
    return answer.status_code == 429 or answer.status_code >= 500 or why in PASSING or not_slacks


def is_too_fast(error: SlackApiError) -> bool:
    """Whether Slack only asks us to be slower, so that it has certainly done nothing of what we asked."""
    return error.response.status_code == 429 or error.response.get("error") in _TOO_FAST


def did_nothing(error: Exception) -> bool:
    """Whether Slack has certainly done nothing of what we asked: it wants us slower, or heard not a word of it."""
    if isinstance(error, SlackApiError):
        return is_too_fast(error)
    cause: BaseException | None = getattr(error, "reason", None) or error
    return isinstance(cause, ConnectionRefusedError | socket.gaierror)


def asked_to_wait(headers: Mapping[str, Any]) -> timedelta | None:
    """How long Slack asks us to wait, in whole seconds, rounded up; none where it does not say so in seconds."""
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    said = said[0] if isinstance(said, list) and said else said
    try:
        return timedelta(seconds=max(0, ceil(float(str(said)))))
    except (TypeError, ValueError, OverflowError):
        return None


class Waits(RateLimitErrorRetryHandler):
    """Waits as long as Slack asks, and a second where it does not say: the library's own raises at "1.5" or a date."""

    def __init__(self, *, at_most: int) -> None:
        super().__init__(max_retry_count=at_most)

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        """Wait for the next attempt."""
        state.next_attempt_requested = True
        wait = asked_to_wait(response.headers if response is not None else {})
        time.sleep(1 if wait is None else wait.total_seconds())  # Slack asks for it, and takes nothing before
        state.increment_current_attempt()


class NotHere(LogbookError):
    """Groundswell is not installed in this workspace (any more), so nothing was kept. Please ask whoever looks after
    your Slack to install it.
    """


class Clients:
    """Clients for Slack's Web API, for each way of speaking."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url

    def quick(self, token: str | None = None, *, team: str | None = None) -> WebClient:
        """For answering people: waits once when Slack is busy, and gives up soon."""
        client = WebClient(token=token, base_url=self._api_url, timeout=10, team_id=team, logger=QUIET)
        client.retry_handlers.append(Waits(at_most=1))
        return client

    def patient(self, token: str | None = None, *, team: str | None = None) -> WebClient:
        """For whoever does their own waiting: a retry in here could say a thing twice, or spend a token twice."""
        return WebClient(
            token=token,
            base_url=self._api_url,
            timeout=20,
            team_id=team,
            retry_handlers=[],
            logger=QUIET,
        )


class Connection:
    """One workspace, one bot token. What Slack says about the token is asked once and remembered."""

    def __init__(
        self,
        settings: Settings,
        database: Database | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._token = settings.slack_bot_token
        self._clients = Clients(settings.slack_api_url)
        self._database = database
        self._clock = clock
        self._who: AuthorizeResult | None = None
        self._asked_at: datetime | None = None
        self._asking = threading.Lock()

    def authorize(
        self, team_id: str | None = None, enterprise_id: str | None = None, *, org_wide: bool = False
    ) -> AuthorizeResult:
        """What Bolt asks with every request: who are we there?

        Raises:
            NotHere: nobody, in a workspace that is not ours, or that has removed us.
        """
        who = self.who()
        ours = team_id in (None, who.team_id) or enterprise_id == who.enterprise_id is not None
        if not ours or self._has_left(team_id or who.team_id or ""):
            raise NotHere
        return who

    def who(self) -> AuthorizeResult:
        """Ourselves, as Slack knows us.

        Raises:
            SettingError: Slack does not take the token.
            SlackApiError: Slack has another reason not to answer now.
            OSError: Slack is out of reach.
        """
        with self._asking:
            if self._who is None:
                asked_at = self._clock()
                try:
                    answer = self._clients.quick(self._token).auth_test()
                except SlackApiError as error:
                    if error.response.get("error") in _REFUSED:
                        raise SettingError(
                            f"Slack does not take SLACK_BOT_TOKEN ({error.response['error']}). Copy it again "
                            "from api.slack.com under your app, OAuth & Permissions."
                        ) from error
                    raise
                self._who = AuthorizeResult.from_auth_test_response(auth_test_response=answer, bot_token=self._token)
                self._asked_at = asked_at
            return self._who

    def good_since(self, workspace: str, enterprise: str = "") -> datetime | None:
        """A moment at which our token there was certainly good: whatever Slack says of before, it is no longer so."""
        return self._asked_at

    def client_to_be(self) -> WebClient:
        """For answering people, without a token: Bolt puts in the one that `authorize` gives it."""
        return self._clients.quick()

    def quick_client(self, workspace: str) -> WebClient:
        """For answering people: waits once when Slack is busy, and gives up soon."""
        return self._clients.quick(self._token)

    def patient_client(self, workspace: str) -> WebClient:
        """For the messenger, which does its own waiting.

        Raises:
            NotHere: we may not speak in that workspace.
        """
        return self._clients.patient(self._token)

    def _has_left(self, workspace: str) -> bool:
        if self._database is None:
            return False
        with self._database.reading() as session:
            return workspaces.has_left(session, workspace)


class Authorizing(Authorize):
    """Lets Bolt ask a connection who we are."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._connection = connection

    def __call__(
        self,
        *,
        context: BoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        """Who we are where this request comes from."""
        return self._connection.authorize(team_id, enterprise_id, org_wide=bool(context.is_enterprise_install))
