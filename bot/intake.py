"""Reads notes from files that others made: CSV, JSON lines and Excel. Columns are found by name.

A row that cannot be used is reported with its line number and skipped; the rest of the file is never lost over it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot import dating, tables
from bot.dating import Habits
from bot.tables import TableError
from nlp.vocabulary import ImprovementKind, NoteType

COLUMNS = {
    "id": ("id", "key", "reference", "ref", "number"),
    "words": ("words", "text", "verbatim", "note", "comment", "description", "message", "feedback", "body"),
    "note": ("note",),
    "heard_at": ("heard_at", "received_at", "date", "created_at", "timestamp", "time", "when", "logged_at", "day"),
    "told_as": ("told_as", "note_type", "kind", "type"),
    "unit": ("unit",),
    "point": ("point", "listening_point", "team", "desk", "location", "where"),
    "via": ("via", "channel", "medium", "source"),
    "what_matters": ("what_matters", "matters"),
    "first_asked_on": ("first_asked_on", "first_asked"),
    "private": ("private",),
    "heard_in": ("heard_in",),
}
"""Our name for each column, and the names it may go by in a file, best first."""

_NAME_ONE_ROW = {"id", "key"}
"""Columns in which no two rows have the same. A number or a reference may come again: in next month's file, or with a
customer who rings again about one matter."""

_IMPROVEMENTS = {"improvement", "improve", "system_factor", "staff", *(kind.value for kind in ImprovementKind)}
_MOST_NAMES = 20
_LONGEST_NAME = 60
_LINES_NAMED = 5
_A_NUMBER = re.compile(r"[0-9]{1,9}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters, save for tabs and line breaks, and halves of characters: no database takes them all."""
_NO_WORDS_IN_EXCEL = "it has no words; a formula counts once Excel has saved its result"
_TITLE_ABOVE = " If that is a title, take it away: the first line must be the headings."
_NO_DATE = {"-", "–", "?", "n/a", "na", "none", "nil", "unknown", "tbc"}
"""How people write in a table that they do not know."""
_NOT_PRIVATE = {"", "no", "n", "false", "0", "non", "faux"}
"""Whatever else stands under *private*, the words beside it are: better that they are quoted too seldom."""
_EXCEL_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
EARLIEST = 1970
"""A note from before this year has lost part of its year."""
LATEST = 9998
"""In the year after it, which is the last there is, not every clock can be told."""
_NOON = time(12)
_BARE = (_NOON, time(0))
"""What a day without a time counts as: noon; midnight it was for a while where Excel told the day."""
_EXCELS_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 (Excel knows no time zones)
_EXCELS_DAYS = range(20_000, 80_000)
"""Numbers that stand for a day between 1954 and 2119 where a cell of a workbook lost its date format."""


_One = TypeVar("_One")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that can be used."""

    line: int
    id: str
    """What the file calls it, if anything."""
    digest: str
    """Of its id, its words and its date as written: a row with another of them is another note."""
    alike: int = 1
    """Which of the rows it is that are the same in all three, if they are several notes."""
    formerly: tuple[tuple[str, int], ...]
    """Both as they were when a digest was of the moment, by each way in which the file's dates were ever read."""
    moments: frozenset[datetime]
    """When its words were heard by each of these ways."""
    note: int | None
    """The number of its note, where the file is an export of ours."""
    words: str
    heard_at: datetime
    told_as: NoteType
    unit: str
    point: str
    via: str
    what_matters: str
    first_asked_on: date | None
    private: bool
    heard_in: str
    """Slack's id of the private channel that it was heard in, where an export of ours tells it."""
    month_first: bool = False
    """Its date was written like 04/27/2026."""
    short_year: bool = False
    """Its date was written like 27/04/26."""
    asked_unread: bool = False
    """Something stands where the day of first asking should, and is no date that we can read."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One row that cannot be used, and why."""

    line: int
    why: str


