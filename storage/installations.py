"""By whose leave we speak where: a bot token for each workspace or organisation, encrypted in the database.

Tokens that rotate are renewed by one of us at a time. Whoever claims the renewal has it for a while (a lease), and what
comes of it counts only if nobody has installed the app anew meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import Installation, Workspace

LEASE = timedelta(minutes=1)
"""Longer than a call to Slack can take."""


class Unreadable(Exception):
    """The tokens were encrypted with a key that we do not have, or are not those of this workspace."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What we show Slack. Never printed."""

    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)


class Keys:
    """Encrypts with the first of our keys and reads with any of them, so that keys can be changed one by one."""

    def __init__(self, keys: str) -> None:
        self._newest, *older = [Fernet(key) for key in keys.split(",")]
        self._all = MultiFernet([self._newest, *older])

    def seal(self, tokens: Tokens, *, enterprise: str, workspace: str) -> bytes:
        """Encrypt tokens together with whose they are, so that they cannot be passed off as another's."""
        whole = [enterprise, workspace, tokens.token, tokens.refresh_token]
        return self._all.encrypt(json.dumps(whole).encode())

    def open(self, installation: Installation) -> Tokens:
        """Read the tokens of an installation.

        Raises:
            Unreadable: with none of our keys, or they are somebody else's.
        """
        try:
            enterprise, workspace, token, refresh_token = json.loads(self._all.decrypt(installation.sealed))
        except InvalidToken:
            raise Unreadable from None
        if (enterprise, workspace) != (installation.enterprise, installation.workspace):
            raise Unreadable
        return Tokens(token, refresh_token)

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the newest key alone can read this."""
        try:
            self._newest.decrypt(sealed)
        except InvalidToken:
            return False
        return True

    def renewed(self, sealed: bytes) -> bytes:
        """The same, encrypted with the newest key.

        Raises:
            Unreadable: none of our keys reads it.
        """
        try:
            return self._all.rotate(sealed)
        except InvalidToken:
            raise Unreadable from None


def save(session: Session, installation: Installation) -> None:
    """Keep an installation in the place of whatever there was before for the same workspace or organisation."""
    there = session.exec(_same(installation)).all()
    installation.edition = 1 + max((before.edition for before in there), default=0)
    for before in there:
        session.delete(before)
    session.flush()
    session.add(installation)
    session.flush()


def of(session: Session, workspace: str, *, enterprise: str = "", org_first: bool = False) -> Installation | None:
    """By whose leave we speak in a workspace: its own, or else its organisation's. `org_first` turns these around."""
    mine = select(Installation).where(Installation.workspace == workspace, Installation.workspace != "")
    own = session.exec(mine.order_by(col(Installation.installed_at).desc())).first()
    if own is not None and not org_first:
        return own
    known = session.get(Workspace, workspace) if workspace else None
    enterprise = enterprise or (known.enterprise if known is not None else "")
    return (session.get(Installation, (enterprise, "")) if enterprise else None) or own


def everyone(session: Session) -> Sequence[Installation]:
    """Every installation, in the order of workspaces."""
    return session.exec(select(Installation).order_by(col(Installation.enterprise), col(Installation.workspace))).all()


def remove(session: Session, installation: Installation) -> None:
    """Delete an installation and its tokens."""
    session.exec(delete(Installation).where(*_exactly(installation)))


def expiring(session: Session, *, before: datetime) -> Sequence[Installation]:
    """Installations whose token runs out before this moment."""
    query = select(Installation).where(col(Installation.expires_at).is_not(None))
    return session.exec(query.where(col(Installation.expires_at) < before)).all()


def claim_renewal(session: Session, installation: Installation, *, by: str, now: datetime) -> bool:
    """Claim the right to spend the refresh token, which works but once. Returns whether it is ours for the lease."""
    free = or_(col(Installation.renewing_until).is_(None), col(Installation.renewing_until) <= now)
    claimed = (
        update(Installation)
        .where(*_exactly(installation), col(Installation.edition) == installation.edition, free)
        .values(renewed_by=by, renewing_until=now + LEASE)
        .returning(col(Installation.edition))
    )
    return session.execute(claimed).first() is not None


def renew(session: Session, installation: Installation, sealed: bytes, *, by: str, expires_at: datetime | None) -> bool:
    """Keep a new token. Returns whether the claim was still ours; if not, whoever was quicker has a newer one."""
    ours = (col(Installation.edition) == installation.edition, col(Installation.renewed_by) == by)
    renewed = (
        update(Installation)
        .where(*_exactly(installation), *ours)
        .values(sealed=sealed, expires_at=expires_at, edition=installation.edition + 1, **_FREE)
        .returning(col(Installation.edition))
    )
    return session.execute(renewed).first() is not None


def release(session: Session, installation: Installation, *, by: str) -> None:
    """Give the claim back: nothing came of it, and the refresh token was not spent."""
    mine = (*_exactly(installation), col(Installation.renewed_by) == by)
    session.exec(update(Installation).where(*mine).values(**_FREE))


def reseal(session: Session, keys: Keys) -> int:
    """Encrypt with the newest key what an older one had encrypted. Returns how many installations that were."""
    done = 0
    for installation in everyone(session):
        if not keys.is_newest(installation.sealed):
            installation.sealed = keys.renewed(installation.sealed)
            session.add(installation)
            done += 1
    session.flush()
    return done


_FREE: dict[str, object] = {"renewed_by": "", "renewing_until": None}


def _same(installation: Installation) -> SelectOfScalar[Installation]:
    """Whatever an installation takes the place of: a workspace may have joined an organisation since."""
    if installation.workspace:
        return select(Installation).where(Installation.workspace == installation.workspace)
    return select(Installation).where(*_exactly(installation))


def _exactly(installation: Installation) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        col(Installation.enterprise) == installation.enterprise,
        col(Installation.workspace) == installation.workspace,
    )
