"""A uvicorn in a thread, for tests: any ASGI application on a free port of 127.0.0.1."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

HANG_UP = "playground.hang_up"
"""The key in the ASGI scope under which a request finds the way to close its connection without an answer."""


class Serving:
    """Runs an ASGI application while the `with` block lasts; `url` is where.

    Args:
        app: the application.
        port: a fixed port, or 0 for any free one.
    """

    def __init__(self, app: ASGIApp, *, port: int = 0) -> None:
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", port))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self._started = threading.Event()
        config = uvicorn.Config(
            with_hang_up(app),
            log_level="error",
            lifespan="auto",
            ws="websockets-sansio",
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config, self._started)
        self._thread = threading.Thread(target=self._run, name=f"serving-{self.port}", daemon=True)

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        finally:
            self._started.set()

    def __enter__(self) -> Serving:
        self._thread.start()
        self._started.wait(30)
        if not self._server.started:
            raise RuntimeError("The server did not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._listener.close()


class _Server(uvicorn.Server):
    """A server that says when it has started."""

    def __init__(self, config: uvicorn.Config, begun: threading.Event) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._begun.set()


def with_hang_up(app: ASGIApp) -> ASGIApp:
    """Lets a request close its connection without an answer, as a broken network does."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope[HANG_UP] = transport.abort
        await app(scope, receive, send)

    return wrapped
