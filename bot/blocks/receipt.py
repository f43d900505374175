"""The receipt: what we heard, because of which words, and the two ways to put it right."""

from __future__ import annotations

import re
from typing import Any

from bot.blocks import wording
from bot.logbook import Entry
from digests import mrkdwn
from digests.speech import _
from nlp.vocabulary import Kind
from storage.models import Tag, TagSource

CHANGE = "note_change"
UNDO = "note_undo"
PICK = "note_pick"
"""Action ids of the two buttons for "which of these is it?" begin like this."""

_URGENT = "*This may be urgent.* If someone is at risk now, please use your urgent route: nobody watches this."
_LONGEST_QUOTE = 600
_SURE = 0.75
_UNSURE = 0.5
_LEFT_OUT = re.compile(
    r"\[(name|phone|email|address|postcode|account number|card number|sort code|IBAN|NI number|NHS number"
    r"|date of birth|vehicle|IP address)\]"
)


def build(entry: Entry) -> dict[str, Any]:
    """The receipt for a note: `text` for notifications and screen readers, `blocks` for the eye."""
    heard = _what_we_heard(entry)
    blocks: list[dict[str, Any]] = [
        _section(f"*Kept as note {entry.note.number}.* {heard}"),
        _section(mrkdwn.quote(_shortened(entry.note.verbatim))),
    ]
    if entry.tag is not None and entry.tag.urgent:
        blocks.append(_section(_URGENT))
    buttons = [_button("Undo", UNDO, str(entry.note.id), says=f"Undo: take note {entry.note.number} back")]
    if entry.tag is not None:
        buttons.insert(0, _button("Change", CHANGE, str(entry.note.id), says="Change what kind of note this is"))
        if is_unsure(entry.tag):
            buttons[:0] = [_pick(entry, kind, place) for place, kind in enumerate(likeliest(entry.tag))]
    blocks.append({"type": "actions", "elements": buttons})
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": _footer(entry)}]})
    return {"text": f"Kept as note {entry.note.number}. {heard}", "blocks": blocks}


def taken_back() -> dict[str, Any]:
    """What stands where the receipt stood, once a note has been taken back."""
    text = "Taken back. The words are gone."
    return {"text": text, "blocks": [_section(text)]}


def note_and_kind(value: str) -> tuple[int, str]:
    """The note and the name of the kind that a button or an option carries."""
    note_id, _, kind = value.partition(":")
    return int(note_id), kind


def carrying(note_id: int | None, kind: Kind) -> str:
    """What a button or an option for this note and kind carries; `note_and_kind` reads it back."""
    return f"{note_id}:{kind.name}"


def _what_we_heard(entry: Entry) -> str:
    tag = entry.tag
    if tag is None:
        return "We could not tell yet what kind of note it is. We will look again soon; nothing is lost."
    if tag.source is TagSource.PERSON:
        return f"You said this is {wording.a_kind(tag.kind)}. That stands, and we learn from it. Thank you."
    if is_unsure(tag):
        return "We are not sure what kind of note this is. Which is it?"
    because = wording.joined([f"“{mrkdwn.escape(words)}”" for words in tag.because[:3]]) if tag.because else ""
    verb = "We heard" if tag.confidence >= _SURE else "We think we heard"
    return f"{verb} *{wording.a_kind(tag.kind)}*" + (f", because of {because}." if because else ".")


def _footer(entry: Entry) -> str:
    parts = ["Only you see this."]
    times, points = entry.heard
    if times > 1 and entry.tag is not None:
        where = f" at {points} listening points" if points > 1 else ""
        parts.append(f"Heard {times} times{where} in the last 12 weeks: “{mrkdwn.escape(entry.tag.theme or '')}”.")
    left_out = sorted({match.group(1) for match in _LEFT_OUT.finditer(entry.note.verbatim)})
    if left_out:
        parts.append(f"Left out before keeping: {wording.joined(left_out)}.")
    if entry.note.private:
        parts.append(_("From a private channel: it counts, and its words are quoted nowhere else."))
    if len(entry.note.verbatim) > _LONGEST_QUOTE:
        parts.append("Shown here in short; kept in full.")
    return " ".join(parts)


def is_unsure(tag: Tag) -> bool:
    """Whether the tagger could not decide between two kinds, and nobody has said which it is."""
    return tag.source is TagSource.TAGGER and tag.confidence < _UNSURE and tag.runner_up is not None


def likeliest(tag: Tag) -> list[Kind]:
    """The two kinds that it could not decide between, the likelier one first."""
    return [tag.kind] if tag.runner_up is None else [tag.kind, tag.runner_up]


def _pick(entry: Entry, kind: Kind, place: int) -> dict[str, Any]:
    label = kind.value.capitalize()
    return _button(label, f"{PICK}_{place}", carrying(entry.note.id, kind), says=f"This is {wording.a_kind(kind)}")


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1].rstrip() + "…"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _button(label: str, action_id: str, value: str, *, says: str) -> dict[str, Any]:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": label},
        "action_id": action_id,
        "value": value,
        "accessibility_label": says,
    }
