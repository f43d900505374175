"""What is taken back is unlearned, too: by the tagger that people teach, and by the themes that are being found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot.amendments import Amendments
from bot.logbook import Logbook, Submission
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.tagging import Tagging
from nlp.theming import ThemeBook
from nlp.vocabulary import DemandKind, NoteType
from storage.database import Database
from storage.models import Note, Unit
from tests.conftest import LARKMOOR

ASHA = "U0ASHA00001"
ARRIVED = "the quagga thing has arrived at my house"
SHED = "please put my parcel in the shed next time"
GATES = [
    "Any news on the quagga gate?",
    "The quagga gate sticks",
    "Is the quagga gate mended?",
    "When is the quagga gate mended",
    "Any quagga gate news",
]
PARCELS = ["Where is my parcel?", "Any news on my parcel, please", "My parcel still hasn't come", "Is my parcel sent?"]


@pytest.fixture
def logbook(sqlite: Database) -> Logbook:
    """Its clock stands still, so that no moment tells one correction from another."""
    return Logbook(sqlite, Redactor.load(), Tagger.load(), clock=lambda: datetime(2026, 4, 29, 9, 30, tzinfo=UTC))


def pass_on(logbook: Logbook, words: str, *, means: DemandKind | None = None, theme: str | None = None) -> Note:
    """A note of Asha's, and her word on what it is, if she has one."""
    note, _ = logbook.keep(Submission(key=words, workspace=LARKMOOR, by=ASHA, told_as=NoteType.DEMAND, words=words))
    logbook.tag(note)
    if means is not None:
        logbook.correct(note.id or 0, workspace=LARKMOOR, by=ASHA, kind=means, theme=theme)
    return note


def from_a_file(logbook: Logbook, name: str) -> None:
    """Enough notes for themes, of nobody's."""
    said = [f"{words} {'Thanks.' * n}" for n in range(5) for words in PARCELS]
    logbook.keep_all(
        [
            Submission(key=f"{name}/{n}", workspace=LARKMOOR, by=None, told_as=NoteType.DEMAND, words=words)
            for n, words in enumerate(said)
        ]
    )


def take_back(logbook: Logbook, *some: Note) -> None:
    for note in some:
        logbook.undo(note.id or 0, workspace=LARKMOOR, by=ASHA)


def heard(logbook: Logbook, words: str) -> Tagging:
    """What a new note with these words would be taken for, once all is learned."""
    logbook.learn()
    note = Note(workspace=LARKMOOR, verbatim=words, told_as=NoteType.DEMAND)
    [tagging] = logbook.meanings.suggested([(note, Unit(workspace=LARKMOOR))])
    assert tagging is not None
    return tagging


def test_words_taken_back_decide_nothing_though_as_many_were_corrected_since(logbook: Logbook) -> None:
    """And what was corrected since is learned."""
    first_day = heard(logbook, ARRIVED).kind
    assert first_day is not DemandKind.BLOCKED
    arrived, shed = pass_on(logbook, ARRIVED, means=DemandKind.BLOCKED), pass_on(logbook, SHED)
    assert heard(logbook, ARRIVED).kind is DemandKind.BLOCKED
    take_back(logbook, arrived)
    logbook.correct(shed.id or 0, workspace=LARKMOOR, by=ASHA, kind=DemandKind.AGAIN)
    assert heard(logbook, ARRIVED).kind is first_day
    assert heard(logbook, SHED).kind is DemandKind.AGAIN


def test_words_that_were_edited_away_decide_nothing(logbook: Logbook) -> None:
    """Her word on the note stands, for the words that it has now."""
    first_day = heard(logbook, ARRIVED).kind
    note = pass_on(logbook, ARRIVED, means=DemandKind.BLOCKED)
    assert heard(logbook, ARRIVED).kind is DemandKind.BLOCKED
    Amendments(logbook).reword(note, SHED, by=ASHA, key="edit/1")
    assert heard(logbook, ARRIVED).kind is first_day
    assert heard(logbook, SHED).kind is DemandKind.BLOCKED


def test_a_name_that_was_taken_back_is_offered_for_no_like_note(logbook: Logbook) -> None:
    """The theme goes on under another name, and so does what people said of it."""
    from_a_file(logbook, "file")
    hers = [pass_on(logbook, words) for words in GATES]
    logbook.find_themes()
    [was] = [name for name in logbook.librarian.names(LARKMOOR).values() if "quagga" in name]
    pass_on(logbook, "where do I leave the key for the shed", means=DemandKind.ADVISE, theme=was)
    assert heard(logbook, "where do I leave the key to the shed").theme == was
    take_back(logbook, *hers)
    assert "quagga" not in str(logbook.librarian.names(LARKMOOR))
    assert heard(logbook, "where do I leave the key to the shed").theme in logbook.librarian.names(LARKMOOR).values()


@pytest.mark.parametrize("moment", range(6))
def test_at_whatever_moment_words_are_taken_back_while_themes_are_found_they_are_in_no_book(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Not even as an example of a theme that people hold: between any two looks into the database."""
    from_a_file(logbook, "file")
    hers = [pass_on(logbook, words) for words in GATES]
    logbook.find_themes()
    [gates] = [theme.id for theme in logbook.librarian.book(LARKMOOR).themes if "quagga" in theme.name]
    logbook.librarian.change(LARKMOOR, lambda book: book.pin(gates))
    from_a_file(logbook, "more")
    reading, looks = Database.reading, iter(range(100))

    @contextmanager
    def interrupted(database: Database) -> Iterator[Session]:
        if next(looks) == moment:
            take_back(logbook, *hers)
        with reading(database) as session:
            yield session

    with monkeypatch.context() as patch:
        patch.setattr(Database, "reading", interrupted)
        logbook.find_themes()
    assert next(looks) > moment
    assert ThemeBook() != logbook.librarian.book(LARKMOOR)
    examples = [text for theme in logbook.librarian.book(LARKMOOR).themes for text in theme.examples]
    assert not any("quagga" in text for text in examples)
