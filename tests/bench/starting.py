"""From starting the program to the first receipt that Asha sees."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench import figures
from tests.bench.figures import Figure, Scale
from tests.bench.guests import Guest

_WORDS = "I'm still waiting for the plumber, this is the third time I've rung"


def measure(scale: Scale) -> Iterator[Figure]:
    """Start each of the two a few times, in turns. The clock runs from starting the process."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(scale.pick(3, 1)):
        ours.append(_first_answer(Guest.product(), "/demand"))
        theirs.append(_first_answer(Guest.bare(), "/improve"))
    peer = figures.spread("a bare Bolt app, to its first answer", theirs, "s")
    yield figures.spread("Cold start to the first receipt", ours, "s", beside=[peer])


def _first_answer(guest: Guest, command: str) -> float:
    with guest:
        guest.hears(_WORDS, command=command)
        return time.perf_counter() - guest.started_at
