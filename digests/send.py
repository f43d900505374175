"""Sends what is due: claimed in the database, composed, left in the outbox, on record; each once, whatever happens.

Three steps. A claim is committed before anything is composed, so of several schedulers one does the work. The message
and the edition's record are committed together, so neither is ever without the other. Should we die in between, the
claim runs out, and the next tick takes it over; the outbox knows the digest by its key and keeps it once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from digests import forgetting, hearing, periods, speech
from digests.compose import compose
from digests.facts import Digest
from digests.forgetting import Card
from digests.periods import Due, Rhythm, Week
from storage import counts, editions, outbox, schedules, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.editions import Outcome
from storage.models import Edition, Schedule, Unit

QUIET_WEEKS = 4
"""After so many weeks with nothing to say, we say that once."""

SetAside = Callable[[str], bool]
"""Whether what a workspace's people have taught the tagger did harm, and is set aside for new notes."""

log = logging.getLogger(__name__)


def send_due(
    database: Database, *, now: datetime, card: Card, lessons_set_aside: SetAside = lambda workspace: False
) -> int:
    """Leave everything that is due by now in the outbox. Returns how many digests were left there.

    Once a month, when a digest tells how well we hear, it is asked whether lessons are set aside.

    A schedule that goes wrong is logged and tried again later; it does not keep the others waiting.
    """
    with database.reading() as session:
        plans = [(plan, editions.settled_weeks(session, plan)) for plan in schedules.running(session)]
    left = 0
    for plan, settled in plans:
        try:
            for due in periods.due(rhythm(plan), now):
                if due.week.name not in settled:
                    left += _settle(database, plan, due, now=now, card=card, lessons_set_aside=lessons_set_aside)
        except Exception:
            log.exception("The digest for schedule %s could not be made. Trying again within minutes.", plan.id)
    return left


def compose_now(
    database: Database,
    *,
    workspace: str,
    audience: Audience,
    now: datetime,
    week: str | None = None,
    unit_id: int | None = None,
    channel: str = "",
) -> Digest | None:
    """A digest to look at: of a week by name, or of the one that is running, so far. Nothing is claimed or sent.

    Args:
        database: where the notes are.
        workspace: Slack's id of the workspace, whose clock the week goes by.
        audience: who it speaks to.
        now: the present moment, aware.
        week: such as `2026-W18`; the week that is running when left out.
        unit_id: whose notes; those of the workspace's first unit when left out.
        channel: where it will be read, so that what was heard in that very channel may be quoted.

    Returns:
        The digest; None when nothing was logged in that week.

    Raises:
        ValueError: there is no such week, in words fit to show.
        LookupError: the workspace is not known, or the unit is not one of its own.
    """
    with database.reading() as session:
        zone = counts.clock(session, workspace)
        if unit_id is None:
            unit_id = workspaces.home_unit(session, workspace).id
        assert unit_id is not None
        told_of = Week.parse(week, zone) if week else Week.of(now, zone)
        digest = compose(
            session, workspace=workspace, unit_id=unit_id, audience=audience, week=told_of, now=now, channel=channel
        )
    return digest if digest.anything_to_say else None


def leave(session: Session, digest: Digest, *, channel: str, key: str, card: Card, now: datetime) -> bool:
    """Leave a digest in the outbox under this key, its thread behind it. Returns whether it is new.

    What was taken back since it was composed is not in it.
    """
    workspaces.wait_for_turn(session, digest.workspace)
    made = card(forgetting.without_what_went(session, digest))
    thread = made.pop("thread", [])
    return _leave_all(session, [made, *thread], workspace=digest.workspace, channel=channel, key=key, now=now)


def _leave_all(
    session: Session, bodies: Sequence[dict[str, Any]], *, workspace: str, channel: str, key: str, now: datetime
) -> bool:
    first, *thread = bodies
    new = outbox.leave(session, workspace=workspace, key=key, channel=channel, body=first, now=now)
    for n, body in enumerate(thread, 1):
        outbox.leave(session, workspace=workspace, key=f"{key}/{n}", channel=channel, body=body, now=now, thread_of=key)
    return new


def _settle(
    database: Database, plan: Schedule, due: Due, *, now: datetime, card: Card, lessons_set_aside: SetAside
) -> int:
    if due.missed:
        with database.transaction() as session:
            if editions.miss(session, plan, due.week.name, now=now):
                log.warning("The digest of %s for schedule %s came too late to be of use.", due.week, plan.id)
        return 0
    with database.transaction() as session:
        edition_id = editions.claim(session, plan, due.week.name, now=now)
    if edition_id is None:
        return 0
    with database.reading() as session:
        hearing_of = _hearing_of(session, plan, due.week)
    set_aside = hearing_of > 0 and lessons_set_aside(plan.workspace)
    with database.reading() as session:
        digest, outcome = _compose(session, plan, due.week, now, hearing_of, set_aside)
    digest = replace(digest, number=edition_id)
    with database.transaction() as session:
        workspaces.wait_for_turn(session, plan.workspace)
        digest = forgetting.without_what_went(session, digest)
        key = editions.key_of(plan, due.week.name)
        facts, fingerprint = digest.facts(), digest.fingerprint
        ours = editions.tell(session, edition_id, outcome, claimed_at=now, facts=facts, fingerprint=fingerprint)
        if not ours or outcome is Outcome.QUIET:
            return 0
        return int(leave(session, digest, channel=plan.channel, key=key, card=card, now=now))


