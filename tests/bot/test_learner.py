"""Each workspace's tagger is fitted anew from its corrections; lessons that do harm are set aside, and it is told."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import app, config
from bot.__main__ import app as commands
from bot.config import Settings
from bot.learner import Learner
from nlp import agreement
from nlp.agreement import Agreement, Compared
from nlp.tagger import Tagger
from nlp.vocabulary import DemandKind, Kind
from storage import notes, tags, workspaces
from storage.database import Database
from tests import make

HARM = Compared(first_day=30, learned=12, gained=2, lost=20)
NEW = "the boiler man has not come, second time"


def says(database: Database, workspace: str, words: list[str], *, now: datetime) -> None:
    """People pass these on and say of each that it is external."""
    with database.transaction() as session:
        workspaces.join(session, workspace, now=now)
        for said in words:
            note = make.note(session, said, workspace=workspace, at=now)
            tags.correct(session, note, kind=DemandKind.ELSEWHERE, now=now)


@pytest.fixture
def harmful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is measured turns out to do harm."""
    found = Agreement(wordings=40, types=HARM, kinds=HARM)
    monkeypatch.setattr(agreement, "measured", lambda said, *_, fit: found if len(said) >= agreement.FEWEST else None)


@pytest.mark.usefixtures("harmful")
def test_lessons_that_do_harm_are_set_aside_in_their_workspace_alone(
    sqlite: Database, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """New notes are heard as on the first day; settled words stand; the log says so, without a word of theirs. When the
    notes go, so does what was made of them.
    """
    boilers = [f"boiler {chr(97 + n)}{chr(98 + n)} is cold" for n in range(22)]
    says(sqlite, "T0LARKMOOR", boilers, now=now)
    says(sqlite, "T0HARBOUR", boilers[:3], now=now)
    first_day = Tagger.load()
    learner = Learner(sqlite, first_day)
    with caplog.at_level(logging.WARNING):
        learner.learn_all()
    assert learner.set_aside("T0LARKMOOR")
    assert not learner.set_aside("T0HARBOUR")
    assert "T0LARKMOOR taught is set aside" in caplog.text
    assert "12 of 40" in caplog.text
    assert "boiler" not in caplog.text
    taught = learner.tagger_of("T0LARKMOOR")
    assert taught.tag(NEW) == first_day.tag(NEW)
    assert taught.tag(boilers[0]).kind is DemandKind.ELSEWHERE
    with sqlite.transaction() as session:
        for note in notes.everything(session, workspace="T0LARKMOOR"):
            notes.withdraw(session, session.merge(note), now=now)
    assert not learner.set_aside("T0LARKMOOR")


@pytest.mark.usefixtures("harmful")
def test_the_doctor_says_where_lessons_are_set_aside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, now: datetime
) -> None:
    """Measured anew, workspace by workspace, with what helps; one with too few corrections has no line."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    database = app.open_store(config.read())
    says(database, "T0LARKMOOR", [f"boiler {chr(97 + n)}{chr(98 + n)} is cold" for n in range(22)], now=now)
    says(database, "T0HARBOUR", ["no heating"], now=now)
    database.close()
    told = CliRunner().invoke(commands, ["doctor"])
    output = " ".join(told.stdout.split())
    assert "LOOK lessons T0LARKMOOR: of 40 wordings" in output
    assert "What people said of a note stands" in output
    assert "T0HARBOUR" not in output
    assert told.exit_code == 1


TAPS = "The tap in the {room} has started dripping"
ROOMS = [
    *("kitchen", "bathroom", "bedroom", "hall", "loft", "cellar", "porch", "study"),
    *("lounge", "garage", "landing", "attic", "pantry", "office", "nursery"),
]


@pytest.fixture
def taught_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, now: datetime) -> Iterator[Database]:
    """A home in which people said of dripping taps that they are external, and one more dripping tap was passed on."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("GROUNDSWELL_HOME", str(tmp_path))
    database = app.open_store(config.read())
    says(database, "T0LARKMOOR", [TAPS.format(room=room) for room in ROOMS], now=now)
    with database.transaction() as session:
        make.note(session, TAPS.format(room="shed"), workspace="T0LARKMOOR", at=now)
    yield database
    database.close()


def kind_of(database: Database, words: str) -> Kind | None:
    with database.reading() as session:
        kept = [note for note in notes.everything(session, workspace="T0LARKMOOR") if note.verbatim == words]
        return tags.standing_of(session, kept)[kept[0].id or 0].kind


def test_history_is_tagged_again_as_people_have_taught(taught_at_home: Database) -> None:
    """`groundswell retag` has learned from what people said before it reads the first note."""
    assert CliRunner().invoke(commands, ["retag"]).exit_code == 0
    assert kind_of(taught_at_home, TAPS.format(room="shed")) is DemandKind.ELSEWHERE


def test_notes_from_a_file_are_heard_as_people_have_taught(taught_at_home: Database, tmp_path: Path) -> None:
    """`groundswell import` hears what comes in as a note in Slack would be heard."""
    words = TAPS.format(room="barn")
    file = tmp_path / "notes.jsonl"
    file.write_text(f'{{"id": 1, "received_at": "2026-05-04T09:00:00Z", "text": "{words}"}}\n', encoding="utf-8")
    assert CliRunner().invoke(commands, ["import", str(file)]).exit_code == 0
    assert kind_of(taught_at_home, words) is DemandKind.ELSEWHERE
