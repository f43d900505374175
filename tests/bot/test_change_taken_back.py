"""A change that is taken back is nowhere: not in the change log, nor in any digest that told of it, or was about to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot import forgetting
from bot.blocks import digest_card
from digests import retell, send
from digests.facts import Digest
from digests.forgetting import POSTED_NOW
from storage import changes, editions, outbox, units
from storage.columns import Audience
from storage.database import Database
from storage.models import Change, Edition, Message
from tests.bot.test_taken_back import holding, waiting
from tests.conftest import LARKMOOR
from tests.digests.conftest import CHANNEL, MONDAY_NINE, WEEK, Notebook, Office

NOTED_AT = MONDAY_NINE - timedelta(days=3)


@pytest.fixture
def notebook(database: Database, larkmoor: str) -> Notebook:
    """Thirteen weeks of notes, the last with a rise, and a digest on Mondays; on each of the two databases."""
    Office(database, larkmoor)
    notebook = Notebook(database, larkmoor)
    for ago, failure in enumerate((16, 8, 8, 9, 7, 8, 9, 7, 8, 7, 9, 8, 8)):
        notebook.ordinary_week(WEEK.previous(ago), failure=failure, value=20 - failure)
    return notebook


def note(
    notebook: Notebook,
    words: str,
    *,
    unit: str = "",
    on: date = WEEK.monday,
    anew: bool = False,
    at: datetime = NOTED_AT,
) -> Change:
    with notebook.database.transaction() as session:
        there = units.called(session, LARKMOOR, unit)[0].id if unit else notebook.unit_id
        key = f"act {len(words)}"  # a test's words are its own; the name of an act holds none
        change = changes.keep(
            session, workspace=LARKMOOR, unit_id=there or 0, key=key, words=words, changed_on=on, now=at
        )
        changes.begin_charts(session, change, anew=anew)
    return change


def take_back(notebook: Notebook, change: Change, *, now: datetime = MONDAY_NINE) -> None:
    with notebook.database.transaction() as session:
        forgetting.take_change_back(session, session.get_one(Change, change.id), now=now)


def monday(notebook: Notebook, *, arrives: bool = True) -> Edition:
    """The digest of the week comes, or is on its way."""
    assert send.send_due(notebook.database, now=MONDAY_NINE, card=digest_card.build) == 1
    for n, message in enumerate(waiting(notebook.database, "digest/") if arrives else ()):
        with notebook.database.transaction() as session:
            outbox.sent(session, message.id or 0, ts=f"17.{n}", now=MONDAY_NINE)
    return edition(notebook)


def edition(notebook: Notebook) -> Edition:
    with notebook.database.reading() as session:
        return session.exec(select(Edition).where(Edition.week == WEEK.name)).one()


def said(notebook: Notebook, key: str) -> str:
    return str([message.body for message in waiting(notebook.database, key)])


def test_no_table_holds_a_word_of_it(notebook: Notebook) -> None:
    """Though a digest had shown it: in the log, beside a chart, elsewhere, as a knock-on. Another stands as it was."""
    gone = [note(notebook, "We text the quagga street"), note(notebook, "Okapi letters go in batches", unit="Rents")]
    note(notebook, "We moved the desk")
    facts = monday(notebook).facts
    assert [len(facts[part]) for part in ("changes", "elsewhere", "knock_ons")] == [2, 1, 1]
    for change in gone:
        take_back(notebook, change)
    assert holding(notebook.database, "quagga") == holding(notebook.database, "okapi") == []
    assert "We moved the desk" in retell.explain(edition(notebook))


def test_the_digest_that_arrived_is_edited_and_its_record_says_that_words_are_gone(notebook: Notebook) -> None:
    """With both fingerprints: of what went out, and of what is left. The chart that began anew for it still does."""
    change = note(notebook, "We text the quagga street", anew=True)
    told = monday(notebook)
    take_back(notebook, change)
    edit, *_ = waiting(notebook.database, "taken back/")
    assert edit.body["edit"].startswith(editions.key_of(told, WEEK.name))
    assert "This change was taken back. Its words are gone." in said(notebook, "taken back/")
    explained = retell.explain(edition(notebook))
    assert told.fingerprint in explained
    assert "words were taken back, so this is not the digest to the letter" in explained
    why = "a change from 27 April 2026 on was noted, and taken back later"
    assert f"Chart restarted: {why}." in " ".join(explained.split())


def test_a_digest_that_is_on_its_way_arrives_without_it(notebook: Notebook) -> None:
    change = note(notebook, "We text the quagga street", anew=True)
    monday(notebook, arrives=False)
    assert "quagga" in said(notebook, "digest/")
    take_back(notebook, change)
    assert holding(notebook.database, "quagga") == []
    assert "This change was taken back. Its words are gone." in said(notebook, "digest/")


def test_what_is_taken_back_while_a_digest_is_made_is_not_in_it(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, compose = note(notebook, "We text the quagga street", anew=True), send.compose

    def interrupted(*args: Any, **kwargs: Any) -> Digest:
        composed = compose(*args, **kwargs)
        assert "quagga" in str(composed.facts())
        take_back(notebook, change)
        return composed

    monkeypatch.setattr(send, "compose", interrupted)
    monday(notebook)
    assert holding(notebook.database, "quagga") == []
    assert retell.again(edition(notebook)).changes[0].taken_back


def test_a_digest_that_somebody_asked_for_just_now_does_not_say_it(notebook: Notebook) -> None:
    """However long it is: digests tell the beginning of it. It is on no record, so it is not said at all."""
    change = note(notebook, "We text the “quagga” street & the next " + "and the next " * 18)
    digest = send.compose_now(notebook.database, workspace=LARKMOOR, audience=Audience.MANAGERS, now=NOTED_AT)
    assert digest is not None
    with notebook.database.transaction() as session:
        key = f"{POSTED_NOW}/1"
        send.leave(session, digest, channel=CHANNEL, key=key, card=digest_card.build, now=NOTED_AT)
    assert "quagga" in said(notebook, POSTED_NOW)
    take_back(notebook, change)
    assert holding(notebook.database, "quagga") == []


def test_one_that_was_noted_after_the_digest_first_set_out_goes_too(notebook: Notebook) -> None:
    """A digest that could not come is made once more, from what is noted by then."""
    monday(notebook, arrives=False)
    with notebook.database.transaction() as session:
        for message in session.exec(select(Message)).all():
            outbox.give_up(session, message.id or 0, why="not_in_channel")
    later = MONDAY_NINE + timedelta(days=1)
    change = note(notebook, "We text the quagga street", at=later)
    place: dict[str, Any] = {"workspace": LARKMOOR, "channel": CHANNEL, "act": "1"}
    assert send.again(notebook.database, **place, now=later, card=digest_card.build) == 1
    assert "quagga" in said(notebook, "digest/")
    take_back(notebook, change, now=later)
    assert holding(notebook.database, "quagga") == []


def test_a_digest_that_told_nothing_of_it_is_left_as_it_was(notebook: Notebook) -> None:
    note(notebook, "We moved the desk")
    told = monday(notebook)
    take_back(notebook, note(notebook, "We text the quagga street", at=MONDAY_NINE))
    now = edition(notebook)
    assert (now.facts, now.fingerprint_since) == (told.facts, "")
    assert waiting(notebook.database, "taken back/") == []
