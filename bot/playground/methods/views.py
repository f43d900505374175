"""Modals and Home tabs: `views.*`."""

from __future__ import annotations

import secrets
from typing import Any

from bot.playground import checks, viewing
from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused
from bot.playground.workspace import View


def _no_double(ask: Ask, content: dict[str, Any], view: View | None = None) -> None:
    """An external id belongs to one view of the team."""
    external_id = content.get("external_id")
    if external_id and any(
        other is not view and other.content.get("external_id") == external_id for other in viewing.every(ask.workspace)
    ):
        raise Refused("duplicate_external_id")


@method("views.open", needs="view", takes="trigger_id interactivity_pointer")
def open_view(ask: Ask) -> dict[str, Any]:
    """Opens a modal for the person who has just acted."""
    content = checks.view(ask.arguments["view"], ask.workspace, "modal")
    _no_double(ask, content)
    trigger = ask.slack.handles.exchange(ask.arguments.get("trigger_id"), ask.workspace, ask.slack.now())
    view = viewing.open_modal(ask.slack, ask.workspace, trigger.person, content)
    if trigger.channel:
        viewing.start_in(view, trigger.channel)
    return {"view": view.for_api(ask.workspace)}


@method("views.push", needs="view", takes="trigger_id interactivity_pointer")
def push(ask: Ask) -> dict[str, Any]:
    """Puts a modal on top of the one that the person has just acted in."""
    content = checks.view(ask.arguments["view"], ask.workspace, "modal")
    _no_double(ask, content)
    trigger = ask.slack.handles.exchange(ask.arguments.get("trigger_id"), ask.workspace, ask.slack.now())
    stack = ask.workspace.stack(trigger.person.id)
    if trigger.view is None or trigger.view not in stack:
        raise Refused("not_found")
    if len(stack) >= viewing.DEEPEST:
        raise Refused("push_limit_reached")
    view = viewing.push(ask.slack, ask.workspace, trigger.person, content)
    return {"view": view.for_api(ask.workspace)}


@method("views.update", needs="view", takes="view_id external_id hash")
def update(ask: Ask) -> dict[str, Any]:
    """Shows other content in an open view."""
    view_id, external_id = ask.text("view_id"), ask.text("external_id")
    if bool(view_id) == bool(external_id):
        raise Refused("invalid_arguments", ["must provide exactly one of: view_id, external_id [json-pointer:/]"])
    view = next(
        (
            v
            for v in viewing.every(ask.workspace)
            if v.id == view_id or v.content.get("external_id") == external_id != ""
        ),
        None,
    )
    if view is None:
        raise Refused("not_found")
    content = checks.view(ask.arguments["view"], ask.workspace, view.content["type"])
    _no_double(ask, content, view)
    if ask.text("hash") and ask.text("hash") != view.hash:
        raise Refused("hash_conflict")
    viewing.show(ask.slack, view, content)
    return {"view": view.for_api(ask.workspace)}


@method("views.publish", needs="user_id view", takes="hash")
def publish(ask: Ask) -> dict[str, Any]:
    """Shows a person's Home tab, all of it anew."""
    if not ask.slack.manifest.home_tab:
        raise Refused("not_enabled")
    person = ask.person("user_id")
    content = checks.view(ask.arguments["view"], ask.workspace, "home")
    home = ask.workspace.homes.get(person.id)
    _no_double(ask, content, home)
    if ask.text("hash") and (home is None or ask.text("hash") != home.hash):
        raise Refused("hash_conflict")
    if home is None:
        view_id = f"V{secrets.token_hex(5).upper()}"
        home = View(view_id, ask.workspace.id, person.id, content, "", root_id=view_id)
        ask.workspace.homes[person.id] = home
    viewing.show(ask.slack, home, content)
    return {"view": home.for_api(ask.workspace)}
