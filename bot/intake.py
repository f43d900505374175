"""Reads notes from files that others made: CSV, JSON lines and Excel. Columns are found by name.

A row that cannot be used is reported with its line number and skipped; the rest of the file is never lost over it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import dating
from bot.dating import DateOrder
from nlp.vocabulary import ImprovementKind, NoteType

COLUMNS = {
    "id": ("id", "key", "reference", "ref", "number"),
    "words": ("words", "text", "verbatim", "note", "comment", "description", "message", "feedback", "body"),
    "heard_at": ("heard_at", "received_at", "date", "created_at", "timestamp", "time", "when", "logged_at", "day"),
    "told_as": ("told_as", "note_type", "kind", "type"),
    "unit": ("unit",),
    "point": ("point", "listening_point", "team", "desk", "location", "where"),
    "via": ("via", "channel", "medium", "source"),
    "what_matters": ("what_matters", "matters"),
    "first_asked_on": ("first_asked_on", "first_asked"),
}
"""Our name for each column, and the names it may go by in a file, best first."""

_IMPROVEMENTS = {"improvement", "improve", "system_factor", "staff", *(kind.value for kind in ImprovementKind)}
_MOST_NAMES = 20
_LONGEST_NAME = 60
_LINES_NAMED = 5
_LARGEST_CELL = 100_000_000
"""Characters. One cell that is too long for a note must not cost the rest of the file."""
CARRIES_MACROS = {".xlsm", ".xlsb", ".xltm", ".xls", ".xlt", ".xla", ".xlam"}
_OTHER_DOCUMENTS = {".pdf", ".doc", ".docx", ".odt", ".ods", ".numbers", ".pages", ".rtf", ".zip", ".html", ".htm"}
_LOCKED_OR_OLD = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a workbook begins that needs a password, and so does one from before 2007."""
_ZIPPED = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters, save for tabs and line breaks, and halves of characters: no database takes them all."""
_NO_RECORD = "it is not a record that can be read"
_TOO_MANY_CELLS = "it has more cells than the first line; put quotation marks around words that have a comma in them"
_NO_WORDS_IN_EXCEL = "it has no words; a formula counts once Excel has saved its result"
_NO_DATE = {"-", "–", "?", "n/a", "na", "none", "nil", "unknown", "tbc"}
"""How people write in a table that they do not know."""
_EXCEL_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
EARLIEST = 1970
"""A note from before this year has lost part of its year."""
_EXCELS_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 (Excel knows no time zones)
_EXCELS_DAYS = range(20_000, 80_000)
"""Numbers that stand for a day between 1954 and 2119 where a cell of a workbook lost its date format."""


class IntakeError(Exception):
    """The file as a whole cannot be used. The message says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row that can be used."""

    line: int
    id: str
    words: str
    heard_at: datetime
    told_as: NoteType
    unit: str
    point: str
    via: str
    what_matters: str
    first_asked_on: date | None
    month_first: bool = False
    """Its date was written like 04/27/2026."""
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
        IntakeError: it is no such file, cannot be read, or has no column with words or dates in it.
    """
    records = list(_records(path))
    if not records:
        raise IntakeError(f"{path} has no rows in it.")
    read_ones = [record for _, record in records if not isinstance(record, str)]
    there = dict.fromkeys(name for record in read_ones for name in record)  # a JSON line may leave fields out
    names = _mapped(tuple(there), columns or {}, path) if read_ones else {}
    seen: Counter[str] = Counter()
    clock = _Clock(zone, dating.order_of(_dates_in(read_ones, names)), excel=path.suffix.lower() == ".xlsx")
    for line, record in records:
        yield Skipped(line, record) if isinstance(record, str) else _row(line, record, names, seen, clock)


