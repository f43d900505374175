"""People write to the bot: messages, replies, edits and mentions, and nothing of it is lost or doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from storage import notes

Sees = Callable[..., Message]


def kept(house: House) -> list[tuple[int, str, str]]:
    """Number, words and remarks of every note."""
    with house.database.reading() as session:
        return [(n.number, n.verbatim, n.comment) for n in notes.everything(session, workspace="T0LARKMOOR")]


def hears(slack: LocalSlack, person: str, words: str) -> Message:
    """Waits for what the bot says in somebody's direct messages."""
    said = slack.wait_for(lambda: slack.sees(person).saying(words), timeout=30)
    assert said is not None
    return said


def test_a_reply_in_a_notes_thread_is_a_remark_on_it(slack: LocalSlack, house: House) -> None:
    """Beside the customer's words and never in them; once, however often Slack delivers it; redacted like them."""
    told = slack.message("Asha", "My parcel never came on Tuesday").shown
    hears(slack, "Asha", "Kept as note 1")
    slack.message("Asha", "Mrs Patel rang on 07700 900123 about it", thread_ts=told.ts)
    slack.redeliver()
    slack.redeliver()
    hears(slack, "Asha", "Added to note 1.")
    slack.settle()
    assert kept(house) == [(1, "My parcel never came on Tuesday", "[name] rang on [phone] about it")]
    assert [m.words for m in slack.sees("Asha")].count("Added to note 1.") == 1


def test_a_reply_to_a_receipt_is_a_remark_on_its_note(
    slack: LocalSlack, house: House, finished: Callable[[], None]
) -> None:
    """As natural as a reply to one's own message; also after an edit, and where the note came from elsewhere."""
    house.messenger.stop()

    def carried() -> None:
        finished()
        house.messenger.carry()

    told = slack.message("Asha", "My parcel never came on Tuesday").shown
    carried()
    receipt = hears(slack, "Asha", "Kept as note 1")
    slack.message("Asha", "he rang twice last week as well", thread_ts=receipt.ts)
    slack.redeliver()
    slack.edit("Asha", told, "My parcel never came on Wednesday")
    carried()
    slack.message("Asha", "and nobody ever rang him back", thread_ts=receipt.ts)
    slack.fail_next("response_url", status=500)
    slack.command("Asha", "/demand", "When do you open?")
    carried()
    slack.message("Asha", "she asked about Sundays", thread_ts=hears(slack, "Asha", "Kept as note 2").ts)
    carried()
    assert kept(house) == [
        (1, "My parcel never came on Wednesday", "he rang twice last week as well\nand nobody ever rang him back"),
        (2, "When do you open?", "she asked about Sundays"),
    ]
    assert [m.words for m in slack.sees("Asha")].count("Added to note 1.") == 2


def test_an_edit_puts_the_note_right_while_it_is_fresh(slack: LocalSlack, house: House) -> None:
    told = slack.message("Asha", "My parcle never came on Tuesday").shown
    hears(slack, "Asha", "Kept as note 1")
    slack.edit("Asha", told, "My parcel never came on Wednesday, ring 07700 900123")
    slack.redeliver()
    hears(slack, "Asha", "My parcel never came on Wednesday, ring [phone]")
    slack.settle()
    assert kept(house) == [(1, "My parcel never came on Wednesday, ring [phone]", "")]
    assert sum("Kept as note 1" in m.words for m in slack.sees("Asha")) == 1  # the receipt, as it is now


def test_a_deleted_message_takes_its_fresh_note_back(slack: LocalSlack, house: House) -> None:
    told = slack.message("Asha", "My parcel never came on Tuesday").shown
    hears(slack, "Asha", "Kept as note 1")
    slack.delete("Asha", told)
    hears(slack, "Asha", "note 1 is taken back")
    assert kept(house) == []


def test_after_a_quarter_of_an_hour_a_note_stays_as_it_was(slack: LocalSlack, house: House) -> None:
    """And whoever edits the message is told how to take the note back."""
    told = slack.message("Asha", "My parcel never came on Tuesday").shown
    hears(slack, "Asha", "Kept as note 1")
    now = house.logbook.clock
    house.logbook.clock = lambda: now() + timedelta(minutes=16)
    slack.edit("Asha", told, "My parcel never came on Friday at all")
    hears(slack, "Asha", "stays as it was")
    assert kept(house) == [(1, "My parcel never came on Tuesday", "")]


def test_a_fragment_is_answered_with_help_and_can_still_be_kept(slack: LocalSlack, house: House) -> None:
    slack.message("Asha", "boiler again")
    answer = hears(slack, "Asha", "Pass on what customers really ask for")
    assert kept(house) == []
    slack.press("Asha", answer, "Keep what I typed as a note")
    slack.wait_for(lambda: kept(house), timeout=30)
    assert kept(house) == [(1, "boiler again", "")]


def test_a_fragment_that_was_kept_is_the_note_of_its_message(slack: LocalSlack, house: House) -> None:
    """So an edit puts it right, and its receipt; and a deletion takes it back."""
    told = slack.message("Asha", "no heating").shown
    slack.press("Asha", hears(slack, "Asha", "Pass on what customers"), "Keep what I typed as a note")
    receipt = hears(slack, "Asha", "Kept as note 1")
    slack.edit("Asha", told, "no heating in the flat")
    slack.wait_for(lambda: "no heating in the flat" in receipt.words, timeout=30)
    assert kept(house) == [(1, "no heating in the flat", "")]
    assert sum("Kept as note" in m.words for m in slack.sees("Asha")) == 1
    slack.delete("Asha", told)
    hears(slack, "Asha", "note 1 is taken back")
    assert kept(house) == []


def test_a_fragment_that_was_edited_into_a_note_is_not_kept_twice(
    slack: LocalSlack, house: House, finished: Callable[[], None]
) -> None:
    told = slack.message("Asha", "no heating").shown
    helped = hears(slack, "Asha", "Pass on what customers")
    slack.edit("Asha", told, "no heating in the flat")
    hears(slack, "Asha", "Kept as note 1")
    slack.press("Asha", helped, "Keep what I typed as a note")
    finished()
    assert kept(house) == [(1, "no heating in the flat", "")]


def test_a_mention_in_a_channel_is_a_note_that_only_its_writer_hears_of(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """One note and one receipt, although Slack may tell of it three times."""
    slack.message("Tom", "@Groundswell a lady asks whether we open on Saturdays", "#front-desk")
    slack.redeliver()
    slack.redeliver()
    sees("Tom", "Kept as note 1", "#front-desk")
    slack.settle()
    assert kept(house) == [(1, "a lady asks whether we open on Saturdays", "")]
    assert sum("Kept as note 1" in m.words for m in slack.sees("Tom", "#front-desk")) == 1
    assert slack.sees("Asha", "#front-desk").saying("Kept as note 1") is None


def test_a_bare_mention_is_answered_with_help(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.message("Tom", "@Groundswell hello", "#front-desk")
    sees("Tom", "Pass on what customers really ask for", "#front-desk")
    assert kept(house) == []
