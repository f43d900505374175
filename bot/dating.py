"""Dates as people and systems write them: read when there is but one way to read them, and never guessed.

order = order_of(["04/27/2026", "03/04/2026"])    # month first
written("03/04/2026", order)                      # 4 March
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from enum import Enum

_TIME = (
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([AaPp])\.?[Mm]\.?)?)?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4})" + _TIME)
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})" + _TIME)
_DAY_AND_NAME = re.compile(
    r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})" + _TIME, re.I
)
_NAME_AND_DAY = re.compile(r"(?:[a-z]{3,9},? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME, re.I)
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}(?:[ T,].*)?")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_HARDLY_ANY = 0.05
"""Up to this part of a file's dates the other way round are slips; more, and the file has both ways in earnest."""


class DateOrder(Enum):
    """What comes first in the file's dates such as 04/03/2026."""

    DAY = "day first"
    MONTH = "month first"
    BOTH = "both ways"


def order_of(texts: Iterable[str]) -> DateOrder:
    """Which way round the dates of a file are written, by those that can be read in one way only.

    With none of these, the day comes first.
    """
    sure: Counter[DateOrder] = Counter()
    for text in texts:
        numbered = _YEAR_LAST.fullmatch(text)
        if numbered and numbered[2] != ".":
            first, second = int(numbered[1]), int(numbered[3])
            if first > 12 >= second:
                sure[DateOrder.DAY] += 1
            elif second > 12 >= first:
                sure[DateOrder.MONTH] += 1
    if min(sure[DateOrder.DAY], sure[DateOrder.MONTH]) > _HARDLY_ANY * sure.total():
        return DateOrder.BOTH
    return DateOrder.MONTH if sure[DateOrder.MONTH] > sure[DateOrder.DAY] else DateOrder.DAY


def written(text: str, order: DateOrder) -> datetime | None:
    """What a written date means; None when nobody could tell for certain."""
    try:
        if numbered := _YEAR_LAST.fullmatch(text):
            day, month = int(numbered[1]), int(numbered[3])
            if _month_comes_first(numbered, order):
                day, month = month, day
            elif order is DateOrder.BOTH and numbered[2] != "." and day <= 12 and day != month:
                return None
            return _at(int(numbered[4]), month, day, numbered.groups()[4:])
        if (moment := _iso(text)) is not None:
            return moment
        if numbered := _YEAR_FIRST.fullmatch(text):
            return _at(int(numbered[1]), int(numbered[2]), int(numbered[3]), numbered.groups()[3:])
        if named := _DAY_AND_NAME.fullmatch(text):
            year = int(named[3]) + (2000 if len(named[3]) == 2 else 0)
            return _at(year, _month_called(named[2]), int(named[1]), named.groups()[3:])
        if named := _NAME_AND_DAY.fullmatch(text):
            return _at(int(named[3]), _month_called(named[1]), int(named[2]), named.groups()[3:])
    except ValueError:
        return None
    return None


def month_first(text: str, order: DateOrder) -> bool:
    """Whether this date is read month first, like 04/27/2026."""
    numbered = _YEAR_LAST.fullmatch(text)
    return numbered is not None and _month_comes_first(numbered, order)


def why_unread(text: str, order: DateOrder) -> str:
    """What is wrong with a date, and what to write instead."""
    if _TWO_DIGIT_YEAR.fullmatch(text):
        return "its date cannot be read, as its year has two digits only; write it like 2026-04-27"
    if order is DateOrder.BOTH and written(text, DateOrder.DAY) is not None:
        return (
            "its date cannot be read for certain, as the file has days first and months first; write it like 2026-04-27"
        )
    return "its date cannot be read; write it like 2026-04-27 or 2026-04-27T09:30"


def _iso(text: str) -> datetime | None:
    """A date or moment as ISO 8601 has it, to the microsecond."""
    try:
        if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", text):
            return datetime.combine(date.fromisoformat(text), time(12))
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _month_comes_first(numbered: re.Match[str], order: DateOrder) -> bool:
    """Whether a date like 04/27/2026 is read month first: as its file has it, or where the file has both ways, because
    it can be read in no other. With dots the day always comes first.
    """
    if numbered[2] == ".":
        return False
    return order is DateOrder.MONTH or (order is DateOrder.BOTH and int(numbered[3]) > 12)


def _month_called(name: str) -> int:
    """The number of a month by its English name or the first letters of it; 0, which is in no date, if none is."""
    return next((n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name.casefold())), 0)


def _at(year: int, month: int, day: int, clock: Sequence[str | None]) -> datetime:
    """A day and perhaps a time: hour, minute, second, a or p, and an offset, as far as they were written."""
    hour, minute, second, half, offset = clock
    if half is not None and hour is not None:
        if not 1 <= int(hour) <= 12:
            raise ValueError("no such hour")
        hour = str(int(hour) % 12 + (12 if half in "pP" else 0))
    moment = datetime(year, month, day, 12 if hour is None else int(hour), int(minute or 0), int(second or 0))  # noqa: DTZ001
    if offset is None:
        return moment
    if offset.upper() in {"Z", "UTC", "GMT"}:
        return moment.replace(tzinfo=UTC)
    return datetime.fromisoformat(moment.isoformat() + offset)
