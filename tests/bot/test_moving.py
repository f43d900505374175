"""Notes come in from files, each once and none lost, and go out without their authors."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.config import Settings
from nlp.vocabulary import NoteType
from storage import notes, workspaces
from storage.database import Database
from storage.models import Note
from storage.notes import Heard
from tests import make
from tests.conftest import LARKMOOR

APRIL = "Number,Date,Comment\n1,2026-04-27,Any news on my repair?\n2,2026-04-28,Can I pay weekly?\n"
MAY = "Number,Date,Comment\n1,2026-05-04,Nobody came\n2,2026-05-05,The lift is stuck again\n"
ONE_CASE = (
    "Reference,Date,Comment\n"
    "REP-1001,2026-04-27,Priya on 07700 900123 has no hot water\n"
    "REP-1001,2026-04-27,Chasing the repair\n"
    "REP-1001,2026-04-27,Chasing the repair\n"
    "REP-1001,2026-05-04,Chasing the repair\n"
)
MORNING = datetime(2026, 4, 27, 9, 30, 12, 345678, tzinfo=UTC)


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    """Larkmoor Homes, with no notes yet."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/groundswell.db")
    monkeypatch.chdir(tmp_path)
    database = Database(f"sqlite:///{tmp_path}/groundswell.db")
    database.create()
    with database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=MORNING)
    yield database
    database.close()


def comes_in(file: str, text: str = "") -> tuple[int, int]:
    """Imports a file; says how many notes were new, and how many there already."""
    if text:
        Path(file).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["import", file])
    assert result.exit_code == 0, result.output
    told = re.search(r"(\d+) notes? imported, (\d+) there already", result.output)
    assert told, result.output
    return int(told[1]), int(told[2])


def goes_out(file: str) -> str:
    kind = Path(file).suffix.removeprefix(".")
    result = CliRunner().invoke(app, ["export", "--format", kind, "--output", file])
    assert result.exit_code == 0, result.output
    return file


def kept(database: Database) -> list[Note]:
    with database.reading() as session:
        return list(notes.everything(session, workspace=LARKMOOR))


def was_named_by_its_id_alone(database: Database, **ids: str) -> None:
    """Lets notes go by the keys that imports once gave them: from the words they begin with to the id in the file."""
    with database.transaction() as session:
        for note in list(notes.everything(session, workspace=LARKMOOR)):
            note.key = f"import/{ids[note.verbatim.split()[0]]}"
            session.add(note)


def test_months_that_each_number_from_one_all_come_in(database: Database) -> None:
    assert comes_in("april.csv", APRIL) == (2, 0)
    assert comes_in("may.csv", MAY) == (2, 0)
    assert comes_in("both.csv", APRIL + MAY.partition("\n")[2]) == (0, 4)
    assert len(kept(database)) == 4


def test_everyone_who_rang_about_one_case_is_heard(database: Database) -> None:
    """Those who ring again about one matter are just what failure demand is; and a second time adds nothing."""
    assert comes_in("log.csv", ONE_CASE) == (4, 0)
    assert comes_in("log.csv") == (0, 4)


def test_what_came_in_by_its_number_alone_is_found_again(database: Database) -> None:
    """Whatever was left out of its words. What was not kept then comes in now, and is there from then on."""
    first = ONE_CASE.splitlines(keepends=True)[:2]
    comes_in("log.csv", "".join(first))
    [note] = kept(database)
    assert note.verbatim == "[name] on [phone] has no hot water"
    was_named_by_its_id_alone(database, **{"[name]": "REP-1001"})
    assert comes_in("log.csv", ONE_CASE) == (3, 1)
    assert comes_in("log.csv") == (0, 4)


def test_next_month_is_not_taken_for_what_came_in_by_its_number_alone(database: Database) -> None:
    comes_in("april.csv", APRIL)
    was_named_by_its_id_alone(database, Any="1", Can="2")
    assert comes_in("april.csv") == (0, 2)
    assert comes_in("may.csv", MAY) == (2, 0)
    assert comes_in("may.csv") == (0, 2)


def test_of_rows_alike_the_first_alone_came_in_by_its_number(database: Database) -> None:
    twice = "Ref,Date,Comment\n" + "7,2026-04-27,Chasing the repair\n" * 2
    comes_in("log.csv", "".join(twice.splitlines(keepends=True)[:2]))
    was_named_by_its_id_alone(database, Chasing="7")
    assert comes_in("log.csv", twice) == (1, 1)


def test_long_numbers_that_differ_at_their_end_are_two_notes(database: Database) -> None:
    long = "x" * 300
    text = f"Number,Date,Comment\n{long}a,2026-04-27,Any news?\n{long}b,2026-04-27,Any news?\n"
    assert comes_in("long.csv", text) == (2, 0)
    assert comes_in("long.csv") == (0, 2)


