"""What the doctor finds out about Slack, and about what never arrived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.config import Settings
from bot.playground.local_slack import LocalSlack
from storage import outbox, schedules, workspaces
from storage.columns import Audience
from storage.database import Database
from tests.conftest import LARKMOOR

CHANNEL, ELSEWHERE = "C0REPAIRS01", "C0IMPROVE01"
NOW = datetime.now(UTC)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def database(slack: LocalSlack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    """One workspace, by Socket Mode; a digest goes to #repairs-line."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    told = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": f"sqlite:///{tmp_path}/groundswell.db",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    database = Database(told["DATABASE_URL"])
    database.create()
    with database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=NOW)
        schedules.place(
            session,
            workspace=LARKMOOR,
            unit_id=workspaces.home_unit(session, LARKMOOR).id or 0,
            channel=CHANNEL,
            audience=Audience.MANAGERS,
            now=NOW,
        )
    yield database
    database.close()


def doctor() -> Result:
    return CliRunner().invoke(app, ["doctor"])


def given_up(database: Database, key: str, why: str, *, days_ago: int, channel: str = CHANNEL, of: str = "") -> None:
    left(database, key, days_ago=days_ago, channel=channel, of=of)
    with database.transaction() as session:
        message = outbox.with_key(session, workspace=LARKMOOR, key=key)
        assert message is not None
        outbox.give_up(session, message.id or 0, why=why)


def left(database: Database, key: str, *, days_ago: int, channel: str = CHANNEL, of: str = "") -> None:
    with database.transaction() as session:
        outbox.leave(
            session,
            workspace=LARKMOOR,
            key=key,
            channel=channel,
            body={"text": key},
            now=NOW - timedelta(days=days_ago),
            thread_of=of,
        )


def test_all_is_well(database: Database) -> None:
    result = doctor()
    assert result.exit_code == 0, result.output
    assert "Slack opens a connection for us" in result.output


def test_with_slack_out_of_reach_each_line_says_so_and_what_to_look_at(
    database: Database, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is when a doctor is called."""
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    result = doctor()
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    assert result.output.count("Slack cannot be reached at http://127.0.0.1:9/api/ (URLError)") == 2
    assert "status.slack.com" in result.output


@pytest.mark.parametrize("method", ["conversations.info", "apps.connections.open"])
@pytest.mark.parametrize("trouble", [{"drop_answer": True}, {"page": "null"}, {"status": 503}])
def test_a_call_that_slack_leaves_unanswered_ends_one_line_and_not_the_doctor(
    database: Database, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch, method: str, trouble: dict[str, Any]
) -> None:
    slack.fail_next(method, times=2, **trouble)
    result = doctor()
    assert (result.exit_code, type(result.exception)) == (1, SystemExit), result.output
    assert result.output.count("LOOK") == 1


def test_a_digest_that_is_stuck_is_told_of_until_one_arrives_there(database: Database) -> None:
    """However long ago it was. The parts behind it in its thread are not told of besides."""
    given_up(database, "digest/1", "not_in_channel", days_ago=20)
    given_up(database, "digest/1/1", outbox.UNANSWERABLE, days_ago=1, of="digest/1")
    result = doctor()
    assert result.exit_code == 1
    assert "digest/1 for C0REPAIRS01: the app was not in the channel" in result.output
    assert result.output.count("LOOK") == 1
    left(database, "digest/1/again/1", days_ago=1)
    result = doctor()
    assert result.exit_code == 0, result.output


def test_whatever_else_never_arrived_is_told_of_for_a_week(database: Database) -> None:
    """A receipt for somebody who has left is nothing to be put right; nor is a channel to which no digest comes now."""
    given_up(database, "receipt/1", "user_not_found", days_ago=6)
    assert "receipt/1 for C0REPAIRS01: user_not_found" in doctor().output
    with database.transaction() as session:
        outbox.forget(session, workspace=LARKMOOR, key="receipt/1")
    given_up(database, "receipt/2", "user_not_found", days_ago=8)
    given_up(database, "digest/2", "is_archived", days_ago=8, channel=ELSEWHERE)
    result = doctor()
    assert result.exit_code == 0, result.output
