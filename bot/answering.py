"""Answers a person in the place where they acted, and notices when Slack does not take the answer."""

from __future__ import annotations

from typing import Any

from slack_bolt import Respond


class NotTaken(Exception):
    """Slack did not take an answer. What the person asked for has been done all the same."""


def say(respond: Respond, **message: Any) -> None:
    """Answer through the response URL of what the person did.

    Raises:
        NotTaken: it is used up or too old, or Slack is in trouble. Bolt keeps such a status to itself.
        OSError: Slack is out of reach.
    """
    answer = respond(**message)
    if answer.status_code != 200:
        raise NotTaken(answer.status_code)
