"""The notes: what was said, kept once, and taken back when its contributor asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, delete, func, select

from nlp.vocabulary import NoteType
from storage import contributors, standing, stems, steps, workspaces
from storage.columns import Settled, TagSource
from storage.folding import fold, folded
from storage.models import Note, Tag

_OF_KEYS = select(Note).where(
    Note.workspace == bindparam("workspace"), col(Note.key).in_(bindparam("keys", expanding=True))
)
_STILL_THERE = (
    select(col(Note.id), col(Note.verbatim))
    .where(col(Note.id).in_(bindparam("these", expanding=True)), col(Note.withdrawn_at).is_(None))
    .order_by(col(Note.id))
    .with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What there is to keep about one note. `verbatim` is redacted already: raw words never come this far."""

    key: str
    told_as: NoteType
    verbatim: str
    heard_at: datetime
    comment: str = ""
    what_matters: str = ""
    in_the_way: str = ""
    point: str = ""
    via: str = ""
    first_asked_on: date | None = None
    first_hand: bool | None = None
    settled: Settled | None = None
    private: bool = False
    heard_in: str = ""


def add(session: Session, heard: Heard, *, workspace: str, unit_id: int, now: datetime) -> tuple[Note, bool]:
    """Keep a note, once. Returns it and whether it is new: a key that was used before finds the note already there."""
    return add_all(session, [(heard, unit_id)], workspace=workspace, now=now)[0]


def add_all(
    session: Session, some: Sequence[tuple[Heard, int]], *, workspace: str, now: datetime
) -> list[tuple[Note, bool]]:
    """The same for many notes of a workspace, each with the id of its unit: in as many statements as for one."""
    asked = {heard.key: (heard, unit_id) for heard, unit_id in reversed(some)}  # of those with one key, the first
    there = with_keys(session, asked, workspace=workspace)
    if len(there) < len(asked) and workspaces.wait_for_turn(session, workspace):  # someone may have been quicker
        there = with_keys(session, asked, workspace=workspace)
    missing = list(dict.fromkeys(heard.key for heard, _ in some if heard.key not in there))
    numbers = workspaces.next_numbers(session, workspace, len(missing)) if missing else ()
    fresh = {
        key: _made(*asked[key], workspace=workspace, number=number, now=now)
        for key, number in zip(missing, numbers, strict=True)
    }
    session.add_all(fresh.values())
    session.flush()
    stems.remember(session, fresh.values())
    kept = []
    for heard, _unit_id in some:
        kept.append((there.get(heard.key) or fresh[heard.key], heard.key not in there))
        there.setdefault(heard.key, kept[-1][0])
    return kept


def add_part(session: Session, whole: Note, words: str, *, place: int, now: datetime) -> tuple[Note, bool]:
    """Keep one ask of a note as a note of its own, once, with all that is known of the whole. `place` counts from 1.

    Returns it and whether it is new.
    """
    heard = Heard(
        key=_key_of_part(whole, place),
        told_as=whole.told_as,
        verbatim=words,
        heard_at=whole.heard_at,
        comment=whole.comment,
        point=whole.point,
        via=whole.via,
        private=whole.private,
        heard_in=whole.heard_in,
    )
    part, is_new = add(session, heard, workspace=whole.workspace, unit_id=whole.unit_id, now=now)
    if is_new:
        add_detail(session, part, detail_of(whole))
    return part, is_new


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What a colleague may add to a note. Where it is kept, its words are redacted already."""

    what_matters: str = ""
    in_the_way: str = ""
    first_asked_on: date | None = None
    first_hand: bool | None = None
    settled: Settled | None = None


def add_detail(session: Session, note: Note, detail: Detail) -> None:
    """Let the note say all of this; what is left empty is taken out again."""
    note.what_matters, note.in_the_way = detail.what_matters, detail.in_the_way
    note.first_asked_on, note.first_hand, note.settled = detail.first_asked_on, detail.first_hand, detail.settled
    session.add(note)
    session.flush()


def detail_of(note: Note) -> Detail:
    """What a note says beside the customer's words."""
    return Detail(
        what_matters=note.what_matters,
        in_the_way=note.in_the_way,
        first_asked_on=note.first_asked_on,
        first_hand=note.first_hand,
        settled=note.settled,
    )


