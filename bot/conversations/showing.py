"""Someone asks how their unit is set, and sees all of it on one card.

Morgan:  /groundswell        (in #repairs-line)
Bot:     Repairs, as it is set now: what it is here for, where it listens, its digests … [Points] [Set a digest]
Morgan:  [Set a digest]
Bot:     the form that `/groundswell digest set` opens
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.asked import Asked
from bot.blocks import unit_card
from bot.blocks.schedule_form import Placing
from bot.blocks.theme_card import Shown
from digests import speech
from storage import points, schedules, units, workspaces
from storage.database import Database
from storage.models import Unit

Themes = Callable[[str, Unit], Sequence[Shown]]
"""What keeps coming to a unit of a workspace, heard in most weeks first."""


class Showing:
    """`/groundswell` with nothing after it."""

    def __init__(self, database: Database, clock: Callable[[], datetime], themes: Themes) -> None:
        self.database = database
        self.clock = clock
        self.themes = themes

    def show(self, asked: Asked) -> None:
        """The unit of the place where it was asked, as it is set now."""
        with self.database.transaction() as session:
            known = workspaces.join(session, asked.workspace, now=self.clock())
            unit, _point = units.where(session, asked.workspace, channel=asked.channel, person=asked.person)
            digests = [
                unit_card.Digest(placing=Placing.of(schedule), paused=schedule.paused)
                for schedule in schedules.of_workspace(session, asked.workspace)
                if schedule.unit_id == unit.id
            ]
            listens = [point.name for point in points.of_unit(session, unit)]
            places = units.channels(session, asked.workspace)
        card = unit_card.build(
            unit_card.Set(
                unit=unit.name,
                purpose=unit.purpose,
                points=listens,
                channels=[place.channel for place in places if place.unit_id == unit.id],
                digests=digests,
                themes=[theme.name for theme in self.themes(asked.workspace, unit)],
                timezone=known.timezone,
                language=speech.called(known.language),
            )
        )
        asked.say(**card)
