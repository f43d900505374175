"""What an operator types, and what comes back."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.blocks import digest_card
from bot.config import Settings
from digests import send
from nlp.vocabulary import DemandType, NoteType
from storage import schedules, workspaces
from storage.columns import Audience
from storage.database import Database
from tests.journeys.test_killed import free_port

COMMANDS = ["run", "tag", "evaluate", "import", "export", "digest", "retag", "story", "study", "purge", "key", "doctor"]


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A home of its own, and no settings but that."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def groundswell(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def notes_file(path: Path, *rows: dict[str, object] | str) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


NOTES: list[dict[str, object]] = [
    {"id": "1", "received_at": "2026-04-27T09:00:00Z", "channel": "phone", "text": "Any news on my repair?"},
    {"id": "2", "received_at": "2026-04-28T09:00:00Z", "team": "rents", "text": "Can I pay weekly?"},
    {"id": "3", "received_at": "2026-04-29T09:00:00Z", "team": "rents", "text": "=HYPERLINK(1) is what it says"},
    {
        "id": "4",
        "received_at": "2026-04-29T10:00:00Z",
        "kind": "improvement",
        "text": "Idea: text people the day before",
    },
]


def test_words_are_tagged_with_their_because() -> None:
    result = groundswell("tag", "I've rung three times and nobody came")
    assert result.exit_code == 0
    assert "failure demand" in result.output
    assert "because" in result.output


def test_several_asks_in_one_note_are_told_apart() -> None:
    """Each in its own words, without what identifies people; a note with one ask says nothing of it."""
    two = "Where's my parcel? And can you change the phone on my account to 07700 900123?"
    result = groundswell("tag", "--input", "-", typed=json.dumps({"id": 1, "text": two}) + "\n")
    assert json.loads(result.stdout)["asks"] == [
        "Where's my parcel?",
        "can you change the phone on my account to [phone]?",
    ]
    assert "can you change the phone" in groundswell("tag", two).output
    one = groundswell("tag", "--input", "-", typed='{"id": 1, "text": "Where is my parcel?"}\n')
    assert "asks" not in json.loads(one.stdout)


def test_a_file_is_tagged_line_by_line_and_a_bad_line_is_named(tmp_path: Path) -> None:
    """Order kept, ids kept, the rest of the file never lost over one line."""
    notes = notes_file(
        tmp_path / "notes.jsonl",
        {"id": "a", "text": "Where is my parcel? Ring me on 07700 900123", "purpose": "We deliver parcels"},
        "not json",
        {"id": "b", "no": "text"},
        {"id": "c", "text": "Thank you, that was lovely"},
    )
    tagged = tmp_path / "tagged.jsonl"
    result = groundswell("tag", "--input", str(notes), "--output", str(tagged))
    assert result.exit_code == 0
    assert "Line 2 is skipped" in result.stderr
    assert "Line 3 is skipped" in result.stderr
    first, last = (json.loads(line) for line in tagged.read_text(encoding="utf-8").splitlines())
    assert (first["id"], last["id"]) == ("a", "c")
    assert set(first) == {
        *("id", "note_type", "demand_type", "kind", "confidence", "because", "theme", "system_condition"),
        *("condition_because", "system_factor", "urgent", "blames", "pii_spans", "redacted"),
    }
    assert first["note_type"] == NoteType.DEMAND
    assert first["demand_type"] == DemandType.FAILURE
    [span] = first["pii_spans"]
    assert notes.read_text().find("07700") > 0
    assert "Where is my parcel? Ring me on 07700 900123"[span["start"] : span["end"]] == "07700 900123"
    assert "07700" not in first["redacted"]


def test_lines_can_be_piped_through() -> None:
    result = groundswell("tag", "--input", "-", typed='{"id": 1, "text": "Where is my parcel?"}\n')
    assert json.loads(result.stdout)["demand_type"] == DemandType.FAILURE


def test_a_line_that_is_piped_through_ends_where_its_line_ends() -> None:
    """JSON may hold separators that other programs take for the end of a line."""
    result = groundswell("tag", "--input", "-", typed='{"id": 1, "text": "Where is\u2028my\x85 parcel?"}\n')
    assert json.loads(result.stdout)["demand_type"] == DemandType.FAILURE


@pytest.mark.parametrize("command", [("tag", "--input"), ("evaluate",), ("import",)], ids=" ".join)
def test_a_line_nested_too_deep_to_be_read_costs_nothing_else(tmp_path: Path, command: tuple[str, ...]) -> None:
    deep = '{"text": "Any news?", "more": ' + "[" * 100_000 + "]" * 100_000 + "}"
    good = {"id": "1", "date": "2026-04-27", "text": "Where is my parcel?", "demand_type": "failure"}
    result = groundswell(*command, str(notes_file(tmp_path / "notes.jsonl", deep, good)))
    assert result.exit_code == 0, result.exception
    assert "Line 1 is skipped" in result.stderr


@pytest.mark.parametrize("command", ["import", "study"])
def test_a_file_of_which_no_row_can_be_used_is_no_success(tmp_path: Path, command: str) -> None:
    (tmp_path / "notes.csv").write_text("date,text\nsoon,Any news?\n", encoding="utf-8")
    result = groundswell(command, "notes.csv")
    assert result.exit_code == 2
    assert "No row of notes.csv can be used." in result.stderr


@pytest.mark.parametrize("target", ["tagged.jsonl", "-"])
def test_half_an_emoji_costs_nobody_their_line(tmp_path: Path, target: str) -> None:
    """Some tools cut texts in the middle of one. The line comes back as it was given, and so do all others."""
    notes = notes_file(
        tmp_path / "notes.jsonl", *({"id": f"\ud83d{n}", "text": f"Any news \ud83d {n}"} for n in range(20))
    )
    result = groundswell("tag", "--input", str(notes), "--output", target)
    assert result.exit_code == 0, result.output
    lines = (result.stdout if target == "-" else (tmp_path / target).read_text(encoding="utf-8")).splitlines()
    tagged = [json.loads(line) for line in lines]
    assert [row["id"] for row in tagged] == [f"\ud83d{n}" for n in range(20)]
    assert tagged[7]["redacted"] == "Any news \ud83d 7"
    assert tagged[7]["demand_type"] == DemandType.FAILURE


def test_with_corrections_notes_are_tagged_as_their_organisation_means_them(tmp_path: Path) -> None:
    """An organisation's word stands for its own notes, and for nobody else's."""
    said = "Quarterly check at flat 4"
    notes = notes_file(
        tmp_path / "notes.jsonl", {"id": 1, "text": said, "org": "a"}, {"id": 2, "text": said, "org": "b"}
    )
    corrections = notes_file(
        tmp_path / "corrections.jsonl",
        {"id": 9, "text": said, "org": "a", "demand_type": "failure", "kind": "chase"},
        {"id": 10, "text": "no type at all", "org": "a"},
    )
    result = groundswell("tag", "--input", str(notes), "--learn", str(corrections))
    assert "Line 2 is skipped" in result.stderr
    theirs, others = (json.loads(line) for line in result.stdout.splitlines())
    assert theirs["kind"] == "chase"
    assert others["kind"] != "chase"


def test_a_theme_that_people_taught_stays_where_none_emerges(tmp_path: Path) -> None:
    """However many notes an organisation has: one that plainly belongs to a theme of all its notes is under that, one
    that does not is under what its people said, and no note has a theme of its own words alone.
    """
    said = "Quarterly check at flat 4"
    about = ["the boiler is cold again", "no hot water from the boiler", "boiler has broken down again", "boiler leaks"]
    often = [{"id": n, "text": f"{about[n % 4]}, flat {n}", "org": "a"} for n in range(24)]
    once = [
        {"id": 98, "text": "Quarterly check at flat 6", "org": "a"},
        {"id": 99, "text": "What time does the library open?", "org": "a"},
    ]
    notes = notes_file(tmp_path / "notes.jsonl", *often, *once)
    corrections = notes_file(
        tmp_path / "corrections.jsonl", {"text": said, "org": "a", "kind": "chase", "theme": "gas safety"}
    )
    result = groundswell("tag", "--input", str(notes), "--learn", str(corrections))
    themes = {row["id"]: row["theme"] for row in map(json.loads, result.stdout.splitlines())}
    assert "boiler" in themes[0]
    assert themes[98] == "gas safety"
    assert themes[99] is None


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ('["a", "list"]', 'it should be JSON with a "text"'),
        ('{"text": 5, "kind": "chase"}', 'it should be JSON with a "text"'),
        ('{"text": "Where is it?"}', 'it should have a "demand_type" or a "kind"'),
        ('{"text": "Where is it?", "kind": "hunt"}', "no kind is called 'hunt'. The kinds are: start, use or change"),
        ('{"text": "Where is it?", "demand_type": "bad"}', "no demand type is called 'bad'. They are: value, failure"),
        ('{"text": "Where is it?", "demand_type": "value", "kind": "F1"}', "the kind 'chase' is none of value demand"),
    ],
)
def test_a_correction_that_cannot_be_used_is_named_with_what_it_lacks(tmp_path: Path, line: str, lacks: str) -> None:
    notes = notes_file(tmp_path / "notes.jsonl", {"id": 1, "text": "Quarterly check at flat 4"})
    corrections = tmp_path / "corrections.jsonl"
    corrections.write_text(f'\ufeff\n{line}\n{{"text": "At last", "demand_type": "Failure", "kind": "of theirs"}}\n')
    result = groundswell("tag", "--input", str(notes), "--learn", str(corrections))
    assert result.exit_code == 0, result.output
    assert f"Line 2 is skipped: {lacks}" in " ".join(result.stderr.split())
    assert "Line 3" not in result.stderr


def test_the_tagger_can_be_judged_on_anybodys_own_file(tmp_path: Path) -> None:
    file = notes_file(
        tmp_path / "labelled.jsonl",
        {"text": "Where is my parcel?", "demand_type": "failure"},
        {"text": "Thank you so much", "kind": "no ask"},
    )
    result = groundswell("evaluate", str(file))
    assert result.exit_code == 0, result.output
    assert "2 notes" in result.stdout


@pytest.mark.parametrize("words", [(), ("words", "--input", "notes.jsonl")])
def test_tag_says_how_it_wants_to_be_asked(words: tuple[str, ...]) -> None:
    result = groundswell("tag", *words)
    assert result.exit_code == 2
    assert "For example" in result.stderr


def test_importing_twice_changes_nothing_and_export_gives_it_back_without_authors(tmp_path: Path) -> None:
    file = notes_file(tmp_path / "notes.jsonl", *NOTES, "oops")
    first = groundswell("import", str(file), "--purpose", "We keep homes warm")
    assert "4 notes imported, 0 there already, 1 line skipped." in first.output
    assert "Line 5 is skipped" in first.stderr
    again = groundswell("import", str(file))
    assert "0 notes imported, 4 there already" in again.output
    rows = [json.loads(line) for line in groundswell("export", "--format", "jsonl").stdout.splitlines()]
    assert [row["words"] for row in rows] == [note["text"] for note in NOTES]
    assert rows[3]["note_type"] == NoteType.IMPROVEMENT
    assert not {"person", "author", "by", "user"} & set(rows[0])


def test_a_spreadsheet_never_runs_what_a_customer_said(tmp_path: Path) -> None:
    groundswell("import", str(notes_file(tmp_path / "notes.jsonl", *NOTES)))
    rows = list(csv.DictReader(io.StringIO(groundswell("export").stdout)))
    assert rows[2]["words"] == "'=HYPERLINK(1) is what it says"


@pytest.mark.parametrize("audience", ["managers", "improvement"])
@pytest.mark.parametrize("form", ["text", "html", "json", "blocks"])
def test_a_weeks_digest_comes_in_every_form(tmp_path: Path, audience: str, form: str) -> None:
    groundswell("import", str(notes_file(tmp_path / "notes.jsonl", *NOTES)))
    result = groundswell("digest", "--audience", audience, "--week", "2026-W18", "--format", form)
    assert result.exit_code == 0, result.stderr
    assert "27 April to 3 May 2026" in result.stdout
    if form in {"json", "blocks"}:
        json.loads(result.stdout)


def test_each_unit_has_its_own_notes_and_digest(tmp_path: Path) -> None:
    """The unit of the whole file, unless a row says another; and export says whose each note is."""
    rows = [dict(row, unit="Rents") if place == 0 else row for place, row in enumerate(NOTES)]
    groundswell(
        "import", str(notes_file(tmp_path / "notes.jsonl", *rows)), "--unit", "Repairs", "--purpose", "Warm homes"
    )
    whose = [row["unit"] for row in csv.DictReader(io.StringIO(groundswell("export").stdout))]
    assert sorted(set(whose)) == ["Rents", "Repairs"]
    assert whose.count("Rents") == 1
    told = json.loads(groundswell("digest", "--week", "2026-W18", "--unit", "repairs", "--format", "json").stdout)
    assert (told["unit"], told["purpose"]) == ("Repairs", "Warm homes")
    wrong = groundswell("digest", "--week", "2026-W18", "--unit", "Lettings")
    assert (wrong.exit_code, "There are: Everyone, Repairs, Rents" in wrong.stderr) == (2, True)


def test_a_digest_that_went_out_can_be_explained(tmp_path: Path) -> None:
    """Told again from what is on record, with why each part is there."""
    groundswell("import", str(notes_file(tmp_path / "notes.jsonl", *NOTES)))
    assert "No digest has gone out yet" in groundswell("digest", "--went-out").stdout
    database = Database(f"sqlite:///{tmp_path / 'home' / 'groundswell.db'}")
    monday = datetime(2026, 5, 4, 9, 5, tzinfo=UTC)
    with database.transaction() as session:
        [home] = workspaces.everyone(session)
        unit = workspaces.home_unit(session, home.id)
        schedules.place(
            session,
            workspace=home.id,
            unit_id=unit.id or 0,
            channel="C0123456789",
            audience=Audience.MANAGERS,
            now=monday - timedelta(days=3),
        )
    assert send.send_due(database, now=monday, card=digest_card.build) == 1
    database.close()
    listed = groundswell("digest", "--went-out").stdout
    assert "2026-W18" in listed
    explained = groundswell("digest", "--explain", listed.split()[0])
    assert explained.exit_code == 0, explained.stderr
    assert "27 April to 3 May 2026" in explained.stdout
    assert "fingerprint" in explained.stdout
    for number in ("999", "99999999999999999999"):
        assert f"There is no digest with the number {number}." in groundswell("digest", "--explain", number).stderr


def test_a_week_without_notes_and_a_week_that_is_none(tmp_path: Path) -> None:
    groundswell("import", str(notes_file(tmp_path / "notes.jsonl", *NOTES)))
    assert "nothing to tell" in groundswell("digest", "--week", "2026-W30").stderr
    for week in ("last week", "0001-W01", "9999-W52"):
        assert "Name it like 2026-W18" in groundswell("digest", "--week", week).stderr


def test_a_unit_without_notes_in_a_week_is_named_beside_those_that_have_some(tmp_path: Path) -> None:
    rows = [NOTES[0] | {"unit": "Repairs"}, NOTES[1] | {"unit": "Home visits"}]
    groundswell("import", str(notes_file(tmp_path / "notes.jsonl", *rows)))
    assert groundswell("digest", "--week", "2026-W18").stderr == (
        "The unit Everyone has no notes in 2026-W18, so there is nothing to tell. "
        "Elsewhere there are some: add --unit Repairs or --unit 'Home visits'.\n"
    )
    assert groundswell("digest", "--week", "2026-W30", "--unit", "Repairs").stderr == (
        "The unit Repairs has no notes in 2026-W30, so there is nothing to tell.\n"
    )


def test_before_there_is_anything_the_way_to_begin_is_named() -> None:
    result = groundswell("digest")
    assert result.exit_code == 2
    assert "groundswell import" in result.stderr


def test_posting_without_slack_says_what_is_missing(tmp_path: Path) -> None:
    groundswell("import", str(notes_file(tmp_path / "notes.jsonl", *NOTES)))
    result = groundswell("digest", "--week", "2026-W18", "--post", "C0123456789")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN" in result.stderr


def test_a_file_with_months_first_is_imported_so_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("date,text\n04/03/2026,Any news?\n04/29/2026,Can I pay?\n", encoding="utf-8")
    result = groundswell("import", str(tmp_path / "notes.csv"))
    assert result.exit_code == 0, result.output
    assert "2 dates are read month first, like 04/27/2026" in " ".join(result.output.split())
    assert "2026-04-03" in groundswell("export").output


@pytest.mark.parametrize("command", ["import", "study"])
@pytest.mark.parametrize(
    ("name", "begins", "says"),
    [
        ("notes.xlsm", b"PK", "can carry macros, so we left it shut. Save it as .xlsx or CSV"),
        ("notes.xlsx", bytes.fromhex("d0cf11e0a1b11ae1"), "save it without a password"),
        ("notes.xlsx", b"PK", "it is damaged"),
        ("notes.csv", b"id,date,text\n1,2026-04-27,caf\xe9\n", "Save it as UTF-8"),
        ("notes.csv", b"a,b\n1,2\n", "Say which one it is: --column words=NAME"),
        ("notes.csv", b"", "has no rows in it"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_with_the_remedy(
    tmp_path: Path, command: str, name: str, begins: bytes, says: str
) -> None:
    file = tmp_path / name
    file.write_bytes(begins)
    result = groundswell(command, str(file))
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_the_doctor_has_a_line_for_each_thing() -> None:
    result = groundswell("doctor")
    assert result.exit_code == 0, result.output
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["settings", "database", "model"]


def test_a_bad_setting_is_one_sentence_and_exit_code_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "oops")
    for command in ("run", "export", "digest", "story"):
        result = groundswell(command)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "SLACK_BOT_TOKEN" in result.stderr


def test_a_database_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'nowhere' / 'at' / 'all.db'}")
    monkeypatch.setenv("PORT", str(free_port()))
    result = groundswell("run")
    assert result.exit_code == 2
    assert "DATABASE_URL" in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches(command: str) -> None:
    result = groundswell(command, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4
