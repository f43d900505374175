"""Where a unit listens: its registered points, and those that notes came from all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import pages
from bot.blocks.pages import Page
from digests import mrkdwn
from digests.speech import _
from storage.models import Unit

TURN = "points_page"
REGISTER = "point_register"
_MOST_CHANNELS = 12


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered point, and the channels that stand for it."""

    name: str
    channels: tuple[str, ...]


def build(unit: Unit, registered: Sequence[Registered], others: Sequence[str], *, page: int = 0) -> dict[str, Any]:
    """The list, or a page of it: the registered points first."""
    text = _("Where {unit} listens").format(unit=mrkdwn.escape(unit.name))
    everything: list[Registered | str] = [*registered, *others]
    shown = Page.cut(everything, page, size=15)
    blocks = [pages.section(f"*{text}*")]
    blocks += [_a_registered(point) for point in shown.things if isinstance(point, Registered)]
    heard = [point for point in shown.things if isinstance(point, str)]
    if heard:
        blocks.append(pages.section(_("Heard from in the last 12 weeks, and not registered:")))
        blocks += [_a_heard(unit, name) for name in heard]
    if not registered:
        blocks.append(pages.section(_("No point is registered yet. Try `/groundswell points add Front desk`.")))
    blocks += shown.turning(TURN, carrying=str(unit.id))
    blocks.append(
        pages.small(
            _(
                "A point is a place, never a person. `/groundswell points add`, `remove`, or `rename A to B`. "
                "In a channel, `/groundswell point NAME`: what is passed on there was heard at that point."
            )
        )
    )
    return {"text": text, "blocks": blocks}


def unit_and_name(value: str) -> tuple[int, str]:
    """The unit and the point that a button carries."""
    unit_id, _slash, name = value.partition("/")
    return int(unit_id), name


def _a_registered(point: Registered) -> dict[str, Any]:
    channels = ", ".join(f"<#{channel}>" for channel in point.channels[:_MOST_CHANNELS])
    more = len(point.channels) - _MOST_CHANNELS
    channels = _("{channels} and {n} more").format(channels=channels, n=more) if more > 0 else channels
    return pages.section(f"• *{mrkdwn.escape(point.name)}*" + (f"  {channels}" if channels else ""))


def _a_heard(unit: Unit, name: str) -> dict[str, Any]:
    says = _("Register {point} as a listening point").format(point=name)
    button = pages.button(_("Register"), REGISTER, f"{unit.id}/{name}", says=says)
    return {**pages.section(f"• {mrkdwn.escape(name)}"), "accessory": button}
