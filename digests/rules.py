"""The three signals we look for, and no more: many rules at once cry wolf.

Beyond, Near and Run as Wheeler states them (https://xmrit.com/manual/). Eight for a Run is printed, not a setting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from digests.charts import Limits, Values, moving_ranges

RUN_LENGTH = 8


class Rule(StrEnum):
    """What made us say that something changed."""

    BEYOND = "Beyond"
    NEAR = "Near"
    RUN = "Run"


class Side(StrEnum):
    """Where the signal lies. Neither side is praise or blame."""

    ABOVE = "above"
    BELOW = "below"
    JUMP = "jump"
    """Two neighbours further apart than routine explains."""


@dataclass(frozen=True)
class Signal:
    """One signal: by which rule, on which side, over which points (the last included)."""

    rule: Rule
    side: Side
    first: int
    last: int

    def moved(self, by: int) -> Signal:
        """The same signal, so many points later in its chart; by less than nothing, earlier."""
        return replace(self, first=self.first + by, last=self.last + by)


def beyond(values: Values, limits: Limits) -> Iterator[Signal]:
    """A point strictly outside a limit. Strong."""
    for i, value in enumerate(values):
        if value is None:
            continue
        upper, lower = limits.upper[i], limits.lower[i]
        if upper is not None and value > upper:
            yield Signal(Rule.BEYOND, Side.ABOVE, i, i)
        elif lower is not None and value < lower:
            yield Signal(Rule.BEYOND, Side.BELOW, i, i)


def jumps(values: Values, limits: Limits) -> Iterator[Signal]:
    """A moving range strictly over its limit: Beyond, on the chart of ranges. Strong. It begins with the later point,
    since the one before was still as ever.
    """
    for i, jump in enumerate(moving_ranges(values)):
        if jump is not None and limits.range_limit is not None and jump > limits.range_limit:
            yield Signal(Rule.BEYOND, Side.JUMP, i, i)


def near(values: Values, limits: Limits) -> Iterator[Signal]:
    """Three of four successive points nearer the same limit than the central line, the last among them. Moderate.

    Where a limit is off, or lies at the edge of what is possible, nothing is near it.
    """
    for side in (Side.ABOVE, Side.BELOW):
        close = [_is_near(value, limits, i, side) for i, value in enumerate(values)]
        for i in range(3, len(values)):
            window = close[i - 3 : i + 1]
            if close[i] and None not in window and sum(map(bool, window)) >= 3:
                yield Signal(Rule.NEAR, side, i - 3 + window.index(True), i)


def runs(values: Values, limits: Limits) -> Iterator[Signal]:
    """Eight or more successive points on one side of the central line; a point on the line breaks it. Sustained."""
    for side in (Side.ABOVE, Side.BELOW):
        start = 0
        for i in range(len(values) + 1):
            if i < len(values) and _is_on(values[i], limits.centre, side):
                continue
            if i - start >= RUN_LENGTH:
                yield Signal(Rule.RUN, side, start, i - 1)
            start = i + 1


def _is_near(value: float | None, limits: Limits, i: int, side: Side) -> bool | None:
    limit = (limits.upper if side is Side.ABOVE else limits.lower)[i]
    if value is None:
        return None
    if limit is None or (limits.edges is not None and limit in limits.edges):
        return False
    halfway = (limits.centre + limit) / 2
    return value > halfway if side is Side.ABOVE else value < halfway


def _is_on(value: float | None, centre: float, side: Side) -> bool:
    if value is None:
        return False
    return value > centre if side is Side.ABOVE else value < centre
