"""The form with one field, and how to read it back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from nlp.vocabulary import NoteType

CALLBACK = "note_form"
LONGEST = 3000
"""Slack's own limit for a text field, in characters."""

_BLOCK = "words"
_FIELD = "typed"
_ASKS = {
    NoteType.DEMAND: ("What the customer said", "In their own words, as near as you can"),
    NoteType.IMPROVEMENT: ("What gets in the way, or what to try", "Any size is welcome"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a form was opened from: what to call the note, and where to answer."""

    told_as: NoteType
    channel: str = ""
    point: str = ""
    private: bool = False
    """Opened in a private channel."""
    response_url: str = ""


def build(origin: Origin, *, words: str = "") -> dict[str, Any]:
    """The form, empty or with words to begin from (cut to what a field can hold)."""
    label, placeholder = _ASKS[origin.told_as]
    field: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": _FIELD,
        "multiline": True,
        "max_length": LONGEST,
        "focus_on_load": True,
        "placeholder": {"type": "plain_text", "text": placeholder},
    }
    block: dict[str, Any] = {
        "type": "input",
        "block_id": _BLOCK,
        "label": {"type": "plain_text", "text": label},
        "element": field,
    }
    if words:
        field["initial_value"] = words[:LONGEST]
    if len(words) > LONGEST:
        hint = f"The message is longer than a form can hold; these are its first {LONGEST} characters."
        block["hint"] = {"type": "plain_text", "text": hint}
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": {"type": "plain_text", "text": "Pass it on"},
        "submit": {"type": "plain_text", "text": "Keep it"},
        "close": {"type": "plain_text", "text": "Not now"},
        "private_metadata": json.dumps(asdict(origin)),
        "blocks": [block],
    }


def read(view: dict[str, Any]) -> tuple[Origin, str]:
    """What was typed, and where the form came from."""
    kept = json.loads(view["private_metadata"])
    origin = Origin(
        told_as=NoteType(kept["told_as"]),
        channel=kept.get("channel", ""),
        point=kept["point"],
        private=kept.get("private", False),
        response_url=kept["response_url"],
    )
    return origin, view["state"]["values"][_BLOCK][_FIELD].get("value") or ""


def refused(sentence: str) -> dict[str, Any]:
    """The answer that keeps the form open, with a sentence at the field and the words still in it."""
    return {"response_action": "errors", "errors": {_BLOCK: sentence}}
