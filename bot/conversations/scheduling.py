"""A unit says where and when its digest comes; anyone can look at it before, or post it now.

Morgan:  /groundswell digest on managers Thursday 14:30
Bot:     (in the channel) The weekly digest for managers comes to this channel every Thursday at 14:30.
Tom:     /groundswell digest
Bot:     (for Tom's eyes only) this week so far
Morgan:  /groundswell digest set
Bot:     a form for all of it
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

from bot import answering, reaching
from bot.blocks import digest_card, schedule_form
from bot.blocks.schedule_form import AUDIENCES, DAYS, Placing
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from digests import send
from digests.speech import _
from storage import schedules, workspaces
from storage.database import Database
from storage.models import Audience, Schedule

_NOT_IN_THERE = "Nothing changed yet: I am not in that channel. Type `/invite @Groundswell` there, then try again."
_SHARED = (
    "Nothing changed: people of another organisation are in that channel, and notes are for your own people alone."
)
_NOT_THERE = {"not_in_channel", "channel_not_found", "is_archived"}


class NotUnderstood(Exception):
    """Something typed after `/groundswell digest` does not fit. The message says how it would."""


class NotInChannel(Exception):
    """We cannot post where a digest was to come."""


class Scheduling:
    """`/groundswell digest` and what can come after it."""

    def __init__(self, database: Database, clock: Callable[[], datetime], wake_messenger: Callable[[], None]) -> None:
        self.database = database
        self.clock = clock
        self.wake_messenger = wake_messenger

    def register(self, app: App) -> None:
        """The door that leads here, beside the command."""
        app.view(schedule_form.CALLBACK)(guarded(self.save_form))

    def arrange(
        self, workspace: str, words: list[str], command: dict[str, Any], respond: Respond, client: WebClient
    ) -> None:
        """Do what was typed after `digest`, or say how to type it."""
        verb, *rest = [word.casefold() for word in words] or [Audience.MANAGERS]
        try:
            match verb:
                case "on":
                    answering.say(respond, text=self._on(workspace, rest, command, client))
                case "off":
                    answering.say(respond, text=self._off(workspace, rest, command["channel_id"]))
                case "when":
                    answering.say(respond, text=self._when(workspace))
                case "post":
                    answering.say(respond, text=self._post(workspace, rest, command))
                case "set":
                    self._open_form(workspace, command, client)
                case _:
                    answering.say(respond, **self._preview(workspace, _audience([verb])))
        except (NotUnderstood, NotInChannel) as error:
            answering.say(respond, text=str(error))

    def save_form(self, ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """The form comes back. What does not fit stays in it, with a sentence that says why."""
        chosen = schedule_form.read(view)
        if chosen.timezone not in available_timezones():
            sentence = "We do not know that time zone. Write it like Europe/London or America/New_York."
            ack(schedule_form.refused("timezone", sentence))
            return
        try:
            self._place(workspace_of(context), chosen, client)
        except NotInChannel as error:
            ack(schedule_form.refused("channel", str(error).replace("`", "")))
            return
        ack()

    def _preview(self, workspace: str, audience: Audience) -> dict[str, Any]:
        self._join(workspace)
        digest = send.compose_now(self.database, workspace=workspace, audience=audience, now=self.clock())
        if digest is None:
            return {"text": "Nothing has been passed on this week yet. Try `/demand` and a customer's words."}
        card = digest_card.build(digest)
        return {"text": card["text"], "blocks": card["blocks"]}

    def _post(self, workspace: str, words: list[str], command: dict[str, Any]) -> str:
        audience = _audience(words[:1])
        self._join(workspace)
        now = self.clock()
        digest = send.compose_now(self.database, workspace=workspace, audience=audience, now=now)
        if digest is None:
            return "Nothing has been passed on this week yet, so there is nothing to post."
        with self.database.transaction() as session:
            send.leave(
                session,
                digest,
                channel=command["channel_id"],
                key=f"digest/now/{command['trigger_id']}",  # a second delivery of the same command posts nothing new
                card=digest_card.build,
                now=now,
            )
        self.wake_messenger()
        return "It is on its way to this channel. If it does not come, invite me first: `/invite @Groundswell`."

    def _on(self, workspace: str, words: list[str], command: dict[str, Any], client: WebClient) -> str:
        audience = _audience(words[:1])
        weekday, at = _day_and_time(words[1:])
        zone = self._zone(workspace, command["user_id"], client)
        placing = Placing(audience=audience, channel=command["channel_id"], weekday=weekday, at=at, timezone=zone)
        self._place(workspace, placing, client)
        return "Done. `/groundswell digest off` stops it, and anyone here may."

    def _off(self, workspace: str, words: list[str], channel: str) -> str:
        wanted = {_audience(words)} if words else set(Audience)
        with self.database.transaction() as session:
            here = [
                schedule
                for schedule in schedules.of_workspace(session, workspace)
                if schedule.channel == channel and schedule.audience in wanted
            ]
            for schedule in here:
                schedules.remove(session, schedule)
        if not here:
            return "No digest comes to this channel. `/groundswell digest when` shows where they go."
        return "Done. The digest no longer comes to this channel."

    def _when(self, workspace: str) -> str:
        with self.database.reading() as session:
            lines = [
                f"• <#{schedule.channel}>: for {_(AUDIENCES[schedule.audience])}, {_placing(schedule).sentence}"
                for schedule in schedules.of_workspace(session, workspace)
            ]
        return "\n".join(lines) or "No digest goes out yet. In a channel, type `/groundswell digest on managers`."

    def _open_form(self, workspace: str, command: dict[str, Any], client: WebClient) -> None:
        """Opened with what is there already; nothing slow comes before, since Slack gives three seconds."""
        channel = command["channel_id"]
        with self.database.reading() as session:
            here = next((s for s in schedules.of_workspace(session, workspace) if s.channel == channel), None)
            known = workspaces.find(session, workspace)
        now = _placing(here) if here else Placing(channel=channel, timezone=known.timezone if known else "UTC")
        client.views_open(trigger_id=command["trigger_id"], view=schedule_form.build(now))

    def _place(self, workspace: str, placing: Placing, client: WebClient) -> None:
        """Say it in the channel first: where we cannot speak, a digest could not come either.

        Raises:
            NotInChannel: we cannot speak there, or should not.
        """
        if reaching.is_shared_outside(client, placing.channel):
            raise NotInChannel(_SHARED)
        says = f"From now on, the weekly digest for {_(AUDIENCES[placing.audience])} comes here {placing.sentence}."
        try:
            client.chat_postMessage(channel=placing.channel, text=says)
        except SlackApiError as error:
            if error.response["error"] in _NOT_THERE:
                raise NotInChannel(_NOT_IN_THERE) from error
            raise
        now = self.clock()
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=now)
            if known.timezone == "UTC":
                workspaces.set_timezone(session, workspace, placing.timezone)
            schedules.place(
                session,
                workspace=workspace,
                unit_id=workspaces.home_unit(session, workspace).id or 0,
                channel=placing.channel,
                audience=placing.audience,
                weekday=placing.weekday,
                at=placing.at,
                timezone=placing.timezone,
                now=now,
            )

    def _zone(self, workspace: str, person: str, client: WebClient) -> str:
        """The workspace's clock; for one that nobody has set yet, the clock of whoever asks."""
        known = self._join(workspace)
        return known if known != "UTC" else _clock_of(client, person)

    def _join(self, workspace: str) -> str:
        with self.database.transaction() as session:
            return workspaces.join(session, workspace, now=self.clock()).timezone


def _placing(schedule: Schedule) -> Placing:
    return Placing(
        audience=schedule.audience,
        channel=schedule.channel,
        weekday=schedule.weekday,
        at=schedule.at,
        timezone=schedule.timezone,
    )


def _audience(words: list[str]) -> Audience:
    try:
        return Audience(words[0] if words else Audience.MANAGERS)
    except ValueError:
        raise NotUnderstood(
            "A digest is for `managers` or for `improvement`. For example: `/groundswell digest on improvement`."
        ) from None


def _day_and_time(words: list[str]) -> tuple[int, time]:
    """The day of the week (Monday is 0) and the time of day; Monday at 09:00 for what is not said."""
    weekday, at = 0, time(9)
    for word in words:
        days = [number for number, name in enumerate(DAYS) if len(word) >= 3 and name.casefold().startswith(word)]
        clock = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", word)
        if days:
            weekday = days[0]
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
