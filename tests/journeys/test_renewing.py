"""Tokens that run out after twelve hours: nobody notices, however many of us there are."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import installations, outbox
from storage.database import Database
from storage.models import Installation
from tests.bot.playground_help import Clock
from tests.conftest import LARKMOOR
from tests.journeys.many import Browser, open_house, settings_of_many, slack_of_strangers

Sees = Callable[..., Message]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with slack_of_strangers(clock=clock) as slack:
        slack.grants.rotates = True
        yield slack


@pytest.fixture
def house(slack: LocalSlack, clock: Clock, home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[House]:
    with open_house(slack, home, tools={"tagger": tagger, "redactor": redactor, "now": clock}) as house:
        assert Browser(slack, house).install("Morgan").status == 200
        slack.wait_for(lambda: slack.sees("Morgan", None).saying("Thank you"))
        yield house


def installation(house: House) -> Installation:
    with house.database.reading() as session:
        found = installations.of(session, LARKMOOR)
    assert found is not None
    return found


def test_a_week_goes_by_and_nobody_notices(slack: LocalSlack, house: House, clock: Clock, sees: Sees) -> None:
    """The clock renews in time, and only then; each refresh token is spent once."""
    for hour in range(1, 7 * 24 + 1):
        clock.forward(hours=1)
        house.clock.tick()
        if hour % 40 == 0:
            slack.command("Asha", "/demand", f"Where is parcel {hour}?")
            sees("Asha", f"Kept as note {hour // 40}")
    assert slack.refused == []
    assert 7 * 24 // 12 <= slack.grants.refreshed <= 7 * 24 // 10 + 1


def test_a_token_that_the_clock_has_missed_is_renewed_when_it_is_needed(
    slack: LocalSlack, house: House, clock: Clock, sees: Sees
) -> None:
    """We were switched off for a weekend."""
    clock.forward(days=3)
    slack.message("Asha", "Where is my parcel?")
    sees("Asha", "Kept as note 1", None)
    assert slack.refused == []
    assert slack.grants.refreshed == 1


def test_when_slack_is_out_of_reach_it_is_tried_again(
    slack: LocalSlack, house: House, clock: Clock, sees: Sees
) -> None:
    clock.forward(hours=11)
    slack.fail_next("oauth.v2.access", status=503)
    house.clock.tick()
    assert slack.grants.refreshed == 0
    house.clock.tick()
    assert slack.grants.refreshed == 1
    clock.forward(hours=11)
    slack.message("Asha", "Where is my parcel?")
    sees("Asha", "Kept as note 1", None)


def test_what_is_said_while_a_new_token_is_late_arrives_with_it(
    slack: LocalSlack, house: House, clock: Clock, sees: Sees
) -> None:
    """Slack is in trouble just when the old one runs out: Asha's receipt waits."""

    def tried() -> bool:
        with house.database.reading() as session:
            return any(owed.attempts and not owed.carried_by for owed in outbox.unsaid(session, workspace=LARKMOOR))

    clock.forward(hours=13)
    slack.fail_next("oauth.v2.access", status=503, times=100)
    slack.message("Asha", "Where is my parcel?")
    assert slack.wait_for(tried, timeout=30)
    slack.faults.clear()
    clock.forward(minutes=1)
    sees("Asha", "Kept as note 1", None)
    assert slack.grants.refreshed == 1


def test_a_refresh_token_that_slack_does_not_take_is_told_of_without_it(
    slack: LocalSlack, house: House, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.forward(hours=11)
    slack.fail_next("oauth.v2.access", error="invalid_refresh_token")
    with caplog.at_level(logging.ERROR):
        house.clock.tick()
    assert "The token of T0LARKMOOR could not be renewed (invalid_refresh_token)." in caplog.text
    assert "xoxe" not in caplog.text


PROCESS = """
import sys
from datetime import UTC, datetime
from bot import config
from bot.installs.connections import connect
from storage.database import Database
settings = config.read()
connection = connect(settings, Database(settings.store))
print("ready", flush=True)
sys.stdin.readline()
print(connection.patient_client("T0LARKMOOR").auth_test()["team_id"], flush=True)
"""


@pytest.mark.parametrize("left", [timedelta(minutes=1), timedelta(seconds=-1)])
def test_two_processes_at_once_spend_a_refresh_token_once(
    tmp_path: Path, postgres: Database, tagger: Tagger, redactor: Redactor, left: timedelta
) -> None:
    """On PostgreSQL, each a process of its own: whether the token is about to run out, or just has."""
    url = postgres.engine.url.render_as_string(hide_password=False)
    tools = {"tagger": tagger, "redactor": redactor}
    with slack_of_strangers() as slack, open_house(slack, tmp_path, tools=tools, database_url=url) as house:
        slack.grants.rotates = True
        Browser(slack, house).install("Morgan")
        slack.wait_for(lambda: slack.sees("Morgan", None).saying("Thank you"))
        with house.database.transaction() as session:
            ends = slack.now() + left
            known = installations.everyone(session)[0]
            known.expires_at = ends
            session.add(known)
        slack.grants.given[0].expires_at = ends
        settings = settings_of_many(slack, house.settings.public_url, tmp_path, database_url=url)
        told = {name.upper(): str(value) for name, value in settings.model_dump().items() if value != ""}
        two = [
            subprocess.Popen(
                [sys.executable, "-c", PROCESS],
                env={**os.environ, **told},
                cwd=tmp_path,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for _ in range(2)
        ]
        assert [process.stdout.readline() for process in two if process.stdout] == ["ready\n"] * 2
        slack.fail_next("oauth.v2.access", delay=0.7)
        for process in two:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[0] for process in two]
        assert said == [f"{LARKMOOR}\n"] * 2
        assert slack.grants.refreshed == 1
        assert slack.refused == []
