"""Slack's own command line can run us: its hooks are called here as it would call them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bot.playground import people
from bot.playground.local_slack import LocalSlack
from tests.journeys.test_killed import free_port

HOUSE = Path(__file__).parents[2]
HOOKS: dict[str, str] = json.loads((HOUSE / ".slack" / "hooks.json").read_text("utf-8"))["hooks"]
SPOKEN = ["--protocol=message-boundaries", "--boundary=here"]


def called(hook: str, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A hook, called in our folder as Slack's command line would."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return subprocess.run(
        [sys.executable, *hook.replace("'", "").split()[1:], *more],
        cwd=HOUSE, env=inherited | environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_hooks_are_found_and_the_manifest_is_ours() -> None:
    told: dict[str, Any] = json.loads(called(HOOKS["get-hooks"]).stdout)
    assert {"get-manifest", "start"} <= set(told["hooks"])
    answer = called(told["hooks"]["get-manifest"], *SPOKEN).stdout
    assert json.loads(answer.strip().removeprefix("here").removesuffix("here")) == json.loads(
        (HOUSE / "bot" / "manifest.json").read_text("utf-8")
    )


def test_without_tokens_it_says_what_is_missing_and_opens_nothing(tmp_path: Path) -> None:
    ended = called(HOOKS["start"], *SPOKEN, GROUNDSWELL_HOME=str(tmp_path))
    assert ended.returncode == 2
    assert "SLACK_BOT_TOKEN is missing" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_slack_run_connects_and_answers(tmp_path: Path) -> None:
    """With the tokens that it puts into the environment, and with words of its own in the command."""
    with LocalSlack(ack_within=10) as slack:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        environment |= {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": people.APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "SLACK_MODE": "http",
            "PORT": str(free_port()),
            "GROUNDSWELL_HOME": str(tmp_path),
        }
        started = [sys.executable, *HOOKS["start"].split()[1:], *SPOKEN]
        with subprocess.Popen(started, cwd=HOUSE, env=environment, stderr=subprocess.DEVNULL) as process:
            try:
                slack.wait_for(lambda: slack.sockets.in_use, timeout=90)
                slack.command("Asha", "/demand", "help")
                slack.wait_for(lambda: slack.sees("Asha", "#general").saying("Pass on what customers"), timeout=30)
            finally:
                process.terminate()
            assert process.wait(timeout=30) == 0
