"""Builders with friendly defaults, so that a test says only what it is about."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from nlp.tagging import Tagging
from nlp.vocabulary import DemandKind, Kind, NoteType
from storage import contributors, notes, tags, workspaces
from storage.models import Note, Unit


def note(
    session: Session,
    words: str = "I'm still waiting for the plumber",
    *,
    workspace: str,
    at: datetime,
    key: str = "",
    by: str = "U0ASHA00001",
    told_as: NoteType = NoteType.DEMAND,
    kind: Kind | None = None,
    theme: str | None = None,
    point: str = "",
    unit: Unit | None = None,
) -> Note:
    """A note that someone passed on at this moment, tagged if a kind is given."""
    unit = unit or workspaces.home_unit(session, workspace)
    assert unit.id is not None
    heard = notes.Heard(key=key or f"{words}/{at}", told_as=told_as, verbatim=words, heard_at=at, point=point)
    kept, is_new = notes.add(session, heard, workspace=workspace, unit_id=unit.id, now=at)
    if is_new:
        contributors.remember(session, kept, person=by)
        if kind is not None:
            tags.suggest(session, kept, tagging(kind, theme=theme), now=at)
    return kept


def tagging(kind: Kind = DemandKind.CHASE, *, confidence: float = 0.9, theme: str | None = None) -> Tagging:
    """A suggestion of the tagger's."""
    return Tagging(kind=kind, confidence=confidence, because=("still waiting",), theme=theme, tagger="test 1")
