"""What goes wrong in one workspace, or over one note, is its own: all others have their tags and themes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.logbook import Logbook, Submission
from nlp import many, tagger
from nlp.redaction import Redactor
from nlp.tagger import Tagger, Words
from nlp.tagging import Tagging
from nlp.theming import ThemeBook
from nlp.vocabulary import NoteType
from storage import books
from storage.database import Database
from tests.conftest import HILLCREST, LARKMOOR

SAID = [
    *(
        "Where is my parcel?",
        "Any news on my parcel, please",
        "My parcel still hasn't come",
        "Has my parcel been sent?",
    ),
    *("I've lost my front door key", "Can I have a second door key?", "My door key is gone", "I need another door key"),
    *(
        "When do you open on Saturdays?",
        "Are you open on Sunday?",
        "What are your opening hours?",
        "When do you close?",
    ),
]


@pytest.fixture
def logbook(sqlite: Database) -> Logbook:
    """Two workspaces that were told the same: 36 notes each, Hillcrest's first."""
    logbook = Logbook(sqlite, Redactor.load(), Tagger.load(), clock=lambda: datetime(2026, 4, 29, 9, 30, tzinfo=UTC))
    for workspace in (HILLCREST, LARKMOOR):
        logbook.keep_all(
            [
                Submission(key=f"{n}/{words}", workspace=workspace, by=None, told_as=NoteType.DEMAND, words=words)
                for n in range(3)
                for words in (f"{said} {'Thanks.' * n}" for said in SAID)
            ]
        )
    return logbook


def let_be_read(logbook: Logbook, content: bytes) -> None:
    """Hillcrest's book of themes is this."""
    with logbook.database.transaction() as session:
        books.keep(session, HILLCREST, content, notes=36, now=logbook.clock())


def with_a_new_tagger(logbook: Logbook, monkeypatch: pytest.MonkeyPatch) -> Logbook:
    """The same notes, and a tagger that has seen none of them yet."""
    monkeypatch.setattr(tagger, "GUIDE", "the next guide")
    return Logbook(logbook.database, Redactor.load(), Tagger.load(), clock=logbook.clock)


def test_where_the_themes_of_one_workspace_cannot_be_found_the_others_are(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As when memory runs out over a large one. The log says where it went wrong, and no word of anybody's."""
    themed, asked = many.themed, [0]

    def killed_at_first(texts: list[str], *told: Any, **named: Any) -> tuple[ThemeBook, list[str | None]]:
        asked[0] += 1
        if asked[0] == 1:
            raise BrokenProcessPool(texts)
        return themed(texts, *told, **named)

    monkeypatch.setattr(many, "themed", killed_at_first)
    logbook.find_themes()
    assert logbook.librarian.names(HILLCREST) == {}
    assert logbook.librarian.names(LARKMOOR)
    assert f"themes of workspace {HILLCREST} could not be found: BrokenProcessPool" in caplog.text
    assert "librarian.py" in caplog.text
    assert "parcel" not in caplog.text
    logbook.find_themes()
    assert logbook.librarian.names(HILLCREST)


def test_where_one_workspace_cannot_be_tagged_again_the_others_are(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Though its notes are the oldest, and more than are looked at in one go. They wait until its book can be read."""
    let_be_read(logbook, b"no book at all")
    anew = with_a_new_tagger(logbook, monkeypatch)
    assert anew.left_to_retag() == 72
    assert [anew.retag(at_most=20) for _ in range(3)] == [20, 16, 0]
    assert anew.left_to_retag() == 36
    assert f"workspace {HILLCREST} could not be tagged yet: ValueError" in caplog.text
    assert "parcel" not in caplog.text
    let_be_read(logbook, ThemeBook().to_bytes())
    assert anew.retag() == 36


def test_a_note_that_the_tagger_stumbles_over_holds_up_no_other(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even in its own workspace."""
    anew = with_a_new_tagger(logbook, monkeypatch)
    tag_many = Tagger.tag_many

    def stumbles(self: Tagger, notes: Sequence[Words], **named: Any) -> Iterator[Tagging]:
        if any("Thanks.Thanks." in note.text and "Sunday" in note.text for note in notes):
            raise ArithmeticError
        return tag_many(self, notes, **named)

    monkeypatch.setattr(Tagger, "tag_many", stumbles)
    while anew.retag(at_most=10):
        pass
    assert anew.left_to_retag() == 2


def test_a_file_that_cannot_be_tagged_yet_is_kept_all_the_same(logbook: Logbook) -> None:
    """Whoever brings it in hears that it is safe; its notes are tagged as soon as that is possible."""
    let_be_read(logbook, b"no book at all")
    place: dict[str, Any] = {"workspace": HILLCREST, "by": None, "told_as": NoteType.DEMAND}
    kept = logbook.keep_all([Submission(key=f"late/{said}", words=said, **place) for said in SAID])
    assert (kept.new, kept.refused) == (len(SAID), ())
    assert logbook.left_to_retag() == len(SAID)
    let_be_read(logbook, ThemeBook().to_bytes())
    assert logbook.retag() == len(SAID)
