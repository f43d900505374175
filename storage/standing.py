"""The tag that stands: which one it is, what the weeks count its note as, and the notes of some weeks beside it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    bindparam,
    case,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from nlp.vocabulary import DemandType, NoteType
from storage import listed
from storage.columns import TagSource
from storage.listed import Weeks
from storage.models import Note, Tag

IMPROVEMENT = NoteType.IMPROVEMENT.name
"""How `Note.counts_as` begins where the note is an improvement note."""
_BY_THE_TAGGER = "/"


def first() -> tuple[ColumnElement[Any], ...]:
    """The order that puts the tag that stands before all others of the same note."""
    people_first = case((col(Tag.source) == TagSource.PERSON, 0), else_=1)
    return people_first, col(Tag.tagged_at).desc(), col(Tag.id).desc()


def let_stand(session: Session, note_ids: Collection[int]) -> None:
    """Let notes be counted by the tags that stand by now: called in every transaction that changes their tags.

    Whoever comes at the same moment waits, and then sees the other's tag as well. A note object that is at hand does
    not learn of it: these columns are there for the database to count by.
    """
    if listed.dialect(session) == "postgresql":
        session.execute(_HOLD, {"these": sorted(note_ids)})
    session.execute(_LET_STAND, {"these": sorted(note_ids)})


@cache
def read(counts_as: str) -> tuple[bool, DemandType | None, str | None]:
    """What `Note.counts_as` says: whether it is an improvement note, its demand type, and the version of tagger and
    guide that saw it so; none, where a person did.
    """
    name, by_the_tagger, tagger = counts_as.partition(_BY_THE_TAGGER)
    return name == IMPROVEMENT, DemandType.__members__.get(name), tagger if by_the_tagger else None


def seen_by(tagger: str) -> list[str]:
    """All that `Note.counts_as` can say of a note as this version of tagger and guide sees it."""
    return [f"{name}{_BY_THE_TAGGER}{tagger}" for name in (*DemandType.__members__, *NoteType.__members__)]


def given(weeks: Weeks, workspace: str, unit_id: int) -> dict[str, object]:
    """What `IN_WEEKS` asks for: these weeks of a unit."""
    return {"workspace": workspace, "unit_id": unit_id, "since": weeks[0][0], "until": weeks[-1][1]}


def place_of(weeks: Weeks) -> Callable[[datetime], int]:
    """Tells in which of these weeks a moment lies, counted from 0; it must lie in one of them."""
    ends = [until for _since, until in weeks[:-1]]
    return lambda moment: bisect_right(ends, moment)


def _of_the_best(column: ColumnElement[Any] | Mapped[Any]) -> ScalarSelect[Any]:
    """This column of the tag that stands; nothing for a note that was taken back, whatever came too late."""
    theirs = select(column).where(col(Tag.note_id) == col(Note.id), col(Note.withdrawn_at).is_(None))
    return theirs.order_by(*first()).limit(1).correlate(Note).scalar_subquery()


IS_IMPROVEMENT: tuple[ColumnElement[bool], ...] = (
    col(Note.counts_as).startswith(IMPROVEMENT),
    col(Note.counts_as) >= IMPROVEMENT,  # these two lead an index there, in every language's order of letters
    col(Note.counts_as) < IMPROVEMENT[:-1] + chr(ord(IMPROVEMENT[-1]) + 1),
)
"""Which notes are improvement notes."""
_COLUMNS: tuple[Any, ...] = (
    col(Note.id),
    col(Note.number),
    col(Note.heard_at),
    col(Note.point),
    col(Note.first_asked_on),
    (col(Note.what_matters) != "").label("says_what_matters"),
    col(Note.private),
    col(Note.heard_in),
    col(Tag.note_type),
    col(Tag.demand_type),
    col(Tag.kind),
    col(Tag.runner_up),
    col(Tag.confidence),
    col(Tag.theme),
    col(Tag.system_condition),
    col(Tag.system_factor),
    func.coalesce(col(Tag.urgent), False).label("urgent"),
    col(Tag.source),
)


IN_WEEKS: tuple[ColumnElement[bool], ...] = (
    col(Note.workspace) == bindparam("workspace"),
    col(Note.unit_id) == bindparam("unit_id"),
    col(Note.heard_at) >= bindparam("since"),
    col(Note.heard_at) < bindparam("until"),
)
"""Which notes are a unit's, and were heard in some weeks (`given` says which); those taken back are among them."""
BY_PEOPLE: tuple[ColumnElement[bool], ...] = (
    col(Note.counts_as) != "",
    ~col(Note.counts_as).contains(_BY_THE_TAGGER),
)
"""Which notes a person has said of what they are: their word stands, so it is read from the indexes of the notes."""
HEARD = (
    select(*_COLUMNS)
    .select_from(Note)
    .outerjoin(Tag, col(Tag.id) == col(Note.tag_id))
    .where(*IN_WEEKS, col(Note.counts_as).is_not(None))
)
"""Every note of some weeks beside its standing tag; a note without a tag stays, with empty columns."""

_SEEN_AS = func.coalesce(type_coerce(col(Tag.demand_type), String), type_coerce(col(Tag.note_type), String))
_BY_WHOM = case((col(Tag.source) == TagSource.TAGGER, _BY_THE_TAGGER + col(Tag.tagger)), else_="")
_THESE = col(Note.id).in_(bindparam("these", expanding=True))
_HOLD = select(col(Note.id)).where(_THESE).order_by(col(Note.id)).with_for_update(key_share=True)
_LET_STAND = (  # made once, since every tag needs it
    update(Note)
    .where(_THESE)
    .values(
        counts_as=case(
            (col(Note.withdrawn_at).is_(None), func.coalesce(_of_the_best(_SEEN_AS + _BY_WHOM), "")), else_=None
        ),
        tag_id=_of_the_best(col(Tag.id)),
        demand_type=_of_the_best(col(Tag.demand_type)),
        theme=_of_the_best(col(Tag.theme)),
        system_condition=_of_the_best(col(Tag.system_condition)),
    )
    .execution_options(synchronize_session=False)
)
