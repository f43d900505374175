"""A week's digest with a million notes in the store: composed cold, beside the bare SQL that it must at least do.

Cold: before every measurement all connections are closed, and with them whatever SQLite or PostgreSQL's session had at
hand. What the operating system and PostgreSQL's own server keep in memory stays there, for the bare SQL as well.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import text

from digests import pictures
from digests.compose import compose
from digests.facts import Digest
from storage import tags
from storage.columns import Audience
from storage.database import Database
from tests.bench import figures, filling, keeping
from tests.bench.figures import Figure, Scale
from tests.bench.filling import LAST_WEEK, WEEKS, WORKSPACE

_ROUNDS = 3
_AT = LAST_WEEK.end + timedelta(hours=9)
_OF_WEEK = {"sqlite": "strftime('%Y%W', heard_at)", "postgresql": "date_trunc('week', heard_at)"}
_BARE = (
    "SELECT {week}, counts_as, count(*) FROM note WHERE workspace = :workspace AND unit_id = :unit"
    " AND heard_at >= :since AND heard_at < :until GROUP BY 1, 2",
    "SELECT id, number, heard_at, theme FROM note WHERE workspace = :workspace AND unit_id = :unit"
    " AND heard_at >= :this AND heard_at < :until ORDER BY heard_at",
    "SELECT theme, count(*) FROM note WHERE workspace = :workspace AND unit_id = :unit"
    " AND heard_at >= :lately AND heard_at < :until AND theme IS NOT NULL GROUP BY theme ORDER BY 2 DESC LIMIT 5",
)
"""How much of what in each week of the history, the week's notes, and the themes of twelve weeks heard most."""


def measure(scale: Scale) -> Iterator[Figure]:
    """On each database: twenty units, three years."""
    many = scale.pick(1_000_000, 40_000)
    with tempfile.TemporaryDirectory(prefix="groundswell-bench-") as folder:
        yield from _on(f"sqlite:///{folder}/groundswell.db", "SQLite", many)
    with keeping.postgres() as url:
        if url:
            yield from _on(url, "PostgreSQL", many)


def _on(url: str, name: str, many: int) -> Iterator[Figure]:
    database = Database(url)
    began = time.perf_counter()
    theirs = filling.fill(database, many)
    yield figures.single(f"Fill {name} with {many:,} notes, made up", time.perf_counter() - began, "s")
    first = figures.seconds_of_each(lambda unit: _composed(database, unit), theirs[:1])
    yield figures.single("The first digest of a new process", first[0] * 1_000, "ms")
    yield from _composing(database, name, theirs)
    [digest] = [_composed(database, unit) for unit in theirs[:1]]
    drawing = figures.seconds_of_each(pictures.png, [*digest.charts] * _ROUNDS)
    yield figures.milliseconds("Draw a chart as a picture", drawing)
    yield _heard_before(database, name)
    database.close()


def _composing(database: Database, name: str, theirs: Sequence[int]) -> Iterator[Figure]:
    cold: list[float] = []
    bare: list[float] = []
    every: list[float] = []
    for _ in range(_ROUNDS):
        for unit in theirs:
            database.close()
            bare += figures.seconds_of_each(lambda unit: _bare(database, unit), [unit])
            database.close()
            cold += figures.seconds_of_each(lambda unit: _composed(database, unit), [unit])
        every.append(sum(figures.seconds_of_each(lambda unit: _composed(database, unit), theirs)))
    beside = [figures.milliseconds("the bare SQL: counts by week, notes, themes", bare)]
    yield figures.milliseconds(f"Compose a unit's week on {name}, cold", cold, beside=beside)
    yield figures.spread(f"Compose all {len(theirs)} units' week", every, "s")


def _composed(database: Database, unit_id: int) -> Digest:
    with database.reading() as session:
        place = {"workspace": WORKSPACE, "unit_id": unit_id}
        return compose(session, **place, audience=Audience.MANAGERS, week=LAST_WEEK, now=_AT)


def _bare(database: Database, unit_id: int) -> None:
    sqlite = database.engine.dialect.name == "sqlite"
    moments = {
        "since": LAST_WEEK.previous(WEEKS - 1).start,
        "lately": LAST_WEEK.previous(11).start,
        "this": LAST_WEEK.start,
        "until": LAST_WEEK.end,
    }
    given = {name: filling.kept(moment) if sqlite else moment for name, moment in moments.items()}
    with database.engine.connect() as connection:
        for query in _BARE:
            asked = text(query.format(week=_OF_WEEK[database.engine.dialect.name]))
            connection.execute(asked, {**given, "workspace": WORKSPACE, "unit": unit_id}).all()


def _heard_before(database: Database, name: str) -> Figure:
    """How often the theme heard most was heard in twelve weeks: every receipt says so."""
    since = LAST_WEEK.previous(11).start
    with database.reading() as session:
        most = text("SELECT theme FROM note WHERE theme IS NOT NULL GROUP BY theme ORDER BY count(*) DESC LIMIT 1")
        theme = session.execute(most).scalar_one()
        took = figures.seconds_of_each(
            lambda _: tags.heard_before(session, [theme], workspace=WORKSPACE, since=since), range(20)
        )
    return figures.milliseconds(f"How often a frequent theme was heard, on {name}", took)
