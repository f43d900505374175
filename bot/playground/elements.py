"""What stands inside blocks: texts, options, buttons, menus, fields; with Slack's limits for each.

The limits are those of Slack's reference pages (docs.slack.dev/reference/block-kit).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.shapes import (
    Check,
    Findings,
    Shape,
    anything,
    boolean,
    by_type,
    exactly_one,
    find,
    listing,
    one_of,
    pattern,
    string,
    whole,
)

ID = string(255)


def text(most: int, *kinds: str, least: int = 1) -> Check:
    """A text object of the given kinds: `plain_text`, `mrkdwn` or both (the default)."""
    written = string(most, least)
    shapes: dict[str, Check] = {
        "plain_text": Shape({"type": anything, "text": written}, {"emoji": boolean}),
        "mrkdwn": Shape({"type": anything, "text": written}, {"verbatim": boolean}),
    }
    return by_type(shapes, kinds or shapes)


def plain(most: int, least: int = 1) -> Check:
    """A text object that shows its characters as they are."""
    return text(most, "plain_text", least=least)


def _initial_option_is_offered(value: Any, at: str, findings: Findings) -> None:
    """What is chosen at the start must be one of the options, exactly."""
    offered = list(options_of(value))
    chosen = value.get("initial_options") or ([value["initial_option"]] if value.get("initial_option") else [])
    name = "initial_options" if value.get("initial_options") else "initial_option"
    if offered and any(option not in offered for option in chosen):
        find(findings, "initial option is not one of the options", f"{at}/{name}")


def _minimum_under_maximum(low: str, high: str) -> Check:
    def check(value: Any, at: str, findings: Findings) -> None:
        smallest, largest = value.get(low), value.get(high)
        if smallest is not None and largest is not None and float(smallest) > float(largest):
            find(findings, f"{low} must not be more than {high}", at)

    return check


def one_image(value: Any, at: str, findings: Findings) -> None:
    """A picture is either an address or an uploaded file."""
    exactly_one("image_url", "slack_file")(value, at, findings)


def options_of(element: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every option that an element offers, those in groups included."""
    yield from (option for option in element.get("options") or [] if isinstance(option, dict))
    for group in element.get("option_groups") or []:
        if isinstance(group, dict):
            yield from (option for option in group.get("options") or [] if isinstance(option, dict))


