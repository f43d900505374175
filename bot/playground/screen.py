"""What the page shows to one person, as plain JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.playground import controls
from bot.playground.manifest import Step
from bot.playground.workflows import Execution
from bot.playground.workspace import Channel, Message, Person, View, Workspace

if TYPE_CHECKING:
    from bot.playground.local_slack import LocalSlack

EXAMPLES = [
    "/demand I've rung three times about my boiler and nobody has come",
    "/demand Where has my repair got to?",
    "/improve We key the same address into two systems",
    "/groundswell help",
]
"""What the hint chips put into the message box."""
LATEST_RUNS = 5


def of(slack: LocalSlack, who: Person, channel: Channel, *, reading: bool = True) -> dict[str, Any]:
    """Everything on the screen of somebody who has this channel open; if they are `reading`, it counts as read."""
    workspace = slack.workspace_of(who)
    with slack.state:
        sight = slack.sees(who, channel)
        if reading and sight.messages:
            workspace.read_up_to[who.id, channel.id] = sight.messages[-1].ts
        direct = workspace.direct_message(who, slack.now())
        return {
            "version": slack.version,
            "workspace": workspace.name,
            "me": {"id": who.id, "name": who.name, "tz": who.tz},
            "bot": workspace.bot_user_id,
            "people": [_person(one) for one in workspace.people.values()],
            "channels": [_channel(workspace, who, one) for one in workspace.channels.values() if _sees(who, one)],
            "direct": direct.id,
            "channel": channel.id,
            "messages": [_message(workspace, who, one) for one in sight],
            "view": _view(sight.view),
            "depth": len(sight.views),
            "has_home": slack.manifest.home_tab,
            "home": _view(sight.home),
            "commands": [{"command": name, "hint": hint} for name, hint in slack.manifest.hints],
            "shortcuts": [
                {"name": name, "callback_id": callback_id, "type": kind}
                for name, callback_id, kind in slack.manifest.shortcut_names
            ],
            "steps": [_step(one) for one in slack.manifest.steps],
            "runs": [_run(one) for one in slack.executions.of(who.id, workspace.id)[-LATEST_RUNS:]],
            "examples": [one for one in EXAMPLES if _works(slack, one)],
        }


def _works(slack: LocalSlack, example: str) -> bool:
    known = slack.manifest.commands
    return known is None or example.split()[0] in known


def _sees(who: Person, channel: Channel) -> bool:
    return who.id in channel.members or (channel.kind == "channel" and not who.is_restricted)


def _person(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "title": person.title}


def _channel(workspace: Workspace, who: Person, channel: Channel) -> dict[str, Any]:
    read = workspace.read_up_to.get((who.id, channel.id), "")
    seen = [m for m in workspace.in_channel(channel.id) if m.only_for in (None, who.id) and m.author != who.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "is_archived": channel.is_archived,
        "is_member": who.id in channel.members,
        "unread": bool(seen) and seen[-1].ts > read,
    }


def _message(workspace: Workspace, who: Person, message: Message) -> dict[str, Any]:
    author = workspace.people.get(message.author)
    values = controls.initial_values(message.blocks)
    for block_id, actions in message.chosen.get(who.id, {}).items():
        values.setdefault(block_id, {}).update(actions)
    return {
        "ts": message.ts,
        "author": message.author,
        "name": message.username or (author.name if author else "Groundswell"),
        "is_app": message.by_bot,
        "is_mine": message.author == who.id,
        "text": message.text,
        "blocks": message.blocks,
        "files": message.files,
        "reactions": [
            {"name": name, "count": len(users), "mine": who.id in users} for name, users in message.reactions.items()
        ],
        "only_you": message.only_for is not None,
        "thread_ts": message.thread_ts if message.thread_ts != message.ts else None,
        "edited": message.edited_ts is not None,
        "values": values,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "callback_id": step.callback_id,
        "title": step.title,
        "description": step.description,
        "inputs": [asdict(one) for one in step.inputs],
    }


def _run(run: Execution) -> dict[str, Any]:
    """How a step ended, with its outputs in the order of the manifest."""
    outputs = [
        {"title": one.title, "value": str(run.outputs[one.name])} for one in run.step.outputs if one.name in run.outputs
    ]
    return {"id": run.id, "title": run.step.title, "state": run.state, "outputs": outputs, "error": run.error}


def _view(view: View | None) -> dict[str, Any] | None:
    if view is None:
        return None
    return {
        "id": view.id,
        "hash": view.hash,
        "title": view.title,
        "submit": (view.content.get("submit") or {}).get("text"),
        "close": (view.content.get("close") or {}).get("text"),
        "blocks": view.blocks,
        "values": view.values,
        "errors": view.errors,
        "trouble": view.trouble,
    }
