"""What a digest is made of: one unit's week and the weeks before it, read once."""

from __future__ import annotations

import itertools
import random
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import TypedDict

from sqlmodel import Session

from digests import quotes
from digests.facts import Quote
from digests.periods import Week, by_the_clock
from nlp.vocabulary import ImprovementKind, NoteType
from storage import counts, points, recurring
from storage.columns import Audience
from storage.counts import NoteFacts, WeekCount
from storage.models import Unit
from storage.recurring import Lately

_DAY = 24 * 60 * 60
VERBATIM: Callable[[counts.Words], str] = attrgetter("verbatim")
"""What notes are told apart by, as a rule: the customer's words."""
LOOKING_BACK = 12
"""Weeks that "keeps coming" looks back over, this one included."""
CHARTED_WEEKS = 520
"""Weeks that charts and first times reach back at most: ten years. A window that moved on sooner would draw the frozen
limits anew every week, and swallow a slow drift."""


class Place(TypedDict):
    """Where to look: every query says it."""

    workspace: str
    unit_id: int


@dataclass(kw_only=True)
class Material:
    """Everything read from the store for one digest."""

    session: Session
    place: Place
    unit: Unit
    audience: Audience
    week: Week
    so_far: bool
    lot: random.Random
    notes: Sequence[NoteFacts]
    """This week's notes."""
    back: Sequence[Week]
    """The last 12 weeks, this one last."""
    history: Sequence[Week]
    """Every week since the first note, this one last."""
    moments: Sequence[counts.Week]
    """The same weeks as the store knows them: from, and up to."""
    counted: Sequence[WeekCount]
    """What was logged in each week of the history."""
    lately: Lately
    """The last 12 weeks by theme, by listening point, and by what was named as the reason."""
    improvement: Sequence[NoteFacts]
    """Improvement notes of the last 12 weeks, newest first; `week` counts from 0 to 11."""
    registered: frozenset[str]
    """Listening points that the unit's people registered; none, where they registered none."""
    waits: Mapping[int, Sequence[int]]
    """Days between first asking and being heard, by the place of the week in the history."""
    waits_by_theme: Mapping[str, Sequence[int]]
    """The same by theme, over the last 12 weeks."""
    _words: dict[int, counts.Words] = field(default_factory=dict)

    @property
    def demands(self) -> list[NoteFacts]:
        """This week's demands."""
        return [note for note in self.notes if note.note_type is NoteType.DEMAND]

    def improvement_of(self, kind: ImprovementKind) -> list[NoteFacts]:
        """This week's improvement notes of one kind, in the order they came."""
        return [note for note in self.notes if note.kind is kind]

    def words_of(self, notes: Iterable[NoteFacts]) -> dict[int, counts.Words]:
        """What these notes say, by note id; read once."""
        wanted = list(notes)
        missing = [note.number for note in wanted if note.id not in self._words]
        if missing:
            self._words.update(counts.words(self.session, missing, workspace=self.unit.workspace))
        return {note.id: self._words[note.id] for note in wanted}

    def verbatims(self, notes: Iterable[NoteFacts]) -> dict[int, str]:
        """The customers' words of these notes, by note id."""
        return {note_id: said.verbatim for note_id, said in self.words_of(notes).items()}

    def quote(self, note: NoteFacts, rule: quotes.Rule | None = None) -> Quote:
        """This note as a quotation."""
        said = self.words_of([note])[note.id]
        words, cut = quotes.shortened(said.verbatim)
        matters, _ = quotes.shortened(said.what_matters)
        kind = note.kind.value if note.kind else ""
        return Quote(
            note=note.number,
            words=words,
            cut=cut,
            rule=rule,
            kind=kind,
            theme=quotes.named(note.theme or ""),
            what_matters=matters,
        )

    def told_apart(
        self, notes: Sequence[NoteFacts], *, at_most: int, by: Callable[[counts.Words], str] = VERBATIM
    ) -> list[NoteFacts]:
        """The first of these notes that say different things, in the customer's words or in what `by` reads."""
        kept: dict[str, NoteFacts] = {}
        some = notes[: at_most * 5]
        said = self.words_of(some)
        for note in some:
            kept.setdefault(quotes.same(by(said[note.id])), note)
        return list(kept.values())[:at_most]


