"""Outsiders are refused kindly at every door, and guests see what is theirs and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message, Person
from storage import notes
from storage.models import Note
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]
KIND_REFUSAL = "what an organisation's own people pass on, so nothing of this was kept"
SHARED = "People of another organisation are in this channel"


def kept(house: House) -> list[str]:
    """The words of every note that is there."""
    with house.database.reading() as session:
        return [note.verbatim for note in notes.everything(session, workspace=LARKMOOR)]


def anywhere(house: House, words: str) -> bool:
    """Whether these words lie in any note's row, taken back or not."""
    with house.database.reading() as session:
        every = [session.get(Note, number) for number in range(1, 20)]
    return any(note is not None and words in note.verbatim for note in every)


@pytest.fixture
def erin(slack: LocalSlack) -> Person:
    """Erin works for a contractor, and is here by Slack Connect."""
    person = Person("U0ERIN00001", "Erin", LARKMOOR, is_stranger=True, home_team_id="T0CONTRACTR")
    slack.workspaces[0].people[person.id] = person
    return person


@pytest.fixture
def guest(slack: LocalSlack) -> Person:
    """Gil is a guest at the front desk."""
    person = Person("U0GIL000001", "Gil", LARKMOOR, is_restricted=True)
    slack.workspaces[0].people[person.id] = person
    slack.workspaces[0].channels["C0FRONTDESK"].members.add(person.id)
    return person


def test_an_outsiders_words_are_not_kept_whichever_way_they_come(
    slack: LocalSlack, house: House, sees: Sees, erin: Person
) -> None:
    """A mention, a direct message: Slack says beside it whose they are."""
    desk = slack.channel("#front-desk", slack.person("Tom"))
    desk.members.add(erin.id)
    slack.message("Erin", "@Groundswell my invoice has never been paid", "#front-desk")
    sees("Erin", KIND_REFUSAL, "#front-desk")
    slack.message("Erin", "My invoice has never been paid")
    sees("Erin", KIND_REFUSAL, None)
    assert kept(house) == []
    assert not anywhere(house, "invoice")


def test_an_outsider_of_whom_slack_said_nothing_is_known_a_moment_later(
    slack: LocalSlack, house: House, sees: Sees, erin: Person
) -> None:
    """A command says nothing of its writer's team: the words are safe first, and taken back once Slack has said so.

    The next time nobody has to ask; and the words come back to whoever typed them.
    """
    desk = slack.channel("#front-desk", slack.person("Tom"))
    desk.members.add(erin.id)
    slack.command("Erin", "/demand", "my invoice has never been paid", channel="#front-desk")
    refused = sees("Erin", KIND_REFUSAL, "#front-desk")
    assert "my invoice has never been paid" in refused.words
    slack.command("Erin", "/demand", "search invoice", channel="#front-desk")
    slack.command("Erin", "/groundswell", "digest", channel="#front-desk")
    slack.shortcut("Erin", "pass_on_message", slack.message("Tom", "It leaks", "#front-desk").shown)  # type: ignore[arg-type]
    slack.settle()
    assert [m.words.count(KIND_REFUSAL) for m in slack.sees("Erin", "#front-desk")[:3]] == [1, 1, 1]
    assert slack.sees("Erin").view is None
    assert kept(house) == []
    assert not anywhere(house, "invoice")
    assert len(slack.called("users.info")) == 1


def test_an_outsider_does_not_come_in_by_editing_what_was_refused(
    slack: LocalSlack, house: House, sees: Sees, erin: Person
) -> None:
    said = slack.message("Erin", "My invoice has never been paid").shown
    sees("Erin", KIND_REFUSAL, None)
    assert isinstance(said, Message)
    slack.edit("Erin", said, "My invoice for March has never been paid")
    slack.wait_for(lambda: [KIND_REFUSAL in m.words for m in slack.sees("Erin", None)].count(True) == 2)
    assert kept(house) == []
    assert not anywhere(house, "invoice")


def test_an_outsiders_home_is_closed_in_a_friendly_way(slack: LocalSlack, house: House, erin: Person) -> None:
    slack.open_home("Erin")
    home = slack.wait_for(lambda: slack.sees("Erin").home)
    assert home is not None
    assert "for an organisation's own people" in home.words
    assert home.controls == []


def test_nothing_is_kept_from_a_channel_that_outsiders_share(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Not by command, not by mention, and not from a message of somebody's there."""
    slack.share_externally(slack.channel("#repairs-line", slack.person("Tom")))
    slack.command("Tom", "/demand", "the contractor never came", channel="#repairs-line")
    assert "the contractor never came" in sees("Tom", SHARED, "#repairs-line").words
    said = slack.message("Tom", "@Groundswell the contractor never came again", "#repairs-line").shown
    slack.wait_for(lambda: len([m for m in slack.sees("Tom", "#repairs-line") if SHARED in m.words]) == 2)
    assert isinstance(said, Message)
    slack.shortcut("Tom", "pass_on_message", said)
    slack.wait_for(lambda: len([m for m in slack.sees("Tom", "#repairs-line") if SHARED in m.words]) == 3)
    assert kept(house) == []


def test_a_guest_passes_things_on_and_sees_their_own_and_no_more(
    slack: LocalSlack, house: House, sees: Sees, guest: Person
) -> None:
    slack.command("Asha", "/demand", "the secret boiler is cold")
    sees("Asha", "Kept as note 1")
    slack.command("Gil", "/demand", "a boiler leaks at the desk", channel="#front-desk")
    sees("Gil", "Kept as note 2", "#front-desk")
    slack.command("Gil", "/demand", "mine", channel="#front-desk")
    assert "secret" not in sees("Gil", "a boiler leaks at the desk", "#front-desk").words
    for command, words in (("/demand", "search boiler"), ("/groundswell", "digest"), ("/groundswell", "units")):
        slack.command("Gil", command, words, channel="#front-desk")
        sees("Gil", "Guests can pass things on", "#front-desk")
    assert not any("secret" in message.words for message in slack.sees("Gil", "#front-desk"))
    slack.command("Gil", "/groundswell", "help", channel="#front-desk")
    sees("Gil", "/groundswell digest", "#front-desk")


def test_a_person_is_looked_up_once_and_a_busy_slack_keeps_nobody_waiting(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """Where Slack says 429, whoever it let in is taken for one of our own, and it is left in peace for as long."""
    slack.fail_next("users.info", status=429, retry_after=60)
    slack.fail_next("conversations.info", status=429, retry_after=60)
    slack.command("Asha", "/demand", "Where is my parcel?")
    sees("Asha", "Kept as note 1")
    slack.command("Tom", "/demand", "Where is my boiler?")
    sees("Tom", "Kept as note 2")
    assert len(slack.called("users.info")) == len(slack.called("conversations.info")) == 1


def test_whoever_becomes_a_guest_is_one_at_once(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Slack tells of the change; nobody waits for tomorrow."""
    slack.command("Tom", "/demand", "search boiler")
    sees("Tom", "boiler")
    tom = slack.person("Tom")
    tom.is_restricted = True
    slack.deactivate(tom)
    tom.deleted = False
    slack.command("Tom", "/demand", "search boiler", channel="#front-desk")
    sees("Tom", "Guests can pass things on", "#front-desk")
