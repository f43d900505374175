"""What was said in a private channel counts, and is quoted nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.app import House
from bot.blocks import digest_card
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from digests import render, send
from storage import notes
from storage.columns import Audience
from storage.models import Note
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]
PRIVATE = "From a private channel"
SECRET = ("Zanzibar", "wombat", "quokka")


def every_note(house: House) -> list[Note]:
    with house.database.reading() as session:
        return list(notes.everything(session, workspace=LARKMOOR))


def test_private_is_what_is_passed_on_in_a_private_channel(slack: LocalSlack, house: House, sees: Sees) -> None:
    """By command, by shortcut and by mention; and the receipt says so."""
    slack.command("Morgan", "/demand", "the Zanzibar flat is cold", channel="#managers")
    sees("Morgan", PRIVATE, "#managers")
    said = slack.message("Morgan", "a wombat in the boiler room again", "#managers").shown
    assert isinstance(said, Message)
    slack.shortcut("Morgan", "pass_on_message", said)
    form = slack.wait_for(lambda: slack.sees("Morgan").view)
    assert form is not None
    slack.submit("Morgan", form)
    slack.message("Morgan", "@Groundswell three quokka calls about the boiler", "#managers")
    slack.wait_for(lambda: len([m for m in slack.sees("Morgan", "#managers") if PRIVATE in m.words]) == 3)
    assert [(note.private, note.heard_in, note.point) for note in every_note(house)] == [(True, "C0MANAGERS1", "")] * 3


def test_public_is_what_is_passed_on_in_a_public_one(slack: LocalSlack, house: House, sees: Sees) -> None:
    """A mention says nothing of its channel: that is looked up once the words are safe, and names the point."""
    slack.message("Tom", "@Groundswell a lady asks whether we open on Saturdays", "#front-desk")
    assert PRIVATE not in sees("Tom", "Kept as note 1", "#front-desk").words
    slack.command("Tom", "/demand", "is the lift mended yet", channel="#front-desk")
    sees("Tom", "Kept as note 2", "#front-desk")
    slack.message("Tom", "is anybody there on Sundays")
    sees("Tom", "Kept as note 3", None)
    assert [(note.private, note.point) for note in every_note(house)] == [
        (False, "#front-desk"),
        (False, "#front-desk"),
        (False, ""),
    ]


def test_until_slack_has_said_what_a_channel_is_a_mention_there_is_private(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    slack.fail_next("conversations.info", status=500)
    slack.message("Tom", "@Groundswell a lady asks whether we open on Saturdays", "#front-desk")
    sees("Tom", "Kept as note 1", "#front-desk")
    assert [note.private for note in every_note(house)] == [True]


@pytest.mark.parametrize("audience", list(Audience))
def test_no_digest_and_no_search_quotes_it_but_its_own_channel(
    slack: LocalSlack, house: House, sees: Sees, audience: Audience
) -> None:
    """A whole week of private words: all of them count, none is quoted; in their own channel they are no secret."""
    for n in range(6):
        slack.command("Morgan", "/demand", f"still waiting for the {SECRET[n % 3]} repair {n}", channel="#managers")
        slack.command("Morgan", "/improve", f"the {SECRET[n % 3]} form gets in the way {n}", channel="#managers")
    slack.wait_for(lambda: len([m for m in slack.sees("Morgan", "#managers") if PRIVATE in m.words]) == 12, timeout=60)
    house.logbook.find_themes()
    now = house.logbook.clock() + timedelta(minutes=1)

    def told(channel: str) -> str:
        digest = send.compose_now(house.database, workspace=LARKMOOR, audience=audience, now=now, channel=channel)
        assert digest is not None
        assert digest.heard.notes == 12
        forms = [render.as_text(digest), render.as_html(digest), render.as_json(digest), render.explained(digest)]
        return "".join([*forms, str(digest_card.build(digest)), str(digest.facts())])

    assert not any(word in told("C0IMPROVE01") for word in SECRET)
    assert any(word in told("C0MANAGERS1") for word in SECRET)
    slack.command("Asha", "/demand", "search wombat")
    assert "waiting" not in sees("Asha", "wombat").words
