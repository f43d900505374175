"""How commands, events and clicks reach the app: signed, in time, and again where Slack would try again."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import secrets
import threading
import time
import urllib.parse
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.playground.ground import Ground
    from bot.playground.workspace import Message, View, Workspace

RETRIES_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""Events are tried again at once, a minute later and five minutes after that; commands and clicks never."""

GOODBYES = {"app_uninstalled", "tokens_revoked", "team_access_revoked"}
"""Events that reach an app where it is no more."""
SCOPES = {
    "app_mention": frozenset({"app_mentions:read"}),
    "message.im": frozenset({"im:history"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "reaction_added": frozenset({"reactions:read"}),
    "reaction_removed": frozenset({"reactions:read"}),
    "member_joined_channel": frozenset({"channels:read"}),
    "user_change": frozenset({"users:read"}),
}
"""What an app must be allowed to read before it hears of it; a subscription alone is not enough."""


@dataclass(eq=False)
class Delivery:
    """Something that Slack brings to the app. `kind` is `command`, `interaction` or `event`."""

    kind: str
    team_id: str
    payload: dict[str, Any]
    takes_payload: bool = False
    """Whether the app may answer with words or a view, and not only with an acknowledgement."""
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.payload = json.loads(json.dumps(self.payload))

    @property
    def body(self) -> bytes:
        """The raw body of the POST, the same on every attempt."""
        if self.kind == "event":
            return json.dumps(self.payload).encode()
        fields = self.payload if self.kind == "command" else {"payload": json.dumps(self.payload)}
        return urllib.parse.urlencode(fields).encode()

    @property
    def content_type(self) -> str:
        """JSON for events, a form for all else."""
        return "application/json" if self.kind == "event" else "application/x-www-form-urlencoded"


@dataclass
class Answer:
    """What came back for one attempt: the HTTP status (`None` when nothing came in time) and the body.

    `error` is what Slack tells the person, `operation_timeout` or `dispatch_failed`; `errors` are the words shown at
    the fields of a form; `shown` is the message or view that appeared by the answer itself.
    """

    delivery: Delivery | None
    status: int | None
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    shown: Message | View | None = None
    held: bool = False

    @property
    def ok(self) -> bool:
        """Whether the app acknowledged in time and Slack could use the answer."""
        return self.status is not None and 200 <= self.status < 300 and not self.error and not self.errors

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; empty where it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(eq=False)
class _Retry:
    delivery: Delivery
    number: int
    reason: str
    due_at: datetime


class Courier:
    """Brings deliveries to the app, over HTTP or over its sockets, and remembers them all."""

    def __init__(self, slack: Ground) -> None:
        self._slack = slack
        self.deliveries: list[Delivery] = []
        self._retries: list[_Retry] = []
        self._held: list[Delivery] | None = None
        self._closed = False
        self._background: ThreadPoolExecutor | None = None
        self._underway: set[Future[Answer | None]] = set()

    # -- bringing ----------------------------------------------------------------------------------------------

    def bring(self, kind: str, workspace: Workspace, payload: dict[str, Any], *, takes_payload: bool = False) -> Answer:
        """Brings a command or an interaction, once."""
        with self._slack.state:
            delivery = Delivery(kind, workspace.id, payload, takes_payload)
        answer = self._send_or_hold(delivery)
        if not answer.held and answer.error is None and answer.status != 200:
            answer.error = "dispatch_failed"
        return answer

    def event(self, workspace: Workspace, event: dict[str, Any]) -> Answer | None:
        """Brings an event, if the app has subscribed to it; what fails is due for a retry."""
        if not workspace.installed and event["type"] not in GOODBYES:
            return None
        name = subscription(event)
        if name not in self._slack.manifest.events or not SCOPES.get(name, frozenset()) <= workspace.scopes:
            return None
        with self._slack.state:
            delivery = Delivery("event", workspace.id, self._envelope(workspace, event))
        return self._send_or_hold(delivery)

    def event_later(self, workspace: Workspace, event: dict[str, Any]) -> None:
        """Brings an event that the app itself has caused, behind its back, as Slack does."""
        with self._slack.state:
            if self._background is None:
                self._background = ThreadPoolExecutor(max_workers=4, thread_name_prefix="playground-events")
            underway = self._background.submit(self.event, workspace, event)
            self._underway.add(underway)
        underway.add_done_callback(self._arrived)

    def _arrived(self, underway: Future[Answer | None]) -> None:
        with self._slack.changing():
            self._underway.discard(underway)

    @property
    def is_quiet(self) -> bool:
        """Whether no event is on its way."""
        return not self._underway

    def close(self) -> None:
        """Lets what is on its way arrive, and tries nothing again."""
        with self._slack.changing():
            self._closed = True
        if self._background is not None:
            self._background.shutdown(wait=True)

    def _envelope(self, workspace: Workspace, event: dict[str, Any]) -> dict[str, Any]:
        now = self._slack.now()
        return {
            "token": "playground",
            "team_id": None if workspace.org_install and not workspace.installed else workspace.id,
            "context_team_id": workspace.id,
            "context_enterprise_id": workspace.enterprise_id,
            **({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {}),
            "api_app_id": workspace.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(6).upper()}",
            "event_time": int(now.timestamp()),
            "authorizations": [_authorization(workspace)] if workspace.installed else [],
            "is_ext_shared_channel": _is_shared(workspace, event),
            "event_context": f"4-{secrets.token_urlsafe(24)}",
        }

    # -- again, later, in another order ------------------------------------------------------------------------

    def redeliver(self, which: Delivery | Answer | int = -1) -> Answer:
        """Brings the same thing again: the same body, the same ids; only the signature is new."""
        if isinstance(which, Answer):
            if which.delivery is None:
                raise LookupError("That never left for the app.")
            which = which.delivery
        delivery = self.deliveries[which] if isinstance(which, int) else which
        return self._send(delivery, retry=(1, "http_timeout") if delivery.kind == "event" else None)

    def retry_due(self) -> list[Answer]:
        """Tries again what is due by now, and returns the answers."""
        with self._slack.state:
            now = self._slack.now()
            due = [retry for retry in self._retries if retry.due_at <= now]
            self._retries = [retry for retry in self._retries if retry not in due]
        return [self._send(retry.delivery, retry=(retry.number, retry.reason)) for retry in due]

    def next_retry_at(self) -> datetime | None:
        """When the next retry falls due."""
        return min((retry.due_at for retry in self._retries), default=None)

    def keep_retrying(self) -> None:
        """Starts a thread that tries again what falls due, by the real time."""
        threading.Thread(target=self._retry_for_ever, name="playground-retries", daemon=True).start()

    def _retry_for_ever(self) -> None:
        while not self._closed:
            self.retry_due()
            with self._slack.state:
                due_at = self.next_retry_at()
                left = None if due_at is None else (due_at - self._slack.now()).total_seconds()
                if not self._closed and (left is None or left > 0):
                    self._slack.state.wait(left)

    def hold(self) -> None:
        """Keeps everything back until `release`."""
        self._held = []

    def release(self, order: Sequence[int] | None = None) -> list[Answer]:
        """Brings what was held back, in this order (positions); by default the newest first."""
        held, self._held = self._held or [], None
        positions = order if order is not None else range(len(held) - 1, -1, -1)
        return [self._send(held[position]) for position in positions]

    # -- the way there -----------------------------------------------------------------------------------------

    def _send_or_hold(self, delivery: Delivery) -> Answer:
        with self._slack.state:
            self.deliveries.append(delivery)
            if len(self.deliveries) > 20_000:
                del self.deliveries[:10_000]
            if self._held is not None:
                self._held.append(delivery)
                return Answer(delivery, None, held=True)
        return self._send(delivery)

    def _send(self, delivery: Delivery, retry: tuple[int, str] | None = None) -> Answer:
        if self._slack.sockets.in_use:
            answer = self._slack.sockets.send(delivery, retry)
        elif self._slack.events_url is None:
            answer = Answer(delivery, None, error="dispatch_failed")
        else:
            answer = self._post(self._slack.events_url, delivery, retry)
        with self._slack.changing():
            delivery.answers.append(answer)
            if delivery.kind == "event" and not answer.ok and answer.headers.get("x-slack-no-retry") != "1":
                self._plan_retry(delivery, 1 if retry is None else retry[0] + 1, answer)
        return answer

    def _plan_retry(self, delivery: Delivery, number: int, answer: Answer) -> None:
        if number <= len(RETRIES_AFTER):
            reason = {"operation_timeout": "http_timeout", "dispatch_failed": "connection_failed"}.get(
                answer.error or "", "http_error"
            )
            due_at = self._slack.now() + RETRIES_AFTER[number - 1]
            self._retries.append(_Retry(delivery, number, reason, due_at))

    def _post(self, url: str, delivery: Delivery, retry: tuple[int, str] | None) -> Answer:
        body = delivery.body
        headers = {"Content-Type": delivery.content_type, "User-Agent": "Slackbot 1.0 (playground)"}
        headers |= signed(body, self._slack.signing_secret)
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        there = urllib.parse.urlsplit(url)
        connect = http.client.HTTPSConnection if there.scheme == "https" else http.client.HTTPConnection
        connection = connect(there.netloc, timeout=self._slack.ack_within)
        try:
            connection.request("POST", there.path or "/", body, headers)
            response = connection.getresponse()
            words = response.read().decode("utf-8", "replace")
            return Answer(delivery, response.status, words, {k.lower(): v for k, v in response.getheaders()})
        except TimeoutError:
            return Answer(delivery, None, error="operation_timeout")
        except (OSError, http.client.HTTPException):
            return Answer(delivery, None, error="dispatch_failed")
        finally:
            connection.close()


def _authorization(workspace: Workspace) -> dict[str, Any]:
    """By whose leave the app hears of an event; an organisation's leave names no team."""
    return {
        "enterprise_id": workspace.enterprise_id,
        "team_id": None if workspace.org_install else workspace.id,
        "user_id": workspace.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": workspace.org_install,
    }


def signed(body: bytes, secret: str) -> dict[str, str]:
    """The two headers by which an app knows that a request is Slack's. Receivers compare with the real time."""
    timestamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def subscription(event: dict[str, Any]) -> str:
    """The name by which an app subscribes to such an event: `message.im`, `reaction_added`."""
    if event["type"] == "message":
        return "message." + {"im": "im", "group": "groups", "channel": "channels"}[event["channel_type"]]
    return str(event["type"])


def _is_shared(workspace: Workspace, event: dict[str, Any]) -> bool:
    item = event.get("item")
    channel_id = event.get("channel") or (item.get("channel") if isinstance(item, dict) else None)
    channel = workspace.channels.get(channel_id) if isinstance(channel_id, str) else None
    return bool(channel and channel.is_ext_shared)
