"""How the app gets its tokens: `oauth.v2.access`, with a code or with a refresh token."""

from __future__ import annotations

from typing import Any

from bot.playground import granting
from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused


@method(
    "oauth.v2.access",
    takes="client_id client_secret code redirect_uri grant_type refresh_token",
    form_only=True,
    by_client=True,
)
def oauth_v2_access(ask: Ask) -> dict[str, Any]:
    """A token for a code, or a new one for a refresh token."""
    grants, now = ask.slack.grants, ask.slack.now()
    if ask.text("client_id") != granting.CLIENT_ID:
        raise Refused("invalid_client_id")
    if ask.text("client_secret") != granting.CLIENT_SECRET:
        raise Refused("bad_client_secret")
    kind = ask.text("grant_type") or "authorization_code"
    if kind == "refresh_token":
        access = grants.refresh(ask.text("refresh_token"), now)
    elif kind == "authorization_code":
        access = grants.exchange(ask.text("code"), ask.text("redirect_uri"), now)
        for workspace in ask.slack.workspaces:
            if access.is_for(workspace):
                workspace.installed, workspace.org_install = True, access.org_wide
    else:
        raise Refused("invalid_grant_type")
    return granting.told(access, access.workspace.scopes)
