"""People add what they know to a note, and put back what was left out by mistake."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlmodel import Session

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, View
from storage import notes
from storage.columns import Settled
from storage.models import Note

Sees = Callable[..., Message]


def shown(slack: LocalSlack, to: str = "Asha") -> View:
    """The form in front of somebody."""
    view = slack.wait_for(lambda: slack.sees(to).view)
    assert view is not None
    return view


def shows(slack: LocalSlack, words: str, to: str = "Asha") -> None:
    """Waits until the form in front of somebody says this."""
    slack.wait_for(lambda: any(words in str(block) for block in shown(slack, to).blocks))


def only_note(house: House) -> Note:
    with house.database.reading() as session:
        [note] = notes.everything(session, workspace="T0LARKMOOR")
    return note


def test_the_form_has_one_field_and_the_rest_behind_more(slack: LocalSlack, house: House, sees: Sees) -> None:
    """What was typed before stays, and everything beyond the words is optional and redacted like them."""
    slack.command("Asha", "/demand")
    form = shown(slack)
    slack.fill("Asha", form, {"words": "She still waits for the plumber"})
    slack.press("Asha", form, "More")
    shows(slack, "What mattered")
    slack.submit(
        "Asha",
        shown(slack),
        {
            "what_matters": "a warm flat before Mrs Patel comes home",
            "first_asked_on": "2026-04-20",
            "settled": "PASSED_ON",
            "first_hand": "True",
        },
    )
    sees("Asha", "Kept as note 1")
    note = only_note(house)
    assert note.verbatim == "She still waits for the plumber"
    assert note.what_matters == "a warm flat before [name] comes home"
    assert (note.first_asked_on, note.settled, note.first_hand) == (date(2026, 4, 20), Settled.PASSED_ON, True)


def test_a_process_that_dies_once_the_words_are_safe_has_kept_the_detail_too(
    slack: LocalSlack, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form is kept in one transaction: here it is the last that ever succeeds."""
    slack.command("Asha", "/demand")
    form = shown(slack)
    slack.fill("Asha", form, {"words": "She still waits for the plumber"})
    slack.press("Asha", form, "More")
    shows(slack, "What mattered")
    kept_in, transaction = [], house.database.transaction

    def the_last() -> AbstractContextManager[Session]:
        if kept_in:
            raise OSError("the process is gone")
        kept_in.append(True)
        return transaction()

    monkeypatch.setattr(house.database, "transaction", the_last)
    slack.submit(
        "Asha", shown(slack), {"what_matters": "a warm flat", "in_the_way": "Mr Patel's form", "settled": "COMES_BACK"}
    )
    slack.settle()
    monkeypatch.undo()
    note = only_note(house)
    assert (note.what_matters, note.settled) == ("a warm flat", Settled.COMES_BACK)
    assert note.in_the_way == "[name]'s form"


def test_a_day_to_come_stays_in_the_form_with_a_sentence(slack: LocalSlack, house: House) -> None:
    slack.command("Asha", "/demand")
    form = shown(slack)
    slack.fill("Asha", form, {"words": "She still waits for the plumber"})
    slack.press("Asha", form, "More")
    shows(slack, "What mattered")
    answer = slack.submit("Asha", shown(slack), {"first_asked_on": "2999-01-01"})
    assert "That day is still to come" in str(answer.body)
    assert slack.sees("Asha").view is not None


def test_detail_is_added_to_a_kept_note_and_the_receipt_follows(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "The lift is out of order again")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Add detail")
    shows(slack, "What got in the way")
    slack.submit("Asha", shown(slack), {"in_the_way": "nobody may order the part"})
    slack.settle()
    assert only_note(house).in_the_way == "nobody may order the part"


@pytest.mark.parametrize("moved_on", ["not_found", "hash_conflict"])
def test_whoever_closed_the_form_before_it_was_filled_hears_of_no_fault(
    slack: LocalSlack, finished: Callable[[], None], sees: Sees, caplog: pytest.LogCaptureFixture, moved_on: str
) -> None:
    slack.command("Asha", "/demand", "The lift is out of order again")
    receipt = sees("Asha", "Kept as note 1")
    slack.fail_next("views.update", error=moved_on)
    slack.press("Asha", receipt, "Add detail")
    finished()
    assert slack.calls[-1].method == "views.update"
    assert caplog.records == []
    assert slack.sees("Asha", "#general").messages[-1].words == receipt.words


