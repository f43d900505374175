"""What its author takes back is nowhere: no table holds a word of it, whatever had been made of it by then."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlmodel import select

from bot import librarian
from bot.amendments import Amendments
from bot.blocks import digest_card, receipt
from bot.desk import Entry
from bot.logbook import Logbook, LogbookError, NoteNotFound, Submission
from bot.notebook import Notebook
from digests import forgetting, retell, send
from digests.facts import Digest
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.theming import ThemeBook
from nlp.vocabulary import DemandKind, NoteType
from storage import books, notes, outbox, schedules, tags, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.models import Edition, Message, Note
from storage.notes import Detail
from tests.conftest import LARKMOOR

ASHA, TOM = "U0ASHA00001", "U0TOM000001"
WEDNESDAY = datetime(2026, 4, 29, 9, 30, tzinfo=UTC)
MONDAY = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
"""Nine by Larkmoor's clock, when the digest of that week comes."""
CHANNEL = "C0MANAGERS1"


class Clock:
    """Stands still until it is moved."""

    now = WEDNESDAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor.load()


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


@pytest.fixture
def clock() -> Clock:
    return Clock()


Opens = Callable[[Database], Logbook]


@pytest.fixture
def opens(redactor: Redactor, tagger: Tagger, clock: Clock) -> Opens:
    """A logbook of Larkmoor's, with a digest that comes on Mondays."""

    def opened(database: Database) -> Logbook:
        with database.transaction() as session:
            workspaces.join(session, LARKMOOR, now=clock.now, timezone="Europe/London")
            schedules.place(
                session,
                workspace=LARKMOOR,
                unit_id=workspaces.home_unit(session, LARKMOOR).id or 0,
                channel=CHANNEL,
                audience=Audience.MANAGERS,
                timezone="Europe/London",
                now=clock.now,
            )
        return Logbook(database, redactor, tagger, clock=clock)

    return opened


@pytest.fixture
def logbook(opens: Opens, sqlite: Database) -> Logbook:
    return opens(sqlite)


@pytest.fixture
def either(opens: Opens, database: Database) -> Logbook:
    """On each of the two databases."""
    return opens(database)


def pass_on(logbook: Logbook, words: str, *, by: str = ASHA, kind: DemandKind | None = DemandKind.CHASE) -> Note:
    """A note with its receipt on the way, and its author's word on what it is, unless that is left to the tagger."""
    note, _ = logbook.keep(Submission(key=words, workspace=LARKMOOR, by=by, told_as=NoteType.DEMAND, words=words))

    def owed(entry: Entry) -> tuple[str, str, dict[str, object]]:
        return f"receipt/{note.id}", by, receipt.build(entry)

    logbook.tag(note, owed=owed)
    if kind is not None:
        logbook.correct(note.id or 0, workspace=LARKMOOR, by=by, kind=kind)
    with logbook.database.transaction() as session:  # a test's words are its own; a submission's key names none
        kept = session.get_one(Note, note.id)
        kept.key = f"command/{note.id}"
        session.add(kept)
    return note


def take_back(logbook: Logbook, note: Note, *, by: str = ASHA) -> None:
    logbook.undo(note.id or 0, workspace=LARKMOOR, by=by)


def monday(logbook: Logbook, clock: Clock, *, arrives: bool = True) -> Edition:
    """The digest of the week comes, or is on its way."""
    clock.now = MONDAY
    assert send.send_due(logbook.database, now=clock.now, card=digest_card.build) == 1
    for n, message in enumerate(waiting(logbook.database, "digest/") if arrives else ()):
        with logbook.database.transaction() as session:
            outbox.sent(session, message.id or 0, ts=f"17.{n}", now=clock.now)
    return edition(logbook)


def edition(logbook: Logbook) -> Edition:
    with logbook.database.reading() as session:
        return session.exec(select(Edition)).one()


def waiting(database: Database, key: str) -> list[Message]:
    with database.reading() as session:
        there = session.exec(select(Message).order_by(Message.id)).all()  # type: ignore[arg-type]
    return [message for message in there if message.key.startswith(key) and message.sent_at is None]