def read(path: Path, *, zone: str, columns: Mapping[str, str] | None = None) -> Iterator[Row | Skipped]:
    """The rows of a CSV, JSON lines or Excel file.

    `zone` is the IANA name of the clock that times without one are on. `columns` says which column of the file is
    which of ours (`{"words": "Customer comment"}`) where the names alone do not tell.

    Raises:
        TableError: it is no such file, cannot be read, or has no column with words or dates in it.
    """
    records = list(tables.records(path))
    if not records:
        raise TableError(f"{path} has no rows in it.")
    if all(record == tables.TOO_MANY_CELLS for _, record in records):
        raise TableError(
            f"Every line of {path} has more cells than its first. The first line must be the headings, with nothing "
            "above it; and words that have a comma in them need quotation marks around them."
        )
    read_ones = [record for _, record in records if not isinstance(record, str)]
    there = dict.fromkeys(name for record in read_ones for name in record)  # a JSON line may leave fields out
    names = _mapped(tuple(there), columns or {}, path) if read_ones else {}
    seen: Counter[tuple[int, str]] = Counter()
    clock = _Clock(zone, dating.habits_of(_dates_in(read_ones, names)), excel=path.suffix.lower() == ".xlsx")
    for line, record in records:
        yield Skipped(line, record) if isinstance(record, str) else _row(line, record, names, seen, clock)


def remarks(rows: Sequence[Row]) -> list[str]:
    """Sentences on how the file's dates were read, for whoever gave it to us; none where there is nothing to say."""
    return [
        remark for remark in (_months_came_first(rows), _years_were_short(rows), _first_asked_unread(rows)) if remark
    ]


def _first_asked_unread(rows: Sequence[Row]) -> str:
    lines = [row.line for row in rows if row.asked_unread]
    if not lines:
        return ""
    named = ", ".join(map(str, lines[:_LINES_NAMED]))
    where = f"line{'s' * (len(lines) > 1)} {named}{' and more' * (len(lines) > _LINES_NAMED)}"
    return f"When they first asked cannot be read ({where}): those words came in without it. Write it like 2026-04-27."


def _months_came_first(rows: Sequence[Row]) -> str:
    many = sum(row.month_first for row in rows)
    if not many:
        return ""
    return (
        f"{many} {'date is' if many == 1 else 'dates are'} read month first, like 04/27/2026, because the file has "
        "dates that can be read in no other way."
    )


def _years_were_short(rows: Sequence[Row]) -> str:
    short = [row for row in rows if row.short_year]
    if not short:
        return ""
    years = sorted({row.heard_at.year for row in short})
    told = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    dates = "1 date has its year" if len(short) == 1 else f"{len(short)} dates have their years"
    return f"{dates} in two digits, read as {told}."


def _mapped(columns: Sequence[str], chosen: Mapping[str, str], path: Path) -> dict[str, str]:
    """Which column of the file holds which of our fields; one that is chosen for a field is no other's."""
    there = {_plain(name): name for name in columns if _plain(name)} | {name: name for name in columns if name}
    names: dict[str, str] = {}
    for ours in sorted(COLUMNS, key=lambda ours: ours not in chosen):
        wanted = (chosen[ours],) if ours in chosen else COLUMNS[ours]
        found = next((there[called] for name in wanted for called in (name, _plain(name)) if called in there), None)
        if ours in chosen and found is None:
            raise TableError(f"{path} has no column called {chosen[ours]!r}. It has: {_some_of(columns)}.")
        if found is not None and found not in names.values():
            names[ours] = found
    might_be_a_title = len([name for name in columns if name.strip()]) == 1 and path.suffix.lower() not in tables.JSON
    for ours in ("words", "heard_at"):
        second = tables.again(names.get(ours, ""), 2)
        if ours not in chosen and second in columns:
            raise TableError(
                f"{path} has more than one column called {names[ours]!r}. Say which one it is: --column "
                f"{ours}={names[ours]!r} is the first of them, --column {ours}={second!r} the second."
            )
        if ours not in names:
            raise TableError(
                f"{path} has no column that we know as {ours}. Say which one it is: --column {ours}=NAME. "
                f"It has: {_some_of(columns)}.{_TITLE_ABOVE if might_be_a_title else ''}"
            )
    return names


