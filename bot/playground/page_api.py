"""The page's own doors: what a person sees, as JSON, and their acts; a web socket says when to look again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground import screen
from bot.playground.delivery import Answer
from bot.playground.workspace import Message, Person, View

if TYPE_CHECKING:
    from bot.playground.local_slack import LocalSlack

PAGE = Path(__file__).parent / "page"
SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def routes(slack: LocalSlack) -> list[BaseRoute]:
    """The page itself, its state, its acts, its web socket."""
    acts = _Acts(slack)
    doors: dict[str, Callable[[Person, dict[str, Any]], Any]] = {
        "command": acts.command,
        "message": acts.message,
        "edit": acts.edit,
        "delete": acts.delete,
        "react": acts.react,
        "press": acts.press,
        "options": acts.options,
        "submit": acts.submit,
        "close": acts.close,
        "shortcut": acts.shortcut,
        "run_step": acts.run_step,
        "open_home": acts.open_home,
        "open_messages": acts.open_messages,
    }
    return [
        Route("/", lambda request: FileResponse(PAGE / "index.html", headers=SAFE)),
        Route("/playground/{name:str}.js", _page_file, name="script"),
        Route("/playground/{name:str}.css", _page_file, name="style"),
        Route("/playground/state", acts.state),
        *(Route(f"/playground/{name}", acts.door(act), methods=["POST"]) for name, act in doors.items()),
        WebSocketRoute("/playground/live", acts.live),
    ]


async def _page_file(request: Request) -> Response:
    name = request.url.path.rsplit("/", 1)[1]
    if name not in {file.name for file in PAGE.iterdir()}:
        return Response("Not found", 404)
    return FileResponse(PAGE / name, headers=SAFE)


class _Acts:
    """Each act of the page is the act of a person; nothing is decided here."""

    def __init__(self, slack: LocalSlack) -> None:
        self._slack = slack

    def door(self, act: Callable[[Person, dict[str, Any]], Any]) -> Callable[[Request], Any]:
        """A JSON door to one act. Only JSON is taken, so that no other page can send forms here."""

        async def open_door(request: Request) -> Response:
            if not request.headers.get("content-type", "").startswith("application/json"):
                return JSONResponse({"ok": False, "words": "This takes JSON only."}, 415)
            try:
                said = await request.json()
                who = self._slack.person(str(said["person"]))
                told = await run_in_threadpool(act, who, said)
            except LookupError as gone:
                return JSONResponse({"ok": False, "words": str(gone).strip("'\"")}, 409)
            except (ValueError, TypeError, AttributeError):
                return JSONResponse({"ok": False, "words": "That was not understood."}, 400)
            return JSONResponse(_told(told))

        return open_door

    def state(self, request: Request) -> Response:
        """What the page shows to one person now."""
        try:
            who = self._slack.person(request.query_params.get("person", "Asha"))
            channel = self._slack.channel(request.query_params.get("channel") or "dm", who)
        except LookupError as gone:
            return JSONResponse({"ok": False, "words": str(gone)}, 404)
        reading = request.query_params.get("reading") == "yes"
        return JSONResponse(
            screen.of(self._slack, who, channel, reading=reading), headers={"Cache-Control": "no-store"}
        )

    async def live(self, socket: WebSocket) -> None:
        """Sends the version number whenever something has changed."""
        await socket.accept()
        loop, again = asyncio.get_running_loop(), asyncio.Event()

        def changed() -> None:
            with contextlib.suppress(RuntimeError):  # the server is going down
                loop.call_soon_threadsafe(again.set)

        async def listen() -> None:
            while True:
                await socket.receive_text()

        listening = asyncio.create_task(listen())
        self._slack.watchers.append(changed)
        try:
            while not listening.done():
                await socket.send_text(str(self._slack.version))
                waiting = asyncio.create_task(again.wait())
                await asyncio.wait({waiting, listening}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                again.clear()
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._slack.watchers.remove(changed)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    # -- the acts ----------------------------------------------------------------------------------------------

    def command(self, who: Person, said: dict[str, Any]) -> Answer:
        return self._slack.command(who, said["command"], said.get("text", ""), channel=said["channel"])

    def message(self, who: Person, said: dict[str, Any]) -> Answer:
        return self._slack.message(who, said["text"], said["channel"], thread_ts=said.get("thread_ts"))

    def edit(self, who: Person, said: dict[str, Any]) -> Answer:
        return self._slack.edit(who, self._message(who, said), said["text"])

    def delete(self, who: Person, said: dict[str, Any]) -> Answer:
        return self._slack.delete(who, self._message(who, said))

    def react(self, who: Person, said: dict[str, Any]) -> Answer:
        message, name = self._message(who, said), str(said["name"])
        return self._slack.react(who, message, name, remove=who.id in message.reactions.get(name, []))

    def press(self, who: Person, said: dict[str, Any]) -> Answer:
        on = self._target(who, said)
        if isinstance(on, View):
            self._fill(who, on, said)
        return self._slack.press(who, on, said["action_id"], said.get("value"), block_id=said.get("block_id"))

    def options(self, who: Person, said: dict[str, Any]) -> dict[str, Any]:
        target = self._target(who, said)
        return {"ok": True, "options": self._slack.options(who, target, said["action_id"], said["typed"])}

    def submit(self, who: Person, said: dict[str, Any]) -> Answer:
        view = self._view(who, said)
        self._fill(who, view, said)
        return self._slack.submit(who, view)

    def close(self, who: Person, said: dict[str, Any]) -> Answer:
        return self._slack.close(who, self._view(who, said), all_of_them=bool(said.get("all")))

    def shortcut(self, who: Person, said: dict[str, Any]) -> Answer:
        message = self._message(who, said) if said.get("ts") else None
        return self._slack.shortcut(who, said["callback_id"], message)

    def run_step(self, who: Person, said: dict[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in dict(said["inputs"]).items() if value not in ("", None)}
        return {"ok": True, "run": self._slack.run_step(who, said["callback_id"], given).id}

    def open_home(self, who: Person, said: dict[str, Any]) -> Answer:
        return self._slack.open_home(who)

    def open_messages(self, who: Person, said: dict[str, Any]) -> Answer:
        return self._slack.open_messages(who)

    # -- what they act on --------------------------------------------------------------------------------------

    def _message(self, who: Person, said: dict[str, Any]) -> Message:
        for message in self._slack.sees(who, said["channel"]):
            if message.ts == said["ts"]:
                return message
        raise LookupError("That message is no longer there.")

    def _view(self, who: Person, said: dict[str, Any]) -> View:
        view = self._slack.find_view(str(said["view_id"]), self._slack.workspace_of(who))
        if view is None or view.person != who.id:
            raise LookupError("That view is no longer there.")
        return view

    def _target(self, who: Person, said: dict[str, Any]) -> Message | View:
        return self._view(who, said) if said.get("view_id") else self._message(who, said)

    def _fill(self, who: Person, view: View, said: dict[str, Any]) -> None:
        values: dict[str, dict[str, Any]] = said.get("values") or {}
        self._slack.fill_all(who, view, values)


def _told(told: Any) -> dict[str, Any]:
    if not isinstance(told, Answer):
        return dict(told)
    return {"ok": told.ok or (told.delivery is None and not told.errors), "status": told.status, "error": told.error}
