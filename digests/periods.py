"""Weeks, and which digests are due by now.

A week runs from Monday to Monday by the clocks of a named time zone, so a week with a clock change in it is an hour
shorter or longer than the rest. The truth about what went out lives in the database; nothing here remembers anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from digests import speech
from digests.speech import N_, _

GRACE = timedelta(days=3)
"""A digest that is at most this late is still of use. An older one is missed, and the next digest says so."""

_THE_FIRST = {"fr": "'1er'"}
"""The first of a month, in languages that say it unlike the other days, as Unicode's patterns write it."""
_DAY = re.compile(r"\bd\b")

_YEARS = range(1970, 9999)
"""Years whose weeks can be told with those around them: the calendar has a first day and a last."""

MEMORY_WEEKS = 12
"""How far back we look for digests that never went out: as far as a digest itself looks back."""


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, from Monday to Monday by the clocks of `zone`."""

    monday: date
    zone: str

    @classmethod
    def parse(cls, name: str, zone: str) -> Week:
        """The week called, for example, `2026-W18`.

        Raises:
            ValueError: the name is not a week of the ISO calendar, in words fit to show to whoever typed it.
        """
        found = re.fullmatch(r"(\d{4})-?[Ww](\d{1,2})", name.strip())
        try:
            if found is None or int(found[1]) not in _YEARS:
                raise ValueError(name)
            return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1), zone)
        except ValueError:
            raise ValueError(_("{name!r} is not a week. Name it like 2026-W18.").format(name=name)) from None

    @classmethod
    def of(cls, moment: datetime, zone: str) -> Week:
        """The week in which this (aware) moment falls, by the clocks of `zone`."""
        day = moment.astimezone(ZoneInfo(zone)).date()
        return cls(day - timedelta(days=day.weekday()), zone)

    @property
    def name(self) -> str:
        """Its ISO name, such as `2026-W18`."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def start(self) -> datetime:
        """The moment it begins, in UTC."""
        return by_the_clock(self.monday, time(0), self.zone)

    @property
    def end(self) -> datetime:
        """The moment the next one begins, in UTC."""
        return by_the_clock(self.monday + timedelta(days=7), time(0), self.zone)

    @property
    def next(self) -> Week:
        """The week after."""
        return self.previous(-1)

    def previous(self, n: int = 1) -> Week:
        """The week `n` weeks before."""
        return Week(self.monday - timedelta(weeks=n), self.zone)

    def since(self, earliest: Week) -> int:
        """How many weeks lie between the start of an earlier week and the start of this one."""
        return (self.monday - earliest.monday).days // 7

    @property
    def label(self) -> str:
        """As a person says it: `27 April to 3 May 2026`."""
        sunday = self.monday + timedelta(days=6)
        same_year, same_month = self.monday.year == sunday.year, self.monday.month == sunday.month
        first = dated(self.monday, N_("d") if same_month else N_("d MMMM") if same_year else N_("d MMMM y"))
        return _("{first} to {last}").format(first=first, last=dated(sunday, N_("d MMMM y")))

    @property
    def short(self) -> str:
        """Its Monday, as the foot of a chart has room for: `27 Apr`."""
        return dated(self.monday, N_("d MMM"))

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Rhythm:
    """When in the week a digest goes out, and from when on."""

    weekday: int
    """Monday is 0."""
    at: time
    zone: str
    since: datetime
    """Nothing that was due before this moment is ever due."""

    def in_week(self, week: Week) -> datetime:
        """The moment at which it brings a digest in that week: the one of the week before."""
        return by_the_clock(week.monday + timedelta(days=self.weekday), self.at, self.zone)

    def still_tells_of(self, week: Week, now: datetime) -> bool:
        """Whether the digest of that week is yet to come by now, or is late and may come at any moment."""
        at = self.in_week(week.next)
        return self.since <= at and now - at <= GRACE


@dataclass(frozen=True)
class Due:
    """A digest that should have gone out by now."""

    week: Week
    """The week it tells of: the last whole one before it was due."""
    at: datetime
    missed: bool
    """Too late to be of use: it is not sent any more, and the next digest says so."""


def due(rhythm: Rhythm, now: datetime) -> Iterator[Due]:
    """Everything that this rhythm should have brought by now, oldest first, however long we were away.

    The clock time is the wall's: one that a clock change skips moves forward by what was skipped, one that comes
    twice counts the first time.
    """
    this_week = Week.of(now, rhythm.zone)
    for weeks_ago in range(MEMORY_WEEKS, -1, -1):
        week = this_week.previous(weeks_ago)
        at = rhythm.in_week(week)
        if rhythm.since <= at <= now:
            yield Due(week.previous(), at, missed=now - at > GRACE)


def next_time(rhythm: Rhythm, now: datetime) -> datetime:
    """The first moment after now at which this rhythm brings a digest."""
    this_week = Week.of(now, rhythm.zone)
    for week in (this_week, this_week.next):
        at = rhythm.in_week(week)
        if at > now:
            break
    return at


def dated(day: date, pattern: str) -> str:
    """A day in the language spoken now, by a pattern of Unicode's (UTS 35), such as `d MMMM y`.

    Patterns are translated too, so mark them with `N_`: Spanish says `d 'de' MMMM 'de' y`.
    """
    return _dated(day, pattern, speech.spoken())


@lru_cache(maxsize=4096)
def _dated(day: date, pattern: str, language: str) -> str:
    """A chart has as many dates as it has weeks, and the charts of a workspace have the same ones."""
    pattern = _(pattern)
    if day.day == 1 and language in _THE_FIRST:
        pattern = _DAY.sub(_THE_FIRST[language], pattern)
    return str(format_date(day, pattern, locale=language))


def by_the_clock(day: date, at: time, zone: str) -> datetime:
    """The UTC moment at which the clocks of `zone` show this time on this day, as PEP 495 reads it with `fold=0`."""
    return datetime.combine(day, at.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)
