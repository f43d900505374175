"""How soon a command is acknowledged, and how soon the person sees their receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.bench import figures, material
from tests.bench.figures import Figure, Scale
from tests.bench.guests import CHANNELS, Guest

_TURN = 40
"""Commands in one turn. The apps take turns, so that whatever else this machine does bears on all alike."""

Times = list[tuple[float, float]]
"""Seconds to the acknowledgement and to the answer, for each command."""
Ask = Callable[[str, str], tuple[float, float]]
"""Types words in a channel."""
Way = Callable[[Ask, Sequence[str]], Times]


def measure(scale: Scale) -> Iterator[Figure]:
    """The product, and the bare app with and without an answer: one command after another, then four at a time."""
    words = material.words(scale.pick(200, 40))
    with Guest.product() as product, Guest.bare() as bare:

        def receipt(said: str, channel: str) -> tuple[float, float]:
            return product.hears(said, channel=channel)

        def acknowledgement(said: str, channel: str) -> tuple[float, float]:
            return bare.hears(said, channel=channel, answers=False)

        def answer(said: str, channel: str) -> tuple[float, float]:
            return bare.hears(said, command="/improve", channel=channel)

        for how, way in (("one after another", one_after_another), ("4 at a time", four_at_a_time)):
            for ask in (receipt, acknowledgement, answer):
                way(ask, words[:8])  # unmeasured: connections are made, and threads started
            ours, acknowledged, answered = _in_turns(way, words, receipt, acknowledgement, answer)
            silent = figures.milliseconds("a bare Bolt app that only acknowledges", [ack for ack, _ in acknowledged])
            speaking = figures.milliseconds("a bare Bolt app that answers", [seen for _, seen in answered])
            acks, receipts = [ack for ack, _ in ours], [seen for _, seen in ours]
            yield figures.milliseconds(f"Command to acknowledgement, {how}", acks, beside=[silent])
            yield figures.milliseconds(f"Command to receipt seen, {how}", receipts, beside=[speaking])


def one_after_another(ask: Ask, words: Sequence[str]) -> Times:
    """Type each when the one before has been answered."""
    return [ask(said, CHANNELS[0]) for said in words]


def four_at_a_time(ask: Ask, words: Sequence[str]) -> Times:
    """Type in four channels at once, in each of them one after another."""

    def in_one(place: int) -> Times:
        return [ask(said, CHANNELS[place]) for said in words[place :: len(CHANNELS)]]

    with ThreadPoolExecutor(len(CHANNELS)) as people:
        return [took for times in people.map(in_one, range(len(CHANNELS))) for took in times]


def _in_turns(way: Way, words: Sequence[str], *asks: Ask) -> list[Times]:
    times: list[Times] = [[] for _ in asks]
    for first in range(0, len(words), _TURN):
        for ask, took in zip(asks, times, strict=True):
            took += way(ask, words[first : first + _TURN])
    return times
