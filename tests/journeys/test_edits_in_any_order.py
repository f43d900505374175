"""Slack promises no order and may deliver everything thrice: edits and deletions are taken for what they are."""

from __future__ import annotations

from datetime import timedelta

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from tests.journeys.test_writing_to_the_bot import hears, kept


def said(slack: LocalSlack, words: str, *, thread_ts: str | None = None) -> Message:
    """What Asha has just written to the bot."""
    shown = slack.message("Asha", words, thread_ts=thread_ts).shown
    assert isinstance(shown, Message)
    return shown


def much_later(house: House) -> None:
    """The clock moves on by more than a quarter of an hour."""
    now = house.logbook.clock
    house.logbook.clock = lambda: now() + timedelta(minutes=16)


def times(slack: LocalSlack, words: str) -> int:
    return sum(words in message.words for message in slack.sees("Asha"))


def test_an_edit_that_arrives_before_its_message_is_what_is_kept(slack: LocalSlack, house: House) -> None:
    """One note with the words as they are now, and one receipt."""
    slack.hold()
    message = said(slack, "My parcle never came on Tuesday")
    slack.edit("Asha", message, "My parcel never came on Wednesday")
    posted, edited = slack.deliveries[-2:]
    slack.redeliver(edited)
    hears(slack, "Asha", "Kept as note 1")
    slack.redeliver(posted)
    slack.release()
    slack.settle()
    house.messenger.carry()
    assert kept(house) == [(1, "My parcel never came on Wednesday", "")]
    assert times(slack, "Kept as note") == 1


def test_an_older_edit_never_overwrites_newer_words(slack: LocalSlack, house: House) -> None:
    """Edited twice in a row, and the first of the two arrives last, twice over; the receipt shows the newer words."""
    message = said(slack, "My parcel never came on Tuesday")
    receipt = hears(slack, "Asha", "Kept as note 1")
    slack.hold()
    slack.edit("Asha", message, "My parcel never came on Wednesday")
    slack.edit("Asha", message, "My parcel never came on Thursday")
    slack.release()
    slack.redeliver(-2)
    slack.wait_for(lambda: "Thursday" in receipt.words, timeout=30)
    slack.settle()
    house.messenger.carry()
    assert kept(house) == [(1, "My parcel never came on Thursday", "")]
    assert "Thursday" in receipt.words
    assert times(slack, "Kept as note") == 1


def test_edits_that_all_arrive_before_their_message_leave_the_newest_words(slack: LocalSlack, house: House) -> None:
    slack.hold()
    message = said(slack, "My parcel never came on Tuesday")
    slack.edit("Asha", message, "My parcel never came on Wednesday")
    slack.edit("Asha", message, "My parcel never came on Thursday")
    slack.release()
    hears(slack, "Asha", "Kept as note 1")
    slack.settle()
    house.messenger.carry()
    assert kept(house) == [(1, "My parcel never came on Thursday", "")]
    assert times(slack, "Kept as note") == 1


def test_an_edit_that_changes_back_what_an_older_one_changed_stands(slack: LocalSlack, house: House) -> None:
    """The newer one says what the note says already; that makes it no less the latest."""
    message = said(slack, "My parcel never came on Tuesday")
    hears(slack, "Asha", "Kept as note 1")
    slack.hold()
    slack.edit("Asha", message, "My parcel never came on Wednesday")
    slack.edit("Asha", message, "My parcel never came on Tuesday")
    slack.release()
    slack.settle()
    assert kept(house) == [(1, "My parcel never came on Tuesday", "")]


def test_a_message_that_was_deleted_before_it_arrived_is_not_kept(slack: LocalSlack, house: House) -> None:
    slack.hold()
    message = said(slack, "My parcel never came on Tuesday")
    slack.delete("Asha", message)
    slack.release()
    slack.settle()
    house.messenger.carry()
    assert kept(house) == []
    assert times(slack, "Kept as note") == 0


def test_a_greeting_that_is_edited_into_a_note_is_kept_once(slack: LocalSlack, house: House) -> None:
    message = said(slack, "hello")
    hears(slack, "Asha", "Pass on what customers really ask for")
    slack.edit("Asha", message, "A lady asks whether we open on Saturdays")
    slack.redeliver()
    hears(slack, "Asha", "Kept as note 1")
    slack.settle()
    assert kept(house) == [(1, "A lady asks whether we open on Saturdays", "")]
    assert times(slack, "Kept as note") == 1


def test_an_edit_cannot_bring_back_what_was_taken_back(slack: LocalSlack, house: House) -> None:
    message = said(slack, "My parcel never came on Tuesday")
    slack.press("Asha", hears(slack, "Asha", "Kept as note 1"), "Undo")
    hears(slack, "Asha", "Taken back")
    slack.edit("Asha", message, "My parcel never came on Wednesday")
    slack.settle()
    assert kept(house) == []


def test_a_late_deletion_leaves_the_note_and_says_once_how_to_take_it_back(slack: LocalSlack, house: House) -> None:
    message = said(slack, "My parcel never came on Tuesday")
    hears(slack, "Asha", "Kept as note 1")
    much_later(house)
    slack.delete("Asha", message)
    slack.redeliver()
    slack.redeliver()
    hears(slack, "Asha", "`/demand mine` lets you take it back")
    slack.settle()
    assert kept(house) == [(1, "My parcel never came on Tuesday", "")]
    assert times(slack, "stays as it was") == 1


def test_a_late_edit_is_answered_once_however_often_it_arrives(slack: LocalSlack, house: House) -> None:
    message = said(slack, "My parcel never came on Tuesday")
    hears(slack, "Asha", "Kept as note 1")
    much_later(house)
    slack.edit("Asha", message, "My parcel never came on Friday at all")
    slack.redeliver()
    slack.redeliver()
    hears(slack, "Asha", "stays as it was")
    slack.settle()
    assert times(slack, "stays as it was") == 1


def test_a_note_in_a_script_without_spaces_is_a_note(slack: LocalSlack, house: House) -> None:
    """Spaces are not what makes words: this asks where the parcel is, and the greeting after it is still a greeting."""
    said(slack, "我的快递在哪里")
    hears(slack, "Asha", "Kept as note 1")
    said(slack, "谢谢")
    hears(slack, "Asha", "Pass on what customers really ask for")
    assert kept(house) == [(1, "我的快递在哪里", "")]
