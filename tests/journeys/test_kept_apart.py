"""Two workspaces with the same ids for people and channels: neither ever sees or changes what is the other's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.app import House
from bot.conversations import relaying
from bot.playground.controls import NotShown
from bot.playground.delivery import Delivery
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, View
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import leaving
from tests.conftest import HILLCREST, LARKMOOR
from tests.journeys.many import Browser, open_house, slack_of_strangers

Sees = Callable[..., Message]
THEIRS = ("marmalade", "Marmalade", "Larkmoor", "boilermen", "kettle")
"""Words of Larkmoor's alone."""


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with slack_of_strangers() as slack:
        yield slack


@pytest.fixture
def house(slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[House]:
    with open_house(slack, home, tools={"tagger": tagger, "redactor": redactor}) as house:
        for person in ("Morgan", "Lewis"):
            assert Browser(slack, house).install(person).status == 200
        yield house


def everything_of(house: House, workspace: str) -> dict[str, list[Any]]:
    """Every row of a workspace, in every table."""
    found = {}
    with house.database.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            theirs = leaving.whose(table, workspace)
            if theirs is not None:
                rows = session.execute(select(table).where(theirs).order_by(*table.primary_key)).all()
                found[table.name] = [tuple(row) for row in rows]
    return found


@pytest.fixture
def larkmoors(slack: LocalSlack, house: House, sees: Sees) -> list[Delivery]:
    """All that Larkmoor's people do, and all that they could press or send by now: each as Slack would deliver it."""
    before = len(slack.deliveries)
    for words in ("The marmalade boiler leaks again", "Where is the marmalade man?", "I'd like a kettle"):
        slack.command("Asha", "/demand", words)
    for words in (
        *("purpose We keep marmalade warm", "unit Boilermen", "points add Kettle desk", "points", "units", "purpose"),
        *("digest on improvement", "digest", "digest when", "language English", "search marmalade", "themes", "mine"),
        *("timezone Europe/Paris", "unit", "explain chase", "help"),
    ):
        slack.command("Asha", "/groundswell", words)
    for words in ("mine", "search marmalade", "prefs", "about", "privacy", "help"):
        slack.command("Asha", "/demand", words)
    slack.message("Asha", "The marmalade van never came")
    slack.command("Asha", "/demand")
    slack.shortcut("Asha", "pass_on")
    slack.shortcut("Asha", "pass_on_message", slack.message("Tom", "marmalade!", "#repairs-line").shown)  # type: ignore[arg-type]
    step = slack.run_step("Asha", relaying.STEP, {"words": "Is the marmalade lift stuck?", "person": "U0ASHA00001"})
    slack.open_home("Asha")
    slack.settle()
    sees("Asha", "Kept as note 4", None)
    slack.wait_for(lambda: step.state == "done", timeout=30)
    slack.wait_for(lambda: slack.called("views.publish"))
    done = list(slack.deliveries)[before:]
    slack.hold()
    for shown in _all_that_asha_sees(slack):
        for control in shown.controls:
            value = control["options"][0]["value"] if control.get("options") else control.get("value")
            try:
                slack.press("Asha", shown, control["action_id"], value, block_id=control["block_id"])
            except (NotShown, LookupError, KeyError):
                continue
        if isinstance(shown, View) and shown.content.get("submit"):
            slack.submit("Asha", shown, {"words": "marmalade, said once more"} if "words" in str(shown.blocks) else {})
    could, slack.courier._held = list(slack.courier._held or []), None
    assert len(done) > 20
    assert len(could) > 10
    return [*done, *could]


def _all_that_asha_sees(slack: LocalSlack) -> list[Message | View]:
    workspace = slack.workspace(LARKMOOR)
    messages = [m for said in workspace.messages.values() for m in said if m.only_for in (None, "U0ASHA00001")]
    return [*messages, *workspace.homes.values(), *workspace.stack("U0ASHA00001")[-1:]]


def as_hillcrest(delivery: Delivery) -> Delivery:
    """The very same, ids and all, but done in Hillcrest; what was typed is of lemonade."""
    told = json.dumps(delivery.payload)
    for ours, theirs in {LARKMOOR: HILLCREST, "larkmoor-homes": "hillcrest-water", "U0GROUNDSW": "U0HILLCRBOT"}.items():
        told = told.replace(ours, theirs)
    payload = json.loads(told)
    _without_answers(payload)
    return Delivery(delivery.kind, HILLCREST, payload, delivery.takes_payload)


def _without_answers(payload: Any) -> None:
    """Other words where somebody typed them, and no way to answer into Larkmoor's channels."""
    places = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    for name, value in list(places):
        if name == "response_url":
            payload[name] = "http://127.0.0.1:9/nowhere"
        elif isinstance(value, str):
            for word in THEIRS:
                value = value.replace(word, "lemonade")
            payload[name] = value
        else:
            _without_answers(value)


@pytest.mark.timeout(300)
def test_what_is_done_in_one_changes_nothing_in_the_other_and_shows_nothing_of_it(
    slack: LocalSlack, house: House, larkmoors: list[Delivery]
) -> None:
    """Whatever Larkmoor's people did or could press, done in Hillcrest with the same ids: no row of Larkmoor's
    changes, and no word of it is told there.
    """
    house.clock.tick()
    house.messenger.carry()
    slack.settle()
    before = everything_of(house, LARKMOOR)
    calls = len(slack.calls)
    answers = [slack.courier._send(as_hillcrest(delivery)) for delivery in larkmoors]
    house.slack.listener_runner.listener_executor.shutdown(wait=True)  # type: ignore[attr-defined]
    house.messenger.carry()
    slack.settle()
    assert everything_of(house, LARKMOOR) == before
    told = [answer.body for answer in answers] + [json.dumps(call.arguments) for call in slack.calls[calls:]]
    assert [words for words in told if any(word in words for word in THEIRS)] == []
    assert {call.team_id for call in slack.calls[calls:]} <= {HILLCREST, None}
    assert [answer.status for answer in answers if (answer.status or 500) >= 500] == []
    assert len(everything_of(house, HILLCREST)["note"]) >= 4


def test_people_of_the_same_id_have_each_their_own(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Asha and Priya share an id, and #general is in both workspaces."""
    slack.command("Asha", "/demand", "The marmalade boiler leaks")
    sees("Asha", "Kept as note 1")
    slack.command("Priya", "/demand", "My water bill is wrong")
    sees("Priya", "Kept as note 1")
    answered = slack.command("Priya", "/demand", "search marmalade")
    assert "leaks" not in str(answered.body)
    slack.press("Priya", sees("Priya", "Kept as note 1"), "Undo")
    sees("Priya", "Taken back")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Undo")
    sees("Asha", "Taken back")
