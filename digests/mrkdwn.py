"""Slack's mrkdwn: how words from outside are made safe to show. Strings only.

Everything that a person wrote passes through `escape` exactly once, on its way out; what is stored stays as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MASS_MENTION = re.compile(r"@(?=(?:channel|here|everyone|group)\b)", re.IGNORECASE)
_LINK = re.compile(r"(?<=[a-z]):(?=//)|(?<=\bmailto):", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_CALM = "\u2060"
"""A word joiner: nobody sees it, and Slack no longer takes what it divides for a command or a link."""


def escape(words: str) -> str:
    """Words from outside, safe inside mrkdwn and beside it: no mention, no link, no code block, no reversed text."""
    calm = plain(words)
    return calm.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(words: str) -> str:
    """Words from outside for places that show plain text, such as the alternative text of a picture."""
    calm = _CONTROL.sub("", words).replace("\r\n", "\n").replace("\r", "\n")
    calm = _MASS_MENTION.sub(f"@{_CALM}", calm)
    calm = _LINK.sub(f":{_CALM}", calm)
    return calm.replace("```", f"`{_CALM}`{_CALM}`")


def quote(words: str) -> str:
    """Words from outside as a quotation: escaped, every line of it marked."""
    return "\n".join(f"> {line}".rstrip() for line in escape(words).strip().split("\n"))


def moment(at: datetime) -> str:
    """A moment by the clock of whoever reads it, as Slack shows it; in UTC where it is not shown by Slack."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC>"
