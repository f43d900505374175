"""What a person may set for themselves: one form, in an answer of its own and on the Home tab alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.blocks import pages
from bot.blocks.pages import Block, section
from digests import mrkdwn
from digests.speech import N_, _
from storage.columns import Hearing

HEARS = "preference_hears"

_HEARS = {
    Hearing.AT_ONCE: (N_("At once"), N_("When a digest quotes a note of mine")),
    Hearing.WEEKLY: (N_("Once a week"), N_("On Fridays: what my notes fed into")),
    Hearing.NEVER: (N_("Never"), N_("Only the receipts, when I pass something on")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What holds for one person in one workspace."""

    hears: Hearing
    unit: str
    language: str


def build(preferences: Preferences, *, said: str = "") -> dict[str, Any]:
    """The form as an answer. `said` is what came of a choice."""
    text = said or _("What you may set for yourself. Only you see this.")
    return {"text": text, "blocks": [section(f"*{text}*"), *blocks(preferences)]}


def blocks(preferences: Preferences) -> list[Block]:
    """The form's own blocks."""
    options = [_option(hears) for hears in _HEARS]
    select = {
        "type": "static_select",
        "action_id": HEARS,
        "placeholder": pages.plain(_("How often")),
        "options": options,
        "initial_option": _option(preferences.hears),
    }
    asked = _("*How often you hear back* what has become of your notes. Receipts always come.")
    unit = _("What you write to me directly goes to the unit *{unit}*. `/groundswell mine` and a name changes that.")
    language = _("I speak {language} here. `/groundswell language` changes that for everyone.")
    return [
        {**section(asked), "accessory": select},
        section(unit.format(unit=mrkdwn.escape(preferences.unit))),
        section(language.format(language=preferences.language)),
    ]


def said(hears: Hearing) -> str:
    """What a choice means from now on, in a sentence."""
    if hears is Hearing.AT_ONCE:
        return _("From now on I tell you when a digest quotes a note of yours.")
    if hears is Hearing.WEEKLY:
        return _("From now on I tell you on Fridays what your notes fed into, if they did.")
    return _("From now on I write to you only when you pass something on or ask.")


def _option(hears: Hearing) -> dict[str, Any]:
    label, meaning = _HEARS[hears]
    return {
        "text": pages.plain(_(label)),
        "description": pages.plain(_(meaning)),
        "value": hears.name,
    }