def add_comment(session: Session, note: Note, comment: str) -> None:
    """Add a colleague's remark, below those that stand there. The customer's words stay as they are."""
    note.comment = f"{note.comment}\n{comment}".strip()
    session.add(note)
    session.flush()


def reword(session: Session, note: Note, verbatim: str) -> None:
    """Put other words in place of a note's own. What the tagger made of the old ones goes; a person's word stands."""
    _hold(session, note)
    stems.forget(session, note)
    session.exec(delete(Tag).where(col(Tag.note_id) == note.id, col(Tag.source) == TagSource.TAGGER))
    note.verbatim = verbatim
    session.add(note)
    session.flush()
    stems.remember(session, [note])
    standing.let_stand(session, [note.id or 0])


def heard_at_place(session: Session, note: Note, *, point: str, private: bool) -> None:
    """Where a note was heard is known by now. A point that it has already stays."""
    _hold(session, note)
    if note.withdrawn_at is not None:
        return
    note.point = note.point or point[:80]
    note.private = private
    note.heard_in = note.heard_in if private else ""
    session.add(note)
    session.flush()


def get(session: Session, note_id: int, *, workspace: str) -> Note | None:
    """The note with this id, if it is this workspace's and has not been taken back."""
    note = session.get(Note, note_id)
    if note is None or note.workspace != workspace or note.withdrawn_at is not None:
        return None
    return note


def with_key(session: Session, *, workspace: str, key: str) -> Note | None:
    """The note kept under this key, taken back or not."""
    return with_keys(session, [key], workspace=workspace).get(key)


def with_keys(session: Session, keys: Iterable[str], *, workspace: str) -> dict[str, Note]:
    """The notes kept under these keys, taken back or not."""
    found = session.exec(_OF_KEYS, params={"workspace": workspace, "keys": list(keys)})
    return {note.key: note for note in found}


def numbered(session: Session, numbers: Iterable[int], *, workspace: str) -> dict[int, Note]:
    """The notes with these numbers, taken back or not."""
    found = session.exec(select(Note).where(Note.workspace == workspace, col(Note.number).in_(list(numbers))))
    return {note.number: note for note in found}


def was_split(session: Session, note_id: int, *, workspace: str) -> bool:
    """Whether a note was kept as several, and is gone for that reason."""
    whole = session.get(Note, note_id)
    if whole is None or whole.workspace != workspace or whole.withdrawn_at is None:
        return False
    return with_key(session, workspace=workspace, key=_key_of_part(whole, 1)) is not None


def still_there(session: Session, some: Iterable[Note]) -> dict[int, str]:
    """What those of these notes say, by id, that have not been taken back; none is, nor says anything else, until this
    transaction ends.
    """
    there = session.execute(_STILL_THERE, {"these": [note.id for note in some]})
    return {note_id: verbatim for note_id, verbatim in there if note_id is not None}


def still_say_so(session: Session, some: Sequence[Note]) -> frozenset[int]:
    """The ids of those of these notes that have not been taken back and say what they said when they were read; they
    do, until this transaction ends. What was made of their words meanwhile is made of these alone.
    """
    says = still_there(session, some)
    return frozenset(note.id for note in some if note.id is not None and says.get(note.id) == note.verbatim)


def wholes_of(session: Session, part: Note) -> list[Note]:
    """The note that this one was a part of, before it became several, and what that was a part of."""
    key, _slash, place = part.key.rpartition("/")
    whole = with_key(session, workspace=part.workspace, key=key) if place.isdecimal() else None
    return [] if whole is None else [whole, *wholes_of(session, whole)]


