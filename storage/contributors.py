"""Who passed a note on, and to which unit they belong: opened for that person alone, to answer, to undo, to show them
their own notes and to know where the next one goes (`units.where` reads that).

There is no function here that counts, lists or compares people, and the digests have no door to this module.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from sqlmodel import Session, col, delete, select

from storage.models import Contributor, Note, OwnUnit, Unit


def remember(session: Session, note: Note, *, person: str) -> None:
    """Remember whom to thank and to answer for this note."""
    assert note.id is not None
    session.add(Contributor(note_id=note.id, workspace=note.workspace, person=person))


def whom_to_answer(session: Session, note: Note) -> str | None:
    """Whoever passed this note on, to answer them; nobody, where it came from a file or from a workflow alone."""
    return session.exec(select(Contributor.person).where(Contributor.note_id == note.id)).first()


def wrote(session: Session, note: Note, *, person: str | None) -> bool:
    """Whether this person passed the note on, or, with none, whether nobody did. Only they may change or take it
    back.
    """
    return whom_to_answer(session, note) == person


def own_notes(
    session: Session, *, workspace: str, person: str, at_most: int = 20, skip: int = 0, last_kept: bool = False
) -> Sequence[Note]:
    """The person's own notes, newest first (or, asked so, those first that were kept last): for their eyes only."""
    moment = col(Note.kept_at) if last_kept else col(Note.heard_at)
    mine = (
        select(Note)
        .join(Contributor, col(Contributor.note_id) == col(Note.id))
        .where(Contributor.workspace == workspace, Contributor.person == person, col(Note.withdrawn_at).is_(None))
        .order_by(moment.desc(), col(Note.id).desc())
        .offset(skip)
        .limit(at_most)
    )
    return session.exec(mine).all()


def own_among(session: Session, numbers: Set[int], *, workspace: str, person: str) -> Sequence[Note]:
    """The person's own notes among those with these numbers, for their eyes only."""
    mine = (
        select(Note)
        .join(Contributor, col(Contributor.note_id) == col(Note.id))
        .where(
            Contributor.workspace == workspace,
            Contributor.person == person,
            col(Note.number).in_(numbers),
            col(Note.withdrawn_at).is_(None),
        )
    )
    return session.exec(mine.order_by(col(Note.number))).all()


def forget(session: Session, note: Note) -> None:
    """Forget who passed this note on."""
    session.exec(delete(Contributor).where(col(Contributor.note_id) == note.id))


def hand_over(session: Session, note: Note, *, to: str) -> None:
    """Let a note be another person's, who passed the same words on, because the first has let go of it."""
    forget(session, note)
    remember(session, note, person=to)


def choose_unit(session: Session, *, workspace: str, person: str, unit: Unit | None) -> None:
    """Remember the unit that a person said is theirs; with none, forget it."""
    session.exec(delete(OwnUnit).where(col(OwnUnit.workspace) == workspace, col(OwnUnit.person) == person))
    if unit is not None:
        assert unit.id is not None
        session.add(OwnUnit(workspace=workspace, person=person, unit_id=unit.id))
    session.flush()
