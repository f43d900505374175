"""What an operator of many workspaces types, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.config import Settings
from bot.playground import granting, people
from bot.playground.local_slack import LocalSlack
from storage import installations, leaving, notes, workspaces
from storage.database import Database
from storage.installations import Keys, Tokens
from storage.models import Installation
from tests import make
from tests.conftest import HILLCREST, LARKMOOR

KEY = Fernet.generate_key().decode()
NOW = datetime.now(UTC)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(workspaces=[people.larkmoor(), people.hillcrest()]) as slack:
        yield slack


@pytest.fixture
def database(slack: LocalSlack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    """Two workspaces that have installed the app, and settings for many."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    told = {
        "SLACK_CLIENT_ID": granting.CLIENT_ID,
        "SLACK_CLIENT_SECRET": granting.CLIENT_SECRET,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "PUBLIC_URL": "https://groundswell.example",
        "GROUNDSWELL_KEY": KEY,
        "DATABASE_URL": f"sqlite:///{tmp_path}/groundswell.db",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    database = Database(told["DATABASE_URL"])
    database.create()
    with database.transaction() as session:
        for workspace in slack.workspaces:
            workspaces.join(session, workspace.id, now=NOW, name=workspace.name)
            sealed = Keys(KEY).seal(Tokens(workspace.bot_token), enterprise="", workspace=workspace.id)
            installations.save(session, Installation(workspace=workspace.id, sealed=sealed, installed_at=NOW))
    yield database
    database.close()


def groundswell(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def kept(database: Database, workspace: str) -> int:
    with database.reading() as session:
        return notes.how_many(session, workspace=workspace)


def test_the_doctor_looks_at_each_workspace(database: Database, slack: LocalSlack) -> None:
    result = groundswell("doctor")
    assert result.exit_code == 0, result.output
    for line in ("https://groundswell.example/slack/install", "in Larkmoor Homes", "in Hillcrest Water"):
        assert line in result.output
    assert not any(workspace.bot_token in result.output for workspace in slack.workspaces)


def test_the_doctor_says_who_has_to_install_it_again(database: Database, slack: LocalSlack) -> None:
    slack.uninstall(slack.workspace(HILLCREST))
    result = groundswell("doctor")
    assert result.exit_code == 1
    assert "account_inactive. Somebody in Hillcrest Water has to install it again." in result.output
    with database.transaction() as session:
        leaving.leave(session, HILLCREST, purge_at=NOW + timedelta(days=30))
    result = groundswell("doctor")
    assert result.exit_code == 0
    assert "Hillcrest Water has removed the app; everything of it is deleted on" in result.output


def test_the_doctor_says_when_the_key_is_another(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDSWELL_KEY", groundswell("key").output.strip())
    result = groundswell("doctor")
    assert result.exit_code == 1
    assert "GROUNDSWELL_KEY does not read the tokens" in result.output


def test_purging_asks_first_and_touches_nobody_else(database: Database) -> None:
    with database.transaction() as session:
        for workspace in (LARKMOOR, HILLCREST):
            make.note(session, workspace=workspace, at=NOW)
    refused = groundswell("purge", "--workspace", LARKMOOR, typed="n\n")
    assert refused.exit_code == 2
    assert "Larkmoor Homes (T0LARKMOOR) for good? Notes kept: 1." in refused.output
    assert kept(database, LARKMOOR) == 1
    done = groundswell("purge", "--workspace", LARKMOOR, "--yes")
    assert done.exit_code == 0, done.output
    assert (kept(database, LARKMOOR), kept(database, HILLCREST)) == (0, 1)
    with database.reading() as session:
        assert [known.id for known in workspaces.everyone(session, left_too=True)] == [HILLCREST]
        assert installations.of(session, LARKMOOR) is None


def test_purging_who_we_do_not_know_is_refused(database: Database) -> None:
    assert groundswell("purge", "--workspace", "T0NOBODY", "--yes").exit_code == 2


def test_a_new_key_is_a_key() -> None:
    Keys(groundswell("key").output.strip())


def test_both_kinds_of_settings_at_once_are_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bolt would quietly leave the bot token aside."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    result = groundswell("run")
    assert result.exit_code == 2
    assert "SLACK_BOT_TOKEN is for one workspace" in result.output
