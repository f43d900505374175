"""Tells half a year at Larkmoor Homes, week by week: mostly routine, with two things that truly change.

The same seed tells the same story, whatever the date: only the calendar moves.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.story import voices
from bot.story.voices import Theme, Utterance
from nlp.vocabulary import DemandKind, Kind, NoteType, SystemCondition

NAME = "Larkmoor Homes"
PURPOSE = "A home I can afford, kept in good repair, with plain answers about my rent and my tenancy."
TIMEZONE = "Europe/London"

POINTS = MappingProxyType(
    {
        "Repairs line": "phone",
        "Rents line": "phone",
        "Front desk": "in person",
        "Lettings": "phone",
        "Web chat": "chat",
        "Home visits": "in person",
    }
)
"""The listening points, and how a note reaches each of them."""

WEEKS = 26
"""The whole story. Weeks are counted from 1; the latest is week 26."""
IDEAS_A_WEEK = 1.6
REMEMBERED = 0.75
"""How often someone who asks again can say when they first did."""
ORDINARY_WEEK = range(20, 36)
"""How many customers' notes an ordinary week brings. People have only so many moments to pass something on."""


@dataclass(frozen=True, slots=True)
class Shift:
    """From this week on, and for good, a theme is heard this often."""

    theme: str
    from_week: int
    weekly: float


@dataclass(frozen=True, slots=True)
class Spike:
    """One loud week that leaves nothing behind. It is there so that nobody is fooled by it."""

    theme: str
    week: int
    notes: float


BOOKING_MOVED = Shift(theme="where is my repair", from_week=15, weekly=11.8)
"""The contractor's new booking system: nobody at Larkmoor can see the diary any more, so people ring to ask."""
LETTER_REWRITTEN = Shift(theme="letter I can't follow", from_week=20, weekly=0.8)
"""The rents team rewrote the rent letter together with tenants."""
MAIN_BURST = Spike(theme="the water main has burst", week=9, notes=10)

SHIFTS = (BOOKING_MOVED, LETTER_REWRITTEN)


@dataclass(frozen=True, slots=True)
class StoryNote:
    """One note of the story, ready to be kept as if someone had just passed it on."""

    id: str
    """Unique within the story and the same for every telling with the same seed, such as `story-15-03`."""
    told_as: NoteType
    words: str
    point: str
    via: str
    heard_at: datetime
    what_matters: str
    first_asked_on: date | None
    kind: Kind
    """What a fair judge would call it. The tagger is not told."""
    theme: str | None
    """The theme it was written for; none for an improvement note."""
    condition: SystemCondition | None


def tell(*, last_week_monday: date, weeks: int = WEEKS, seed: int = 7) -> list[StoryNote]:
    """Half a year of notes in the order they were heard.

    Args:
        last_week_monday: The Monday on which the story's latest week begins. To end with the week before this one,
            pass last week's Monday.
        weeks: How many weeks to tell, the latest ones of the 26. Leaving out early weeks changes nothing in the rest.
        seed: Another seed spreads the same voices and the same two changes differently.

    Raises:
        ValueError: The date is not a Monday, or the story has no such number of weeks.
    """
    if last_week_monday.weekday() != 0:
        raise ValueError(f"{last_week_monday:%A %d %B %Y} is not a Monday. The story is told in weeks from Monday.")
    if not 1 <= weeks <= WEEKS:
        raise ValueError(f"The story has 1 to {WEEKS} weeks to tell, not {weeks}.")
    chance = Random(f"the voices, telling {seed}")
    teller = _Teller(chance)
    told: list[StoryNote] = []
    for week, plot in enumerate(_plot(Random(f"the plot, telling {seed}")), start=1):
        monday = last_week_monday - timedelta(weeks=WEEKS - week)
        heard = teller.hear(week, plot)
        moments = sorted(_office_moment(chance, monday) for _ in heard)
        notes = [
            _note(chance, week, nth, moment, theme, utterance)
            for nth, (moment, (theme, utterance)) in enumerate(zip(moments, heard, strict=True), start=1)
        ]
        if week > WEEKS - weeks:
            told += notes
    return told


def usual(theme: Theme, week: int) -> float:
    """How many notes on this theme a routine week brings on average, given what has changed by then."""
    for shift in SHIFTS:
        if shift.theme == theme.name and week >= shift.from_week:
            return shift.weekly
    return theme.weekly