def test_a_form_that_stood_open_too_long_is_answered_in_a_direct_message(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """Slack lets nobody answer in a receipt's place after half an hour: it comes anew, with all its buttons."""
    slack.command("Asha", "/demand", "The lift is out of order again")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Add detail")
    shows(slack, "What got in the way")
    slack.fail_next("response_url", status=404)
    slack.submit("Asha", shown(slack), {"in_the_way": "nobody may order the part"})
    sees("Asha", "The lift is out of order again", None)
    assert only_note(house).in_the_way == "nobody may order the part"


def test_what_was_left_out_by_mistake_is_typed_again_and_put_back(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Nothing raw is kept to unmask from; and a phone number stays out, whoever types it."""
    slack.command("Asha", "/demand", "Ring Mrs Patel about the garden waste bin please")
    slack.press("Asha", sees("Asha", "Ring [name] about"), "Add detail")
    shows(slack, "Left out by mistake")
    refused = slack.submit("Asha", shown(slack), {"mistaken": "0", "typed_again": "07700 900123"})
    assert "so it stays out" in str(refused.body)
    slack.submit("Asha", shown(slack), {"mistaken": "0", "typed_again": "the council"})
    slack.settle()
    assert only_note(house).verbatim == "Ring the council about the garden waste bin please"


def test_a_note_that_was_taken_back_has_nothing_to_add_to(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "The lift is out of order again")
    receipt = sees("Asha", "Kept as note 1")
    slack.command("Asha", "/demand", "undo")
    sees("Asha", "Taken back")
    slack.press("Asha", receipt, "Add detail")
    shows(slack, "That note is no longer here")


def test_two_asks_in_one_note_are_offered_as_two_notes(slack: LocalSlack, house: House, sees: Sees) -> None:
    """A chart counts asks: pressed, however often, the note becomes two, each with its own receipt."""
    slack.command("Asha", "/demand", "Where's my parcel? And can you change the name on my account?")
    whole = sees("Asha", "Kept as note 1")
    slack.press("Asha", whole, "Keep as 2 notes")
    sees("Asha", "Kept as note 2")
    sees("Asha", "Kept as note 3")
    slack.redeliver()
    slack.settle()
    with house.database.reading() as session:
        kept = [note.verbatim for note in notes.everything(session, workspace="T0LARKMOOR")]
    assert kept == ["Where's my parcel?", "can you change the name on my account?"]


def test_what_was_said_beside_a_note_stays_with_each_of_its_parts(slack: LocalSlack, house: House, sees: Sees) -> None:
    """And the channel, where that is a private one: only there may the words be quoted."""
    said = "Where's my parcel? And can you change the name on my account?"
    slack.command("Morgan", "/demand", said, channel="#managers")
    whole = sees("Morgan", "Kept as note 1", "#managers")
    slack.press("Morgan", whole, "Add detail")
    shows(slack, "What got in the way", "Morgan")
    slack.submit(
        "Morgan",
        shown(slack, "Morgan"),
        {"in_the_way": "two systems", "what_matters": "her birthday", "settled": "PASSED_ON"},
    )
    slack.settle()
    kept = only_note(house)
    slack.press("Morgan", whole, "Keep as 2 notes")
    sees("Morgan", "Kept as note 3", "#managers")
    with house.database.reading() as session:
        parts = list(notes.everything(session, workspace="T0LARKMOOR"))
    assert len(parts) == 2
    assert kept.heard_in
    assert {(notes.detail_of(part), part.private, part.heard_in) for part in parts} == {
        (notes.detail_of(kept), True, kept.heard_in)
    }


def test_a_note_that_blames_a_colleague_is_met_with_a_question_about_the_system(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    slack.command("Tom", "/improve", "Sam forgot to update the log again")
    told = sees("Tom", "What about the system made that likely")
    assert "Sam" not in told.words
