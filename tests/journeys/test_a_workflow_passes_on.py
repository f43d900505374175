"""A form, or another tool, hands over what a customer said by a workflow's step, and the workflow goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.app import House
from bot.conversations import relaying
from bot.playground.local_slack import LocalSlack
from bot.playground.workflows import DONE, FAILED, RUNNING, Execution
from bot.playground.workspace import Message, Person
from storage import notes, outbox, steps
from storage.models import Note
from tests.conftest import LARKMOOR
from tests.journeys.test_themes import found  # noqa: F401

Sees = Callable[..., Message]
Runs = Callable[..., Execution]
FRONT_DESK, MANAGERS = "C0FRONTDESK", "C0MANAGERS1"
TOM = "U0TOM000001"


@pytest.fixture
def runs(slack: LocalSlack, house: House) -> Runs:
    """Tom runs the step; given back once it has ended."""

    def run(ends: str = DONE, **inputs: Any) -> Execution:
        execution = slack.run_step("Tom", relaying.STEP, inputs)
        slack.wait_for(lambda: execution.state == ends, timeout=30)
        return execution

    return run


def kept(house: House) -> list[Note]:
    with house.database.reading() as session:
        return list(notes.everything(session, workspace=LARKMOOR))


def completions(slack: LocalSlack) -> int:
    return len(slack.called("functions.completeSuccess")) + len(slack.called("functions.completeError"))


def test_the_workflow_goes_on_with_what_we_heard_and_the_person_gets_a_receipt(
    slack: LocalSlack, house: House, runs: Runs, sees: Sees
) -> None:
    """Names are left out before the words are kept, and no output repeats the words."""
    done = runs(
        words="I'm Mrs Patel on 07700 900123, and I'm still waiting for the plumber", person=TOM, channel=FRONT_DESK
    )
    assert (done.outputs["note"], done.outputs["type"], done.outputs["kind"]) == ("1", "failure", "chase")
    receipt = sees("Tom", "Kept as note 1", None)
    assert done.outputs["receipt"] == receipt.text
    [note] = kept(house)
    assert "Patel" not in note.verbatim
    assert "900123" not in note.verbatim
    assert (note.point, note.private, note.via) == ("#front-desk", False, "workflow")
    slack.press("Tom", receipt, "Undo")
    sees("Tom", "Taken back", None)
    assert kept(house) == []


def test_with_nobody_named_there_is_a_note_and_no_receipt(slack: LocalSlack, house: House, runs: Runs) -> None:
    assert runs(words="Can I pay my rent weekly?").outputs["note"] == "1"
    house.messenger.carry()
    assert slack.called("chat.postMessage") == []
    assert [note.verbatim for note in kept(house)] == ["Can I pay my rent weekly?"]


def test_a_colleagues_own_words_are_an_improvement_note(house: House, runs: Runs) -> None:
    assert runs(words="Every visit needs two signatures", improvement=True).outputs["type"] == "improvement"


def test_it_belongs_to_the_unit_whose_channel_was_named(
    slack: LocalSlack, house: House, runs: Runs, sees: Sees
) -> None:
    slack.command("Tom", "/groundswell", "unit Front desk", channel="#front-desk")
    sees("Tom", "Front desk", "#front-desk")
    runs(words="Where do I send the form?", channel=FRONT_DESK)
    runs(words="Where do I send the letter?")
    first, second = kept(house)
    assert first.unit_id != second.unit_id


def test_what_is_passed_on_in_a_private_channel_is_private(house: House, runs: Runs) -> None:
    runs(words="I'm still waiting for the plumber", channel=MANAGERS)
    [note] = kept(house)
    assert (note.private, note.point, note.heard_in) == (True, "", MANAGERS)


def test_the_theme_goes_along_but_not_from_a_private_channel_and_not_after_undo(
    slack: LocalSlack,
    house: House,
    runs: Runs,
    sees: Sees,
    found: str,  # noqa: F811
) -> None:
    """The workflow may post it anywhere; and it is somebody's words."""
    done = runs(words="Do you know where my parcel is?", person=TOM)
    assert done.outputs["theme"] == found
    assert f"“{found}”" in done.outputs["receipt"]
    private = runs(words="Do you know where my parcel is?", channel=MANAGERS)
    assert (private.outputs["type"], "theme" in private.outputs) == ("failure", False)
    assert found not in private.outputs["receipt"]
    slack.press("Tom", sees("Tom", f"Kept as note {done.outputs['note']}", None), "Undo")
    sees("Tom", "Taken back", None)
    with house.database.reading() as session:
        told = outbox.with_key(session, workspace=LARKMOOR, key=steps.key_of(done.id))
    assert told is not None
    assert found not in str(told.body)


def test_however_often_it_is_delivered_there_is_one_note_and_one_answer(
    slack: LocalSlack, house: House, runs: Runs, sees: Sees
) -> None:
    runs(words="The lift is stuck again", person=TOM)
    assert slack.redeliver().status == 200
    assert slack.redeliver().status == 200
    sees("Tom", "Kept as note 1", None)
    house.messenger.carry()
    assert len(kept(house)) == 1
    assert completions(slack) == 1
    assert sum("Kept as note" in message.words for message in slack.sees("Tom", None)) == 1


