"""Tags: the tagger suggests, a person corrects. Rows are added and never overwritten; a person's word stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select, update

from nlp.tagging import Correction, Tagging
from nlp.vocabulary import DemandKind, DemandType, Kind, NoteType
from storage import notes
from storage.columns import TagSource
from storage.models import Note, Tag, Unit
from storage.standing import first, let_stand, seen_by

_CORRECTIONS = (
    select(func.count())
    .select_from(Tag)
    .join(Note, col(Note.id) == col(Tag.note_id))
    .where(Note.workspace == bindparam("workspace"), Tag.source == TagSource.PERSON)
)
_HEARD = (
    select(col(Note.theme), func.count(), func.count(func.distinct(func.nullif(col(Note.point), ""))))
    .where(
        Note.workspace == bindparam("workspace"),
        col(Note.theme).in_(bindparam("themes", expanding=True)),
        col(Note.unit_id).in_(select(Unit.id).where(Unit.workspace == bindparam("workspace"))),
        col(Note.heard_at) >= bindparam("since"),
    )
    .group_by(col(Note.theme))
)
_STANDING_FIRST = select(Tag).where(col(Tag.note_id).in_(bindparam("notes", expanding=True))).order_by(*first())

_ITS_VIEW = select(Tag.id).where(
    col(Tag.note_id) == col(Note.id), Tag.source == TagSource.TAGGER, Tag.tagger == bindparam("tagger")
)
_UNSEEN = (
    col(Note.counts_as).is_not(None),
    col(Note.counts_as).not_in(bindparam("by_it", expanding=True)),  # so that few tags need to be looked for
    ~_ITS_VIEW.exists(),
)
_UNSEEN_HERE = (
    select(col(Note.id))
    .where(col(Note.workspace) == bindparam("workspace"), col(Note.unit_id) == bindparam("unit_id"), *_UNSEEN)
    .order_by(col(Note.heard_at), col(Note.id))
    .limit(bindparam("at_most"))
)


def suggest(session: Session, note: Note, tagging: Tagging, *, now: datetime) -> Tag:
    """Add the tagger's view of a note."""
    [tag] = _added(session, [_suggested(note, tagging, now)])
    return tag


def suggest_all(session: Session, seen: Sequence[tuple[Note, Tagging]], *, now: datetime) -> dict[int, Tag]:
    """Add the tagger's view of each of these notes, but for those that were taken back or edited while it was looking:
    in as many statements as for one. Returns what was added, by note id.
    """
    still = notes.still_say_so(session, [note for note, _tagging in seen])
    new = _added(session, [_suggested(note, tagging, now) for note, tagging in seen if note.id in still])
    return {tag.note_id: tag for tag in new}


def correct(session: Session, note: Note, *, kind: Kind, now: datetime, theme: str | None = None) -> Tag:
    """Add a person's view of a note: what kind it really is, and perhaps its theme, where an empty one says that it
    has none. What they leave open stays.
    """
    before = standing(session, note)
    assert note.id is not None
    tag = Tag(
        note_id=note.id,
        source=TagSource.PERSON,
        note_type=_note_type(kind),
        demand_type=_demand_type(kind),
        kind=kind,
        because=[],
        theme=(before.theme if before else None) if theme is None else theme or None,
        system_condition=before.system_condition if before else None,
        system_factor=before.system_factor if before else None,
        urgent=before.urgent if before else False,
        tagged_at=now,
    )
    [added] = _added(session, [tag])
    return added


def retheme(
    session: Session, some: Iterable[tuple[Tag, str | None]], *, now: datetime, people_too: bool = False
) -> None:
    """Suggest the same as before under other themes. A person's word is left as it is, unless people say so."""
    _added(
        session,
        [
            Tag(**tag.model_dump(exclude={"id", "theme", "tagged_at"}), theme=theme, tagged_at=now)
            for tag, theme in some
            if tag.theme != theme and (people_too or tag.source is not TagSource.PERSON)
        ],
    )


def let_theme_be_called(session: Session, was: str, name: str, *, workspace: str) -> None:
    """Let every tag that names a theme name it otherwise: the words that it was called by have been taken back."""
    here = select(Note.id).where(Note.workspace == workspace)
    session.exec(update(Tag).where(col(Tag.theme) == was, col(Tag.note_id).in_(here)).values(theme=name))
    session.exec(update(Note).where(col(Note.workspace) == workspace, col(Note.theme) == was).values(theme=name))


def under(session: Session, names: Iterable[str], *, workspace: str) -> list[Note]:
    """The notes that stand under one of these themes, or once did."""
    query = select(Note).join(Tag, col(Tag.note_id) == col(Note.id))
    there = query.where(Note.workspace == workspace, col(Tag.theme).in_(list(names)), col(Note.withdrawn_at).is_(None))
    return list(session.exec(there.distinct().order_by(col(Note.id))))


