"""The clock ticks, and one function's trouble is not another's."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from digests.schedule import Clock


def test_the_first_tick_comes_at_once() -> None:
    """Something may have fallen due while nobody was there."""
    ticked = threading.Event()
    clock = Clock(ticked.set, every=timedelta(hours=1))
    clock.start()
    try:
        assert ticked.wait(30)
    finally:
        clock.stop()


def test_it_keeps_ticking() -> None:
    """Three ticks come without anyone asking."""
    seen = threading.Semaphore(0)
    clock = Clock(seen.release, every=timedelta(milliseconds=20))
    clock.start()
    try:
        assert all(seen.acquire(timeout=30) for _ in range(3))
    finally:
        clock.stop()


def test_a_tick_that_goes_wrong_is_logged_and_the_others_are_called(caplog: pytest.LogCaptureFixture) -> None:
    called = []

    def stumble() -> None:
        raise RuntimeError("out of ink")

    clock = Clock(stumble, lambda: called.append(1))
    clock.tick()
    clock.tick()
    assert called == [1, 1]
    assert "The next one tries again" in caplog.text


def test_a_clock_that_was_never_started_can_be_stopped() -> None:
    clock = Clock(lambda: None)
    clock.stop()
    clock.tick()
