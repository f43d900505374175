"""How often the app may call, per method and workspace. Off by default: most tests are about something else.

Tiers: https://docs.slack.dev/apis/web-api/rate-limits. Messages: one a second in a channel, short bursts allowed.
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
TIERS = {
    **dict.fromkeys(("conversations.list", "users.list"), 2),
    **dict.fromkeys(("chat.update", "chat.delete", "conversations.info", "conversations.history"), 3),
    **dict.fromkeys(("conversations.replies", "conversations.join", "conversations.open", "users.conversations"), 3),
    **dict.fromkeys(("functions.completeSuccess", "functions.completeError"), 3),
    **dict.fromkeys(("reactions.add", "reactions.get", "team.info", "bots.info"), 3),
    **dict.fromkeys(("chat.postEphemeral", "views.open", "views.push", "views.update", "views.publish"), 4),
    **dict.fromkeys(("conversations.members", "users.info", "files.getUploadURLExternal"), 4),
    "files.completeUploadExternal": 4,
}
A_MINUTE = timedelta(minutes=1)
BURST, BURST_WITHIN = 4, timedelta(seconds=4)
"""Four messages in any four seconds is one a second, with room for a short burst."""


class RateLimits:
    """Counts calls, and says how many seconds to wait."""

    def __init__(self) -> None:
        self.are_on = False
        self._calls: dict[tuple[str, ...], deque[datetime]] = defaultdict(deque)

    def wait_for(self, method: str, team_id: str, channel: str, now: datetime) -> int:
        """Seconds until this call would be let through; 0 lets it through and counts it."""
        if not self.are_on:
            return 0
        if method == "chat.postMessage":
            return self._take((method, team_id, channel), BURST, BURST_WITHIN, now)
        return self._take((method, team_id), PER_MINUTE[TIERS[method]], A_MINUTE, now) if method in TIERS else 0

    def _take(self, key: tuple[str, ...], most: int, within: timedelta, now: datetime) -> int:
        calls = self._calls[key]
        while calls and now - calls[0] >= within:
            calls.popleft()
        if len(calls) >= most:
            return max(1, round((calls[0] + within - now).total_seconds()))
        calls.append(now)
        return 0
