"""Notes come in from files that others made; one bad row never costs the rest."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from bot import intake
from bot.intake import Row, Skipped
from bot.tables import TableError
from nlp.vocabulary import NoteType

OLD_OR_LOCKED = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
"""How a workbook begins that needs a password."""


def workbook(path: Path, *lines: list[object], merge: str = "") -> Path:
    """An Excel file with these rows in its first sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    if merge:
        sheet.merge_cells(merge)
    made.save(path)
    return path


def rows(path: Path, text: str | bytes, **options: object) -> list[Row | Skipped]:
    if isinstance(text, bytes):
        path.write_bytes(text)
    else:
        path.write_text(text, encoding="utf-8")
    return list(intake.read(path, zone="Europe/London", **options))  # type: ignore[arg-type]


def usable(found: list[Row | Skipped]) -> list[Row]:
    return [row for row in found if isinstance(row, Row)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_spreadsheets_of_every_country_are_read(tmp_path: Path, separator: str) -> None:
    text = f"id{separator}date{separator}text\n1{separator}27/04/2026{separator}Grüße, wo ist es?\n".replace(
        "Grüße, wo", "Grüße wo" if separator == "," else "Grüße, wo"
    )
    [row] = rows(tmp_path / "n.csv", ("\ufeff" + text).encode())
    assert isinstance(row, Row)
    assert row.heard_at == datetime(2026, 4, 27, 11, 0, tzinfo=UTC)  # noon in London, in summer


def test_a_bad_row_is_named_by_its_line_and_the_rest_comes_in(tmp_path: Path) -> None:
    lines = [
        json.dumps({"id": "1", "received_at": "2026-04-27", "text": "fine"}),
        "{ this is not JSON",
        json.dumps({"id": "3", "received_at": "2026-04-27", "text": "  "}),
        json.dumps({"id": "4", "received_at": "yesterday-ish", "text": "when?"}),
        "",
        json.dumps(["not", "a", "record"]),
        json.dumps({"id": "7", "received_at": "2026-04-28", "text": "fine too", "kind": "system_factor"}),
    ]
    found = rows(tmp_path / "n.jsonl", "\n".join(lines))
    assert [row.words for row in usable(found)] == ["fine", "fine too"]
    assert [(row.line, row.why) for row in found if isinstance(row, Skipped)] == [
        (2, "it is not a record that can be read"),
        (3, "it has no words"),
        (4, "its date cannot be read; write it like 2026-04-27 or 2026-04-27T09:30"),
        (6, "it is not a record that can be read"),
    ]
    assert usable(found)[1].told_as is NoteType.IMPROVEMENT


def test_a_quoted_cell_may_hold_several_lines(tmp_path: Path) -> None:
    text = 'id,date,text\n1,2026-04-27,"one\ntwo"\n2,soon,no date\n'
    found = rows(tmp_path / "n.csv", text)
    assert usable(found)[0].words == "one\ntwo"
    assert found[1] == Skipped(4, "its date cannot be read; write it like 2026-04-27 or 2026-04-27T09:30")


def test_quotation_marks_inside_a_quoted_cell_stay_in_it(tmp_path: Path) -> None:
    """However a spreadsheet separates its cells, it doubles them."""
    text = 'date,text\n2026-04-27,"He said ""soon"", again"\n2026-04-27,"Any ""old"" news\nof it?"\n'
    assert [row.words for row in usable(rows(tmp_path / "n.csv", text))] == [
        'He said "soon", again',
        'Any "old" news\nof it?',
    ]


def test_one_enormous_cell_costs_nothing_else(tmp_path: Path) -> None:
    text = "id,date,text\n1,2026-04-27," + "x" * 200_000 + "\n2,2026-04-27,fine\n"
    assert [row.id for row in usable(rows(tmp_path / "n.csv", text))] == ["1", "2"]


def test_excel_workbooks_are_read(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Date", "Verbatim", "First asked"])
    sheet.append([datetime(2026, 4, 27, 10, 0), "Any news?", date(2026, 4, 1)])  # noqa: DTZ001
    workbook.save(tmp_path / "n.xlsx")
    [row] = intake.read(tmp_path / "n.xlsx", zone="UTC")
    assert isinstance(row, Row)
    assert (row.words, row.first_asked_on) == ("Any news?", date(2026, 4, 1))


def test_merged_cells_and_formulas_that_went_wrong_are_named_and_the_rest_comes_in(tmp_path: Path) -> None:
    day = date(2026, 4, 27)
    path = workbook(
        tmp_path / "n.xlsx",
        ["date", "text"],
        [day, "Any news?"],
        [None, "Still waiting"],
        [day, "#REF!"],
        [day, "=CMD|' /C calc'!A0"],
        [day, "Nobody came"],
        merge="A2:A3",
    )
    found = list(intake.read(path, zone="UTC"))
    assert [row.words for row in usable(found)] == ["Any news?", "Nobody came"]
    assert [(row.line, row.why.partition(",")[0].partition(";")[0]) for row in found if isinstance(row, Skipped)] == [
        (3, "it has no date"),
        (4, "Excel shows #REF! there"),
        (5, "it has no words"),
    ]


def test_a_formula_in_a_text_file_is_words_like_any_other(tmp_path: Path) -> None:
    """Nothing runs it, and on its way out it gets an apostrophe."""
    [row] = rows(tmp_path / "n.csv", "date,text\n2026-04-27,=CMD|' /C calc'!A0\n")
    assert isinstance(row, Row)
    assert row.words == "=CMD|' /C calc'!A0"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_damaged_workbook_says_so(tmp_path: Path, part: str) -> None:
    whole = workbook(tmp_path / "whole.xlsx", ["date", "text"], [date(2026, 4, 27), "Any news?"])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tmp_path / "n.xlsx", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if name == part else content)
    with pytest.raises(TableError, match="or it is damaged"):
        list(intake.read(tmp_path / "n.xlsx", zone="UTC"))


def test_the_first_sheet_that_holds_anything_is_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.create_sheet("notes")
    sheet.append(["date", "text"])
    sheet.append([date(2026, 4, 27), "Any news?"])
    made.save(tmp_path / "n.xlsx")
    [row] = usable(list(intake.read(tmp_path / "n.xlsx", zone="UTC")))
    assert row.words == "Any news?"


@pytest.mark.parametrize("above", ["\n \r\n", ",,\n,,\n", "; ;\n;;\n"])
def test_empty_lines_above_the_headings_are_passed_over(tmp_path: Path, above: str) -> None:
    row, bad = rows(tmp_path / "n.csv", f"{above}date,text\n2026-04-27,Any news?\nsoon,Where is it?\n")
    assert isinstance(row, Row)
    assert isinstance(bad, Skipped)
    assert (row.line, row.words, bad.line) == (4, "Any news?", 5)


def test_a_workbook_is_read_whatever_stands_above_its_headings_and_whatever_size_it_says_it_has(tmp_path: Path) -> None:
    """Some programs write that a sheet has one cell, and fill many."""
    whole = workbook(tmp_path / "whole.xlsx", [], [None, None], ["date", "text"], [date(2026, 4, 27), "Any news?"])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tmp_path / "n.xlsx", "w") as target:
        for name in source.namelist():
            told = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', source.read(name))
            target.writestr(name, told)
    [row] = usable(list(intake.read(tmp_path / "n.xlsx", zone="UTC")))
    assert (row.line, row.words) == (4, "Any news?")


