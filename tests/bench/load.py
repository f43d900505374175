"""Commands that come in at a steady pace, whether or not those before have been answered: as a busy morning does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from random import Random
from urllib.parse import urlencode, urlsplit

from bot.doors import EVENTS_PATH
from bot.playground import delivery, payloads
from tests.bench import figures, material
from tests.bench.figures import Figure, Scale
from tests.bench.guests import ASHA, CHANNELS, PATIENCE, Guest, GuestError

A_SECOND = (10, 25, 50)
_SECONDS = 12
_SEED = 5

Times = tuple[list[float], list[float]]
"""Seconds to each acknowledgement, and to each answer."""


def measure(scale: Scale) -> Iterator[Figure]:
    """The product beside a bare app that only acknowledges, at each pace."""
    words = material.words(2_000)
    with Guest.product() as product, Guest.bare() as bare:
        product.hears(words[0])  # unmeasured: it opens its models first
        bare.hears(words[0], answers=False)
        for a_second in A_SECOND:
            many = a_second * scale.pick(_SECONDS, 4)
            silent, _ = asyncio.run(_Morning(bare, answers=False).passes(words[:many], a_second))
            acks, receipts = asyncio.run(_Morning(product, answers=True).passes(words[:many], a_second))
            peer = figures.milliseconds("a bare Bolt app that only acknowledges", silent)
            yield figures.milliseconds(f"Command to acknowledgement, {a_second} a second", acks, beside=[peer])
            yield figures.milliseconds(f"Command to receipt, {a_second} a second", receipts)


class _Morning:
    """Commands on their way to one app, and the little server that its answers come back to."""

    def __init__(self, guest: Guest, *, answers: bool) -> None:
        self._guest = guest
        self._answers = answers
        self._sent: dict[int, float] = {}
        self._acknowledged: dict[int, float] = {}
        self._answered: dict[int, float] = {}
        self._awaited = 0
        self._everything = asyncio.Event()

    async def passes(self, words: Sequence[str], a_second: float) -> Times:
        """Send a command for each of these, at random moments, so many in a second on the average.

        Raises:
            GuestError: something was not acknowledged, or not answered.
        """
        self._awaited = len(words)
        server = await asyncio.start_server(self._take_answers, "127.0.0.1", 0)
        async with server:
            back = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            commands = asyncio.gather(*self._at_their_time(words, a_second, back))
            try:
                await asyncio.wait_for(commands, PATIENCE)
                if self._answers:
                    await asyncio.wait_for(self._everything.wait(), PATIENCE)
            except TimeoutError as late:
                raise GuestError(f"Of {len(words)} commands, {len(self._answered)} were answered.") from late
        return (
            [at - self._sent[place] for place, at in self._acknowledged.items()],
            [at - self._sent[place] for place, at in self._answered.items()],
        )

    def _at_their_time(self, words: Sequence[str], a_second: float, back: str) -> Iterator[asyncio.Future[None]]:
        random, moment = Random(_SEED), 0.0
        for place, said in enumerate(words):
            moment += random.expovariate(a_second)
            yield asyncio.ensure_future(self._pass_on(place, said, moment, f"{back}/{place}"))

    async def _pass_on(self, place: int, said: str, after: float, back: str) -> None:
        await asyncio.sleep(after)
        request = self._request(place, said, back)
        self._sent[place] = time.perf_counter()
        port = urlsplit(self._guest.slack.events_url).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        status = await reader.readline()
        self._acknowledged[place] = time.perf_counter()
        writer.close()
        if b" 200 " not in status:
            raise GuestError(f"A command came to {status.decode().strip()}.")

    def _request(self, place: int, said: str, back: str) -> bytes:
        slack = self._guest.slack
        asha = slack.person(ASHA)
        fields = payloads.command(slack.workspace_of(asha), asha, slack.channel(CHANNELS[0], asha), "/demand", said)
        fields |= {"response_url": back, "trigger_id": f"{place}.{time.time_ns()}"}
        body = urlencode(fields).encode()
        headers = delivery.signed(body, slack.signing_secret) | {
            "Host": "127.0.0.1",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        lines = [f"POST {EVENTS_PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        return "\r\n".join(lines).encode() + body

    async def _take_answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        answered_at = time.perf_counter()
        length = next(
            int(line.split(":")[1]) for line in head.lower().split("\r\n") if line.startswith("content-length")
        )
        await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()
        self._answered.setdefault(int(head.split(" ", 2)[1].strip("/")), answered_at)
        if len(self._answered) == self._awaited:
            self._everything.set()
