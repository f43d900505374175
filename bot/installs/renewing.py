"""Tokens that run out after twelve hours are renewed in time, each by one of us alone.

A refresh token works once: were two processes to spend the same one, Slack would give the second nothing. So whoever
renews claims it in the database first, and the others go on with the token of before, which lives until its own end.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import OperationalError

from bot import errors
from bot.config import Settings
from bot.connection import Clients
from storage import installations
from storage.database import Busy, Database
from storage.installations import Keys, Tokens
from storage.models import Installation

log = logging.getLogger(__name__)

IN_TIME = timedelta(hours=2)
"""So long before its end the clock renews a token."""
_LATE = timedelta(minutes=5)
"""So shortly before its end, whoever needs a token renews it, should the clock not have."""
_SECONDS_TO_WAIT = 2.0
_TRIES_TO_KEEP = 5


class Renewing:
    """Renews the tokens of all installations, in as many processes as there are."""

    def __init__(self, settings: Settings, database: Database, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._client_id, self._client_secret = settings.slack_client_id, settings.slack_client_secret
        self._clients = Clients(settings.slack_api_url)
        self._database = database
        self._keys = keys
        self._clock = clock
        self._name = uuid.uuid4().hex

    def look_again(self) -> None:
        """Renew every token that runs out before long."""
        with self._database.reading() as session:
            expiring = installations.expiring(session, before=self._clock() + IN_TIME)
        for installation in expiring:
            self._renew(installation)

    def fresh(self, installation: Installation) -> Installation | None:
        """The installation with a token that is good now; None, if it was removed meanwhile."""
        if installation.expires_at is None or installation.expires_at > self._clock() + _LATE:
            return installation
        self._renew(installation)
        latest = self._latest(installation)
        until = time.monotonic() + _SECONDS_TO_WAIT  # another process may be fetching the new one this moment
        while latest is not None and self._is_over(latest) and time.monotonic() < until:
            threading.Event().wait(0.05)
            latest = self._latest(installation)
        return latest

    def _renew(self, installation: Installation) -> None:
        by = f"{self._name}/{uuid.uuid4().hex}"
        with self._database.transaction() as session:
            if not installations.claim_renewal(session, installation, by=by, now=self._clock()):
                return
        try:
            answer = self._clients.patient().oauth_v2_access(
                client_id=self._client_id,
                client_secret=self._client_secret,
                grant_type="refresh_token",
                refresh_token=self._keys.open(installation).refresh_token,
            )
            tokens = Tokens(str(answer["access_token"]), str(answer["refresh_token"]))
            expires_at = self._clock() + timedelta(seconds=int(answer["expires_in"]))
        except (SlackClientError, OSError, installations.Unreadable) as error:
            why = error.response.get("error") if isinstance(error, SlackApiError) else type(error).__qualname__
            log.error("The token of %s could not be renewed (%s).", _named(installation), why)
            with self._database.transaction() as session:
                installations.release(session, installation, by=by)
            return
        self._keep(installation, tokens, by=by, expires_at=expires_at)

    def _keep(self, installation: Installation, tokens: Tokens, *, by: str, expires_at: datetime) -> None:
        """Keep what the refresh token was spent for, and do not give up easily: it cannot be had again."""
        sealed = self._keys.seal(tokens, enterprise=installation.enterprise, workspace=installation.workspace)
        for _ in range(_TRIES_TO_KEEP):
            try:
                with self._database.transaction() as session:
                    installations.renew(session, installation, sealed, by=by, expires_at=expires_at)
                return
            except (Busy, OperationalError) as error:
                errors.record(error)
        log.error("The new token of %s could not be kept. It may have to be installed anew.", _named(installation))

    def _latest(self, installation: Installation) -> Installation | None:
        with self._database.reading() as session:
            return session.get(Installation, (installation.enterprise, installation.workspace))

    def _is_over(self, installation: Installation) -> bool:
        return installation.expires_at is not None and installation.expires_at <= self._clock()


def _named(installation: Installation) -> str:
    return installation.workspace or installation.enterprise
