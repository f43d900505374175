"""The little Slack as a whole: `LocalSlack()` and its ASGI application, `slack.asgi`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from starlette.types import ASGIApp

from bot.playground import manifest as manifests
from bot.playground import people, server
from bot.playground.acting import Acting
from bot.playground.administering import Administering
from bot.playground.delivery import Answer, Delivery
from bot.playground.memory import Memory
from bot.playground.serving import Serving
from bot.playground.workspace import Workspace


class LocalSlack(Acting, Administering):
    """A strict Slack of one or more workspaces, with our app installed in each.

    Args:
        workspaces: who is there; by default Larkmoor Homes. Give `[larkmoor(), hillcrest()]` to test isolation.
        manifest: the app's manifest, as a dictionary or a file; by default `bot/manifest.json` if it exists.
        scopes: the bot's scopes; by default those of the manifest.
        events_url: where the app takes events, commands and interactions. May be set later. Sockets go first.
        base_url: where this Slack is served; set by `serving()`, or by whoever mounts `asgi`.
        clock: what time it is (aware). Message ids, trigger ids, response URLs and retries go by it.
        ack_within: seconds that the app has for an acknowledgement.
    """

    def __init__(
        self,
        *,
        workspaces: Sequence[Workspace] | None = None,
        manifest: dict[str, Any] | Path | None = None,
        scopes: Iterable[str] | None = None,
        events_url: str | None = None,
        base_url: str = "",
        signing_secret: str = people.SIGNING_SECRET,
        app_token: str = people.APP_TOKEN,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        ack_within: float = 3.0,
    ) -> None:
        super().__init__(
            workspaces=workspaces,
            manifest=manifests.read(manifest),
            scopes=None if scopes is None else frozenset(scopes),
            events_url=events_url,
            base_url=base_url,
            signing_secret=signing_secret,
            app_token=app_token,
            clock=clock,
            ack_within=ack_within,
        )
        self._memory: Memory | None = None
        self.asgi: ASGIApp = server.application(self)

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` must be for an app to talk to this Slack."""
        return f"{self.base_url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot token of the first workspace."""
        return self.workspaces[0].bot_token

    # -- serving -----------------------------------------------------------------------------------------------

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serves this Slack on a free port of 127.0.0.1, for tests; gives its base URL."""
        with Serving(self.asgi) as served:
            self.base_url = served.url
            try:
                yield served.url
            finally:
                self.close_down()

    def close_down(self) -> None:
        """Lets what is on its way arrive, hangs up the sockets, and writes what is to be remembered."""
        self.courier.close()
        self.sockets.drop()
        if self._memory is not None:
            self._memory.stop()
            self._memory = None

    def remember(self, path: Path) -> None:
        """Keeps messages, Home tabs and files in a small JSON file, and takes up what it held before.

        It is written half a second after a change and when the process ends, whole or not at all.
        """
        self._memory = Memory(self, path)
        self._memory.start()

    def keep_retrying(self) -> None:
        """Tries failed events again by itself when their time has come, as long as the process runs."""
        self.courier.keep_retrying()

    def __enter__(self) -> LocalSlack:
        self._serving = self.serving()
        self._serving.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._serving.__exit__(kind, error, trace)

    # -- what was delivered, and doing it again ----------------------------------------------------------------

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was brought to the app, oldest first."""
        return self.courier.deliveries

    def redeliver(self, which: Delivery | Answer | int = -1) -> Answer:
        """Brings the same event, command or click once more."""
        return self.courier.redeliver(which)

    def retry_due(self) -> list[Answer]:
        """Tries again the events whose retry is due by the clock."""
        return self.courier.retry_due()

    def hold(self) -> None:
        """Keeps all deliveries back until `release`."""
        self.courier.hold()

    def release(self, order: Sequence[int] | None = None) -> list[Answer]:
        """Brings what was held back, in this order of positions; by default the newest first."""
        return self.courier.release(order)

    def disconnect(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Socket Mode: tells the app to connect anew."""
        self.sockets.disconnect(reason, close=close)

    def settle(self, timeout: float = 10) -> None:
        """Waits until no event is on its way to the app any more."""
        self.wait_for(lambda: self.courier.is_quiet, timeout)