def test_other_sheets_with_rows_in_them_are_named(tmp_path: Path) -> None:
    """An empty one, or a heading alone, is nothing to speak of."""
    workbook(tmp_path / "n.xlsx", ["date", "text"], [date(2026, 4, 27), "Any news?"])
    made = openpyxl.load_workbook(tmp_path / "n.xlsx")
    made.create_sheet("empty")
    made.create_sheet("heading").append(["date", "text"])
    may = made.create_sheet("May")
    may.append(["date", "text"])
    may.append([date(2026, 5, 4), "Where is it?"])
    made.save(tmp_path / "n.xlsx")
    row, other = intake.read(tmp_path / "n.xlsx", zone="UTC")
    assert isinstance(row, Row)
    assert isinstance(other, Skipped)
    assert other.why.startswith("sheet 4 of the workbook holds rows, too, and only one sheet is read")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-04-27", 27),
        ("20260427", 27),
        ("27/04/2026", 27),
        ("27.4.2026", 27),
        ("27-04-2026", 27),
        ("2026-04-27T23:30:00-02:00", 28),
        ("27/04/2026 09:30", 27),
        ("27/04/2026 9:30 pm", 27),
        ("04/27/2026", 27),
        ("2026/4/27", 27),
        ("27 April 2026", 27),
        ("27-Apr-26", 27),
        ("Apr 27, 2026", 27),
        ("Mon, 27 Apr 2026 23:30:00 -0200", 28),
        ("2026-04-27 09:30:00 UTC", 27),
        ("27 April", None),
        ("27/04/2026 13:30 pm", None),
        ("46139", None),
        ("31/02/2026", None),
        ("9999-12-31T23:30:00-02:00", None),
    ],
)
def test_dates_of_many_kinds_are_read_and_others_are_named(tmp_path: Path, written: str, day: int | None) -> None:
    """One file may mix them; what cannot be read for certain is never guessed."""
    [row] = rows(tmp_path / "n.csv", f'date,text\n"{written}",Any news?\n')
    if day is None:
        assert row == Skipped(2, "its date cannot be read; write it like 2026-04-27 or 2026-04-27T09:30")
    else:
        assert isinstance(row, Row)
        assert (row.heard_at.month, row.heard_at.day) == (4, day)


