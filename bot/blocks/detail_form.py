"""What can be said beside a customer's words, all of it optional: the fields, and how to read them back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.blocks import pages
from digests.speech import N_, _
from nlp.redaction.spans import PLACEHOLDER
from storage import notes
from storage.columns import Settled
from storage.models import Note
from storage.notes import Detail

CALLBACK = "detail_form"
_LONGEST = 1000
_SETTLED = {
    Settled.TODAY: N_("Sorted today"),
    Settled.PASSED_ON: N_("Passed on to someone else"),
    Settled.COMES_BACK: N_("They must come back"),
}
_FIRST_HAND = {True: N_("I heard it from them myself"), False: N_("Someone told me")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Something that was left out though it names nobody: which placeholder it is, and the words for its place."""

    place: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form that came back: about which note, where its receipt stands, and what it says."""

    note_id: int
    response_url: str
    detail: Detail
    mistake: Mistake | None


def opening() -> dict[str, Any]:
    """What stands there for the moment until the note is at hand: Slack gives three seconds to open anything."""
    return _view([{"type": "section", "text": pages.plain(_("One moment…"))}])


def build(note: Note, *, response_url: str) -> dict[str, Any]:
    """The form about a note, filled in with what it says already."""
    form = _view([*fields(notes.detail_of(note)), *_mistakes(note)])
    return {
        **form,
        "submit": pages.plain(_("Keep it")),
        "private_metadata": json.dumps({"note": note.id, "response_url": response_url}),
    }


def unavailable(sentence: str) -> dict[str, Any]:
    """What stands there when there is nothing to add to any more."""
    return _view([{"type": "section", "text": pages.plain(sentence)}])


def fields(now: Detail) -> list[dict[str, Any]]:
    """The optional fields, for this form and for the one with the customer's words."""
    day: dict[str, Any] = {"type": "datepicker", "action_id": "chosen"}
    if now.first_asked_on is not None:
        day["initial_date"] = now.first_asked_on.isoformat()
    return [
        _input("what_matters", _("What mattered to them"), _text(now.what_matters)),
        _input("first_asked_on", _("When they first asked"), day),
        _input(
            "settled", _("What became of it today"), _radio({s.name: _(w) for s, w in _SETTLED.items()}, now.settled)
        ),
        _input("in_the_way", _("What got in the way"), _text(now.in_the_way)),
        _input(
            "first_hand",
            _("How you know"),
            _radio({str(first): _(words) for first, words in _FIRST_HAND.items()}, now.first_hand),
        ),
    ]


def read(view: dict[str, Any]) -> Filled:
    """What was filled in."""
    kept = json.loads(view["private_metadata"])
    return Filled(
        note_id=int(kept["note"]),
        response_url=kept["response_url"],
        detail=detail_in(view),
        mistake=_mistake_in(_values(view)),
    )


def detail_in(view: dict[str, Any]) -> Detail:
    """What the optional fields of a form say; nothing, where they are not shown."""
    values = _values(view)
    day, settled, first = (values.get(name, {}) for name in ("first_asked_on", "settled", "first_hand"))
    chosen = settled.get("selected_option")
    said = first.get("selected_option")
    return Detail(
        what_matters=values.get("what_matters", {}).get("value") or "",
        in_the_way=values.get("in_the_way", {}).get("value") or "",
        first_asked_on=date.fromisoformat(day["selected_date"]) if day.get("selected_date") else None,
        settled=Settled[chosen["value"]] if chosen else None,
        first_hand=said["value"] == "True" if said else None,
    )


def refused(field: str, sentence: str) -> dict[str, Any]:
    """The answer that keeps the form open, with a sentence at one field."""
    return {"response_action": "errors", "errors": {field: sentence}}


def _mistakes(note: Note) -> list[dict[str, Any]]:
    """For words that were left out though they name nobody. Nothing raw is kept, so they are typed again."""
    left_out = [found.group() for found in PLACEHOLDER.finditer(note.verbatim)][:50]
    if not left_out:
        return []
    options = [
        {"text": pages.plain(f"{number + 1}: {words}"), "value": str(number)} for number, words in enumerate(left_out)
    ]
    choice = {
        "type": "static_select",
        "action_id": "chosen",
        "options": options,
        "placeholder": pages.plain(_("Which one")),
    }
    hint = _("Only if it names nobody. Type those words again; I did not keep them.")
    return [
        _input("mistaken", _("Left out by mistake"), choice),
        {**_input("typed_again", _("The words for its place"), _text("", at_most=200)), "hint": pages.plain(hint)},
    ]


def _mistake_in(values: dict[str, Any]) -> Mistake | None:
    chosen = values.get("mistaken", {}).get("selected_option")
    words = (values.get("typed_again", {}).get("value") or "").strip()
    return Mistake(place=int(chosen["value"]), words=words) if chosen and words else None


def _values(view: dict[str, Any]) -> dict[str, Any]:
    return {block: fields.get("chosen", {}) for block, fields in view["state"]["values"].items()}


def _view(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": pages.plain(_("Add detail")),
        "close": pages.plain(_("Not now")),
        "blocks": blocks,
    }


def _input(block_id: str, label: str, element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": pages.plain(label), "element": element, "optional": True}


def _text(now: str, *, at_most: int = _LONGEST) -> dict[str, Any]:
    field: dict[str, Any] = {"type": "plain_text_input", "action_id": "chosen", "max_length": at_most}
    return {**field, "initial_value": now[:at_most]} if now else field


def _radio(choices: dict[str, str], chosen: Settled | bool | None) -> dict[str, Any]:
    options = [{"text": pages.plain(words), "value": value} for value, words in choices.items()]
    name = chosen.name if isinstance(chosen, Settled) else str(chosen)
    made: dict[str, Any] = {"type": "radio_buttons", "action_id": "chosen", "options": options}
    already = next((option for option in options if chosen is not None and option["value"] == name), None)
    return {**made, "initial_option": already} if already else made
