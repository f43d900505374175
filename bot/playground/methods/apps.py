"""Who the app is, and how it connects: `api.*`, `auth.*`, `apps.*`, `bots.*`, `team.*`."""

from __future__ import annotations

from typing import Any

from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused


@method("api.test", takes="error foo")
def api_test(ask: Ask) -> dict[str, Any]:
    """Says that the API is there."""
    if error := ask.text("error"):
        raise Refused(error)
    return {"args": {name: value for name, value in ask.arguments.items() if name != "token"}}


@method("auth.test")
def auth_test(ask: Ask) -> dict[str, Any]:
    """Says whose token this is."""
    if ask.org_wide:
        return {
            "url": f"https://{ask.workspace.domain}.enterprise.slack.com/",
            "team": ask.workspace.enterprise_name,
            "team_id": ask.workspace.enterprise_id,
            "user": "groundswell",
            "user_id": ask.workspace.bot_user_id,
            "bot_id": ask.workspace.bot_id,
            "enterprise_id": ask.workspace.enterprise_id,
            "is_enterprise_install": True,
        }
    return {
        "url": f"https://{ask.workspace.domain}.slack.com/",
        "team": ask.workspace.name,
        "team_id": ask.workspace.id,
        "user": "groundswell",
        "user_id": ask.workspace.bot_user_id,
        "bot_id": ask.workspace.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", scope="connections:write", app_level=True)
def connections_open(ask: Ask) -> dict[str, Any]:
    """A URL for one Socket Mode connection."""
    return {"url": ask.slack.sockets.open_url()}


@method("bots.info", scope="users:read", takes="bot", form_only=True)
def bots_info(ask: Ask) -> dict[str, Any]:
    """What is known about our own bot."""
    workspace = ask.workspace
    if ask.text("bot") not in ("", workspace.bot_id):
        raise Refused("bot_not_found")
    bot = {"id": workspace.bot_id, "deleted": False, "name": "Groundswell", "updated": 0, "icons": {}}
    return {"bot": {**bot, "app_id": workspace.app_id, "user_id": workspace.bot_user_id}}


@method("team.info", scope="team:read", takes="team domain", form_only=True)
def team_info(ask: Ask) -> dict[str, Any]:
    """What is known about the workspace."""
    workspace = ask.workspace
    team = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain, "email_domain": "", "icon": {}}
    return {"team": {**team, "url": f"https://{workspace.domain}.slack.com/"}}
