"""Staff say what they changed in their work, and since when. The digests remember it when something moves.

    Tom:   /groundswell changed We now text people the day before a visit
    Bot:   Noted for Repairs, from 29 April 2026 on … [Begin the charts anew] [Undo]
    Tom:   /groundswell changed since 2026-03-02 Rents moved to the new ticket system
    Tom:   /groundswell changes
    Bot:   what Repairs changed, the latest first

A change is noted for the unit, and nobody asks who told. Anyone there may take it back.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, BoltContext, Respond
from sqlmodel import Session

from bot import answering, forgetting
from bot.asked import Asked
from bot.blocks import change_card, pages
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from bot.logbook import Logbook, LogbookError, readable
from digests.speech import N_, _
from storage import changes, units, workspaces
from storage.models import Change, Unit

LONGEST = 300

_WHAT = N_(
    "What did you change, in a sentence? For example: `/groundswell changed We now text people the day before`. "
    "If it was earlier: `/groundswell changed since 2026-03-02 …`. `/groundswell changes` shows what is noted."
)
_LONG = N_("That is long for a change. Up to {n} characters are best.")
WITHIN = timedelta(weeks=156)
"""How long ago a change may have been made to be noted: three years."""
_NO_DAY = N_("That is not a day we can use. Write it like `since 2026-03-02`, not in the future, within three years.")
_GONE = N_("That change is no longer there: it was taken back meanwhile.")


class Changing:
    """`/groundswell changed` and `changes`."""

    def __init__(self, logbook: Logbook) -> None:
        self.logbook = logbook
        self.database = logbook.database

    def register(self, app: App) -> None:
        """The doors that lead here, beside the command."""
        app.action(re.compile(rf"{change_card.TURN}_(earlier|more)"))(guarded(self.turn))
        app.action(change_card.ANEW)(guarded(self.begin_anew))
        app.action(change_card.RUN_ON)(guarded(self.run_on))
        app.action(change_card.UNDO)(guarded(self.undo))

    def changed(self, asked: Asked) -> None:
        """`changed WORDS` and `changed since DAY WORDS`."""
        now = self.logbook.clock()
        since, words = _taken_apart(asked.words)
        if not words:
            asked.say(_(_WHAT))
            return
        if len(words) > LONGEST:
            asked.say(_(_LONG).format(n=LONGEST))
            return
        try:
            words = self.logbook.without_people(readable(words), asked.workspace)
        except LogbookError:
            asked.say(_(_WHAT))
            return
        with self.database.transaction() as session:
            known = workspaces.join(session, asked.workspace, now=now)
            today = now.astimezone(ZoneInfo(known.timezone)).date()
            day = _day(since, today) if since else today
            if day is None:
                asked.say(_(_NO_DAY))
                return
            unit = self._here(session, asked)
            change = changes.keep(
                session,
                workspace=asked.workspace,
                unit_id=unit.id or 0,
                key=asked.trigger,
                words=words,
                changed_on=day,
                now=now,
            )
        if change.withdrawn_at is None:
            asked.say(**change_card.noted(unit, change))

    def list_all(self, asked: Asked) -> None:
        """`changes`: what this unit changed."""
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.logbook.clock())
            unit = self._here(session, asked)
        asked.say(**self._listed(asked.workspace, unit))

    def turn(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Another page of the list, in place of this one."""
        ack()
        workspace = workspace_of(context)
        unit_id, page = pages.carried(action["value"])
        with self.database.transaction() as session:
            unit = units.get(session, int(unit_id), workspace=workspace) or workspaces.home_unit(session, workspace)
        answering.instead(respond, self._listed(workspace, unit, page=page))

    def begin_anew(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """The unit's charts begin anew with the week of this change."""
        ack()
        self._let_charts(workspace_of(context), action["value"], respond, anew=True)

    def run_on(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """The charts run on, as they did before."""
        ack()
        self._let_charts(workspace_of(context), action["value"], respond, anew=False)

    def undo(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Take the change back, from digests too."""
        ack()
        with self.database.transaction() as session:
            change = changes.get(session, int(action["value"]), workspace=workspace_of(context))
            if change is not None:
                forgetting.take_change_back(session, change, now=self.logbook.clock())
        answering.instead(respond, change_card.taken_back())

    def _let_charts(self, workspace: str, value: str, respond: Respond, *, anew: bool) -> None:
        with self.database.transaction() as session:
            change = changes.get(session, int(value), workspace=workspace)
            unit = units.get(session, change.unit_id, workspace=workspace) if change else None
            if change is not None:
                changes.begin_charts(session, change, anew=anew)
        if change is None or unit is None:
            answering.instead(respond, {"text": _(_GONE)})
        else:
            answering.instead(respond, change_card.noted(unit, change))

    def _listed(self, workspace: str, unit: Unit, *, page: int = 0) -> dict[str, Any]:
        with self.database.reading() as session:
            noted: list[Change] = list(changes.of_unit(session, workspace=workspace, unit_id=unit.id or 0))
        return change_card.listed(unit, noted, page=page)

    def _here(self, session: Session, asked: Asked) -> Unit:
        return units.where(session, asked.workspace, channel=asked.channel, person=asked.person)[0]


def _taken_apart(words: str) -> tuple[str, str]:
    """The day after `since` or `on`, if one is named, and the change itself."""
    named = re.fullmatch(r"(?:since|on)\s+(\d\S*)\s*(.*)", words, re.IGNORECASE | re.DOTALL)
    return (named[1].strip(":,"), named[2].strip()) if named else ("", words.strip())


def _day(typed: str, today: date) -> date | None:
    """The day that somebody typed, if it is one that the charts can show."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if today - WITHIN <= day <= today else None
