"""Someone marks a colleague's message with the agreed emoji, and it is passed on.

    Tom:   (in #front-desk) A lady says she has been sent three different dates
    Asha:  (puts 👂 on it)
    Bot:   (only Asha sees this) Kept as note 12 …
    Priya: (puts 👂 on it, too)
    Bot:   (only Priya sees this) That is kept already, as note 12 …
    Asha:  (takes hers away again)
    Bot:   (says nothing; the note is Priya's now)

Only where the emoji is set (`REACTION`) and the manifest is the one for it. Said aloud: whatever kept a mark from
becoming a note. Passed over in silence: other emoji, marks on our own messages, and those of people from outside, who
cannot know what the emoji means here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import errors
from bot.blocks import receipt
from bot.connection import NotHere, asked_to_wait, passes
from bot.conversations.noting import Noting, workspace_of
from bot.doorkeeper import SPOKEN, SharedOutside
from bot.interpreter import Interpreter
from bot.listening import guarded
from bot.logbook import LogbookError
from bot.lookup import ClientOf
from bot.marking import Marking
from bot.typed import as_typed
from digests import speech
from digests.speech import _
from storage.models import Mark, Note

_TS = re.compile(r"\d{1,12}\.\d{1,6}", re.ASCII)
_WRITTEN = (*SPOKEN, "bot_message")
"""The subtypes of a message that somebody, or an app for somebody, has written; of the others Slack is the author."""
_A_WHILE = timedelta(minutes=1)


class NothingWritten(LogbookError):
    """There are no words in that message, so nothing was kept. What was said? `/demand` takes it."""


class NoLongerThere(LogbookError):
    """That message is no longer there, so nothing was kept."""


class WrittenOutside(LogbookError):
    """Somebody of another organisation wrote that message, so it was not kept."""


class MayNotRead(LogbookError):
    """I may not read messages here, so nothing was kept. *Pass this on* in the message's menu does the same. Whoever
    looks after this app can let me read, by installing it again with its manifest for reactions.
    """


class NotInvited(LogbookError):
    """I am not in that channel, so I could not read the message and nothing was kept. `/invite @Groundswell` there, and
    mark it once more.
    """


_REASONS: dict[str, type[LogbookError]] = {
    "thread_not_found": NoLongerThere,
    "message_not_found": NoLongerThere,
    "missing_scope": MayNotRead,
    "not_in_channel": NotInvited,
    "channel_not_found": NotInvited,
}


class Reacting:
    """The door that opens with an emoji."""

    def __init__(
        self, marking: Marking, noting: Noting, interpreter: Interpreter, client_of: ClientOf, *, emoji: str
    ) -> None:
        self.marking = marking
        self.noting = noting
        self.interpreter = interpreter
        self.client_of = client_of
        self.emoji = emoji
        self._rests: dict[str, datetime] = {}
        """Until when Slack wishes not to be asked for messages, by workspace."""

    def register(self, app: App) -> None:
        """The doors that lead here; none, where no emoji is agreed."""
        if self.emoji:
            for told in ("reaction_added", "reaction_removed"):
                app.event(told, middleware=[self.keep_mark])(guarded(self.hear))

    def keep_mark(self, event: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:
        """Take the mark down before Slack hears that we have it: should we fail, it tells us again."""
        if self._means_us(event) and event.get("item_user") != context.bot_user_id:
            context["mark"] = self.marking.note_down(
                workspace=workspace_of(context),
                channel=event["item"]["channel"],
                ts=event["item"]["ts"],
                person=event["user"],
                there=event["type"] == "reaction_added",
                event_ts=event["event_ts"],
            )
        next()

    def hear(self, context: BoltContext) -> None:
        """Read what was marked, and pass it on; or take it back."""
        mark = context.get("mark")
        if mark is not None:
            self._see_to(mark)

    def catch_up(self) -> None:
        """See to the marks that are left over: called by the clock, and so at every start."""
        for mark in self.marking.left_over() if self.emoji else ():
            with speech.speaking(self.interpreter.language_of(mark.workspace)):
                try:
                    self._see_to(mark)
                except Exception as error:  # the next one is not to wait for it
                    errors.record(error)

    def _see_to(self, mark: Mark) -> None:
        latest: Mark | None = mark
        while latest is not None:
            mark = latest
            try:
                self._answer(mark)
            except _Later as later:
                self.marking.put_off(mark, until=self.marking.logbook.clock() + later.pause)
                return
            except NotHere:
                pass  # the app was removed: nobody is to be told anything
            latest = self.marking.settle(mark)

    def _answer(self, mark: Mark) -> None:
        try:
            if mark.there:
                self._pass_on(mark)
            else:
                self._take_back(mark)
        except LogbookError as error:
            self._say(mark, {"text": str(error)})

    def _pass_on(self, mark: Mark) -> None:
        doorkeeper = self.noting.doorkeeper
        if doorkeeper.is_outside(mark.workspace, mark.person):
            self.marking.forget(mark)
            return
        place = doorkeeper.places.of(mark.workspace, mark.channel)
        if place is not None and place.is_shared_outside:
            raise SharedOutside
        message = self._read(mark)
        if message.get("user") and doorkeeper.is_outside(mark.workspace, str(message["user"])):
            raise WrittenOutside
        words = as_typed(str(message.get("text") or "")) if message.get("subtype") in _WRITTEN else ""
        if not any(letter.isalnum() for letter in words):
            raise NothingWritten
        note, is_own = self.marking.pass_on(
            mark, words, point=place.point if place else "", private=place is None or place.is_private
        )
        thread = _thread_of(message)
        if is_own:
            self._say(mark, receipt.build(self.noting.logbook.tag(note)), thread=thread, note=note)
        else:
            said = _("That is kept already, as note {number}, and you heard it too. One message makes one note.")
            self._say(mark, {"text": said.format(number=note.number)}, thread=thread)

    def _take_back(self, mark: Mark) -> None:
        note = self.marking.let_go(mark)
        if note is not None:
            said = _("You took your mark away, so note {number} is taken back. The words are gone.")
            self._say(mark, {"text": said.format(number=note.number)})

    def _read(self, mark: Mark) -> dict[str, Any]:
        """The marked message, a reply in a thread as well: the history of a channel would not have it.

        Raises:
            LogbookError: it cannot be read; the sentence says why.
            _Later: not now.
        """
        now = self.marking.logbook.clock()
        if (until := self._rests.get(mark.workspace, now)) > now:
            raise _Later(until - now)
        try:
            client = self.client_of(mark.workspace)
            there = client.conversations_replies(
                channel=mark.channel, ts=mark.ts, oldest=mark.ts, latest=mark.ts, inclusive=True, limit=15
            )
        except SlackApiError as error:
            why = str(error.response.get("error"))
            if passes(error):
                pause = asked_to_wait(error.response.headers) or _A_WHILE
                self._rests[mark.workspace] = now + pause
                raise _Later(pause) from error
            if why in _REASONS:
                raise _REASONS[why] from error
            raise
        except (SlackClientError, OSError) as error:
            raise _Later(_A_WHILE) from error
        found = [message for message in there["messages"] if message.get("ts") == mark.ts]
        if not found:
            raise NoLongerThere
        return dict(found[0])

    def _say(self, mark: Mark, message: dict[str, Any], *, thread: str = "", note: Note | None = None) -> None:
        """To whoever put the mark there, where they did; in a direct message, if Slack does not take it there."""
        try:
            self.client_of(mark.workspace).chat_postEphemeral(
                channel=mark.channel, user=mark.person, thread_ts=thread or None, **message
            )
        except (SlackClientError, OSError):
            if note is not None:
                self.noting.owe_receipt(note, to=mark.person)  # which goes with the note, should it be taken back
            else:
                self.marking.owe(mark, message)
                self.noting.wake_messenger()

    def _means_us(self, event: dict[str, Any]) -> bool:
        """Whether this is the agreed emoji, in any skin, on a message of a channel."""
        item = event.get("item")
        return (
            isinstance(item, dict)
            and item.get("type") == "message"
            and isinstance(event.get("reaction"), str)
            and event["reaction"].partition("::")[0] == self.emoji
            and isinstance(event.get("user"), str)
            and isinstance(item.get("channel"), str)
            and item["channel"].startswith(("C", "G"))
            and all(isinstance(ts, str) and _TS.fullmatch(ts) for ts in (item.get("ts"), event.get("event_ts")))
        )


def _thread_of(message: dict[str, Any]) -> str:
    """The thread that a reply stands in; none for what stands in the channel, be it with replies or a reply shown there
    too.
    """
    thread = str(message.get("thread_ts") or "")
    return "" if thread == message["ts"] or message.get("subtype") == "thread_broadcast" else thread


class _Later(Exception):
    """Slack has no time for us now."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__(pause)
        self.pause = pause
