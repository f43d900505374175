"""Two workspaces in one database: each command speaks of one of them, and asks which where nobody said."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.blocks import digest_card
from bot.config import Settings
from digests import send
from nlp.vocabulary import DemandKind
from storage import books, notes, schedules, tags, units, workspaces
from storage.columns import Audience
from storage.database import Database
from tests import make
from tests.conftest import HILLCREST, LARKMOOR

MONDAY = datetime(2026, 5, 4, 9, 5, tzinfo=UTC)
TUESDAY = MONDAY - timedelta(days=6)
WEEK = "2026-W18"
OURS = {LARKMOOR: "the boiler is cold", HILLCREST: "the reservoir is brown"}
NAMES = {LARKMOOR: "Larkmoor Homes", HILLCREST: "Hillcrest Water"}
UNITS = {LARKMOOR: "Repairs", HILLCREST: "Meters"}

either = pytest.mark.parametrize("workspace", [LARKMOOR, HILLCREST])


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    """Larkmoor Homes and Hillcrest Water, each with notes, a unit of its own and a digest that went out."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/groundswell.db")
    monkeypatch.chdir(tmp_path)
    database = Database(f"sqlite:///{tmp_path}/groundswell.db")
    database.create()
    for workspace, words in OURS.items():
        with database.transaction() as session:
            workspaces.join(session, workspace, now=TUESDAY, name=NAMES[workspace])
            units.called(session, workspace, UNITS[workspace])
            for n in range(3):
                key = f"{workspace}/{n}"
                make.note(session, words, workspace=workspace, at=TUESDAY, key=key, kind=DemandKind.CHASE, theme=words)
            schedules.place(
                session,
                workspace=workspace,
                unit_id=workspaces.home_unit(session, workspace).id or 0,
                channel=f"C0{workspace}",
                audience=Audience.MANAGERS,
                now=MONDAY - timedelta(days=3),
            )
    assert send.send_due(database, now=MONDAY, card=digest_card.build) == 2
    yield database
    database.close()


def groundswell(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def speaks_of_one(told: str, workspace: str) -> bool:
    other = _other(workspace)
    foreign = (OURS[other], UNITS[other], NAMES[other], other)
    return not any(word in told for word in foreign)


def kept(database: Database, workspace: str) -> list[str]:
    with database.reading() as session:
        return [note.verbatim for note in notes.everything(session, workspace=workspace)]


COMMANDS = (
    ("digest",),
    ("digest", "--week", WEEK),
    ("digest", "--went-out"),
    ("digest", "--explain", "1"),
    ("export",),
    ("import", "notes.jsonl"),
    ("purge", "--yes"),
    ("story",),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_call_that_leaves_open_which_one_is_answered_with_both_and_what_to_type(
    database: Database, command: tuple[str, ...]
) -> None:
    """One sentence, no word of any note, and nothing is done to either."""
    result = groundswell(*command)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        f"There are several workspaces. Say which with --workspace: {HILLCREST} (Hillcrest Water), "
        f"{LARKMOOR} (Larkmoor Homes).\n"
    )
    assert {workspace: kept(database, workspace) for workspace in OURS} == {w: [said] * 3 for w, said in OURS.items()}


@pytest.mark.parametrize(
    "command", [("digest",), ("export",), ("purge", "--yes"), ("import", "notes.jsonl"), ("story",)], ids=" ".join
)
def test_a_workspace_that_is_not_there_is_named_beside_those_that_are(command: tuple[str, ...]) -> None:
    result = groundswell(*command, "--workspace", "T0NOBODY")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no workspace T0NOBODY here. Say which with --workspace: T0HILLCREST (Hillcrest Water), " in (
        result.stderr
    )


@either
@pytest.mark.parametrize("form", ["text", "html", "json", "blocks"])
def test_a_digest_tells_of_its_own_workspace_alone(workspace: str, form: str) -> None:
    told = groundswell("digest", "--week", WEEK, "--format", form, "--workspace", workspace)
    assert told.exit_code == 0, told.stderr
    assert OURS[workspace] in told.stdout
    assert speaks_of_one(told.stdout, workspace)


@either
def test_a_unit_of_the_other_workspace_is_none_of_ours(workspace: str) -> None:
    """It is answered as a unit that nobody ever had, with those that are there."""
    result = groundswell("digest", "--week", WEEK, "--workspace", workspace, "--unit", UNITS[_other(workspace)])
    assert result.exit_code == 2
    assert f"There are: Everyone, {UNITS[workspace]}." in result.stderr
    assert OURS[_other(workspace)] not in result.output


