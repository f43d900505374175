"""An organisation has many units: each says what it is here for, and its notes and digests are its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from storage import notes, units, workspaces
from tests.conftest import HILLCREST, LARKMOOR

Sees = Callable[..., Message]


@pytest.fixture
def repairs_and_rents(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Two units, each in a channel of its own."""
    slack.command("Asha", "/groundswell", "unit Repairs", channel="#repairs-line")
    sees("Asha", "This channel now belongs to *Repairs*, a new unit.", "#repairs-line")
    slack.command("Tom", "/groundswell", "unit Rents & tenancy", channel="#front-desk")
    sees("Tom", "belongs to *Rents &amp; tenancy*, a new unit", "#front-desk")


def units_of_notes(house: House) -> dict[str, str]:
    """What was said, and which unit it belongs to."""
    with house.database.reading() as session:
        names = {unit.id: unit.name for unit in units.of_workspace(session, LARKMOOR)}
        return {note.verbatim: names[note.unit_id] for note in notes.everything(session, workspace=LARKMOOR)}


@pytest.mark.usefixtures("repairs_and_rents")
def test_what_is_passed_on_in_a_channel_is_its_units(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "The boiler is cold again", channel="#repairs-line")
    sees("Asha", "Kept as note 1", "#repairs-line")
    slack.command("Tom", "/demand", "", channel="#front-desk")
    form = slack.wait_for(lambda: slack.sees("Tom").view)
    assert form is not None
    slack.submit("Tom", form, {"words": "Can I pay my rent weekly?"})
    sees("Tom", "Kept as note 2", "#front-desk")
    slack.message("Tom", "Where do I hand in my keys?")
    sees("Tom", "Kept as note 3", None)
    assert units_of_notes(house) == {
        "The boiler is cold again": "Repairs",
        "Can I pay my rent weekly?": "Rents & tenancy",
        "Where do I hand in my keys?": "Everyone",
    }


