"""What Slack takes and what it refuses: messages, views, metadata."""

from __future__ import annotations

import ipaddress
import json
import urllib.parse
from typing import Any

from bot.playground import block_kit, elements
from bot.playground.refusals import Refused
from bot.playground.shapes import Findings, Shape, anything, boolean, find, string
from bot.playground.workspace import Workspace

TEXT_CUT_AT = 40_000
TEXT_OF_AN_UPDATE = 4_000
TEXT_IN_ALL_BLOCKS = 13_200
"""Undocumented; measured by others: https://github.com/slackapi/bolt-js/issues/2509."""
VIEW_BYTES = 250_000
METADATA_BYTES = 8_000
"""Slack names the error `metadata_too_large` and not the size; this is on the careful side."""

MODAL = Shape(
    {"type": anything, "title": elements.plain(24), "blocks": anything},
    {
        "callback_id": string(255),
        "external_id": string(255),
        "private_metadata": string(3000, 0),
        "submit": elements.plain(24),
        "close": elements.plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = Shape(
    {"type": anything, "blocks": anything},
    {
        "callback_id": string(255),
        "external_id": string(255),
        "private_metadata": string(3000, 0),
        "title": elements.plain(24),
    },
)


def decoded(value: Any, error: str) -> Any:
    """A JSON value that may arrive as a string, as it does in a form."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(error) from None


def blocks(value: Any, workspace: Workspace) -> list[dict[str, Any]]:
    """Blocks for a message, or the refusal that Slack would give."""
    value = decoded(value, "invalid_blocks_format")
    if not isinstance(value, list):
        raise Refused("invalid_blocks_format")
    findings = block_kit.check(value, "message") or _pictures(value, workspace, "/blocks")
    if findings:
        raise Refused("invalid_blocks", findings, errors=findings)
    if sum(len(piece) for piece in block_kit.written(value)) > TEXT_IN_ALL_BLOCKS:
        raise Refused("msg_blocks_too_long")
    return value


def message(arguments: dict[str, Any], workspace: Workspace, *, updates: bool = False) -> dict[str, Any]:
    """The checked content of a message: `text`, `blocks`, `attachments`, `metadata`; text over 40,000 is cut.

    Raises `Refused` with Slack's name for what is wrong.
    """
    text = arguments.get("text") or ""
    if not isinstance(text, str):
        raise Refused("invalid_arguments", ["must provide a string [json-pointer:/text]"])
    markdown = arguments.get("markdown_text")
    if markdown is not None:
        if arguments.get("blocks") or text:
            raise Refused("markdown_text_conflict")
        if len(markdown) > 12_000:
            raise Refused("msg_too_long")
        text = markdown
    shown = blocks(arguments["blocks"], workspace) if arguments.get("blocks") else []
    attachments = decoded(arguments.get("attachments") or [], "invalid_attachments")
    if not isinstance(attachments, list):
        raise Refused("invalid_attachments")
    if len(attachments) > 100:
        raise Refused("too_many_attachments")
    for index, attachment in enumerate(attachments):
        if isinstance(attachment, dict) and attachment.get("blocks"):
            findings = block_kit.check(attachment["blocks"], "message", f"/attachments/{index}/blocks")
            if findings:
                raise Refused("invalid_blocks", findings, errors=findings)
    if not text.strip() and not shown and not attachments:
        raise Refused("no_text")
    if updates and len(text) > TEXT_OF_AN_UPDATE:
        raise Refused("msg_too_long")
    return {
        "text": text[:TEXT_CUT_AT],
        "blocks": shown,
        "attachments": attachments,
        "metadata": metadata(arguments["metadata"]) if arguments.get("metadata") else None,
    }


def _pictures(shown: list[dict[str, Any]], workspace: Workspace, at: str) -> Findings:
    """Pictures must be there to be shown: an uploaded file that is complete, or an address on the open internet."""
    findings: Findings = []
    for image, place in block_kit.images(shown, at):
        if given := image.get("slack_file"):
            file_id = given.get("id") or urllib.parse.urlsplit(given["url"]).path.split("/")[2:3]
            file = workspace.files.get(file_id if isinstance(file_id, str) else "".join(file_id))
            if file is None or not file.posted:
                find(findings, "invalid slack file", f"{place}/slack_file")
        elif not _is_public(image["image_url"]):
            find(findings, "downloading image failed", f"{place}/image_url")
    return findings


def _is_public(address: str) -> bool:
    host = urllib.parse.urlsplit(address).hostname or ""
    if not address.startswith(("https://", "http://")) or host in ("", "localhost"):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host


def metadata(value: Any) -> dict[str, Any]:
    """Message metadata: an event type and a payload."""
    value = decoded(value, "invalid_metadata_format")
    if not isinstance(value, dict) or set(value) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    if not isinstance(value["event_type"], str) or not value["event_type"]:
        raise Refused("invalid_metadata_format")
    if not isinstance(value["event_payload"], dict):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(value).encode()) > METADATA_BYTES:
        raise Refused("metadata_too_large")
    return value


def view(value: Any, workspace: Workspace, *kinds: str) -> dict[str, Any]:
    """A view of one of the given kinds (`modal`, `home`), or the refusal that Slack would give."""
    value = decoded(value, "invalid_arguments")
    findings = problems_of_view(value, *kinds) or _pictures(value["blocks"], workspace, "/view/blocks")
    if findings:
        raise Refused("invalid_arguments", findings)
    if len(json.dumps(value).encode()) > VIEW_BYTES:
        raise Refused("view_too_large")
    return dict(value)


def problems_of_view(value: Any, *kinds: str) -> Findings:
    """Everything that is wrong with a view."""
    findings: Findings = []
    if not isinstance(value, dict):
        return ["must provide an object [json-pointer:/view]"]
    kind = value.get("type")
    if kind not in kinds:
        find(findings, f"must be one of: {', '.join(kinds)}", "/view/type")
        return findings
    (MODAL if kind == "modal" else HOME)(value, "/view", findings)
    findings += block_kit.check(value.get("blocks", []), kind, "/view/blocks")
    has_fields = not findings and any(block["type"] == "input" for block in value["blocks"])
    if has_fields and kind == "modal" and not value.get("submit"):
        find(findings, "missing required field: submit", "/view")
    return findings
