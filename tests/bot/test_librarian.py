"""Themes emerge from what people pass on, are told on arrival, and forget what is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.blocks import receipt
from bot.librarian import FEWEST, NoneLeft, NoneSetApart
from bot.logbook import Logbook, Submission
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.theming import ThemeBook
from nlp.theming import words as marking
from nlp.vocabulary import DemandKind, NoteType
from storage import books, notes, tags
from storage.database import Database
from tests.conftest import LARKMOOR

PARCELS = [
    "Where is my parcel?",
    "Any news on my parcel, please",
    "My parcel still hasn't come",
    "Has my parcel been sent yet?",
]
KEYS = [
    "I've lost my front door key",
    "Can I have a second door key?",
    "The key to my door is gone",
    "I need another door key",
]
HOURS = [
    "When do you open on Saturdays?",
    "Are you open on Sunday?",
    "What are your opening hours?",
    "When do you close today?",
]


@pytest.fixture
def logbook(sqlite: Database) -> Logbook:
    return Logbook(sqlite, Redactor.load(), Tagger.load(), clock=lambda: datetime(2026, 4, 29, 9, 30, tzinfo=UTC))


def submission(words: str, key: str, by: str | None = None) -> Submission:
    return Submission(key=key, workspace=LARKMOOR, by=by, told_as=NoteType.DEMAND, words=words)


def log(logbook: Logbook, times: int = 3) -> None:
    """Three things that people ask for, each in several wordings."""
    said = [f"{words} {'Thanks.' * n}" for n in range(times) for words in (*PARCELS, *KEYS, *HOURS)]
    logbook.keep_all([submission(words, key) for key, words in enumerate_keys(said)])


def enumerate_keys(said: list[str]) -> list[tuple[str, str]]:
    return [(f"import/{place}", words) for place, words in enumerate(said)]


def theme_of(logbook: Logbook, words: str) -> str | None:
    note, _ = logbook.keep(submission(words, f"asked/{words}"))
    tag = logbook.tag(note).tag
    assert tag is not None
    return tag.theme


def test_from_a_few_notes_no_themes_are_made_up(logbook: Logbook) -> None:
    logbook.keep_all([submission(words, words) for words in PARCELS])
    logbook.find_themes()
    assert len(PARCELS) < FEWEST
    assert theme_of(logbook, "Where has my parcel got to?") is None


def test_a_note_that_only_lies_nearest_to_a_theme_is_not_called_by_its_name(logbook: Logbook) -> None:
    """A theme beside a customer's words is read as what they are about, so it has to be."""
    log(logbook)
    logbook.find_themes()
    book = logbook.librarian.book(LARKMOOR)
    stray = "The lift smells of fish"
    parcels = book.place([PARCELS[0]])[0].theme
    strayed = replace(book, remembered={**book.remembered, marking.mark(marking.key(stray)): parcels})
    with logbook.database.transaction() as session:
        books.keep(session, LARKMOOR, strayed.to_bytes(), notes=len(book.remembered), now=logbook.clock())
    assert strayed.place([stray])[0].theme == parcels
    assert theme_of(logbook, stray) is None
    assert theme_of(logbook, PARCELS[0]) == book.theme(parcels or "").name


def test_notes_that_ask_the_same_share_a_theme_named_in_customers_words(logbook: Logbook) -> None:
    """History has its themes, and a new note gets its own on arrival."""
    log(logbook)
    logbook.find_themes()
    with logbook.database.reading() as session:
        everything = list(notes.everything(session, workspace=LARKMOOR))
        standing = tags.standing_of(session, everything)
    parcel = {standing[note.id or 0].theme for note in everything if "parcel" in note.verbatim}
    key = {standing[note.id or 0].theme for note in everything if "key" in note.verbatim}
    assert parcel.isdisjoint(key)
    arriving = theme_of(logbook, "Do you know where my parcel is?")
    assert arriving in parcel
    assert arriving is not None
    assert "parcel" in arriving


def test_a_receipt_says_how_often_the_same_was_heard(logbook: Logbook) -> None:
    """So that whoever passes it on knows that they are not alone with it."""
    log(logbook)
    logbook.find_themes()
    note, _ = logbook.keep(submission("Do you know where my parcel is?", "mine"))
    entry = logbook.tag(note)
    assert entry.heard[0] > len(PARCELS)
    assert f"Heard {entry.heard[0]} times" in str(receipt.build(entry))


def test_a_persons_word_on_a_theme_stands_when_themes_are_found_anew(logbook: Logbook) -> None:
    note, _ = logbook.keep(submission("Where is my parcel?", "mine", by="U0ASHA00001"))
    logbook.tag(note)
    logbook.correct(note.id or 0, workspace=LARKMOOR, by="U0ASHA00001", kind=DemandKind.AGAIN, theme="the lost parcel")
    log(logbook)
    logbook.find_themes()
    entry = logbook.entry(note.id or 0, workspace=LARKMOOR, by="U0ASHA00001")
    assert entry.tag is not None
    assert entry.tag.theme == "the lost parcel"


