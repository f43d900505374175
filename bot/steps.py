"""What a workflow's step hears from us: what became of the words it handed over, as values for the steps after it.

Slack gives a step's execution a token of its own, which does not live long. We answer with our own token, so that an
answer which had to wait, for Slack or for our restart, is still taken.
"""

from __future__ import annotations

import html
from typing import Any

from slack_sdk import WebClient

from bot.blocks import receipt
from bot.desk import Entry
from digests import mrkdwn
from nlp.vocabulary import DemandType, NoteType
from storage.models import Tag

_LONGEST = 3_000
"""Characters in one value: as much as one block of a message can hold."""


def outputs(entry: Entry) -> dict[str, str]:
    """What the manifest promises as the step's outputs: texts, without those that there is nothing to say for.

    Type and kind are said in English whatever language is spoken, so that a workflow can decide by them. They may be
    posted anywhere, so a note from a private channel does not say what it is about.
    """
    tag = entry.tag if entry.tag is not None and not receipt.is_unsure(entry.tag) else None
    values = {
        "note": str(entry.note.number),
        "type": _type(tag),
        "kind": "" if tag is None else tag.kind.value,
        "theme": "" if tag is None or entry.note.private else _inert(tag.theme or ""),
        "receipt": _inert(html.unescape(receipt.first_line(entry, with_theme=not entry.note.private))),
    }
    return {name: value for name, value in values.items() if value}


def post(client: WebClient, body: dict[str, Any]) -> str:
    """Tell Slack how a step ended. There is no message, so there is no name for one.

    Raises:
        SlackApiError: Slack does not take it, or is busy.
    """
    if "error" in body:
        client.functions_completeError(function_execution_id=body["step"], error=body["error"])
    else:
        client.functions_completeSuccess(function_execution_id=body["step"], outputs=body["outputs"])
    return ""


def _type(tag: Tag | None) -> str:
    if tag is None:
        return DemandType.UNKNOWN.value
    return (tag.demand_type or NoteType.IMPROVEMENT).value


def _inert(words: str) -> str:
    """Words that come alive nowhere, in a place where we cannot know whether `<` is to be escaped."""
    return mrkdwn.plain(words).replace("<", "‹").replace(">", "›")[:_LONGEST]
