"""When and where digests go out: data, which the people of a unit set and change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from storage.columns import Audience, Held
from storage.models import Schedule, Workspace


def place(
    session: Session,
    *,
    workspace: str,
    unit_id: int,
    channel: str,
    audience: Audience,
    now: datetime,
    weekday: int = 0,
    at: time = time(9, 0),
    timezone: str = "UTC",
    by: str = "",
) -> Schedule:
    """Let this unit's digest for this audience come to this channel, then; or change when.

    It counts from now on. One that was running already moves, and what was still to come comes at the new time.
    """
    schedule = of_channel(session, workspace=workspace, channel=channel, audience=audience, unit_id=unit_id)
    if schedule is not None and _runs(schedule):
        _move(schedule, weekday, at, timezone, now=now)
    else:
        if schedule is None:
            schedule = Schedule(workspace=workspace, unit_id=unit_id, channel=channel, audience=audience, since=now)
        schedule.weekday, schedule.at, schedule.timezone = weekday, at, timezone
        schedule.paused, schedule.held, schedule.since = False, None, now
    schedule.set_by = by
    session.add(schedule)
    session.flush()
    return schedule


def move_to_zone(session: Session, workspace: str, timezone: str, *, now: datetime) -> None:
    """Let every digest of a workspace come by another clock, at the same time of its day. None is lost on the way."""
    for schedule in of_workspace(session, workspace):
        _move(schedule, schedule.weekday, schedule.at, timezone, now=now)
        session.add(schedule)
    session.flush()


def pause(session: Session, schedule: Schedule) -> None:
    """Keep the schedule, and let nothing be due."""
    schedule.paused = True
    session.add(schedule)
    session.flush()


def resume(session: Session, schedule: Schedule, *, now: datetime) -> None:
    """Let it run again, from now on: nothing that fell into the pause is made up for."""
    schedule.paused = False
    schedule.since = now
    session.add(schedule)
    session.flush()


def hold(session: Session, *, workspace: str, channel: str, why: Held) -> None:
    """Let nothing be due in a channel for now, whether people have paused it or not."""
    for schedule in of_workspace(session, workspace):
        if schedule.channel == channel:
            schedule.held = why
            session.add(schedule)
    session.flush()


def release(session: Session, *, workspace: str, channel: str, why: Held) -> None:
    """Let what was held for this reason come again: late, if it is not too late yet."""
    for schedule in of_workspace(session, workspace):
        if schedule.channel == channel and schedule.held is why:
            schedule.held = None
            session.add(schedule)
    session.flush()


def remove(session: Session, schedule: Schedule) -> None:
    """No more digests here. What went out before stays on record."""
    session.delete(schedule)
    session.flush()


def running(session: Session) -> Sequence[Schedule]:
    """Every schedule that is neither paused nor held, in every workspace that we serve."""
    query = select(Schedule).join(Workspace, col(Workspace.id) == col(Schedule.workspace))
    here = query.where(col(Schedule.paused).is_(False), col(Schedule.held).is_(None), col(Workspace.purge_at).is_(None))
    return session.exec(here.order_by(col(Schedule.id))).all()


def of_workspace(session: Session, workspace: str) -> Sequence[Schedule]:
    """Every schedule of a workspace, running or paused."""
    return session.exec(select(Schedule).where(Schedule.workspace == workspace).order_by(col(Schedule.id))).all()


def running_in(session: Session, workspace: str) -> Sequence[Schedule]:
    """Those of a workspace that are neither paused nor held: what they promise will come."""
    return [schedule for schedule in of_workspace(session, workspace) if _runs(schedule)]


def of_channel(session: Session, *, workspace: str, channel: str, audience: Audience, unit_id: int) -> Schedule | None:
    """The schedule that brings this unit's digest for this audience to this channel."""
    query = select(Schedule).where(
        Schedule.workspace == workspace,
        Schedule.channel == channel,
        Schedule.audience == audience,
        Schedule.unit_id == unit_id,
    )
    return session.exec(query).first()


def follow(session: Session, *, workspace: str, channel: str, was: int, now_of: int, now: datetime) -> None:
    """A channel has changed its unit: the digests of the one it had tell of the new one, and count, from now on."""
    for schedule in of_workspace(session, workspace):
        if schedule.channel != channel or schedule.unit_id != was:
            continue
        there = of_channel(session, workspace=workspace, channel=channel, audience=schedule.audience, unit_id=now_of)
        if there is None:
            schedule.unit_id, schedule.since = now_of, now
            session.add(schedule)
        else:
            session.delete(schedule)
    session.flush()


def _runs(schedule: Schedule) -> bool:
    return not schedule.paused and schedule.held is None


def _move(schedule: Schedule, weekday: int, at: time, timezone: str, *, now: datetime) -> None:
    """Let it come at another time. It still counts from the first week in which it had to come, so that no week falls
    between the old time and the new, and none is called missed that was never promised.
    """
    first = _first_week(schedule)
    schedule.weekday, schedule.at, schedule.timezone = weekday, at, timezone
    schedule.since = min(now, _comes(schedule, first))


def _first_week(schedule: Schedule) -> date:
    """The Monday of the first week in which it had to come."""
    began = schedule.since.astimezone(ZoneInfo(schedule.timezone)).date()
    monday = began - timedelta(days=began.weekday())
    return monday if _comes(schedule, monday) >= schedule.since else monday + timedelta(weeks=1)


def _comes(schedule: Schedule, monday: date) -> datetime:
    """When it comes in the week of that Monday, as its clock shows it."""
    day = monday + timedelta(days=schedule.weekday)
    return datetime.combine(day, schedule.at.replace(fold=0), ZoneInfo(schedule.timezone)).astimezone(UTC)
