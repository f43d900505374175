"""The one door for everything that goes wrong: a kind sentence for the person, a reference in the log, never words.

What a person typed and we could not keep is given back to them in the same answer, so nothing is lost.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from slack_bolt import BoltContext, BoltRequest, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot import answering, mishaps
from bot.answering import NotTaken
from bot.logbook import LogbookError, NoteNotFound
from bot.typed import as_typed
from digests import mrkdwn, speech
from digests.speech import N_, _

log = logging.getLogger(__name__)

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike when read out over the phone
_TOLD_ONCE = ("app_uninstalled", "tokens_revoked", "team_access_revoked", "reaction_added", "reaction_removed")
_MOST_TOLD = 10_000
_A_MOMENT = 0.5
"""Seconds."""
_CLOSED = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"}
"""What Slack says of a form that it opens no more: for that there are three seconds, once."""
_OLD = N_("That was from an earlier version of this message. Please type the command again.")


class _Told:
    """What somebody was told of which event. Slack hands events over again, by no mark that can be relied on, and the
    second delivery may be the first that arrives; people hear of it once. Each process remembers for itself.
    """

    def __init__(self) -> None:
        self._latest: dict[tuple[str, str], None] = {}
        self._lock = threading.Lock()

    def is_news(self, event_id: object, error: Exception) -> bool:
        """Whether nobody was told this of that event yet. From here on, somebody was."""
        told = (str(event_id), type(error).__qualname__)
        with self._lock:
            is_news = event_id is None or told not in self._latest
            self._latest[told] = None
            while len(self._latest) > _MOST_TOLD:
                del self._latest[next(iter(self._latest))]
        return is_news


_told = _Told()


class KeptAllTheSame(Exception):
    """Something went wrong after the words were safe. `number` is the note's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def answer(
    error: Exception,
    request: BoltRequest,
    response: BoltResponse | None,
    body: dict[str, Any],
    context: BoltContext,
    client: WebClient,
) -> BoltResponse | None:
    """Bolt's error handler: tell the person where they acted, and Slack whether to try again.

    `response` is the answer that Slack still waits for; none, when it has been given.
    """
    with speech.speaking(context.get("language", speech.ENGLISH)):
        return _answer(error, request, response, body, client)


def _answer(
    error: Exception, request: BoltRequest, response: BoltResponse | None, body: dict[str, Any], client: WebClient
) -> BoltResponse | None:
    if isinstance(error, BoltUnhandledRequestError):
        return _unhandled(body, response, client)
    passing = not isinstance(error, LogbookError | KeptAllTheSame | NotTaken)
    sentence = sentence_for(error)
    if body.get("type") == "event_callback":
        if _told.is_news(body.get("event_id"), error):
            later = _("Slack will hand it to us again shortly; a receipt tells you when it is safe.") if passing else ""
            _meanwhile(response, _tell_in_conversation, body.get("event"), f"{sentence} {later}".strip(), client)
        again = passing and _must_come_again(body.get("event"))  # anything but 2xx makes Slack try again
        told = BoltResponse(status=500 if again else 200)
    elif body.get("type") == "view_submission":
        field = _first_field(body.get("view"))
        if response is None or not field:
            _meanwhile(response, _tell_person, _person(body), sentence, client)
        refused = {"response_action": "errors", "errors": {field: sentence}}
        told = _json(refused) if field else BoltResponse(status=200)
    elif "command" in body:
        done = isinstance(error, KeptAllTheSame | NotTaken) or _came_too_late(error)
        text = sentence if done else _with_words(sentence, as_typed(str(body.get("text") or "")))
        if response is None:
            _tell_at(body.get("response_url"), text, client, person=_person(body))
        told = _json({"response_type": "ephemeral", "text": text})
    else:
        gone = isinstance(error, NoteNotFound)  # then so is what the message with that button was about
        where = body.get("response_url")
        _meanwhile(response, _tell_at, where, sentence, client, person=_person(body), instead=gone)
        told = BoltResponse(status=200)
    return told if response is not None else None


def reference() -> str:
    """A short name for one thing that went wrong, easy to read out."""
    return "G-" + "".join(secrets.choice(_LETTERS) for _ in range(6))


def record(error: Exception) -> str:
    """Log where an error came from, without its message, which might hold a person's words. Returns its reference."""
    name = reference()
    log.error("%s %s", name, mishaps.told(error), extra={"action": "went_wrong", "reference": name})
    return name