def read_as(path: Path, *dates: str) -> list[str]:
    """What becomes of each of these dates in one file."""
    found = rows(path / "n.csv", "".join(["date,text\n", *(f"{day},Any news?\n" for day in dates)]))
    return [str(row.heard_at.date()) if isinstance(row, Row) else row.why for row in found]


def test_a_file_says_itself_whether_its_days_or_its_months_come_first(tmp_path: Path) -> None:
    assert read_as(tmp_path, "03/04/2026", "27/04/2026") == ["2026-04-03", "2026-04-27"]
    assert read_as(tmp_path, "03/04/2026", "04/27/2026") == ["2026-03-04", "2026-04-27"]
    assert read_as(tmp_path, "3.4.2026", "04/27/2026") == ["2026-04-03", "2026-04-27"]


def test_where_a_file_has_both_only_what_is_certain_is_read(tmp_path: Path) -> None:
    first, second, third, same = read_as(tmp_path, "03/04/2026", "27/04/2026", "04/28/2026", "05/05/2026")
    assert (second, third, same) == ("2026-04-27", "2026-04-28", "2026-05-05")
    assert "cannot be read for certain, as the file has days first and months first" in first


def test_one_slip_does_not_cost_the_other_dates(tmp_path: Path) -> None:
    *others, slip = read_as(
        tmp_path, "03/04/2026", *(f"{day}/0{month}/2026" for day in range(13, 31) for month in (4, 5)), "04/28/2026"
    )
    assert others[0] == "2026-04-03"
    assert "cannot be read" in slip


@pytest.mark.parametrize(("written", "says"), [("12/03/26", "two digits only"), ("0026-03-12", "before 1970")])
def test_a_year_that_is_not_whole_is_named(tmp_path: Path, written: str, says: str) -> None:
    assert says in read_as(tmp_path, written)[0]


def test_a_moment_is_kept_to_the_microsecond(tmp_path: Path) -> None:
    """A row without an id is known by its moment, whichever day it comes in again."""
    [row] = rows(tmp_path / "n.csv", "date,text\n2026-04-27T09:30:00.123456+01:00,Any news?\n")
    assert isinstance(row, Row)
    assert row.heard_at == datetime(2026, 4, 27, 8, 30, 0, 123456, tzinfo=UTC)


def test_a_day_that_lost_its_format_in_excel_is_read(tmp_path: Path) -> None:
    """Excel counts days from 1900 on; in the rare workbook that counts from 1904 they are named, and not guessed."""
    lines: list[list[object]] = [["date", "text"], [46139, "Any news?"], [46139.75, "Where is it?"], [7, "Lift broken"]]
    found = list(intake.read(workbook(tmp_path / "n.xlsx", *lines), zone="UTC"))
    assert [row.heard_at for row in usable(found)] == [
        datetime(2026, 4, 27, 12, tzinfo=UTC),
        datetime(2026, 4, 27, 18, tzinfo=UTC),
    ]
    assert isinstance(found[2], Skipped)
    made = openpyxl.load_workbook(tmp_path / "n.xlsx")
    made.epoch = CALENDAR_MAC_1904
    made.save(tmp_path / "n.xlsx")
    assert usable(list(intake.read(tmp_path / "n.xlsx", zone="UTC"))) == []


def test_words_with_a_comma_and_no_quotation_marks_are_named_and_never_cut(tmp_path: Path) -> None:
    """A row with empty cells at its end is as good as any other."""
    found = rows(tmp_path / "n.csv", "date,text\n2026-04-27,No heating, again\n2026-04-27,Any news?,,\n")
    assert isinstance(found[0], Skipped)
    assert "put quotation marks around words" in found[0].why
    assert [row.words for row in usable(found)] == ["Any news?"]
    with pytest.raises(TableError, match="words that have a comma in them need quotation marks"):
        rows(tmp_path / "n.csv", "date,text\n2026-04-27,No heating, again\n")


