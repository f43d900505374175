"""Someone passes on what a customer said. The words are kept, understood and shown back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from bot.app import House
from bot.blocks import receipt
from bot.desk import Entry
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.vocabulary import DemandKind
from storage import contributors, notes, tags
from storage.models import Note, Tag, Unit
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]


def kept(house: House) -> list[Note]:
    with house.database.reading() as session:
        return list(notes.everything(session, workspace=LARKMOOR))


def test_asha_types_a_command_and_sees_what_we_heard(slack: LocalSlack, house: House, sees: Sees) -> None:
    """One line, one answer that only she sees, with the words that led to it."""
    slack.command("Asha", "/demand", "I've rung three times and the boiler is still cold", channel="#repairs-line")
    receipt = sees("Asha", "Kept as note 1", "#repairs-line")
    assert receipt.only_for is not None
    assert re.fullmatch(r"Kept as note 1 · failure demand \(\w+\) · (quite sure|likely|not sure)", receipt.text)
    heard, words, *_more, small = receipt.blocks
    assert heard["text"]["text"].replace("*", "") == receipt.text
    assert "I've rung three times and the boiler is still cold" in words["text"]["text"]
    assert re.match("Because of “[^”]+”.* Only you see this", small["elements"][0]["text"])
    [note] = kept(house)
    assert note.verbatim == "I've rung three times and the boiler is still cold"
    assert note.point == "#repairs-line"


def test_an_improvement_note_is_heard_as_one(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command(
        "Tom",
        "/improve",
        "Could we text people the day before a visit? It would save a lot of calls",
        channel="#front-desk",
    )
    assert "improvement note" in sees("Tom", "Kept as note 1", "#front-desk").words


def test_a_bare_command_opens_a_form_with_one_field(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", channel="#general")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    slack.submit("Asha", form, {"words": "When does the office open?"})
    assert "When does the office open?" in sees("Asha", "Kept as note 1").words
    assert slack.sees("Asha").view is None


def test_a_form_without_words_says_so_at_the_field_and_stays_open(slack: LocalSlack, house: House) -> None:
    slack.command("Asha", "/demand")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    answer = slack.submit("Asha", form, {"words": "  …  "})
    assert "no words in that yet" in "".join(answer.errors.values())
    assert kept(house) == []


def test_a_message_can_be_passed_on_as_it_stands(slack: LocalSlack, house: House, sees: Sees) -> None:
    """The form opens with the message in it, as its author typed it."""
    said = slack.message("Tom", 'Customer: "is it <b>really</b> 9 & not 10?"', "#front-desk").shown
    assert isinstance(said, Message)
    slack.shortcut("Asha", "pass_on_message", said)
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    slack.submit("Asha", form, {})
    sees("Asha", "Kept as note 1", "#front-desk")
    assert kept(house)[0].verbatim == 'Customer: "is it <b>really</b> 9 & not 10?"'


def test_a_direct_message_is_a_note_and_gets_its_receipt(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.message("Asha", "Lady says nobody turned up on Tuesday and nobody rang")
    assert "nobody turned up on Tuesday" in sees("Asha", "Kept as note 1", None).words
    with house.database.reading() as session:
        [note] = notes.everything(session, workspace=LARKMOOR)
        assert contributors.wrote(session, note, person="U0ASHA00001")


def test_a_greeting_gets_help_and_is_not_kept(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.message("Asha", "hello!")
    sees("Asha", "Pass on what customers really ask for", None)
    assert kept(house) == []


def test_three_deliveries_make_one_note_and_one_receipt(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Slack may hand us the same thing again; nobody notices."""
    slack.message("Asha", "The lift is stuck again, third time this month")
    slack.redeliver()
    slack.redeliver()
    sees("Asha", "Kept as note 1", None)
    slack.command("Asha", "/demand", "Where is my rent letter?")
    slack.redeliver()
    slack.redeliver()
    sees("Asha", "Kept as note 2")
    house.messenger.carry()
    assert len(kept(house)) == 2
    assert len([m for m in slack.sees("Asha", None) if "Kept as note" in m.words]) == 1
    assert len([m for m in slack.sees("Asha", "#general") if "Kept as note" in m.words]) == 1


def test_what_identifies_people_is_left_out_before_anything_is_kept(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    slack.command("Asha", "/demand", "Mrs Patel on 07700 900123 says the gate is still broken")
    receipt = sees("Asha", "Kept as note 1")
    [note] = kept(house)
    for secret in ("Patel", "07700"):
        assert secret not in note.verbatim
        assert secret not in receipt.words
    assert "Left out before keeping" in receipt.words


@pytest.mark.parametrize(
    "words",
    [
        "<!channel> <!here> <@U0TOM000001> look at <https://example.com|this>",
        "متى سيأتي السباك؟ انتظرت أسبوعين",
        "*bold* _it_ ~no~ `code` > quote & <tag>",
        "line one\nline two\n\nline four",
    ],
)
def test_words_are_inert_wherever_they_are_shown(slack: LocalSlack, house: House, sees: Sees, words: str) -> None:
    """Nothing that a customer says can ring a bell, link anywhere or break the message."""
    slack.command("Asha", "/demand", words)
    receipt = sees("Asha", "Kept as note 1")
    shown = str(receipt.blocks) + receipt.text
    for alive in ("<!", "<@", "<http", "<tag>"):
        assert alive not in shown


def test_everyone_can_read_what_we_say(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Each message has text for notifications and screen readers, and each button says what it does."""
    slack.command("Asha", "/demand", "Can I pay my rent weekly?")
    receipt = sees("Asha", "Kept as note 1")
    assert receipt.text
    buttons = [e for b in receipt.blocks if b["type"] == "actions" for e in b["elements"] if e["type"] == "button"]
    assert all(button["accessibility_label"] for button in buttons)


def test_help_is_there_for_the_asking(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Tom", "/demand", "help")
    assert "Nobody is ever counted" in sees("Tom", "Pass on what customers really ask for").words
    assert kept(house) == []


def test_the_tag_comes_with_the_lens_it_was_seen_through(slack: LocalSlack, house: House, sees: Sees) -> None:
    """A suggestion says which tagger made it, so that a chart never mixes two."""
    slack.command("Tom", "/demand", "Can I pay my rent weekly?")
    sees("Tom", "Kept as note 1")
    with house.database.reading() as session:
        [note] = notes.everything(session, workspace=LARKMOOR)
        tag = tags.standing(session, note)
    assert tag is not None
    assert tag.tagger


def test_a_receipt_says_how_often_the_same_was_heard_and_from_how_many_points(now: datetime) -> None:
    """In the small print: three lines in all, and the first fits two rows of a phone."""
    note = Note(id=7, workspace=LARKMOOR, unit_id=1, number=1042, key="k", verbatim="Where is my refund?")
    tag = Tag(note_id=7, kind=DemandKind.CHASE, confidence=0.6, theme="where is my refund", because=["Where is my"])
    entry = Entry(note, tag, Unit(id=1, workspace=LARKMOOR), heard=(4, 3), next_digest=now)
    card = receipt.build(entry)
    assert card["text"] == "Kept as note 1042 · failure demand (chase) · “where is my refund” · likely"
    assert len(card["text"]) <= 80
    heard, _words, _buttons, small = card["blocks"]
    assert heard["text"]["text"] == ("*Kept as note 1042* · *failure demand (chase)* · “where is my refund” · likely")
    assert small["elements"][0]["text"].startswith(
        "Because of “Where is my”. Only you see this. Heard 4 times from 3 points in the last 12 weeks. Next digest: "
    )
