"""Colleagues are left out of notes too: the product knows who works here, and keeps that to itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, Person
from storage import notes
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]


def the_note(house: House) -> str:
    with house.database.reading() as session:
        return list(notes.everything(session, workspace=LARKMOOR))[-1].verbatim


def test_a_new_colleague_is_known_at_once(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Zyndra starts today, and is in no list of names: nobody reads about her."""
    slack.welcome(Person("U0ZYNDRA001", "Zyndra Qelmish", LARKMOOR))
    slack.command("Asha", "/improve", "zyndra has to type every job twice", channel="#repairs-line")
    sees("Asha", "Kept as note 1", "#repairs-line")
    assert the_note(house) == "[name] has to type every job twice"


def test_everyone_is_known_by_the_first_tick(
    slack: LocalSlack, house: House, sees: Sees, caplog: pytest.LogCaptureFixture
) -> None:
    """Names are read from Slack page by page, and no log has them."""
    caplog.set_level(logging.DEBUG, logger="bot")
    for number, name in enumerate(("Quorvix Ambelton", "Will Prenderghast")):
        slack.workspaces[0].people[f"U0MORE{number:05}"] = Person(f"U0MORE{number:05}", name, LARKMOOR)
    slack.command("Asha", "/improve", "We need a second key", channel="#repairs-line")
    sees("Asha", "Kept as note 1", "#repairs-line")
    house.clock.tick()
    words = "ambelton and Will have the only key, will we get another"
    slack.command("Asha", "/improve", words, channel="#repairs-line")
    sees("Asha", "Kept as note 2", "#repairs-line")
    assert the_note(house) == "[name] and [name] have the only key, will we get another"
    assert "ambelton" not in caplog.text.casefold()
