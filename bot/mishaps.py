"""What a log may say of something that went wrong: its class and its place, never its message, which may hold words."""

from __future__ import annotations

import traceback


def told(error: BaseException) -> str:
    """The class of an error and its places in the code, fit to log."""
    return f"{type(error).__qualname__}\n{''.join(traceback.format_tb(error.__traceback__))}"