def holding(database: Database, word: str) -> list[str]:
    """Every table and column that holds a word, the book of themes too."""
    found = []
    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                found += [f"{table}.{name}" for name, value in row.items() if word in in_letters(value).casefold()]
    return found


def in_letters(value: Any) -> str:
    if isinstance(value, bytes | memoryview) and bytes(value[:2]) == b"PK":
        with zipfile.ZipFile(io.BytesIO(bytes(value))) as book:
            return book.read("facts.json").decode()
    return str(value)


def test_no_table_holds_a_word_of_it(either: Logbook, clock: Clock) -> None:
    """Not of the customer's words, nor of what was said beside them, nor of how it read before it was edited; though a
    digest had shown it, and another person's note stands as it was.
    """
    amendments = Amendments(either)
    note = pass_on(either, "Any news on the quagga gate?")
    pass_on(either, "Nobody came on Tuesday", by=TOM, kind=DemandKind.ADVISE)
    amendments.reword(note, "Any news on the okapi gate?", by=ASHA, key="edit/1/1")
    amendments.remark(note, "she was told the bongo team would ring", by=ASHA, key="remark/1")
    detail = Detail(what_matters="a dry kudu", in_the_way="the gnu form")
    amendments.add_detail(note.id or 0, detail, workspace=LARKMOOR, by=ASHA)
    assert "okapi" in str(monday(either, clock).facts)
    take_back(either, note)
    assert [holding(either.database, word) for word in ("quagga", "okapi", "bongo", "kudu", "gnu form")] == [[]] * 5
    assert holding(either.database, ASHA.casefold()) == []
    assert "note.verbatim" in holding(either.database, "tuesday")
    assert "Nobody came on Tuesday" in str(edition(either).facts)


def test_a_note_that_became_several_goes_with_each_of_them(logbook: Logbook, clock: Clock) -> None:
    """The digest had quoted it whole."""
    whole = pass_on(logbook, "Where's my quagga parcel? And can you change the okapi name on my account?")
    monday(logbook, clock)
    first, second = Amendments(logbook).split(whole.id or 0, workspace=LARKMOOR, by=ASHA)
    for part in (first, second):
        logbook.tag(part)
    take_back(logbook, first)
    assert holding(logbook.database, "quagga") == []
    assert "note.verbatim" in holding(logbook.database, "okapi")
    take_back(logbook, second)
    assert holding(logbook.database, "okapi") == []


def test_a_digest_on_record_says_plainly_that_words_were_taken_back(logbook: Logbook, clock: Clock) -> None:
    """Told again and explained, with both fingerprints: of what went out, and of what is left."""
    note = pass_on(logbook, "Any news on the quagga gate?")
    told = monday(logbook, clock)
    take_back(logbook, note)
    now = edition(logbook)
    explained = retell.explain(now)
    assert f"Note {note.number} was taken back by whoever passed it on. Its words are gone." in explained
    assert told.fingerprint in explained
    assert "not the digest to the letter" in explained
    assert now.fingerprint_since in explained
    assert now.fingerprint_since not in ("", told.fingerprint)


def test_where_nothing_was_taken_back_a_digest_is_left_as_it_was(logbook: Logbook, clock: Clock) -> None:
    pass_on(logbook, "Any news on the gate?")
    told = monday(logbook, clock)
    take_back(logbook, pass_on(logbook, "Where is my parcel?"))
    assert edition(logbook).facts == told.facts
    assert "to the letter" not in retell.explain(edition(logbook))
    assert waiting(logbook.database, "taken back/") == []


def test_a_digest_that_is_on_its_way_arrives_without_the_words(logbook: Logbook, clock: Clock) -> None:
    note = pass_on(logbook, "Any news on the quagga gate?")
    monday(logbook, clock, arrives=False)
    assert "quagga" in str([message.body for message in waiting(logbook.database, "digest/")])
    take_back(logbook, note)
    said = str([message.body for message in waiting(logbook.database, "digest/")])
    assert "quagga" not in said
    assert f"Note {note.number} was taken back" in said


