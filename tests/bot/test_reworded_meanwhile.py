"""A note is edited while somebody is still working out what it means: only what it says by now is made of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.amendments import Amendments
from bot.blocks import receipt
from bot.desk import Entry
from bot.logbook import Logbook, Submission
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.vocabulary import NoteType
from storage import outbox, tags
from storage.database import Database
from storage.models import Note, Tag
from tests.bot.test_librarian import log
from tests.conftest import LARKMOOR

ASHA = "U0ASHA00001"
BEFORE, AFTER = "I've rung three times about the quagga boiler", "When do you open on Saturday?"


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load()


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture
def logbook(database: Database, redactor: Redactor, tagger: Tagger) -> Logbook:
    """Its clock goes on a little whenever it is asked, so that the latest of two tags is the latest."""
    started, asked = datetime(2026, 4, 29, 9, 30, tzinfo=UTC), iter(range(100_000))
    return Logbook(database, redactor, tagger, clock=lambda: started + timedelta(milliseconds=next(asked)))


def kept(logbook: Logbook, words: str = BEFORE, key: str = "message/D1/1.1") -> Note:
    note, _ = logbook.keep(Submission(key=key, workspace=LARKMOOR, by=ASHA, told_as=NoteType.DEMAND, words=words))
    return note


def edit(logbook: Logbook, note: Note) -> None:
    assert Amendments(logbook).reword(note, AFTER, by=ASHA, key="edit/D1/1.1/2.1")


def once(done: Callable[..., Any], then: Callable[[], None]) -> Callable[..., Any]:
    """The same, after which something else happens: the first time alone."""
    left = [then]

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        answer = done(*args, **kwargs)
        if left:
            left.pop()()
        return answer

    return interrupted


def standing(logbook: Logbook, note: Note) -> Tag | None:
    with logbook.database.reading() as session:
        return tags.standing(session, note)


def said_in(words: str, tag: Tag) -> bool:
    """Whether these words hold every reason that is given for a tag."""
    return all(reason in words for reason in tag.because)


def test_what_is_edited_while_it_is_tagged_is_tagged_by_what_it_says_now(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No word that was edited out is given as a reason; not on the receipt either."""
    expected = logbook.tag(kept(logbook, AFTER, "the same")).tag
    note = kept(logbook)
    suggested = logbook.meanings.suggested
    monkeypatch.setattr(logbook.meanings, "suggested", once(suggested, lambda: edit(logbook, note)))

    def owed(entry: Entry) -> tuple[str, str, dict[str, object]]:
        return f"receipt/{note.id}", ASHA, receipt.build(entry)

    entry = logbook.tag(note, owed=owed)
    with logbook.database.reading() as session:
        left = outbox.with_key(session, workspace=LARKMOOR, key=f"receipt/{note.id}")
    assert left is not None
    assert "quagga" not in str(left.body)
    assert "three times" not in str(left.body)
    assert entry.note.verbatim == AFTER
    assert entry.tag is not None
    assert expected is not None
    assert (entry.tag.kind, entry.tag.because) == (expected.kind, expected.because)


def test_what_is_edited_while_history_is_tagged_again_keeps_what_was_made_of_the_edit(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = kept(logbook)

    def edit_and_tag() -> None:
        edit(logbook, note)
        logbook.tag(logbook.entry(note.id or 0, workspace=LARKMOOR, by=ASHA).note)

    suggested = logbook.meanings.suggested
    monkeypatch.setattr(logbook.meanings, "suggested", once(suggested, edit_and_tag))
    logbook.retag()
    tag = standing(logbook, note)
    assert tag is not None
    assert said_in(AFTER, tag)
    assert logbook.left_to_retag() == 0


def test_what_is_edited_while_history_is_tagged_again_gets_another_turn_by_its_new_words(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = kept(logbook)
    suggested = logbook.meanings.suggested
    monkeypatch.setattr(logbook.meanings, "suggested", once(suggested, lambda: edit(logbook, note)))
    assert logbook.retag() == 1
    tag = standing(logbook, note)
    assert tag is not None
    assert said_in(AFTER, tag)


def test_what_is_edited_while_themes_are_found_is_not_given_its_old_tag_again(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    log(logbook)
    note = kept(logbook, "Any news on my parcel? I've rung three times")
    logbook.tag(note)

    def edit_and_tag() -> None:
        edit(logbook, note)
        logbook.tag(logbook.entry(note.id or 0, workspace=LARKMOOR, by=ASHA).note)

    themes_of = logbook.librarian.themes_of
    monkeypatch.setattr(logbook.librarian, "themes_of", once(themes_of, edit_and_tag))
    logbook.find_themes()
    tag = standing(logbook, note)
    assert tag is not None
    assert said_in(AFTER, tag)
    assert "parcel" not in str(tag.theme)
