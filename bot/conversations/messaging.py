"""Someone writes to the bot: a message of its own is a note, a reply to it adds a remark, an edit puts it right.

    Asha:  My parcel never came
    Bot:   Kept as note 12 …
    Asha:  (in its thread) he rang twice last week as well
    Bot:   (in its thread) Added to note 12.
    Tom:   (in #front-desk) @Groundswell a lady asks whether we open on Saturdays
    Bot:   (only Tom sees this) Kept as note 13 …

What can no longer be put right by editing or deleting a message is answered with the reason, and with what can be done.
Bolt acknowledges events before their listeners run, so whatever must not be lost is kept in listener middleware.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.amendments import Amendments, KeptApart, RemarkStays, TooLate
from bot.blocks import note_list, receipt, wording
from bot.conversations.helping import Helping
from bot.conversations.noting import Noting, key_of_message, workspace_of
from bot.doorkeeper import SPOKEN, SharedOutside
from bot.errors import KeptAllTheSame
from bot.listening import guarded
from bot.logbook import LogbookError, NoteNotFound, NotYours, NoWords, Submission
from bot.typed import as_typed
from digests.speech import _
from nlp.vocabulary import NoteType
from storage.models import Note

_FEWEST_WORDS = 3
_TOMBSTONE = "tombstone"
_TS = re.compile(r"\d{1,10}\.\d{1,6}", re.ASCII)
_GREETING = re.compile(
    r"\W*(hi|hiya|hello|hey|morning|good morning|good afternoon|thanks|thank you|thank you very much|test|help)"
    r"(\s+(there|all|everyone|groundswell))?\W*",
    re.I,
)
_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of Thai, Lao, Burmese, Khmer, Japanese and Chinese, which are written without spaces between words."""
_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")


