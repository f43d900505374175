"""A spreadsheet of verbatims on a Tuesday afternoon: a page, facts and a few lines, or a sentence that says why not."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.config import Settings
from bot.story import generator
from nlp import many
from nlp.tagging import Tagging
from nlp.vocabulary import NoteType


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder of its own, and no settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def study(*words: str) -> Result:
    return CliRunner().invoke(app, ["study", *words])


def csv_of(path: Path, *lines: str) -> str:
    path.write_text("\n".join(["date,text", *lines]), encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year at Larkmoor Homes, as a file."""
    path = tmp_path_factory.mktemp("story") / "larkmoor.jsonl"
    told = generator.tell(last_week_monday=date(2026, 6, 29))
    rows = [
        {
            "id": note.id,
            "date": note.heard_at.isoformat(),
            "text": note.words,
            "team": note.point,
            "kind": "improvement" if note.told_as is NoteType.IMPROVEMENT else "demand",
        }
        for note in told
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_the_story_is_studied_as_a_whole(story: Path, tmp_path: Path) -> None:
    """The contractor's new booking system, week 15, shows; the main that burst in week 9 is no signal."""
    places = "--report", str(tmp_path / "report.html"), "--json", str(tmp_path / "study.json")
    result = study(str(story), "--purpose", generator.PURPOSE, "--timezone", "Europe/London", *places)
    assert result.exit_code == 0, result.output
    facts = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    assert len(facts["weeks"]) == 26
    assert facts["notes"] == sum(week["notes"] for week in facts["weeks"]) == len(story.read_text().splitlines())
    assert facts["purpose"] == generator.PURPOSE
    assert "guide" in facts["tagger"]
    weeks = [signal["week"] for signal in facts["signals"]]
    assert any(abs(week - 15) <= 2 for week in weeks)
    [booking] = [signal for signal in facts["signals"] if signal["says"].startswith("In week 15 a note")]
    assert "booking system" in booking["says"]
    assert not any(abs(week - 9) <= 1 for week in weeks)
    assert all(name.startswith("story-") for signal in facts["signals"] for name in signal["evidence_ids"])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert generator.PURPOSE in page
    assert "delia.marsh@example.com" not in page + json.dumps(facts) + result.output


def test_nothing_raw_is_written_or_said(tmp_path: Path) -> None:
    """Neither in words, nor in ids, nor in the names of files."""
    lines = [f"2026-04-{day:02},Any news of my boiler? Ring 07700 900{day:03}" for day in range(1, 25)]
    file = tmp_path / "n.csv"
    file.write_text(
        "\n".join(["id,date,text", *(f"someone{n}@example.com,{line}" for n, line in enumerate(lines))]),
        encoding="utf-8",
    )
    result = study(str(file), "--report", "report.html", "--json", "study.json")
    assert result.exit_code == 0, result.output
    written = (tmp_path / "report.html").read_text() + (tmp_path / "study.json").read_text() + result.output
    assert "07700" not in written
    assert "@example.com" not in written
    assert "line 2" in written


def test_a_row_that_cannot_be_used_is_named_and_the_rest_is_studied(tmp_path: Path) -> None:
    """Dates in several ways; the one that nobody can read is told, with what to do."""
    lines = "2026-04-27,Any news?", "28/04/2026,Where is my parcel?", "29 of April,Can I pay?", "2026-04-30T10:00,  "
    result = study(csv_of(tmp_path / "n.csv", *lines), "--json", "study.json")
    assert result.exit_code == 0, result.output
    facts = json.loads((tmp_path / "study.json").read_text())
    assert facts["notes"] == 2
    assert [row["line"] for row in facts["skipped"]] == [4, 5]
    assert "Line 4 is skipped: its date cannot be read" in result.stderr
    assert "1 row has a date that cannot be read" in result.stdout


def test_where_many_may_be_at_risk_it_is_said_how_many_and_where_all_are_named(tmp_path: Path) -> None:
    """In a terminal the first twelve are named. Up to there, there is nothing more to say."""
    lines = [f"2026-04-{day:02},There is a strong smell of gas in my kitchen" for day in range(1, 16)]
    file = csv_of(tmp_path / "n.csv", *lines)
    assert "line 13 and 3 more. --report names them all." in study(file).stdout
    page = study(file, "--report", "r.html").stdout
    assert "line 13 and 3 more. All 15 are named in r.html." in page
    both = study(file, "--report", "r.html", "--json", "s.json").stdout
    assert "line 13 and 3 more. All 15 are named in r.html and s.json." in both
    few = study(csv_of(tmp_path / "few.csv", *lines[:12])).stdout
    assert "someone may be at risk: line 2, line 3," in few
    assert "more" not in few.partition("at risk")[2]


def test_a_file_with_months_first_is_read_so_and_says_so(tmp_path: Path) -> None:
    result = study(csv_of(tmp_path / "n.csv", "04/03/2026,Any news?", "04/29/2026,Can I pay?"), "--json", "study.json")
    assert result.exit_code == 0, result.output
    weeks = json.loads((tmp_path / "study.json").read_text())["weeks"]
    assert (weeks[0]["name"], weeks[-1]["name"]) == ("2026-W14", "2026-W18")
    assert "2 dates are read month first, like 04/27/2026" in result.stdout


def test_a_day_of_first_asking_that_nobody_can_read_is_told(tmp_path: Path) -> None:
    """The words come in without it, and what only says that nobody knows is no mistake."""
    file = tmp_path / "n.csv"
    rows = "2026-04-27,Any news?,2026-04-20", "2026-04-28,Where is it?,a while ago", "2026-04-29,Can I pay?,n/a"
    file.write_text("\n".join(["date,text,first_asked", *rows]), encoding="utf-8")
    result = study(str(file), "--json", "study.json")
    assert result.exit_code == 0, result.output
    assert "When they first asked cannot be read (line 3):" in " ".join(result.stdout.split())
    assert json.loads((tmp_path / "study.json").read_text())["notes"] == 3


def test_weeks_too_thin_to_tell_a_change_are_never_called_the_same_system(tmp_path: Path) -> None:
    """A note a week tells nothing of its share, however many weeks there are."""
    monday = date(2026, 1, 5)
    lines = [f"{monday + timedelta(weeks=week)},Any news of my repair?" for week in range(20)]
    result = study(csv_of(tmp_path / "n.csv", *lines), "--report", "report.html")
    assert "Too early to say: 20 weeks with no fortnight of 10 classified notes or more" in result.stdout
    page = (tmp_path / "report.html").read_text()
    assert "same system" not in result.stdout
    assert "No lasting change of the failure share" not in page
    assert "it takes 12 to tell a lasting change from chance." in page


def test_a_year_that_was_cut_short_does_not_stretch_the_file(tmp_path: Path) -> None:
    lines = [f"2026-03-{day:02},Any news?" for day in range(9, 19)]
    result = study(csv_of(tmp_path / "n.csv", *lines, "0026-03-12,Where is it?", "2062-03-12,Lift broken"))
    assert "2 weeks" in result.stdout
    assert "Line 12 is skipped: its date lies before 1970" in result.stderr
    assert "Line 13 is skipped: its date, 2062-03-12, lies half a year or more" in result.stderr


def test_one_note_and_it_is_too_early_to_say(tmp_path: Path) -> None:
    result = study(csv_of(tmp_path / "n.csv", "2026-04-27,Any news of my repair?"), "--report", "report.html")
    assert result.exit_code == 0, result.output
    assert "Too early to say" in result.stdout
    assert "Any news of my repair?" in (tmp_path / "report.html").read_text()


def test_a_cell_of_ten_megabytes_is_read_as_far_as_makes_sense(tmp_path: Path) -> None:
    huge = "where is my parcel " * 550_000
    result = study(csv_of(tmp_path / "n.csv", f"2026-04-27,{huge}", "2026-04-28,Any news?"), "--json", "study.json")
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "study.json").read_text())["notes"] == 2
    assert "1 note is longer than 8,000 characters and read to there." in result.stdout


