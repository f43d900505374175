"""An app in a process of its own, and a little Slack that it is the only guest of."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from bot.doors import EVENTS_PATH
from bot.playground.local_slack import LocalSlack

ROOT = Path(__file__).parents[2]
ASHA = "Asha"
CHANNELS = ("#general", "#repairs-line", "#front-desk", "#improvement")
"""Where Asha can type at the same time, and tell her answers apart."""

PATIENCE = 60.0
"""Seconds until we give up on a process that does not start or does not answer."""
_OURS = ("SLACK_", "GROUNDSWELL_", "DATABASE_URL", "HOST", "PORT", "LOG_LEVEL", "NLP_MODEL", "PYTHONDONTWRITE")


class GuestError(Exception):
    """The app did not start, or did not answer. The message ends with its own last words."""


class Guest:
    """An app from the moment it is started until it is told to stop. `started_at` goes by `time.perf_counter`."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = [sys.executable, *command]
        self._open = ExitStack()
        self.slack = LocalSlack(ack_within=PATIENCE)
        self.started_at = 0.0

    @classmethod
    def product(cls) -> Guest:
        """Groundswell, reached by HTTP, with nothing kept yet."""
        return cls(["-m", "bot", "run"])

    @classmethod
    def bare(cls) -> Guest:
        """A Bolt app on the same server that does nothing but answer."""
        return cls([str(Path(__file__).with_name("bare_bolt.py"))])

    def __enter__(self) -> Guest:
        with ExitStack() as opening:
            home = Path(opening.enter_context(tempfile.TemporaryDirectory(prefix="groundswell-bench-")))
            opening.enter_context(self.slack)
            port = _free_port()
            self.slack.events_url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
            self._log = home / "log.txt"
            log = opening.enter_context(self._log.open("wb"))
            self.started_at = time.perf_counter()
            self._process = subprocess.Popen(
                self._command, cwd=home, env=self._environment(home, port), stdout=log, stderr=log
            )
            opening.callback(self._end)
            self._until_it_listens(port)
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    def hears(
        self, words: str, *, command: str = "/demand", channel: str = CHANNELS[0], answers: bool = True
    ) -> tuple[float, float]:
        """Asha types a command. Seconds until it was acknowledged, and until she saw the answer.

        With `answers=False` there is no answer to come, and both are the same.

        Raises:
            GuestError: it was not acknowledged, or no answer came.
        """
        before = self._answers_in(channel)
        began = time.perf_counter()
        acknowledged = self.slack.command(ASHA, command, words, channel=channel)
        acknowledged_after = time.perf_counter() - began
        if not acknowledged.ok:
            raise GuestError(f"{command} came to {acknowledged.error or acknowledged.status}.\n{self._last_words()}")
        if not answers:
            return acknowledged_after, acknowledged_after
        try:
            self.slack.wait_for(lambda: self._answers_in(channel) > before, timeout=PATIENCE)
        except AssertionError as nothing:
            raise GuestError(f"{command} got no answer.\n{self._last_words()}") from nothing
        return acknowledged_after, time.perf_counter() - began

    def _answers_in(self, channel: str) -> int:
        return len(self.slack.sees(ASHA, channel).ephemerals)

    def _environment(self, home: Path, port: int) -> dict[str, str]:
        return clean_environment(home) | {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            "HOST": "127.0.0.1",
            "PORT": str(port),
        }

    def _until_it_listens(self, port: int) -> None:
        """Wait until the port is taken. The first command may then have to wait a little longer for its answer."""
        give_up_at = time.perf_counter() + PATIENCE
        while time.perf_counter() < give_up_at:
            if self._process.poll() is not None:
                raise GuestError(f"It ended with code {self._process.returncode}.\n{self._last_words()}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.005)  # asking without a pause would take the very CPU that is being measured
            else:
                return
        raise GuestError(f"It did not listen within {PATIENCE:.0f} seconds.\n{self._last_words()}")

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)

    def _last_words(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-2_000:]


def clean_environment(home: Path) -> dict[str, str]:
    """The environment without anyone's settings for the product, and with a home folder of its own.

    Python may keep what it has compiled, as it does on any machine, so that only the very first start pays for that.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"GROUNDSWELL_HOME": str(home), "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    with socket.socket() as looking:
        looking.bind(("127.0.0.1", 0))
        return int(looking.getsockname()[1])
