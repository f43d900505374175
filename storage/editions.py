"""Digests that went out, or did not: one row for each channel, audience, unit and week, claimed before it is composed.

Whoever inserts the row does the work, so several of us, restarts and clock changes bring one digest. A claim is a
lease: if its holder dies before telling the outcome, another takes it over, and the old holder's word no longer counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import outbox
from storage.columns import Audience
from storage.inserting import insert_once
from storage.models import Edition, Schedule

LEASE = timedelta(minutes=5)
_ON_THE_WAY = timedelta(weeks=2)
"""How long it may take an edition to arrive: Slack was out of reach, or someone had to ask for it once more."""


class Outcome(StrEnum):
    """What became of an edition."""

    CLAIMED = "claimed"
    """Someone is composing it now."""
    LEFT = "left"
    """It is in the outbox, and the messenger carries it from there."""
    QUIET = "quiet"
    """There was nothing to say."""
    STILL_HERE = "still here"
    """There was nothing to say for a month, and we said so."""
    MISSED = "missed"
    """It was too late to be of use."""


@dataclass(frozen=True, slots=True)
class WentOut:
    """An edition that arrived in its channel, and when."""

    edition: Edition
    arrived_at: datetime


def claim(session: Session, schedule: Schedule, week: str, *, now: datetime, lease: timedelta = LEASE) -> int | None:
    """Claim an edition, or take over a claim that ran out. Returns its id; None when it is settled or in hand."""
    new = insert_once(session, Edition, _row(schedule, week, now, Outcome.CLAIMED))
    if new is not None:
        return new
    stale = (
        update(Edition)
        .where(
            *_of(schedule),
            col(Edition.week) == week,
            col(Edition.outcome) == Outcome.CLAIMED,
            col(Edition.claimed_at) <= now - lease,
        )
        .values(claimed_at=now)
        .returning(col(Edition.id))
    )
    return session.execute(stale).scalar_one_or_none()


def tell(
    session: Session,
    edition_id: int,
    outcome: Outcome,
    *,
    claimed_at: datetime,
    facts: dict[str, Any] | None = None,
    fingerprint: str = "",
) -> bool:
    """Say what became of a claimed edition, and keep the facts it was told from.

    Returns whether the claim was still ours (made at `claimed_at`); if not, whoever took it over decides, and whatever
    else this transaction did should be undone.
    """
    settled = (
        update(Edition)
        .where(
            col(Edition.id) == edition_id,
            col(Edition.outcome) == Outcome.CLAIMED,
            col(Edition.claimed_at) == claimed_at,
        )
        .values(outcome=outcome, facts=facts or {}, fingerprint=fingerprint)
    )
    result = session.execute(settled)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def tell_anew(session: Session, edition: Edition, *, facts: dict[str, Any], fingerprint: str) -> None:
    """An edition that did not arrive is composed once more: from now on, this is what it was told from."""
    edition.facts, edition.fingerprint, edition.fingerprint_since = facts, fingerprint, ""
    session.add(edition)
    session.flush()


def miss(session: Session, schedule: Schedule, week: str, *, now: datetime) -> bool:
    """Put on record that this edition came too late to be of use. Returns whether that is news.

    A claim that its holder never settled is given up as well.
    """
    if insert_once(session, Edition, _row(schedule, week, now, Outcome.MISSED)) is not None:
        return True
    given_up = (
        update(Edition)
        .where(
            *_of(schedule),
            col(Edition.week) == week,
            col(Edition.outcome) == Outcome.CLAIMED,
            col(Edition.claimed_at) <= now - LEASE,
        )
        .values(outcome=Outcome.MISSED)
        .returning(col(Edition.id))
    )
    return session.execute(given_up).scalar_one_or_none() is not None


def settled_weeks(session: Session, schedule: Schedule) -> frozenset[str]:
    """The weeks of this channel, audience and unit about which there is nothing left to do."""
    query = select(Edition.week).where(*_of(schedule), col(Edition.outcome) != Outcome.CLAIMED)
    return frozenset(session.exec(query))


def latest(session: Session, schedule: Schedule, *, before: str, at_most: int = 12) -> Sequence[Edition]:
    """The editions of this channel, audience and unit before a week, the newest week first."""
    query = select(Edition).where(*_of(schedule), col(Edition.week) < before)
    return session.exec(query.order_by(col(Edition.week).desc()).limit(at_most)).all()


def get(session: Session, edition_id: int, *, workspace: str) -> Edition | None:
    """The edition with this id, if it is this workspace's."""
    edition = session.get(Edition, edition_id)
    return edition if edition is not None and edition.workspace == workspace else None


