"""The form for where and when a digest comes, and how to read it back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from bot.blocks import pages
from digests import mrkdwn
from digests.speech import N_, _
from storage.columns import Audience
from storage.models import Schedule

CALLBACK = "schedule_form"
MOST_UNITS = 100
"""Options that Slack takes in one menu."""
DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
AUDIENCES = {Audience.MANAGERS: N_("managers"), Audience.IMPROVEMENT: N_("people who improve the work")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Which digest comes where, and when in the week."""

    audience: Audience = Audience.MANAGERS
    unit: int = 0
    """Whose digest, by the unit's id."""
    channel: str = ""
    weekday: int = 0
    """Monday is 0."""
    at: time = time(9)
    timezone: str = "UTC"

    @classmethod
    def of(cls, schedule: Schedule) -> Placing:
        """How it is now."""
        return cls(
            audience=schedule.audience,
            unit=schedule.unit_id,
            channel=schedule.channel,
            weekday=schedule.weekday,
            at=schedule.at,
            timezone=schedule.timezone,
        )

    @property
    def sentence(self) -> str:
        """As a person says it."""
        said = _("every {day} at {time} ({timezone})")
        return said.format(day=_(DAYS[self.weekday]), time=f"{self.at:%H:%M}", timezone=self.timezone)


def build(now: Placing, *, units: Mapping[int, str]) -> dict[str, Any]:
    """The form, filled in with how it is now, or with a good first guess. `units` are all units, id to name."""
    audiences = {audience.value: _("For {audience}").format(audience=_(who)) for audience, who in AUDIENCES.items()}
    days = {str(number): _(name) for number, name in enumerate(DAYS)}
    channel: dict[str, Any] = {
        "type": "conversations_select",
        "action_id": "chosen",
        "filter": {
            "include": ["public", "private"],
            "exclude_external_shared_channels": True,
            "exclude_bot_users": True,
        },
    }
    if now.channel.startswith(("C", "G")):
        channel["initial_conversation"] = now.channel
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": pages.plain(_("The weekly digest")),
        "submit": pages.plain(_("Save")),
        "close": pages.plain(_("Not now")),
        "private_metadata": json.dumps({"unit": now.unit}),
        "blocks": [
            *_whose(now.unit, units),
            _input("audience", _("Which digest"), _radio(audiences, now.audience)),
            _input("channel", _("Where"), channel, hint=_("Invite the app there first: /invite @Groundswell")),
            _input("weekday", _("Day"), _select(days, str(now.weekday))),
            _input("at", _("Time"), {"type": "timepicker", "action_id": "chosen", "initial_time": f"{now.at:%H:%M}"}),
            _input(
                "timezone",
                _("By the clock of"),
                {"type": "plain_text_input", "action_id": "chosen", "initial_value": now.timezone, "max_length": 60},
                hint=_("Such as Europe/London or America/New_York"),
            ),
        ],
    }


def read(view: dict[str, Any]) -> Placing:
    """What was chosen."""
    kept = json.loads(view.get("private_metadata") or "{}")
    values = {block_id: fields["chosen"] for block_id, fields in view["state"]["values"].items()}
    hour, minute = (int(part) for part in re.findall(r"\d+", values["at"]["selected_time"]))
    return Placing(
        audience=Audience(values["audience"]["selected_option"]["value"]),
        unit=int(values["unit"]["selected_option"]["value"] if "unit" in values else kept.get("unit", 0)),
        channel=str(values["channel"]["selected_conversation"] or ""),
        weekday=int(values["weekday"]["selected_option"]["value"]),
        at=time(hour, minute),
        timezone=str(values["timezone"]["value"] or "").strip(),
    )


def refused(field: str, sentence: str) -> dict[str, Any]:
    """The answer that keeps the form open, with a sentence at one field."""
    return {"response_action": "errors", "errors": {field: sentence}}


def done(sentence: str) -> dict[str, Any]:
    """The answer that puts a sentence in the place of the form, once there is nothing to choose any more."""
    blocks = [{"type": "section", "text": pages.plain(sentence)}]
    view = {"type": "modal", "title": pages.plain(_("The weekly digest")), "close": pages.plain(_("Close"))}
    return {"response_action": "update", "view": {**view, "blocks": blocks}}


def _whose(unit: int, units: Mapping[int, str]) -> list[dict[str, Any]]:
    """The choice of units, where there is one to make."""
    if len(units) < 2:
        return []
    shown = dict(list(units.items())[:MOST_UNITS]) | {unit: units[unit]}
    choices = {str(unit_id): mrkdwn.plain(name) for unit_id, name in list(shown.items())[-MOST_UNITS:]}
    return [_input("unit", _("Whose digest"), _select(choices, str(unit)))]


def _input(block_id: str, label: str, element: dict[str, Any], *, hint: str = "") -> dict[str, Any]:
    block = {"type": "input", "block_id": block_id, "label": pages.plain(label), "element": element}
    return {**block, "hint": pages.plain(hint)} if hint else block


def _options(choices: dict[str, str]) -> list[dict[str, Any]]:
    return [{"text": pages.plain(words), "value": value} for value, words in choices.items()]


def _radio(choices: dict[str, str], chosen: str) -> dict[str, Any]:
    return {"type": "radio_buttons", "action_id": "chosen", **_chosen_of(choices, chosen)}


def _select(choices: dict[str, str], chosen: str) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "chosen", **_chosen_of(choices, chosen)}


def _chosen_of(choices: dict[str, str], chosen: str) -> dict[str, Any]:
    options = _options(choices)
    return {"options": options, "initial_option": next(option for option in options if option["value"] == chosen)}