def test_ten_megabytes_in_any_other_column_cost_nothing(tmp_path: Path) -> None:
    huge = "x" * 10_000_000
    (tmp_path / "n.csv").write_text(
        f"id,date,text,team,matters\n{huge},2026-04-27,Any news?,rents,\nb,2026-04-27,Where is it?,{huge},{huge}\n"
        f"c,{huge},Lift broken,rents,\n",
        encoding="utf-8",
    )
    result = study("n.csv", "--json", "study.json")
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "study.json").read_text())["notes"] == 2
    assert "Line 4 is skipped: its date cannot be read" in result.stderr


def test_macros_are_left_alone(tmp_path: Path) -> None:
    """A workbook of a kind made for macros stays shut; in another its cells are read, and nothing else."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["date", "verbatim"])
    sheet.append([date(2026, 4, 27), "Any news of my repair?"])
    workbook.save(tmp_path / "n.xlsx")
    with zipfile.ZipFile(tmp_path / "n.xlsx", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"not for running")
    assert "carries macros. They were left alone" in study(str(tmp_path / "n.xlsx")).stdout
    (tmp_path / "n.xlsx").rename(tmp_path / "n.xlsm")
    shut = study(str(tmp_path / "n.xlsm"))
    assert shut.exit_code == 2
    assert "Save it as .xlsx or CSV" in shut.stderr


@pytest.mark.parametrize(
    ("lines", "options", "says"),
    [
        ([], (), "has no rows in it"),
        (["2026-04-27,  "], (), "No row of n.csv can be used. Line 2: it has no words."),
        (["2026-04-27,hello"], ("--column", "words=Remark"), "no column called 'Remark'"),
        (["2026-04-27,hello"], ("--column", "remark"), "Write it like words=NAME"),
        (["2026-04-27,hello"], ("--timezone", "Mars/Olympus"), "Write it like Europe/London"),
        (["2026-04-27,hello"], ("--report", "n.csv"), "is the file to be studied"),
        (["2026-04-27,hello"], ("--report", "nowhere/report.html"), "there is no such folder"),
        (["2026-04-27,hello"], ("--report", "same", "--json", "same"), "need different names"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    tmp_path: Path, lines: list[str], options: tuple[str, ...], says: str
) -> None:
    """And the file stays as it was."""
    before = Path(csv_of(tmp_path / "n.csv", *lines)).read_bytes()
    result = study("n.csv", *options)
    assert result.exit_code == 2
    assert says in result.stderr
    assert (tmp_path / "n.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "says"), [("n.csv", "no column that we know as words"), ("gone.csv", "cannot be read")]
)
def test_a_file_without_its_columns_or_its_place_says_so(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "n.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    result = study(name)
    assert result.exit_code == 2
    assert says in result.stderr


def test_help_teaches() -> None:
    result = study("--help")
    assert result.exit_code == 0
    assert "--purpose" in result.stdout
    assert "groundswell study verbatims.xlsx" in result.stdout


def test_a_process_that_is_ended_while_it_helps_is_told_of_with_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as when memory runs out."""

    def ended(*_texts: object, **_how: object) -> Iterator[Tagging]:
        raise BrokenProcessPool

    monkeypatch.setattr(many, "tagged", ended)
    result = study(csv_of(tmp_path / "few.csv", "2026-05-04,Where is my parcel?"), "--purpose", "Parcels on time")
    assert result.exit_code == 2
    assert "study part of the file" in " ".join(result.output.split())
