"""`groundswell key`: a new key for encrypting the tokens of many workspaces."""

from __future__ import annotations

from cryptography.fernet import Fernet

from bot.command_line import saying


def make() -> None:
    """Make a new key for GROUNDSWELL_KEY, and show it. It is kept nowhere but where you put it."""
    saying.out.print(Fernet.generate_key().decode(), markup=False)
