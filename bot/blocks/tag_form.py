"""The choice of kinds that takes the receipt's place when someone presses Change: one tap, and it is changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.blocks import receipt
from bot.logbook import Entry
from nlp import vocabulary
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, Kind

CHOOSE = "note_kind"
KEEP = "note_keep"

_HEADINGS = {
    DemandType.VALUE: "Value demand: what we are here for",
    DemandType.FAILURE: "Failure demand: something was not done right",
    DemandType.OPPORTUNITY: "Opportunity: not offered yet",
    DemandType.EXTERNAL: "Belongs elsewhere",
    DemandType.UNKNOWN: "Cannot tell",
}


def build(entry: Entry) -> dict[str, Any]:
    """A list of every kind with what it means, and a way back."""
    text = f"What is note {entry.note.number} really about? Your word stands."
    return {
        "text": text,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "static_select",
                        "action_id": CHOOSE,
                        "placeholder": {"type": "plain_text", "text": "Choose what it is"},
                        "option_groups": groups(entry.note.id),
                    },
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Leave it as it is"},
                        "action_id": KEEP,
                        "value": str(entry.note.id),
                    },
                ],
            },
        ],
    }


def groups(note_id: int | None) -> list[dict[str, Any]]:
    """Every kind that a note can be, under what it belongs to."""
    demands = [
        _group(note_id, heading, (kind for kind in DemandKind if kind.demand_type is demand_type))
        for demand_type, heading in _HEADINGS.items()
    ]
    return [*demands, _group(note_id, "Not a demand: an improvement note", ImprovementKind)]


def _group(note_id: int | None, heading: str, kinds: Iterable[Kind]) -> dict[str, Any]:
    return {"label": {"type": "plain_text", "text": heading}, "options": [option(note_id, kind) for kind in kinds]}


def option(note_id: int | None, kind: Kind) -> dict[str, Any]:
    """One kind, with what it means, to choose for a note."""
    return {
        "text": {"type": "plain_text", "text": kind.value.capitalize()},
        "description": {"type": "plain_text", "text": _brief(vocabulary.explain(kind))},
        "value": receipt.carrying(note_id, kind),
    }


def _brief(meaning: str) -> str:
    return meaning if len(meaning) <= 75 else meaning[:74].rsplit(" ", 1)[0].rstrip(",:;") + "…"