def remarks(rows: Sequence[Row]) -> list[str]:
    """Sentences on how the file's dates were read, for whoever gave it to us; none where there is nothing to say."""
    return [remark for remark in (_months_came_first(rows), _first_asked_unread(rows)) if remark]


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


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Line number and fields of each record, or why it is none that can be used."""
    kind = path.suffix.lower()
    if kind in CARRIES_MACROS:
        raise IntakeError(f"{path} is of a kind that can carry macros, so we left it shut. Save it as .xlsx or CSV.")
    if kind in _OTHER_DOCUMENTS:
        raise IntakeError(f"{path} is no table that we can read. Save its table as .xlsx or CSV and try again.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise IntakeError(f"{path} cannot be read: {error.strerror}.") from error
    if raw.startswith(_LOCKED_OR_OLD):
        raise IntakeError(
            f"{path} is protected by a password, or of the old Excel kind. Open it in Excel and save it without a "
            "password as .xlsx or CSV."
        )
    if kind == ".xlsx":
        yield from _excel(raw, path)
        return
    if raw.startswith(_ZIPPED):
        raise IntakeError(f"{path} is a workbook or an archive by what is in it. If it is a workbook, name it .xlsx.")
    text = _decoded(raw, path)
    if text.lstrip().startswith("[") and kind in {".jsonl", ".ndjson", ".json"}:
        yield from _json_list(text, path)
    elif kind in {".jsonl", ".ndjson", ".json"} or text.lstrip().startswith("{"):
        yield from _json_lines(text)
    else:
        yield from _csv(text, path)


def _decoded(raw: bytes, path: Path) -> str:
    """The text of a file: UTF-8, or what Excel calls Unicode text."""
    try:
        return raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise IntakeError(f"{path} is not UTF-8 text. Save it as UTF-8 (in Excel: CSV UTF-8) and try again.") from error


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for line, record in enumerate(text.split("\n"), start=1):
        if record.strip():
            try:
                fields = json.loads(record)
            except ValueError:
                fields = None
            yield line, fields if isinstance(fields, dict) else _NO_RECORD


def _json_list(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The records of one JSON list; what counts as a line is the record's place in it."""
    try:
        listed = json.loads(text)
    except ValueError as error:
        raise IntakeError(
            f"{path} begins like a list of records and is none that can be read. Save it with one record a line, or as "
            "CSV, and try again."
        ) from error
    for place, fields in enumerate(listed, start=1):
        yield place, fields if isinstance(fields, dict) else _NO_RECORD


