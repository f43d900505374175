"""The command line is one, by whichever name it is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bot.test_command_line import COMMANDS


def test_both_ways_to_call_it_are_the_same() -> None:
    installed = Path(sys.executable).with_name("groundswell")
    said = [
        subprocess.run([*call, "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
        for call in ([str(installed)], [sys.executable, "-m", "bot"])
    ]
    assert said[0].replace("groundswell", "") == said[1].replace("python -m bot", "").replace("groundswell", "")
    assert all(command in said[0] for command in COMMANDS)
