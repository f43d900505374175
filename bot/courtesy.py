"""Who waits for whom: work that can wait gives way while somebody waits for Slack to hear that their words are safe.

Python computes in one thread at a time, and a thread that computes lets go of its turn only every few milliseconds.
Keeping a note takes a dozen turns, so beside a tagger at work every acknowledgement would wait a dozen times.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST = 0.25
"""Seconds for which anything gives way at a time, so that it gets on however many come in."""


class Courtesy:
    """One for the process: every door tells it who is waited for, and the tagger asks it between any two notes."""

    def __init__(self, *, longest: float = _LONGEST) -> None:
        self._longest = longest
        self._waited_for = 0
        self._changed = threading.Condition()

    @contextmanager
    def waited_for(self) -> Iterator[None]:
        """Around what somebody is waiting for."""
        with self._changed:
            self._waited_for += 1
        try:
            yield
        finally:
            with self._changed:
                self._waited_for -= 1
                if not self._waited_for:
                    self._changed.notify_all()

    def give_way(self) -> None:
        """Between two steps of work that can wait: let go first what cannot."""
        if self._waited_for:
            with self._changed:
                self._changed.wait_for(lambda: not self._waited_for, self._longest)
