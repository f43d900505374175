"""What a person can press, pick or fill in: found in blocks, and turned into Slack's state values and actions."""

from __future__ import annotations

import copy
import re
import secrets
from collections.abc import Iterator
from typing import Any

from bot.playground import block_kit, elements

MARKUP = re.compile(r"<([^<>]+)>")


class NotShown(LookupError):
    """A real person can only press what is in front of them, and this is not."""


HELD_IN: dict[str, str] = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
"""Where an element keeps its value; all the others keep it in `value`."""
STARTS_WITH: dict[str, str] = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "value": "initial_value",
    "rich_text_value": "initial_value",
}
SEVERAL = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")


def named(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with an id for every block and every element that needs one, as Slack gives them."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element, _ in block_kit.elements_of(block):
            if element.get("type") in elements.PRESSED:
                element.setdefault("action_id", secrets.token_urlsafe(4))
    return blocks


def on(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every block and element that a person can act on."""
    for block in blocks:
        for element, _ in block_kit.elements_of(block):
            if element.get("type") in elements.PRESSED:
                yield block, element
        for card in block.get("elements") or [] if block.get("type") == "carousel" else [block]:
            for button in card.get("actions") or []:
                yield block, button


def words(blocks: list[dict[str, Any]]) -> str:
    """Everything a reader sees, one piece to a line."""
    return "\n".join(block_kit.written(blocks))


def alive(text: str, blocks: list[dict[str, Any]]) -> list[str]:
    """Every mention, broadcast and link in a message's text and in the mrkdwn of its blocks; dates are not counted."""
    pieces = [text, *_mrkdwn(blocks)]
    return [found for piece in pieces for found in MARKUP.findall(piece) if not found.startswith("!date")]


def _mrkdwn(value: Any) -> Iterator[str]:
    for inside in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _mrkdwn(inside)
    if isinstance(value, dict) and value.get("type") == "mrkdwn":
        yield str(value.get("text", ""))


def label(element: dict[str, Any]) -> str:
    """The words on a button, or the placeholder of a select."""
    return str((element.get("text") or element.get("placeholder") or {}).get("text", ""))


def find(
    blocks: list[dict[str, Any]], name: str, *, value: Any = None, block_id: str | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The block and element that go by this `action_id`, or by these words on it.

    Where several do, `block_id` or the value (of a button, or among the options of a menu) tells them apart.

    Raises:
        NotShown: when there is none, or when it cannot be told which one is meant.
    """
    found = [(b, e) for b, e in on(blocks) if e.get("action_id") == name]
    found = found or [(b, e) for b, e in on(blocks) if label(e) == name]
    if block_id is not None:
        found = [(b, e) for b, e in found if b["block_id"] == block_id]
    if value is not None and found and found[0][1]["type"] in ("button", "icon_button"):
        found = [(b, e) for b, e in found if e.get("value") == value]
    elif value is not None and len(found) > 1:
        found = [(b, e) for b, e in found if option(e, value) is not None]
    if len(found) != 1:
        shown = ", ".join(f"{e.get('action_id')} “{label(e)}” {e.get('value', '')}".strip() for _, e in on(blocks))
        what = "is not there" if not found else f"is there {len(found)} times: say which by value or block_id"
        raise NotShown(f"{name!r} {what}. What can be pressed: {shown or 'nothing'}")
    return found[0]


def option(element: dict[str, Any], wanted: Any) -> dict[str, Any] | None:
    """The option with this value, or with these words on it."""
    if isinstance(wanted, dict):
        wanted = wanted.get("value")
    offered = list(elements.options_of(element))
    return next(
        (o for o in offered if o.get("value") == wanted),
        next((o for o in offered if o["text"]["text"] == wanted), None),
    )


def held_in(element: dict[str, Any]) -> str:
    """The name under which an element keeps its value."""
    return HELD_IN.get(element["type"], "value")


def initial_value(element: dict[str, Any]) -> dict[str, Any]:
    """The state value of an element that nobody has touched."""
    name = held_in(element)
    start = element.get(STARTS_WITH.get(name, ""))
    return {"type": element["type"], name: start if start is not None else ([] if name in SEVERAL else None)}


def initial_values(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The state values of a fresh view or message."""
    values: dict[str, dict[str, Any]] = {}
    for block, element in on(blocks):
        if element["type"] in elements.FILLED_IN:
            values.setdefault(block["block_id"], {})[element["action_id"]] = initial_value(element)
    return values


def chosen(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """The state value after a person has typed or picked `value`.

    Options may be given by value or by the words on them; menus that take several take a list.

    Raises:
        NotShown: when the menu has no such option.
    """
    name = held_in(element)
    if name in ("selected_option", "selected_options") and not element["type"].endswith("external_select"):
        wanted = value if isinstance(value, list) else [] if value is None else [value]
        picked = [(one, option(element, one)) for one in wanted]
        for one, offered in picked:
            if offered is None:
                words_on = [o["text"]["text"] for o in elements.options_of(element)]
                raise NotShown(f"{one!r} is not among the options: {', '.join(words_on)}")
        options = [offered for _, offered in picked]
        return {"type": element["type"], name: options if name in SEVERAL else next(iter(options), None)}
    if name == "rich_text_value" and isinstance(value, str):
        words = {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]}
        value = {"type": "rich_text", "elements": [words]} if value else None
    if name == "value" and value is not None:
        value = str(value) or None
    return {"type": element["type"], name: value}


def is_empty(state: dict[str, Any]) -> bool:
    """Whether nothing is filled in."""
    return all(not value for name, value in state.items() if name not in ("type", "timezone"))


def complaints(blocks: list[dict[str, Any]], values: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What Slack's own client says before it sends a form: required, too short, too long. Keys are block ids."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        state = values[block["block_id"]][element["action_id"]]
        text = state.get("value")
        if is_empty(state):
            if not block.get("optional"):
                found[block["block_id"]] = "Please complete this required field."
        elif isinstance(text, str):
            least, most = element.get("min_length", 0), element.get("max_length", 3000)
            if element["type"] == "plain_text_input" and not least <= len(text) <= most:
                found[block["block_id"]] = f"This must be between {least} and {most} characters long."
            elif element["type"] == "email_text_input" and "@" not in text:
                found[block["block_id"]] = "Please enter a valid email address."
    return found
