"""Brings a digest's charts into its thread: as pictures, or drawn by Slack itself, or not at all.

The digest has said everything in words by then, so a picture that does not get through costs nobody anything.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.error import HTTPError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError, SlackRequestError

from digests import pictures

log = logging.getLogger(__name__)

FIRST_STEP = "files.getUploadURLExternal"
"""Slack's method that an upload begins with: where it fails, nobody has seen anything."""
_NO_FILES_HERE = {
    *("missing_scope", "not_allowed_token_type", "access_denied", "file_uploads_disabled", "restricted_action"),
    *("file_uploads_except_images_disabled", "storage_limit_reached", "team_access_not_granted", "feature_not_enabled"),
}
_NO_CHARTS_HERE = {"invalid_blocks", "invalid_blocks_format", "unsupported_block_type"}


def takes_no_files(error: Exception) -> bool:
    """Whether an upload failed because no file gets through here: by Slack's own word, or on the way to its store."""
    if isinstance(error, SlackApiError):
        return error.response.get("error") in _NO_FILES_HERE
    return isinstance(error, SlackRequestError) or (isinstance(error, HTTPError) and error.code < 500)


def post(
    client: WebClient,
    *,
    channel: str,
    thread_ts: str | None,
    body: dict[str, Any],
    metadata: dict[str, Any] | None = None,
) -> str:
    """Post the pictures of `body` in a thread. Returns Slack's name for the message, or nothing where it has none.

    Until the last of its steps nobody sees anything, so an upload that was cut off is simply begun again. A chart that
    Slack draws carries our `metadata`; files cannot.

    Raises:
        SlackApiError: Slack is too busy, or the channel is not there; what does not let pictures in is no error.
    """
    try:
        client.files_upload_v2(
            channel=channel,
            thread_ts=thread_ts,
            initial_comment=body["text"],
            file_uploads=[
                {
                    "content": pictures.as_png(picture["svg"]),
                    "filename": picture["name"],
                    "title": picture["title"],
                    "alt_txt": picture["alt"],
                }
                for picture in body["pictures"]
            ],
        )
        return ""
    except (SlackClientError, HTTPError) as error:
        if not takes_no_files(error):
            raise
        log.info("A picture could not be handed over, so Slack draws the chart itself.")
    return _drawn_by_slack(client, channel=channel, thread_ts=thread_ts, body=body, metadata=metadata)


def _drawn_by_slack(
    client: WebClient, *, channel: str, thread_ts: str | None, body: dict[str, Any], metadata: dict[str, Any] | None
) -> str:
    if not body["blocks"]:
        return ""  # charts that have only begun; the words are there already
    try:
        answer = client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            text=body["text"],
            blocks=body["blocks"],
            unfurl_links=False,
            metadata=metadata,
        )
    except SlackApiError as error:
        if error.response.get("error") not in _NO_CHARTS_HERE:
            raise
        return ""  # the words are there already
    return str(answer["ts"])
