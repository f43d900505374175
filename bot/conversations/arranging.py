"""The people of a unit say what it is here for, which clock they live by, and in which language.

    Morgan:  /groundswell purpose We keep people's homes safe, warm and in good repair
    Bot:     Thank you. From now on we read every note with this in mind …
    Tom:     /groundswell timezone Europe/London
    Bot:     Our clock is now Europe/London, for every digest as well.
    Tom:     /groundswell language français
    Bot:     Désormais nous parlons Français ici …

Anyone may do any of this: units look after themselves. What comes after `digest` is told in `scheduling`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot import answering
from bot.conversations import helping
from bot.conversations.noting import workspace_of
from bot.conversations.scheduling import Scheduling
from bot.interpreter import Interpreter
from bot.listening import guarded
from bot.typed import as_typed
from digests import mrkdwn, speech
from digests.speech import _
from storage import schedules, workspaces
from storage.database import Database

_LONGEST_PURPOSE = 300
_HOW_TO_SAY_A_ZONE = "We do not know that time zone. Write it like Europe/London or America/New_York."


class Arranging:
    """`/groundswell` and what can come after it."""

    def __init__(
        self, database: Database, scheduling: Scheduling, clock: Callable[[], datetime], interpreter: Interpreter
    ) -> None:
        self.database = database
        self.scheduling = scheduling
        self.clock = clock
        self.interpreter = interpreter

    def register(self, app: App) -> None:
        """The door that leads here."""
        app.command("/groundswell")(guarded(self.arrange))

    def arrange(
        self, ack: Ack, command: dict[str, Any], context: BoltContext, respond: Respond, client: WebClient
    ) -> None:
        """Do what was typed, or say how to type it."""
        ack()
        workspace = workspace_of(context)
        verb, _, rest = as_typed(command.get("text", "")).strip().partition(" ")
        match verb.casefold():
            case "purpose":
                answering.say(respond, text=self.purpose(workspace, rest.strip()))
            case "timezone":
                answering.say(respond, text=self.timezone(workspace, rest.strip()))
            case "language":
                answering.say(respond, text=self.language(workspace, rest.strip()))
            case "digest":
                self.scheduling.arrange(workspace, rest.split(), command, respond, client)
            case _:
                answering.say(respond, **helping.how_to_arrange())

    def purpose(self, workspace: str, sentence: str) -> str:
        """Say or show what the unit is here for."""
        if len(sentence) > _LONGEST_PURPOSE:
            return f"That is long for a purpose. One sentence of up to {_LONGEST_PURPOSE} characters is best."
        with self.database.transaction() as session:
            workspaces.join(session, workspace, now=self.clock())
            unit = workspaces.home_unit(session, workspace)
            if sentence:
                workspaces.set_purpose(session, workspace, sentence)
                return f"Thank you. From now on we read every note with this in mind:\n{mrkdwn.quote(sentence)}"
        if unit.purpose:
            return f"What we are here for:\n{mrkdwn.quote(unit.purpose)}\nTo change it, add a sentence."
        return "Nobody has said yet what we are here for. Try `/groundswell purpose We keep homes warm and dry`."

    def timezone(self, workspace: str, name: str) -> str:
        """Say or show the clock that the unit's people live by. Its digests move with it."""
        zone = zone_named(name)
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=self.clock())
            if not name:
                return f"Our clock is {known.timezone}. To change it: `/groundswell timezone Europe/London`."
            if zone is None:
                return _HOW_TO_SAY_A_ZONE
            workspaces.set_timezone(session, workspace, zone)
            schedules.move_to_zone(session, workspace, zone, now=self.clock())
        return f"Our clock is now {zone}, for every digest as well."

    def language(self, workspace: str, name: str) -> str:
        """Say or show the language that we speak here. What people type stays in their own words."""
        languages = ", ".join(speech.LANGUAGES.values())
        chosen = speech.named(name)
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=self.clock())
            if not name:
                now = speech.LANGUAGES.get(known.language, speech.LANGUAGES[speech.ENGLISH])
                said = _("We speak {language} here. To change it, add one of these: {languages}.")
                return said.format(language=now, languages=languages)
            if chosen is None:
                return _("We do not speak that language yet. We do speak {languages}.").format(languages=languages)
            workspaces.set_language(session, workspace, chosen)
        self.interpreter.changed(workspace)
        with speech.speaking(chosen):
            return _("From now on we speak {language} here, in digests as well. Notes stay as they were said.").format(
                language=speech.LANGUAGES[chosen]
            )


def zone_named(name: str) -> str | None:
    """The IANA time zone of that name, however it is capitalised."""
    return {known.casefold(): known for known in available_timezones()}.get(name.strip().casefold())
