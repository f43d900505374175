"""The roster of a workspace: read page by page, patiently, and never anywhere but in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.colleagues import Colleagues, names_of
from nlp.redaction import NOBODY
from storage import workspaces
from storage.database import Database

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
HERE = "T0LARKMOOR"


class People(WebClient):
    """A Slack with these people, one a page; it may be out of order for a while."""

    def __init__(self, *members: dict[str, Any]) -> None:
        super().__init__(token="xoxb-test")
        self.members = members
        self.calls = 0
        self.refuses_from: int | None = None

    def users_list(self, *, cursor: str | None = None, **_: Any) -> Any:
        self.calls += 1
        place = int(cursor or 0)
        if self.refuses_from is not None and place >= self.refuses_from:
            raise SlackApiError("no", {"ok": False, "error": "ratelimited"})
        onward = str(place + 1) if place + 1 < len(self.members) else ""
        return {"members": [self.members[place]], "response_metadata": {"next_cursor": onward}}


def member(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"U{name}", "real_name": name, "profile": {"display_name": f"{name.split()[0]} (IT)"}} | more


@pytest.fixture
def people() -> People:
    return People(
        member("Qwelda Brixholm"), member("Zorvan Helmick", deleted=True), member("Buildbotix Helper", is_bot=True)
    )


@pytest.fixture
def colleagues(database: Database, people: People) -> Colleagues:
    with database.transaction() as session:
        workspaces.join(session, HERE, now=NOW)
    return Colleagues(database, lambda workspace: people, lambda: NOW)


def test_everyone_is_read_but_apps(colleagues: Colleagues) -> None:
    """Those who left are still in notes; apps are not people."""
    colleagues.look_again()
    assert {"qwelda", "brixholm", "zorvan", "helmick"} <= colleagues.of(HERE).sure
    assert not {"buildbotix", "it"} & colleagues.of(HERE).sure


def test_slack_is_asked_once_a_day(database: Database, people: People) -> None:
    now = NOW
    with database.transaction() as session:
        workspaces.join(session, HERE, now=NOW)
    colleagues = Colleagues(database, lambda workspace: people, lambda: now)
    colleagues.look_again()
    colleagues.look_again()
    assert people.calls == 3
    now = NOW + timedelta(days=1)
    colleagues.look_again()
    assert people.calls == 6


def test_when_slack_is_busy_what_was_read_counts_and_the_rest_follows(database: Database, people: People) -> None:
    """A refusal in the middle costs nothing that is known, and is tried again in ten minutes."""
    now = NOW
    with database.transaction() as session:
        workspaces.join(session, HERE, now=NOW)
    colleagues = Colleagues(database, lambda workspace: people, lambda: now)
    people.refuses_from = 1
    colleagues.look_again()
    assert "brixholm" in colleagues.of(HERE).sure
    assert "helmick" not in colleagues.of(HERE).sure
    people.refuses_from = None
    now = NOW + timedelta(minutes=10)
    colleagues.look_again()
    assert "helmick" in colleagues.of(HERE).sure


def test_a_workspace_knows_its_own_people_alone(colleagues: Colleagues) -> None:
    colleagues.look_again()
    assert colleagues.of("T0HILLCREST") == NOBODY


def test_apps_and_slackbot_have_no_names() -> None:
    assert names_of({"id": "USLACKBOT", "real_name": "Slackbot"}) == set()
    assert names_of({"id": "U1", "is_bot": True, "real_name": "Helper"}) == set()