def _csv(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    try:
        dialect: Any = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t|")
        dialect.doublequote = True  # which a heading without quotation marks in it cannot show
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    line = begun = 1
    try:
        for fields in reader:
            beyond: Any = fields.pop(None, ())
            yield line + 1, _TOO_MANY_CELLS if any(cell.strip() for cell in beyond) else fields
            begun, line = line, reader.line_num
    except csv.Error as error:
        raise IntakeError(f"{path} stops being a CSV file after line {reader.line_num}: {error}.") from error
    if line > begun + 1 and _is_left_open(text, begun, dialect):
        raise IntakeError(
            f"{path} has a quotation mark in line {begun + 1} that is never closed, so all that follows would be one "
            "note. Close it or take it away, and try again."
        )


def _is_left_open(text: str, after: int, dialect: Any) -> bool:
    """Whether the last record, which begins after this line, ends inside a quotation."""
    rest = io.StringIO(text, newline="").readlines()[after:]
    try:
        for _record in csv.reader(rest, dialect=dialect, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _excel(raw: bytes, path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The rows of the first sheet that holds any. Only values are read: formulas and macros are left alone."""
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import WINDOWS_EPOCH

    try:
        workbook = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            rows = sheet.iter_rows(values_only=True)
            header = [str(name) if name is not None else "" for name in next(rows, ())]
            if not any(header):
                continue
            for line, values in enumerate(rows, start=2):
                if any(value is not None for value in values):
                    fields = dict(zip(header, values, strict=False))
                    # Days are counted from 1904 on in some workbooks: there a bare number is named, and not guessed.
                    yield line, fields if workbook.epoch == WINDOWS_EPOCH else _numbers_as_text(fields)
            yield from ((1, _other_sheet(place)) for place in _sheets_with_rows(workbook.worksheets, sheet))
            break
    except Exception as error:  # whatever is wrong inside a workbook, openpyxl has a dozen ways to stumble over it
        raise IntakeError(
            f"{path} is not an Excel workbook, or it is damaged. "
            "Open it in Excel, save it as .xlsx or CSV and try again."
        ) from error


def _sheets_with_rows(sheets: Sequence[Any], but: Any) -> Iterator[int]:
    """The places, counted from 1, of the other sheets that hold more than a heading."""
    for place, sheet in enumerate(sheets, start=1):
        filled = (row for row in sheet.iter_rows(values_only=True) if any(value is not None for value in row))
        if sheet is not but and len(list(itertools.islice(filled, 2))) > 1:
            yield place


def _other_sheet(place: int) -> str:
    return f"sheet {place} of the workbook holds rows, too, and only one sheet is read; save it as a file of its own"


def _numbers_as_text(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, int | float) else value for name, value in fields.items()}


def _mapped(columns: Sequence[str], chosen: Mapping[str, str], path: Path) -> dict[str, str]:
    """Which column of the file holds which of our fields."""
    there = {_plain(name): name for name in columns}
    names: dict[str, str] = {}
    for ours, candidates in COLUMNS.items():
        wanted = (chosen[ours],) if ours in chosen else candidates
        found = next((there[_plain(name)] for name in wanted if _plain(name) in there), None)
        if ours in chosen and found is None:
            raise IntakeError(f"{path} has no column called {chosen[ours]!r}. It has: {_some_of(columns)}.")
        if found is not None and found not in names.values():
            names[ours] = found
    for ours in ("words", "heard_at"):
        if ours not in names:
            raise IntakeError(
                f"{path} has no column that we know as {ours}. Say which one it is: --column {ours}=NAME. "
                f"It has: {_some_of(columns)}."
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
    order: DateOrder
    excel: bool


def _dates_in(records: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """Every date of the file as it is written there."""
    columns = [names[ours] for ours in ("heard_at", "first_asked_on") if ours in names]
    return (str(record.get(column) or "").strip() for record in records for column in columns)


def _row(
    line: int, record: Mapping[str, Any], names: Mapping[str, str], seen: Counter[str], clock: _Clock
) -> Row | Skipped:
    def field(ours: str) -> str:
        value = record.get(names[ours]) if ours in names else None
        return "" if value is None else _UNPRINTABLE.sub("", str(value)).strip()

    if not record:
        return Skipped(line, _NO_RECORD)
    words = field("words")
    if not words:
        return Skipped(line, _NO_WORDS_IN_EXCEL if clock.excel else "it has no words")
    if words in _EXCEL_ERRORS:
        return Skipped(line, f"Excel shows {words} there, a formula that went wrong; write the words themselves")
    if not field("heard_at"):
        return Skipped(line, "it has no date; where cells are merged, write the date into every row")
    heard_at = _moment(record.get(names["heard_at"]), clock)
    if heard_at is None:
        return Skipped(line, dating.why_unread(field("heard_at"), clock.order))
    if heard_at.year < EARLIEST:
        return Skipped(line, f"its date lies before {EARLIEST}; write the year in full, like 2026-04-27")
    name = field("id")
    if not name:
        digest = hashlib.sha256(f"{words}\n{heard_at.isoformat()}".encode()).hexdigest()[:24]
        seen[digest] += 1
        name = f"{digest}/{seen[digest]}"
    asked = field("first_asked_on")
    asked = "" if asked.casefold() in _NO_DATE else asked
    first_asked = _moment(record.get(names["first_asked_on"]), clock) if asked else None
    return Row(
        line=line,
        id=name,
        words=words,
        heard_at=heard_at,
        told_as=NoteType.IMPROVEMENT if field("told_as").casefold() in _IMPROVEMENTS else NoteType.DEMAND,
        unit=field("unit"),
        point=field("point"),
        via=field("via"),
        what_matters=field("what_matters"),
        first_asked_on=first_asked and first_asked.date(),
        month_first=dating.month_first(field("heard_at"), clock.order),
        asked_unread=bool(asked) and first_asked is None,
    )


def _moment(value: object, clock: _Clock) -> datetime | None:
    """A date or time as people and systems write it, as an aware UTC moment. A bare date counts as noon."""
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time(12))
    elif clock.excel and isinstance(value, int | float) and int(value) in _EXCELS_DAYS:
        moment = _EXCELS_FIRST_DAY + timedelta(days=value if value % 1 else value + 0.5)
    else:
        written = dating.written(str(value or "").strip(), clock.order)
        if written is None:
            return None
        moment = written
    try:
        return (moment.replace(tzinfo=ZoneInfo(clock.zone)) if moment.tzinfo is None else moment).astimezone(UTC)
    except OverflowError:
        return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")


def batched(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in portions of at most this size."""
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
