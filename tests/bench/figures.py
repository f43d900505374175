"""What was measured: a figure, its unit, and what stands beside it."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to measure, and on what."""

    quick: bool = False
    corpus: Path | None = None
    """Notes to import instead of the product's own story."""

    def pick(self, full: int, quick: int) -> int:
        """How many, for this run."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. `beside` holds what a peer took for the same work, or for the same part of it."""

    what: str
    unit: str
    n: int
    """How many values it is made of."""
    median: float
    p99: float | None = None
    """The value that 99 in 100 do not exceed; the largest where there are fewer than 100; none for a single value."""
    beside: tuple[Figure, ...] = ()

    def times(self, peer: Figure) -> float:
        """Ours divided by the peer's, median by median; not a number where the peer's is 0."""
        return self.median / peer.median if peer.median else math.nan

    def facts(self) -> dict[str, Any]:
        """For a program: the peers with the ratio of ours to theirs."""
        body: dict[str, Any] = {"what": self.what, "unit": self.unit, "n": self.n, "median": self.median}
        if self.p99 is not None:
            body["p99"] = self.p99
        if self.beside:
            body["beside"] = [{**peer.facts(), "ours_by_theirs": self.times(peer)} for peer in self.beside]
        return body


def spread(what: str, values: Sequence[float], unit: str, *, beside: Sequence[Figure] = ()) -> Figure:
    """The figure that many values make: their median and their 99th percentile, by nearest rank."""
    ordered = sorted(values)
    p99 = ordered[math.ceil(0.99 * len(ordered)) - 1] if len(ordered) > 1 else None
    return Figure(
        what=what, unit=unit, n=len(ordered), median=statistics.median(ordered), p99=p99, beside=tuple(beside)
    )


def milliseconds(what: str, seconds: Sequence[float], *, unit: str = "ms", beside: Sequence[Figure] = ()) -> Figure:
    """The spread of many times that were taken in seconds."""
    return spread(what, [one * 1_000 for one in seconds], unit, beside=beside)


def single(what: str, value: float, unit: str, *, beside: Sequence[Figure] = ()) -> Figure:
    """The figure that one value makes."""
    return Figure(what=what, unit=unit, n=1, median=value, beside=tuple(beside))


def rate(what: str, per_second: Sequence[float], unit: str, *, beside: Sequence[Figure] = ()) -> Figure:
    """How much was done in a second, over several passes. A slow tail has no place here, so there is no p99."""
    return Figure(what=what, unit=unit, n=len(per_second), median=statistics.median(per_second), beside=tuple(beside))


def cpu_of_each(work: Callable[[T], object], items: Iterable[T]) -> list[float]:
    """CPU seconds that this process spends on each item, all its threads together. Waiting costs nothing."""
    return [_took(work, item, time.process_time) for item in items]


def seconds_of_each(work: Callable[[T], object], items: Iterable[T]) -> list[float]:
    """Seconds by the clock on the wall that the work takes with each item."""
    return [_took(work, item, time.perf_counter) for item in items]


def _took(work: Callable[[T], object], item: T, clock: Callable[[], float]) -> float:
    began = clock()
    work(item)
    return clock() - began