def test_a_note_taken_back_leaves_no_word_in_the_book(logbook: Logbook) -> None:
    for place, words in enumerate(PARCELS):
        note, _ = logbook.keep(submission(f"{words} Zanzibar {place}", f"mine/{place}", by="U0ASHA00001"))
        logbook.tag(note)
    log(logbook, times=1)
    log(logbook, times=2)
    logbook.find_themes()
    with logbook.database.reading() as session:
        mine = [note for note in notes.everything(session, workspace=LARKMOOR) if "Zanzibar" in note.verbatim]
    for note in mine:
        logbook.undo(note.id or 0, workspace=LARKMOOR, by="U0ASHA00001")
    with logbook.database.reading() as session:
        kept = books.latest(session, LARKMOOR)
    assert kept is not None
    examples = [text for theme in ThemeBook.from_bytes(kept.content).themes for text in theme.examples]
    assert not any("Zanzibar" in text for text in examples)


def parcels_of(logbook: Logbook) -> str:
    """The id of the theme about parcels."""
    [theme] = [theme for theme in logbook.librarian.book(LARKMOOR).themes if "parcel" in theme.name]
    return theme.id


def test_what_people_may_set_apart_is_never_from_a_private_channel(logbook: Logbook) -> None:
    """Nor does it say the same twice; nor is a theme ever named by it, or shown by it."""
    log(logbook)
    logbook.find_themes()
    secret = "Where is my parcel from the hush hush depot?"
    note, _ = logbook.keep(replace(submission(secret, "private"), private=True))
    logbook.tag(note)
    parcels = parcels_of(logbook)
    with logbook.database.reading() as session:
        name = logbook.librarian.book(LARKMOOR).theme(parcels).name
        assert secret in {one.verbatim for one in tags.under(session, [name], workspace=LARKMOOR)}
    offered = logbook.librarian.might_leave(LARKMOOR, parcels)
    assert {marking.key(one.verbatim) for one in offered} == {marking.key(words) for words in PARCELS}
    assert len(offered) == len(PARCELS)
    with pytest.raises(NoneSetApart):
        logbook.librarian.split(LARKMOOR, parcels, {note.id or 0})
    with pytest.raises(NoneLeft):
        logbook.librarian.split(LARKMOOR, parcels, {one.id or 0 for one in offered})


def test_a_theme_is_split_in_its_own_workspace_alone(logbook: Logbook) -> None:
    """Notes and themes of others can neither be chosen nor be changed."""
    log(logbook)
    elsewhere = [
        replace(submission(f"{words} {'Thanks.' * n}", f"import/{words}{n}"), workspace="T0ELSEWHERE")
        for n in range(3)
        for words in (*PARCELS, *KEYS, *HOURS)
    ]
    logbook.keep_all(elsewhere)
    logbook.find_themes()
    parcels = parcels_of(logbook)
    theirs = {theme.id for theme in logbook.librarian.book("T0ELSEWHERE").themes if "parcel" in theme.name}
    there = logbook.librarian.book("T0ELSEWHERE").to_bytes()
    of_others = {one.id or 0 for theme in theirs for one in logbook.librarian.might_leave("T0ELSEWHERE", theme)}
    assert of_others
    with pytest.raises(NoneSetApart):
        logbook.librarian.split(LARKMOOR, parcels, of_others)
    mine = logbook.librarian.might_leave(LARKMOOR, parcels)[0].id or 0
    name = logbook.librarian.split(LARKMOOR, parcels, {mine, *of_others}, name="has it been sent")
    assert name in logbook.librarian.names(LARKMOOR).values()
    assert logbook.librarian.book("T0ELSEWHERE").to_bytes() == there


def test_whoever_splits_a_theme_is_answered_before_history_follows(logbook: Logbook) -> None:
    """Slack waits three seconds, and a theme may have many notes."""
    log(logbook)
    logbook.find_themes()
    parcels = parcels_of(logbook)
    least_like = logbook.librarian.might_leave(LARKMOOR, parcels)[0]
    seen: list[tuple[bool, str | None]] = []

    def look() -> None:
        with logbook.database.reading() as session:
            tag = tags.standing(session, least_like)
        seen.append((len(logbook.librarian.book(LARKMOOR).said) == 1, tag.theme if tag else None))

    was = logbook.librarian.book(LARKMOOR).theme(parcels).name
    name = logbook.librarian.split(LARKMOOR, parcels, {least_like.id or 0}, once_split=look)
    assert seen == [(True, was)]
    with logbook.database.reading() as session:
        after = tags.standing(session, least_like)
    assert after is not None
    assert after.theme == name
