"""People: `users.*`."""

from __future__ import annotations

from typing import Any

from bot.playground.methods.ask import Ask, method


@method("users.info", scope="users:read", needs="user", takes="include_locale", form_only=True)
def users_info(ask: Ask) -> dict[str, Any]:
    """One person, or the bot itself."""
    workspace = ask.workspace
    if ask.text("user") == workspace.bot_user_id:
        bot = {"id": workspace.bot_user_id, "team_id": workspace.id, "name": "groundswell", "deleted": False}
        return {"user": {**bot, "real_name": "Groundswell", "is_bot": True, "profile": {"bot_id": workspace.bot_id}}}
    user = ask.person().for_api(ask.slack.now())
    if ask.flag("include_locale"):
        user["locale"] = "en-GB"
    return {"user": user}


@method("users.list", scope="users:read", takes="cursor limit include_locale team_id", form_only=True)
def users_list(ask: Ask) -> dict[str, Any]:
    """Everybody, page by page."""
    people, onward = ask.page([person.for_api(ask.slack.now()) for person in ask.workspace.people.values()])
    return {"members": people, "response_metadata": onward}
