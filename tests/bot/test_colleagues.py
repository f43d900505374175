"""The roster of a workspace: read page by page, patiently, and never anywhere but in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.colleagues import Colleagues, names_of
from nlp.redaction import NOBODY
from storage import leaving, workspaces
from storage.database import Database

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
HERE = "T0LARKMOOR"


class People(WebClient):
    """A Slack with these people, one a page; it may be out of order for a while."""

    def __init__(self, *members: dict[str, Any]) -> None:
        super().__init__(token="xoxb-test")
        self.members = members
        self.asked: list[int] = []
        """The places in the list that were asked for."""
        self.refuses_from: int | None = None
        self.refuses_with, self.wait = "ratelimited", ""

    def users_list(self, *, cursor: str | None = None, **_: Any) -> Any:
        place = int(cursor or 0)
        self.asked.append(place)
        if self.refuses_from is not None and place >= self.refuses_from:
            headers = {"Retry-After": self.wait} if self.wait else {}
            said = {"ok": False, "error": self.refuses_with}
            answer = SlackResponse(
                client=self, http_verb="POST", api_url="", req_args={}, data=said, headers=headers, status_code=429
            )
            raise SlackApiError("no", answer)
        onward = str(place + 1) if place + 1 < len(self.members) else ""
        return {"members": [self.members[place]], "response_metadata": {"next_cursor": onward}}


class Watch:
    """A clock that a test puts forward."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def member(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"U{name}", "real_name": name, "profile": {"display_name": f"{name.split()[0]} (IT)"}} | more


@pytest.fixture
def people() -> People:
    return People(
        member("Qwelda Brixholm"), member("Zorvan Helmick", deleted=True), member("Buildbotix Helper", is_bot=True)
    )


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def colleagues(database: Database, people: People, watch: Watch) -> Colleagues:
    with database.transaction() as session:
        workspaces.join(session, HERE, now=NOW)
    return Colleagues(database, lambda workspace: people, watch)


def test_everyone_is_read_but_apps(colleagues: Colleagues) -> None:
    """Those who left are still in notes; apps are not people."""
    colleagues.look_again()
    assert {"qwelda", "brixholm", "zorvan", "helmick"} <= colleagues.of(HERE).sure
    assert not {"buildbotix", "it"} & colleagues.of(HERE).sure


def test_slack_is_asked_once_a_day(colleagues: Colleagues, people: People, watch: Watch) -> None:
    colleagues.look_again()
    colleagues.look_again()
    assert people.asked == [0, 1, 2]
    watch.now = NOW + timedelta(days=1)
    colleagues.look_again()
    assert people.asked == [0, 1, 2] * 2


def test_when_slack_is_busy_what_was_read_counts_and_the_rest_follows(
    colleagues: Colleagues, people: People, watch: Watch
) -> None:
    """A refusal in the middle costs nothing that is known, and is tried again in ten minutes."""
    people.refuses_from = 1
    colleagues.look_again()
    assert "brixholm" in colleagues.of(HERE).sure
    assert "helmick" not in colleagues.of(HERE).sure
    people.refuses_from = None
    watch.now = NOW + timedelta(minutes=10)
    colleagues.look_again()
    assert "helmick" in colleagues.of(HERE).sure


def test_reading_goes_on_from_where_slack_asked_us_to_wait_as_soon_as_it_may(
    colleagues: Colleagues, people: People, watch: Watch
) -> None:
    """No page is read twice, so that the last one is reached however often Slack is busy."""
    people.refuses_from, people.wait = 1, "30"
    colleagues.look_again()
    people.refuses_from = 2
    watch.now = NOW + timedelta(seconds=29)
    colleagues.look_again()
    assert people.asked == [0, 1]
    watch.now = NOW + timedelta(seconds=30)
    colleagues.look_again()
    assert "helmick" in colleagues.of(HERE).sure
    people.refuses_from = None
    watch.now = NOW + timedelta(seconds=60)
    colleagues.look_again()
    assert people.asked == [0, 1, 1, 2, 2]
    assert {"brixholm", "helmick"} <= colleagues.of(HERE).sure


def test_a_large_workspace_is_read_to_the_last_name_some_pages_at_a_time(
    colleagues: Colleagues, people: People, watch: Watch
) -> None:
    """The clock has other things to do every minute, and Slack takes no more than twenty pages in one."""
    names = [f"Quorvix {one}mbel{other}ix" for one in "bcdfgh" for other in "klmnprs"]
    people.members = tuple(member(name) for name in names)
    read = []
    for minutes in range(4):
        watch.now = NOW + timedelta(minutes=minutes)
        colleagues.look_again()
        read.append(len(people.asked))
    assert read == [15, 30, 42, 42]
    assert {name.split()[1] for name in names} <= colleagues.of(HERE).sure


def test_whoever_joins_while_we_are_reading_is_known_when_we_have_read_to_the_end(
    colleagues: Colleagues, people: People, watch: Watch
) -> None:
    people.refuses_from = 1
    colleagues.look_again()
    colleagues.hear(lambda: None, {"user": member("Zyndra Qelmish")}, {"team_id": HERE})  # type: ignore[arg-type]
    people.refuses_from = None
    watch.now = NOW + timedelta(minutes=10)
    colleagues.look_again()
    assert {"helmick", "qelmish"} <= colleagues.of(HERE).sure


def test_when_slack_has_lost_our_place_we_begin_anew(colleagues: Colleagues, people: People, watch: Watch) -> None:
    people.refuses_from, people.refuses_with = 1, "invalid_cursor"
    colleagues.look_again()
    people.refuses_from = None
    watch.now = NOW + timedelta(minutes=10)
    colleagues.look_again()
    assert people.asked == [0, 1, 0, 1, 2]
    assert {"brixholm", "helmick"} <= colleagues.of(HERE).sure


def test_a_workspace_that_was_away_is_read_at_once_when_it_is_back(
    database: Database, colleagues: Colleagues, people: People
) -> None:
    """While it is away nobody's name is held."""
    colleagues.look_again()
    with database.transaction() as session:
        leaving.leave(session, HERE, purge_at=NOW + timedelta(days=30))
    colleagues.look_again()
    assert colleagues.of(HERE) == NOBODY
    with database.transaction() as session:
        leaving.come_back(session, HERE)
    colleagues.look_again()
    assert {"brixholm", "helmick"} <= colleagues.of(HERE).sure


def test_a_workspace_knows_its_own_people_alone(colleagues: Colleagues) -> None:
    colleagues.look_again()
    assert colleagues.of("T0HILLCREST") == NOBODY


def test_apps_and_slackbot_have_no_names() -> None:
    assert names_of({"id": "USLACKBOT", "real_name": "Slackbot"}) == set()
    assert names_of({"id": "U1", "is_bot": True, "real_name": "Helper"}) == set()
