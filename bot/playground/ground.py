"""What everything in the playground stands on: the state, one lock, the clock, and what the app has called."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from bot.playground import people
from bot.playground.calls import Call, Fault
from bot.playground.delivery import Courier
from bot.playground.granting import Grants
from bot.playground.handles import Handles
from bot.playground.manifest import Manifest
from bot.playground.rate_limits import RateLimits
from bot.playground.socket_mode import Sockets
from bot.playground.workflows import Executions
from bot.playground.workspace import Channel, Person, View, Workspace

T = TypeVar("T")
LOOK_AGAIN_AFTER = 0.1
"""Seconds. Some predicates watch things that are not ours and cannot notify: a database, a log."""


class Ground:
    """The state of a little Slack. One lock guards it; nobody holds it while talking to the app."""

    def __init__(
        self,
        *,
        workspaces: Sequence[Workspace] | None = None,
        manifest: Manifest,
        scopes: frozenset[str] | None = None,
        events_url: str | None = None,
        base_url: str = "",
        signing_secret: str = people.SIGNING_SECRET,
        app_token: str = people.APP_TOKEN,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ack_within: float = 3.0,
    ) -> None:
        self.manifest = manifest
        self.events_url = events_url
        self.base_url = base_url
        self.signing_secret = signing_secret
        self.app_token = app_token
        self.clock = clock
        self.ack_within = ack_within
        self.page_size: int | None = None
        """Set by a test that wants short pages from every list method."""
        self.handles = Handles()
        self.rate_limits = RateLimits()
        self.grants = Grants()
        self.executions = Executions()
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.version = 0
        self.last_ts = 0
        self.state = threading.Condition(threading.RLock())
        self.watchers: list[Callable[[], None]] = []
        self.workspaces = list(workspaces) if workspaces is not None else [people.larkmoor()]
        for workspace in self.workspaces:
            workspace.scopes = scopes if scopes is not None else manifest.scopes
        self.sockets = Sockets(self)
        self.courier = Courier(self)

    # -- changing and watching ---------------------------------------------------------------------------------

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Holds the lock; whoever waits is told afterwards that something has changed."""
        with self.state:
            yield
            self.version += 1
            self.state.notify_all()
        for watcher in list(self.watchers):
            watcher()

    def wait_for(self, predicate: Callable[[], T], timeout: float = 10) -> T:
        """Waits until the predicate holds and returns what it returned.

        Raises:
            AssertionError: after `timeout` seconds, with the latest calls for the reader of the test.
        """
        deadline = time.monotonic() + timeout
        while True:
            seen = self.version
            if result := predicate():
                return result
            left = deadline - time.monotonic()
            if left <= 0:
                latest = "\n".join(f"  {call}" for call in self.calls[-8:])
                raise AssertionError(f"Waited {timeout} seconds in vain. The latest calls:\n{latest or '  none'}")
            with self.state:
                self.state.wait_for(lambda seen=seen: self.version != seen, min(left, LOOK_AGAIN_AFTER))  # type: ignore[misc]

    # -- time and ids ------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """What time it is in this Slack."""
        return self.clock()

    def next_ts(self) -> str:
        """A new message `ts`: the time in microseconds, and never one that was given before."""
        with self.state:
            self.last_ts = max(self.last_ts + 1, int(self.now().timestamp() * 1_000_000))
            return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    # -- what the app called -----------------------------------------------------------------------------------

    def remember_call(self, call: Call) -> None:
        """Keeps a call for `calls`; the oldest go when there are very many."""
        with self.changing():
            self.calls.append(call)
            if len(self.calls) > 20_000:
                del self.calls[:10_000]

    @property
    def refused(self) -> list[Call]:
        """The calls that Slack did not take, without those that a test had asked to fail."""
        return [call for call in self.calls if call.error and not call.on_purpose]

    def called(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def fail_next(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int | None = None,
        retry_after: float | str | None = None,
        drop_answer: bool = False,
        delay: float = 0.0,
        times: int = 1,
        page: str = "",
    ) -> None:
        """The next `times` calls of a method go wrong in this way; `response_url` and `upload` count as methods.

        `drop_answer` does the work and closes the connection without a word; `delay` (seconds) answers late; with
        `page`, some server in between answers with that, and Slack never hears of the call.
        """
        with self.state:
            self.faults.append(Fault(method, error, status, retry_after, drop_answer, delay, times, page))

    def fault_for(self, method: str) -> Fault | None:
        """The failure that a test has asked for, if any; each is used up."""
        with self.state:
            fault = next((fault for fault in self.faults if fault.method == method), None)
            if fault is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
            return fault

    # -- finding things ----------------------------------------------------------------------------------------

    def workspace(self, team: Workspace | str | None = None) -> Workspace:
        """A workspace by its id or name; the first one if none is named."""
        if isinstance(team, Workspace):
            return team
        return next(one for one in self.workspaces if team is None or team in (one.id, one.name))

    def workspace_of(self, person: Person) -> Workspace:
        """The workspace that somebody belongs to."""
        return next(one for one in self.workspaces if one.people.get(person.id) is person)

    def person(self, who: Person | str) -> Person:
        """Somebody by name or id.

        Raises:
            LookupError: when there is nobody of that name.
        """
        if isinstance(who, Person):
            return who
        for workspace in self.workspaces:
            for person in workspace.people.values():
                if who.lower() in (person.name.lower(), person.id.lower()):
                    return person
        raise LookupError(f"There is nobody called {who!r} here.")

    def channel(self, which: Channel | str | None, person: Person) -> Channel:
        """A channel as a person means it: `#name`, an id, or `dm` (and `None`) for their messages with the bot.

        Raises:
            LookupError: when their workspace has no such channel.
        """
        if isinstance(which, Channel):
            return which
        workspace = self.workspace_of(person)
        if which is None or which.lower() in ("dm", "groundswell"):
            with self.state:
                return workspace.direct_message(person, self.now())
        for channel in workspace.channels.values():
            if which == channel.id or (which.removeprefix("#") == channel.name and channel.kind != "im"):
                return channel
        raise LookupError(f"There is no channel {which!r} in {workspace.name}.")

    def find_view(self, view_id: str, workspace: Workspace | None = None) -> View | None:
        """A view by its id, in one workspace or in any."""
        places = [workspace] if workspace else self.workspaces
        return next((view for one in places if (view := one.view(view_id))), None)
