"""Lists handed to the database as one JSON value: however long they are, it is one statement, prepared but once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import CTE, BindParameter, Integer, Select, String, bindparam, column, func, select
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

from storage.columns import UtcDateTime

Weeks = Sequence[tuple[datetime, datetime]]
"""From, and up to; one after the other in the order of time, so that each begins when the one before it ends."""


def weeks(dialect: str) -> CTE:
    """Weeks as a table of their own, handed over as `weeks` later: `n` counts from 0, then `since` and `until`."""
    given: BindParameter[str] = bindparam("weeks", type_=String)
    if dialect == "postgresql":
        n, since, until = column("n", Integer), column("since", UtcDateTime), column("until", UtcDateTime)
        told = func.jsonb_to_recordset(cast_to(given, JSONB))
        rows = told.table_valued(n, since, until).render_derived(with_types=True)
        return select(rows.c.n, rows.c.since, rows.c.until).cte("weeks")
    entries = func.json_each(given).table_valued("key", "value")
    begins, ends = (func.json_extract(entries.c.value, f"$[{place}]", type_=UtcDateTime) for place in (0, 1))
    return select(entries.c.key.label("n"), begins.label("since"), ends.label("until")).cte("weeks")


def as_given(session: Session, some: Weeks) -> str:
    """These weeks, as `weeks` takes them."""
    if dialect(session) == "postgresql":
        return json.dumps(
            [{"n": n, "since": since.isoformat(), "until": until.isoformat()} for n, (since, until) in enumerate(some)]
        )
    return json.dumps([[_as_sqlite_keeps_it(since), _as_sqlite_keeps_it(until)] for since, until in some])


def dialect(session: Session) -> str:
    """Which database it is: `sqlite` or `postgresql`."""
    return session.get_bind().dialect.name


def texts_given(session: Session, some: Iterable[str], name: str = "texts") -> Select[tuple[str]]:
    """These texts, a row each."""
    return texts(dialect(session), name, json.dumps(list(some)))


def texts(dialect: str, name: str, given: str | None = None) -> Select[tuple[str]]:
    """The texts of a JSON list, a row each: of this one, or of the one that is handed over under this name later."""
    value: BindParameter[str] = bindparam(name, given, type_=String)
    if dialect == "postgresql":
        return select(cast_to(func.jsonb_array_elements_text(cast_to(value, JSONB)).column_valued(name), String))
    return select(func.json_each(value).table_valued(column("value", String), name=name).c.value)


def numbers(dialect: str, name: str) -> Select[tuple[int]]:
    """The whole numbers of a JSON list that is handed over under this name later, a row each."""
    value: BindParameter[str] = bindparam(name, type_=String)
    if dialect == "postgresql":
        return select(cast_to(func.jsonb_array_elements_text(cast_to(value, JSONB)).column_valued(name), Integer))
    return select(func.json_each(value).table_valued(column("value", Integer), name=name).c.value)


def pairs(dialect: str, name: str) -> CTE:
    """The pairs of texts (`as_pairs`) that are handed over under this name, a row each: `n`, `one` and `other`."""
    value: BindParameter[str] = bindparam(name, type_=String)
    if dialect == "postgresql":
        n, one, other = column("n", Integer), column("one", String), column("other", String)
        told = func.jsonb_to_recordset(cast_to(value, JSONB)).table_valued(n, one, other)
        rows = told.render_derived(with_types=True).c
        return select(rows.n, rows.one, rows.other).cte(name)
    pair = func.json_each(value).table_valued("value").c.value
    kinds = (("n", Integer()), ("one", String()), ("other", String()))
    return select(*(func.json_extract(pair, f"$.{key}", type_=kind).label(key) for key, kind in kinds)).cte(name)


def as_pairs(some: Iterable[tuple[str, str]]) -> str:
    """Pairs of texts as `pairs` reads them: `n` counts from 0."""
    return json.dumps([{"n": n, "one": one, "other": other} for n, (one, other) in enumerate(some)])


def _as_sqlite_keeps_it(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
