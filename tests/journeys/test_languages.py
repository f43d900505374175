"""A workspace chooses the language that we speak there."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message


def test_a_language_that_we_do_not_speak_is_refused_kindly(
    slack: LocalSlack, house: House, sees: Callable[..., Message]
) -> None:
    """Whoever asks hears which ones there are, and nothing changes."""
    slack.command("Morgan", "/groundswell", "language tlhIngan")
    sees("Morgan", "We do not speak that language yet. We do speak English")
    slack.command("Morgan", "/groundswell", "language")
    sees("Morgan", "We speak English here.")
