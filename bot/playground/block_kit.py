"""Block Kit as Slack checks it: every block we know, and what must be true of all of them together.

Unknown types, unknown properties, doubled ids and anything over a limit become findings; `check` returns them all.
Which blocks may stand where follows Slack's reference pages (docs.slack.dev/reference/block-kit/blocks).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.elements import (
    BESIDE_A_SECTION,
    BLOCK,
    ELEMENTS,
    IN_ACTIONS,
    IN_AN_INPUT,
    SLACK_FILE,
    TYPE,
    one_image,
    plain,
    text,
)
from bot.playground.newer_blocks import NEWER_BLOCKS
from bot.playground.shapes import (
    Check,
    Findings,
    Shape,
    anything,
    at_least_one,
    boolean,
    by_type,
    find,
    listing,
    string,
)

BLOCKS_IN_A_MESSAGE = 50
BLOCKS_IN_A_VIEW = 100

RICH = by_type(
    {
        kind: Shape(
            {**TYPE, "elements": listing(anything, 1000, 0)},
            {"style": anything, "indent": anything, "border": anything, "offset": anything},
        )
        for kind in ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
    }
)
BLOCKS: dict[str, Check] = {
    "section": Shape(
        TYPE,
        {
            **BLOCK,
            "text": text(3000),
            "fields": listing(text(2000), 10),
            "accessory": by_type(ELEMENTS, BESIDE_A_SECTION),
            "expand": boolean,
        },
        (at_least_one("text", "fields"),),
    ),
    "header": Shape({**TYPE, "text": plain(150)}, BLOCK),
    "divider": Shape(TYPE, BLOCK),
    "image": Shape(
        {**TYPE, "alt_text": string(2000)},
        {**BLOCK, "image_url": string(3000), "slack_file": SLACK_FILE, "title": plain(2000)},
        (one_image,),
    ),
    "actions": Shape({**TYPE, "elements": listing(by_type(ELEMENTS, IN_ACTIONS), 25)}, BLOCK),
    "context": Shape({**TYPE, "elements": listing(by_type(ELEMENTS, {"image", "plain_text", "mrkdwn"}), 10)}, BLOCK),
    "context_actions": Shape(
        {**TYPE, "elements": listing(by_type(ELEMENTS, {"feedback_buttons", "icon_button"}), 5)}, BLOCK
    ),
    "input": Shape(
        {**TYPE, "label": plain(2000), "element": by_type(ELEMENTS, IN_AN_INPUT)},
        {**BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": Shape({**TYPE, "elements": listing(RICH, 1000, 0)}, BLOCK),
    "markdown": Shape({**TYPE, "text": string(12_000)}, BLOCK),
    "video": Shape(
        {
            **TYPE,
            "alt_text": string(2000),
            "title": plain(200),
            "video_url": string(3000),
            "thumbnail_url": string(3000),
        },
        {
            **BLOCK,
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": string(3000),
            "provider_name": string(50),
            "title_url": string(3000),
        },
    ),
    **NEWER_BLOCKS,
}

EVERYWHERE = {"section", "header", "divider", "image", "actions", "context", "input", "rich_text", "video", "card"}
ON = {
    "message": set(BLOCKS) - {"alert"},
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE | {"table", "carousel", "data_visualization"},
}
"""Which blocks may stand where."""
MOST = {"table": 1, "data_visualization": 2}
"""How many of a kind one message takes."""


def check(blocks: Any, surface: str, at: str = "/blocks") -> Findings:
    """Everything that Slack would find wrong with these blocks on a `message`, a `modal` or a `home` view."""
    findings: Findings = []
    most = BLOCKS_IN_A_MESSAGE if surface == "message" else BLOCKS_IN_A_VIEW
    listing(by_type(BLOCKS, ON[surface]), most, 0)(blocks, at, findings)
    if not findings:
        _ids_are_unique(blocks, at, findings)
        _one_focus(blocks, at, findings)
        _markdown_together(blocks, at, findings)
        for kind, allowed in MOST.items():
            if sum(block.get("type") == kind for block in blocks) > allowed:
                find(findings, f"no more than {allowed} {kind} allowed", at)
    return findings


def elements_of(block: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """The elements of a block, each with its place in it."""
    for index, element in enumerate(block.get("elements") or []):
        if isinstance(element, dict):
            yield element, f"elements/{index}"
    for name in ("accessory", "element"):
        if isinstance(block.get(name), dict):
            yield block[name], name


def images(blocks: list[dict[str, Any]], at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Every picture in blocks that have passed the check, with its place."""
    for index, block in enumerate(blocks):
        if block["type"] == "image":
            yield block, f"{at}/{index}"
        for element, place in elements_of(block):
            if element.get("type") == "image":
                yield element, f"{at}/{index}/{place}"


def _ids_are_unique(blocks: list[dict[str, Any]], at: str, findings: Findings) -> None:
    block_ids: set[str] = set()
    for index, block in enumerate(blocks):
        if (block_id := block.get("block_id")) is not None:
            if block_id in block_ids:
                find(findings, f"`block_id` {block_id} already exists", f"{at}/{index}/block_id")
            block_ids.add(block_id)
        action_ids: set[str] = set()
        for element, place in elements_of(block):
            if (action_id := element.get("action_id")) is not None:
                if action_id in action_ids:
                    find(findings, f"`action_id` {action_id} already exists", f"{at}/{index}/{place}/action_id")
                action_ids.add(action_id)


def _one_focus(blocks: list[dict[str, Any]], at: str, findings: Findings) -> None:
    focused = [element for block in blocks for element, _ in elements_of(block) if element.get("focus_on_load")]
    if len(focused) > 1:
        find(findings, "only one element may have focus_on_load", at)


def _markdown_together(blocks: list[dict[str, Any]], at: str, findings: Findings) -> None:
    together = sum(len(str(block.get("text", ""))) for block in blocks if block.get("type") == "markdown")
    if together > 12_000:
        find(findings, "markdown blocks must be less than 12001 characters together", at)


def written(value: Any) -> Iterator[str]:
    """Every piece of text in blocks that a reader sees, in order."""
    if isinstance(value, list):
        for item in value:
            yield from written(item)
    elif isinstance(value, dict):
        for name, content in value.items():
            if name in ("text", "alt_text") and isinstance(content, str):
                yield content
            elif isinstance(content, dict | list):
                yield from written(content)
