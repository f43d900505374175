"""Enterprise Grid: a whole organisation installs the app at once, and each of its workspaces stays a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.app import House
from bot.conversations import relaying
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import installations, notes, outbox, workspaces
from tests.conftest import HILLCREST, LARKMOOR
from tests.journeys.many import Browser, open_house, slack_of_strangers

Sees = Callable[..., Message]


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """Larkmoor and Hillcrest, which are of one group. Asha and Priya have the same id there too."""
    with slack_of_strangers() as slack:
        for workspace in slack.workspaces:
            workspace.enterprise_id, workspace.enterprise_name = "E0GROUP", "The Moor Group"
        slack.grants.rotates = True
        yield slack


@pytest.fixture
def house(slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[House]:
    """The whole product, installed by Morgan for the whole group."""
    with open_house(slack, home, tools={"tagger": tagger, "redactor": redactor}) as house:
        done = Browser(slack, house).install("Morgan", org=True)
        assert "Groundswell is in The Moor Group now." in done.words
        slack.wait_for(lambda: slack.sees("Morgan", None).saying("Thank you"))
        yield house


def present(house: House) -> list[str]:
    with house.database.reading() as session:
        return sorted(known.id for known in workspaces.everyone(session))


def purge_at(house: House, workspace: str) -> datetime | None:
    with house.database.reading() as session:
        known = workspaces.find(session, workspace)
    return known.purge_at if known is not None else None


def wait_for_both(house: House) -> None:
    """Something waits in the outbox for each of the two."""
    with house.database.transaction() as session:
        now = house.logbook.clock()
        for workspace in (LARKMOOR, HILLCREST):
            body = {"text": f"for {workspace}"}
            outbox.leave(session, workspace=workspace, key="x", channel="U0ASHA00001", body=body, now=now)


def test_each_of_its_workspaces_is_a_workspace(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Commands, clicks, forms and direct messages find their own, though Slack names no team where Bolt looks."""
    slack.command("Asha", "/demand", "The marmalade boiler leaks")
    sees("Asha", "Kept as note 1")
    slack.command("Priya", "/demand", "My water bill is wrong")
    slack.press("Priya", sees("Priya", "Kept as note 1"), "Change")
    slack.press("Priya", sees("Priya", "Your word stands"), "note_kind", "Again")
    sees("Priya", "failure demand (again)* · as you said")
    slack.command("Priya", "/demand")
    form = slack.wait_for(lambda: slack.sees("Priya").view)
    assert form is not None
    slack.submit("Priya", form, {"words": "When do you open?"})
    sees("Priya", "Kept as note 2")
    slack.message("Priya", "And nobody rang to say why")
    sees("Priya", "Kept as note 3", None)
    step = slack.run_step("Priya", relaying.STEP, {"words": "Where does my bill go?", "person": "U0ASHA00001"})
    slack.wait_for(lambda: step.state == "done", timeout=30)
    assert step.outputs["note"] == "4"
    slack.message("Asha", "Nobody rang here either")
    sees("Asha", "Kept as note 2", None)
    with house.database.reading() as session:
        kept = {workspace: notes.how_many(session, workspace=workspace) for workspace in (LARKMOOR, HILLCREST)}
        assert [known.enterprise for known in workspaces.everyone(session)] == ["E0GROUP", "E0GROUP"]
    assert kept == {LARKMOOR: 2, HILLCREST: 4}
    house.clock.tick()  # colleagues' names are read in each, which an organisation's token must ask for one by one
    assert slack.refused == []


