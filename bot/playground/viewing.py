"""Modals open, change, stack up and close."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from bot.playground import controls
from bot.playground.ground import Ground
from bot.playground.workspace import Channel, Person, View, Workspace

DEEPEST = 3
"""How many modals may lie on top of each other."""


def every(workspace: Workspace) -> Iterator[View]:
    """All open modals and all Home tabs of a workspace."""
    yield from workspace.homes.values()
    for stack in workspace.modals.values():
        yield from stack


def show(slack: Ground, view: View, content: dict[str, Any]) -> None:
    """Shows other content in a view; its hash changes."""
    with slack.changing():
        now = int(slack.now().timestamp())
        named = {**content, "blocks": controls.named(content.get("blocks") or [])}
        view.show(named, f"{now}.{secrets.token_hex(4)}")


def open_modal(slack: Ground, workspace: Workspace, person: Person, content: dict[str, Any]) -> View:
    """Opens a first modal; one that was open before gives way."""
    with slack.changing():
        close_all(slack, workspace, person)
        return push(slack, workspace, person, content)


def start_in(view: View, channel: Channel) -> None:
    """Fills in the channel where the person has just acted, in menus that ask for it."""
    for block, element in controls.on(view.blocks):
        if element.get("default_to_current_conversation") and not element.get("initial_conversation"):
            chosen = [channel.id] if element["type"].startswith("multi_") else channel.id
            view.values[block["block_id"]][element["action_id"]] = controls.chosen(element, chosen)


def push(slack: Ground, workspace: Workspace, person: Person, content: dict[str, Any]) -> View:
    """Puts a modal on top of those that are open."""
    with slack.changing():
        stack = workspace.stack(person.id)
        view_id = f"V{secrets.token_hex(5).upper()}"
        root = stack[0].id if stack else view_id
        view = View(view_id, workspace.id, person.id, content, "", root, stack[-1].id if stack else None)
        show(slack, view, content)
        stack.append(view)
        return view


def close(slack: Ground, workspace: Workspace, view: View) -> None:
    """Closes one modal; the one below shows again."""
    with slack.changing():
        view.is_open = False
        stack = workspace.stack(view.person)
        if view in stack:
            stack.remove(view)


def close_all(slack: Ground, workspace: Workspace, person: Person) -> None:
    """Closes every modal that a person has open."""
    with slack.changing():
        for view in list(workspace.stack(person.id)):
            close(slack, workspace, view)