def of_workspace(session: Session, workspace: str, *, at_most: int = 50) -> Sequence[Edition]:
    """A workspace's editions, newest first."""
    query = select(Edition).where(Edition.workspace == workspace).order_by(col(Edition.id).desc())
    return session.exec(query.limit(at_most)).all()


def that_went_out(session: Session, workspace: str, *, weeks: Set[str]) -> Sequence[WentOut]:
    """The editions that tell of these weeks and arrived in their channels, in the order they were made."""
    if not weeks:
        return []
    return _that_arrived(session, workspace, _left(workspace).where(col(Edition.week).in_(weeks)))


def latest_that_went_out(session: Session, workspace: str, *, since: datetime) -> Sequence[WentOut]:
    """The editions that arrived in their channels since a moment, in the order they were made."""
    made = _left(workspace).where(col(Edition.claimed_at) >= since - _ON_THE_WAY)
    return [one for one in _that_arrived(session, workspace, made) if one.arrived_at >= since]


def with_facts(session: Session, workspace: str, *, since: datetime | None = None) -> Sequence[Edition]:
    """The editions of a workspace that were told from facts, on request those alone that were claimed since."""
    told = select(Edition).where(Edition.workspace == workspace, Edition.fingerprint != "")
    return session.exec(told if since is None else told.where(col(Edition.claimed_at) >= since)).all()


def leave_out(session: Session, edition: Edition, *, facts: dict[str, Any], fingerprint: str) -> None:
    """Keep what is left of an edition's facts. The fingerprint of what it was told from stays beside the new one."""
    edition.facts, edition.fingerprint_since = facts, fingerprint
    session.add(edition)
    session.flush()


def key_of(place: Schedule | Edition, week: str) -> str:
    """The key under which the digest of a week is left in the outbox; what answers it in its thread begins with it."""
    return f"digest/{Audience(place.audience).value}/{week}/unit {place.unit_id}/{place.channel}"


def numbers_quoted(edition: Edition) -> frozenset[int]:
    """The number of every note whose words an edition shows."""
    return numbers_in(edition.facts)


def numbers_in(facts: dict[str, Any]) -> frozenset[int]:
    """The number of every note whose words these facts of a digest hold."""
    return frozenset(_numbers_in(facts))


def _left(workspace: str) -> SelectOfScalar[Edition]:
    """The editions that were left in the outbox, from where they may have arrived or not."""
    left = select(Edition).where(Edition.workspace == workspace, col(Edition.outcome) == Outcome.LEFT)
    return left.order_by(col(Edition.id))


def _that_arrived(session: Session, workspace: str, left: SelectOfScalar[Edition]) -> Sequence[WentOut]:
    by_key = {key_of(edition, edition.week): edition for edition in session.exec(left)}
    arrivals = outbox.arrivals(session, workspace=workspace, keys=by_key.keys())
    return [WentOut(edition, arrivals[key]) for key, edition in by_key.items() if key in arrivals]


def _numbers_in(facts: Any) -> Iterator[int]:
    """The number of every note that a digest quotes, wherever in its facts the quotation stands."""
    if isinstance(facts, dict):
        if isinstance(facts.get("note"), int) and "words" in facts:
            yield facts["note"]
        facts = list(facts.values())
    if isinstance(facts, list):
        for part in facts:
            yield from _numbers_in(part)


def _of(schedule: Schedule) -> tuple[Any, ...]:
    return (
        col(Edition.workspace) == schedule.workspace,
        col(Edition.channel) == schedule.channel,
        col(Edition.audience) == schedule.audience,
        col(Edition.unit_id) == schedule.unit_id,
    )


def _row(schedule: Schedule, week: str, now: datetime, outcome: Outcome) -> dict[str, Any]:
    return {
        "workspace": schedule.workspace,
        "channel": schedule.channel,
        "audience": schedule.audience,
        "unit_id": schedule.unit_id,
        "week": week,
        "claimed_at": now,
        "outcome": outcome,
        "facts": {},
        "fingerprint": "",
    }
