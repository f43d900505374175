"""Many people pass things on in the same moment: each note is kept once, and kept before anyone hears of it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import UTC, datetime

from sqlalchemy import event

from bot.logbook import Logbook, Submission
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from nlp.vocabulary import NoteType
from storage import notes, outbox
from storage.database import Database
from tests.conftest import HILLCREST, LARKMOOR

PATIENCE = 30.0


class Held:
    """A clock that holds the first who asks the time at the desk, until everybody has come."""

    def __init__(self) -> None:
        self.reached, self.everybody_is_here = threading.Event(), threading.Event()

    def __call__(self) -> datetime:
        if threading.current_thread().name.startswith("together") and not self.reached.is_set():
            self.reached.set()
            assert self.everybody_is_here.wait(PATIENCE)
        return datetime(2026, 4, 29, 9, 30, tzinfo=UTC)


def submission(key: str, workspace: str = LARKMOOR) -> Submission:
    return Submission(
        key=key, workspace=workspace, by="U0ASHA", told_as=NoteType.DEMAND, words=f"Where is my order, the {key} one?"
    )


def test_those_who_come_while_a_note_is_kept_are_kept_together_each_once(database: Database) -> None:
    """Six more come in meanwhile, from two workspaces, one of them in two deliveries: one commit keeps them all."""
    held = Held()
    logbook = Logbook(database, Redactor.load(), Tagger.load(), clock=held)
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    coming = [submission(key) for key in ("red", "blue", "green", "green")]
    coming += [submission(key, HILLCREST) for key in ("red", "blue")]
    with ThreadPoolExecutor(8) as people:
        first = people.submit(logbook.keep, submission("first"))
        assert held.reached.wait(PATIENCE)
        others = [people.submit(logbook.keep, one) for one in coming]
        while len(logbook._keeping._waiting) < len(coming):
            pass
        held.everybody_is_here.set()
        kept = [one.result(PATIENCE) for one in (first, *others)]
    assert len(commits) == 2
    assert sorted(is_new for _, is_new in kept) == [False, *[True] * 6]
    with database.reading() as session:
        assert [note.number for note in notes.everything(session, workspace=LARKMOOR)] == [1, 2, 3, 4]
        assert [note.number for note in notes.everything(session, workspace=HILLCREST)] == [1, 2]


def test_a_receipt_is_written_as_whoever_gets_it_reads(sqlite: Database) -> None:
    """Receipts are made at one desk for all, and each in the language of the one who waits for it."""
    logbook = Logbook(sqlite, Redactor.load(), Tagger.load())
    language: ContextVar[str] = ContextVar("language", default="none")

    def passes_on(reads: str) -> None:
        language.set(reads)
        note, _ = logbook.keep(submission(reads))
        logbook.tag(note, owed=lambda entry: (f"receipt/{reads}", "U0ASHA", {"text": language.get()}))

    with ThreadPoolExecutor(2) as people:
        list(people.map(passes_on, ("fr", "en")))
    with sqlite.reading() as session:
        for reads in ("fr", "en"):
            left = outbox.with_key(session, workspace=LARKMOOR, key=f"receipt/{reads}")
            assert left is not None
            assert left.body == {"text": reads}
