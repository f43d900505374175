"""Carries what waits in the outbox to Slack: patient when Slack is busy, and each thing once.

`chat.postMessage` has no key of its own against repeats, so the intent is written down right before the call and
Slack's name for the message right after it. Should we die between these two, or should the answer get lost or be that
of a Slack in trouble, the message is in doubt: the next attempt first looks in the conversation, or in the thread, for
one that carries our key.
Where Slack does not let us look (a channel, without a history scope), a message in doubt is not said twice; whoever
set the digest up hears of it. If we died anywhere else, we know that nothing was said, and say it.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import errors, picturing, reaching, steps, undelivered
from bot.connection import REMOVED, NotHere, asked_to_wait, did_nothing, passes
from digests import forgetting, periods
from storage import installations, outbox
from storage.database import Database
from storage.models import Message

log = logging.getLogger(__name__)

EVENT_TYPE = "groundswell_message"
_BETWEEN_ROUNDS = 5.0
"""Seconds to sleep when nobody wakes us."""
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=15)
_CLOCKS_APART = timedelta(minutes=1)
"""How far Slack's clock and ours may differ."""
_MOST_PAGES = 5
"""Pages of a conversation that we look through for a message in doubt."""

_DEAD = REMOVED | {"invalid_auth", "token_expired"}

_SETTLED = {"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive"}
"""Slack's reasons for not changing a message any more."""

ClientOf = Callable[[str], WebClient]
"""Given a workspace, a client that may speak there; `NotHere`, if none may. Its own retries must be off."""


