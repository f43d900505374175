"""Channels are archived, closed and shared: digests wait for theirs, and what we remembered of it is forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import House
from bot.playground.delivery import Answer
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Channel, Message
from storage import notes, schedules
from storage.columns import Held
from tests.conftest import HILLCREST, LARKMOOR

Sees = Callable[..., Message]
Act = Callable[[LocalSlack, Channel], object]


def running(house: House) -> list[str]:
    with house.database.reading() as session:
        return [schedule.channel for schedule in schedules.running(session)]


@pytest.fixture
def managers(slack: LocalSlack, house: House, sees: Sees) -> Channel:
    """Digests come to #managers and to #improvement."""
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#managers")
    sees("Morgan", "Done.", "#managers")
    slack.command("Morgan", "/groundswell", "digest on improvement", channel="#improvement")
    sees("Morgan", "Done.", "#improvement")
    return slack.channel("#managers", slack.person("Morgan"))


@pytest.mark.parametrize(
    ("leaves", "comes_back", "remedy"),
    [
        (LocalSlack.archive, LocalSlack.unarchive, "that channel is archived. Bring it back"),
        (LocalSlack.remove_bot, LocalSlack.invite_bot, "Type `/invite @Groundswell` there"),
    ],
)
def test_a_digest_waits_while_its_channel_is_away_and_comes_again_with_it(
    slack: LocalSlack, house: House, sees: Sees, managers: Channel, leaves: Act, comes_back: Act, remedy: str
) -> None:
    """Those of other channels go on, and whoever asks hears why this one waits and what helps."""
    leaves(slack, managers)
    assert running(house) == ["C0IMPROVE01"]
    slack.command("Morgan", "/groundswell", "digest when", channel="#improvement")
    sees("Morgan", remedy, "#improvement")
    comes_back(slack, managers)
    assert running(house) == ["C0MANAGERS1", "C0IMPROVE01"]


AWAY_AND_BACK = [(LocalSlack.archive, LocalSlack.unarchive), (LocalSlack.remove_bot, LocalSlack.invite_bot)]


def told(slack: LocalSlack) -> list[str]:
    """What Morgan alone was told of digests that have to wait."""
    return [message.words for message in slack.sees("Morgan", None) if "cannot come to" in message.words]


@pytest.mark.parametrize(("leaves", "comes_back"), AWAY_AND_BACK)
def test_a_channel_that_is_back_stays_so_when_slack_repeats_that_it_went(
    slack: LocalSlack, house: House, managers: Channel, leaves: Act, comes_back: Act
) -> None:
    """The first answer got lost, and Slack tries again five minutes later: its digests come all the same."""
    gone = leaves(slack, managers)
    comes_back(slack, managers)
    assert isinstance(gone, Answer)
    slack.redeliver(gone)
    assert running(house) == ["C0MANAGERS1", "C0IMPROVE01"]


@pytest.mark.parametrize(("leaves", "comes_back"), AWAY_AND_BACK)
def test_a_channel_that_is_back_stays_so_when_slack_tells_only_afterwards_that_it_went(
    slack: LocalSlack, house: House, managers: Channel, leaves: Act, comes_back: Act
) -> None:
    """It is over by then, so nobody is told of it."""
    slack.hold()
    leaves(slack, managers)
    comes_back(slack, managers)
    slack.release()
    slack.settle()
    assert running(house) == ["C0MANAGERS1", "C0IMPROVE01"]
    house.messenger.carry()
    assert told(slack) == []


def test_whoever_set_it_up_hears_it_again_when_the_channel_goes_again(
    slack: LocalSlack, house: House, managers: Channel
) -> None:
    """Once each time, though no digest came in between and Slack may say it twice."""
    slack.archive(managers)
    slack.wait_for(lambda: len(told(slack)) == 1)
    slack.unarchive(managers)
    again = slack.archive(managers)
    assert again is not None
    slack.redeliver(again)
    slack.wait_for(lambda: len(told(slack)) == 2)
    house.messenger.carry()
    assert len(told(slack)) == 2
    assert running(house) == ["C0IMPROVE01"]


def test_what_is_told_twice_or_of_somebody_else_changes_nothing(
    slack: LocalSlack, house: House, managers: Channel
) -> None:
    archived = slack.archive(managers)
    assert archived is not None
    slack.redeliver(archived)
    slack.invite_bot(managers)  # in again, and it is archived all the same
    assert running(house) == ["C0IMPROVE01"]
    with house.database.reading() as session:
        assert schedules.of_workspace(session, HILLCREST) == []
        [held] = [one for one in schedules.of_workspace(session, LARKMOOR) if one.held]
    assert (held.channel, held.held) == ("C0MANAGERS1", Held.ARCHIVED)


def test_a_digest_that_people_rest_stays_at_rest_when_its_channel_is_back(
    slack: LocalSlack, house: House, sees: Sees, managers: Channel
) -> None:
    slack.command("Morgan", "/groundswell", "digest pause", channel="#managers")
    slack.wait_for(lambda: running(house) == ["C0IMPROVE01"])
    slack.archive(managers)
    slack.unarchive(managers)
    assert running(house) == ["C0IMPROVE01"]


def test_a_channel_is_asked_about_anew_the_moment_that_outsiders_come_in(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """We had looked a moment ago, and remembered; without the word from Slack it would have been for an hour."""
    desk = slack.channel("#front-desk", slack.person("Tom"))
    slack.command("Tom", "/demand", "she rang three times", channel="#front-desk")
    sees("Tom", "Kept as note 1", "#front-desk")
    slack.share_externally(desk)
    slack.command("Tom", "/demand", "she rang a fourth time", channel="#front-desk")
    sees("Tom", "People of another organisation are in this channel", "#front-desk")
    slack.share_no_longer(desk)
    slack.command("Tom", "/demand", "she rang a fifth time", channel="#front-desk")
    sees("Tom", "Kept as note", "#front-desk")
    with house.database.reading() as session:
        said = [note.verbatim for note in notes.everything(session, workspace=LARKMOOR)]
    assert "she rang a fourth time" not in said


def test_a_note_says_the_name_that_its_channel_has_now(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.message("Tom", "@Groundswell she rang three times", "#front-desk")
    sees("Tom", "Kept as note 1", "#front-desk")
    slack.rename(slack.channel("#front-desk", slack.person("Tom")), "reception")
    slack.message("Tom", "@Groundswell she rang a fourth time", "#reception")
    sees("Tom", "Kept as note 2", "#reception")
    with house.database.reading() as session:
        assert {note.point for note in notes.everything(session, workspace=LARKMOOR)} == {"#front-desk", "#reception"}
