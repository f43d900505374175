"""The form with one field, and how to read it back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.blocks import detail_form, pages
from digests.speech import N_, _
from nlp.vocabulary import NoteType
from storage.notes import Detail

CALLBACK = "note_form"
MORE = "note_form_more"
LONGEST = 3000
"""Slack's own limit for a text field, in characters."""

_BLOCK = "words"
_FIELD = "typed"
_ASKS = {
    NoteType.DEMAND: (N_("What the customer said"), N_("In their own words, as near as you can")),
    NoteType.IMPROVEMENT: (N_("What gets in the way, or what to try"), N_("Any size is welcome")),
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


def build(origin: Origin, *, words: str = "", more: bool = False) -> dict[str, Any]:
    """The form, empty or with words to begin from (cut to what a field can hold); with `more`, with every field."""
    label, placeholder = (_(words_of) for words_of in _ASKS[origin.told_as])
    field: dict[str, Any] = {
        "type": "plain_text_input",
        "action_id": _FIELD,
        "multiline": True,
        "max_length": LONGEST,
        "focus_on_load": True,
        "placeholder": pages.plain(placeholder),
    }
    block: dict[str, Any] = {
        "type": "input",
        "block_id": _BLOCK,
        "label": pages.plain(label),
        "element": field,
    }
    if words:
        field["initial_value"] = words[:LONGEST]
    if len(words) > LONGEST:
        hint = _("The message is longer than a form can hold; these are its first {n} characters.")
        block["hint"] = pages.plain(hint.format(n=LONGEST))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": pages.plain(_("Pass it on")),
        "submit": pages.plain(_("Keep it")),
        "close": pages.plain(_("Not now")),
        "private_metadata": json.dumps(asdict(origin)),
        "blocks": [block, *(detail_form.fields(Detail()) if more else [_more()])],
    }


def with_more(view: dict[str, Any]) -> dict[str, Any]:
    """The form as it stands open, with every other field; what was typed stays."""
    origin, words = read(view)
    return {**build(origin, words=words, more=True), "callback_id": view["callback_id"]}


def _more() -> dict[str, Any]:
    says = _("More to say about it, all of it optional")
    return {"type": "actions", "block_id": "more", "elements": [pages.button(_("More"), MORE, "more", says=says)]}


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