class Messenger:
    """One per process, in a thread of its own. Any number of processes can share an outbox."""

    def __init__(
        self,
        database: Database,
        client_of: ClientOf,
        *,
        clock: Callable[[], datetime] | None = None,
        on_removal: Callable[[str, str], None] = lambda workspace, why: None,
    ) -> None:
        self.database = database
        self._on_removal = on_removal
        self.clock = clock or (lambda: datetime.now(UTC))
        self._client_of = client_of
        self._name = uuid.uuid4().hex
        self._woken = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="messenger", daemon=True)

    def start(self) -> None:
        """Begin carrying."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the message in hand, then stop."""
        self._stopping = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def wake(self) -> None:
        """There is something new to carry: do not wait for the next round."""
        self._woken.set()

    def carry(self) -> int:
        """Carry what waits by now, in the order it was left. Returns how many messages arrived."""
        with self.database.transaction() as session:
            messages = outbox.take(session, carrier=self._name, now=self.clock())
        busy: dict[str, datetime] = {}
        return sum(self._carry_one(message, busy) for message in messages)

    def _run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                while self.carry() and not self._stopping:
                    pass
            except Exception as error:  # a database that is away for a moment must not end the thread
                errors.record(error)
            self._woken.wait(_BETWEEN_ROUNDS)

    def _carry_one(self, message: Message, busy: dict[str, datetime]) -> bool:
        """Carry one message. Whatever goes wrong that nobody foresaw makes this one wait, and none behind it."""
        try:
            return self._try(message, busy)
        except Exception as error:
            log.error("Message %s for %s has to wait: %s.", message.key, message.channel, errors.record(error))
            self._wait(message, until=self.clock() + self._pause(message))
            return False

    def _try(self, message: Message, busy: dict[str, datetime]) -> bool:
        """Try to say it. A channel that is busy keeps its later messages waiting, so their order stays."""
        if message.channel in busy:
            self._wait(message, until=busy[message.channel])
            return False
        try:
            client = self._client_of(message.workspace)
            thread_ts, earlier_ts = self._thread_of(message), self._earlier(message)
            if message.key.startswith("digest/") and reaching.is_shared_outside(client, message.channel):
                raise _SharedOutside
            ts = _already_there(client, message, thread_ts) if message.in_doubt else None
            if ts is None:
                body = self._begin(message)
                if body is None:
                    return False
                message.body = body
                ts = _post(client, message, thread_ts, earlier_ts)
        except NotHere:
            self._give_up(message, why=outbox.DROPPED)
            return False
        except _NotYet:
            self._wait(message, until=self.clock() + _FIRST_PAUSE)
            return False
        except _Never:
            self._give_up(message, why=outbox.UNANSWERABLE)
            return False
        except _SharedOutside:
            self._give_up(message, why=undelivered.SHARED_OUTSIDE)
            return False
        except _CannotLook:
            self._give_up(message, why=undelivered.IN_DOUBT)
            return False
        except SlackApiError as error:
            return self._refused(message, error, busy, said_by=client.token)
        except (SlackClientError, OSError, HTTPException) as error:
            log.warning("Slack is out of reach (%s). Trying again soon.", type(error).__qualname__)
            busy[message.channel] = self.clock() + self._pause(message)
            self._wait(message, until=busy[message.channel], unsaid=_is_unsaid(error))
            return False
        self._sent(message, ts=ts)
        return True

    def _sent(self, message: Message, *, ts: str) -> None:
        assert message.id is not None
        now = self.clock()
        with self.database.transaction() as session:
            body = outbox.body_now(session, message.id)
            outbox.sent(session, message.id, ts=ts, now=now)
            if body not in (None, message.body) and message.key.startswith("digest/"):
                forgetting.owe_edit(session, message, body or {}, now)  # words were taken back while it was under way

    def _refused(
        self, message: Message, error: SlackApiError, busy: dict[str, datetime], *, said_by: str | None
    ) -> bool:
        assert message.id is not None
        why = str(error.response.get("error", "no_reason"))
        if passes(error):
            asked = asked_to_wait(error.response.headers) or timedelta()
            busy[message.channel] = self.clock() + max(asked, self._pause(message))
            self._wait(message, until=busy[message.channel], unsaid=_is_unsaid(error))
        elif why in _DEAD and self._has_another_token(message.workspace, said_by):
            self._wait(message, until=self.clock(), unsaid=True)
        elif why == "token_expired" and self._may_be_renewed(message.workspace):
            busy[message.channel] = self.clock() + self._pause(message)
            self._wait(message, until=busy[message.channel], unsaid=True)
        elif "step" in message.body and message.in_doubt:
            self._sent(message, ts="")  # a step takes one answer, and has had ours
            return True
        else:
            if why in REMOVED:
                self._on_removal(message.workspace, why)
            self._give_up(message, why=why)
        return False

    def _has_another_token(self, workspace: str, than: str | None) -> bool:
        """Whether the app was installed anew, or its token renewed, while a message was under way."""
        try:
            return self._client_of(workspace).token != than
        except NotHere:
            return False

    def _may_be_renewed(self, workspace: str) -> bool:
        """Whether a token that has run out is only late to be renewed, and what waits for that still of use."""
        with self.database.reading() as session:
            installation = installations.of(session, workspace)
        ran_out = installation.expires_at if installation is not None else None
        return ran_out is not None and self.clock() < ran_out + periods.GRACE

    def _give_up(self, message: Message, *, why: str) -> None:
        assert message.id is not None
        log.error("Message %s for %s was not delivered: %s.", message.key, message.channel, why)
        with self.database.transaction() as session:
            outbox.give_up(session, message.id, why=why)
            undelivered.tell(session, message, why=why, now=self.clock())

    def _begin(self, message: Message) -> dict[str, Any] | None:
        """Write down that it is about to be said. Returns what it says by now, if it is still ours to say."""
        assert message.id is not None
        with self.database.transaction() as session:
            return outbox.begin(session, message.id, carrier=self._name, now=self.clock())

    def _pause(self, message: Message) -> timedelta:
        """Longer with every attempt: 5, 10, 20 seconds and so on up to a quarter of an hour."""
        return min(_FIRST_PAUSE * int(2 ** min(message.attempts - 1, 10)), _LONGEST_PAUSE)

    def _wait(self, message: Message, *, until: datetime, unsaid: bool = False) -> None:
        """Try again then. Where the saying was begun, it is in doubt; but no more than before it, if it certainly left
        all `unsaid`.
        """
        assert message.id is not None
        doubt = message.in_doubt if unsaid else None
        with self.database.transaction() as session:
            outbox.wait(session, message.id, carrier=self._name, until=until, in_doubt=doubt)

    def _thread_of(self, message: Message) -> str | None:
        """Slack's name for the message that this one answers.

        Raises:
            _NotYet: that message has not arrived yet.
            _Never: it never will.
        """
        if not message.thread_of:
            return None
        with self.database.reading() as session:
            parent = outbox.with_key(session, workspace=message.workspace, key=message.thread_of)
        if parent is not None and parent.given_up:
            raise _Never
        if parent is None or parent.ts is None:
            raise _NotYet
        return parent.ts

    def _earlier(self, message: Message) -> str | None:
        """Slack's name for the message whose place this one takes; none where there is none to be changed.

        Raises:
            _NotYet: that message has not arrived yet.
        """
        key = message.body.get("update") or message.body.get("edit")
        if key is None:
            return None
        with self.database.reading() as session:
            earlier = outbox.with_key(session, workspace=message.workspace, key=key)
        if earlier is not None and not earlier.given_up and earlier.ts is None:
            raise _NotYet
        return earlier.ts if earlier is not None else None