def test_a_digest_that_arrived_is_edited_once_for_all_that_is_gone(logbook: Logbook, clock: Clock) -> None:
    """Whatever was owed before says nothing that was taken back since."""
    gone = [pass_on(logbook, words) for words in ("Any news on the quagga gate?", "Is the okapi door mended?")]
    monday(logbook, clock)
    for note in gone:
        take_back(logbook, note)
    [edit] = waiting(logbook.database, "taken back/")
    assert edit.channel == CHANNEL
    assert edit.body["edit"] == f"digest/managers/2026-W18/unit 1/{CHANNEL}"
    assert holding(logbook.database, "quagga") == holding(logbook.database, "okapi") == []


def test_a_digest_that_somebody_asked_for_just_now_does_not_say_it(logbook: Logbook, clock: Clock) -> None:
    """It is on no record, so it is not said at all."""
    note = pass_on(logbook, "Any news on the “quagga” gate & the fence?")
    digest = send.compose_now(logbook.database, workspace=LARKMOOR, audience=Audience.MANAGERS, now=clock.now)
    assert digest is not None
    with logbook.database.transaction() as session:
        key = f"{forgetting.POSTED_NOW}/1"
        send.leave(session, digest, channel=CHANNEL, key=key, card=digest_card.build, now=clock.now)
    take_back(logbook, note)
    assert holding(logbook.database, "quagga") == []


