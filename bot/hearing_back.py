"""Tells people what has become of their notes, as often as each of them chose to hear: a digest showed their words,
or counted them. Each hears of their own notes alone, in a direct message, and nobody hears who hears.

Whoever chose nothing hears nothing: this is asked for, never sent unasked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot.blocks import hearing_card
from digests import periods, speech, whereabouts
from digests.periods import Rhythm
from storage import acts, contributors, editions, outbox, preferences, workspaces
from storage.columns import Hearing
from storage.database import Database
from storage.editions import WentOut
from storage.models import Edition, Preference, Workspace

FRIDAY, MORNING = 4, time(9, 0)
"""When the week's summary comes, by the workspace's clock."""
_AT_ONCE = timedelta(days=1)
"""How long after a digest arrived there is a point in saying so."""
_MOST_NOTES = 200
_LOOKED_BACK = timedelta(weeks=4)
"""How old a note may be that a digest of the last seven days tells of."""


def tell(database: Database, *, now: datetime) -> None:
    """Leave in the outbox what is due by now, each thing once."""
    _tell_at_once(database, now)
    _tell_weekly(database, now)


def _tell_at_once(database: Database, now: datetime) -> None:
    with database.reading() as session:
        waiting: dict[str, list[Preference]] = {}
        for preference in preferences.of_those_who_hear(session, Hearing.AT_ONCE):
            waiting.setdefault(preference.workspace, []).append(preference)
        told_of = {
            workspace: [
                one
                for one in editions.latest_that_went_out(session, workspace, since=now - _AT_ONCE)
                if not acts.was_done(session, workspace=workspace, key=_key(one.edition))
            ]
            for workspace in waiting
        }
    for workspace, fresh in told_of.items():
        for one in fresh:
            with database.transaction() as session:
                if acts.first_time(session, workspace=workspace, key=_key(one.edition), now=now):
                    _tell_of(session, one, waiting[workspace], now)


def _tell_of(session: Session, went_out: WentOut, people: Sequence[Preference], now: datetime) -> None:
    """Say to each of these people which of their notes an edition quotes. One message about each note."""
    edition = went_out.edition
    quoted = editions.numbers_quoted(edition)
    known = session.get_one(Workspace, edition.workspace)
    for preference in people:
        if preference.chosen_at > went_out.arrived_at or not quoted:
            continue
        own = contributors.own_among(session, quoted, workspace=edition.workspace, person=preference.person)
        for note in own:
            with speech.speaking(known.language):
                body = hearing_card.quoted(note.number, str(edition.facts.get("label") or edition.week))
            key = f"receipt/{note.id}/quoted/{edition.id}"  # goes with the note, should it be taken back
            outbox.leave(session, workspace=edition.workspace, key=key, channel=preference.person, body=body, now=now)


def _tell_weekly(database: Database, now: datetime) -> None:
    with database.reading() as session:
        everyone = preferences.of_those_who_hear(session, Hearing.WEEKLY)
        known = {one.id: one for one in workspaces.everyone(session)}
    for preference in everyone:
        zone = known[preference.workspace].timezone
        rhythm = Rhythm(weekday=FRIDAY, at=MORNING, zone=zone, since=preference.chosen_at)
        due = [one for one in periods.due(rhythm, now) if not one.missed]
        if due and preference.summed_up != due[-1].week.name:
            with database.transaction() as session:
                if preferences.summed_up(session, preference, due[-1].week.name):
                    language = known[preference.workspace].language
                    _sum_up(session, preference, due[-1], now=now, language=language)


def _sum_up(session: Session, preference: Preference, due: periods.Due, *, now: datetime, language: str) -> None:
    """Say to a person what the digests since last Friday made of their notes; nothing, if they made nothing."""
    own = contributors.own_notes(session, workspace=preference.workspace, person=preference.person, at_most=_MOST_NOTES)
    recent = [note for note in own if note.heard_at >= due.at - _LOOKED_BACK]
    last_friday = periods.by_the_clock(due.week.monday + timedelta(days=FRIDAY), MORNING, due.week.zone)
    with speech.speaking(language):
        got_to = whereabouts.of(session, recent, workspace=preference.workspace, now=now, arrived=(last_friday, due.at))
        told = [(note.number, got_to[note.id or 0]) for note in reversed(recent)]
        body = hearing_card.summed_up(told)
    if body is not None:
        key = f"summary/{due.week}/{preference.person}"
        outbox.leave(session, workspace=preference.workspace, key=key, channel=preference.person, body=body, now=now)


def _key(edition: Edition) -> str:
    return f"heard back/{edition.id}"
