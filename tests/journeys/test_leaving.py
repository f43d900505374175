"""A workspace removes the app: nothing more is done there. Within the grace it finds all again; later nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import app
from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import installations, notes, outbox, workspaces
from storage.models import Workspace
from tests.bot.playground_help import Clock
from tests.conftest import HILLCREST, LARKMOOR
from tests.journeys.conftest import reached, settings_for
from tests.journeys.many import Browser, open_house, slack_of_strangers

Sees = Callable[..., Message]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with slack_of_strangers(clock=clock) as slack:
        yield slack


@pytest.fixture
def house(slack: LocalSlack, clock: Clock, home: Path, tagger: Tagger, redactor: Redactor) -> Iterator[House]:
    """The whole product, installed by Larkmoor and by Hillcrest, with a note of Larkmoor's."""
    with open_house(slack, home, tools={"tagger": tagger, "redactor": redactor, "now": clock}) as house:
        for person in ("Morgan", "Lewis"):
            assert Browser(slack, house).install(person).status == 200
        slack.wait_for(lambda: slack.sees("Lewis", None).saying("Thank you"))
        slack.command("Asha", "/demand", "Where is my parcel?")
        slack.wait_for(lambda: slack.sees("Asha", "#general").saying("Kept as note 1"))
        yield house


def purge_at(house: House, workspace: str = LARKMOOR) -> object:
    with house.database.reading() as session:
        known = session.get(Workspace, workspace)
        return known.purge_at if known is not None else "gone"


def leave_a_message(house: House, key: str, workspace: str = LARKMOOR) -> None:
    with house.database.transaction() as session:
        now = house.logbook.clock()
        outbox.leave(
            session, workspace=workspace, key=key, channel="U0ASHA00001", body={"text": f"said {key}"}, now=now
        )


def how_many(house: House, workspace: str = LARKMOOR) -> int:
    with house.database.reading() as session:
        return notes.how_many(session, workspace=workspace)


@pytest.mark.parametrize("tokens_first", [False, True])
def test_at_once_its_token_is_gone_and_nobody_speaks_there(
    slack: LocalSlack, house: House, clock: Clock, tokens_first: bool
) -> None:
    """In whichever order Slack tells us, and however often."""
    told = slack.uninstall(slack.workspace(LARKMOOR), tokens_first=tokens_first)
    assert all(answer is not None and answer.status == 200 for answer in told)
    since = len(slack.calls)
    leaves = purge_at(house)
    assert leaves == clock.at + house.settings.grace
    clock.forward(hours=1)
    for answer in told:
        assert answer is not None
        slack.redeliver(answer)
    assert purge_at(house) == leaves
    leave_a_message(house, "too late")
    leave_a_message(house, "to the neighbours", HILLCREST)
    house.clock.tick()
    slack.wait_for(lambda: slack.sees("Priya", None).saying("said to the neighbours"))
    answered = slack.command("Asha", "/demand", "Where is my other parcel?")
    assert "not installed" in answered.json["text"]
    slack.message("Asha", "Hello? Anybody there?")
    with house.database.reading() as session:
        assert [one.workspace for one in installations.everyone(session)] == [HILLCREST]
    assert {call.team_id for call in slack.calls[since:]} == {HILLCREST}
    assert how_many(house) == 1


def test_whoever_comes_back_within_the_grace_finds_everything_again(
    slack: LocalSlack, house: House, clock: Clock, sees: Sees
) -> None:
    slack.command("Morgan", "/groundswell", "purpose We keep homes warm")
    slack.uninstall(slack.workspace(LARKMOOR))
    leave_a_message(house, "while they were away")
    clock.forward(days=29)
    house.clock.tick()
    assert Browser(slack, house).install("Morgan").status == 200
    assert purge_at(house) is None
    clock.forward(days=2)
    house.clock.tick()
    slack.command("Asha", "/demand", "Where is my other parcel?")
    sees("Asha", "Kept as note 2")
    with house.database.reading() as session:
        assert workspaces.home_unit(session, LARKMOOR).purpose == "We keep homes warm"
    assert slack.sees("Asha", None).saying("while they were away") is None


def test_after_the_grace_everything_is_gone_and_a_return_is_a_clean_start(
    slack: LocalSlack, house: House, clock: Clock, sees: Sees
) -> None:
    slack.uninstall(slack.workspace(LARKMOOR))
    clock.forward(days=30)
    house.clock.tick()
    assert purge_at(house) == "gone"
    assert Browser(slack, house).install("Morgan").status == 200
    slack.command("Asha", "/demand", "Is anyone there?")
    sees("Asha", "Kept as note 1")
    assert how_many(house) == 1


def test_a_return_after_the_grace_starts_clean_even_before_the_clock_has_ticked(
    slack: LocalSlack, house: House, clock: Clock
) -> None:
    slack.uninstall(slack.workspace(LARKMOOR))
    clock.forward(days=30, seconds=1)
    Browser(slack, house).install("Morgan")
    assert how_many(house) == 0
    assert purge_at(house) is None


