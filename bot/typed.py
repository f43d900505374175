"""Back from Slack's way of writing to what the person typed.

Text from the message box and from commands arrives with `&`, `<` and `>` escaped and with links, channels and people
in angle brackets; values of form fields arrive as typed. We keep what was typed, and escape once, on the way out.
See "Formatting text for app surfaces" in Slack's documentation.
"""

from __future__ import annotations

import html
import re

_BRACKETED = re.compile(r"<([^<>\n]{1,2000})>")


def as_typed(text: str) -> str:
    """What the person typed. People's handles stay as `<@U123>`, for redaction to leave out."""
    return html.unescape(_BRACKETED.sub(_unbracket, text)) if "&" in text or "<" in text else text


def _unbracket(match: re.Match[str]) -> str:
    target, _, label = match.group(1).partition("|")
    if target.startswith("@"):
        return match.group(0)
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        command = target[1:].partition("^")[0]
        return label if label else f"@{command}"
    if target.startswith(("mailto:", "tel:")):
        return label or target.partition(":")[2]
    return target if not label or label in target else f"{label} ({target})"