class Messaging:
    """Direct messages and mentions."""

    def __init__(self, noting: Noting, amendments: Amendments, helping: Helping) -> None:
        self.noting = noting
        self.amendments = amendments
        self.helping = helping

    def register(self, app: App) -> None:
        """The doors that lead here."""
        app.event("message", matchers=[is_reworded], middleware=[self.keep_edit])(guarded(self.answer_edit))
        app.event("message", matchers=[is_deleted], middleware=[self.keep_deletion])(guarded(self.answer_deletion))
        app.event("message", matchers=[is_a_message], middleware=[self.keep_message])(guarded(self.answer_message))
        app.event("app_mention", matchers=[is_spoken], middleware=[self.keep_mention])(guarded(self.answer_mention))

    def keep_message(self, event: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:
        """Keep a direct message, or the remark that a reply in a note's thread is."""
        words = as_typed(event.get("text", ""))
        if self._is_gone(event["channel"], event["ts"], workspace_of(context)):
            return  # deleted before it reached us
        told = self._answered_by(event, workspace_of(context))
        if told is not None:
            context["remark_on"] = told.number
            key = _key_of_remark(event["channel"], event["ts"])
            context["is_new"] = self.amendments.remark(told, words, by=event["user"], key=key)
        elif not is_fragment(words):
            context["note"], context["is_new"] = self._keep(event, event["channel"], words, workspace_of(context))
        next()

    def answer_message(self, event: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """The receipt for a note, a word for a remark, help for a greeting."""
        if "note" in context:
            if context["is_new"]:
                self.noting.doorkeeper.confirm(context["note"], by=event["user"])
            self.noting.owe_receipt(context["note"], to=event["channel"])
        elif "remark_on" not in context:
            if self._is_first_time(event, context):
                known = self._help_with(as_typed(event.get("text", "")), event["ts"])
                client.chat_postMessage(channel=event["channel"], **known)
        elif context["is_new"]:
            said = _("Added to note {number}.").format(number=context["remark_on"])
            client.chat_postMessage(channel=event["channel"], thread_ts=event["thread_ts"], text=said)

    def keep_mention(
        self, event: dict[str, Any], body: dict[str, Any], context: BoltContext, next: Callable[[], None]
    ) -> None:
        """Keep what someone said to the bot in a channel, unless outsiders are there."""
        words = as_typed(_MENTION.sub(" ", event.get("text", "")))
        if body.get("is_ext_shared_channel"):
            raise SharedOutside
        self.noting.doorkeeper.refuse_known(workspace_of(context), event["channel"])
        if not is_fragment(words):
            context["note"], context["is_new"] = self._keep(
                event, event["channel"], words, workspace_of(context), in_channel=True
            )
        next()

    def _help_with(self, words: str, message: str) -> dict[str, Any]:
        known = self.helping.how_to_pass_on()
        if not words.strip() or _GREETING.fullmatch(words):
            return known
        return note_list.or_a_note(known, words, command="/demand", message=message)

    def answer_mention(self, event: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """For the eyes of whoever wrote it: the receipt, or help."""
        if "note" not in context:
            if not self._is_first_time(event, context):
                return
            message = self.helping.how_to_pass_on()
        elif context["is_new"]:
            note = self.noting.doorkeeper.confirm(context["note"], by=event["user"], channel=event["channel"])
            try:
                message = receipt.build(self.noting.logbook.tag(note))
            except Exception as error:  # whatever goes wrong from here on, the words are safe
                raise KeptAllTheSame(note.number) from error
        else:
            return
        place = {"thread_ts": event["thread_ts"]} if event.get("thread_ts") else {}
        try:
            client.chat_postEphemeral(channel=event["channel"], user=event["user"], **place, **message)
        except (SlackApiError, OSError):
            if "note" in context:
                self.noting.owe_receipt(context["note"], to=event["user"])

    def keep_edit(self, event: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:
        """A message was edited: so is its note, while it is fresh. What was no note until now becomes one."""
        changed, workspace = event["message"], workspace_of(context)
        words, key, is_new = as_typed(changed.get("text", "")), f"edit/{_key_of_edit(event)}", False
        note = self.amendments.passed_on_as(key_of_message(event["channel"], changed["ts"]), workspace=workspace)
        if note is None and (stays := self._why_it_stays({**changed, "channel": event["channel"]}, workspace)):
            context["refused"] = stays
        elif note is None:
            note, is_new = self._keep_edited(event, words, workspace)
        if is_new:
            context["note"] = note
            self.amendments.is_first_time(key, workspace=workspace)  # an older edit that comes later is known for one
        elif note is not None:
            try:
                if self.amendments.reword(note, words, by=changed["user"], key=key):
                    context["reworded"] = note
            except (TooLate, NoWords) as error:
                context["refused"] = error
            except (NoteNotFound, NotYours):
                pass
        next()

    def answer_edit(self, event: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """The receipt, or the one that is there already as it is now; or why the note stays as it was, said once."""
        workspace, edit = workspace_of(context), _key_of_edit(event)
        if "note" in context:
            self.noting.doorkeeper.confirm(context["note"], by=event["message"]["user"])
            self.noting.owe_receipt(context["note"], to=event["channel"])
        elif "reworded" in context:
            again = self.amendments.passed_on_as(context["reworded"].key, workspace=workspace)
            if again is not None:
                self.noting.owe_receipt(again, to=event["channel"], edition=edit.rpartition("/")[2])
        elif "refused" in context and self.amendments.is_first_time(f"edit/{edit}", workspace=workspace):
            thread_ts = _thread_of(event["message"]) or event["message"]["ts"]
            client.chat_postMessage(channel=event["channel"], thread_ts=thread_ts, text=str(context["refused"]))

    def keep_deletion(self, event: dict[str, Any], context: BoltContext, next: Callable[[], None]) -> None:
        """A message was deleted: so are its notes, while they are fresh. If it reaches us only now, it is not kept."""
        was, workspace = _deleted(event), workspace_of(context)
        key = key_of_message(was["channel"], was["ts"])
        note = self.amendments.passed_on_as(key, workspace=workspace)
        kept = [note] if note is not None else self.amendments.kept_apart(key, workspace=workspace)
        if kept and self.amendments.take_back_fresh(kept, by=str(was.get("user") or "")):
            context["taken_back"] = [str(one.number) for one in kept]
        elif kept:
            context["refused"] = TooLate()
        elif self._is_remark(was, workspace):
            context["refused"] = RemarkStays()
        else:
            self.amendments.is_first_time(f"delete/{key}", workspace=workspace)
        next()

    def answer_deletion(self, event: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """That its notes are gone; or why they stay and how to take them back, said once."""
        was = _deleted(event)
        key = f"delete/{key_of_message(was['channel'], was['ts'])}"
        if "taken_back" in context:
            client.chat_postMessage(channel=event["channel"], text=_are_taken_back(context["taken_back"]))
        elif "refused" in context and self.amendments.is_first_time(key, workspace=workspace_of(context)):
            client.chat_postMessage(channel=was["channel"], thread_ts=_thread_of(was), text=str(context["refused"]))

    def _keep(
        self, message: dict[str, Any], channel: str, words: str, workspace: str, *, in_channel: bool = False
    ) -> tuple[Note, bool]:
        """Keep what a message says under the message's own key, once. Returns the note and whether it is new.

        What was said in a channel is taken for private until Slack has said which kind of channel it is.

        Raises:
            NoWords: there is nothing to keep.
            TooLong: there is more than one note can hold.
        """
        return self.noting.logbook.keep(
            Submission(
                key=key_of_message(channel, message["ts"]),
                workspace=workspace,
                by=message["user"],
                told_as=NoteType.DEMAND,
                words=words,
                channel=channel if in_channel else "",
                private=in_channel,
                via="mention" if in_channel else "direct message",
            )
        )

    def _keep_edited(self, event: dict[str, Any], words: str, workspace: str) -> tuple[Note | None, bool]:
        """A message that was no note until it was edited, or whose edit reached us before the message itself: kept
        under the message's own key, so that whatever arrives later finds the note already there.

        Returns the note, if it is one, and whether it is new: if not, the message was quicker after all.
        """
        changed = event["message"]
        if _thread_of(changed) or is_fragment(words) or not self.amendments.is_fresh(_written_at(changed["ts"])):
            return None, False
        if self._is_gone(event["channel"], changed["ts"], workspace):
            return None, False
        return self._keep(changed, event["channel"], words, workspace)

    def _is_first_time(self, event: dict[str, Any], context: BoltContext) -> bool:
        """Whether help was not yet given for this message, however often Slack delivers it."""
        key = f"help/{key_of_message(event['channel'], event['ts'])}"
        return self.amendments.is_first_time(key, workspace=workspace_of(context))

    def _is_gone(self, channel: str, ts: str, workspace: str) -> bool:
        """Whether a message was deleted before it, or an edit of it, reached us."""
        return self.amendments.was_done(f"delete/{key_of_message(channel, ts)}", workspace=workspace)

    def _answered_by(self, event: dict[str, Any], workspace: str) -> Note | None:
        """The person's own note in whose thread, or in the thread of whose receipt, this was written; none, when it
        stands for itself.
        """
        thread, channel, by = _thread_of(event), event["channel"], str(event.get("user") or "")
        if thread is None:
            return None
        own = self.amendments.passed_on_as(key_of_message(channel, thread), workspace=workspace)
        return own or self.amendments.answered_with(thread, workspace=workspace, by=by, channel=channel)

    def _is_remark(self, message: dict[str, Any], workspace: str) -> bool:
        """Whether a message is a remark on a note, and stands there by now."""
        if self._answered_by(message, workspace) is None:
            return False
        key = _key_of_remark(message["channel"], message["ts"])
        may_be_on_its_way = self.amendments.is_fresh(_written_at(message["ts"]))
        return not may_be_on_its_way or self.amendments.was_done(key, workspace=workspace)

    def _why_it_stays(self, message: dict[str, Any], workspace: str) -> LogbookError | None:
        """Why an edit changes nothing: the message was kept as several notes, or is a remark; none, if neither."""
        if self.amendments.kept_apart(key_of_message(message["channel"], message["ts"]), workspace=workspace):
            return KeptApart()
        return RemarkStays() if self._answered_by(message, workspace) is not None else None


def is_fragment(words: str) -> bool:
    """Whether this is a greeting or too few words to be a note."""
    as_many = len(words.split()) + len(_NO_SPACES.findall(words)) // 2  # two signs make about one word there
    return bool(_GREETING.fullmatch(words)) or as_many < _FEWEST_WORDS


def is_a_message(event: dict[str, Any]) -> bool:
    """A person's own words in a direct message: not a bot's, not an edit, not a join."""
    return event.get("channel_type") == "im" and event.get("subtype") in SPOKEN and is_spoken(event)


def is_spoken(event: dict[str, Any]) -> bool:
    """A person's own words, and not a bot's."""
    return (
        "bot_id" not in event
        and all(isinstance(event.get(field), str) for field in ("user", "channel", "ts"))
        and isinstance(event.get("text", ""), str)
    )


def is_reworded(event: dict[str, Any]) -> bool:
    """A person edited a direct message of theirs. Links that Slack unfolds, and our own updates, are no edits."""
    message, before = event.get("message"), event.get("previous_message") or {}
    return (
        event.get("subtype") == "message_changed"
        and event.get("channel_type") == "im"
        and isinstance(message, dict)
        and message.get("subtype") != _TOMBSTONE
        and isinstance(event.get("channel"), str)
        and is_spoken({**message, "channel": event["channel"]})
        and message.get("text") != (before.get("text") if isinstance(before, dict) else None)
    )


def is_deleted(event: dict[str, Any]) -> bool:
    """Someone deleted a direct message. Over one with replies Slack puts a tombstone, and calls that a change."""
    return (
        event.get("subtype") in ("message_deleted", "message_changed")
        and event.get("channel_type") == "im"
        and isinstance(event.get("channel"), str)
        and isinstance(_name_of_deleted(event), str)
        and isinstance(event.get("previous_message") or {}, dict)
    )


def _name_of_deleted(event: dict[str, Any]) -> object:
    """What Slack calls the message that was deleted; none, if none was."""
    message = event.get("message")
    if event.get("subtype") == "message_changed" and isinstance(message, dict):
        return message.get("ts") if message.get("subtype") == _TOMBSTONE else None
    return event.get("deleted_ts")


def _deleted(event: dict[str, Any]) -> dict[str, Any]:
    """A message that was deleted, as it was."""
    return {**(event.get("previous_message") or {}), "channel": event["channel"], "ts": _name_of_deleted(event)}


def _thread_of(message: dict[str, Any]) -> str | None:
    """The thread that a message is a reply in; none, where it stands for itself."""
    thread = message.get("thread_ts")
    return thread if isinstance(thread, str) and thread != message["ts"] else None


def _are_taken_back(numbers: list[str]) -> str:
    if len(numbers) == 1:
        said = _("You deleted that message, so note {number} is taken back. The words are gone.")
        return said.format(number=numbers[0])
    said = _("You deleted that message, so notes {numbers} are taken back. The words are gone.")
    return said.format(numbers=wording.joined(numbers))


def _key_of_remark(channel: str, ts: str) -> str:
    return f"remark/{channel}/{ts}"


def _key_of_edit(event: dict[str, Any]) -> str:
    """The key of an edited message, and the moment of the edit: the event's own, for Slack counts edits by seconds."""
    changed = event["message"]
    edited = changed.get("edited")
    moment = str(event.get("event_ts") or (edited.get("ts") if isinstance(edited, dict) else "") or "")[:40]
    return f"{event['channel']}/{changed['ts']}/{moment}"


def _written_at(ts: str) -> datetime:
    """When a message was written, by Slack's name for it; long ago, if that is none."""
    return datetime.fromtimestamp(float(ts) if _TS.fullmatch(ts) else 0, UTC)