def latest_under(session: Session, theme: str, *, workspace: str, at_most: int) -> list[Note]:
    """The notes heard last of those that stand under a theme now, but for those from private channels."""
    here = col(Note.unit_id).in_(select(Unit.id).where(Unit.workspace == workspace))  # as the index begins
    query = select(Note).where(Note.workspace == workspace, here, col(Note.theme) == theme)
    open_to_all = query.where(col(Note.withdrawn_at).is_(None), col(Note.private).is_(False))
    latest = open_to_all.order_by(col(Note.heard_at).desc(), col(Note.id).desc())
    return list(session.exec(latest.limit(at_most)))


def standing(session: Session, note: Note) -> Tag | None:
    """The tag that everyone sees: the latest word of a person, or else the latest suggestion."""
    return session.exec(select(Tag).where(Tag.note_id == note.id).order_by(*first()).limit(1)).first()


def standing_of(session: Session, some: Iterable[Note]) -> dict[int, Tag]:
    """The standing tag of each of these notes, by note id; a note without any tag is left out."""
    best: dict[int, Tag] = {}
    for tag in session.exec(_STANDING_FIRST, params={"notes": [note.id for note in some]}):
        best.setdefault(tag.note_id, tag)
    return best


def heard_before(
    session: Session, themes: Iterable[str], *, workspace: str, since: datetime
) -> dict[str, tuple[int, int]]:
    """How many notes of the workspace stand under each of these themes since a moment, and from how many listening
    points; a theme that none stands under is left out.
    """
    given = {"workspace": workspace, "themes": list(themes), "since": since}
    return {theme: (many, points) for theme, many, points in session.execute(_HEARD, given)} if given["themes"] else {}


def corrections(session: Session, *, workspace: str, at_most: int = 5000) -> Sequence[Correction]:
    """What people of this workspace have said their notes really mean, oldest first: what the tagger learns from.

    The latest word about each note, and of very many the `at_most` newest.
    """
    query = (
        select(Note, Tag, Unit)
        .join(Tag, col(Tag.note_id) == col(Note.id))
        .join(Unit, col(Unit.id) == col(Note.unit_id))
        .where(Note.workspace == workspace, Tag.source == TagSource.PERSON, col(Note.withdrawn_at).is_(None))
        .order_by(col(Tag.tagged_at).desc(), col(Tag.id).desc())
        .limit(at_most)
    )
    latest: dict[int, Correction] = {}
    for note, tag, unit in session.exec(query):
        latest.setdefault(
            tag.note_id, Correction(words=note.verbatim, kind=tag.kind, theme=tag.theme, purpose=unit.purpose)
        )
    return list(reversed(latest.values()))


def seen_otherwise(
    session: Session, *, tagger: str, at_most: int = 200, but_of: Collection[str] = ()
) -> Sequence[Note]:
    """Notes that this version of the tagger has not seen yet, unit by unit, the oldest of each first; none of some
    workspaces.

    A chart must be drawn through one lens: when the tagger changes, its whole history is tagged again.
    """
    found: list[int | None] = []
    there = select(Unit).where(col(Unit.workspace).not_in(but_of))
    for unit in session.exec(there.order_by(col(Unit.id))).all():
        here = {"workspace": unit.workspace, "unit_id": unit.id, "at_most": at_most - len(found)}
        asked = {**here, "tagger": tagger, "by_it": seen_by(tagger)}
        found += session.connection().execute(_UNSEEN_HERE, asked).scalars()
        if len(found) == at_most:
            break
    by_id = {note.id: note for note in session.exec(select(Note).where(col(Note.id).in_(found)))}
    return [by_id[note_id] for note_id in found]


def how_many_seen_otherwise(session: Session, *, tagger: str) -> int:
    """How many notes this version of the tagger has not seen yet."""
    query = select(func.count()).select_from(Note).where(*_UNSEEN)  # two indexes say it all
    return session.exec(query, params={"tagger": tagger, "by_it": seen_by(tagger)}).one()


def how_many_corrections(session: Session, *, workspace: str) -> int:
    """How often people of this workspace have corrected a tag: a cheap way to see that they have said more."""
    return session.exec(_CORRECTIONS, params={"workspace": workspace}).one()


def _note_type(kind: Kind) -> NoteType:
    return NoteType.DEMAND if isinstance(kind, DemandKind) else NoteType.IMPROVEMENT


def _demand_type(kind: Kind) -> DemandType | None:
    return kind.demand_type if isinstance(kind, DemandKind) else None


def _suggested(note: Note, tagging: Tagging, now: datetime) -> Tag:
    assert note.id is not None
    return Tag(
        note_id=note.id,
        source=TagSource.TAGGER,
        note_type=tagging.note_type,
        demand_type=tagging.demand_type,
        kind=tagging.kind,
        runner_up=tagging.runner_up,
        confidence=tagging.confidence,
        because=list(tagging.because),
        theme=tagging.theme,
        system_condition=tagging.system_condition,
        system_factor=tagging.system_factor,
        urgent=tagging.urgent,
        tagger=tagging.tagger,
        tagged_at=now,
    )


def _added(session: Session, new: Sequence[Tag]) -> Sequence[Tag]:
    if new:
        session.add_all(new)
        session.flush()
        let_stand(session, {tag.note_id for tag in new})
    return new
