"""The payloads of commands and interactions, with the fields that Slack sends."""

from __future__ import annotations

from typing import Any

from bot.playground import controls
from bot.playground.ground import Ground
from bot.playground.workspace import Channel, Message, Person, View, Workspace


def command(workspace: Workspace, who: Person, where: Channel, name: str, text: str) -> dict[str, Any]:
    """The form of a slash command, without its handles."""
    grid = workspace.enterprise_id is not None
    return {
        "token": "playground",
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": where.id,
        "channel_name": where.name_in_commands,
        "user_id": who.id,
        "user_name": who.name.lower(),
        "command": name,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "true" if workspace.org_install else "false",
        **({"enterprise_id": workspace.enterprise_id, "enterprise_name": workspace.enterprise_name} if grid else {}),
    }


def _act(workspace: Workspace, who: Person, kind: str) -> dict[str, Any]:
    name = who.name.lower()
    grid = workspace.enterprise_id
    user = {"id": who.id, "username": name, "name": name, "team_id": who.home_team_id or workspace.id}
    return {
        "type": kind,
        "user": user,
        "team": None if workspace.org_install else {"id": workspace.id, "domain": workspace.domain},
        "api_app_id": workspace.app_id,
        "token": "playground",
        "enterprise": {"id": grid, "name": workspace.enterprise_name} if grid else None,
        "is_enterprise_install": workspace.org_install,
    }


def block_actions(
    slack: Ground, workspace: Workspace, who: Person, on: Message | View, action: dict[str, Any]
) -> dict[str, Any]:
    """A click. One on a message brings a response URL; one on an ephemeral brings no message with it."""
    payload = _act(workspace, who, "block_actions") | {"actions": [action]}
    if isinstance(on, View):
        modal = on if on in workspace.stack(who.id) else None
        payload |= {"container": {"type": "view", "view_id": on.id}, "view": on.for_api(workspace)}
        payload["trigger_id"] = slack.handles.trigger(workspace, who, slack.now(), modal)
        return payload
    channel = workspace.channels[on.channel]
    container = {"type": "message", "message_ts": on.ts, "channel_id": on.channel, "is_ephemeral": bool(on.only_for)}
    if on.thread_ts:
        container["thread_ts"] = on.thread_ts
    values = controls.initial_values(on.blocks)
    for block_id, actions in on.chosen.get(who.id, {}).items():
        values.setdefault(block_id, {}).update(actions)
    url = slack.handles.response_url("actions", workspace, who, channel, slack.now(), on)
    payload |= {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name_in_commands},
        "trigger_id": slack.handles.trigger(workspace, who, slack.now(), channel=channel),
        "response_url": slack.base_url + url,
        "state": {"values": values},
    }
    if not on.only_for:
        payload["message"] = on.for_api(workspace)
    return payload


def block_suggestion(
    slack: Ground,
    workspace: Workspace,
    who: Person,
    on: Message | View,
    block: dict[str, Any],
    element: dict[str, Any],
    typed: str,
) -> dict[str, Any]:
    """A question for the options of a menu."""
    payload = _act(workspace, who, "block_suggestion")
    payload |= {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
    if isinstance(on, View):
        return payload | {"container": {"type": "view", "view_id": on.id}, "view": on.for_api(workspace)}
    return payload | {"container": {"type": "message", "message_ts": on.ts, "channel_id": on.channel}}


def view_submission(slack: Ground, workspace: Workspace, who: Person, view: View) -> dict[str, Any]:
    """A form that was sent. Response URLs come with it only where a field has asked for them."""
    urls = []
    for block in view.blocks:
        element = block.get("element", {})
        if element.get("response_url_enabled"):
            state = view.values[block["block_id"]][element["action_id"]]
            channel = workspace.channels.get(str(state.get("selected_conversation") or state.get("selected_channel")))
            if channel:
                url = slack.handles.response_url("actions", workspace, who, channel, slack.now())
                where = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel.id}
                urls.append({**where, "response_url": slack.base_url + url})
    return _act(workspace, who, "view_submission") | {
        "trigger_id": slack.handles.trigger(workspace, who, slack.now(), view),
        "view": view.for_api(workspace),
        "response_urls": urls,
    }


def view_closed(workspace: Workspace, who: Person, view: View, is_cleared: bool) -> dict[str, Any]:
    """A form that was closed without being sent."""
    return _act(workspace, who, "view_closed") | {"view": view.for_api(workspace), "is_cleared": is_cleared}


def shortcut(
    slack: Ground, workspace: Workspace, who: Person, callback_id: str, message: Message | None
) -> dict[str, Any]:
    """A shortcut: a global one, or one on a message."""
    payload = _act(workspace, who, "message_action" if message else "shortcut")
    payload |= {"callback_id": callback_id, "action_ts": slack.next_ts()}
    channel = workspace.channels[message.channel] if message else None
    payload["trigger_id"] = slack.handles.trigger(workspace, who, slack.now(), channel=channel)
    if message is None or channel is None:
        return payload
    url = slack.handles.response_url("actions", workspace, who, channel, slack.now())
    return payload | {
        "message_ts": message.ts,
        "message": message.for_api(workspace),
        "channel": {"id": channel.id, "name": channel.name_in_commands},
        "response_url": slack.base_url + url,
    }