def test_what_is_taken_back_while_a_digest_is_made_is_not_in_it(
    logbook: Logbook, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = pass_on(logbook, "Any news on the quagga gate?")
    compose = send.compose

    def interrupted(*args: Any, **kwargs: Any) -> Digest:
        composed = compose(*args, **kwargs)
        assert "quagga" in str(composed.facts())
        take_back(logbook, note)
        return composed

    monkeypatch.setattr(send, "compose", interrupted)
    monday(logbook, clock)
    assert holding(logbook.database, "quagga") == []
    assert retell.again(edition(logbook)).quotes[0].taken_back


def test_what_is_taken_back_while_it_is_tagged_gets_no_tag_and_no_receipt(either: Logbook) -> None:
    note = pass_on(either, "Any news on the quagga gate?")
    take_back(either, note)

    def owed(entry: Entry) -> tuple[str, str, dict[str, object]]:
        return f"receipt/{note.id}/late", ASHA, receipt.build(entry)

    assert note.verbatim  # whoever tags it read it a moment before
    assert either.tag(note, owed=owed).tag is None
    assert holding(either.database, "quagga") == []


GATES = [
    "The quagga gate sticks",
    "Is the quagga gate mended?",
    "When is the quagga gate mended",
    "Any quagga gate news",
]
PARCELS = ["Where is my parcel?", "Any news on my parcel, please", "My parcel still hasn't come", "Is my parcel sent?"]


def from_a_file(logbook: Logbook) -> None:
    """Enough notes for themes, of nobody's."""
    said = enumerate(f"{words} {'Thanks.' * n}" for n in range(5) for words in PARCELS)
    place: dict[str, Any] = {"workspace": LARKMOOR, "by": None, "told_as": NoteType.DEMAND}
    logbook.keep_all([Submission(key=f"file/{n}", words=words, **place) for n, words in said])


def test_no_theme_is_called_by_words_that_only_they_had_said(logbook: Logbook, clock: Clock) -> None:
    """Its name goes from the book, from every tag and from the digests on record; the theme itself stays."""
    from_a_file(logbook)
    hers = [pass_on(logbook, words, kind=None) for words in GATES]
    logbook.find_themes()
    with logbook.database.reading() as session:
        called = {tag.theme for tag in tags.standing_of(session, hers).values()}
    assert any("quagga" in str(name) for name in called)
    logbook.correct(hers[0].id or 0, workspace=LARKMOOR, by=ASHA, kind=DemandKind.NEW)  # so this one is quoted
    other = pass_on(logbook, "So is the gate mended?", by=TOM)
    assert "quagga" in str(monday(logbook, clock).facts["quotes"])
    for note in hers:
        take_back(logbook, note)
    assert holding(logbook.database, "quagga") == []
    with logbook.database.reading() as session:
        kept = books.latest(session, LARKMOOR)
        tag = tags.standing(session, other)
    assert kept is not None
    assert tag is not None
    assert tag.theme in {theme.name for theme in ThemeBook.from_bytes(kept.content).themes}
    assert "gate" in str(tag.theme)


def test_what_is_taken_back_while_themes_are_found_is_in_no_book(
    logbook: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even in the first one there ever was."""
    found_in = ThemeBook.found_in
    hers: list[Note] = []

    def interrupted(*args: Any, **kwargs: Any) -> ThemeBook:
        book = found_in(*args, **kwargs)
        while hers:
            take_back(logbook, hers.pop())
        return book

    monkeypatch.setattr(librarian.ThemeBook, "found_in", interrupted)
    hers += [pass_on(logbook, words) for words in GATES]
    from_a_file(logbook)
    logbook.find_themes()
    assert hers == []
    assert holding(logbook.database, "quagga") == []


def test_delete_mine_takes_all_of_it_and_goes_on_from_where_it_was_cut_off(
    either: Logbook, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each note goes whole, so at no moment is half of one left; Tom's stays."""
    for place, word in enumerate(("quagga", "okapi", "kudu")):
        clock.now += timedelta(minutes=place)
        pass_on(either, f"Any news on the {word} gate?")
    pass_on(either, "Nobody came on Tuesday", by=TOM)
    monday(either, clock)
    notebook = Notebook(either, clock)
    withdraw, done = notes.withdraw, []

    def cut_off(*args: Any, **kwargs: Any) -> None:
        withdraw(*args, **kwargs)
        done.append(1)
        if len(done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(notes, "withdraw", cut_off)
    with pytest.raises(KeyboardInterrupt):
        notebook.forget_everything_of(LARKMOOR, ASHA)
    left = [word for word in ("quagga", "okapi", "kudu") if holding(either.database, word)]
    assert len(left) == 2
    assert len(notebook.own(LARKMOOR, ASHA).things) == 2
    assert notebook.forget_everything_of(LARKMOOR, ASHA) == (2, 0)
    assert [holding(either.database, word) for word in ("quagga", "okapi", "kudu")] == [[], [], []]
    assert holding(either.database, ASHA.casefold()) == []
    assert len(notebook.own(LARKMOOR, TOM).things) == 1


def test_whatever_else_happens_to_a_note_at_the_same_moment_it_goes(opens: Opens, postgres: Database) -> None:
    """Tagged, corrected, reworded, split and added to while it is taken back: all of it is too late, or gone."""
    logbook = opens(postgres)
    amendments, refused = Amendments(logbook), []

    def live(n: int) -> None:
        words = f"Where's my quagga parcel {n}? And can you change the quagga name on my account?"
        asked = Submission(key=f"k{n}", workspace=LARKMOOR, by=ASHA, told_as=NoteType.DEMAND, words=words)
        note, _ = logbook.keep(asked)
        hers: dict[str, Any] = {"workspace": LARKMOOR, "by": ASHA}
        acts: list[Callable[[], object]] = [
            lambda: logbook.tag(note, owed=lambda entry: (f"receipt/{note.id}", ASHA, receipt.build(entry))),
            lambda: amendments.reword(note, f"{words} Still!", by=ASHA, key=f"edit/{n}/1"),
            lambda: amendments.split(note.id or 0, **hers),
            lambda: amendments.add_detail(note.id or 0, Detail(what_matters="quagga"), **hers),
            lambda: logbook.correct(note.id or 0, **hers, kind=DemandKind.CHASE),
            lambda: logbook.undo(note.id or 0, **hers),
        ]
        with ThreadPoolExecutor(len(acts)) as threads:
            for done in [threads.submit(act) for act in acts]:
                try:
                    done.result()
                except LogbookError as error:
                    refused.append(error)

    for n in range(8):
        live(n)
    Notebook(logbook, logbook.clock).forget_everything_of(LARKMOOR, ASHA)  # the parts, where the split was quicker
    assert {type(error) for error in refused} <= {NoteNotFound}
    assert holding(postgres, "quagga") == []
