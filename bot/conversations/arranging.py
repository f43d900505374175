"""The people of a unit say what it is here for, and where and when its digest comes.

    Morgan:  /groundswell purpose We keep people's homes safe, warm and in good repair
    Bot:     Thank you. From now on we read every note with this in mind …
    Morgan:  /groundswell digest on managers Thursday 14:30
    Bot:     The digest for managers comes to this channel every Thursday at 14:30 (Europe/London).

Anyone in the channel may do any of this: units look after themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import available_timezones

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlmodel import Session

from bot import answering
from bot.blocks import digest_card
from bot.conversations import helping
from bot.conversations.noting import workspace_of
from bot.typed import as_typed
from digests import mrkdwn, send
from storage import schedules, workspaces
from storage.database import Database
from storage.models import Audience, Schedule

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LONGEST_PURPOSE = 300
_INVITE = "Nothing changed yet: I am not in this channel. Type `/invite @Groundswell`, then try again."


class NotUnderstood(Exception):
    """Something typed after `/groundswell` does not fit. The message says how it would."""


class Arranging:
    """`/groundswell` and what can come after it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.clock = clock

    def register(self, app: App) -> None:
        """The door that leads here."""
        app.command("/groundswell")(self.arrange)

    def arrange(
        self, ack: Ack, command: dict[str, Any], context: BoltContext, respond: Respond, client: WebClient
    ) -> None:
        """Do what was typed, or say how to type it."""
        ack()
        workspace = workspace_of(context)
        verb, _, rest = as_typed(command.get("text", "")).strip().partition(" ")
        try:
            match verb.casefold():
                case "purpose":
                    answering.say(respond, text=self.purpose(workspace, rest.strip()))
                case "timezone":
                    answering.say(respond, text=self.timezone(workspace, rest.strip()))
                case "digest":
                    answering.say(respond, **self.digest(workspace, rest.split(), command, client))
                case _:
                    answering.say(respond, **helping.how_to_arrange())
        except NotUnderstood as error:
            answering.say(respond, text=str(error))

    def purpose(self, workspace: str, sentence: str) -> str:
        """Say or show what the unit is here for."""
        with self.database.transaction() as session:
            workspaces.join(session, workspace, now=self.clock())
            unit = workspaces.home_unit(session, workspace)
            if len(sentence) > _LONGEST_PURPOSE:
                raise NotUnderstood(
                    f"That is long for a purpose. One sentence of up to {_LONGEST_PURPOSE} characters is best."
                )
            if sentence:
                workspaces.set_purpose(session, workspace, sentence)
                return f"Thank you. From now on we read every note with this in mind:\n{mrkdwn.quote(sentence)}"
            if unit.purpose:
                return f"What we are here for:\n{mrkdwn.quote(unit.purpose)}\nTo change it, add a sentence."
        return "Nobody has said yet what we are here for. Try `/groundswell purpose We keep homes warm and dry`."

    def timezone(self, workspace: str, name: str) -> str:
        """Say or show the clock that the unit's people live by. Its digests move with it."""
        zone = {known.casefold(): known for known in available_timezones()}.get(name.casefold())
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=self.clock())
            if not name:
                return f"Our clock is {known.timezone}. To change it: `/groundswell timezone Europe/London`."
            if zone is None:
                raise NotUnderstood("We do not know that time zone. Write it like Europe/London or America/New_York.")
            workspaces.set_timezone(session, workspace, zone)
            for schedule in schedules.of_workspace(session, workspace):
                _place(session, schedule, at=schedule.at, weekday=schedule.weekday, timezone=zone, now=self.clock())
        return f"Our clock is now {zone}, for every digest as well."

    def digest(self, workspace: str, words: list[str], command: dict[str, Any], client: WebClient) -> dict[str, Any]:
        """Show this week so far, or say where and when the weekly digest comes."""
        verb, *rest = [word.casefold() for word in words] or [Audience.MANAGERS]
        match verb:
            case "on":
                return {"text": self._digest_on(workspace, rest, command, client)}
            case "off":
                return {"text": self._digest_off(workspace, rest, command["channel_id"])}
            case "when":
                return {"text": self._digest_when(workspace)}
            case _:
                return self._preview(workspace, _audience([verb]))

    def _preview(self, workspace: str, audience: Audience) -> dict[str, Any]:
        now = self.clock()
        with self.database.transaction() as session:
            workspaces.join(session, workspace, now=now)
        digest = send.compose_now(self.database, workspace=workspace, audience=audience, now=now)
        if digest is None:
            return {"text": "Nothing has been passed on this week yet. Try `/demand` and a customer's words."}
        card = digest_card.build(digest)
        return {"text": card["text"], "blocks": card["blocks"]}

    def _digest_on(self, workspace: str, words: list[str], command: dict[str, Any], client: WebClient) -> str:
        audience = _audience(words[:1])
        weekday, at = _when(words[1:])
        now = self.clock()
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=now)
            unknown_clock = known.timezone == "UTC" and not schedules.of_workspace(session, workspace)
        zone = _clock_of(client, command["user_id"]) if unknown_clock else known.timezone
        says = (
            f"From now on, the weekly digest for {_AUDIENCES[audience]} comes to this channel "
            f"every {DAYS[weekday]} at {at:%H:%M} ({zone})."
        )
        try:
            client.chat_postMessage(channel=command["channel_id"], text=says)
        except SlackApiError as error:
            if error.response["error"] in {"not_in_channel", "channel_not_found"}:
                return _INVITE
            raise
        with self.database.transaction() as session:
            workspaces.set_timezone(session, workspace, zone)
            unit = workspaces.home_unit(session, workspace)
            assert unit.id is not None
            schedules.place(
                session,
                workspace=workspace,
                unit_id=unit.id,
                channel=command["channel_id"],
                audience=audience,
                weekday=weekday,
                at=at,
                timezone=zone,
                now=now,
            )
        return "Done. `/groundswell digest off` stops it, and anyone here may."

    def _digest_off(self, workspace: str, words: list[str], channel: str) -> str:
        wanted = {_audience(words)} if words else set(Audience)
        with self.database.transaction() as session:
            here = [
                s for s in schedules.of_workspace(session, workspace) if s.channel == channel and s.audience in wanted
            ]
            for schedule in here:
                schedules.remove(session, schedule)
        if not here:
            return "No digest comes to this channel. `/groundswell digest when` shows where they go."
        return "Done. The digest no longer comes to this channel."

    def _digest_when(self, workspace: str) -> str:
        with self.database.reading() as session:
            lines = [
                f"• <#{schedule.channel}>: for {_AUDIENCES[schedule.audience]}, every {DAYS[schedule.weekday]} at "
                f"{schedule.at:%H:%M} ({schedule.timezone})"
                for schedule in schedules.of_workspace(session, workspace)
            ]
        return "\n".join(lines) or "No digest goes out yet. In a channel, type `/groundswell digest on managers`."


