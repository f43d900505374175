"""Work for other processes: one function over many things, in order, or long work that is in nobody's way."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
Told = ParamSpec("Told")

AT_A_TIME = 128
"""Things that a process is handed at a time."""
_GIVES_WAY = 10
"""How far such a process stands back, as `nice` counts it: it has what others leave, and still gets done."""


def over(
    work: Callable[[Sequence[Given]], Iterable[Made]], things: Sequence[Given], *, processes: int
) -> Iterator[Made]:
    """What `work` makes of each of these things, in their order.

    Args:
        work: a function of a module, or a partial of one, which makes one thing of each that it is given.
        things: to be handed to it, `AT_A_TIME` of them.
        processes: that share the work; with fewer than two it is done in this one. None of them outlives this one, or
            a caller who stops listening.

    Raises:
        BrokenProcessPool: a process ended before its work did, as it does when memory runs out.
    """
    portions = [things[start : start + AT_A_TIME] for start in range(0, len(things), AT_A_TIME)]
    if processes < 2:
        yield from itertools.chain.from_iterable(map(work, portions))
        return
    helpers = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_leave_with_parent)
    try:
        with _deaf_to_interrupts():
            done = helpers.map(work, portions)
        yield from itertools.chain.from_iterable(done)
    finally:
        helpers.shutdown(cancel_futures=True)


def aside(work: Callable[Told, Made], *told: Told.args, **named: Told.kwargs) -> Made:
    """What `work` makes of this, made in a process of its own that lets every other go first.

    Threads take turns on Python's one lock: seconds of work in one of them would keep everybody's answers waiting. What
    it had to load is given back at its end, too.

    Raises:
        BrokenProcessPool: the process ended before its work did, as it does when memory runs out.
    """
    helper = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_stand_back)
    try:
        return helper.submit(work, *told, **named).result()
    finally:
        helper.shutdown(cancel_futures=True)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes begun meanwhile do not hear Ctrl-C: the terminal tells all of them, and only this one is to answer."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, heard)


def _stand_back() -> None:
    """Give way to all others, hear no Ctrl-C, which is for the parent alone, and leave with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_GIVES_WAY)
    _leave_with_parent()


def _leave_with_parent() -> None:
    """A process whose parent was killed ends, too, whatever it is at."""

    def wait() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