def again(database: Database, *, workspace: str, channel: str, act: str, now: datetime, card: Card) -> int:
    """Leave the latest digest of a channel once more, if it was given up on the way. Returns how many that were.

    It is composed from what the store holds today, so that words taken back meanwhile stay back. What somebody had
    asked for out of turn comes as it was: had words of it been taken back, it would be gone. `act` names the wish, so
    that a second delivery of it changes nothing.
    """
    with database.transaction() as session:
        workspaces.wait_for_turn(session, workspace)
        left = int(_leave_again(session, workspace=workspace, channel=channel, act=act, now=now))
        here = [plan for plan in schedules.of_workspace(session, workspace) if plan.channel == channel]
    for plan in here:
        with database.transaction() as session:
            workspaces.wait_for_turn(session, workspace)  # so that nothing is taken back while it is made
            edition = _stuck(session, plan, now)  # looked at only now: somebody else may just have brought it
            if edition is None:
                continue
            week = Week.parse(edition.week, plan.timezone)
            digest = compose(
                session,
                workspace=workspace,
                unit_id=plan.unit_id,
                audience=plan.audience,
                week=week,
                now=now,
                missed=tuple(edition.facts.get("missed", ())),
                channel=channel,
                hearing_of=_hearing_of(session, plan, week),
                lessons_set_aside=bool((edition.facts.get("hearing") or {}).get("set_aside")),
            )
            if not digest.anything_to_say:
                continue
            digest = replace(digest, number=edition.id or 0)
            key = f"{editions.key_of(plan, edition.week)}/again/{act}"
            left += leave(session, digest, channel=channel, key=key, card=card, now=now)
            editions.tell_anew(session, edition, facts=digest.facts(), fingerprint=digest.fingerprint)
    return left


def _leave_again(session: Session, *, workspace: str, channel: str, act: str, now: datetime) -> bool:
    """Leave the latest digest of a channel as it was, if it was asked for out of turn and given up."""
    latest = outbox.latest_digest(session, workspace=workspace, channel=channel)
    if latest is None or not latest.given_up or not latest.key.startswith(forgetting.POSTED_NOW):
        return False
    thread = [part for part in outbox.under(session, latest.key, workspace=workspace) if part.thread_of == latest.key]
    key = f"{latest.key.partition('/again/')[0]}/again/{act}"
    bodies = [part.body for part in (latest, *thread)]
    return _leave_all(session, bodies, workspace=workspace, channel=channel, key=key, now=now)


def _stuck(session: Session, plan: Schedule, now: datetime) -> Edition | None:
    """The latest edition of a schedule, if every attempt to bring it was given up."""
    latest = next(iter(editions.latest(session, plan, before=Week.of(now, plan.timezone).next.name, at_most=1)), None)
    if latest is None or latest.outcome != Outcome.LEFT:
        return None
    tries = outbox.tries(session, workspace=plan.workspace, key=editions.key_of(plan, latest.week))
    return latest if tries and all(message.given_up for message in tries) else None


def _compose(
    session: Session, plan: Schedule, week: Week, now: datetime, hearing_of: int, lessons_set_aside: bool
) -> tuple[Digest, Outcome]:
    before = editions.latest(session, plan, before=week.name)
    with speech.speaking(counts.language(session, plan.workspace)):
        missed = _missed_since_the_last(before, week.zone)
    digest = compose(
        session,
        workspace=plan.workspace,
        unit_id=plan.unit_id,
        audience=plan.audience,
        week=week,
        now=now,
        missed=missed,
        channel=plan.channel,
        hearing_of=hearing_of,
        lessons_set_aside=lessons_set_aside,
    )
    if digest.anything_to_say:
        return digest, Outcome.LEFT
    quiet = 1
    for edition in before:
        if edition.outcome != Outcome.QUIET or edition.week != week.previous(quiet).name:
            break  # a week that is not on record fell into a pause, and may have been anything but quiet
        quiet += 1
    if quiet >= QUIET_WEEKS:
        return replace(digest, still_here=True), Outcome.STILL_HERE
    return digest, Outcome.QUIET


def _hearing_of(session: Session, plan: Schedule, week: Week) -> int:
    """Over how many weeks this digest tells how well we hear: read from what became of those before it."""
    return hearing.weeks_to_tell(week, editions.latest(session, plan, before=week.name))


def _missed_since_the_last(before: Any, zone: str) -> tuple[str, ...]:
    """The weeks that were missed since a digest last went out, oldest first."""
    labels = []
    for edition in before:
        if edition.outcome in (Outcome.LEFT, Outcome.STILL_HERE):
            break
        if edition.outcome == Outcome.MISSED:
            labels.append(Week.parse(edition.week, zone).label)
    return tuple(reversed(labels))


def next_for(session: Session, unit: Unit, *, now: datetime) -> datetime | None:
    """The soonest moment at which a digest of the unit goes out; none, if none does."""
    plans = [plan for plan in schedules.running_in(session, unit.workspace) if plan.unit_id == unit.id]
    return min((periods.next_time(rhythm(plan), now) for plan in plans), default=None)


def rhythm(plan: Schedule) -> Rhythm:
    """When in the week a schedule brings its digest."""
    return Rhythm(weekday=plan.weekday, at=plan.at, zone=plan.timezone, since=plan.since)