def _some_of(columns: Sequence[str]) -> str:
    """What columns are called, as far as a sentence has room for it."""
    named = [name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…" for name in columns if name.strip()]
    more = f" and {len(named) - _MOST_NAMES} more" if len(named) > _MOST_NAMES else ""
    return f"{', '.join(named[:_MOST_NAMES])}{more}" if named else "no named columns"


@dataclass(frozen=True, slots=True)
class _Clock:
    """How the dates of one file are to be read."""

    zone: str
    habits: Habits
    excel: bool

    def ever(self, written: datetime) -> Iterator[datetime]:
        """The moments that a date as written was ever taken for: a workspace goes by UTC until it has set its clock."""
        for zone in dict.fromkeys((self.zone, "UTC")):
            for bare in _BARE:
                is_bare = written.tzinfo is None and written.time() == _NOON
                yield _moment(datetime.combine(written, bare) if is_bare else written, zone)


def _dates_in(records: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """Every date of the file as it is written there."""
    columns = [names[ours] for ours in ("heard_at", "first_asked_on") if ours in names]
    return (str(record.get(column) or "").strip() for record in records for column in columns)


def _row(
    line: int, record: Mapping[str, Any], names: Mapping[str, str], seen: Counter[tuple[int, str]], clock: _Clock
) -> Row | Skipped:
    def field(ours: str) -> str:
        value = record.get(names[ours]) if ours in names else None
        return "" if value is None else _UNPRINTABLE.sub("", str(value)).strip()

    if not record:
        return Skipped(line, tables.NO_RECORD)
    words = field("words")
    if not words:
        return Skipped(line, _NO_WORDS_IN_EXCEL if clock.excel else "it has no words")
    if words in _EXCEL_ERRORS:
        return Skipped(line, f"Excel shows {words} there, a formula that went wrong; write the words themselves")
    if not field("heard_at"):
        return Skipped(line, "it has no date; where cells are merged, write the date into every row")
    written = _written(record.get(names["heard_at"]), clock)
    if written is None or written.year > LATEST:
        return Skipped(line, dating.why_unread(field("heard_at"), clock.habits))
    if written.year < EARLIEST:
        return Skipped(line, f"its date lies before {EARLIEST}; write the year in full, like 2026-04-27")
    heard_at, *others = clock.ever(written)
    name, note = field("id"), field("note")
    one_note = bool(name) and _plain(names["id"]) in _NAME_ONE_ROW

    def known_as(way: int, date: datetime) -> tuple[str, int]:
        digest = _digest(*([name] if name else []), words, date.isoformat())
        seen[way, digest] += 1
        return digest, 1 if one_note else seen[way, digest]

    digest, alike = known_as(0, heard_at if written.tzinfo else written)
    asked = field("first_asked_on")
    asked = "" if asked.casefold() in _NO_DATE else asked
    first_asked = _written(record.get(names["first_asked_on"]), clock) if asked else None
    return Row(
        line=line,
        id=name,
        digest=digest,
        alike=alike,
        formerly=tuple(known_as(way, moment) for way, moment in enumerate((heard_at, *others), start=1)),
        moments=frozenset((heard_at, *others)),
        note=int(note) if _A_NUMBER.fullmatch(note) else None,
        words=words,
        heard_at=heard_at,
        told_as=NoteType.IMPROVEMENT if field("told_as").casefold() in _IMPROVEMENTS else NoteType.DEMAND,
        unit=field("unit"),
        point=field("point"),
        via=field("via"),
        what_matters=field("what_matters"),
        first_asked_on=first_asked and first_asked.date(),
        private=field("private").casefold() not in _NOT_PRIVATE,
        heard_in=field("heard_in"),
        month_first=dating.month_first(field("heard_at"), clock.habits),
        short_year=dating.short_year(field("heard_at")),
        asked_unread=bool(asked) and first_asked is None,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]


def _written(value: object, clock: _Clock) -> datetime | None:
    """A date or time as people and systems write it, with an offset where they wrote one. A bare date counts as noon,
    and so does Excel's midnight: its cells have no other way to tell a day alone.
    """
    if isinstance(value, datetime):
        return datetime.combine(value, _NOON) if value.time() == time(0) else value
    if isinstance(value, date):
        return datetime.combine(value, _NOON)
    if clock.excel and isinstance(value, int | float) and int(value) in _EXCELS_DAYS:
        return _EXCELS_FIRST_DAY + timedelta(days=value if value % 1 else value + 0.5)
    return dating.written(str(value or "").strip(), clock.habits)


def _moment(written: datetime, zone: str) -> datetime:
    """The moment in UTC at which the clocks of `zone` show this, unless it says its offset itself."""
    return (written if written.tzinfo else written.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _plain(name: str) -> str:
    """A name in any script, without what people write in one way or another: capitals, spaces and marks."""
    return re.sub(r"[\W_]+", "_", unicodedata.normalize("NFKC", name).casefold()).strip("_")


def batched(some: Iterable[_One], size: int) -> Iterator[list[_One]]:
    """The rows, or what belongs to them, in portions of at most this size."""
    batch: list[_One] = []
    for one in some:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