def sentence_for(error: Exception) -> str:
    """What a person reads of what went wrong. What is no fault of theirs is logged, under the reference it names."""
    if isinstance(error, LogbookError):
        return str(error)
    if isinstance(error, NotTaken):
        told = _("That is done, but Slack did not let us show it in its place ({reference}). Please look once more.")
        return told.format(reference=record(error))
    if isinstance(error, KeptAllTheSame):
        name = record(error.__cause__ if isinstance(error.__cause__, Exception) else error)
        told = _("Kept as note {number}. We could not show you what we heard just now ({reference}); nothing is lost.")
        return told.format(number=error.number, reference=name)
    if _came_too_late(error):
        return _("That took a moment too long for the form to open. Please try once more.")
    told = _(
        "Sorry, something went wrong on our side and this was not kept. Please try again in a minute. "
        "If it goes on, tell whoever looks after this app: {reference}."
    )
    return told.format(reference=record(error))


def _came_too_late(error: Exception) -> bool:
    """Whether Slack would not open a form any more. There were no words to keep."""
    return isinstance(error, SlackApiError) and error.response.get("error") in _CLOSED


def _with_words(sentence: str, words: str) -> str:
    if not words.strip():
        return sentence
    return "\n".join([sentence, _("Your words, so that they are not lost:"), mrkdwn.quote(words)])


def _person(body: dict[str, Any]) -> str:
    """Who acted; nobody, where the payload does not say."""
    user = body.get("user")
    return str(body.get("user_id") or (user.get("id") if isinstance(user, dict) else "") or "")


def _meanwhile(response: BoltResponse | None, tell: Callable[..., None], *what: Any, **how: Any) -> None:
    """Tell a person what went wrong. Slack may be just as slow to take that: while it waits for our answer itself, it
    waits a moment for this, and no longer.
    """
    telling = threading.Thread(target=tell, args=what, kwargs=how, name="telling", daemon=True)
    telling.start()
    telling.join(None if response is None else _A_MOMENT)


def _first_field(view: Any) -> str:
    """Where a form can say what is wrong; nowhere, if nothing is asked in it. At any other place Slack would say only
    that it had trouble connecting.
    """
    blocks = view.get("blocks") if isinstance(view, dict) else None
    asked = (b for b in blocks or () if isinstance(b, dict) and b.get("type") == "input" and b.get("block_id"))
    return str(next(asked, {}).get("block_id", ""))


def _tell_in_conversation(event: Any, sentence: str, client: WebClient) -> None:
    if not _is_spoken(event):
        return
    channel, person = str(event.get("channel") or ""), str(event.get("user") or "")
    if event["type"] == "message":
        _tell_person(channel, sentence, client)
    elif client.token:
        thread_ts = event.get("thread_ts")
        try:
            client.chat_postEphemeral(channel=channel, user=person, text=sentence, thread_ts=thread_ts)
        except (SlackClientError, OSError):
            _tell_person(person, sentence, client)


def _is_spoken(event: Any) -> bool:
    """Whether somebody has said something, to us alone or in a channel."""
    return (
        isinstance(event, dict) and event.get("type") in ("message", "app_mention") and isinstance(event.get("ts"), str)
    )


def _must_come_again(event: Any) -> bool:
    """Whether it would be lost: words, a mark on them, what a workflow hands over, what became of us or a channel."""
    if not isinstance(event, dict):
        return False
    told = str(event.get("type"))
    handed_over = told == "function_executed" and isinstance(event.get("function"), dict)
    return told in _TOLD_ONCE or told.startswith(("channel_", "group_")) or handed_over or _is_spoken(event)


def _tell_person(person: str, sentence: str, client: WebClient) -> None:
    if person and client.token:  # without one we are not installed there, and Slack would not take it
        try:
            client.chat_postMessage(channel=person, text=sentence)
        except (SlackClientError, OSError) as error:
            record(error)


def _tell_at(response_url: Any, sentence: str, client: WebClient, *, person: str, instead: bool = False) -> None:
    """Where they acted, or in place of what they pressed; in a direct message, if Slack does not take it there."""
    how = {"replace_original": True} if instead else {"response_type": "ephemeral"}
    if response_url:  # on the Home tab and in forms there is none
        try:
            if answering.is_taken(WebhookClient(str(response_url)).send_dict({"text": sentence, **how})):
                return
        except (SlackClientError, OSError, ValueError, HTTPException) as error:
            record(error)
    _tell_person(person, sentence, client)


def _unhandled(body: dict[str, Any], response: BoltResponse | None, client: WebClient) -> BoltResponse:
    """Nothing of ours listens to this: a button from an older version, or an event that nobody asked for."""
    log.info("Nothing listens to a %s.", body.get("type", "request"), extra={"action": "unhandled"})
    if body.get("type") == "block_actions":
        _meanwhile(response, _tell_at, body.get("response_url"), _(_OLD), client, person=_person(body))
    if "command" in body:
        return _json({"response_type": "ephemeral", "text": _("We do not know that command. Try /demand help.")})
    return BoltResponse(status=200)


def _json(body: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps(body), headers={"content-type": "application/json"})
