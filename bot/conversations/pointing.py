"""A unit says where it listens to its customers, so that a point that has gone silent can be seen. Never a person.

Tom:   /groundswell points add Front desk
Bot:   Front desk is one of the listening points of Rents now …
Asha:  /groundswell point Repairs line      (in #repairs-line)
Bot:   What is passed on in this channel was heard at Repairs line, from now on.
Tom:   /groundswell points
Bot:   those that are registered, and those that notes came from all the same [Register]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from sqlmodel import Session

from bot import answering
from bot.asked import Asked
from bot.blocks import pages, point_list
from bot.blocks.point_list import Registered
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from digests import mrkdwn
from digests.speech import N_, _, plural
from storage import points, recurring, units, workspaces
from storage.database import Database
from storage.models import Unit

LATELY = timedelta(weeks=12)

_WHICH = N_("Which point? For example: `/groundswell points {verb} Front desk`.")
_TOO_LONG = N_("That is long for a name. Up to {n} characters are best.")


class Pointing:
    """`/groundswell points` and `point`."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.clock = clock

    def register(self, app: App) -> None:
        """The doors that lead here, beside the command."""
        app.action(re.compile(rf"{point_list.TURN}_(earlier|more)"))(guarded(self.turn))
        app.action(point_list.REGISTER)(guarded(self.register_heard))

    def points(self, asked: Asked) -> None:
        """`points`, `points add NAME`, `points remove NAME`, `points rename A to B`."""
        verb, _space, name = asked.words.partition(" ")
        name = points.plain(name)
        match verb.casefold():
            case "":
                asked.say(**self._listed(asked.workspace, self._unit(asked)))
            case "add" | "remove" if not name:
                asked.say(_(_WHICH).format(verb=verb.casefold()))
            case "add":
                asked.say(self._add(asked, name))
            case "remove":
                asked.say(self._remove(asked, name))
            case "rename":
                asked.say(self._rename(asked, name))
            case _:
                asked.say(_("Points can be listed, added, removed and renamed: `/groundswell points add Front desk`."))

    def point(self, asked: Asked) -> None:
        """`point NAME` and `point none`: what this channel stands for.

        A point is a unit's, and so is a channel that stands for one: the home unit's, where no unit has claimed it yet.
        Which unit is that of the person who names the point is their own affair.
        """
        name = points.plain(asked.words)
        if asked.is_direct:
            asked.say(_("A direct message stands for no listening point. Try it in a channel."))
            return
        wanted = "" if name.casefold() == "none" else name
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            unit, stands_for = units.where(session, asked.workspace, channel=asked.channel)
            claimed = bool(wanted) and units.settle(session, asked.workspace, asked.channel, unit, now=self.clock())
            place = units.place(session, asked.workspace, asked.channel)
            if name and place is not None:
                stands_for = points.add(session, unit, wanted)[0].name if wanted else ""
                points.stand_for(session, place, stands_for)
        if not stands_for:
            asked.say(_("This channel stands for no listening point. `/groundswell point Repairs line` changes that."))
            return
        said = _(
            "What is passed on in this channel was heard at “{point}”, one of the listening points of *{unit}*. "
            "`/groundswell point none` takes it back."
        )
        lines = [said.format(point=mrkdwn.escape(stands_for), unit=mrkdwn.escape(unit.name))]
        if claimed:
            belongs = _("This channel now belongs to *{unit}*.").format(unit=mrkdwn.escape(unit.name))
            lines.append(f"{belongs} {_('`/groundswell unit NAME` makes a channel that unit’s.')}")
        asked.say("\n".join(lines))

    def register_heard(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """A point that notes came from becomes a registered one, and the list shows it."""
        ack()
        workspace = workspace_of(context)
        unit_id, name = point_list.unit_and_name(action["value"])
        with self.database.transaction() as session:
            unit = units.get(session, unit_id, workspace=workspace) or workspaces.home_unit(session, workspace)
            points.add(session, unit, name)
        answering.instead(respond, self._listed(workspace, unit))

    def turn(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Another page of the list, in place of this one."""
        ack()
        workspace = workspace_of(context)
        unit_id, page = pages.carried(action["value"])
        with self.database.transaction() as session:
            unit = units.get(session, int(unit_id), workspace=workspace) or workspaces.home_unit(session, workspace)
        answering.instead(respond, self._listed(workspace, unit, page=page))

    def _add(self, asked: Asked, name: str) -> str:
        with self.database.transaction() as session:
            unit, _stands_for = self._where(session, asked)
            point, is_new = points.add(session, unit, name)
        said = (
            _("“{point}” is one of the listening points of *{unit}* now. When it goes silent, the digest says so.")
            if is_new
            else _("“{point}” is one of the listening points of *{unit}* already.")
        )
        return said.format(point=mrkdwn.escape(point.name), unit=mrkdwn.escape(unit.name))

    def _remove(self, asked: Asked, name: str) -> str:
        with self.database.transaction() as session:
            unit, _stands_for = self._where(session, asked)
            point = points.named(session, unit, name)
            if point is None:
                return _no_such_point(unit)
            points.remove(session, unit, point)
        said = _("*{unit}* no longer listens at “{point}”. What was heard there stays.")
        return said.format(point=mrkdwn.escape(point.name), unit=mrkdwn.escape(unit.name))

    def _rename(self, asked: Asked, words: str) -> str:
        old, _to, new = (part.strip() for part in re.sub(r"\s+to\s+", "\0", words, count=1).partition("\0"))
        if not old or not new:
            return _("Write it like this: `/groundswell points rename Front desk to Reception`.")
        with self.database.transaction() as session:
            unit, _stands_for = self._where(session, asked)
            try:
                renamed = points.rename(session, unit, old, new)
            except points.PointTaken:
                return _("Another point has that name already, and two points could not be told apart again.")
            except points.NoSuchPoint:
                return _no_such_point(unit)
        said = _("“{old}” is now called “{new}”.").format(old=mrkdwn.escape(old), new=mrkdwn.escape(new))
        told = plural(
            renamed, "{n} note that was heard there says so as well.", "{n} notes heard there say so as well."
        )
        return f"{said} {told}" if renamed else said

    def _unit(self, asked: Asked) -> Unit:
        with self.database.transaction() as session:
            return self._where(session, asked)[0]

    def _where(self, session: Session, asked: Asked) -> tuple[Unit, str]:
        workspaces.join(session, asked.workspace, now=self.clock())
        return units.where(session, asked.workspace, channel=asked.channel, person=asked.person)

    def _listed(self, workspace: str, unit: Unit, *, page: int = 0) -> dict[str, Any]:
        now = self.clock()
        with self.database.reading() as session:
            channels = [c for c in units.channels(session, workspace) if c.unit_id == unit.id]
            registered = [
                Registered(point.name, tuple(c.channel for c in channels if c.point == point.name))
                for point in points.of_unit(session, unit)
            ]
            lately = recurring.lately(session, [(now - LATELY, now)], workspace=workspace, unit_id=unit.id or 0)
        known = {point.name.casefold() for point in registered}
        others = sorted(name for name in lately.points if name.casefold() not in known)
        return point_list.build(unit, registered, others, page=page)


def _no_such_point(unit: Unit) -> str:
    said = _("*{unit}* has no listening point of that name. `/groundswell points` shows them.")
    return said.format(unit=mrkdwn.escape(unit.name))
