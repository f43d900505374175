"""The most memory that a running app ever held: at its first receipt, and after hundreds of notes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import figures, material, receipts
from tests.bench.figures import Figure, Scale
from tests.bench.guests import Guest

_LONG = "I rang about my boiler and nobody could tell me when it will be mended. "
_LONGEST = 39_000
"""Characters: about the most that Slack hands over at once."""


@dataclass(frozen=True, slots=True)
class Memory:
    """MB (millions of bytes) at three moments; None where this system cannot tell."""

    peak_at_first: float | None
    peak_at_last: float | None
    held_at_last: float | None
    """What it still holds when everything has been answered."""


def measure(scale: Scale) -> Iterator[Figure]:
    """The bare app first: where there is no /proc, what is known is the largest process that has ended so far."""
    words = material.words(scale.pick(400, 40))
    bare = _of(Guest.bare(), words, command="/improve")
    ours = _of(Guest.product(), words, command="/demand")
    for what, here, there in (
        ("Peak memory at the first receipt", ours.peak_at_first, bare.peak_at_first),
        (f"Peak memory after {len(words)} notes and a very long one", ours.peak_at_last, bare.peak_at_last),
        ("Memory still held then", ours.held_at_last, bare.held_at_last),
    ):
        if here is not None and there is not None:
            yield figures.single(what, here, "MB", beside=[figures.single("a bare Bolt app", there, "MB")])


def _of(guest: Guest, words: list[str], *, command: str) -> Memory:
    with guest:
        guest.hears(words[0], command=command)
        first = peak_of(guest.pid)
        receipts.four_at_a_time(lambda said, where: guest.hears(said, command=command, channel=where), words)
        guest.hears(_LONG * (_LONGEST // len(_LONG)), command=command)
        last, held = peak_of(guest.pid), _status(guest.pid, "VmRSS")
    return Memory(first, _largest_that_ended() if last is None else last, held)


def peak_of(pid: int) -> float | None:
    """MB that a running process held at its peak; None where there is no /proc, or when it has ended."""
    return _status(pid, "VmHWM")


def _status(pid: int, name: str) -> float | None:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    kibibytes = next((line.split()[1] for line in status.splitlines() if line.startswith(f"{name}:")), None)
    return None if kibibytes is None else int(kibibytes) * 1024 / 1e6


def _largest_that_ended() -> float | None:
    """MB of the largest process that we started and that has ended."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return largest / 1e6 if sys.platform == "darwin" else largest * 1024 / 1e6
