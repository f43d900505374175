"""Something has changed since a message was written: whoever presses a button there sees what is true now, in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import House
from bot.blocks import tag_form
from bot.playground import controls
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from storage import notes
from tests.conftest import LARKMOOR
from tests.journeys.test_themes import found  # noqa: F401

Sees = Callable[..., Message]
GONE = "That note is no longer here. Nothing else has changed."
THEME_GONE = "That theme is no longer there: it was merged or taken back meanwhile."


def becomes(slack: LocalSlack, message: Message, words: str) -> None:
    """Waits until that very message says this."""
    slack.wait_for(lambda: words in message.words, timeout=30)


def labels(message: Message) -> list[str]:
    return [element["text"]["text"] for _, element in controls.on(message.blocks) if element["type"] == "button"]


def kept(house: House) -> list[str]:
    with house.database.reading() as session:
        return [note.verbatim for note in notes.everything(session, workspace=LARKMOOR)]


@pytest.fixture
def receipt(slack: LocalSlack, house: House, sees: Sees) -> Message:
    """A receipt in Asha's direct messages."""
    slack.message("Asha", "Where is my parcel? It was to come on Tuesday")
    return sees("Asha", "Kept as note 1", None)


@pytest.mark.parametrize("pressed", ["Change", "Undo", "Add detail"])
def test_the_receipt_of_a_note_that_is_gone_says_so_itself(
    slack: LocalSlack, house: House, sees: Sees, receipt: Message, pressed: str
) -> None:
    """Taken back elsewhere: the receipt turns into a sentence, its buttons go, and nothing more is said below it."""
    slack.command("Asha", "/demand", "undo")
    sees("Asha", "Taken back")
    before = len(slack.sees("Asha"))
    slack.press("Asha", receipt, pressed)
    becomes(slack, receipt, GONE)
    assert labels(receipt) == []
    assert len(slack.sees("Asha")) == before


def test_a_form_that_stood_open_while_its_note_went_tells_the_receipt_too(
    slack: LocalSlack, house: House, sees: Sees, receipt: Message
) -> None:
    slack.press("Asha", receipt, "Add detail")
    form = slack.wait_for(lambda: (v := slack.sees("Asha").view) and "What mattered" in v.words and v, timeout=30)
    slack.command("Asha", "/demand", "undo")
    sees("Asha", "Taken back")
    slack.submit("Asha", form, {"what_matters": "To know by Friday"})
    becomes(slack, receipt, GONE)


def test_keeping_several_asks_apart_twice_leaves_their_receipts_alone(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    slack.command("Asha", "/demand", "Where's my parcel? And can you change the name on my account?")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Keep as 2 notes")
    first, second = sees("Asha", "Kept as note 2"), sees("Asha", "Kept as note 3")
    slack.redeliver()
    slack.settle()
    assert ["Kept as note 2" in first.words, "Kept as note 3" in second.words] == [True, True]
    assert slack.sees("Asha", "#general").saying("no longer here") is None


def test_what_was_several_asks_and_is_one_now_stays_one(
    slack: LocalSlack, house: House, sees: Sees, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words were edited, and the receipt that still offers to keep two is older than that."""
    told = slack.message("Asha", "Where's my parcel? And can you change the name on my account?").shown
    receipt = sees("Asha", "Keep as 2 notes", None)
    as_it_was = list(receipt.blocks)
    assert isinstance(told, Message)
    slack.edit("Asha", told, "Where is my parcel, please?")
    becomes(slack, receipt, "Where is my parcel, please?")
    receipt.blocks = as_it_was
    slack.press("Asha", receipt, "Keep as 2 notes")
    becomes(slack, receipt, "there is one ask in them now")
    assert kept(house) == ["Where is my parcel, please?"]


def test_a_theme_that_was_merged_meanwhile_gives_way_to_those_that_are_there(
    slack: LocalSlack,
    house: House,
    sees: Sees,
    found: str,  # noqa: F811
) -> None:
    slack.command("Tom", "/groundswell", f"theme {found}")
    card = sees("Tom", "Heard in 1 of the last 12 weeks")
    as_it_was = list(card.blocks)
    names = house.logbook.librarian.names(LARKMOOR)
    [mine] = [theme for theme, name in names.items() if name == found]
    other = next(theme for theme in names if theme != mine)
    house.logbook.librarian.change(LARKMOOR, lambda book: book.merge(other, mine))
    for pressed in ("Name it", "Merge with…", "Split", "Pin"):
        card.blocks = as_it_was
        slack.press("Tom", card, pressed)
        becomes(slack, card, THEME_GONE)
        assert "Open" in labels(card)
    assert slack.sees("Tom").view is None


def test_a_theme_that_went_while_one_was_choosing_is_not_chosen(
    slack: LocalSlack,
    house: House,
    sees: Sees,
    found: str,  # noqa: F811
) -> None:
    slack.command("Tom", "/demand", "Is the key safe still broken?")
    slack.press("Tom", sees("Tom", "Is the key safe still broken?"), "Change")
    choice = sees("Tom", "Your word stands")
    names = house.logbook.librarian.names(LARKMOOR)
    [mine] = [theme for theme, name in names.items() if name == found]
    other = next(theme for theme in names if theme != mine)
    house.logbook.librarian.change(LARKMOOR, lambda book: book.merge(other, mine))
    slack.press("Tom", choice, tag_form.ABOUT, found)
    becomes(slack, choice, THEME_GONE)
    assert "Is the key safe still broken?" in choice.words