def test_a_late_word_of_a_removal_does_not_undo_the_return(slack: LocalSlack, house: House, clock: Clock) -> None:
    """Slack tells again for five minutes; by then the app may be there anew."""
    slack.hold()
    slack.uninstall(slack.workspace(LARKMOOR))
    clock.forward(seconds=30)
    Browser(slack, house).install("Morgan")
    clock.forward(seconds=30)
    assert [answer.status for answer in slack.release()] == [200, 200]
    assert purge_at(house) is None
    assert slack.command("Asha", "/demand", "Still here?").status == 200
    assert how_many(house) == 2


def test_a_persons_own_tokens_are_none_of_ours(slack: LocalSlack, house: House) -> None:
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["U0ASHA00001"]}, "event_ts": slack.next_ts()}
    slack.courier.event(slack.workspace(LARKMOOR), event)
    assert purge_at(house) is None


def test_what_we_could_not_note_down_slack_tells_us_again(
    slack: LocalSlack, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("storage.leaving.leave", lambda *args, **kwargs: 1 / 0)
        told = slack.uninstall(slack.workspace(LARKMOOR))
    assert [answer.status for answer in told if answer] == [500, 500]
    assert [answer.status for answer in slack.retry_due()] == [200, 200]
    assert purge_at(house) is not None


def test_a_removal_that_nobody_told_us_of_is_noticed_when_we_speak(slack: LocalSlack, house: House) -> None:
    """We were not listening, and Slack gave up telling us."""
    slack.hold()
    slack.uninstall(slack.workspace(LARKMOOR))
    leave_a_message(house, "hello")
    house.messenger.wake()
    slack.wait_for(lambda: purge_at(house) is not None)
    dead = [call for call in slack.calls if call.error == "account_inactive"]
    leave_a_message(house, "hello again")
    house.messenger.carry()
    assert [call for call in slack.calls if call.error == "account_inactive"] == dead


def test_one_workspaces_own_house_stops_and_starts_again_too(
    clock: Clock, home: Path, tagger: Tagger, redactor: Redactor
) -> None:
    """With a bot token in the settings: silent once the app is removed; back when it is started with a good token."""

    def house() -> House:
        return app.build(settings_for(slack, home), tagger=tagger, redactor=redactor, now=clock)

    with LocalSlack(ack_within=10, clock=clock) as slack:
        before = house()
        with reached(before, slack):
            slack.command("Asha", "/demand", "Where is my parcel?")
            slack.wait_for(lambda: slack.sees("Asha", "#general").saying("Kept as note 1"))
            clock.forward(days=1)
            slack.uninstall()
            since = len(slack.calls)
            leave_a_message(before, "too late")
            before.messenger.carry()
            answered = slack.command("Asha", "/demand", "And my other parcel?")
            assert "not installed" in answered.json["text"]
            assert slack.calls[since:] == []
        clock.forward(days=1)
        slack.install()
        after = house()
        after.leaving.returned(str(after.connection.who().team_id))
        with reached(after, slack):
            slack.command("Asha", "/demand", "And my other parcel?")
            slack.wait_for(lambda: slack.sees("Asha", "#general").saying("Kept as note 2"))


def test_nothing_that_was_learned_there_is_left_in_memory(slack: LocalSlack, house: House, sees: Sees) -> None:
    """The tagger that learned from their words, and their themes, go with them."""
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Change")
    slack.press("Asha", sees("Asha", "Your word stands"), "note_kind", "Again")
    sees("Asha", "failure demand (again)* · as you said")
    house.logbook.learn()
    assert LARKMOOR in house.logbook.meanings._learner._learned
    slack.uninstall(slack.workspace(LARKMOOR))
    house.clock.tick()
    assert LARKMOOR not in house.logbook.meanings._learner._learned


@pytest.mark.parametrize("said", ["account_inactive", "token_revoked"])
def test_a_goodbye_that_never_reached_us_is_heard_within_a_day(
    slack: LocalSlack, house: House, clock: Clock, said: str
) -> None:
    """Each workspace is asked once a day; the one that takes our token no longer has left, and no other has."""
    house.clock.tick()
    asked = [call.team_id for call in slack.calls if call.method == "users.conversations"]
    house.clock.tick()
    assert [call.team_id for call in slack.calls if call.method == "users.conversations"] == asked
    assert (purge_at(house), purge_at(house, HILLCREST)) == (None, None)
    clock.forward(days=1)
    slack.fail_next("users.conversations", error=said)
    house.clock.tick()
    left = {LARKMOOR: purge_at(house), HILLCREST: purge_at(house, HILLCREST)}
    assert sorted(map(str, left.values())) == sorted(["None", str(clock.at + house.settings.grace)])
    assert len([call for call in slack.calls if call.method == "users.conversations"]) == len(asked) + 2


@pytest.mark.parametrize("trouble", ["internal_error", "ratelimited", "invalid_auth"])
def test_trouble_at_slack_is_no_goodbye(slack: LocalSlack, house: House, clock: Clock, trouble: str) -> None:
    slack.fail_next("users.conversations", error=trouble)
    house.clock.tick()
    assert (purge_at(house), purge_at(house, HILLCREST)) == (None, None)
