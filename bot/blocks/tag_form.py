"""The choice of kinds that takes the receipt's place when someone presses Change: one tap, and it is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from bot.amendments import NO_THEME
from bot.blocks import pages, receipt
from bot.desk import Entry
from digests.speech import N_, _
from nlp import vocabulary
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, Kind

CHOOSE = "note_kind"
KEEP = "note_keep"
ABOUT = "note_theme"
_MOST = 100
"""Options that Slack takes in one list."""

_HEADINGS = {
    DemandType.VALUE: N_("Value demand: what we are here for"),
    DemandType.FAILURE: N_("Failure demand: something was not done right"),
    DemandType.OPPORTUNITY: N_("Opportunity: not offered yet"),
    DemandType.EXTERNAL: N_("Belongs elsewhere"),
    DemandType.UNKNOWN: N_("Cannot tell"),
}


def build(entry: Entry, themes: Mapping[str, str]) -> dict[str, Any]:
    """A list of every kind with what it means, one of the themes (by id, the likeliest first) where it has or may
    have one, and a way back.
    """
    text = _("What is note {number} really about? Your word stands.").format(number=entry.note.number)
    kinds = {
        "type": "static_select",
        "action_id": CHOOSE,
        "placeholder": pages.plain(_("Choose what it is")),
        "option_groups": groups(entry.note.id),
    }
    leave = {
        "type": "button",
        "text": pages.plain(_("Leave it as it is")),
        "action_id": KEEP,
        "value": str(entry.note.id),
    }
    about = [_themes(entry.note.id, themes)] if themes or (entry.tag is not None and entry.tag.theme) else []
    return {
        "text": text,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": text}},
            {"type": "actions", "elements": [kinds, *about, leave]},
        ],
    }


def note_and_theme(value: str) -> tuple[int, str]:
    """The note and the id of the theme that an option carries."""
    note_id, _colon, theme_id = value.partition(":")
    return int(note_id), theme_id


def _themes(note_id: int | None, themes: Mapping[str, str]) -> dict[str, Any]:
    options = [
        {"text": pages.plain(_brief(name)), "value": f"{note_id}:{theme_id}"}
        for theme_id, name in islice(themes.items(), _MOST - 1)
    ]
    options.append({"text": pages.plain(_("No theme")), "value": f"{note_id}:{NO_THEME}"})
    placeholder = pages.plain(_("Choose its theme"))
    return {"type": "static_select", "action_id": ABOUT, "placeholder": placeholder, "options": options}


def groups(note_id: int | None) -> list[dict[str, Any]]:
    """Every kind that a note can be, under what it belongs to."""
    demands = [
        _group(note_id, heading, (kind for kind in DemandKind if kind.demand_type is demand_type))
        for demand_type, heading in _HEADINGS.items()
    ]
    return [*demands, _group(note_id, N_("Not a demand: an improvement note"), ImprovementKind)]


def _group(note_id: int | None, heading: str, kinds: Iterable[Kind]) -> dict[str, Any]:
    return {"label": pages.plain(_(heading)), "options": [option(note_id, kind) for kind in kinds]}


def option(note_id: int | None, kind: Kind) -> dict[str, Any]:
    """One kind, with what it means, to choose for a note."""
    return {
        "text": pages.plain(_(kind.value).capitalize()),
        "description": pages.plain(_brief(_(vocabulary.explain(kind)))),
        "value": receipt.carrying(note_id, kind),
    }


def _brief(meaning: str) -> str:
    return meaning if len(meaning) <= 75 else meaning[:74].rsplit(" ", 1)[0].rstrip(",:;") + "…"