def test_what_waits_for_a_workspace_reaches_it_and_not_its_neighbour(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    for person in ("Asha", "Priya"):
        slack.command(person, "/demand", "Where is my letter?")
        sees(person, "Kept as note 1")
    wait_for_both(house)
    house.messenger.wake()
    sees("Asha", f"for {LARKMOOR}", None)
    sees("Priya", f"for {HILLCREST}", None)
    assert slack.sees("Asha", None).saying(f"for {HILLCREST}") is None


def test_an_organisation_leaves_and_comes_back_as_a_whole(slack: LocalSlack, house: House, sees: Sees) -> None:
    for person in ("Asha", "Priya"):
        slack.command(person, "/demand", "Where is my letter?")
        sees(person, "Kept as note 1")
    assert present(house) == [HILLCREST, LARKMOOR]
    slack.uninstall(slack.workspace(LARKMOOR))
    assert present(house) == []
    with house.database.reading() as session:
        assert installations.everyone(session) == []
    calls = len(slack.calls)
    assert "not installed" in slack.command("Priya", "/demand", "Hello?").json["text"]
    assert slack.calls[calls:] == []
    Browser(slack, house).install("Morgan", org=True)
    assert present(house) == [HILLCREST, LARKMOOR]
    slack.command("Priya", "/demand", "And my other letter?")
    sees("Priya", "Kept as note 2")


def test_one_of_its_workspaces_is_taken_out_and_the_others_stay(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Nothing more is said there, and its words go after the grace; the organisation's token stays for the others."""
    for person in ("Asha", "Priya"):
        slack.command(person, "/demand", "Where is my letter?")
        sees(person, "Kept as note 1")
    told = slack.take_out(slack.workspace(LARKMOOR))
    assert told is not None
    assert told.status == 200
    leaves = purge_at(house, LARKMOOR)
    assert leaves is not None
    slack.redeliver(told)
    assert purge_at(house, LARKMOOR) == leaves
    calls = len(slack.calls)
    wait_for_both(house)
    house.messenger.wake()
    sees("Priya", f"for {HILLCREST}", None)
    assert {call.team_id for call in slack.calls[calls:]} == {HILLCREST}
    assert present(house) == [HILLCREST]
    slack.install(slack.workspace(LARKMOOR))
    slack.command("Asha", "/demand", "And my other letter?")
    sees("Asha", "Kept as note 2")
    assert present(house) == [HILLCREST, LARKMOOR]


def test_what_we_could_not_note_down_of_it_slack_tells_us_again(
    slack: LocalSlack, house: House, sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.command("Asha", "/demand", "Where is my letter?")
    sees("Asha", "Kept as note 1")
    with monkeypatch.context() as broken:
        broken.setattr("storage.leaving.leave", lambda *args, **kwargs: 1 / 0)
        told = slack.take_out(slack.workspace(LARKMOOR))
    assert told is not None
    assert told.status == 500
    assert [answer.status for answer in slack.retry_due()] == [200]
    assert present(house) == []


def test_one_that_was_taken_out_unheard_is_noticed_within_a_day(slack: LocalSlack, house: House, sees: Sees) -> None:
    """The organisation's token is still good, so each workspace is asked for something of its own."""
    for person in ("Asha", "Priya"):
        slack.command(person, "/demand", "Where is my letter?")
        sees(person, "Kept as note 1")
    slack.hold()
    slack.take_out(slack.workspace(LARKMOOR))
    house.clock.tick()
    assert present(house) == [HILLCREST]
    with house.database.reading() as session:
        assert len(installations.everyone(session)) == 1


def test_one_that_was_taken_out_unheard_is_noticed_when_we_speak(slack: LocalSlack, house: House, sees: Sees) -> None:
    for person in ("Asha", "Priya"):
        slack.command(person, "/demand", "Where is my letter?")
        sees(person, "Kept as note 1")
    slack.hold()
    slack.take_out(slack.workspace(LARKMOOR))
    wait_for_both(house)
    house.messenger.wake()
    slack.wait_for(lambda: present(house) == [HILLCREST])


def test_an_organisation_that_left_unheard_is_let_go_as_a_whole(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Its token with it, although only one of its workspaces was asked."""
    for person in ("Asha", "Priya"):
        slack.command(person, "/demand", "Where is my letter?")
        sees(person, "Kept as note 1")
    slack.hold()
    slack.uninstall(slack.workspace(LARKMOOR))
    house.clock.tick()
    assert present(house) == []
    with house.database.reading() as session:
        assert installations.everyone(session) == []