def poisson(chance: Random, mean: float) -> int:
    """How often something happens that comes by chance at a steady rate.

    Multiplies uniform draws until they fall below e to the minus mean (Knuth, The Art of Computer Programming,
    volume 2, 3.4.1), which keeps the story the same on every machine. Meant for means below a few hundred.
    """
    floor, product, count = math.exp(-mean), chance.random(), 0
    while product > floor:
        product *= chance.random()
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class _Plot:
    """How much is heard in one week."""

    by_theme: Mapping[str, int]
    improvements: int
    """Beyond those that belong to this very week."""


def _plot(chance: Random) -> list[_Plot]:
    """Week by week, how much is heard. It has a stream of chance to itself, so that a new voice does not move it."""
    themes = [_counts(chance, week) for week in range(1, WEEKS + 1)]
    return [_Plot(by_theme, poisson(chance, IDEAS_A_WEEK)) for by_theme in themes]


def _counts(chance: Random, week: int) -> dict[str, int]:
    counts: dict[str, int] = {}
    while sum(counts.values()) not in ORDINARY_WEEK:
        counts = {theme.name: poisson(chance, usual(theme, week)) for theme in voices.themes()}
    if week == MAIN_BURST.week:
        counts[MAIN_BURST.theme] += poisson(chance, MAIN_BURST.notes)
    return counts


class _Teller:
    """Remembers how often each line was heard, so that a voice returns only once the others have had their turn."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.times_heard: Counter[str] = Counter()

    def hear(self, week: int, plot: _Plot) -> list[tuple[str | None, Utterance]]:
        """What is heard in this week, each with the theme it belongs to, in no order."""
        heard: list[tuple[str | None, Utterance]] = [(None, note) for note in self._improvements(week, plot)]
        for theme in voices.themes():
            heard += [(theme.name, self._choose(theme.heard, week)) for _ in range(plot.by_theme[theme.name])]
        self.chance.shuffle(heard)
        return heard

    def _improvements(self, week: int, plot: _Plot) -> Iterator[Utterance]:
        """The notes that belong to this week, and a few more. Each is told once, as colleagues do."""
        yield from (note for note in voices.improvements() if note.week == week)
        for _ in range(plot.improvements):
            untold = [note for note in _tellable(voices.improvements(), week) if not self.times_heard[note.words]]
            if untold:
                yield self._choose(untold, week)

    def _choose(self, utterances: Sequence[Utterance], week: int) -> Utterance:
        tellable = list(_tellable(utterances, week))
        rarest = min(self.times_heard[utterance.words] for utterance in tellable)
        chosen = self.chance.choice([each for each in tellable if self.times_heard[each.words] == rarest])
        self.times_heard[chosen.words] += 1
        return chosen


def _tellable(utterances: Iterable[Utterance], week: int) -> Iterator[Utterance]:
    return (each for each in utterances if each.week is None and each.from_week <= week)


def _office_moment(chance: Random, monday: date) -> datetime:
    """A moment in office hours: busiest on a Monday, and towards the end of the morning."""
    day = monday + timedelta(days=chance.choices(range(5), weights=(6, 5, 4, 4, 4))[0])
    seconds = int(chance.triangular(8.5, 17.5, 10.75) * 3600)
    local = datetime.combine(day, time(0), tzinfo=ZoneInfo(TIMEZONE)) + timedelta(seconds=seconds)
    return local.astimezone(UTC)


def _days_since_first_asked(chance: Random, utterance: Utterance) -> int | None:
    """As the words have it; otherwise most people who ask again can say when they first did."""
    wait = round(chance.triangular(2, 24, 7))
    remembers = utterance.kind in {DemandKind.CHASE, DemandKind.AGAIN} and chance.random() < REMEMBERED
    if utterance.first_asked is not None:
        return utterance.first_asked
    return wait if remembers else None


def _note(
    chance: Random, week: int, nth: int, heard_at: datetime, theme: str | None, utterance: Utterance
) -> StoryNote:
    point = chance.choice(utterance.points)
    first_asked = _days_since_first_asked(chance, utterance)
    return StoryNote(
        id=f"story-{week:02}-{nth:02}",
        told_as=utterance.told_as,
        words=utterance.words,
        point=point,
        via=POINTS[point],
        heard_at=heard_at,
        what_matters=utterance.what_matters,
        first_asked_on=None if first_asked is None else heard_at.date() - timedelta(days=first_asked),
        kind=utterance.kind,
        theme=theme,
        condition=utterance.condition,
    )
