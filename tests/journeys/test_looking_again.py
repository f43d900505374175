"""People look at what was passed on, take it along, and take it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.app import House
from bot.asides import aside_in
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from storage import workspaces
from tests import make
from tests.conftest import LARKMOOR

Sees = Callable[..., Message]


def test_asha_sees_her_own_notes_and_nobody_elses(slack: LocalSlack, house: House, sees: Sees) -> None:
    """`/demand mine`: her notes with what they were taken for, and the ways to put them right."""
    slack.command("Tom", "/demand", "Where do I send the form?")
    sees("Tom", "Kept as note 1")
    slack.command("Asha", "/demand", "I've rung three times about the boiler")
    sees("Asha", "Kept as note 2")
    slack.command("Asha", "/demand", "mine")
    mine = sees("Asha", "What you passed on")
    assert "Note 2" in mine.words
    assert "boiler" in mine.words
    assert "form" not in mine.words
    slack.press("Asha", mine, "Undo")
    sees("Asha", "Taken back")


def test_a_page_that_has_emptied_leads_back_to_the_notes_that_are_there(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    """The only note on it is taken back elsewhere while Asha looks at the page before."""
    long_ago = datetime(2026, 4, 29, 9, 30, tzinfo=UTC)
    with house.database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=long_ago)
        for n in range(6):
            make.note(session, f"Ask number {n}", workspace=LARKMOOR, at=long_ago + timedelta(days=n))
    slack.command("Asha", "/demand", "mine")
    mine = sees("Asha", "What you passed on")
    house.logbook.undo(1, workspace=LARKMOOR, by=slack.person("Asha").id)
    assert "Page 1." in mine.words
    slack.press("Asha", mine, "More")
    slack.wait_for(lambda: "Page 1." not in mine.words)
    assert "Ask number 5" in mine.words


def test_everyones_words_can_be_searched_and_nobodys_name(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/demand", "The boiler is cold again")
    sees("Asha", "Kept as note 1")
    slack.command("Tom", "/demand", "search BOILER")
    found = sees("Tom", "Notes with “BOILER”")
    assert "The boiler is cold again" in found.words
    assert "Asha" not in found.words
    assert "I looked through the notes of all units" in found.words
    slack.command("Tom", "/demand", "search <b>*unicorn*")
    sees("Tom", "No note holds")


def test_what_was_read_as_an_order_can_still_be_kept(slack: LocalSlack, house: House, sees: Sees) -> None:
    """A customer may well say just this; nothing is lost."""
    slack.command("Asha", "/demand", "search my lost parcel")
    slack.press("Asha", sees("Asha", "No note holds"), "Keep what I typed as a note")
    assert "search my lost parcel" in sees("Asha", "Kept as note 1").words


def test_whoever_searches_for_nothing_is_asked_for_words(slack: LocalSlack, house: House, sees: Sees) -> None:
    """And may have meant a note, of that one word."""
    slack.command("Asha", "/demand", "search")
    asked = sees("Asha", "Which words? For example: `/demand search boiler`.")
    assert "I do not know" not in asked.words
    slack.press("Asha", asked, "Keep what I typed as a note")
    sees("Asha", "Kept as note 1")


def test_the_latest_slip_is_taken_back_with_one_word_once(slack: LocalSlack, house: House, sees: Sees) -> None:
    """However often Slack delivers that one word, one note goes."""
    for words in ("The gate is stuck", "I posted the form, did you get it?"):
        slack.command("Asha", "/demand", words)
        sees("Asha", words)
    slack.command("Asha", "/demand", "undo")
    sees("Asha", "Taken back")
    slack.redeliver()
    slack.redeliver()
    slack.settle()
    slack.command("Asha", "/demand", "mine")
    mine = sees("Asha", "What you passed on")
    assert "The gate is stuck" in mine.words
    assert "did you get it" not in mine.words


def test_a_word_that_is_nearly_one_of_ours_is_answered_with_help(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Asha", "/improve", "privcy")
    answer = sees("Asha", "I do not know `privcy`")
    assert "/demand privacy" in answer.words
    slack.press("Asha", answer, "Keep what I typed as a note")
    sees("Asha", "Kept as note 1")


@pytest.mark.parametrize("word", ["about", "prefs", "privacy", "help"])
def test_every_word_that_help_names_is_answered(slack: LocalSlack, house: House, sees: Sees, word: str) -> None:
    said = {"about": "suggests what each note means", "prefs": "How often you hear back", "privacy": "What is kept"}
    slack.command("Tom", "/demand", word)
    sees("Tom", said.get(word, "Pass on what customers really ask for"))


def test_tom_takes_his_notes_along_and_then_deletes_them(slack: LocalSlack, house: House, sees: Sees) -> None:
    """Afterwards no table holds a word of them, and a late second delivery brings none back."""
    slack.command("Tom", "/demand", "My zebra fence fell down")
    sees("Tom", "Kept as note 1")
    slack.message("Tom", "Is the zebra crossing ever coming?")
    slack.wait_for(lambda: slack.sees("Tom").saying("Kept as note 2"), timeout=30)
    slack.command("Tom", "/demand", "privacy")
    privacy = sees("Tom", "What is kept")
    slack.press("Tom", privacy, "Send me mine")
    slack.wait_for(lambda: slack.sees("Tom").saying("Here are the 2 notes"), timeout=30)
    slack.press("Tom", privacy, "Delete mine")
    sees("Tom", "All 2 notes that you passed on are gone.")
    with house.database.engine.connect() as connection:
        tables = [row[0] for row in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        held = {name: str(connection.execute(text(f'SELECT * FROM "{name}"')).fetchall()) for name in tables}
    assert [name for name, rows in held.items() if "zebra" in rows] == []


def test_all_that_morgan_added_goes_along_too(slack: LocalSlack, house: House, sees: Sees) -> None:
    """What got in the way, what became of it, and where it was heard: no receipt shows that, and it is kept."""
    slack.command("Morgan", "/groundswell", "unit Repairs", channel="#managers")
    slack.command("Morgan", "/demand", "The lift is out of order again", channel="#managers")
    slack.press("Morgan", sees("Morgan", "Kept as note 1", "#managers"), "Add detail")
    form = slack.wait_for(lambda: slack.sees("Morgan").view)
    assert form is not None
    slack.wait_for(lambda: "What got in the way" in str(form.blocks))
    said = {"in_the_way": "nobody may order the part", "settled": "COMES_BACK", "first_hand": "False"}
    slack.submit("Morgan", form, said)
    slack.command("Morgan", "/demand", "privacy")
    slack.press("Morgan", sees("Morgan", "what you added to them"), "Send me mine")
    slack.wait_for(lambda: slack.sees("Morgan").saying("Here is the one note"), timeout=30)
    [file] = slack.wait_for(lambda: [file for file in slack.workspaces[0].files.values() if file.posted])
    [taken] = json.loads(file.content or b"")
    assert (taken["in_the_way"], taken["settled"], taken["first_hand"]) == (said["in_the_way"], "must come back", False)
    assert (taken["unit"], taken["via"]) == ("Repairs", "Slack")
    assert (taken["private"], taken["heard_in"]) == (True, "C0MANAGERS1")


@pytest.mark.parametrize(
    ("step", "trouble"),
    [
        ("files.getUploadURLExternal", {"error": "missing_scope"}),
        ("files.getUploadURLExternal", {"error": "file_uploads_disabled"}),
        ("files.completeUploadExternal", {"error": "restricted_action"}),
        ("files.completeUploadExternal", {"error": "storage_limit_reached"}),
        ("upload", {"status": 403}),
    ],
)
def test_where_no_file_may_go_my_notes_come_as_messages(
    slack: LocalSlack, house: House, sees: Sees, step: str, trouble: dict[str, Any]
) -> None:
    """All of them, however often Slack asks us to be slower, and nothing is said to have gone wrong."""
    at = house.logbook.clock()
    with house.database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=at)
        for n in range(1, 21):
            make.note(session, f"{n} zebras {'ran ' * 50}", workspace=LARKMOOR, at=at, by="U0TOM000001")
    slack.command("Tom", "/demand", "privacy")
    slack.fail_next(step, **trouble, delay=0.5)
    slack.press("Tom", sees("Tom", "What is kept"), "Send me mine")
    slack.wait_for(lambda: slack.sees("Tom").saying("Here are the 20 notes"), timeout=30)
    slack.fail_next("chat.postMessage", status=429, retry_after=0, times=3)
    sees("Tom", "They are on their way")
    for n in range(1, 21):
        assert slack.sees("Tom").saying(f"{n} zebras"), n
    assert slack.sees("Tom").saying("went wrong") is None


@pytest.mark.parametrize(
    ("words", "aside"),
    [
        ("mine", ("mine", "")),
        (" MINE ", ("mine", "")),
        ("mine is broken", None),
        ("search boiler", ("search", "boiler")),
        ("search the whole of the north side", None),
        ("search for it?", None),
        ("Search ", ("search", "")),
        ("serch", ("misspelt", "serch")),
        ("undo", ("undo", "")),
        ("about", ("about", "")),
        ("about the boiler", None),
        ("help", ("help", "")),
        ("help me", None),
        ("hlep", ("misspelt", "hlep")),
        ("boiler", None),
        ("", None),
    ],
)
def test_a_customers_words_are_not_taken_for_an_order(words: str, aside: tuple[str, str] | None) -> None:
    assert aside_in(words) == aside
