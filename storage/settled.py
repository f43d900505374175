"""What people settled, beside what had been suggested to them: how well the tagger hears, and nothing about anybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from nlp.vocabulary import DemandType, Kind
from storage import standing
from storage.columns import TagSource
from storage.listed import Weeks
from storage.models import Note, Tag


@dataclass(frozen=True, kw_only=True)
class Settled:
    """One note that a person has said of what it is."""

    suggested: Kind
    """What stood as a suggestion when a person first said what it is."""
    said: Kind
    """Their latest word."""


def settled(session: Session, weeks: Weeks, *, workspace: str, unit_id: int) -> list[Settled]:
    """The notes of these weeks that people have settled after something was suggested, in no order that tells whose."""
    by_people = (
        *standing.IN_WEEKS,
        *standing.BY_PEOPLE,
    )
    query = select(col(Tag.note_id), col(Tag.source), col(Tag.kind)).join(Note, col(Note.id) == col(Tag.note_id))
    views: dict[int, list[tuple[TagSource, Kind]]] = {}
    asked = standing.given(weeks, workspace, unit_id)
    for note_id, source, kind in session.execute(query.where(*by_people).order_by(col(Tag.id)), asked):
        views.setdefault(note_id, []).append((source, kind))
    return [one for said in views.values() if (one := _beside(said)) is not None]


def hardly_sure(session: Session, weeks: Weeks, *, workspace: str, unit_id: int, below: float) -> int:
    """How many notes of these weeks stand as a suggestion less sure than that, with another kind close behind."""
    query = (
        select(func.count())
        .join_from(Note, Tag, col(Tag.id) == col(Note.tag_id))
        .where(
            *standing.IN_WEEKS,
            col(Tag.source) == TagSource.TAGGER,
            col(Tag.runner_up).is_not(None),
            col(Tag.confidence) < below,
            func.coalesce(col(Tag.demand_type) != DemandType.UNKNOWN, True),
        )
    )
    return int(session.execute(query, standing.given(weeks, workspace, unit_id)).scalar_one())


def _beside(views: Sequence[tuple[TagSource, Kind]]) -> Settled | None:
    """The suggestion that was there when a person first spoke, beside their latest word; none, where none was there."""
    first = next(n for n, (source, _) in enumerate(views) if source is TagSource.PERSON)
    if first == 0:
        return None
    said = [kind for source, kind in views if source is TagSource.PERSON]
    return Settled(suggested=views[first - 1][1], said=said[-1])
