"""Which language to answer in: each workspace chooses its own with `/groundswell language`."""

from __future__ import annotations

import time
from collections.abc import Callable

from slack_bolt import BoltContext

from digests import speech
from storage import workspaces
from storage.database import Database

_REMEMBERED = 60.0
"""Seconds for which a choice made in another replica may go unnoticed."""


class Interpreter:
    """Knows what language each workspace speaks, and tells every listener before it begins."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[str, float]] = {}

    def listen(self, context: BoltContext, next: Callable[[], None]) -> None:
        """Bolt's middleware: put the workspace's language where listeners and errors find it."""
        context["language"] = self.language_of(context.team_id or "")
        next()

    def language_of(self, workspace: str) -> str:
        """The code of the language that a workspace has chosen; English until it has."""
        known = self._known.get(workspace)
        if known is None or known[1] < time.monotonic():
            with self._database.reading() as session:
                found = workspaces.find(session, workspace)
            known = (found.language if found else speech.ENGLISH, time.monotonic() + _REMEMBERED)
            self._known[workspace] = known
        return known[0]

    def changed(self, workspace: str) -> None:
        """The workspace has chosen anew: ask again at the next occasion."""
        self._known.pop(workspace, None)
