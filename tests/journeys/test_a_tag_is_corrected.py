"""Someone sees that we misheard. Their word stands; and what they take back is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.app import House
from bot.logbook import Submission
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.vocabulary import DemandKind, ImprovementKind, NoteType
from storage import contributors, notes, tags
from storage.columns import TagSource
from storage.models import Tag
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]


def standing(house: House) -> Tag | None:
    with house.database.reading() as session:
        [note] = notes.everything(session, workspace=LARKMOOR)
        return tags.standing(session, note)


def test_two_taps_and_it_is_changed(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Change, choose, done: the receipt says so in its place, and the word stands."""
    slack.command("Asha", "/demand", "Did you get the form I posted last week?")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Change")
    slack.press("Asha", sees("Asha", "Your word stands"), "note_kind", "Again")
    sees("Asha", "failure demand (again)* · as you said")
    tag = standing(house)
    assert tag is not None
    assert (tag.kind, tag.source) == (DemandKind.AGAIN, TagSource.PERSON)
    assert len(slack.sees("Asha", "#general").ephemerals) == 1


def test_a_note_can_turn_out_to_be_no_demand_at_all(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Tom", "/demand", "The printer at the desk is down again all morning")
    slack.press("Tom", sees("Tom", "Kept as note 1"), "Change")
    slack.press("Tom", sees("Tom", "Your word stands"), "note_kind", "Blocker")
    sees("Tom", "an improvement note (blocker)")
    tag = standing(house)
    assert tag is not None
    assert tag.kind is ImprovementKind.BLOCKER


def test_changing_ones_mind_twice_the_last_word_stands(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "Did you get the form I posted last week?")
    for choice in ("Again", "Chase"):
        slack.press("Asha", sees("Asha", "Kept as note 1"), "Change")
        slack.press("Asha", sees("Asha", "Your word stands"), "note_kind", choice)
    sees("Asha", "failure demand (chase)")
    tag = standing(house)
    assert tag is not None
    assert tag.kind is DemandKind.CHASE


def test_leaving_it_as_it_is_brings_the_receipt_back(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "Did you get the form I posted last week?")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Change")
    slack.press("Asha", sees("Asha", "Your word stands"), "Leave it as it is")
    sees("Asha", "Kept as note 1")
    tag = standing(house)
    assert tag is not None
    assert tag.source is TagSource.TAGGER


def test_undo_takes_the_words_back_for_good(slack: LocalSlack, house: House, sees: Sees) -> None:
    """The note, its tags and who wrote it are gone; a late second delivery cannot bring it back."""
    slack.command("Asha", "/demand", "Where is my parcel?")
    sent = slack.deliveries[-1]
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Undo")
    sees("Asha", "Taken back. The words are gone.")
    slack.redeliver(sent)
    with house.database.reading() as session:
        assert list(notes.everything(session, workspace=LARKMOOR)) == []
        assert notes.search(session, ["parcel"], workspace=LARKMOOR) == []
        assert contributors.own_notes(session, workspace=LARKMOOR, person="U0ASHA00001") == []


def test_pressing_undo_twice_is_answered_kindly(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "Where is my parcel?")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Undo")
    sees("Asha", "Taken back")
    slack.redeliver()
    sees("Asha", "That note is no longer here. Nothing else has changed.")


def test_pressing_the_same_choice_twice_says_it_once(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "Did you get the form I posted last week?")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Change")
    slack.press("Asha", sees("Asha", "Your word stands"), "note_kind", "Again")
    sees("Asha", "failure demand (again)* · as you said")
    slack.redeliver()
    with house.database.reading() as session:
        assert tags.how_many_corrections(session, workspace=LARKMOOR) == 1


def test_a_receipt_in_a_direct_message_can_be_changed_just_as_well(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.message("Asha", "Did you get the form I posted last week?")
    slack.press("Asha", sees("Asha", "Kept as note 1", None), "Change")
    slack.press("Asha", sees("Asha", "Your word stands", None), "note_kind", "Again")
    sees("Asha", "failure demand (again)* · as you said", None)


def test_what_people_correct_is_what_the_tagger_learns_from(slack: LocalSlack, house: House, sees: Sees) -> None:
    """After a few corrections of the same sort, the next note of that sort is heard as people meant it."""
    said = "Ringing about the quarterly gas safety check at flat {}"
    for flat in range(6):
        slack.command("Asha", "/demand", said.format(flat))
        slack.press("Asha", sees("Asha", f"Kept as note {flat + 1}*"), "Change")
        slack.press("Asha", sees("Asha", f"What is note {flat + 1} really about"), "note_kind", "Chase")
        sees("Asha", f"Kept as note {flat + 1}* · *failure demand (chase)* · as you said")
    house.logbook.learn()  # as it does by itself within the minute
    slack.command("Asha", "/demand", said.format("12"))
    assert "failure demand (chase)" in sees("Asha", "Kept as note 7").words


def test_what_a_note_is_about_is_chosen_from_the_themes_that_are_there(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """Two taps, in customers' words; what kind of note it is stays as it stood."""
    said = [
        Submission(key=str(n), workspace=LARKMOOR, by=None, told_as=NoteType.DEMAND, words=words)
        for n, words in enumerate([f"Where is my parcel, it is day {n}" for n in range(15)])
    ]
    said += [replace(one, key=f"bin {one.key}", words=f"My bin was not emptied in week {one.key}") for one in said]
    house.logbook.keep_all(said)
    house.logbook.find_themes()
    names = house.logbook.librarian.names(LARKMOOR)
    slack.command("Asha", "/demand", "Did you get the form I posted last week?")
    slack.press("Asha", sees("Asha", "Kept as note 31"), "Change")
    slack.press("Asha", sees("Asha", "Your word stands"), "note_theme", next(iter(names.values())))
    told = sees("Asha", "as you said")
    assert f"*Kept as note 31* · *failure demand (chase)* · “{next(iter(names.values()))}” · as you said" in told.words
    with house.database.reading() as session:
        note = notes.search(session, ["form", "posted"], workspace=LARKMOOR)[0]
        tag = tags.standing(session, note)
    assert tag is not None
    assert (tag.theme, tag.kind, tag.source) == (next(iter(names.values())), DemandKind.CHASE, TagSource.PERSON)
