"""The notes of some weeks, each beside the tag that stands: what every count is made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, and_, bindparam, column, func, select
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage import tags
from storage.models import Note, Tag, UtcDateTime

Weeks = Sequence[tuple[datetime, datetime]]
"""From, and up to; in the order of time."""


def heard(
    session: Session,
    weeks: Weeks,
    workspace: str,
    unit_id: int,
    *only: ColumnElement[bool],
) -> CTE:
    """Every note of these weeks beside its standing tag; a note without a tag stays, with empty columns."""
    bounds = _bounds(session, weeks)
    in_week = and_(
        col(Note.workspace) == workspace,
        col(Note.unit_id) == unit_id,
        col(Note.heard_at) >= bounds.c.since,
        col(Note.heard_at) < bounds.c.until,
    )
    best = (
        select(col(Tag.id))
        .where(col(Tag.note_id) == col(Note.id))
        .order_by(*tags.standing_first())
        .limit(1)
        .correlate(Note)
        .scalar_subquery()
    )
    standing = aliased(Tag)
    return (
        select(*_columns(bounds, standing))
        .select_from(bounds)
        .join(Note, in_week)
        .outerjoin(standing, col(standing.id) == best)
        .where(col(Note.withdrawn_at).is_(None), *only)
        .cte("heard")
    )


def _bounds(session: Session, weeks: Weeks) -> CTE:
    """The weeks as a table of their own, handed over as one JSON value: however many there are, it is one statement,
    which the database and SQLAlchemy need to prepare but once.
    """
    if session.get_bind().dialect.name == "postgresql":
        table = [
            {"n": n, "since": since.isoformat(), "until": until.isoformat()} for n, (since, until) in enumerate(weeks)
        ]
        n, since, until = column("n", Integer), column("since", UtcDateTime), column("until", UtcDateTime)
        listed = func.jsonb_to_recordset(cast_to(bindparam("weeks", json.dumps(table)), JSONB))
        rows = listed.table_valued(n, since, until).render_derived(with_types=True)
        return select(rows.c.n, rows.c.since, rows.c.until).cte("weeks")
    pairs = [[_as_sqlite_keeps_it(since), _as_sqlite_keeps_it(until)] for since, until in weeks]
    entries = func.json_each(bindparam("weeks", json.dumps(pairs))).table_valued("key", "value")
    begins, ends = (func.json_extract(entries.c.value, f"$[{place}]", type_=UtcDateTime) for place in (0, 1))
    return select(entries.c.key.label("n"), begins.label("since"), ends.label("until")).cte("weeks")


def _as_sqlite_keeps_it(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _columns(bounds: CTE, tag: type[Tag]) -> list[Any]:
    return [
        bounds.c.n.label("week"),
        col(Note.id),
        col(Note.number),
        col(Note.heard_at),
        col(Note.point),
        col(Note.first_asked_on),
        (col(Note.what_matters) != "").label("says_what_matters"),
        col(Note.private),
        col(Note.heard_in),
        col(tag.note_type),
        col(tag.demand_type),
        col(tag.kind),
        col(tag.runner_up),
        col(tag.confidence),
        col(tag.theme),
        col(tag.system_condition),
        col(tag.system_factor),
        func.coalesce(col(tag.urgent), False).label("urgent"),
        col(tag.source),
        col(tag.tagger),
    ]
