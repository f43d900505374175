"""The Home tab: pass something on, what waits for you, your notes and where each has got to, and what is yours to say.

Slack takes 100 blocks and 250 kB; a page of notes keeps this far below both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import note_list, own_data, pages, preference_card, receipt, wording
from bot.blocks.note_list import quoted
from bot.blocks.pages import Block, Page, button, section, small
from bot.blocks.preference_card import Preferences
from bot.notebook import Kept
from digests.speech import N_, _
from nlp.vocabulary import Kind

DEMAND = "home_demand"
IMPROVE = "home_improve"
HELP = "home_help"
PRIVACY = "home_privacy"
SETTLE = "home_settle"
"""Action ids of the two buttons for "which of these is it?" begin like this."""

_EXAMPLES = (
    N_("“I've rung three times and the boiler is still cold”"),
    N_("“Can I pay my rent weekly?”"),
    N_("“The gas form asks for the address twice”: what gets in your own way is welcome too"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one person's Home tab shows. `said` is what came of what they just did there."""

    own: Page[Kept]
    waiting: Sequence[Kept]
    preferences: Preferences
    said: str = ""


def build(shown: Shown) -> dict[str, Any]:
    """The whole view."""
    is_new = not shown.own.things and shown.own.number == 0
    return {
        "type": "home",
        "private_metadata": str(shown.own.number),
        "blocks": [
            *([section(shown.said), {"type": "divider"}] if shown.said else []),
            *_welcome(is_new),
            _ways_in(),
            small(_("Names, numbers and addresses are left out before anything is kept. Nobody is ever counted.")),
            *_waiting(shown.waiting),
            *([] if is_new else _notes(shown.own)),
            {"type": "divider"},
            *_yours(shown),
        ],
    }


def page_of(view: dict[str, Any]) -> int:
    """Which page of notes a Home tab shows."""
    page = str(view.get("private_metadata") or "")
    return int(page) if page.isdecimal() else 0


def closed(sentence: str) -> dict[str, Any]:
    """The tab of somebody whom it is not for."""
    return {"type": "home", "blocks": [section(sentence)]}


def window(title: str, message: dict[str, Any]) -> dict[str, Any]:
    """A message's paragraphs as a window over the Home tab, without its buttons."""
    return {
        "type": "modal",
        "title": pages.plain(title),
        "close": pages.plain(_("Close")),
        "blocks": [block for block in message["blocks"] if block["type"] != "actions"],
    }


def _welcome(is_new: bool) -> list[Block]:
    value = section(f"*{_('Pass on what customers really ask for, in their own words, in seconds.')}*")
    if not is_new:
        return [value]
    examples = "\n".join(f"• {_(example)}" for example in _EXAMPLES)
    return [value, section(f"{_('For example:')}\n{examples}")]


def _ways_in() -> Block:
    demand = button(_("What a customer said"), DEMAND, "demand", says=_("Pass on what a customer said"))
    improve = button(_("What gets in the way"), IMPROVE, "improve", says=_("Pass on what gets in the way of the work"))
    return {"type": "actions", "elements": [{**demand, "style": "primary"}, improve]}


def _waiting(waiting: Sequence[Kept]) -> list[Block]:
    if not waiting:
        return []
    blocks = [section(f"*{_('Waiting for you')}*"), small(_("We could not tell what these are. One tap settles it."))]
    for kept in waiting:
        blocks.append(section(f"*{_('Note {number}').format(number=kept.note.number)}*\n{quoted(kept)}"))
        kinds = receipt.likeliest(kept.tag) if kept.tag is not None else []
        blocks.append({"type": "actions", "elements": [_pick(kept, kind, place) for place, kind in enumerate(kinds)]})
    return blocks


def _pick(kept: Kept, kind: Kind, place: int) -> Block:
    said = _("Note {number} is {kind}").format(number=kept.note.number, kind=wording.a_kind(kind))
    label = _(kind.value)
    carrying = receipt.carrying(kept.note.id, kind)
    return button(label[:1].upper() + label[1:], f"{SETTLE}_{place}", carrying, says=said)


def _notes(own: Page[Kept]) -> list[Block]:
    blocks = [section(f"*{_('Your notes, and where each has got to')}*"), small(_("Only you see this."))]
    for kept in own.things:
        blocks += note_list.own_note(kept, page=own.number, at_home=True)
    return blocks + own.turning(note_list.TURN_OWN)


def _yours(shown: Shown) -> list[Block]:
    helping = [
        button(_("How it works"), HELP, "help", says=_("How to pass things on, and what else can be typed")),
        button(_("What is kept"), PRIVACY, "privacy", says=_("What is kept, what is left out, and who sees what")),
    ]
    return [
        section(f"*{_('Your words stay yours')}*"),
        {"type": "actions", "elements": [*helping, *own_data.buttons()]},
        *preference_card.blocks(shown.preferences),
    ]
