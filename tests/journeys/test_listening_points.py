"""A unit says where it listens; when a point goes silent, the digest says so, and never speaks of people."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from storage import notes, units, workspaces
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]


def test_the_digest_says_which_points_went_silent(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Tom", "/groundswell", "points add Front desk")
    sees("Tom", "“Front desk” is one of the listening points of *Everyone* now")
    slack.command("Tom", "/groundswell", "points add Web <chat>")
    sees("Tom", "“Web &lt;chat&gt;” is one of")
    slack.command("Asha", "/groundswell", "point Repairs line", channel="#repairs-line")
    sees("Asha", "was heard at “Repairs line”, one of the listening points of *Everyone*", "#repairs-line")
    slack.command("Asha", "/demand", "Third time I've rung about my repair", channel="#repairs-line")
    sees("Asha", "Kept as note 1", "#repairs-line")
    with house.database.reading() as session:
        assert [note.point for note in notes.everything(session, workspace=LARKMOOR)] == ["Repairs line"]
    slack.command("Morgan", "/groundswell", "digest", channel="#managers")
    digest = sees("Morgan", "Heard at 1 of 3 listening points", "#managers").words
    assert "Silent this week: Front desk and Web &lt;chat&gt;." in digest


def test_a_point_that_notes_came_from_is_registered_with_one_press(slack: LocalSlack, house: House, sees: Sees) -> None:
    """So points that came with an import, or by the name of a channel, find their place."""
    slack.command("Asha", "/demand", "Third time I've rung about my repair", channel="#repairs-line")
    sees("Asha", "Kept as note 1", "#repairs-line")
    slack.command("Asha", "/groundswell", "points", channel="#repairs-line")
    shown = sees("Asha", "and not registered:", "#repairs-line")
    assert "• #repairs-line" in shown.words
    slack.press("Asha", shown, "Register")
    assert "not registered" not in sees("Asha", "• *#repairs-line*", "#repairs-line").words
    slack.command("Asha", "/groundswell", "points rename #repairs-line to Repairs line", channel="#repairs-line")
    sees("Asha", "is now called “Repairs line”. 1 note that was heard there says so as well.", "#repairs-line")
    slack.command("Asha", "/groundswell", "points remove repairs line", channel="#repairs-line")
    sees("Asha", "*Everyone* no longer listens at “Repairs line”. What was heard there stays.", "#repairs-line")


def test_a_digest_keeps_coming_to_a_channel_that_comes_to_stand_for_a_point(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """Whoever names the point: which unit is theirs is their own affair, and moves no channel and no digest."""
    with house.database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=house.logbook.clock())
        workspaces.home_unit(session, LARKMOOR)
        units.called(session, LARKMOOR, "Rents")
    slack.command("Morgan", "/groundswell", "digest on managers", channel="#managers")
    sees("Morgan", "`/groundswell digest off` stops it", "#managers")
    slack.command("Morgan", "/groundswell", "mine Rents", channel="#managers")
    sees("Morgan", "goes to *Rents*", "#managers")
    slack.command("Morgan", "/groundswell", "point Front desk", channel="#managers")
    told = sees("Morgan", "“Front desk”, one of the listening points of *Everyone*", "#managers").words
    assert "This channel now belongs to *Everyone*." in told
    slack.command("Morgan", "/groundswell", "point Reception", channel="#managers")
    assert "now belongs" not in sees("Morgan", "“Reception”, one of the listening points of", "#managers").words
    slack.command("Morgan", "/groundswell", "digest when", channel="#managers")
    sees("Morgan", "<#C0MANAGERS1>: of *Everyone*, for managers", "#managers")


def test_a_channel_that_stands_for_no_point_stays_whose_it_was(slack: LocalSlack, house: House, sees: Sees) -> None:
    """“None” takes a point back, and claims nothing for anyone."""
    slack.command("Tom", "/groundswell", "point none", channel="#front-desk")
    sees("Tom", "This channel stands for no listening point", "#front-desk")
    slack.command("Tom", "/groundswell", "unit", channel="#front-desk")
    sees("Tom", "No unit has claimed this place", "#front-desk")
    slack.command("Asha", "/groundswell", "unit Repairs", channel="#repairs-line")
    sees("Asha", "This channel now belongs to *Repairs*", "#repairs-line")
    slack.command("Asha", "/groundswell", "point Repairs line", channel="#repairs-line")
    sees("Asha", "was heard at “Repairs line”, one of the listening points of *Repairs*", "#repairs-line")
    slack.command("Tom", "/groundswell", "point none", channel="#repairs-line")
    sees("Tom", "This channel stands for no listening point", "#repairs-line")
    slack.command("Tom", "/groundswell", "unit", channel="#repairs-line")
    assert "listening point" not in sees("Tom", "This channel belongs to *Repairs*", "#repairs-line").words


def test_what_does_not_fit_is_answered_with_how_it_would(slack: LocalSlack, house: House, sees: Sees) -> None:
    for typed, answer in {
        "points add": "Which point?",
        "points rename Front desk": "Write it like this",
        "points rename A to B": "has no listening point of that name",
        "points remove A": "has no listening point of that name",
        "points shuffle": "Points can be listed, added, removed and renamed",
    }.items():
        slack.command("Tom", "/groundswell", typed)
        sees("Tom", answer)
    slack.command("Tom", "/groundswell", "point Front desk", channel=None)
    sees("Tom", "A direct message stands for no listening point", None)
    slack.command("Tom", "/groundswell", "point")
    sees("Tom", "This channel stands for no listening point")
