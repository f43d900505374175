"""Fills a store with very many notes, fast: as if twenty units had passed things on for three years.

The rows are written as the product would have written them, without waiting for it: tagged again when the tagger
changed, corrected by people here and there, some taken back, and some not tagged yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from digests.periods import Week
from nlp.vocabulary import DemandKind, ImprovementKind, Kind, NoteType, SystemCondition
from storage import stems, units, workspaces
from storage.columns import TagSource
from storage.database import Database
from tests.bench import material

WORKSPACE = "T0LARKMOOR"
ZONE = "Europe/London"
LAST_WEEK = Week(material.LAST_WEEK, ZONE)
WEEKS = 156
UNITS = 20

_AT_A_TIME = 50_000
_SEED = 26
_THEMES = 400
_OWN_THEME = 0.1
"""Of the notes that have a theme, those which no theme fits, so that it is in words of their own."""
_DATED = 0.1
_CORRECTED = 0.03
_NOT_YET_TAGGED = 0.005
_TAKEN_BACK = 0.01
_KINDS: dict[Kind, float] = {
    DemandKind.START: 14,
    DemandKind.CHANGE: 14,
    DemandKind.ADVISE: 12,
    DemandKind.CHASE: 16,
    DemandKind.WRONG: 9,
    DemandKind.AGAIN: 7,
    DemandKind.UNCLEAR: 6,
    DemandKind.BLOCKED: 4,
    DemandKind.NEW: 2,
    DemandKind.BETTER: 3,
    DemandKind.ELSEWHERE: 3,
    DemandKind.TOO_THIN: 2,
    ImprovementKind.IDEA: 3,
    ImprovementKind.BLOCKER: 3,
    ImprovementKind.DONE: 2,
}
_NOTE = (
    "id, workspace, unit_id, number, key, told_as, verbatim, comment, what_matters, point, via, first_asked_on, "
    "in_the_way, private, heard_in, heard_at, kept_at, withdrawn_at, counts_as, tag_id, demand_type, theme, "
    "system_condition"
)
_TAG = (
    "id, note_id, source, note_type, demand_type, kind, confidence, because, theme, system_condition, urgent, tagger, "
    "tagged_at"
)
_STEM = "workspace, unit_id, stem, first_at"
_VERBATIM, _UNIT, _HEARD_AT = (_NOTE.split(", ").index(name) for name in ("verbatim", "unit_id", "heard_at"))


def fill(database: Database, many: int) -> list[int]:
    """Write so many notes over three years into an empty store, in its present shape. Returns the ids of the units."""
    database.create()
    began = LAST_WEEK.previous(WEEKS - 1).start
    with database.transaction() as session:
        workspaces.join(session, WORKSPACE, now=began, name="Larkmoor Homes", timezone=ZONE)
        theirs = [units.called(session, WORKSPACE, f"Unit {n}")[0].id or 0 for n in range(UNITS)]
        connection = session.connection()
        indexes = [index for name in ("note", "tag") for index in SQLModel.metadata.tables[name].indexes]
        for index in indexes:
            index.drop(connection)  # made at the end, at one go: many times faster
        rows, first = _rows(theirs, many, began), _First()
        while some := list(islice(rows, _AT_A_TIME)):
            _write(connection, "note", _NOTE, [note for note, _ in some])
            _write(connection, "tag", _TAG, [tag for _, tags in some for tag in tags])
            first.look_at(note for note, _ in some)
        _write(connection, "stem", _STEM, first.rows())
        connection.execute(text("UPDATE workspace SET last_number = :many"), {"many": many})
        for index in indexes:
            index.create(connection)
    _tidied(database)
    return theirs


class _First:
    """When each unit first heard each beginning of a word; the notes come in the order of time."""

    def __init__(self) -> None:
        self._at: dict[tuple[int, str], str] = {}
        self._held_by = cache(stems.held_by)

    def look_at(self, notes: Iterable[tuple[Any, ...]]) -> None:
        for note in notes:
            for word in note[_VERBATIM].split():
                for stem in self._held_by(word):
                    self._at.setdefault((note[_UNIT], stem), note[_HEARD_AT])

    def rows(self) -> list[tuple[Any, ...]]:
        return [(WORKSPACE, unit_id, stem, at) for (unit_id, stem), at in self._at.items()]


def _write(connection: Connection, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns.split(", ")))
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({places})", list(rows))
        return
    connection.execute(text("SET LOCAL timezone = 'UTC'"))
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _tidied(database: Database) -> None:
    """What PostgreSQL does by itself within minutes, and SQLite does not."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
            connection.execute(text("SELECT setval(pg_get_serial_sequence('note', 'id'), max(id)) FROM note"))
            connection.execute(text("SELECT setval(pg_get_serial_sequence('tag', 'id'), max(id)) FROM tag"))


