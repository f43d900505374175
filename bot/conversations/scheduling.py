"""A unit says where and when its digest comes; anyone can look at it before, or post it now.

Morgan:  /groundswell digest on managers Thursday 14:30
Bot:     (in the channel) The weekly digest of Repairs for managers comes to this channel every Thursday at 14:30.
Morgan:  /groundswell digest on managers of Rents
Bot:     (in the same channel) … the weekly digest of Rents …
Tom:     /groundswell digest
Bot:     (for Tom's eyes only) this week so far
Morgan:  /groundswell digest set
Bot:     a form for all of it

Which unit is meant is the channel's to say; `of` and a name says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time
from http.client import HTTPException
from typing import Any
from zoneinfo import available_timezones

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlmodel import Session

from bot import reaching, undelivered
from bot.asked import Asked
from bot.blocks import digest_card, schedule_form
from bot.blocks.schedule_form import AUDIENCES, DAYS, Placing
from bot.connection import did_nothing, passes
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from digests import forgetting, mrkdwn, send
from digests.speech import N_, _
from storage import outbox, schedules, units, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.models import Unit

_NOT_IN_THERE = N_("Nothing changed yet: I am not in that channel. Type `/invite @Groundswell` there, then try again.")
_BUSY = N_("Nothing changed yet: Slack is too busy to say whether I may post there. Please try again in a minute.")
_UNSURE = N_(
    "It is set, but Slack did not say in time whether the channel has been told. If nothing from me stands there, "
    "type `/invite @Groundswell` in it."
)
_SHARED = N_(
    "Nothing changed: people of another organisation are in that channel, and notes are for your own people alone."
)
_MOST_LISTED = 30
_A_MOMENT = 1
"""Seconds for each of two calls to Slack, before a form is answered: there are three."""
_NOT_THERE = {"not_in_channel", "channel_not_found", "is_archived"}


class NotUnderstood(Exception):
    """Something typed after `/groundswell digest` does not fit. The message says how it would."""


class NotInChannel(Exception):
    """We cannot post where a digest was to come."""


class Scheduling:
    """`/groundswell digest` and what can come after it."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        wake_messenger: Callable[[], None],
        client_of: Callable[[str], WebClient],
    ) -> None:
        self.database = database
        self.clock = clock
        self.wake_messenger = wake_messenger
        self._client_of = client_of

    def register(self, app: App) -> None:
        """The door that leads here, beside the command."""
        app.view(schedule_form.CALLBACK)(guarded(self.save_form))

    def arrange(self, asked: Asked) -> None:
        """Do what was typed after `digest`, or say how to type it."""
        typed, _of, name = re.sub(r"\s+", " ", asked.words).partition(" of ")
        verb, *rest = typed.casefold().split() or [Audience.MANAGERS]
        try:
            match verb:
                case "on":
                    asked.say(self._on(asked, rest, name))
                case "off" | "pause" | "resume":
                    asked.say(self._with_those_here(asked, verb, rest, name))
                case "when":
                    asked.say(self._when(asked.workspace))
                case "post":
                    asked.say(self._post(asked, rest, name))
                case "again":
                    asked.say(self._again(asked))
                case "set":
                    self._open_form(asked, name)
                case _:
                    asked.say(**self._preview(asked, _audience([verb]), name))
        except (NotUnderstood, NotInChannel) as error:
            asked.say(str(error))

    def save_form(self, ack: Ack, view: dict[str, Any], context: BoltContext) -> None:
        """The form comes back. What does not fit stays in it, with a sentence that says why."""
        chosen = schedule_form.read(view)
        if chosen.timezone not in available_timezones():
            sentence = _("We do not know that time zone. Write it like Europe/London or America/New_York.")
            ack(schedule_form.refused("timezone", sentence))
            return
        client = self._client_of(workspace_of(context))
        client.timeout = _A_MOMENT  # whoever sent the form waits, and Slack with them
        try:
            is_told = self._place(workspace_of(context), chosen, client, by=context.user_id or "")
        except NotInChannel as error:
            ack(schedule_form.refused("channel", str(error).replace("`", "")))
            return
        if is_told:
            ack()
        else:
            ack(schedule_form.done(_(_UNSURE).replace("`", "")))

    def _preview(self, asked: Asked, audience: Audience, name: str) -> dict[str, Any]:
        unit = self._unit(asked, name)
        digest = send.compose_now(
            self.database,
            workspace=asked.workspace,
            audience=audience,
            now=self.clock(),
            unit_id=unit.id,
            channel=asked.channel,
        )
        if digest is None:
            said = _("Nothing has been passed on to *{unit}* this week yet. Try `/demand` and a customer's words.")
            return {"text": said.format(unit=mrkdwn.escape(unit.name))}
        card = digest_card.build(digest)
        return {"text": card["text"], "blocks": card["blocks"]}

    def _post(self, asked: Asked, words: list[str], name: str) -> str:
        audience = _audience(words[:1])
        unit = self._unit(asked, name)
        now = self.clock()
        digest = send.compose_now(
            self.database,
            workspace=asked.workspace,
            audience=audience,
            now=now,
            unit_id=unit.id,
            channel=asked.channel,
        )
        if digest is None:
            said = _("Nothing has been passed on to *{unit}* this week yet, so there is nothing to post.")
            return said.format(unit=mrkdwn.escape(unit.name))
        with self.database.transaction() as session:
            send.leave(
                session,
                digest,
                channel=asked.channel,
                key=f"{forgetting.POSTED_NOW}/{asked.trigger}",  # a second delivery of the command posts nothing new
                card=digest_card.build,
                now=now,
            )
        self.wake_messenger()
        return _("It is on its way to this channel. If it does not come, invite me first: `/invite @Groundswell`.")

    def _again(self, asked: Asked) -> str:
        """Bring the latest digest of this channel, now that whatever was in its way is gone."""
        left = send.again(
            self.database,
            workspace=asked.workspace,
            channel=asked.channel,
            act=asked.trigger,
            now=self.clock(),
            card=digest_card.build,
        )
        self.wake_messenger()
        if left:
            return _("The latest digest of this channel is on its way once more.")
        return _("Nothing is missing here: the latest digest of this channel has arrived, or is on its way.")

    def _on(self, asked: Asked, words: list[str], name: str) -> str:
        audience = _audience(words[:1])
        weekday, at = _day_and_time(words[1:])
        unit = self._unit(asked, name)
        placing = Placing(
            audience=audience,
            unit=unit.id or 0,
            channel=asked.channel,
            weekday=weekday,
            at=at,
            timezone=self._zone(asked),
        )
        if not self._place(asked.workspace, placing, asked.client, by=asked.person):
            return _(_UNSURE)
        return _("Done. `/groundswell digest off` stops it, and anyone here may.")

    def _with_those_here(self, asked: Asked, verb: str, words: list[str], name: str) -> str:
        """Stop, pause or resume what comes to this channel: all of it, or what is named."""
        wanted = {_audience(words)} if words else set(Audience)
        unit = self._unit(asked, name) if name else None
        now = self.clock()
        with self.database.transaction() as session:
            here = [
                schedule
                for schedule in schedules.of_workspace(session, asked.workspace)
                if schedule.channel == asked.channel
                and schedule.audience in wanted
                and (unit is None or schedule.unit_id == unit.id)
            ]
            for schedule in here:
                match verb:
                    case "off":
                        schedules.remove(session, schedule)
                    case "pause":
                        schedules.pause(session, schedule)
                    case _:
                        schedules.resume(session, schedule, now=now)
        if not here:
            return _("No such digest comes to this channel. `/groundswell digest when` shows where they go.")
        if verb == "off":
            return _("Done. The digest no longer comes to this channel.")
        if verb == "pause":
            return _("Done. The digest rests until someone types `/groundswell digest resume` here.")
        return _("Done. The digest comes again, from now on: {when}.").format(
            when="; ".join(dict.fromkeys(Placing.of(schedule).sentence for schedule in here))
        )

    def _when(self, workspace: str) -> str:
        with self.database.reading() as session:
            names = {unit.id: unit.name for unit in units.of_workspace(session, workspace)}
            there = schedules.of_workspace(session, workspace)
            stuck = outbox.digests_that_got_stuck(session, workspace=workspace)
        lines = []
        for schedule in there[:_MOST_LISTED]:
            told = _("<#{channel}>: of *{unit}*, for {audience}, {when}").format(
                channel=schedule.channel,
                unit=mrkdwn.escape(names[schedule.unit_id]),
                audience=_(AUDIENCES[schedule.audience]),
                when=Placing.of(schedule).sentence,
            )
            told = _("{told} (resting)").format(told=told) if schedule.paused else told
            if schedule.held is not None:
                told = f"{told}\n{_(undelivered.HELD[schedule.held])}"
            lines.append(f"• {told}")
            if schedule.channel in stuck:
                lines.append(f"    {undelivered.sentence(stuck[schedule.channel], schedule.channel)}")
        if len(there) > _MOST_LISTED:
            lines.append(_("And {n} more.").format(n=len(there) - _MOST_LISTED))
        return "\n".join(lines) or _("No digest goes out yet. In a channel, type `/groundswell digest on managers`.")

    def _open_form(self, asked: Asked, name: str) -> None:
        """Opened with what is there already; nothing slow comes before, since Slack gives three seconds."""
        unit = self._unit(asked, name)
        with self.database.reading() as session:
            there = schedules.of_workspace(session, asked.workspace)
            known = workspaces.find(session, asked.workspace)
            every = {unit.id or 0: unit.name for unit in units.of_workspace(session, asked.workspace)}
        here = next((s for s in there if s.channel == asked.channel and s.unit_id == unit.id), None)
        now = Placing(channel=asked.channel, timezone=known.timezone if known else "UTC")
        now = replace(Placing.of(here) if here else now, unit=unit.id or 0)
        asked.client.views_open(trigger_id=asked.trigger, view=schedule_form.build(now, units=every))

    def _place(self, workspace: str, placing: Placing, client: WebClient, *, by: str) -> bool:
        """Say it in the channel first: where we cannot speak, a digest could not come either. Where Slack does not
        answer, it may stand there, and so it becomes true.

        Returns whether the channel has certainly been told.

        Raises:
            NotInChannel: we cannot speak there, or should not.
        """
        now = self.clock()
        with self.database.transaction() as session:
            known = workspaces.join(session, workspace, now=now)
            home = workspaces.home_unit(session, workspace)
            unit = units.get(session, placing.unit, workspace=workspace) or home
        says = _("From now on, the weekly digest of *{unit}* for {audience} comes here {when}.").format(
            unit=mrkdwn.escape(unit.name), audience=_(AUDIENCES[placing.audience]), when=placing.sentence
        )
        is_told = _say_there(client, placing.channel, says)
        with self.database.transaction() as session:
            if known.timezone == "UTC":
                workspaces.set_timezone(session, workspace, placing.timezone)
            schedules.place(
                session,
                workspace=workspace,
                unit_id=unit.id or 0,
                channel=placing.channel,
                audience=placing.audience,
                weekday=placing.weekday,
                at=placing.at,
                timezone=placing.timezone,
                by=by,
                now=now,
            )
        return is_told

    def _unit(self, asked: Asked, name: str) -> Unit:
        """The unit that is named, or else the one we are in.

        Raises:
            NotUnderstood: there is none of that name.
        """
        with self.database.transaction() as session:
            workspaces.join(session, asked.workspace, now=self.clock())
            return _named(session, asked, name) if name else _here(session, asked)

    def _zone(self, asked: Asked) -> str:
        """The workspace's clock; for one that nobody has set yet, the clock of whoever asks."""
        with self.database.reading() as session:
            known = workspaces.find(session, asked.workspace)
        if known is not None and known.timezone != "UTC":
            return known.timezone
        return _clock_of(asked.client, asked.person)