@either
def test_digests_on_record_are_listed_and_explained_to_their_own_alone(workspace: str) -> None:
    """The number of the other's digest is answered as one that was never given."""
    numbers = {w: groundswell("digest", "--went-out", "--workspace", w).stdout.split()[0] for w in OURS}
    listed = groundswell("digest", "--went-out", "--workspace", workspace).stdout
    assert len(listed.splitlines()) == 1
    assert f"C0{workspace}" in listed
    explained = groundswell("digest", "--explain", numbers[workspace], "--workspace", workspace)
    assert OURS[workspace] in explained.stdout
    assert speaks_of_one(explained.stdout, workspace)
    foreign = groundswell("digest", "--explain", numbers[_other(workspace)], "--workspace", workspace)
    assert (foreign.exit_code, foreign.stdout) == (2, "")
    assert f"There is no digest with the number {numbers[_other(workspace)]}" in foreign.stderr


@either
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_holds_its_own_notes_alone(workspace: str, form: str, tmp_path: Path) -> None:
    """Written to standard output or to a file."""
    shown = groundswell("export", "--format", form, "--workspace", workspace).stdout
    groundswell("export", "--format", form, "--workspace", workspace, "--output", "notes.out")
    for told in (shown, (tmp_path / "notes.out").read_text(encoding="utf-8")):
        rows = list(csv.DictReader(io.StringIO(told))) if form == "csv" else list(map(json.loads, told.splitlines()))
        assert [row["words"] for row in rows] == [OURS[workspace]] * 3
        assert speaks_of_one(told, workspace)


@either
def test_an_import_goes_into_its_own_workspace_alone(database: Database, workspace: str, tmp_path: Path) -> None:
    """The same file with the same ids is new to the other; a unit is made where it was asked for alone."""
    row = {"id": "1", "received_at": "2026-04-28T09:00:00Z", "text": "Any news on my repair?", "team": "Lettings"}
    (tmp_path / "notes.jsonl").write_text(json.dumps(row), encoding="utf-8")
    told = groundswell("import", "notes.jsonl", "--workspace", workspace)
    assert told.stdout.startswith(f"{workspace} ({NAMES[workspace]}): 1 note imported, 0 there already")
    assert speaks_of_one(told.output, workspace)
    assert "Any news on my repair?" in kept(database, workspace)
    assert kept(database, _other(workspace)) == [OURS[_other(workspace)]] * 3
    with database.reading() as session:
        assert units.named(session, _other(workspace), "Lettings") is None
    assert (
        "1 note imported, 0 there already"
        in groundswell("import", "notes.jsonl", "--workspace", _other(workspace)).stdout
    )


def test_retagging_is_for_every_workspace_and_shows_no_note(database: Database) -> None:
    """The lens is one for all, so there is nothing to ask: how many notes is all it says."""
    result = groundswell("retag")
    assert result.exit_code == 0
    assert "6 notes tagged again" in result.stdout
    assert not any(words in result.output for words in OURS.values())
    with database.reading() as session:
        for workspace in OURS:
            every = list(notes.everything(session, workspace=workspace))
            assert len({tag.tagger for tag in tags.standing_of(session, every).values()}) == 1


def test_retagging_says_how_many_notes_it_could_not_tag(database: Database) -> None:
    """Those of a workspace whose themes cannot be read; it claims nothing that is not so."""
    with database.transaction() as session:
        books.keep(session, HILLCREST, b"no book at all", notes=3, now=TUESDAY)
    result = groundswell("retag")
    assert result.exit_code == 2
    assert "3 notes tagged again; 3 notes could not be" in result.stderr
    assert "every note" not in result.output


@either
def test_a_purge_deletes_its_own_workspace_alone(database: Database, workspace: str) -> None:
    result = groundswell("purge", "--workspace", workspace, "--yes")
    assert result.exit_code == 0, result.stderr
    assert speaks_of_one(result.output, workspace)
    assert kept(database, _other(workspace)) == [OURS[_other(workspace)]] * 3
    assert OURS[_other(workspace)] in groundswell("digest", "--week", WEEK).stdout
    unsaid = groundswell("purge", "--yes")
    assert unsaid.exit_code == 2
    assert f"say of which workspace: --workspace {_other(workspace)}." in unsaid.stderr
    assert kept(database, _other(workspace))


def test_a_story_is_told_where_it_was_asked_for(database: Database) -> None:
    told = groundswell("story", "--weeks", "1", "--workspace", LARKMOOR)
    assert told.exit_code == 0, told.stderr
    assert len(kept(database, LARKMOOR)) > 3
    assert kept(database, HILLCREST) == [OURS[HILLCREST]] * 3


def test_the_doctor_counts_and_quotes_nobody() -> None:
    result = groundswell("doctor")
    assert "6 notes kept" in result.output
    assert not any(words in result.output for words in OURS.values())


def _other(workspace: str) -> str:
    return HILLCREST if workspace == LARKMOOR else LARKMOOR
