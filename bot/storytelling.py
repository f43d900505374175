"""Puts the story of Larkmoor Homes into the logbook, as its own people would have passed it on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from bot import errors
from bot.app import House
from bot.blocks import digest_card
from bot.logbook import Logbook, Submission
from bot.playground.workspace import Workspace
from bot.story import generator
from bot.story.generator import StoryNote
from digests import send
from digests.periods import Week
from storage import outbox, schedules, units, workspaces
from storage.columns import Audience

_AT_A_TIME = 50
_CHANNELS = {Audience.MANAGERS: "managers", Audience.IMPROVEMENT: "improvement"}


def tell_to(
    logbook: Logbook,
    *,
    workspace: str,
    now: datetime,
    weeks: int = generator.WEEKS,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Tell the story up to last week, once: a note that is there already stays as it is. Returns how many are new."""
    with logbook.database.transaction() as session:
        known = workspaces.join(session, workspace, now=now, name=generator.NAME, timezone=generator.TIMEZONE)
        home = workspaces.home_unit(session, workspace)
        if not home.purpose:
            units.set_purpose(session, home, generator.PURPOSE)
    last_week = Week.of(now, known.timezone).previous()
    story = generator.tell(last_week_monday=last_week.monday, weeks=weeks)
    new = 0
    for start in range(0, len(story), _AT_A_TIME):
        portion = story[start : start + _AT_A_TIME]
        new += logbook.keep_all([_submission(note, workspace) for note in portion]).new
        progress(min(start + _AT_A_TIME, len(story)), len(story))
    logbook.find_themes()
    return new


def set_the_scene(house: House, local: Workspace) -> threading.Thread | None:
    """For a local workspace that nobody has used yet: tell the story, and let last week's digests be there to read.

    It goes on in a thread of its own, which is returned, while people look around.
    """
    with house.database.reading() as session:
        if outbox.with_key(session, workspace=local.id, key=_key(Audience.MANAGERS)) is not None:
            return None
    thread = threading.Thread(target=_set_the_scene, args=(house, local), name="story", daemon=True)
    thread.start()
    return thread


def _set_the_scene(house: House, local: Workspace) -> None:
    try:
        now = house.logbook.clock()
        tell_to(house.logbook, workspace=local.id, now=now)
        last_week = Week.of(now, generator.TIMEZONE).previous().name
        for audience, name in _CHANNELS.items():
            channel = next(channel.id for channel in local.channels.values() if channel.name == name)
            digest = send.compose_now(house.database, workspace=local.id, audience=audience, now=now, week=last_week)
            with house.database.transaction() as session:
                unit = workspaces.home_unit(session, local.id)
                schedules.place(
                    session,
                    workspace=local.id,
                    unit_id=unit.id or 0,
                    channel=channel,
                    audience=audience,
                    timezone=generator.TIMEZONE,
                    now=now,
                )
                if digest is not None:
                    send.leave(session, digest, channel=channel, key=_key(audience), card=digest_card.build, now=now)
        house.messenger.wake()
    except Exception as error:  # the workspace is there to be used, story or no story
        errors.record(error)


def _key(audience: Audience) -> str:
    return f"story/{audience}"


def _submission(note: StoryNote, workspace: str) -> Submission:
    return Submission(
        key=f"story/{note.id}",
        workspace=workspace,
        by=None,
        told_as=note.told_as,
        words=note.words,
        point=note.point,
        via=note.via,
        what_matters=note.what_matters,
        first_asked_on=note.first_asked_on,
        heard_at=note.heard_at,
    )
