"""Tables as people keep them: CSV, JSON lines and Excel, read as records of fields by name.

A record that cannot be read is named with its line; the rest of the file is never lost over it.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_LARGEST_CELL = 100_000_000
"""Characters. One cell that is too long for a note must not cost the rest of the file."""
CARRIES_MACROS = {".xlsm", ".xlsb", ".xltm", ".xls", ".xlt", ".xla", ".xlam"}
_OTHER_DOCUMENTS = {".pdf", ".doc", ".docx", ".odt", ".ods", ".numbers", ".pages", ".rtf", ".zip", ".html", ".htm"}
JSON = {".jsonl", ".ndjson", ".json"}
_LOCKED_OR_OLD = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a workbook begins that needs a password, and so does one from before 2007."""
_ZIPPED = b"PK\x03\x04"
_NOTHING_ABOVE = re.compile(r"(?:[ ,;\t|]*(?:\r\n|\r|\n))+")
"""Lines above the headings in which nothing stands, as a spreadsheet saves empty rows."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NO_RECORD = "it is not a record that can be read"
TOO_MANY_CELLS = "it has more cells than the first line; put quotation marks around words that have a comma in them"


class TableError(Exception):
    """The table as a whole cannot be used. The message says why, and what to do."""


def records(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Line number and fields of each record, or why it is none that can be used.

    A heading that comes again is numbered.

    Raises:
        TableError: it is no such table, or cannot be read.
    """
    kind = path.suffix.lower()
    if kind in CARRIES_MACROS:
        raise TableError(f"{path} is of a kind that can carry macros, so we left it shut. Save it as .xlsx or CSV.")
    if kind in _OTHER_DOCUMENTS:
        raise TableError(f"{path} is no table that we can read. Save its table as .xlsx or CSV and try again.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}.") from error
    if raw.startswith(_LOCKED_OR_OLD):
        raise TableError(
            f"{path} is protected by a password, or of the old Excel kind. Open it in Excel and save it without a "
            "password as .xlsx or CSV."
        )
    if kind == ".xlsx":
        yield from _excel(raw, path)
        return
    if raw.startswith(_ZIPPED):
        raise TableError(f"{path} is a workbook or an archive by what is in it. If it is a workbook, name it .xlsx.")
    text = _decoded(raw, path)
    if text.lstrip().startswith("[") and kind in JSON:
        yield from _json_list(text, path)
    elif kind in JSON or text.lstrip().startswith("{"):
        yield from _json_lines(text)
    else:
        yield from _csv(text, path)


def _decoded(raw: bytes, path: Path) -> str:
    """The text of a file: UTF-8, or what Excel calls Unicode text."""
    try:
        return raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"{path} is not UTF-8 text. Save it as UTF-8 (in Excel: CSV UTF-8) and try again.") from error


def _json_lines(text: str) -> Iterator[tuple[int, dict[str, Any] | str]]:
    for line, record in enumerate(text.split("\n"), start=1):
        if record.strip():
            try:
                fields = json.loads(record)
            except (ValueError, RecursionError):
                fields = None
            yield line, fields if isinstance(fields, dict) else NO_RECORD


def _json_list(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The records of one JSON list; what counts as a line is the record's place in it."""
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TableError(
            f"{path} begins like a list of records and is none that can be read. Save it with one record a line, or as "
            "CSV, and try again."
        ) from error
    for place, fields in enumerate(listed, start=1):
        yield place, fields if isinstance(fields, dict) else NO_RECORD


def _csv(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    above = _NOTHING_ABOVE.match(text)
    text = text[above.end() :] if above else text
    before = len(above[0].splitlines()) if above else 0
    try:
        dialect: Any = csv.Sniffer().sniff(text.partition("\n")[0], delimiters=",;\t|")
        dialect.doublequote = True  # which a heading without quotation marks in it cannot show
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    reader.fieldnames = _numbered(reader.fieldnames or ())
    line = begun = 1
    try:
        for fields in reader:
            beyond: Any = fields.pop(None, ())
            yield before + line + 1, TOO_MANY_CELLS if any(cell.strip() for cell in beyond) else fields
            begun, line = line, reader.line_num
    except csv.Error as error:
        raise TableError(f"{path} stops being a CSV file after line {before + reader.line_num}: {error}.") from error
    if line > begun + 1 and _is_left_open(text, begun, dialect):
        raise TableError(
            f"{path} has a quotation mark in line {before + begun + 1} that is never closed, so all that follows would "
            "be one note. Close it or take it away, and try again."
        )


def _numbered(headings: Sequence[str]) -> list[str]:
    """Headings of which no two are the same, capitals aside: the second *Comment* is *Comment (2)*."""
    seen: dict[str, list[str]] = {}
    numbered = []
    for heading in headings:
        alike = seen.setdefault(heading.strip().casefold(), [])
        alike.append(heading)
        numbered.append(again(alike[0], len(alike)) if heading and len(alike) > 1 else heading)
    return numbered


def again(heading: str, time: int) -> str:
    """What a heading is called where it stands in a table for the second time, or a later one."""
    return f"{heading} ({time})"


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
            rows = _filled_rows(sheet)
            _line, headings = next(rows, (0, ()))
            header = _numbered([str(name) if name is not None else "" for name in headings])
            if not any(header):
                continue
            for line, values in rows:
                fields = dict(zip(header, values, strict=False))
                # Days are counted from 1904 on in some workbooks: there a bare number is named, and not guessed.
                yield line, fields if workbook.epoch == WINDOWS_EPOCH else _numbers_as_text(fields)
            yield from ((1, _other_sheet(place)) for place in _sheets_with_rows(workbook.worksheets, sheet))
            break
    except Exception as error:  # whatever is wrong inside a workbook, openpyxl has a dozen ways to stumble over it
        raise TableError(
            f"{path} is not an Excel workbook, or it is damaged. "
            "Open it in Excel, save it as .xlsx or CSV and try again."
        ) from error


def _sheets_with_rows(sheets: Sequence[Any], but: Any) -> Iterator[int]:
    """The places, counted from 1, of the other sheets that hold more than a heading."""
    for place, sheet in enumerate(sheets, start=1):
        if sheet is not but and len(list(itertools.islice(_filled_rows(sheet), 2))) > 1:
            yield place


def _filled_rows(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows that hold anything, with their lines. What the sheet itself says of its size is not always true."""
    sheet.reset_dimensions()
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(value is not None for value in values):
            yield line, values


def _other_sheet(place: int) -> str:
    return f"sheet {place} of the workbook holds rows, too, and only one sheet is read; save it as a file of its own"


def _numbers_as_text(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, int | float) else value for name, value in fields.items()}
