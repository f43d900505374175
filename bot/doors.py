"""The doors through which Slack reaches us: HTTP, and Socket Mode. Behind both stands the same Bolt app."""

from __future__ import annotations

import contextlib
import signal
import socket
import sys
import threading

import uvicorn
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot import errors
from bot.app import House
from bot.config import SettingError, Settings
from bot.connection import QUIET
from bot.installs import flow, page

EVENTS_PATH = "/slack/events"
_LARGEST = 1_000_000
"""Bytes in one request: several times what Slack ever sends."""
_SECONDS_TO_CLOSE = 5.0


def routes(house: House, *, takes_slack: bool) -> list[BaseRoute]:
    """Our HTTP face: `/health` always, `/slack/events` if Slack reaches us by HTTP, `/slack/install` for many."""

    async def slack_events(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return PlainTextResponse("This is larger than anything Slack sends.", status_code=413)
        try:
            bolt_request = to_bolt_request(request, body)
            answer = await run_in_threadpool(house.slack.dispatch, bolt_request)
        except Exception as error:  # what our listeners do wrong never gets here; this is Bolt, unable to read it
            errors.record(error)
            return PlainTextResponse("This is not a request that Slack would make.", status_code=400)
        return to_starlette_response(answer)

    async def install(request: Request) -> Response:
        assert house.installing is not None
        coming_back = request.url.path == flow.REDIRECT_PATH
        handle = house.installing.handle_callback if coming_back else house.installing.handle_installation
        try:
            answer = await run_in_threadpool(handle, to_bolt_request(request, b""))
        except OSError as error:
            errors.record(error)
            return HTMLResponse(page.failed("out_of_reach", again=flow.INSTALL_PATH), 502, page.HEADERS)
        shown = HTMLResponse(answer.body, answer.status, page.HEADERS)
        for cookie in answer.headers.get("set-cookie", []):
            shown.headers.append("Set-Cookie", cookie)
        return shown

    async def health(_request: Request) -> Response:
        trouble = await run_in_threadpool(_trouble, house)
        return JSONResponse({"status": trouble or "ok"}, status_code=503 if trouble else 200)

    there: list[BaseRoute] = [Route("/health", health)]
    if house.installing is not None:
        there += [Route(path, install, methods=["GET"]) for path in (flow.INSTALL_PATH, flow.REDIRECT_PATH)]
    if takes_slack:
        there.append(Route(EVENTS_PATH, slack_events, methods=["POST"]))
    return there


class SocketDoor:
    """A Socket Mode connection that is made when Slack can be reached, and made again whenever it is lost."""

    def __init__(self, house: House) -> None:
        settings = house.settings
        self._client = WebClient(base_url=settings.slack_api_url, timeout=10, logger=QUIET)
        self._handler = SocketModeHandler(
            house.slack, settings.slack_app_token, web_client=self._client, concurrency=32, logger=QUIET
        )
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep_trying, name="socket", daemon=True)

    def open(self) -> None:
        """Connect, now if Slack answers and later if it does not.

        Raises:
            SettingError: Slack does not take the app token.
        """
        if not self._connect():
            self._thread.start()

    def close(self) -> None:
        """Hang up, without waiting for what may not end: Slack's library reads on for seconds, and it may be just
        about to connect anew.
        """
        self._closing.set()
        self._stop_reading()
        closing = threading.Thread(target=self._handler.close, name="closing the socket", daemon=True)
        closing.start()
        closing.join(_SECONDS_TO_CLOSE)

    def _stop_reading(self) -> None:
        session = self._handler.client.current_session
        wire = session.sock if session is not None else None
        if wire is not None:
            with contextlib.suppress(OSError):  # closed by the other side, a moment ago
                wire.shutdown(socket.SHUT_RDWR)

    def _connect(self) -> bool:
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            if error.response.get("error") in {"invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope"}:
                raise SettingError(
                    f"Slack does not take SLACK_APP_TOKEN ({error.response['error']}). Make one with connections:write "
                    "on api.slack.com under your app, Basic Information, App-Level Tokens."
                ) from error
            errors.record(error)
            return False
        except OSError as error:
            errors.record(error)
            return False
        return True

    def _keep_trying(self) -> None:
        pause = 1.0
        while not self._closing.wait(pause):
            with contextlib.suppress(SettingError):
                if self._connect():
                    return
            pause = min(pause * 2, 60.0)


async def _read(request: Request) -> bytes | None:
    """What was sent; nothing, if it is too large, whether or not it says so beforehand."""
    if int(request.headers.get("content-length") or 0) > _LARGEST:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            return None
    return bytes(body)


def take_port(settings: Settings) -> socket.socket:
    """Take the port we listen on, before anything else starts.

    Raises:
        SettingError: someone else has it, or it may not be taken.
    """
    try:
        return socket.create_server((settings.host, settings.port), backlog=128)
    except OSError as error:
        raise SettingError(
            f"PORT {settings.port} on HOST {settings.host} cannot be used: {error.strerror or error}. "
            "Set PORT to a free one, such as 3001."
        ) from error


def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Serve until we are asked to stop (SIGINT or SIGTERM), and finish what is in hand."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=10, lifespan="off", ws="websockets-sansio"
    )
    # uvicorn hands the signal on once it has stopped; ours must not end the process before the rest is closed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _trouble(house: House) -> str:
    """What keeps us from doing our work now, in a few words; nothing, when all is well."""
    try:
        with house.database.reading() as session:
            session.connection().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "the database is out of reach"
    return ""
