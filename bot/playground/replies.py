"""Response URLs: five answers within half an hour, where somebody has just acted."""

from __future__ import annotations

import json
from typing import Any

from bot.playground import checks, posting
from bot.playground.calls import Call, Fault
from bot.playground.ground import Ground
from bot.playground.handles import ResponseUrl
from bot.playground.refusals import Refused
from bot.playground.web_api import Reply
from bot.playground.workspace import Message

KNOWN = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts", "metadata",
    "unfurl_links", "unfurl_media", "mrkdwn", "parse", "link_names",
}  # fmt: skip


def answer(slack: Ground, path: str, body: bytes, content_type: str, fault: Fault | None = None) -> Reply:
    """Answers one POST to a response URL. No `ts` ever comes back."""
    said: dict[str, Any] = {}
    on_purpose = fault is not None and fault.refuses
    try:
        if fault and fault.refuses:
            raise Refused(fault.error or "http_error")
        if not content_type.startswith("application/json"):
            raise Refused("invalid_payload", ["a response URL takes JSON only"])
        said = _said(body)
        with slack.changing():
            url = slack.handles.answer_by(path, slack.now())
            say(slack, url, said)
        reply = Reply({"ok": True})
    except Refused as refused:
        status = {"expired_url": 404, "used_url": 404, "invalid_url": 404}.get(refused.error, 400)
        status = 200 if fault and fault.page else status
        reply = Reply(refused.answer(), fault.status if fault and fault.status else status)
        if fault and fault.retry_after is not None:
            reply.headers["Retry-After"] = str(fault.retry_after)
    known = slack.handles.response_urls.get(path)
    team_id = known.workspace.id if known else None
    slack.remember_call(Call("response_url", said, reply.body, team_id, slack.now(), on_purpose))
    return reply


def _said(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        raise Refused("invalid_payload") from None
    if not isinstance(said, dict):
        raise Refused("invalid_payload")
    unknown = [f"invalid additional property: {name} [json-pointer:/{name}]" for name in said if name not in KNOWN]
    if unknown:
        raise Refused("invalid_payload", unknown)
    return said


def say(slack: Ground, url: ResponseUrl, said: dict[str, Any]) -> Message | None:
    """Replaces or removes what was clicked on, or says something new: to that person alone, or in the channel.

    Raises:
        Refused: when the words are not fit, or when there is no original to replace: a slash command has none.
    """
    original = url.message
    if said.get("replace_original") or said.get("delete_original"):
        if original is None or original not in url.workspace.in_channel(url.channel.id):
            raise Refused("cant_update_message")
        if said.get("delete_original"):
            posting.remove(slack, url.workspace, url.channel, original)
            return None
        posting.change(slack, original, checks.message(said, url.workspace))
        return original
    if said.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise Refused("invalid_payload", ["must be one of: ephemeral, in_channel [json-pointer:/response_type]"])
    everybody = said.get("response_type") == "in_channel"
    return posting.post(
        slack,
        url.workspace,
        url.channel,
        checks.message(said, url.workspace),
        thread_ts=said.get("thread_ts") or url.thread_ts,
        only_for=None if everybody else url.person.id,
    )