def _say_there(client: WebClient, channel: str, says: str) -> bool:
    """Say something in a channel. Returns whether Slack answered that it stands there; if not, it may all the same.

    Raises:
        NotInChannel: we cannot speak there, or should not, and nothing was said.
    """
    begun = False
    try:
        if reaching.is_shared_outside(client, channel):
            raise NotInChannel(_(_SHARED))
        begun = True
        client.chat_postMessage(channel=channel, text=says)
    except (SlackClientError, OSError, HTTPException) as error:
        if isinstance(error, SlackApiError) and error.response.get("error") in _NOT_THERE:
            raise NotInChannel(_(_NOT_IN_THERE)) from error
        if isinstance(error, SlackApiError) and not passes(error):
            raise
        if not begun or did_nothing(error):
            raise NotInChannel(_(_BUSY)) from error
        return False
    return True


def _here(session: Session, asked: Asked) -> Unit:
    return units.where(session, asked.workspace, channel=asked.channel, person=asked.person)[0]


def _named(session: Session, asked: Asked, name: str) -> Unit:
    unit = units.named(session, asked.workspace, name)
    if unit is None:
        raise NotUnderstood(_("There is no unit of that name. `/groundswell units` shows them all."))
    return unit


def _audience(words: list[str]) -> Audience:
    try:
        return Audience(words[0] if words else Audience.MANAGERS)
    except ValueError:
        said = _("A digest is for `managers` or for `improvement`. For example: `/groundswell digest on improvement`.")
        raise NotUnderstood(f"{said} {_('`/groundswell help` shows the rest.')}") from None


def _day_and_time(words: list[str]) -> tuple[int, time]:
    """The day of the week (Monday is 0) and the time of day; Monday at 09:00 for what is not said."""
    weekday, at = 0, time(9)
    for word in words:
        days = [number for number, name in enumerate(DAYS) if len(word) >= 3 and _is_day(word, (name, _(name)))]
        clock = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", word)
        if days:
            weekday = days[0]
        elif clock:
            at = time(int(clock[1]), int(clock[2]))
        elif word not in {"every", "at", "on"}:
            raise NotUnderstood(
                _("Write the day and the time like this: `/groundswell digest on managers Thursday 14:30`.")
            )
    return weekday, at


def _is_day(word: str, names: Iterable[str]) -> bool:
    return any(name.casefold().startswith(word) for name in names)


def _clock_of(client: WebClient, person: str) -> str:
    """The clock of whoever asks, which is a better first guess than none. Some people have none in Slack."""
    try:
        zone = str(client.users_info(user=person)["user"].get("tz") or "UTC")
    except SlackApiError:
        return "UTC"
    return zone if zone in available_timezones() else "UTC"