WITHOUT_IDS = "Date,Comment\n2026-04-27 09:30,The lift is stuck\n2026-04-28,No hot water\n2026-04-28,No hot water\n"


def sets_its_clock(database: Database, zone: str = "Europe/London") -> None:
    """As the first digest that somebody switches on does."""
    with database.transaction() as session:
        workspaces.set_timezone(session, LARKMOOR, zone)


def was_named_by_its_moment(database: Database) -> None:
    """Lets notes go by the keys that imports once gave them, made of the words and the moment in UTC."""
    alike: Counter[str] = Counter()
    with database.transaction() as session:
        for note in list(notes.everything(session, workspace=LARKMOOR)):
            digest = hashlib.sha256(f"{note.verbatim}\n{note.heard_at.isoformat()}".encode()).hexdigest()[:24]
            alike[digest] += 1
            note.key = f"import/{digest}/{alike[digest]}"
            session.add(note)


@pytest.mark.parametrize("text", [APRIL, WITHOUT_IDS], ids=["numbered", "without ids"])
def test_a_file_comes_in_once_whatever_clock_the_workspace_sets_later(database: Database, text: str) -> None:
    comes_in("log.csv", text)
    many = len(kept(database))
    for zone in ("Europe/London", "Pacific/Auckland"):
        sets_its_clock(database, zone)
        assert comes_in("log.csv") == (0, many)


@pytest.mark.parametrize("first", ["out.csv", "out.xlsx"])
def test_a_workbook_and_the_same_table_as_text_are_the_same_notes(database: Database, first: str) -> None:
    """Excel tells a day alone as its midnight."""
    Path("out.csv").write_text(WITHOUT_IDS, encoding="utf-8")
    saved_by_excel("out.csv", with_dates=True)
    assert comes_in(first) == (3, 0)
    assert {note.heard_at.hour for note in kept(database) if "hot water" in note.verbatim} == {12}
    assert (comes_in("out.xlsx"), comes_in("out.csv")) == ((0, 3), (0, 3))


@pytest.mark.parametrize("at_first", ["UTC", "Europe/London"])
@pytest.mark.parametrize("clock", ["Europe/London", "America/New_York"])
def test_what_came_in_by_its_moment_is_found_again(database: Database, at_first: str, clock: str) -> None:
    """By the clock of then, if that was UTC or is still the workspace's."""
    sets_its_clock(database, at_first)
    comes_in("log.csv", WITHOUT_IDS)
    was_named_by_its_moment(database)
    if at_first == "UTC":
        sets_its_clock(database, clock)
    assert comes_in("log.csv") == (0, 3)
    assert comes_in("log.csv", f"{WITHOUT_IDS}2026-04-28,No hot water\n") == (1, 3)
    assert comes_in("log.csv") == (0, 4)


def test_what_a_workbook_brought_at_midnight_is_found_again(database: Database) -> None:
    comes_in("log.csv", "Date,Comment\n2026-04-28 00:00,No hot water\n")
    was_named_by_its_moment(database)
    sets_its_clock(database)
    Path("out.csv").write_text("Date,Comment\n2026-04-28,No hot water\n", encoding="utf-8")
    assert comes_in("out.csv") == (0, 1)
    assert comes_in(saved_by_excel("out.csv", with_dates=True)) == (0, 1)


def test_the_same_words_an_hour_later_are_not_taken_for_what_came_in_by_its_moment(database: Database) -> None:
    """Half past ten in London was half past nine in UTC, by which the earlier ones came in."""
    earlier = "2026-04-27 09:30,Any news?\n2026-04-28 12:15,Any news?\n"
    comes_in("log.csv", f"Date,Comment\n{earlier}")
    was_named_by_its_moment(database)
    sets_its_clock(database)
    assert comes_in("log.csv", f"Date,Comment\n2026-04-27 10:30,Any news?\n{earlier}") == (1, 2)
    assert comes_in("log.csv") == (0, 3)


def test_what_came_in_by_its_number_is_found_again_when_the_clock_is_set(database: Database) -> None:
    comes_in("april.csv", APRIL)
    was_named_by_its_id_alone(database, Any="1", Can="2")
    sets_its_clock(database)
    assert comes_in("april.csv") == (0, 2)


@pytest.mark.parametrize("file", ["out.csv", "out.jsonl"])
def test_an_export_finds_its_notes_where_it_comes_from(database: Database, file: str) -> None:
    """However they came in; and what was taken back meanwhile stays gone."""
    comes_in("log.csv", ONE_CASE)
    comes_in("april.csv", APRIL)
    with database.transaction() as session:
        make.note(session, "- nobody [name] knows has rung back", at=MORNING, workspace=LARKMOOR, key="slack/1")
        gone = make.note(session, "the zebra fence fell down", at=MORNING, workspace=LARKMOOR, key="slack/2")
    goes_out(file)
    with database.transaction() as session:
        notes.withdraw(session, notes.with_keys(session, ["slack/2"], workspace=LARKMOOR)["slack/2"], now=MORNING)
    assert comes_in(file) == (0, 8)
    assert gone.verbatim not in {note.verbatim for note in kept(database)}