def parts_of(session: Session, whole: Note) -> list[Note]:
    """The notes that this one became, and that those became, taken back or not; none, if it was never split."""
    parts: list[Note] = []
    for place in count(1):
        part = with_key(session, workspace=whole.workspace, key=_key_of_part(whole, place))
        if part is None:
            break
        parts += parts_of(session, part) or [part]
    return parts


def anyone_says(session: Session, word: str, *, workspace: str) -> bool:
    """Whether some note of the workspace that anyone may read holds this word."""
    there = select(Note.id).where(
        Note.workspace == workspace, col(Note.withdrawn_at).is_(None), col(Note.private).is_(False)
    )
    return session.exec(there.where(_holds(word)).limit(1)).first() is not None


def withdraw(session: Session, note: Note, *, now: datetime) -> None:
    """Take a note back: its words, its tags and who wrote it are gone for good. The bare key stays, so that a late
    retry of the same submission cannot bring it back.
    """
    _hold(session, note)
    stems.forget(session, note)
    session.exec(delete(Tag).where(col(Tag.note_id) == note.id))
    contributors.forget(session, note)
    steps.forget(session, workspace=note.workspace, key=note.key)
    note.verbatim = note.comment = note.what_matters = note.point = note.in_the_way = note.heard_in = note.via = ""
    note.first_asked_on = note.first_hand = note.settled = None
    note.withdrawn_at = now
    session.add(note)
    session.flush()
    standing.let_stand(session, [note.id or 0])


def search(session: Session, words: Iterable[str], *, workspace: str, at_most: int = 10) -> Sequence[Note]:
    """Notes that hold all of these words, capitals and accents aside, newest first; those from private channels are not
    among them.
    """
    query = select(Note).where(
        Note.workspace == workspace, col(Note.withdrawn_at).is_(None), col(Note.private).is_(False)
    )
    for word in words:
        query = query.where(_holds(word))
    return session.exec(query.order_by(col(Note.heard_at).desc(), col(Note.id).desc()).limit(at_most)).all()


def everything(session: Session, *, workspace: str) -> Iterable[Note]:
    """Every note of a workspace in the order it was heard, read in portions so that memory stays small."""
    query = select(Note).where(Note.workspace == workspace, col(Note.withdrawn_at).is_(None))
    return session.exec(query.order_by(col(Note.heard_at), col(Note.id)), execution_options={"yield_per": 500})


def how_many(session: Session, *, workspace: str) -> int:
    """How many notes a workspace holds."""
    query = select(func.count()).select_from(Note).where(Note.workspace == workspace, col(Note.withdrawn_at).is_(None))
    return session.exec(query).one()


def _holds(word: str) -> ColumnElement[bool]:
    return folded(col(Note.verbatim)).contains(fold(word), autoescape=True)


def _made(heard: Heard, unit_id: int, *, workspace: str, number: int, now: datetime) -> Note:
    return Note(
        workspace=workspace,
        unit_id=unit_id,
        number=number,
        key=heard.key,
        told_as=heard.told_as,
        verbatim=heard.verbatim,
        comment=heard.comment,
        what_matters=heard.what_matters,
        in_the_way=heard.in_the_way,
        point=heard.point,
        via=heard.via,
        first_asked_on=heard.first_asked_on,
        first_hand=heard.first_hand,
        settled=heard.settled,
        private=heard.private,
        heard_in=heard.heard_in if heard.private else "",
        heard_at=heard.heard_at,
        kept_at=now,
    )


def _key_of_part(whole: Note, place: int) -> str:
    return f"{whole.key}/{place}"[-255:]


def _hold(session: Session, note: Note) -> None:
    """Read a note as it is now; nobody else changes or tags it until this transaction ends."""
    session.refresh(note, with_for_update=True)
