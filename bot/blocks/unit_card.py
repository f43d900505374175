"""How a unit is set, on one card: what holds now, and beside it the press or the command that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import pages, wording
from bot.blocks.pages import Block
from bot.blocks.schedule_form import AUDIENCES, Placing
from digests import mrkdwn
from digests.speech import _

PRESS = "unit_set"
"""Action ids of the card's buttons begin like this. Each carries what could be typed after `/groundswell` instead."""
_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One digest of the unit: where it comes, for whom, and when."""

    placing: Placing
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """How a unit is set now."""

    unit: str
    purpose: str
    points: Sequence[str]
    """The registered ones, by name."""
    channels: Sequence[str]
    """Slack's ids: everyone sees the names of those that they may see."""
    digests: Sequence[Digest]
    themes: Sequence[str]
    """What keeps coming, by name; heard in most weeks first."""
    timezone: str
    language: str
    """As its own speakers call it."""


def build(now: Set) -> dict[str, Any]:
    """The card."""
    text = _("*{unit}*, as it is set now").format(unit=mrkdwn.escape(now.unit))
    return {
        "text": text,
        "blocks": [
            pages.section(text),
            pages.small(_("Only you see this. Anyone may change any of it.")),
            pages.section(_purpose(now)),
            _line(_("*Listens at:* {points}").format(points=_points(now)), _("Points"), "points"),
            _line(_channels(now), _("All units"), "units"),
            _line(_digests(now), _("Set a digest"), "digest set"),
            _line(_("*What keeps coming:* {themes}").format(themes=_themes(now)), _("Themes"), "themes"),
            pages.section(_here(now)),
            pages.small(_("`/groundswell help` shows everything that can be typed.")),
        ],
    }


def _line(text: str, label: str, typed: str) -> Block:
    """A paragraph whose button does what could be typed."""
    action_id = f"{PRESS}_{typed.replace(' ', '_')}"
    return {**pages.section(text), "accessory": pages.button(label, action_id, typed)}


def _purpose(now: Set) -> str:
    if not now.purpose:
        return _("*Here for:* nobody has said yet. Try `/groundswell purpose We keep homes warm and dry`.")
    changing = _("`/groundswell purpose` and a sentence changes it.")
    return f"{_('*Here for:*')}\n{mrkdwn.quote(now.purpose)}\n{changing}"


def _points(now: Set) -> str:
    if not now.points:
        return _("no point is registered yet. Try `/groundswell points add Front desk`.")
    return _some([mrkdwn.escape(name) for name in now.points])


def _channels(now: Set) -> str:
    there = _some([f"<#{channel}>" for channel in now.channels]) if now.channels else _("none of its own yet")
    changing = _("`/groundswell unit {unit}`, typed in a channel, makes it one of these.")
    unit = mrkdwn.escape(now.unit.replace("`", ""))
    return f"{_('*Channels:* {channels}').format(channels=there)}\n{changing.format(unit=unit)}"


def _digests(now: Set) -> str:
    if not now.digests:
        return _("*Digests:* none goes out yet. In a channel, type `/groundswell digest on managers`.")
    lines = [_("*Digests:*"), *(f"• {_digest(digest)}" for digest in now.digests[:_MOST])]
    if len(now.digests) > _MOST:
        lines.append(_("And {n} more.").format(n=len(now.digests) - _MOST))
    return "\n".join([*lines, _("In its channel, `/groundswell digest off` stops it.")])


def _digest(digest: Digest) -> str:
    placing = digest.placing
    told = _("<#{channel}>: for {audience}, {when}").format(
        channel=placing.channel, audience=_(AUDIENCES[placing.audience]), when=placing.sentence
    )
    return _("{told} (resting)").format(told=told) if digest.paused else told


def _themes(now: Set) -> str:
    if not now.themes:
        return _("no theme yet. They emerge once twenty notes or so have been passed on.")
    return _some([wording.quoted(name) for name in now.themes])


def _here(now: Set) -> str:
    clock = _("*Clock:* {zone}. `/groundswell timezone Europe/London` is how to change it, for every unit.")
    language = _("*Language:* {language}. `/groundswell language` and another’s name changes it, for every unit.")
    return f"{clock.format(zone=now.timezone)}\n{language.format(language=now.language)}"


def _some(things: list[str]) -> str:
    """The first few, and how many more there are."""
    more = len(things) - _MOST
    return (
        _("{some} and {n} more").format(some=", ".join(things[:_MOST]), n=more) if more > 0 else wording.joined(things)
    )
