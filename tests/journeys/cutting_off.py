"""The steps by which a digest reaches its channel, and how to be cut off before or after any of them.

    python -m tests.journeys.cutting_off storage.outbox:begin after 2 run

runs the product and kills it (SIGKILL) right after the second time that it has done that step.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

STEPS = {
    "storage.editions:claim": "claim the edition",
    "digests.send:compose": "compose it",
    "storage.editions:tell": "put it on record",
    "storage.outbox:leave": "leave its messages in the outbox",
    "storage.outbox:take": "take them in hand",
    "storage.outbox:begin": "write down that one is about to be said",
    "bot.messenger:_post": "say it",
    "slack_sdk.web.client:WebClient.files_getUploadURLExternal": "ask where a picture goes",
    "slack_sdk.web.client:WebClient._upload_file": "bring the picture",
    "slack_sdk.web.client:WebClient.files_completeUploadExternal": "show the pictures",
    "storage.outbox:sent": "write down that it was said",
}

TIMES = dict.fromkeys(STEPS, 1) | {
    "storage.outbox:leave": 3,
    "storage.outbox:begin": 3,
    "bot.messenger:_post": 3,
    "storage.outbox:sent": 3,
}
"""How often a digest of three messages (itself, its pictures, its detail) takes a step."""


@dataclass(frozen=True)
class Cut:
    """Where it ends."""

    step: str
    after: bool
    time: int
    """Which time that the step is done, from 1."""

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} it would {STEPS[self.step]}, time {self.time}"


@contextlib.contextmanager
def cut_off(cut: Cut, end: Callable[[], NoReturn]) -> Iterator[list[Cut]]:
    """Calls `end` there. Gives a list that holds the cut once it came to that."""
    reached: list[Cut] = []
    holder, name = _held(cut.step)
    real = getattr(holder, name)
    times = 0

    @functools.wraps(real)
    def until_then(*args: Any, **options: Any) -> Any:
        nonlocal times
        times += 1
        if times == cut.time and not cut.after:
            reached.append(cut)
            end()
        done = real(*args, **options)
        if times == cut.time:
            reached.append(cut)
            end()
        return done

    setattr(holder, name, until_then)
    try:
        yield reached
    finally:
        setattr(holder, name, real)


def _held(step: str) -> tuple[Any, str]:
    module, _, path = step.partition(":")
    *holders, name = path.split(".")
    return functools.reduce(getattr, holders, import_module(module)), name


def _killed() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still here")


def main() -> None:
    """Run the product until it is killed."""
    from bot.__main__ import main as run

    step, when, time, *rest = sys.argv[1:]
    sys.argv[1:] = rest
    with cut_off(Cut(step, when == "after", int(time)), _killed):
        run()


if __name__ == "__main__":
    main()
