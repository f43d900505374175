"""Who acts: one of the organisation's own people, a guest among them, or somebody of another organisation?

Notes are an organisation's own. People of another one, who are here by Slack Connect, are refused kindly. Guests pass
things on and see what they passed on; what others said is not for them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from slack_sdk import WebClient

from bot.lookup import ClientOf, Lookup


class Standing(Enum):
    """Where somebody stands to the organisation."""

    OWN = auto()
    GUEST = auto()
    OUTSIDE = auto()


class Company:
    """The people of each workspace, as Slack knows them."""

    def __init__(self, client_of: ClientOf, clock: Callable[[], datetime]) -> None:
        self._people: Lookup[Standing] = Lookup(client_of, clock, _ask, lives=timedelta(days=1))

    def known(self, workspace: str, person: str) -> Standing | None:
        """Where somebody stands, as far as we know without asking."""
        return self._people.known(workspace, person)

    def of(self, workspace: str, person: str) -> Standing:
        """Where somebody stands. Whoever Slack tells nothing about is taken for one of our own: Slack let them in."""
        return self._people.of(workspace, person) or Standing.OWN

    def notice(self, workspace: str, member: dict[str, Any]) -> None:
        """Slack has told us of somebody, as it does in lists and when they change."""
        if isinstance(member.get("id"), str) and member["id"]:
            self._people.learn(workspace, member["id"], standing_of(member, workspace))


def standing_of(member: dict[str, Any], workspace: str) -> Standing:
    """Where a member of Slack stands to the organisation that this workspace belongs to."""
    team = member.get("team_id")
    organisation = member.get("enterprise_user") or {}
    ours = team in (None, "", workspace) or workspace in (organisation.get("teams") or [])
    if member.get("is_stranger") or not ours:
        return Standing.OUTSIDE
    if member.get("is_restricted") or member.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.OWN


def _ask(client: WebClient, workspace: str, person: str) -> Standing:
    return standing_of(client.users_info(user=person)["user"], workspace)
