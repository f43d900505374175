"""Installs that have begun in somebody's browser: each may come back once, within ten minutes."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from storage.models import Beginning

LASTS = timedelta(minutes=10)


def begin(session: Session, state: str, *, now: datetime) -> None:
    """Remember that an install has begun under this state. What was never finished is forgotten on the way."""
    session.exec(delete(Beginning).where(col(Beginning.expires_at) <= now))
    session.add(Beginning(digest=_digest(state), expires_at=now + LASTS))
    session.flush()


def come_back(session: Session, state: str, *, now: datetime) -> bool:
    """Whether an install has begun under this state, not long ago, and has not come back before."""
    found = delete(Beginning).where(col(Beginning.digest) == _digest(state)).returning(col(Beginning.expires_at))
    expires_at = session.execute(found).scalar_one_or_none()
    return expires_at is not None and expires_at > now


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
