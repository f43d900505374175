"""The real process, killed without a word of warning and started again: nothing is lost and nothing said twice."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot import doors
from bot.conversations import relaying
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from digests.periods import Week
from nlp.vocabulary import DemandKind
from storage import notes, outbox, schedules, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.editions import Outcome
from storage.models import Edition
from storage.models import Message as Owed
from tests import make
from tests.conftest import LARKMOOR
from tests.journeys import cutting_off
from tests.journeys.cutting_off import Cut

Sees = Callable[..., Message]
SCOPES = ("chat:write", "files:write", "channels:read", "channels:history", "users:read", "im:history")


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as there:
        return int(there.getsockname()[1])


@contextlib.contextmanager
def running(slack: LocalSlack, home: Path, *, until: Cut | None = None) -> Iterator[subprocess.Popen[str]]:
    """`python -m bot run`, from the moment that it is well; killed at the end of the block, if not before.

    `until` names the step at which it is killed.
    """
    program = ["bot"]
    if until is not None:
        program = [cutting_off.__name__, until.step, "after" if until.after else "before", str(until.time)]
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DATABASE_"))}
    environment |= {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "PORT": str(port),
        "GROUNDSWELL_HOME": str(home),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", *program, "run"],
        cwd=Path(__file__).parents[2],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "listening to Slack" in line:
                break
        slack.events_url = f"http://127.0.0.1:{port}{doors.EVENTS_PATH}"

        def well() -> bool:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
                    return bool(answer.status == 200)
            except OSError:
                return False

        while process.poll() is None and not well():
            pass
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.timeout(120)
def test_what_was_acknowledged_before_the_kill_is_there_after_it_and_is_answered_once(
    slack: LocalSlack, tmp_path: Path, sees: Sees
) -> None:
    """Asha's message is acknowledged, and that very moment the process dies. After the restart she gets her receipt,
    and the workflow that was waiting for us goes on.
    """
    with running(slack, tmp_path) as process:
        slack.fail_next("conversations.info", delay=60)  # so that the step is certainly in hand when we die
        step = slack.run_step("Tom", relaying.STEP, {"words": "The lift is stuck again", "channel": "C0FRONTDESK"})
        sent = slack.message("Asha", "Still no hot water, and nobody has rung")
        process.kill()
        assert (sent.status, step.state) == (200, "running")
    with running(slack, tmp_path):
        database = Database(f"sqlite:///{tmp_path / 'groundswell.db'}")
        with database.reading() as session:
            from_step, note = notes.everything(session, workspace=LARKMOOR)
        assert from_step.verbatim == "The lift is stuck again"
        assert note.verbatim == "Still no hot water, and nobody has rung"
        slack.redeliver(sent)
        receipt = sees("Asha", "Kept as note 2", None)

        def settled() -> bool:
            with database.reading() as session:
                waiting = outbox.with_key(session, workspace=LARKMOOR, key=f"receipt/{note.id}")
                return waiting is not None and (waiting.sent_at is not None or bool(waiting.given_up))

        assert slack.wait_for(settled)
        assert [m for m in slack.sees("Asha", None) if "Kept as note" in m.words] == [receipt]
        slack.wait_for(lambda: step.state == "done", timeout=90)
        assert len(slack.called("functions.completeSuccess")) == 1
        database.close()


def a_digest_is_due(database: Database) -> None:
    """Since some minutes, in #repairs-line, about the week that is over."""
    now = datetime.now(UTC)
    due = now - timedelta(minutes=10)
    with database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=now)
        for weeks in (1, 2):
            at = Week.of(due, "UTC").previous(weeks).start + timedelta(hours=9)
            make.note(session, "Any news on my repair?", workspace=LARKMOOR, at=at, kind=DemandKind.CHASE)
            make.note(session, "It'd be handy if you opened late", workspace=LARKMOOR, at=at, kind=DemandKind.BETTER)
        schedules.place(
            session,
            workspace=LARKMOOR,
            unit_id=workspaces.home_unit(session, LARKMOOR).id or 0,
            channel="C0REPAIRS01",
            audience=Audience.MANAGERS,
            weekday=due.weekday(),
            at=due.time().replace(second=0, microsecond=0),
            now=due - timedelta(hours=1),
        )


def ten_minutes_pass(database: Database) -> None:
    """Claims and leases run out, as they would by the time that somebody has started it again."""
    earlier = timedelta(minutes=10)
    with database.transaction() as session:
        for edition in session.exec(select(Edition)).all():
            edition.claimed_at -= earlier
        for owed in session.exec(select(Owed)).all():
            owed.not_before -= earlier


FEW = (Cut("bot.messenger:_post", after=True, time=1),)
"""Slack took it, and we died before we could write that down. `test_cut_off.py` tries every step, more cheaply."""
ALL = tuple(
    Cut(step, after=after, time=time)
    for step, times in cutting_off.TIMES.items()
    for time in range(1, times + 1)
    for after in (False, True)
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("cut", ALL if "KILL_EVERYWHERE" in os.environ else FEW, ids=str)
def test_killed_while_a_digest_goes_out_it_is_there_once_and_whole(cut: Cut, tmp_path: Path) -> None:
    """Killed at a step, started again: the digest, its pictures and its detail. `make kills` tries every step."""
    database = Database(f"sqlite:///{tmp_path / 'groundswell.db'}")
    database.create()
    a_digest_is_due(database)
    with LocalSlack(ack_within=10, scopes=SCOPES) as slack:
        with running(slack, tmp_path, until=cut) as process:
            assert process.wait(timeout=120) == -signal.SIGKILL
        ten_minutes_pass(database)

        def all_said() -> bool:
            with database.reading() as session:
                owed = session.exec(select(Owed)).all()
            return len(owed) > 2 and all(message.sent_at is not None for message in owed)

        with running(slack, tmp_path):
            assert slack.wait_for(all_said, timeout=120)
        said = list(slack.sees("Asha", "#repairs-line"))
        with database.reading() as session:
            owed = len(session.exec(select(Owed)).all())
            [edition] = session.exec(select(Edition)).all()
        assert edition.outcome == Outcome.LEFT
        assert len(said) == owed
        assert len({(m.text, len(m.files)) for m in said}) == owed
        assert [m.in_thread for m in said] == [False, *[True] * (owed - 1)]
    database.close()


def test_a_setting_that_does_not_fit_ends_it_with_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    environment = {**os.environ, "SLACK_BOT_TOKEN": "xoxb-1", "GROUNDSWELL_HOME": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "bot"], cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 2
    assert "SLACK_APP_TOKEN" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_asked_to_stop_it_stops_cleanly(slack: LocalSlack, tmp_path: Path) -> None:
    with running(slack, tmp_path) as process:
        process.terminate()
        assert process.wait(timeout=30) == 0
