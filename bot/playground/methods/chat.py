"""Messages: `chat.*`."""

from __future__ import annotations

from typing import Any

from bot.playground import checks, posting
from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused

CONTENT = "text blocks attachments metadata markdown_text mrkdwn parse link_names"
LOOKS = "as_user icon_emoji icon_url username unfurl_links unfurl_media"


def _thread(ask: Ask, channel_id: str) -> str | None:
    """The thread to post in: `thread_ts` must be that of its first message, never of a reply or an ephemeral."""
    if not (thread_ts := ask.text("thread_ts")):
        return None
    parent = ask.workspace.message(channel_id, thread_ts)
    if parent is None or parent.in_thread:
        raise Refused("cannot_reply_to_message")
    return parent.ts


@method("chat.postMessage", scope="chat:write", needs="channel", takes=f"{CONTENT} {LOOKS} thread_ts reply_broadcast")
def post_message(ask: Ask) -> dict[str, Any]:
    """The bot says something for all to see."""
    content = checks.message(ask.arguments, ask.workspace)
    channel = ask.channel_to_write_in()
    thread_ts = _thread(ask, channel.id)
    message = posting.post(ask.slack, ask.workspace, channel, content, thread_ts=thread_ts)
    message.username = ask.text("username") or None
    if thread_ts and ask.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    posting.tell_the_app(ask.slack, ask.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.for_api(ask.workspace)}


@method("chat.postEphemeral", scope="chat:write", needs="channel user", takes=f"{CONTENT} {LOOKS} thread_ts")
def post_ephemeral(ask: Ask) -> dict[str, Any]:
    """The bot says something that one person sees."""
    content = checks.message(ask.arguments, ask.workspace)
    channel = ask.channel_to_write_in()
    if ask.text("user") not in channel.members:
        raise Refused("user_not_in_channel")
    message = posting.post(
        ask.slack, ask.workspace, channel, content, thread_ts=_thread(ask, channel.id), only_for=ask.text("user")
    )
    return {"message_ts": message.ts}


@method("chat.update", scope="chat:write", needs="channel ts", takes=f"{CONTENT} {LOOKS} reply_broadcast file_ids")
def update(ask: Ask) -> dict[str, Any]:
    """The bot changes what it said. What is left out stays: blocks, attachments, metadata."""
    channel = ask.channel()
    message = ask.message(channel)
    if not message.by_bot:
        raise Refused("cant_update_message")
    if channel.is_archived:
        raise Refused("is_archived")
    content = checks.message(ask.arguments, ask.workspace, updates=True)
    before = message.for_api(ask.workspace)
    for name in ("blocks", "attachments", "metadata"):
        if ask.arguments.get(name) is None:
            content[name] = getattr(message, name)
    posting.change(ask.slack, message, content)
    posting.tell_of_change(ask.slack, ask.workspace, channel, message, before)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.for_api(ask.workspace)}


@method("chat.delete", scope="chat:write", needs="channel ts", takes="as_user")
def delete(ask: Ask) -> dict[str, Any]:
    """The bot takes back what it said."""
    channel = ask.channel()
    message = ask.message(channel)
    if not message.by_bot:
        raise Refused("cant_delete_message")
    posting.remove(ask.slack, ask.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink", needs="channel message_ts", form_only=True)
def permalink(ask: Ask) -> dict[str, Any]:
    """A link to a message."""
    channel = ask.channel()
    message = ask.message(channel, "message_ts")
    where = f"{ask.slack.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": where}
