"""In which workspace does somebody act? An organisation's install (Enterprise Grid) makes Slack name none, or the
organisation itself, in the place where Bolt looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from slack_bolt import BoltContext
from slack_sdk import WebClient


def locate(context: BoltContext, body: dict[str, Any], client: WebClient, next: Callable[[], None]) -> None:
    """Bolt's middleware before it asks who we are: put the workspace in its place, for us and for our calls."""
    if not _is_workspace(context.get("team_id")):
        context["team_id"] = team = _first(_places(body))
        if team is None:
            client.default_params.pop("team_id", None)
        else:
            client.default_params["team_id"] = team
    next()


def _first(places: Iterator[Any]) -> str | None:
    for place in places:
        if _is_workspace(place):
            return str(place)
    return None


def _places(body: dict[str, Any]) -> Iterator[Any]:
    """Where a workspace may be named, the surest first."""
    yield body.get("context_team_id")
    yield body.get("team_id")
    for name, key in (("team", "id"), ("user", "team_id"), ("view", "team_id"), ("event", "team")):
        there = body.get(name)
        if isinstance(there, dict):
            yield there.get(key)


def _is_workspace(place: Any) -> bool:
    return isinstance(place, str) and place.startswith("T")
