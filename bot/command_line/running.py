"""`groundswell run`: the product itself, in your Slack or in a small workspace of its own."""

from __future__ import annotations

import contextlib
import gc
import logging
import secrets
import socket
from collections.abc import Iterator

from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import app, doors, manifests, storytelling
from bot.app import House
from bot.command_line import saying
from bot.config import Mode, Settings
from bot.installs import flow
from bot.playground.local_slack import LocalSlack

EAR = "ear"
"""The emoji that passes messages on in the small workspace of our own, where nothing else is agreed."""


def run() -> None:
    """Run. With tokens it joins your Slack; without, it opens a small workspace in the browser."""
    settings = saying.settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for chatty in ("slack_bolt", "slack_sdk", "apscheduler", "presidio-analyzer", "alembic", "uvicorn"):
        logging.getLogger(chatty).setLevel(logging.WARNING)  # at lower levels some of them log what people wrote
    with saying.sentences(), contextlib.closing(doors.take_port(settings)) as listening:
        if settings.mode is Mode.LOCAL:
            _run_locally(settings, listening)
        else:
            _run_in_slack(settings, listening)


def _run_in_slack(settings: Settings, listening: socket.socket) -> None:
    house = app.build(settings)
    with contextlib.suppress(SlackApiError, OSError):  # out of reach for now; the doors keep trying
        house.leaving.returned(house.connection.who().team_id or "")
    with _open(house):
        by_socket = settings.mode is Mode.SOCKET
        with contextlib.closing(doors.SocketDoor(house)) if by_socket else contextlib.nullcontext() as door:
            if door is not None:
                door.open()
            way = "Socket Mode" if by_socket else f"HTTP, at {doors.EVENTS_PATH} on port {listening.getsockname()[1]}"
            if house.installing is not None:
                saying.aside.print(f"Workspaces install it at {settings.public_url}{flow.INSTALL_PATH}.", markup=False)
            saying.aside.print(f"Groundswell is listening to Slack by {way}. Stop it with Ctrl+C.")
            doors.serve(Starlette(routes=doors.routes(house, takes_slack=not by_socket)), listening)


def _run_locally(settings: Settings, listening: socket.socket) -> None:
    home = settings.make_home()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    settings = settings.model_copy(update={"reaction": settings.reaction or EAR})
    slack = LocalSlack(
        manifest=manifests.path(reactions=True),
        base_url=url,
        events_url=url + doors.EVENTS_PATH,
        signing_secret=secrets.token_hex(16),
    )
    slack.remember(home / "workspace.json")
    slack.keep_retrying()
    house = app.build(
        settings.model_copy(
            update={
                "slack_bot_token": slack.bot_token,
                "slack_signing_secret": slack.signing_secret,
                "slack_api_url": slack.api_url,
            }
        )
    )
    with _open(house):
        storytelling.set_the_scene(house, slack.workspaces[0])
        saying.aside.print(f"\nGroundswell is running. Open {url} in your browser. Stop it with Ctrl+C.\n")
        with contextlib.ExitStack() as at_the_end:
            at_the_end.callback(slack.close_down)
            doors.serve(Starlette(routes=[*doors.routes(house, takes_slack=True), Mount("/", slack.asgi)]), listening)


@contextlib.contextmanager
def _open(house: House) -> Iterator[None]:
    _answer_promptly()
    house.open()
    try:
        yield
    finally:
        house.close()


def _answer_promptly() -> None:
    """Let no acknowledgement wait for the garbage collector."""
    gc.collect()
    gc.freeze()  # the models stay for good; looking through them again and again takes tenths of a second
