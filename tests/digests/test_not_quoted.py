"""What counts and may not be quoted is said to be there: how many notes, and why not their words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from digests import render
from digests.facts import Digest
from nlp.vocabulary import DemandKind, ImprovementKind, SystemCondition
from storage.columns import Audience
from tests.digests.conftest import WEEK, Notebook

SECRET = "wombat"


@pytest.fixture
def private_week(notebook: Notebook) -> Digest:
    """Twenty demands and five blockers, all of them from a private channel."""
    for n in range(20):
        notebook.log(f"Any news on {SECRET} {n}?", DemandKind.CHASE if n < 8 else DemandKind.START, private=True)
    for n in range(5):
        notebook.log(
            f"The {SECRET} form, {n}", ImprovementKind.BLOCKER, private=True, system_condition=SystemCondition.RULE
        )
    return notebook.digest()


def told(digest: Digest, key: str, audience: Audience = Audience.MANAGERS) -> str:
    """What one section says."""
    sections = render.as_sections(replace(digest, audience=audience)).sections
    return next((section.body for section in sections if section.key == key), "")


def test_a_week_of_private_words_is_not_told_as_one_in_which_nothing_could_be_told_apart(private_week: Digest) -> None:
    """Twenty demands were told apart and counted: it is their words that stay where they were said."""
    assert told(private_week, "words") == (
        "Nothing may be quoted here this week.\nNot quoted: 20 notes from a private channel, where their words stay."
    )


def test_a_week_of_urgent_notes_says_that_this_is_why_none_is_quoted(notebook: Notebook) -> None:
    """And that those had to go another way, though there is nothing else to quote."""
    for n in range(3):
        notebook.log(f"Smoke in the hall {n}", DemandKind.WRONG, urgent=True, private=n == 0)
    assert told(notebook.digest(), "words") == (
        "Nothing may be quoted here this week.\n"
        "Not quoted: 3 notes that read as urgent. Those have to go another way, at once."
    )


def test_where_words_are_quoted_it_is_said_how_many_notes_are_not_among_them(notebook: Notebook) -> None:
    """Who reads four quotations should know what they were drawn from."""
    notebook.log("Any news on my repair?")
    notebook.log(f"Any news on my {SECRET}?", private=True)
    body = told(notebook.digest(), "words")
    assert "Any news on my repair?" in body
    assert "Not quoted: 1 note from a private channel, where its words stay." in body


def test_only_where_no_demand_could_be_told_apart_is_that_said(notebook: Notebook) -> None:
    """Too thin to tell is another thing than private."""
    notebook.log("Customer rang about the account", DemandKind.TOO_THIN, private=True)
    assert told(notebook.digest(), "words") == (
        "No demand could be told apart this week, so there is nothing to quote."
    )


def test_managers_hear_that_something_is_asked_though_its_words_are_private(private_week: Digest) -> None:
    """Five notes name a part of the system, so "none does" would be untrue."""
    assert private_week.asks == ()
    assert told(private_week, "asked") == (
        "What is asked may not be quoted here.\nNot quoted: 5 notes from a private channel, where their words stay."
    )


def test_beside_what_is_asked_stands_how_many_notes_are_not_quoted(notebook: Notebook) -> None:
    """Those of the last four weeks that name a part of the system: not the older ones, nor those that name none."""
    rule: dict[str, Any] = {"system_condition": SystemCondition.RULE}
    notebook.log("A manager signs every refund", ImprovementKind.BLOCKER, **rule)
    notebook.log(f"The {SECRET} form", ImprovementKind.STOP, week=WEEK.previous(3), private=True, **rule)
    notebook.log("Smoke in the hall", ImprovementKind.BLOCKER, urgent=True, private=True, **rule)
    notebook.log("An old story", ImprovementKind.BLOCKER, week=WEEK.previous(4), private=True, **rule)
    notebook.log("Names nothing", ImprovementKind.BLOCKER, private=True)
    body = told(notebook.digest(), "asked")
    assert "A manager signs every refund" in body
    assert "Not quoted: 1 note from a private channel" in body
    assert "Not quoted: 1 note that reads as urgent" in body


@pytest.mark.parametrize(("audience", "key"), [(Audience.MANAGERS, "staff"), (Audience.IMPROVEMENT, "stuck")])
def test_blockers_from_a_private_channel_leave_a_trace(private_week: Digest, audience: Audience, key: str) -> None:
    """What is stuck is stuck, wherever it was said."""
    assert told(private_week, key, audience) == (
        "*In the way*\nNot quoted: 5 notes from a private channel, where their words stay."
    )


def test_no_word_of_them_is_told(private_week: Digest) -> None:
    """Only how many there are, and why."""
    assert SECRET not in json.dumps(private_week.facts())


def test_a_digest_from_before_they_were_counted_can_be_read(private_week: Digest) -> None:
    """It says as much as it knows, and nothing untrue about its demands."""
    facts = private_week.facts()
    del facts["heard"]["private"], facts["asks_unquoted"], facts["staff"]["blockers"]["unquoted"]
    old = Digest.from_facts(facts)
    assert told(old, "words") == "Nothing may be quoted here this week."
    assert told(old, "staff") == ""