def test_an_export_comes_in_once_elsewhere(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers are given anew in every workspace, so one that is taken there already means nothing."""
    comes_in("log.csv", ONE_CASE)
    goes_out("out.jsonl")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    comes_in("may.csv", MAY)
    assert comes_in("out.jsonl") == (4, 0)
    assert comes_in("out.jsonl") == (0, 4)


def test_of_many_alike_none_is_lost_on_its_way_elsewhere(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    comes_in("log.csv", "Ref,Date,Comment\n" + "7,2026-04-27,Any news?\n" * 101)
    goes_out("out.csv")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    comes_in("april.csv", APRIL)
    assert comes_in("out.csv") == (101, 0)


def in_private(database: Database, words: str, channel: str) -> None:
    heard = Heard(
        key=words,
        told_as=NoteType.DEMAND,
        verbatim=words,
        heard_at=MORNING,
        private=True,
        heard_in=channel,
        via="Slack",
    )
    with database.transaction() as session:
        unit = workspaces.home_unit(session, LARKMOOR)
        notes.add(session, heard, workspace=LARKMOOR, unit_id=unit.id or 0, now=MORNING)


def saved_by_excel(file: str, *, with_dates: bool = False) -> str:
    """The same table as a workbook; its first column holds dates, if it should."""
    workbook = openpyxl.Workbook()
    assert workbook.active is not None
    for place, line in enumerate(csv.reader(Path(file).read_text(encoding="utf-8").splitlines())):
        first = datetime.fromisoformat(line[0]) if with_dates and place else line[0]
        workbook.active.append([first, *line[1:]])
    workbook.save("out.xlsx")
    return "out.xlsx"


@pytest.mark.parametrize("file", ["out.csv", "out.jsonl", "out.xlsx"])
def test_private_words_stay_private_on_their_way(
    database: Database, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """No search finds them where they arrive, and no digest quotes them but that of the channel they were heard in."""
    comes_in("april.csv", APRIL)
    in_private(database, "the wombat is back in the boiler room", "C0MANAGERS1")
    arrives = saved_by_excel(goes_out("out.csv")) if file == "out.xlsx" else goes_out(file)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    assert comes_in(arrives) == (3, 0)
    elsewhere = Database("sqlite:///elsewhere.db")
    with elsewhere.reading() as session:
        [home] = workspaces.everyone(session)
        arrived = list(notes.everything(session, workspace=home.id))
        assert notes.search(session, ["wombat"], workspace=home.id) == []
    elsewhere.close()
    assert [(note.private, note.heard_in) for note in arrived] == [(True, "C0MANAGERS1"), (False, ""), (False, "")]


def test_no_export_tells_which_two_people_were_talking(database: Database) -> None:
    in_private(database, "the wombat is back in the boiler room", "D0ASHATOM01")
    told = Path(goes_out("out.csv")).read_text(encoding="utf-8")
    assert "wombat" in told
    assert "D0ASHATOM01" not in told


@pytest.mark.parametrize(
    ("written", "private"),
    [('"yes"', True), ("true", True), ('"Oui"', True), ('"x"', True), ("1", True), ('"no"', False), ("false", False)],
)
def test_words_are_private_where_a_file_says_so(database: Database, written: str, private: bool) -> None:
    """And whenever it is not certain that they are not."""
    comes_in("n.jsonl", f'{{"date": "2026-04-27", "text": "Any news?", "private": {written}}}')
    assert [note.private for note in kept(database)] == [private]


def test_a_slip_in_the_name_of_a_workspace_makes_no_other_one(database: Database) -> None:
    """Nor does a name that Slack gives to none, where no workspace is known yet."""
    Path("april.csv").write_text(APRIL, encoding="utf-8")
    slip = CliRunner().invoke(app, ["import", "april.csv", "--workspace", "T0LARKMOR"])
    assert slip.exit_code == 2
    assert f"There is no workspace T0LARKMOR here. Say which with --workspace: {LARKMOOR}" in slip.stderr
    with database.reading() as session:
        assert [known.id for known in workspaces.everyone(session)] == [LARKMOOR]


def test_the_first_workspace_is_made_by_the_id_that_slack_gave_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("april.csv").write_text(APRIL, encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    named = CliRunner().invoke(app, ["import", "april.csv", "--workspace", "larkmoor"])
    assert (named.exit_code, named.stderr) == (
        2,
        "larkmoor is no id of a workspace. Slack's ids look like T0123ABCD.\n",
    )
    assert CliRunner().invoke(app, ["import", "april.csv", "--workspace", "T0123ABCD"]).exit_code == 0
