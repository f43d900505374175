"""How Slack says no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Refused(Exception):
    """Slack refuses a call: `error` is Slack's own short name, `findings` say what is wrong and where.

    A finding is written as Slack writes it: `must be less than 151 characters [json-pointer:/blocks/0/text/text]`.
    """

    def __init__(self, error: str, findings: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(error, *findings)
        self.error = error
        self.findings = list(findings)
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The body of the answer, `ok: false`."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.extra}
        if self.findings:
            body["response_metadata"] = {"messages": [f"[ERROR] {finding}" for finding in self.findings]}
        return body