@pytest.mark.usefixtures("repairs_and_rents")
def test_a_direct_message_goes_to_the_unit_that_its_writer_said_is_theirs(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    slack.command("Tom", "/groundswell", "mine Reprais")
    assert "Repairs" in sees("Tom", "There is no unit of that name").words
    slack.command("Tom", "/groundswell", "mine repairs")
    sees("Tom", "goes to *Repairs*. Only you see this.")
    slack.message("Tom", "My radiator leaks")
    sees("Tom", "Kept as note 1", None)
    slack.command("Tom", "/groundswell", "mine none")
    sees("Tom", "goes to *Everyone*")
    assert units_of_notes(house) == {"My radiator leaks": "Repairs"}


@pytest.mark.usefixtures("repairs_and_rents")
def test_each_unit_says_what_it_is_here_for(slack: LocalSlack, house: House, sees: Sees) -> None:
    """And the list of units shows it, with the channels, for everyone to see."""
    slack.command("Asha", "/groundswell", "purpose We keep homes safe & warm", channel="#repairs-line")
    sees("Asha", "every note of *Repairs* with this in mind", "#repairs-line")
    slack.command("Morgan", "/groundswell", "purpose", channel="#front-desk")
    sees("Morgan", "Nobody has said yet what *Rents &amp; tenancy* is here for", "#front-desk")
    slack.command("Morgan", "/groundswell", "units")
    listed = sees("Morgan", "Our units, and what each is here for").words
    assert "> We keep homes safe &amp; warm\nChannels: <#C0REPAIRS01>" in listed


@pytest.mark.usefixtures("repairs_and_rents")
def test_a_unit_can_be_renamed_and_a_channel_can_leave_it(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/groundswell", "unit rename everyone", channel="#repairs-line")
    sees("Asha", "Another unit has that name already", "#repairs-line")
    slack.command("Asha", "/groundswell", "unit rename Repairs and gas", channel="#repairs-line")
    sees("Asha", "*Repairs* is now called *Repairs and gas*", "#repairs-line")
    slack.command("Asha", "/groundswell", "unit leave", channel="#repairs-line")
    sees("Asha", "no longer belongs to *Repairs and gas*", "#repairs-line")
    slack.command("Asha", "/groundswell", "unit", channel="#repairs-line")
    sees("Asha", "No unit has claimed this place. What you pass on here goes to *Everyone*", "#repairs-line")


def test_a_direct_message_cannot_be_made_a_units(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Tom", "/groundswell", "unit Repairs", channel=None)
    sees("Tom", "A direct message belongs to you alone", None)


def test_a_long_list_of_units_is_read_page_by_page(slack: LocalSlack, house: House, sees: Sees) -> None:
    with house.database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=house.logbook.clock())
        for number in range(19):
            units.called(session, LARKMOOR, f"Unit {number}")
    slack.command("Tom", "/groundswell", "units")
    first = sees("Tom", "Page 1 of 3")
    assert "*Everyone*" in first.words
    slack.press("Tom", first, "More")
    second = sees("Tom", "Page 2 of 3")
    assert "*Everyone*" not in second.words
    slack.press("Tom", second, "Earlier")
    sees("Tom", "Page 1 of 3")


@pytest.mark.usefixtures("repairs_and_rents")
def test_one_channel_may_have_the_digests_of_several_units(slack: LocalSlack, house: House, sees: Sees) -> None:
    """A manager of two units reads both in one place, each apart."""
    slack.command("Morgan", "/groundswell", "digest on managers of Repairs", channel="#managers")
    sees("Morgan", "the weekly digest of *Repairs* for managers comes here every Monday at 09:00", "#managers")
    slack.command("Morgan", "/groundswell", "digest on managers Tuesday of rents & tenancy", channel="#managers")
    sees("Morgan", "the weekly digest of *Rents &amp; tenancy* for managers comes here every Tuesday", "#managers")
    slack.command("Morgan", "/groundswell", "digest pause of Repairs", channel="#managers")
    sees("Morgan", "The digest rests until", "#managers")
    slack.command("Morgan", "/groundswell", "digest when", channel="#managers")
    told = sees("Morgan", "(resting)", "#managers").words.splitlines()
    assert [line.endswith("(resting)") for line in told] == ["*Repairs*" in line for line in told] == [True, False]
    slack.command("Morgan", "/groundswell", "digest resume", channel="#managers")
    sees("Morgan", "The digest comes again, from now on", "#managers")
    slack.command("Morgan", "/groundswell", "digest off of Lettings", channel="#managers")
    sees("Morgan", "There is no unit of that name", "#managers")


@pytest.mark.usefixtures("repairs_and_rents")
def test_a_preview_is_of_the_unit_of_the_channel(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "Third time I've rung about my repair", channel="#repairs-line")
    sees("Asha", "Kept as note 1", "#repairs-line")
    slack.command("Tom", "/groundswell", "digest", channel="#front-desk")
    sees("Tom", "Nothing has been passed on to *Rents &amp; tenancy* this week yet", "#front-desk")
    slack.command("Tom", "/groundswell", "digest managers of Repairs", channel="#front-desk")
    assert "Repairs: " in sees("Tom", "Third time I've rung about my repair", "#front-desk").words


@pytest.mark.usefixtures("repairs_and_rents")
def test_the_form_for_a_digest_knows_the_units(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/groundswell", "digest set", channel="#repairs-line")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    assert "Repairs" in str(form.values["unit"])
    slack.submit("Asha", form, {"audience": "improvement", "unit": "Rents & tenancy", "channel": "C0IMPROVE01"})
    sees("Asha", "the weekly digest of *Rents &amp; tenancy* for people who improve the work", "#improvement")


@pytest.mark.usefixtures("repairs_and_rents")
def test_the_neighbours_see_nothing_of_it(slack: LocalSlack, house: House) -> None:
    with house.database.reading() as session:
        assert units.of_workspace(session, HILLCREST) == []
