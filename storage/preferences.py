"""What a person prefers: opened for that person alone, to ask and to obey. Never counted, never exported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.columns import Hearing
from storage.models import Preference, Workspace


def chosen(session: Session, *, workspace: str, person: str) -> Hearing | None:
    """How often a person chose to hear back; none before they chose."""
    preference = session.get(Preference, (workspace, person))
    return preference.hears if preference is not None else None


def choose(session: Session, *, workspace: str, person: str, hears: Hearing, now: datetime) -> None:
    """Remember how often a person wants to hear back, from now on."""
    preference = session.get(Preference, (workspace, person)) or Preference(
        workspace=workspace, person=person, hears=hears, chosen_at=now
    )
    if preference.hears is not hears:
        preference.hears, preference.chosen_at = hears, now
    session.add(preference)
    session.flush()


def of_those_who_hear(session: Session, hears: Hearing) -> Sequence[Preference]:
    """Whoever chose to hear back so often, in the workspaces that we serve: to write to each of them alone."""
    query = (
        select(Preference)
        .join(Workspace, col(Workspace.id) == col(Preference.workspace))
        .where(Preference.hears == hears, col(Workspace.purge_at).is_(None))
    )
    return session.exec(query.order_by(col(Preference.workspace), col(Preference.person))).all()


def summed_up(session: Session, preference: Preference, week: str) -> bool:
    """Put on record that a person has had their week's summary, or that there was nothing in it.

    Returns whether that is news: whoever puts it on record first writes to them.
    """
    there = session.get(Preference, (preference.workspace, preference.person), with_for_update=True)
    if there is None or there.hears is not Hearing.WEEKLY or there.summed_up == week:
        return False
    there.summed_up = week
    session.add(there)
    session.flush()
    return True
