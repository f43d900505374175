"""Someone passes something on, and sees what we heard.

    Asha:  /demand I've rung three times about the boiler
    Bot:   Kept as note 12 · failure demand (again) · likely. Because of "three times". [Change] [Undo]

Bare `/demand` and the two shortcuts open a form with one field. What is written to the bot is told in `messaging`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot import answering
from bot.amendments import Amendments, NotYet
from bot.asides import aside_in
from bot.asked import Asked
from bot.blocks import detail_form, note_form, note_list, receipt
from bot.desk import Entry
from bot.doorkeeper import Doorkeeper
from bot.errors import KeptAllTheSame
from bot.listening import guarded
from bot.logbook import Logbook, LogbookError, Submission
from bot.typed import as_typed
from nlp.vocabulary import NoteType
from storage.models import Note

COMMANDS = {"/demand": NoteType.DEMAND, "/improve": NoteType.IMPROVEMENT}


class Noting:
    """The ways in for a note."""

    def __init__(
        self,
        logbook: Logbook,
        doorkeeper: Doorkeeper,
        wake_messenger: Callable[[], None],
        asides: Mapping[str, Callable[[Asked], None]],
    ) -> None:
        self.logbook = logbook
        self.amendments = Amendments(logbook)
        self.doorkeeper = doorkeeper
        self.wake_messenger = wake_messenger
        self.asides = asides

    def register(self, app: App) -> None:
        """The doors that lead here."""
        for command in COMMANDS:
            app.command(command)(guarded(self.hear))
        app.shortcut("pass_on_message")(guarded(self.open_form_for_message))
        app.shortcut("pass_on")(guarded(self.open_form))
        app.action(note_form.MORE)(guarded(self.say_more))
        app.action(note_list.KEEP)(guarded(self.keep_after_all))
        app.view(note_form.CALLBACK)(guarded(self.hear_form))

    def hear(
        self, ack: Ack, command: dict[str, Any], context: BoltContext, respond: Respond, client: WebClient
    ) -> None:
        """`/demand their words` and `/improve your words`; the form when there are no words, help when asked."""
        told_as = COMMANDS[command["command"]]
        words = as_typed(command.get("text", ""))
        if aside := aside_in(words):
            ack()
            asked = Asked.of(command, workspace_of(context), respond, client)
            self.asides[aside[0]](replace(asked, words=aside[1]))
        elif not words.strip():
            ack()
            origin = note_form.Origin(
                told_as=told_as,
                channel=command.get("channel_id", ""),
                point=_point(command),
                private=_is_private(command),
                response_url=command["response_url"],
            )
            client.views_open(trigger_id=command["trigger_id"], view=note_form.build(origin))
        else:
            channel = command.get("channel_id", "")
            self.doorkeeper.refuse_known(workspace_of(context), channel)
            note, is_new = self.logbook.keep(
                Submission(
                    key=f"command/{command['trigger_id']}",
                    workspace=workspace_of(context),
                    by=command["user_id"],
                    told_as=told_as,
                    words=words,
                    channel=channel,
                    point=_point(command),
                    private=_is_private(command),
                )
            )
            ack()  # the words are safe before we say so
            if is_new:
                note = self.doorkeeper.confirm(note, by=command["user_id"], channel=channel)
                self.show(note, respond, to=command["user_id"])

    def keep_after_all(self, ack: Ack, body: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """What was read as an order, or as too little, and was a customer's words: kept as they were typed. A message
        has the key and the receipt that any other has, so that it can still be edited and deleted.
        """
        ack()
        channel, pressed = body["container"]["channel_id"], body["container"]["message_ts"]
        command, message, words = note_list.typed(body["actions"][0]["value"])
        note, is_new = self.logbook.keep(
            Submission(
                key=key_of_message(channel, message) if message else f"after all/{channel}/{pressed}",
                workspace=workspace_of(context),
                by=str(context.user_id),
                told_as=COMMANDS[command],
                words=words,
                channel=channel,
                point=_point(body),
                private=_is_private(body),
            )
        )
        if not is_new:
            return
        note = self.doorkeeper.confirm(note, by=str(context.user_id), channel=channel)
        if message:
            self.owe_receipt(note, to=channel)
        else:
            self.show(note, respond, to=str(context.user_id))

    def open_form_for_message(
        self, ack: Ack, shortcut: dict[str, Any], context: BoltContext, client: WebClient
    ) -> None:
        """The shortcut on a message: the form with that message's words in it."""
        channel = str((shortcut.get("channel") or {}).get("id", ""))
        self.doorkeeper.refuse_known(workspace_of(context), channel)
        ack()
        origin = note_form.Origin(
            told_as=NoteType.DEMAND,
            channel=channel,
            point=_point(shortcut),
            private=_is_private(shortcut, quoting=True),
            response_url=shortcut.get("response_url", ""),
        )
        words = as_typed(shortcut["message"].get("text") or "")
        client.views_open(trigger_id=shortcut["trigger_id"], view=note_form.build(origin, words=words))

    def open_form(self, ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
        """The shortcut that is there wherever someone is: the empty form."""
        ack()
        client.views_open(
            trigger_id=shortcut["trigger_id"], view=note_form.build(note_form.Origin(told_as=NoteType.DEMAND))
        )

    def say_more(self, ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        """[More] in the form: every other field, with what was typed still in the first."""
        ack()
        answering.fill(client, body["view"], note_form.with_more(body["view"]))

    def hear_form(self, ack: Ack, body: dict[str, Any], view: dict[str, Any], context: BoltContext) -> None:
        """The form comes back. What cannot be kept stays in the field, with a sentence that says why."""
        origin, words = note_form.read(view)
        detail = detail_form.detail_in(view)
        try:
            self.amendments.check(detail)
        except NotYet as error:
            ack(detail_form.refused("first_asked_on", str(error)))
            return
        person = body["user"]["id"]
        self.doorkeeper.refuse_known(workspace_of(context), origin.channel)
        note, is_new = self.logbook.keep(
            Submission(
                key=f"form/{view['id']}",
                workspace=workspace_of(context),
                by=person,
                told_as=origin.told_as,
                words=words,
                channel=origin.channel,
                point=origin.point,
                private=origin.private,
                what_matters=detail.what_matters,
                in_the_way=detail.in_the_way,
                first_asked_on=detail.first_asked_on,
                first_hand=detail.first_hand,
                settled=detail.settled,
            )
        )
        ack()
        if not is_new:
            return
        note = self.doorkeeper.confirm(note, by=person, channel=origin.channel)
        if origin.response_url:
            self.show(note, answering.back_to(origin.response_url), to=person)
        else:
            self.owe_receipt(note, to=person)

    def show(self, note: Note, respond: Respond, *, to: str) -> None:
        """The receipt, where the person acted; in a direct message, if Slack does not take it there."""
        try:
            answering.say(respond, **receipt.build(self.logbook.tag(note)))
        except (answering.NotTaken, OSError):
            self.owe_receipt(note, to=to)
        except Exception as error:  # whatever goes wrong from here on, the words are safe
            raise KeptAllTheSame(note.number) from error

    def owe_receipt(self, note: Note, *, to: str, edition: str = "") -> None:
        """Leave the receipt in the outbox, once, however often the same message is delivered. `edition` names a later
        receipt for the same note, after its words were edited: it takes the first one's place.
        """

        def owed(entry: Entry) -> tuple[str, str, dict[str, Any]]:
            first, shown = f"receipt/{note.id}", receipt.build(entry)
            return (f"{first}/{edition}", to, {**shown, "update": first}) if edition else (first, to, shown)

        try:
            self.logbook.tag(note, owed=owed)
        except Exception as error:
            raise KeptAllTheSame(note.number) from error
        self.wake_messenger()


def key_of_message(channel: str, ts: str) -> str:
    """The key of the note that a message is, by its channel and by Slack's name for it."""
    return f"message/{channel}/{ts}"


def workspace_of(context: BoltContext) -> str:
    """The workspace that someone acts in.

    Raises:
        LogbookError: Slack did not say which.
    """
    workspace = context.team_id
    if not workspace:
        raise UnknownWorkspace
    return workspace


class UnknownWorkspace(LogbookError):
    """Slack did not say which workspace this came from, so it was not kept. Please try it from a channel."""


def _is_private(where: dict[str, Any], *, quoting: bool = False) -> bool:
    """Whether somebody acts in a private channel or a group's own conversation: what they pass on there is quoted
    nowhere else. In a direct message of two that goes for what one of them quotes, and not for their own words.
    """
    name = _channel_name(where)
    return name == "privategroup" or name.startswith("mpdm-") or (quoting and name == "directmessage")


def _point(where: dict[str, Any]) -> str:
    """The public channel that someone acted in, as the place where it was heard. Private ones are not named."""
    name = _channel_name(where)
    return "" if name in {"", "directmessage", "privategroup"} or name.startswith("mpdm-") else f"#{name}"


def _channel_name(where: dict[str, Any]) -> str:
    return str(where.get("channel_name") or (where.get("channel") or {}).get("name") or "")
