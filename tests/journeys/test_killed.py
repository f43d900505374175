"""The real process, killed without a word of warning and started again: nothing is lost and nothing said twice."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import doors
from bot.conversations import relaying
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from storage import notes, outbox
from storage.database import Database
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as there:
        return int(there.getsockname()[1])


@contextlib.contextmanager
def running(slack: LocalSlack, home: Path) -> Iterator[subprocess.Popen[str]]:
    """`python -m bot run`, from the moment that it is well; killed at the end of the block, if not before."""
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
        [sys.executable, "-m", "bot", "run"],
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
