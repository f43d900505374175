"""The units of an organisation: what each is here for, and where it listens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import pages
from bot.blocks.pages import Page
from digests import mrkdwn
from digests.speech import _

TURN = "units_page"
_MOST_CHANNELS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One unit, as the list shows it."""

    name: str
    purpose: str
    channels: tuple[str, ...]
    """Slack's ids: everyone sees the names of those that they may see."""
    points: tuple[str, ...]


def build(units: Sequence[Listed], *, page: int = 0) -> dict[str, Any]:
    """The list, or a page of it."""
    shown = Page.cut(units, page)
    text = _("Our units, and what each is here for")
    return {
        "text": text,
        "blocks": [
            pages.section(f"*{text}*"),
            *(pages.section(_told(unit)) for unit in shown.things),
            *shown.turning(TURN),
            pages.small(_("In a channel, `/groundswell unit` and a name makes it that unit's. Anyone may.")),
        ],
    }


def _told(unit: Listed) -> str:
    lines = [f"*{mrkdwn.escape(unit.name)}*"]
    lines.append(mrkdwn.quote(unit.purpose) if unit.purpose else _("Nobody has said yet what it is here for."))
    if unit.channels:
        shown = ", ".join(f"<#{channel}>" for channel in unit.channels[:_MOST_CHANNELS])
        more = len(unit.channels) - _MOST_CHANNELS
        shown = _("{channels} and {n} more").format(channels=shown, n=more) if more > 0 else shown
        lines.append(_("Channels: {channels}").format(channels=shown))
    if unit.points:
        points = mrkdwn.escape(", ".join(unit.points[:_MOST_CHANNELS]))
        lines.append(_("Listening points: {points}").format(points=points))
    return "\n".join(lines)
