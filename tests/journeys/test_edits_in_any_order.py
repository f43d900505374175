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


TWO = "Where's my parcel? And can you change the name on my account?"


def kept_apart(slack: LocalSlack, house: House) -> Message:
    """A message of Asha's that she has kept as two notes."""
    message = said(slack, TWO)
    slack.press("Asha", hears(slack, "Asha", "Kept as note 1"), "Keep as 2 notes")
    hears(slack, "Asha", "Kept as note 3")
    assert [number for number, _words, _remarks in kept(house)] == [2, 3]
    return message


def test_a_deleted_message_takes_back_all_that_it_was_kept_as(slack: LocalSlack, house: House) -> None:
    message = kept_apart(slack, house)
    slack.delete("Asha", message)
    slack.redeliver()
    hears(slack, "Asha", "notes 2 and 3 are taken back")
    slack.settle()
    assert kept(house) == []
    assert times(slack, "You deleted that message") == 1


def test_what_is_left_of_a_message_that_became_several_notes_goes_with_it(slack: LocalSlack, house: House) -> None:
    message = kept_apart(slack, house)
    slack.press("Asha", hears(slack, "Asha", "Kept as note 2"), "Undo")
    hears(slack, "Asha", "Taken back")
    slack.delete("Asha", message)
    hears(slack, "Asha", "note 3 is taken back")
    assert kept(house) == []


def test_a_message_that_became_several_notes_is_deleted_too_late_for_all_of_them(
    slack: LocalSlack, house: House
) -> None:
    message = kept_apart(slack, house)
    much_later(house)
    slack.delete("Asha", message)
    hears(slack, "Asha", "stays as it was. `/demand mine` lets you take it back")
    assert len(kept(house)) == 2


def test_whoever_edits_a_message_that_became_several_notes_hears_once_that_they_stay(
    slack: LocalSlack, house: House
) -> None:
    """Which of them the edit is about, nobody can tell."""
    message = kept_apart(slack, house)
    before = kept(house)
    slack.edit("Asha", message, TWO.replace("name", "address"))
    slack.redeliver()
    hears(slack, "Asha", "You kept that message as several notes, so they stay as they were.")
    slack.settle()
    assert kept(house) == before
    assert times(slack, "several notes") == 1


def remarked(slack: LocalSlack) -> Message:
    """A remark of Asha's on a note of hers."""
    message = said(slack, "My parcel never came on Tuesday")
    hears(slack, "Asha", "Kept as note 1")
    remark = said(slack, "he rang twice last week as well", thread_ts=message.ts)
    hears(slack, "Asha", "Added to note 1.")
    return remark


def test_whoever_edits_or_deletes_a_remark_hears_that_it_stays_and_what_can_be_done(
    slack: LocalSlack, house: House
) -> None:
    """In its thread, and once for each, however often Slack tells of it and however late."""
    remark, stays = remarked(slack), "Your remark stays as it was."
    slack.edit("Asha", remark, "he rang three times last week")
    slack.redeliver()
    assert hears(slack, "Asha", stays).thread_ts == remark.thread_ts
    slack.settle()
    assert times(slack, stays) == 1
    now = house.logbook.clock
    house.logbook.clock = lambda: now() + timedelta(days=3)
    slack.message("Asha", "hello")  # what is older than two days is forgotten by such an act
    slack.settle()
    slack.delete("Asha", remark)
    slack.redeliver()
    slack.wait_for(lambda: times(slack, stays) == 2, timeout=30)
    slack.settle()
    assert times(slack, stays) == 2
    assert kept(house) == [(1, "My parcel never came on Tuesday", "he rang twice last week as well")]


def test_a_deleted_message_with_remarks_under_it_takes_its_note_back(slack: LocalSlack, house: House) -> None:
    """Slack leaves a tombstone over the replies, and calls that a change."""
    remark = remarked(slack)
    [message] = [told for told in slack.sees("Asha") if told.ts == remark.thread_ts]
    slack.delete("Asha", message)
    hears(slack, "Asha", "You deleted that message, so note 1 is taken back. The words are gone.")
    assert kept(house) == []


def test_a_remark_that_was_deleted_before_it_arrived_is_not_added(slack: LocalSlack, house: House) -> None:
    message = said(slack, "My parcel never came on Tuesday")
    hears(slack, "Asha", "Kept as note 1")
    slack.hold()
    slack.delete("Asha", said(slack, "he rang twice last week as well", thread_ts=message.ts))
    slack.release()
    slack.settle()
    assert kept(house) == [(1, "My parcel never came on Tuesday", "")]
    assert times(slack, "Your remark") + times(slack, "Added to note") == 0
