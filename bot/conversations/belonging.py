"""A channel belongs to a unit, and so does what is passed on in it; people say which unit is theirs.

    Asha:  /groundswell unit Repairs        (in #repairs-line)
    Bot:   This channel now belongs to Repairs, a new unit …
    Tom:   /groundswell mine Rents
    Bot:   What you pass on in direct messages, and in channels without a unit, goes to Rents …
    Tom:   /groundswell units
    Bot:   each unit, what it is here for, and its channels

Anyone may do any of this, and take it back: units look after themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from sqlmodel import Session

from bot import answering
from bot.asked import Asked
from bot.blocks import pages, unit_list
from bot.blocks.unit_list import Listed
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from digests import mrkdwn
from digests.speech import N_, _
from storage import contributors, points, units, workspaces
from storage.database import Database
from storage.models import Unit

_TOO_LONG = N_("That is long for a name. Up to {n} characters are best.")


class Belonging:
    """`/groundswell unit`, `units` and `mine`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.clock = clock

    def register(self, app: App) -> None:
        """The doors that lead here, beside the command."""
        for way in ("earlier", "more"):
            app.action(f"{unit_list.TURN}_{way}")(guarded(self.turn))

    def unit(self, asked: Asked) -> None:
        """`unit`, `unit NAME`, `unit rename NAME`, `unit leave`."""
        verb, _rest, name = asked.words.partition(" ")
        if not asked.words:
            asked.say(self._which(asked))
        elif verb.casefold() == "rename":
            asked.say(self._rename(asked, name))
        elif asked.words.casefold() == "leave":
            asked.say(self._leave(asked))
        elif asked.is_direct:
            asked.say(_("A direct message belongs to you alone. To say which unit is yours: `/groundswell mine NAME`."))
        else:
            asked.say(self._settle(asked))

    def mine(self, asked: Asked) -> None:
        """`mine`, `mine NAME`, `mine none`."""
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            who = {"workspace": asked.workspace, "person": asked.person}
            unit = units.named(session, asked.workspace, asked.words) if asked.words else None
            if unit is not None or asked.words.casefold() == "none":
                contributors.choose_unit(session, unit=unit, **who)
            elif asked.words:
                there = ", ".join(unit.name for unit in units.of_workspace(session, asked.workspace))
                said = _("There is no unit of that name. There are: {units}. `/groundswell unit NAME` makes a new one.")
                asked.say(said.format(units=mrkdwn.escape(there)))
                return
            own, _point = units.where(session, asked.workspace, person=asked.person)
        said = _(
            "What you pass on in direct messages, on the Home tab and in channels without a unit goes to *{unit}*. "
            "Only you see this. To change it: `/groundswell mine NAME`, or `mine none`."
        )
        asked.say(said.format(unit=mrkdwn.escape(own.name)))

    def list_all(self, asked: Asked) -> None:
        """`units`: every unit of the organisation."""
        asked.say(**self._listed(asked.workspace))

    def turn(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Another page of the list, in place of this one."""
        ack()
        page = pages.carried(action["value"])[1]
        answering.instead(respond, self._listed(workspace_of(context), page=page))

    def _which(self, asked: Asked) -> str:
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            unit, point = units.where(session, asked.workspace, channel=asked.channel, person=asked.person)
            belongs = any(place.channel == asked.channel for place in units.channels(session, asked.workspace))
        name = mrkdwn.escape(unit.name)
        if not belongs:
            said = _("No unit has claimed this place. What you pass on here goes to *{unit}*.").format(unit=name)
            return f"{said} {_('`/groundswell unit NAME` makes a channel that unit’s.')}"
        lines = [_("This channel belongs to *{unit}*.").format(unit=name)]
        if point:
            said = _("What is passed on here was heard at the listening point “{point}”.")
            lines.append(said.format(point=mrkdwn.escape(point)))
        lines.append(_for_what(unit))
        lines.append(_("To change that: `/groundswell unit NAME`, `unit rename NAME` or `unit leave`."))
        return "\n".join(lines)

    def _settle(self, asked: Asked) -> str:
        if len(asked.words) > units.LONGEST_NAME:
            return _(_TOO_LONG).format(n=units.LONGEST_NAME)
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            unit, is_new = units.called(session, asked.workspace, asked.words)
            news = units.settle(session, asked.workspace, asked.channel, unit, now=self.clock())
        name = mrkdwn.escape(unit.name)
        if not news:
            return _("This channel belongs to *{unit}* already.").format(unit=name)
        said = (
            _("This channel now belongs to *{unit}*, a new unit.")
            if is_new
            else _("This channel now belongs to *{unit}*.")
        )
        later = _("What is passed on here from now on is its own; earlier notes stay where they were.")
        back = _("`/groundswell unit leave` takes it back.")
        return f"{said.format(unit=name)} {later} {back}\n{_for_what(unit)}"

    def _rename(self, asked: Asked, name: str) -> str:
        if not name.strip():
            return _("Which name? For example: `/groundswell unit rename Repairs and gas`.")
        if len(name) > units.LONGEST_NAME:
            return _(_TOO_LONG).format(n=units.LONGEST_NAME)
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            unit = _unit_here(session, asked)
            before = unit.name
            try:
                units.rename(session, unit, name)
            except units.NameTaken:
                return _("Another unit has that name already. `/groundswell units` shows them all.")
        said = _("*{before}* is now called *{after}*. Its notes, channels and digests stay its own.")
        return said.format(before=mrkdwn.escape(before), after=mrkdwn.escape(unit.name))

    def _leave(self, asked: Asked) -> str:
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            unit = units.leave(session, asked.workspace, asked.channel)
        if unit is None:
            return _("This channel belongs to no unit.")
        said = _("This channel no longer belongs to *{unit}*. Notes that were passed on here stay with it.")
        return said.format(unit=mrkdwn.escape(unit.name))

    def _listed(self, workspace: str, *, page: int = 0) -> dict[str, Any]:
        with self.database.transaction() as session:
            workspaces.join(session, workspace, now=self.clock())
            workspaces.home_unit(session, workspace)
            places = units.channels(session, workspace)
            heard_at = points.of_workspace(session, workspace)
            listed = [
                Listed(
                    name=unit.name,
                    purpose=unit.purpose,
                    channels=tuple(place.channel for place in places if place.unit_id == unit.id),
                    points=tuple(point.name for point in heard_at if point.unit_id == unit.id),
                )
                for unit in units.of_workspace(session, workspace)
            ]
        return unit_list.build(listed, page=page)


def _unit_here(session: Session, asked: Asked) -> Unit:
    return units.where(session, asked.workspace, channel=asked.channel, person=asked.person)[0]


def _for_what(unit: Unit) -> str:
    if unit.purpose:
        return f"{_('What it is here for:')}\n{mrkdwn.quote(unit.purpose)}"
    return _("Nobody has said yet what it is here for. Try `/groundswell purpose We keep homes warm and dry`.")
