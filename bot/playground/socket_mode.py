"""Socket Mode: the app calls us, and everything reaches it through the sockets it has opened."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.calls import Call
from bot.playground.delivery import Answer, Delivery
from bot.playground.refusals import Refused

if TYPE_CHECKING:
    from bot.playground.ground import Ground

MOST_CONNECTIONS = 10
KINDS = {"event": "events_api", "command": "slash_commands", "interaction": "interactive"}


@dataclass(eq=False)
class Connection:
    """One open socket, and the loop it lives on."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop

    def send(self, message: dict[str, Any]) -> None:
        """Sends from any thread."""
        asyncio.run_coroutine_threadsafe(self.socket.send_text(json.dumps(message)), self.loop)

    def close(self) -> None:
        """Closes from any thread."""
        asyncio.run_coroutine_threadsafe(self.socket.close(), self.loop)


@dataclass(eq=False)
class Acknowledgement:
    """What came back for one envelope; nothing, if the socket it was sent by is gone."""

    by: Connection
    settled: threading.Event = field(default_factory=threading.Event)
    message: dict[str, Any] | None = None


class Sockets:
    """The app's open connections; each envelope goes to one of them, in turn."""

    def __init__(self, slack: Ground) -> None:
        self._slack = slack
        self._tickets: set[str] = set()
        self._awaited: dict[str, Acknowledgement] = {}
        self._turn = 0
        self.connections: list[Connection] = []
        self._given: set[str] = set()

    @property
    def in_use(self) -> bool:
        """Whether the app is connected by a socket."""
        return bool(self.connections)

    def open_url(self) -> str:
        """A URL for one connection.

        Raises:
            Refused: `too_many_websockets`.
        """
        if len(self.connections) >= MOST_CONNECTIONS:
            raise Refused("too_many_websockets")
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return self._slack.base_url.replace("http", "ws", 1) + f"/link/?ticket={ticket}&app_id=playground"

    async def serve(self, socket: WebSocket) -> None:
        """Speaks with the app for as long as it stays."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4001)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        connection = Connection(socket, asyncio.get_running_loop())
        await socket.send_text(json.dumps(self._hello()))
        with self._slack.changing():
            self.connections.append(connection)
        try:
            while True:
                self._hear(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._leave(connection)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "connection_info": {"app_id": self._slack.workspaces[0].app_id},
            "debug_info": {"host": "playground", "build_number": 1, "approximate_connection_time": 18060},
        }

    def _hear(self, words: str) -> None:
        try:
            message = json.loads(words)
        except ValueError:
            message = None
        envelope_id = message.get("envelope_id") if isinstance(message, dict) else None
        with self._slack.changing():
            if not isinstance(message, dict) or envelope_id not in self._given:
                self._refuse("unknown_envelope", {"said": words[:1000]})
            elif awaited := self._awaited.pop(envelope_id, None):
                awaited.message = message
                awaited.settled.set()

    def _refuse(self, error: str, what: dict[str, Any]) -> None:
        """Keeps what Slack would not have understood among the refused calls."""
        answer = {"ok": False, "error": error}
        self._slack.remember_call(Call("socket_mode", what, answer, None, self._slack.now()))

    def _leave(self, connection: Connection) -> None:
        with self._slack.changing():
            if connection in self.connections:
                self.connections.remove(connection)
            for awaited in self._awaited.values():
                if awaited.by is connection:
                    awaited.settled.set()  # nothing will come by it any more

    def send(self, delivery: Delivery, retry: tuple[int, str] | None = None) -> Answer:
        """Sends one envelope and waits for its acknowledgement."""
        envelope_id = secrets.token_hex(16)
        envelope: dict[str, Any] = {
            "envelope_id": envelope_id,
            "type": KINDS[delivery.kind],
            "payload": delivery.payload,
            "accepts_response_payload": delivery.takes_payload,
        }
        if delivery.kind == "event":
            envelope |= {"retry_attempt": retry[0] if retry else 0, "retry_reason": retry[1] if retry else ""}
        with self._slack.state:
            if not self.connections:
                return Answer(delivery, None, error="dispatch_failed")
            self._turn += 1
            connection = self.connections[self._turn % len(self.connections)]
            acknowledgement = self._awaited[envelope_id] = Acknowledgement(connection)
            self._given.add(envelope_id)
        connection.send(envelope)
        acknowledgement.settled.wait(self._slack.ack_within)
        with self._slack.state:
            self._awaited.pop(envelope_id, None)
        if acknowledgement.message is None:
            return Answer(delivery, None, error="operation_timeout")
        payload = acknowledgement.message.get("payload")
        if payload and not delivery.takes_payload:
            self._refuse("payload_not_accepted", {"payload": payload})
            payload = None
        return Answer(delivery, 200, json.dumps(payload) if payload else "")

    def disconnect(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Tells the app to connect anew, as Slack does every few hours; `close` then ends the old sockets.

        Reasons are `warning`, `refresh_requested` and `link_disabled`.
        """
        message = {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
        for connection in list(self.connections):
            connection.send(message)
            if close:
                self._leave(connection)
                connection.close()

    def drop(self) -> None:
        """Ends all sockets without a word."""
        for connection in list(self.connections):
            self._leave(connection)
            connection.close()