def _rows(theirs: Sequence[int], many: int, began: datetime) -> Iterator[tuple[tuple[Any, ...], list[tuple[Any, ...]]]]:
    """Each note with its tags, in the order they were heard."""
    lot = Random(_SEED)
    sentences = [note.words for note in material.notes(2_000)]
    words = sorted({word.casefold() for said in sentences for word in re.findall(r"[^\W\d]{4,}", said)})
    themes = [" ".join(lot.sample(words, lot.randint(2, 3))) for _ in range(_THEMES)]
    often = [1 / (place + 3) for place in range(_THEMES)]
    points = [f"Desk {n}" for n in range(8)]
    conditions = [None] * 8 + [condition.name for condition in SystemCondition]
    kinds = lot.choices(list(_KINDS), list(_KINDS.values()), k=_AT_A_TIME)
    called = lot.choices(themes, often, k=_AT_A_TIME + 1)  # one more than kinds, so that the two never march in step
    span, tag_id = LAST_WEEK.end - began, 0
    for number in range(1, many + 1):
        unit = int(lot.random() * len(theirs))
        moment = began + span * ((number - 0.5) / many)
        heard_at = kept(moment)
        gone, untagged = lot.random() < _TAKEN_BACK, lot.random() < _NOT_YET_TAGGED
        asked_on = _asked_on(moment, lot) if lot.random() < _DATED and not gone else None
        said = (
            "" if gone else f"{sentences[int(lot.random() * len(sentences))]} {words[int(lot.random() * len(words))]}"
        )
        seen = [] if gone or untagged else _seen(number, many, kinds, lot)
        # a unit has themes that it hears more than others do, and now and then something that none of them fits
        theme = (
            called[(number + unit * 97) % len(called)] if lot.random() > _OWN_THEME else " ".join(lot.sample(words, 2))
        )
        tags: list[tuple[Any, ...]] = []
        stands: tuple[str | int | None, ...] = (None if gone else "", None, None, None, None)
        for source, kind, tagger in seen:
            tag_id += 1
            of_type = kind.demand_type.name if isinstance(kind, DemandKind) else None
            voice = NoteType.DEMAND if of_type else NoteType.IMPROVEMENT
            condition = conditions[int(lot.random() * len(conditions))]
            stands = (f"{of_type or voice.name}{tagger and '/'}{tagger}", tag_id, of_type, theme, condition)
            tags.append((
                tag_id, number, source.name, voice.name, of_type, kind.name, 0.5 + lot.random() / 2, "[]", theme,
                condition, False, tagger, heard_at,
            ))  # fmt: skip
        note = (
            number, WORKSPACE, theirs[unit], number, f"command/{number}", NoteType.DEMAND.name, said, "",
            "A straight answer" if lot.random() < 0.05 and not gone else "", "" if gone else points[number % 8],
            "phone", asked_on, "", False, "", heard_at, heard_at, heard_at if gone else None, *stands,
        )  # fmt: skip
        yield note, tags


def _seen(number: int, many: int, kinds: Sequence[Kind], lot: Random) -> list[tuple[TagSource, Kind, str]]:
    """How a note was seen, the view that stands last."""
    seen = [(TagSource.TAGGER, kinds[number % len(kinds)], "test 2")]
    if number < many // 2:
        seen.insert(0, (TagSource.TAGGER, kinds[(number + 1) % len(kinds)], "test 1"))
    if lot.random() < _CORRECTED:
        seen.append((TagSource.PERSON, DemandKind.CHASE, ""))
    return seen


def _asked_on(moment: datetime, lot: Random) -> str:
    asked: date = (moment - timedelta(days=lot.expovariate(1 / 9))).date()
    return asked.isoformat()


def kept(moment: datetime) -> str:
    """A moment as SQLite keeps it, and PostgreSQL understands it."""
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