class _NotYet(Exception):
    """Its turn has not come."""


class _Never(Exception):
    """What it answers will never arrive."""


class _SharedOutside(Exception):
    """People of another organisation would read it."""


class _CannotLook(Exception):
    """It may have arrived, and Slack does not let us look."""


def _already_there(client: WebClient, message: Message, thread_ts: str | None) -> str | None:
    """Slack's name for a message in doubt if it did arrive; none if it did not.

    Raises:
        _CannotLook: we have no scope to read that conversation, or there is too much in it.
    """
    if {"step", "update", "edit"} & message.body.keys():
        return None  # nothing of it to be found; and a step takes no other answer, an update may well come twice
    try:
        conversation = _conversation(client, message)
        for seen in _said_since(client, conversation, thread_ts, since=message.left_at - _CLOCKS_APART):
            if _is(message, seen):
                return str(seen["ts"])
    except SlackApiError as error:
        if error.response.get("error") in {"missing_scope", "not_in_channel", "channel_not_found"}:
            raise _CannotLook from error
        raise
    return None


def _said_since(
    client: WebClient, conversation: str, thread_ts: str | None, *, since: datetime
) -> Iterator[dict[str, Any]]:
    """What was said in a conversation, or in one thread of it: `conversations.history` leaves out the replies.

    Raises:
        _CannotLook: it goes on for more pages than we read.
    """
    cursor = None
    for _page in range(_MOST_PAGES):
        where: dict[str, Any] = {
            "channel": conversation,
            "cursor": cursor,
            "oldest": f"{since.timestamp():.6f}",
            "limit": 200,
        }
        if thread_ts:
            answer = client.conversations_replies(ts=thread_ts, include_all_metadata=True, **where)
        else:
            answer = client.conversations_history(include_all_metadata=True, **where)
        yield from answer["messages"]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise _CannotLook


def _is(message: Message, seen: dict[str, Any]) -> bool:
    """Whether what was seen is this message: by our key, or for pictures, which carry none, by their file names."""
    names = {picture["name"] for picture in message.body.get("pictures", ())}
    return _key_of(seen) == message.key or bool(names & {str(file.get("name")) for file in seen.get("files", ())})


def _conversation(client: WebClient, message: Message) -> str:
    """Slack's id of the conversation that a message goes to; messages to a person name only them."""
    if message.channel.startswith(("U", "W")):
        return str(client.conversations_open(users=message.channel)["channel"]["id"])
    return message.channel


def _is_unsaid(error: Exception) -> bool:
    """Whether certainly nothing was said: Slack has done nothing, or it was not yet the step that says it."""
    first_step = isinstance(error, SlackApiError) and error.response.api_url.endswith(picturing.FIRST_STEP)
    return first_step or did_nothing(error)


def _post(client: WebClient, message: Message, thread_ts: str | None, earlier_ts: str | None) -> str:
    key = {"event_type": EVENT_TYPE, "event_payload": {"key": message.key}}
    if "step" in message.body:
        return steps.post(client, message.body)
    if "pictures" in message.body:
        return picturing.post(client, channel=message.channel, thread_ts=thread_ts, body=message.body, metadata=key)
    if "edit" in message.body:
        _put_in_place(client, message, earlier_ts or "")  # or not at all
        return ""
    if earlier_ts and _updated(client, message, earlier_ts):
        return earlier_ts
    answer = client.chat_postMessage(
        channel=message.channel,
        text=message.body["text"],
        blocks=message.body.get("blocks"),
        thread_ts=thread_ts,
        unfurl_links=False,
        unfurl_media=False,
        metadata=key,
    )
    return str(answer["ts"])


def _updated(client: WebClient, message: Message, earlier_ts: str) -> bool:
    """Put a message in an earlier one's place. Returns whether Slack still lets us."""
    try:
        _put_in_place(client, message, earlier_ts)
    except SlackApiError as error:
        if error.response.get("error") not in _SETTLED:
            raise
        return False
    return True


def _put_in_place(client: WebClient, message: Message, earlier_ts: str) -> None:
    where, blocks = _conversation(client, message), message.body.get("blocks")
    client.chat_update(channel=where, ts=earlier_ts, text=message.body["text"], blocks=blocks)


def _key_of(seen: dict[str, Any]) -> str | None:
    metadata = seen.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return payload.get("key") if metadata.get("event_type") == EVENT_TYPE else None
