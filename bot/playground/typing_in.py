"""What happens to words on their way from a person's fingers to the app."""

from __future__ import annotations

import re
from typing import Any

from bot.playground.controls import NotShown
from bot.playground.workspace import GROUNDSWELL, Workspace

LINK = re.compile(r"https?://[^\s<>]+")


def escaped(text: str) -> str:
    """Text from the message box arrives with these three characters escaped, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_mentions(text: str, workspace: Workspace) -> str:
    """Names after an @ and channels after a # become ids: `@Tom` is `<@U…>`, `#front-desk` is `<#C…|front-desk>`."""
    names = {person.name: person.id for person in workspace.people.values()} | {GROUNDSWELL: workspace.bot_user_id}
    for name, user_id in names.items():
        text = re.sub(rf"@{re.escape(name)}\b", f"<@{user_id}>", text, flags=re.IGNORECASE)
    for channel in workspace.channels.values():
        if channel.kind != "im":
            text = re.sub(rf"(?<!\w)#{re.escape(channel.name)}\b(?!-)", f"<#{channel.id}|{channel.name}>", text)
    return text


def with_links(text: str) -> str:
    """Addresses typed in a message become links: `<https://…>`."""
    return LINK.sub(lambda found: f"<{found.group()}>", text)


def field_called(blocks: list[dict[str, Any]], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The input block that goes by this block id, action id or label, and its element.

    Raises:
        NotShown: when there is none, or more than one.
    """
    inputs = [(block, block["element"]) for block in blocks if block.get("type") == "input"]
    beside = [
        (b, b["accessory"]) for b in blocks if b.get("accessory", {}).get("type", "button") not in ("button", "image")
    ]
    inside = [(b, e) for b in blocks if b.get("type") == "actions" for e in b["elements"] if e["type"] != "button"]
    everything = inputs + beside + inside
    for matches in (
        [one for one in everything if one[0]["block_id"] == name],
        [one for one in everything if one[1].get("action_id") == name],
        [one for one in inputs if one[0]["label"]["text"] == name],
    ):
        if len(matches) == 1:
            return matches[0]
    fields = ", ".join(
        f"{b['block_id']}/{e['action_id']} “{b.get('label', {}).get('text', '')}”" for b, e in everything
    )
    raise NotShown(f"There is no field {name!r}. What can be filled in: {fields or 'nothing'}")
