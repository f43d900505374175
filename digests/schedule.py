"""A clock that ticks every minute. It only ticks: what is due, and what was done, is in the database."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
_FORGIVEN_SECONDS = 3600
"""How late a tick may be and still count: a laptop that slept wakes to one tick, not to none and not to sixty."""


class Clock:
    """Calls the given functions now and then every minute, one after the other, in a thread of its own.

    A function that fails is logged and called again at the next tick; it keeps the others from nothing.
    """

    def __init__(self, *ticks: Callable[[], object], every: timedelta = EVERY) -> None:
        self._ticks = ticks
        self._every = every
        self._scheduler = BackgroundScheduler(timezone=UTC)

    def start(self) -> None:
        """Start ticking, with a first tick at once: something may have fallen due while nobody was there."""
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=self._every.total_seconds(),
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=_FORGIVEN_SECONDS,
        )
        self._scheduler.start()

    def tick(self) -> None:
        """One tick."""
        for call in self._ticks:
            try:
                call()
            except Exception:
                log.exception("A tick of the clock went wrong. The next one tries again.")

    def stop(self) -> None:
        """Finish the tick in hand, then stop. Stopping a clock that does not run is fine."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