_AUDIENCES = {Audience.MANAGERS: "managers", Audience.IMPROVEMENT: "people who improve the work"}


def _audience(words: list[str]) -> Audience:
    try:
        return Audience(words[0] if words else Audience.MANAGERS)
    except ValueError:
        raise NotUnderstood(
            "A digest is for `managers` or for `improvement`. For example: `/groundswell digest on improvement`."
        ) from None


def _when(words: list[str]) -> tuple[int, time]:
    """The day of the week (Monday is 0) and the time of day; Monday at 09:00 for what is not said."""
    weekday, at = 0, time(9)
    for word in words:
        day = next(
            (number for number, name in enumerate(DAYS) if len(word) >= 3 and name.casefold().startswith(word)), None
        )
        clock = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", word)
        if day is not None:
            weekday = day
        elif clock:
            at = time(int(clock[1]), int(clock[2]))
        elif word not in {"every", "at", "on"}:
            raise NotUnderstood(
                "Write the day and the time like this: `/groundswell digest on managers Thursday 14:30`."
            )
    return weekday, at


def _clock_of(client: WebClient, person: str) -> str:
    """The clock of whoever asks, which is a better first guess than none. Some people have none in Slack."""
    try:
        zone = str(client.users_info(user=person)["user"].get("tz") or "UTC")
    except SlackApiError:
        return "UTC"
    return zone if zone in available_timezones() else "UTC"


def _place(session: Session, schedule: Schedule, *, weekday: int, at: time, timezone: str, now: datetime) -> None:
    schedules.place(
        session,
        workspace=schedule.workspace,
        unit_id=schedule.unit_id,
        channel=schedule.channel,
        audience=schedule.audience,
        weekday=weekday,
        at=at,
        timezone=timezone,
        now=now,
    )
