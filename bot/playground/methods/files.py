"""Files: `files.*`. The bytes themselves are posted to the upload URL."""

from __future__ import annotations

import re
import secrets
from typing import Any

from bot.playground import checks, posting
from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused
from bot.playground.workspace import File

CHANNEL_ID = re.compile(r"[CGDZ][A-Z0-9]{8,}")


@method(
    "files.getUploadURLExternal",
    scope="files:write",
    needs="filename length",
    takes="alt_txt snippet_type",
    form_only=True,
)
def get_upload_url(ask: Ask) -> dict[str, Any]:
    """A place to post a file's bytes to; `length` must be exact."""
    length = ask.whole("length", 0)
    if length < 1:
        raise Refused("invalid_arguments", ["must be more than 0 [json-pointer:/length]"])
    if len(ask.text("alt_txt")) > 1000:
        raise Refused("alt_txt_too_large")
    file = File(f"F{secrets.token_hex(5).upper()}", ask.text("filename"), length, ask.workspace.bot_user_id)
    file.alt_text, file.created = ask.text("alt_txt"), int(ask.slack.now().timestamp())
    ask.workspace.files[file.id] = file
    return {"upload_url": f"{ask.slack.base_url}/upload/v1/{ask.workspace.id}/{file.id}", "file_id": file.id}


@method(
    "files.completeUploadExternal",
    scope="files:write",
    needs="files",
    takes="channel_id channels initial_comment thread_ts blocks",
)
def complete(ask: Ask) -> dict[str, Any]:
    """Makes uploaded files known, and posts them where a channel is named."""
    wanted = checks.decoded(ask.arguments["files"], "invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) and "id" in one for one in wanted):
        raise Refused("invalid_arguments", ["must provide an array [json-pointer:/files]"])
    files = [ask.workspace.files.get(one["id"]) for one in wanted]
    uploaded = [file for file in files if file is not None and file.content is not None and not file.posted]
    if len(uploaded) != len(wanted):
        raise Refused("file_not_found")
    places = [ask.text("channel_id")] if ask.text("channel_id") else []
    channels = ask.arguments.get("channels") or []
    places += channels.split(",") if isinstance(channels, str) else channels
    for place in places:
        if not CHANNEL_ID.fullmatch(place):
            raise Refused(
                "invalid_arguments", [f"must match pattern: ^{CHANNEL_ID.pattern}$ [json-pointer:/channel_id]"]
            )
    targets = [_target(ask, place) for place in places]
    for file, one in zip(uploaded, wanted, strict=True):
        file.title, file.posted = one.get("title") or file.name, True
    shown = [file.for_api(ask.slack.base_url) for file in uploaded]
    content: dict[str, Any] = {"text": ask.text("initial_comment")}
    if ask.arguments.get("blocks"):
        content["blocks"] = checks.blocks(ask.arguments["blocks"], ask.workspace)
    for channel in targets:
        message = posting.post(ask.slack, ask.workspace, channel, content, thread_ts=ask.text("thread_ts") or None)
        message.files, message.subtype = shown, "file_share"
        posting.tell_the_app(ask.slack, ask.workspace, channel, message)
    return {"files": shown}


def _target(ask: Ask, place: str) -> Any:
    channel = ask.workspace.channels.get(place)
    bot = ask.workspace.bot_user_id
    if channel is None or (channel.kind != "channel" and bot not in channel.members):
        raise Refused("channel_not_found")
    if channel.is_archived:
        raise Refused("is_archived")
    if bot not in channel.members:
        raise Refused("not_in_channel")
    return channel


@method("files.info", scope="files:read", needs="file", takes="cursor limit page count", form_only=True)
def info(ask: Ask) -> dict[str, Any]:
    """One file."""
    file = ask.workspace.files.get(ask.text("file"))
    if file is None or not file.posted:
        raise Refused("file_not_found")
    return {"file": file.for_api(ask.slack.base_url)}