TYPE: dict[str, Check] = {"type": anything}
BLOCK: dict[str, Check] = {"block_id": ID}
CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
LINKED_OPTION = Shape({"text": plain(75)}, {"value": string(150), "description": plain(75), "url": string(3000)})
WRITTEN_OPTION = Shape({"text": text(75), "value": string(150)}, {"description": text(75)})
GROUP = Shape({"label": plain(75), "options": listing(OPTION, 100)})
FILTER = Shape(
    {},
    {
        "include": listing(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
DISPATCH = Shape({}, {"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), 2)})
SLACK_FILE = Shape({}, {"id": string(255), "url": string(3000)}, (exactly_one("id", "url"),))

ACTION: dict[str, Check] = {"action_id": ID}
CONFIRMED: dict[str, Check] = {**ACTION, "confirm": CONFIRM}
FOCUSED: dict[str, Check] = {**ACTION, "focus_on_load": boolean}
PICKED: dict[str, Check] = {**FOCUSED, "confirm": CONFIRM, "placeholder": plain(150)}
TYPED: dict[str, Check] = {**FOCUSED, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
SEVERAL: dict[str, Check] = {**PICKED, "max_selected_items": whole(1, 1000)}
OFFERED: dict[str, Check] = {"options": listing(OPTION, 100), "option_groups": listing(GROUP, 100)}
NUMBER = pattern(r"-?\d+(\.\d+)?", "a number written as a string")
CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}


def _chooser(offered: Check, most: int, several: bool) -> Shape:
    initial: dict[str, Check] = {"initial_options": listing(offered, most)} if several else {"initial_option": offered}
    return Shape(
        {**TYPE, "options": listing(offered, most)},
        {**FOCUSED, "confirm": CONFIRM, **initial},
        (_initial_option_is_offered,),
    )


ELEMENTS: dict[str, Check] = {
    "button": Shape(
        {**TYPE, "text": plain(75)},
        {
            **CONFIRMED,
            "url": string(3000),
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "accessibility_label": string(75),
        },
    ),
    "image": Shape(
        {**TYPE, "alt_text": string(2000)}, {"image_url": string(3000), "slack_file": SLACK_FILE}, (one_image,)
    ),
    "overflow": Shape({**TYPE, "options": listing(LINKED_OPTION, 5)}, CONFIRMED),
    "checkboxes": _chooser(WRITTEN_OPTION, 10, several=True),
    "radio_buttons": _chooser(WRITTEN_OPTION, 10, several=False),
    "static_select": Shape(
        TYPE,
        {**PICKED, **OFFERED, "initial_option": OPTION},
        (exactly_one("options", "option_groups"), _initial_option_is_offered),
    ),
    "multi_static_select": Shape(
        TYPE,
        {**SEVERAL, **OFFERED, "initial_options": listing(OPTION, 100)},
        (exactly_one("options", "option_groups"), _initial_option_is_offered),
    ),
    "external_select": Shape(TYPE, {**PICKED, "initial_option": OPTION, "min_query_length": whole(0, 3000)}),
    "multi_external_select": Shape(
        TYPE, {**SEVERAL, "initial_options": listing(OPTION, 100), "min_query_length": whole(0, 3000)}
    ),
    "users_select": Shape(TYPE, {**PICKED, "initial_user": ID}),
    "multi_users_select": Shape(TYPE, {**SEVERAL, "initial_users": listing(ID, 1000)}),
    "conversations_select": Shape(
        TYPE, {**PICKED, **CONVERSATIONS, "initial_conversation": ID, "response_url_enabled": boolean}
    ),
    "multi_conversations_select": Shape(TYPE, {**SEVERAL, **CONVERSATIONS, "initial_conversations": listing(ID, 1000)}),
    "channels_select": Shape(TYPE, {**PICKED, "initial_channel": ID, "response_url_enabled": boolean}),
    "multi_channels_select": Shape(TYPE, {**SEVERAL, "initial_channels": listing(ID, 1000)}),
    "datepicker": Shape(TYPE, {**PICKED, "initial_date": pattern(r"\d{4}-\d\d-\d\d", "a date as YYYY-MM-DD")}),
    "timepicker": Shape(
        TYPE, {**PICKED, "initial_time": pattern(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm"), "timezone": ID}
    ),
    "datetimepicker": Shape(
        TYPE, {**FOCUSED, "confirm": CONFIRM, "initial_date_time": whole(1_000_000_000, 9_999_999_999)}
    ),
    "plain_text_input": Shape(
        TYPE,
        {
            **TYPED,
            "multiline": boolean,
            "initial_value": string(3000, 0),
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        (_minimum_under_maximum("min_length", "max_length"),),
    ),
    "email_text_input": Shape(TYPE, {**TYPED, "initial_value": string(3000, 0)}),
    "url_text_input": Shape(TYPE, {**TYPED, "initial_value": string(3000, 0)}),
    "number_input": Shape(
        {**TYPE, "is_decimal_allowed": boolean},
        {**TYPED, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        (_minimum_under_maximum("min_value", "max_value"),),
    ),
    "rich_text_input": Shape(TYPE, {**TYPED, "initial_value": anything}),
    "file_input": Shape(TYPE, {**ACTION, "filetypes": listing(string(50), 100), "max_files": whole(1, 10)}),
    "feedback_buttons": Shape({**TYPE, "positive_button": anything, "negative_button": anything}, ACTION),
    "icon_button": Shape({**TYPE, "icon": one_of("trash"), "text": plain(75)}, {**CONFIRMED, "value": string(2000)}),
    "plain_text": text(3000, "plain_text"),
    "mrkdwn": text(3000, "mrkdwn"),
}

SELECTS = {name for name in ELEMENTS if name.endswith("_select")}
PICKERS = SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker"}
BESIDE_A_SECTION = PICKERS | {"button", "overflow", "image"}
IN_ACTIONS = PICKERS | {"button", "overflow", "datetimepicker", "rich_text_input"}
WRITTEN_INPUTS = {name for name in ELEMENTS if name.endswith("_input")}
IN_AN_INPUT = PICKERS | WRITTEN_INPUTS | {"datetimepicker"}
FILLED_IN = IN_AN_INPUT
"""Elements that hold a value until the form is sent."""
PRESSED = PICKERS | WRITTEN_INPUTS | {"button", "overflow", "datetimepicker", "feedback_buttons", "icon_button"}
"""Elements with an `action_id`."""
