"""Dates as people and systems write them: read when there is but one way to read them, and never guessed.

habits = habits_of(["04/27/2026", "03/04/2026"])    # month first
written("03/04/2026", habits)                       # 4 March
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from enum import Enum

_TIME = (
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([AaPp])\.?[Mm]\.?)?)?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
)
_YEAR_LAST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})" + _TIME)
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})" + _TIME)
_DAY_AND_NAME = re.compile(
    r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4}|\d{2})" + _TIME, re.I
)
_NAME_AND_DAY = re.compile(r"(?:[a-z]{3,9},? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME, re.I)
_SINCE_1970 = re.compile(r"(1\d{9}(?:\.\d+)?)|(1\d{12})")
"""Seconds, or thousandths of them, since 1970, as machines write the years from 2001 to 2033.

What begins with a 2 might be a year: 2026042709 is nine o'clock in April.
"""
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


@dataclass(frozen=True, slots=True)
class Habits:
    """How a file writes dates in numbers."""

    order: DateOrder = DateOrder.DAY
    short_years: bool = False
    """Years of two digits stand last, beyond doubt: 27/04/26 is of 2026, and not of 2027."""


def habits_of(texts: Iterable[str]) -> Habits:
    """How a file writes its dates, by those that can be read in one way only.

    With none of these, the day comes first, and a year of two digits is not told from a day.
    """
    sure: Counter[DateOrder] = Counter()
    short: list[tuple[int, int, int]] = []
    for numbered in map(_YEAR_LAST.fullmatch, texts):
        if numbered is None or _might_begin_with_the_year(numbered):
            continue
        first, second = int(numbered[1]), int(numbered[3])
        if len(numbered[4]) == 2:
            short.append((first, second, int(numbered[4])))
        if numbered[2] == ".":
            continue
        if first > 12 >= second:
            sure[DateOrder.DAY] += 1
        elif second > 12 >= first:
            sure[DateOrder.MONTH] += 1
    if min(sure[DateOrder.DAY], sure[DateOrder.MONTH]) > _HARDLY_ANY * sure.total():
        order = DateOrder.BOTH
    else:
        order = DateOrder.MONTH if sure[DateOrder.MONTH] > sure[DateOrder.DAY] else DateOrder.DAY
    return Habits(order, short_years=bool(short) and _years_stand_last(short))


def _years_stand_last(short: Sequence[tuple[int, int, int]]) -> bool:
    """Whether years stand last in 27/04/26 and its like: the middle is a day, or what stands first varies more."""
    firsts, seconds, lasts = map(set, zip(*short, strict=True))
    return max(seconds) > 12 or len(lasts) < len(firsts)


def _might_begin_with_the_year(numbered: re.Match[str]) -> bool:
    """Whether a date of three short numbers is written like 26-04-27: with hyphens, the year often comes first."""
    return len(numbered[4]) == 2 and numbered[2] == "-"


def written(text: str, habits: Habits) -> datetime | None:
    """What a written date means; None when nobody could tell for certain."""
    try:
        if numbered := _YEAR_LAST.fullmatch(text):
            return _numbered(numbered, habits)
        if since := _SINCE_1970.fullmatch(text):
            return datetime.fromtimestamp(float(since[1]) if since[1] else int(since[2]) / 1000, UTC)
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


def _numbered(numbered: re.Match[str], habits: Habits) -> datetime | None:
    """A date in three numbers of which the last is the year."""
    year, day, month = int(numbered[4]), int(numbered[1]), int(numbered[3])
    if len(numbered[4]) == 2:
        if _might_begin_with_the_year(numbered) or not habits.short_years:
            return None
        year += 2000
    if _month_comes_first(numbered, habits.order):
        day, month = month, day
    elif habits.order is DateOrder.BOTH and numbered[2] != "." and day <= 12 and day != month:
        return None
    return _at(year, month, day, numbered.groups()[4:])


def month_first(text: str, habits: Habits) -> bool:
    """Whether this date is read month first, like 04/27/2026."""
    numbered = _YEAR_LAST.fullmatch(text)
    return numbered is not None and _month_comes_first(numbered, habits.order)


def short_year(text: str) -> bool:
    """Whether this date is written like 27/04/26."""
    numbered = _YEAR_LAST.fullmatch(text)
    return numbered is not None and len(numbered[4]) == 2


def why_unread(text: str, habits: Habits) -> str:
    """What is wrong with a date, and what to write instead."""
    if (short := _TWO_DIGIT_YEAR.fullmatch(text)) and (short[1] == "-" or not habits.short_years):
        return "its date cannot be read, as its year has two digits only; write it like 2026-04-27"
    if habits.order is DateOrder.BOTH and written(text, replace(habits, order=DateOrder.DAY)) is not None:
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
