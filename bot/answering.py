"""Answers a person in the place where they acted, and notices when Slack does not take the answer."""

from __future__ import annotations

import functools
import json
import ssl
import urllib.request
from typing import Any

from slack_bolt import Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookResponse

from bot.blocks import pages

_MOVED_ON = {"not_found", "hash_conflict"}
"""Slack's words for a form that was closed meanwhile, or shows something newer."""


class NotTaken(Exception):
    """Slack did not take an answer. What the person asked for has been done all the same."""


@functools.cache
def share_one_opener() -> None:
    """Let all calls of this process to Slack be made by one opener, which knows whose certificates we trust. Left to
    itself, Slack's library makes one for each answer, and reads every authority there is anew: each takes longer than
    the answer.
    """
    trusted = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    urllib.request.install_opener(urllib.request.build_opener(trusted))


def back_to(response_url: str) -> Respond:
    """The way to answer somebody whose response URL was kept in a form."""
    return Respond(response_url=response_url)


def say(respond: Respond, **message: Any) -> None:
    """Answer through the response URL of what the person did.

    Raises:
        NotTaken: it is used up or too old, or Slack is in trouble. Bolt keeps such a status to itself.
        OSError: Slack is out of reach.
    """
    if "blocks" in message:
        message["blocks"] = pages.fitting_together(message["blocks"])
    answer = respond(**message)
    if not is_taken(answer):
        raise NotTaken(answer.status_code)


def is_taken(answer: WebhookResponse) -> bool:
    """Whether Slack took what was said by a response URL. It may well say 200, and no; and a page is not Slack's."""
    if str(answer.body or "").lstrip().startswith("<"):
        return False
    try:
        said = json.loads(answer.body or "{}")
    except ValueError:
        said = {}  # "ok", as it usually says
    return answer.status_code == 200 and not (isinstance(said, dict) and said.get("ok") is False)


def instead(respond: Respond, shown: dict[str, Any], *, said: str = "") -> None:
    """Put this in the place of what the person pressed, so that no button there is older than what it is about.

    `said` stands above it: what came of the press, or what has changed since the message was written.

    Raises:
        NotTaken: as in `say`.
        OSError: Slack is out of reach.
    """
    if said:
        shown = {"text": said, "blocks": [pages.section(said), *shown.get("blocks", [])]}
    say(respond, replace_original=True, **shown)


def fill(client: WebClient, opened: dict[str, Any], form: dict[str, Any]) -> None:
    """Put a form in the place of one that was opened a moment ago. Whoever has closed it by then, or has gone on in it,
    is not held up.

    Raises:
        SlackApiError: Slack refused it for another reason.
    """
    try:
        client.views_update(view_id=opened["id"], hash=opened["hash"], view=form)
    except SlackApiError as error:
        if error.response.get("error") not in _MOVED_ON:
            raise
