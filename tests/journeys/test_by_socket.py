"""The same journeys by Socket Mode: no public address, and a connection that comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import app, doors
from bot.app import House
from bot.config import SettingError, Settings
from bot.conversations import relaying
from bot.playground import people
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import notes
from tests.conftest import LARKMOOR
from tests.journeys.conftest import settings_for

Sees = Callable[..., Message]


def by_socket(slack: LocalSlack, home: Path, *, app_token: str = people.APP_TOKEN) -> Settings:
    return settings_for(slack, home).model_copy(update={"slack_app_token": app_token, "slack_signing_secret": ""})


@pytest.fixture
def house(slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[House]:
    """The whole product, connected by a real socket."""
    house = app.build(by_socket(slack, home), tagger=tagger, redactor=redactor)
    house.messenger.start()
    door = doors.SocketDoor(house)
    door.open()
    slack.wait_for(lambda: slack.sockets.in_use)
    yield house
    slack.settle()  # what is on its way finds the door open; once it is shut, Slack would wait for an answer
    door.close()
    house.close()


def test_a_note_is_heard_by_socket_too(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "I'm still waiting for the plumber")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Change")
    slack.press("Asha", sees("Asha", "Your word stands"), "note_kind", "Again")
    sees("Asha", "failure demand (again)* · as you said")
    slack.message("Asha", "And nobody rang to say why")
    sees("Asha", "Kept as note 2", None)


def test_a_form_is_answered_by_socket_too(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    assert slack.submit("Asha", form, {"words": "!"}).errors
    slack.submit("Asha", form, {"words": "When do you open?"})
    sees("Asha", "Kept as note 1")


def test_when_slack_asks_us_to_connect_anew_we_do(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "Before the break, where is my letter?")
    sees("Asha", "Kept as note 1")
    opened = len(slack.called("apps.connections.open"))
    slack.disconnect()
    slack.wait_for(lambda: len(slack.called("apps.connections.open")) > opened and slack.sockets.in_use)
    slack.command("Asha", "/demand", "After the break, where is my letter?")
    sees("Asha", "Kept as note 2")


def test_a_line_that_breaks_off_without_a_word_is_taken_up_again(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.sockets.drop()
    slack.wait_for(lambda: slack.sockets.in_use, timeout=30)
    slack.command("Asha", "/demand", "After the break, where is my letter?")
    sees("Asha", "Kept as note 1")


def test_three_deliveries_by_socket_make_one_note(slack: LocalSlack, house: House, sees: Sees) -> None:
    told = slack.message("Asha", "The lift is stuck again")
    slack.redeliver(told)
    slack.redeliver(told)
    sees("Asha", "Kept as note 1", None)
    with house.database.reading() as session:
        assert notes.how_many(session, workspace=LARKMOOR) == 1


def test_a_workflow_passes_on_by_socket_too(slack: LocalSlack, house: House, sees: Sees) -> None:
    run = slack.run_step("Tom", relaying.STEP, {"words": "I'm still waiting for the plumber", "person": "U0TOM000001"})
    slack.redeliver()
    slack.wait_for(lambda: run.state == "done", timeout=30)
    assert (run.outputs["note"], run.outputs["kind"]) == ("1", "chase")
    sees("Tom", "Kept as note 1", None)
    assert len(slack.called("functions.completeSuccess")) == 1


def test_what_nobody_listens_to_is_acknowledged_all_the_same(slack: LocalSlack, house: House) -> None:
    """Otherwise Slack would send it again and again."""
    answer = slack.message("Asha", "just talking to Tom here", "#repairs-line")
    assert answer.delivery is None or answer.status == 200


def test_an_app_token_that_slack_does_not_take_is_named(
    slack: LocalSlack, home: Path, tagger: Tagger, redactor: Redactor
) -> None:
    house = app.build(by_socket(slack, home, app_token="xapp-wrong"), tagger=tagger, redactor=redactor)
    door = doors.SocketDoor(house)
    with pytest.raises(SettingError, match="SLACK_APP_TOKEN"):
        door.open()
    door.close()
    house.close()
    slack.calls.clear()