@pytest.mark.parametrize(
    ("words", "why"), [("…", "no words in that yet"), ("word " * 8_001, "longer than one note can hold")]
)
def test_what_cannot_be_kept_is_said_kindly_and_the_workflow_stops(
    house: House, runs: Runs, words: str, why: str
) -> None:
    assert why in runs(FAILED, words=words).error
    assert kept(house) == []


def test_what_goes_wrong_on_our_side_is_said_with_a_reference_that_is_in_the_log(
    house: House, runs: Runs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(words: str, workspace: str) -> str:
        raise RuntimeError(words)

    monkeypatch.setattr(house.logbook, "without_people", stumble)
    failed = runs(FAILED, words="My zebra fence fell down")
    reference = failed.error.split("app: ")[1].rstrip(".")
    assert reference in caplog.text
    assert "zebra" not in caplog.text


def test_while_the_store_is_out_of_reach_slack_brings_it_again(
    slack: LocalSlack, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form's words are not lost for a moment's trouble; the first delivery that can be kept is."""
    keep, troubles = house.logbook.keep, iter([OperationalError("", None, Exception())] * 2)

    def trouble(*args: Any) -> Any:
        for error in troubles:
            raise error
        return keep(*args)

    monkeypatch.setattr(house.logbook, "keep", trouble)
    execution = slack.run_step("Tom", relaying.STEP, {"words": "The gate is stuck"})
    assert slack.deliveries[-1].answers[-1].status == 500
    assert slack.redeliver().status == 500
    assert execution.state == RUNNING
    assert slack.redeliver().status == 200
    slack.wait_for(lambda: execution.state == DONE, timeout=30)
    assert len(kept(house)) == 1


def test_if_the_store_stays_out_of_reach_the_workflow_hears_it_at_the_last_try(
    slack: LocalSlack, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> Any:
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(house.database, "transaction", refuse)
    execution = slack.run_step("Tom", relaying.STEP, {"words": "The gate is stuck"})
    assert execution.state == RUNNING
    slack.courier._send(slack.deliveries[-1], retry=(3, "http_error"))
    slack.wait_for(lambda: execution.state == FAILED, timeout=30)
    assert "this was not kept" in execution.error
    assert "G-" in execution.error


@pytest.mark.parametrize(
    ("named", "why"), [("person", "an organisation's own people"), ("channel", "People of another organisation")]
)
def test_outsiders_and_their_channels_are_refused_and_nothing_is_kept(
    slack: LocalSlack, house: House, runs: Runs, named: str, why: str
) -> None:
    workspace = slack.workspaces[0]
    workspace.people["U0OUTSIDE01"] = Person("U0OUTSIDE01", "Robin", LARKMOOR, is_stranger=True, home_team_id="T0OTHER")
    workspace.channels[FRONT_DESK].is_ext_shared = True
    given = {"person": "U0OUTSIDE01"} if named == "person" else {"channel": FRONT_DESK}
    for _known_by_now in range(2):
        assert why in runs(FAILED, words="Where is my parcel?", **given).error
    assert kept(house) == []


def test_a_guest_may_pass_something_on(slack: LocalSlack, house: House, runs: Runs, sees: Sees) -> None:
    slack.workspaces[0].people[TOM].is_restricted = True
    runs(words="Where is my parcel?", person=TOM)
    sees("Tom", "Kept as note 1", None)


def test_a_step_whose_answer_got_lost_on_our_side_is_answered_when_the_clock_ticks(
    slack: LocalSlack, house: House, sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """We were killed between keeping the words and answering; once we are back, there is one answer and one receipt."""
    with monkeypatch.context() as killed:
        killed.setattr(relaying.Relaying, "_answer", lambda self, note: None)
        execution = slack.run_step("Tom", relaying.STEP, {"words": "The gate is stuck", "person": TOM})
    assert len(kept(house)) == 1
    house.clock.tick()
    assert execution.state == RUNNING  # it may still be in hand
    later(house, seconds=6)
    house.clock.tick()
    house.clock.tick()
    slack.wait_for(lambda: execution.state == DONE, timeout=30)
    sees("Tom", "Kept as note 1", None)
    house.messenger.carry()
    assert completions(slack) == 1


def test_a_step_whose_words_never_came_is_told_so_once_slack_has_given_up(
    slack: LocalSlack, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object) -> Any:
        raise OperationalError("", None, Exception())

    monkeypatch.setattr(house.logbook, "keep", die)
    execution = slack.run_step("Tom", relaying.STEP, {"words": "The gate is stuck"})
    later(house, minutes=9)
    house.clock.tick()
    house.messenger.carry()
    assert execution.state == RUNNING
    later(house, minutes=2)
    house.clock.tick()
    slack.wait_for(lambda: execution.state == FAILED, timeout=30)
    assert "G-" in execution.error


def later(house: House, **by: float) -> None:
    now = house.logbook.clock
    house.logbook.clock = house.messenger.clock = lambda: now() + timedelta(**by)


def test_no_table_and_no_log_has_what_is_raw(house: House, runs: Runs, caplog: pytest.LogCaptureFixture) -> None:
    runs(words="My name is Zebedee Quux, ring me on 07700 900123", person=TOM)
    with house.database.engine.connect() as connection:
        tables = [row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        held = str([connection.execute(text(f'SELECT * FROM "{name}"')).fetchall() for name in tables])
    assert "900123" not in held + caplog.text
