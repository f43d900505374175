"""The people of a unit say what it is here for, which clock they live by, and in which language.

    Morgan:  /groundswell
    Bot:     how the unit is set, on one card, with buttons that do what can be typed
    Morgan:  /groundswell purpose We keep people's homes safe, warm and in good repair
    Bot:     Thank you. From now on we read every note with this in mind …
    Tom:     /groundswell timezone Europe/London
    Bot:     Our clock is now Europe/London, for every digest as well.
    Tom:     /groundswell language français
    Bot:     Désormais, nous parlons français ici … Pour l’instant, nous ne comprenons que les notes en anglais …

Anyone may do any of this: units look after themselves. What else can come after `/groundswell` is told in the stories
that are handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.asked import Asked
from bot.blocks import unit_card
from bot.conversations.helping import Helping
from bot.conversations.noting import workspace_of
from bot.interpreter import Interpreter
from bot.listening import guarded
from digests import mrkdwn, speech
from digests.speech import _
from storage import schedules, units, workspaces
from storage.database import Database

Story = Callable[[Asked], None]

_LONGEST_PURPOSE = 300


class Arranging:
    """`/groundswell` and what can come after it."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        interpreter: Interpreter,
        stories: Mapping[str, Story],
        admit: Story,
        helping: Helping,
    ) -> None:
        self.database = database
        self.clock = clock
        self.interpreter = interpreter
        self.helping = helping
        self.admit = admit
        self.stories: Mapping[str, Story] = {
            "purpose": lambda asked: asked.say(self.purpose(asked)),
            "timezone": lambda asked: asked.say(self.timezone(asked.workspace, asked.words)),
            "language": lambda asked: asked.say(self.language(asked.workspace, asked.words)),
            **stories,
        }

    def register(self, app: App) -> None:
        """The doors that lead here."""
        app.command("/groundswell")(guarded(self.arrange))
        app.action(re.compile(rf"{unit_card.PRESS}_\w+"))(guarded(self.press))

    def arrange(
        self, ack: Ack, command: dict[str, Any], context: BoltContext, respond: Respond, client: WebClient
    ) -> None:
        """Do what was typed, or say how to type it."""
        ack()
        self._follow(Asked.of(command, workspace_of(context), respond, client))

    def press(
        self,
        ack: Ack,
        body: dict[str, Any],
        action: dict[str, Any],
        context: BoltContext,
        respond: Respond,
        client: WebClient,
    ) -> None:
        """A button that does what could have been typed in the same place."""
        ack()
        asked = Asked.pressed(body, action["value"], workspace_of(context), respond, client, command="/groundswell")
        self._follow(asked)

    def _follow(self, asked: Asked) -> None:
        story = self.stories.get(asked.verb)
        if story is None:
            asked.say(**self.helping.how_to_arrange())
        else:
            self.admit(asked)
            story(asked)

    def purpose(self, asked: Asked) -> str:
        """Say or show what the unit is here for."""
        sentence = asked.words
        if len(sentence) > _LONGEST_PURPOSE:
            said = _("That is long for a purpose. One sentence of up to {n} characters is best.")
            return said.format(n=_LONGEST_PURPOSE)
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            unit, _point = units.where(session, asked.workspace, channel=asked.channel, person=asked.person)
            if sentence:
                units.set_purpose(session, unit, sentence)
        name = mrkdwn.escape(unit.name)
        if sentence:
            said = _("Thank you. From now on we read every note of *{unit}* with this in mind:").format(unit=name)
            return f"{said}\n{mrkdwn.quote(sentence)}"
        if unit.purpose:
            said = _("What *{unit}* is here for:").format(unit=name)
            return f"{said}\n{mrkdwn.quote(unit.purpose)}\n{_('To change it, add a sentence.')}"
        said = _(
            "Nobody has said yet what *{unit}* is here for. Try `/groundswell purpose We keep homes warm and dry`."
        )
        return said.format(unit=name)

    def timezone(self, workspace: str, name: str) -> str:
        """Say or show the clock that the workspace's people live by. Its digests move with it."""
        zone = zone_named(name)
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=self.clock())
            if not name:
                said = _("Our clock is {zone}. To change it: `/groundswell timezone Europe/London`.")
                return said.format(zone=known.timezone)
            if zone is None:
                return _("We do not know that time zone. Write it like Europe/London or America/New_York.")
            workspaces.set_timezone(session, workspace, zone)
            schedules.move_to_zone(session, workspace, zone, now=self.clock())
        return _("Our clock is now {zone}, for every digest as well.").format(zone=zone)

    def language(self, workspace: str, name: str) -> str:
        """Say or show the language that we speak here. What people type stays in their own words."""
        languages = ", ".join(speech.LANGUAGES.values())
        chosen = speech.named(name)
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=self.clock())
            if not name:
                said = _("We speak {language} here. To change it, add one of these: {languages}.")
                return said.format(language=speech.called(known.language), languages=languages)
            if chosen is None:
                return _("We do not speak that language yet. We do speak {languages}.").format(languages=languages)
            workspaces.set_language(session, workspace, chosen)
        self.interpreter.changed(workspace)
        with speech.speaking(chosen):
            said = _("From now on we speak {language} here, in digests as well. Notes stay as they were said.")
            said = said.format(language=speech.called(chosen))
            if chosen == speech.ENGLISH:
                return said
            understood = _(
                "So far we understand notes in English only. Others are kept and redacted all the same, "
                "and stay unknown until somebody says what they are: we learn from that."
            )
            return f"{said}\n{understood}"


def zone_named(name: str) -> str | None:
    """The IANA time zone of that name, however it is capitalised."""
    return {known.casefold(): known for known in available_timezones()}.get(name.strip().casefold())