def gather(
    session: Session, *, workspace: str, unit_id: int, audience: Audience, week: Week, now: datetime, channel: str = ""
) -> Material:
    """Read everything that the digest of this week needs.

    Raises:
        LookupError: the unit is not one of this workspace's.
    """
    place = Place(workspace=workspace, unit_id=unit_id)
    unit = counts.unit(session, unit_id, workspace=workspace)
    history = _history(session, place, week)
    moments = bounds(history)
    lately = moments[-LOOKING_BACK:]
    waits, waits_by_theme = _waits(session, place, history, moments)
    return Material(
        session=session,
        place=place,
        unit=unit,
        audience=audience,
        week=week,
        so_far=now < week.end,
        lot=random.Random(f"{workspace}/{unit_id}/{week.name}/{audience.value}"),
        notes=_as_read_in(channel, counts.notes_in(session, moments[-1], **place)),
        back=history[-LOOKING_BACK:],
        history=history,
        moments=moments,
        counted=counts.history(session, moments, **place),
        lately=recurring.lately(session, lately, **place),
        improvement=_as_read_in(channel, counts.improvement_notes(session, lately, **place)),
        registered=points.names(session, unit_id),
        waits=waits,
        waits_by_theme=waits_by_theme,
    )


def bounds(weeks: Sequence[Week]) -> list[counts.Week]:
    """Weeks that follow each other, as the store knows them: from, and up to."""
    return list(itertools.pairwise([*(week.start for week in weeks), weeks[-1].end]))


def _as_read_in(channel: str, notes: Sequence[NoteFacts]) -> list[NoteFacts]:
    """The notes as a channel's own people may read them: what was heard in it is no secret there."""
    return [note._replace(private=False) if channel and note.heard_in == channel else note for note in notes]


def _history(session: Session, place: Place, week: Week) -> list[Week]:
    first_at = counts.first_heard_at(session, **place)
    first = Week.of(first_at, week.zone) if first_at is not None else week
    many = min(max(week.since(first), 0) + 1, CHARTED_WEEKS)
    return [week.previous(n) for n in range(many - 1, -1, -1)]


def _waits(
    session: Session, place: Place, history: Sequence[Week], moments: Sequence[counts.Week]
) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
    begins = _days(history, moments)
    since_1970 = history[0].monday.toordinal() - date(1970, 1, 1).toordinal()
    recent = 7 * (len(history) - LOOKING_BACK)
    by_week: dict[int, list[int]] = defaultdict(list)
    by_theme: dict[str, list[int]] = defaultdict(list)
    for asked_on, heard_at, theme in counts.asked_and_heard(session, moments, **place):
        day = bisect_right(begins, heard_at) - 1
        waited = since_1970 + day - asked_on
        if waited < 0:
            continue  # a date in the future is a slip of the finger
        by_week[day // 7].append(waited)
        if theme and day >= recent:
            by_theme[theme].append(waited)
    return dict(by_week), dict(by_theme)


def _days(history: Sequence[Week], moments: Sequence[counts.Week]) -> list[int]:
    """When each day of these weeks begins by their clocks, in seconds since 1970."""
    begins: list[int] = []
    for week, (since, until) in zip(history, moments, strict=True):
        if until - since == timedelta(days=7):
            first = int(since.timestamp())
            begins += range(first, first + 7 * _DAY, _DAY)
        else:  # the clocks change
            days = (week.monday + timedelta(days=n) for n in range(7))
            begins += [int(by_the_clock(day, time(0), week.zone).timestamp()) for day in days]
    return begins