def test_a_list_of_records_is_read_like_lines_of_them(tmp_path: Path) -> None:
    records = [{"date": "2026-04-27", "text": "Any news?"}, "stray"]
    first, second = rows(tmp_path / "n.json", json.dumps(records, indent=1))
    assert isinstance(first, Row)
    assert second == Skipped(2, "it is not a record that can be read")


def test_what_excel_calls_unicode_text_is_read(tmp_path: Path) -> None:
    [row] = rows(tmp_path / "n.txt", "date\ttext\n2026-04-27\tGrüße\n".encode("utf-16"))
    assert isinstance(row, Row)
    assert row.words == "Grüße"


def test_characters_that_no_database_takes_are_left_out(tmp_path: Path) -> None:
    [row] = rows(
        tmp_path / "n.jsonl", '{"id": "a\\u0000b", "date": "2026-04-27", "text": "hi\\ud800 there", "team": "x\\u0001"}'
    )
    assert isinstance(row, Row)
    assert (row.id, row.words, row.point) == ("ab", "hi there", "x")


def told_apart_by(path: Path, text: str) -> list[tuple[str, int]]:
    return [(row.digest, row.alike) for row in usable(rows(path, text))]


@pytest.mark.parametrize("column", ["Number", "Ref", "Reference", ""])
def test_a_row_is_named_alike_whenever_it_is_read(tmp_path: Path, column: str) -> None:
    """Importing a file twice changes nothing; the same words twice on one day are two notes, also about one case."""
    text = f"{column},date,text\n7,2026-04-27,again\n7,2026-04-27,again\n"
    first, second = told_apart_by(tmp_path / "a.csv", text), told_apart_by(tmp_path / "b.csv", text)
    assert first == second
    assert len(set(first)) == 2


def test_a_row_that_stands_twice_under_its_own_id_is_one_note(tmp_path: Path) -> None:
    first, second = told_apart_by(tmp_path / "n.csv", "id,date,text\n7,2026-04-27,again\n7,2026-04-27,again\n")
    assert first == second


@pytest.mark.parametrize("column", ["id", "Number"])
def test_other_words_another_date_or_another_id_make_another_note(tmp_path: Path, column: str) -> None:
    lines = ("7,2026-04-27,again", "7,2026-04-28,again", "7,2026-04-27,Any news?", "8,2026-04-27,again")
    named = told_apart_by(tmp_path / "n.csv", "\n".join([f"{column},date,text", *lines]))
    assert len({digest for digest, _ in named}) == 4


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("n.csv", b"a,b\n1,2\n", "no column that we know as words"),
        ("n.csv", b"", "no rows"),
        ("n.csv", b"id,date,text\n1,2026-04-27,caf\xe9\n", "not UTF-8"),
        ("n.xlsx", b"not a workbook", "not an Excel workbook"),
        ("n.xlsx", OLD_OR_LOCKED, "protected by a password, or of the old Excel kind"),
        ("n.xlsm", b"PK", "can carry macros, so we left it shut"),
        ("n.xls", OLD_OR_LOCKED, "can carry macros, so we left it shut"),
        ("n.pdf", b"%PDF-1.4", "no table that we can read"),
        ("n.docx", b"PK", "no table that we can read"),
        ("n.csv", b"PK\x03\x04 a workbook", "If it is a workbook, name it .xlsx"),
        ("n.csv", b"id,date,text\n", "no rows"),
        ("n.csv", b"Feedback\ndate,text\n2026-04-27,Any news?\n", "The first line must be the headings, with nothing"),
        (
            "n.csv",
            b"Feedback,\ndate,text\n2026-04-27,Any news?\n",
            "It has: Feedback. If that is a title, take it away",
        ),
        ("n.json", b"[" * 100_000, "begins like a list of records and is none"),
        ("n.csv", b'date,text\n2026-04-27,"Any\n2026-04-28,news?\n', "quotation mark in line 2 that is never closed"),
        ("n.json", b'[{"date": "2026-04-27"', "begins like a list of records and is none"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    with pytest.raises(TableError, match=says):
        rows(tmp_path / name, content)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        list(intake.read(tmp_path / "nowhere.csv", zone="UTC"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({"text": st.text(max_size=80), "date": st.text(max_size=30)}), min_size=1))
def test_whatever_is_in_the_rows_each_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("wild") / "n.jsonl"
    found = rows(path, "\n".join(json.dumps(record) for record in records))
    assert [row.line for row in found] == list(range(1, len(records) + 1))
