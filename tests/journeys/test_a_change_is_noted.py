"""Staff note what they changed in their work; the digest shows it, and they let the charts begin anew if it is so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bot.app import House
from bot.blocks import change_card, pages
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from digests import speech
from storage import changes, units, workspaces
from storage.models import Change, Unit
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]


@pytest.fixture
def repairs(slack: LocalSlack, house: House, sees: Sees) -> int:
    """#repairs-line belongs to Repairs."""
    slack.command("Tom", "/groundswell", "unit Repairs", channel="#repairs-line")
    sees("Tom", "Repairs", "#repairs-line")
    with house.database.transaction() as session:
        return units.called(session, LARKMOOR, "Repairs")[0].id or 0


def noted(house: House, unit_id: int) -> list[Change]:
    with house.database.reading() as session:
        return list(changes.of_unit(session, workspace=LARKMOOR, unit_id=unit_id))


def test_tom_notes_a_change_once_and_without_names(slack: LocalSlack, house: House, sees: Sees, repairs: int) -> None:
    """For his unit, from today on; a second delivery notes nothing twice; Mrs Patel is left out."""
    asked = slack.command("Tom", "/groundswell", "changed We text Mrs Patel's street first", channel="#repairs-line")
    shown = sees("Tom", "Noted for *Repairs*", "#repairs-line")
    assert shown.only_for is not None
    slack.redeliver(asked)
    [change] = noted(house, repairs)
    assert "Patel" not in change.words
    assert change.changed_on == datetime.now(UTC).date()
    assert not change.anew


def test_he_lets_the_charts_begin_anew_and_run_on_again(
    slack: LocalSlack, house: House, sees: Sees, repairs: int
) -> None:
    slack.command("Tom", "/groundswell", "changed since 2026-03-02 We took on gas repairs", channel="#repairs-line")
    shown = sees("Tom", "from 2 March 2026 on", "#repairs-line")
    slack.press("Tom", shown, "Begin the charts anew")
    shown = sees("Tom", "begin anew with that week, and say why", "#repairs-line")
    assert noted(house, repairs)[0].anew
    slack.press("Tom", shown, "Let the charts run on")
    sees("Tom", "The charts keep their limits", "#repairs-line")
    assert not noted(house, repairs)[0].anew


def test_anyone_there_sees_them_all_and_may_take_one_back(
    slack: LocalSlack, house: House, sees: Sees, repairs: int
) -> None:
    """Asha takes back what Tom noted; other channels and units do not see it."""
    slack.command("Tom", "/groundswell", "changed We text first", channel="#repairs-line")
    sees("Tom", "Noted for", "#repairs-line")
    slack.command("Tom", "/groundswell", "changes", channel="#front-desk")
    sees("Tom", "Nothing is noted yet", "#front-desk")
    slack.command("Asha", "/groundswell", "changes", channel="#repairs-line")
    listed = sees("Asha", "What Repairs changed in its work", "#repairs-line")
    assert "We text first" in listed.words
    slack.press("Asha", listed, "Undo")
    sees("Asha", "Taken back", "#repairs-line")
    assert noted(house, repairs) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("changed", "What did you change, in a sentence?"),
        ("changed ...", "What did you change, in a sentence?"),
        ("changed since 2026-03-02", "What did you change, in a sentence?"),
        ("changed since 2036-03-02 We text", "That is not a day we can use"),
        ("changed since 02/03 We text", "That is not a day we can use"),
        ("changed since 2026-02-30 We text", "That is not a day we can use"),
        ("changed " + "We text people. " * 30, "That is long for a change"),
    ],
)
def test_what_does_not_fit_says_how_it_would(
    slack: LocalSlack, house: House, sees: Sees, typed: str, told: str
) -> None:
    slack.command("Tom", "/groundswell", typed, channel="#repairs-line")
    sees("Tom", told, "#repairs-line")
    with house.database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=datetime.now(UTC))
        assert not noted(house, workspaces.home_unit(session, LARKMOOR).id or 0)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_two_changes_of_one_day_are_told_apart_by_their_words(language: str) -> None:
    """A screen reader says which one a button is about, within what Slack takes; its words come before the day."""
    day, unit = date(2026, 9, 28), Unit(id=1, workspace=LARKMOOR, name="Repairs")
    words = ["We took on gas repairs", "Texts go out the day before, in the morning, to everyone who waits for a visit"]
    those = [
        Change(id=n, workspace=LARKMOOR, unit_id=1, key=str(n), words=said, changed_on=day, kept_at=datetime.now(UTC))
        for n, said in enumerate(words)
    ]
    with speech.speaking(language):
        blocks = change_card.listed(unit, those)["blocks"]
        says = [button["accessibility_label"] for block in blocks for button in block.get("elements", ())]
    assert len(says) == len(set(says)) == 4
    assert all(len(said) <= pages.LONGEST_SAID and "2026" in said for said in says)
    assert [word in said for said in says for word in ("We took", "Texts go")] == [True, False] * 2 + [False, True] * 2


def test_wild_words_never_come_alive(slack: LocalSlack, house: House, sees: Sees, repairs: int) -> None:
    slack.command("Tom", "/groundswell", "changed <!channel> ``` *big* & <https://a.b|x>", channel="#repairs-line")
    assert sees("Tom", "Noted for", "#repairs-line").alive == []
    assert len(noted(house, repairs)) == 1


def test_help_tells_of_it(slack: LocalSlack, house: House, sees: Sees) -> None:
    assert house
    slack.command("Tom", "/groundswell", "help", channel="#repairs-line")
    sees("Tom", "note what you changed in your work", "#repairs-line")
