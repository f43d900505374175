"""How the words begin that a unit's notes hold, and when each beginning was first heard.

What tells a true first time from a new name for an old thing, without reading three years of notes again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Set
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Insert, Integer, String, Table, bindparam, delete, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from storage import listed, workspaces
from storage.columns import UtcDateTime
from storage.models import Note, Stem

LETTERS = 4
_FEWEST = 3
_WORD = re.compile(rf"\w{{{_FEWEST},}}")


def asked_for(words: str) -> list[str]:
    """The beginnings by which these words are looked for: short enough to forgive an ending or a slip."""
    return [word[:LETTERS] for word in _WORD.findall(words.casefold())]


def held_by(words: str) -> set[str]:
    """Every beginning by which these words are found: of three letters too, as some words have no more."""
    return {word[:n] for word in _WORD.findall(words.casefold()) for n in (_FEWEST, LETTERS)}


def ever_said(session: Session, some: Iterable[str], *, before: datetime, workspace: str, unit_id: int) -> set[str]:
    """Which of these beginnings stand in the words of any note of the unit that was heard before that moment."""
    query = select(col(Stem.stem)).where(
        col(Stem.workspace) == workspace,
        col(Stem.unit_id) == unit_id,
        col(Stem.stem).in_(listed.texts_given(session, some)),
        col(Stem.first_at) < before,
    )
    return set(session.execute(query).scalars())


def remember(session: Session, some: Iterable[Note]) -> None:
    """The words of these notes are there from now on."""
    _remember(session, [(held_by(note.verbatim), note, note.heard_at) for note in some])


def forget(session: Session, note: Note) -> None:
    """A note's words are about to go. What no other note holds is forgotten, and what another does dates from there.

    Others that came before it are no reason to look: only where it was the first do we read on from it.
    """
    workspaces.wait_for_turn(session, note.workspace)
    gone = (
        delete(Stem)
        .where(
            col(Stem.workspace) == note.workspace,
            col(Stem.unit_id) == note.unit_id,
            col(Stem.stem).in_(listed.texts_given(session, held_by(note.verbatim))),
            col(Stem.first_at) >= note.heard_at,
        )
        .returning(col(Stem.stem))
        .execution_options(synchronize_session=False)
    )
    missing = set(session.execute(gone).scalars())
    if not missing:
        return
    later = (
        select(col(Note.heard_at), col(Note.verbatim))
        .where(
            col(Note.workspace) == note.workspace,
            col(Note.unit_id) == note.unit_id,
            col(Note.heard_at) >= note.heard_at,
            col(Note.counts_as).is_not(None),
            col(Note.id) != note.id,
        )
        .order_by(col(Note.heard_at))
    )
    found: dict[datetime, set[str]] = {}
    with session.execute(later, execution_options={"yield_per": 100}) as rows:
        while missing and (row := rows.fetchone()) is not None:
            here = missing & held_by(row[1])
            found[row[0]] = found.get(row[0], set()) | here
            missing -= here
    _remember(session, [(here, note, heard_at) for heard_at, here in found.items()])


def _remember(session: Session, some: Iterable[tuple[Set[str], Note, datetime]]) -> None:
    """These beginnings, which the unit of the note beside them heard at that moment."""
    known = [
        {
            "workspace": note.workspace,
            "unit_id": note.unit_id,
            "first_at": heard_at,
            "stems": json.dumps(sorted(here)),
        }
        for here, note, heard_at in some
    ]
    if known:
        session.execute(_REMEMBERING[listed.dialect(session)], known)


def _remembering(name: str, dialect: Any) -> Insert:
    """Made once, as every note that is kept needs it: all its beginnings in one go, and what is known stays."""
    table = cast(Table, Stem.__table__)  # type: ignore[attr-defined]
    stem = listed.texts(name, "stems").subquery().c
    row = *stem, bindparam("unit_id", type_=Integer), bindparam("workspace", type_=String)
    rows = select(*row, bindparam("first_at", type_=UtcDateTime)).where(true())
    new = dialect.insert(table).from_select(["stem", "unit_id", "workspace", "first_at"], rows)
    earlier = new.excluded.first_at < table.c.first_at
    made: Insert = new.on_conflict_do_update(
        index_elements=["workspace", "unit_id", "stem"], set_={"first_at": new.excluded.first_at}, where=earlier
    )
    return made


_REMEMBERING = {"sqlite": _remembering("sqlite", sqlite), "postgresql": _remembering("postgresql", postgresql)}
