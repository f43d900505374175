"""Who we are in each of many workspaces: the tokens they gave us, read from the database every time they are used.

So an uninstalled workspace's token is used by nobody a moment later, in whichever process, and a renewed one by all.
Only the decrypting is remembered, by what was decrypted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.config import SettingError, Settings
from bot.connection import Connection, NotHere
from bot.installs.renewing import Renewing
from storage import installations, leaving, workspaces
from storage.database import Database
from storage.installations import Keys, Tokens
from storage.models import Installation


def connect(settings: Settings, database: Database, clock: Callable[[], datetime] | None = None) -> Connection:
    """The connection that the settings ask for: with one workspace's token, or with those of many."""
    kind = Connections if settings.many else Connection
    return kind(settings, database, clock or (lambda: datetime.now(UTC)))


class Connections(Connection):
    """Any number of workspaces and organisations, each with its own token."""

    def __init__(self, settings: Settings, database: Database, clock: Callable[[], datetime]) -> None:
        super().__init__(settings, database, clock)
        self.database = database
        self.keys = Keys(settings.groundswell_key)
        self.renewing = Renewing(settings, database, self.keys, clock)
        self._opened = lru_cache(maxsize=1_000)(self._open)

    def authorize(
        self, team_id: str | None = None, enterprise_id: str | None = None, *, org_wide: bool = False
    ) -> AuthorizeResult:
        """What Bolt asks with every request: who are we there?

        Raises:
            NotHere: nobody; the app is not installed, or no longer.
        """
        installation = self._installation(team_id or "", enterprise_id or "", org_wide=org_wide)
        if not installation.workspace and team_id:
            self._settle_in(team_id, installation.enterprise)
        return AuthorizeResult(
            enterprise_id=installation.enterprise or enterprise_id,
            team_id=team_id,
            bot_id=installation.bot_id,
            bot_user_id=installation.bot_user,
            bot_token=self._tokens(installation).token,
            bot_scopes=installation.scopes,
        )

    def who(self) -> AuthorizeResult:
        """Nobody in particular: there may be many of us."""
        return AuthorizeResult(enterprise_id=None, team_id=None)

    def good_since(self, workspace: str, enterprise: str = "") -> datetime | None:
        """When the app was last installed there."""
        with self.database.reading() as session:
            if workspace:
                installation = installations.of(session, workspace)
            else:
                installation = session.get(Installation, (enterprise, ""))
        return installation.installed_at if installation is not None else None

    def reseal(self) -> None:
        """Encrypt with our newest key what an older one had encrypted, so that the older one can be put away.

        Raises:
            SettingError: there is something that none of our keys reads.
        """
        try:
            with self.database.transaction() as session:
                installations.reseal(session, self.keys)
        except installations.Unreadable:
            raise SettingError(
                "GROUNDSWELL_KEY does not read the tokens in the database. Put the key they were encrypted with behind "
                "the new one, with a comma between them; if it is lost, every workspace has to install anew."
            ) from None

    def quick_client(self, workspace: str) -> WebClient:
        """For answering people: waits once when Slack is busy, and gives up soon.

        Raises:
            NotHere: the app is not installed there.
        """
        token, team = self._token_for(workspace)
        return self._clients.quick(token, team=team)

    def patient_client(self, workspace: str) -> WebClient:
        """For the messenger, which does its own waiting.

        Raises:
            NotHere: the app is not installed there.
        """
        token, team = self._token_for(workspace)
        return self._clients.patient(token, team=team)

    def _token_for(self, workspace: str) -> tuple[str, str | None]:
        """The token, and the workspace to name beside it where the token is good in several."""
        installation = self._installation(workspace, "", org_wide=False)
        return self._tokens(installation).token, None if installation.workspace else workspace

    def _installation(self, workspace: str, enterprise: str, *, org_wide: bool) -> Installation:
        with self.database.reading() as session:
            installation = installations.of(session, workspace, enterprise=enterprise, org_first=org_wide)
        if installation is None:
            raise NotHere
        installation = self.renewing.fresh(installation)
        if installation is None:
            raise NotHere
        return installation

    def _settle_in(self, workspace: str, enterprise: str) -> None:
        """A workspace of an organisation that has installed us speaks to us for the first time, or again."""
        with self.database.reading() as session:
            known = workspaces.find(session, workspace)
        if known is None or known.enterprise != enterprise or known.purge_at is not None:
            receive(self.database, workspace, enterprise=enterprise, now=self._clock())

    def _tokens(self, installation: Installation) -> Tokens:
        whose = (installation.enterprise, installation.workspace)
        return self._opened(*whose, installation.sealed)

    def _open(self, enterprise: str, workspace: str, sealed: bytes) -> Tokens:
        whole = Installation(enterprise=enterprise, workspace=workspace, sealed=sealed, installed_at=self._clock())
        return self.keys.open(whole)


def receive(
    database: Database,
    workspace: str,
    *,
    now: datetime,
    name: str = "",
    timezone: str = "UTC",
    enterprise: str = "",
) -> None:
    """Receive a workspace that has installed us. One that comes back finds everything again, within its grace."""
    finish_purging(database, workspace, now=now)
    with database.transaction() as session:
        leaving.come_back(session, workspace)
        workspaces.join(session, workspace, now=now, name=name, timezone=timezone, enterprise=enterprise)


def finish_purging(database: Database, workspace: str, *, now: datetime) -> bool:
    """Delete all that is left of a workspace whose grace is over. Returns whether there was anything."""
    purged = False
    while True:
        with database.transaction() as session:
            if not leaving.purge(session, workspace, now=now):
                return purged
        purged = True
