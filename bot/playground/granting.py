"""How the app gets into a workspace and stays there: consent, codes that work once, tokens that run out.

As on Slack: a code lives ten minutes and works once, for the redirect address it was made for; with token rotation a
bot token lives twelve hours, and its refresh token works once. An organisation's token is good in all its workspaces.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.playground.refusals import Refused
from bot.playground.workspace import Person, Workspace

CLIENT_ID, CLIENT_SECRET = "1000000000.2000000000", "playground-client-secret"
CODE_LIVES = timedelta(minutes=10)
TOKEN_LIVES = timedelta(hours=12)


@dataclass(eq=False)
class Code:
    """What the app gets from somebody's consent, to be exchanged for a token."""

    workspace: Workspace
    person: Person
    redirect_uri: str
    issued_at: datetime
    org_wide: bool
    used: bool = False


@dataclass(eq=False)
class Access:
    """A bot token, where it is good, and until when."""

    token: str
    workspace: Workspace
    org_wide: bool
    person: Person
    expires_at: datetime | None
    refresh_token: str
    live: bool = True

    def is_for(self, workspace: Workspace) -> bool:
        """Whether it is good in that workspace."""
        if self.org_wide:
            return workspace.enterprise_id == self.workspace.enterprise_id
        return workspace is self.workspace


@dataclass(eq=False)
class Grants:
    """Consents, codes and tokens of one app. `rotates` is what the app's page calls token rotation."""

    redirect_urls: list[str] = field(default_factory=list)
    rotates: bool = False
    codes: dict[str, Code] = field(default_factory=dict)
    given: list[Access] = field(default_factory=list)
    refreshed: int = 0
    """How often a refresh token was spent."""

    def trouble(self, asked: dict[str, str], scopes: frozenset[str]) -> str:
        """What Slack would not take about a request for consent; empty, if it is well."""
        if asked.get("client_id") != CLIENT_ID:
            return "invalid_client_id"
        if not self._knows(asked.get("redirect_uri", "")):
            return "bad_redirect_uri"
        if not asked.get("scope") or not set(asked["scope"].split(",")) <= scopes:
            return "invalid_scope"
        return ""

    def consent(
        self, workspace: Workspace, person: Person, redirect_uri: str, now: datetime, *, org_wide: bool = False
    ) -> str:
        """Somebody has agreed. Returns the code that the app gets."""
        code = f"{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.codes[code] = Code(workspace, person, redirect_uri, now, org_wide)
        return code

    def exchange(self, code: str, redirect_uri: str, now: datetime) -> Access:
        """A token for a code.

        Raises:
            Refused: `invalid_code`, `code_already_used` or `bad_redirect_uri`.
        """
        known = self.codes.get(code)
        if known is None or now - known.issued_at > CODE_LIVES:
            raise Refused("invalid_code")
        if known.used:
            raise Refused("code_already_used")
        if redirect_uri != known.redirect_uri:
            raise Refused("bad_redirect_uri")
        known.used = True
        self.revoke([known.workspace], org_wide=known.org_wide)
        return self._give(known.workspace, known.person, known.org_wide, now)

    def refresh(self, refresh_token: str, now: datetime) -> Access:
        """A new token for a refresh token, which works once. The token of before lives until its own end.

        Raises:
            Refused: `invalid_refresh_token`.
        """
        before = next((one for one in self.given if refresh_token and one.refresh_token == refresh_token), None)
        if before is None or not before.live:
            raise Refused("invalid_refresh_token")
        before.refresh_token = ""
        self.refreshed += 1
        return self._give(before.workspace, before.person, before.org_wide, now)

    def found(self, token: str, now: datetime) -> Access | None:
        """Whose token this is; None, if it was never given.

        Raises:
            Refused: `token_expired`, or `account_inactive` when the app was removed.
        """
        access = next((one for one in self.given if token and one.token == token), None)
        if access is not None and not access.live:
            raise Refused("account_inactive")
        if access is not None and access.expires_at is not None and access.expires_at <= now:
            raise Refused("token_expired")
        return access

    def revoke(self, workspaces: Iterable[Workspace], *, org_wide: bool = False) -> None:
        """No token that is good in one of these works any more."""
        everywhere = list(workspaces)
        for access in self.given:
            if access.org_wide == org_wide and any(access.is_for(workspace) for workspace in everywhere):
                access.live = False

    def _give(self, workspace: Workspace, person: Person, org_wide: bool, now: datetime) -> Access:
        start = "xoxe.xoxb-" if self.rotates else "xoxb-"
        access = Access(
            start + secrets.token_hex(16),
            workspace,
            org_wide,
            person,
            now + TOKEN_LIVES if self.rotates else None,
            f"xoxe-{secrets.token_hex(16)}" if self.rotates else "",
        )
        self.given.append(access)
        return access

    def _knows(self, redirect_uri: str) -> bool:
        return any(redirect_uri == url or redirect_uri.startswith(url.rstrip("/") + "/") for url in self.redirect_urls)


def told(access: Access, scopes: frozenset[str]) -> dict[str, Any]:
    """What `oauth.v2.access` says of a token."""
    workspace = access.workspace
    enterprise = {"id": workspace.enterprise_id, "name": workspace.enterprise_name} if workspace.enterprise_id else None
    body: dict[str, Any] = {
        "access_token": access.token,
        "token_type": "bot",
        "scope": ",".join(sorted(scopes)),
        "bot_user_id": workspace.bot_user_id,
        "app_id": workspace.app_id,
        "team": None if access.org_wide else {"id": workspace.id, "name": workspace.name},
        "enterprise": enterprise,
        "authed_user": {"id": access.person.id},
        "is_enterprise_install": access.org_wide,
    }
    if access.expires_at is not None:
        body |= {"refresh_token": access.refresh_token, "expires_in": int(TOKEN_LIVES.total_seconds())}
    return body
