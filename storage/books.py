"""The book of themes of each workspace: the latest alone, since themes keep their ids and names from week to week."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, select

from storage.models import Book

_EDITION = select(Book.edition).where(Book.workspace == bindparam("workspace"))


def latest(session: Session, workspace: str) -> Book | None:
    """The themes as they were last found; none before they were."""
    return session.get(Book, workspace)


def changing(session: Session, workspace: str) -> Book | None:
    """The same, and nobody else changes it until this transaction ends."""
    query = select(Book).where(Book.workspace == workspace).with_for_update()
    return session.exec(query, execution_options={"populate_existing": True}).first()


def edition(session: Session, workspace: str) -> int | None:
    """Which edition of the book is the latest; none before there is one."""
    return session.exec(_EDITION, params={"workspace": workspace}).first()


def keep(session: Session, workspace: str, content: bytes, *, notes: int, now: datetime) -> Book:
    """Keep the themes as they are now, found among so many notes."""
    book = session.get(Book, workspace) or Book(workspace=workspace, content=b"", found_at=now)
    book.content, book.notes, book.found_at = content, notes, now
    book.edition += 1
    session.add(book)
    session.flush()
    return book
