"""What the app has called, and the failures that a test has asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Call:
    """One thing the app asked of Slack, and what it was told. Tokens are left out."""

    method: str
    arguments: dict[str, Any]
    answer: dict[str, Any]
    team_id: str | None
    at: datetime
    on_purpose: bool = False
    """Whether a test had asked for this failure."""

    @property
    def error(self) -> str | None:
        """Slack's name for what was wrong, or `None`."""
        return None if self.answer.get("ok") else str(self.answer.get("error"))

    def __str__(self) -> str:
        findings = self.answer.get("response_metadata", {}).get("messages", "")
        return f"{self.method} {self.error or 'ok'} {findings} {self.arguments}"


@dataclass
class Fault:
    """A failure to come: an `error`, an HTTP `status`, an answer that is lost or late, or somebody else's `page`."""

    method: str
    error: str | None = None
    status: int | None = None
    retry_after: float | str | None = None
    drop_answer: bool = False
    delay: float = 0.0
    times: int = 1
    page: str = ""

    @property
    def refuses(self) -> bool:
        """Whether nothing is done of what was asked."""
        return bool(self.error or self.status or self.page)
