"""What a study is made of: the notes of a file, redacted and tagged, laid out by the week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from digests.periods import Week
from nlp.vocabulary import DemandKind, DemandType, Kind
from storage.counts import WeekCount

FAR_AWAY = 26
"""Empty weeks after which a few lone notes are taken for slips of the calendar."""
FEW = 4
FEW_OF_ALL = 0.02
MONDAY, FRIDAY = 0, 4
ENOUGH_FOR_A_SLIP = 10
"""In a file of at least so many notes a single one may be such a slip."""

COMMON = 0.7
"""How much of what all notes share is taken away before they are compared, as when themes are found."""

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyNote:
    """One note of the file, as far as a study needs it. Its words are redacted before they come here."""

    id: str
    heard_at: datetime
    words: str
    kind: Kind | None
    improvement: bool = False
    """A colleague's own note, whatever kind its words suggest."""
    from_elsewhere: bool = False
    """It speaks of something that others did, and that is felt here."""
    point: str = ""
    what_matters: str = ""
    urgent: bool = False
    theme: str | None = None
    """The id of its theme: for a demand the one it belongs to, for an improvement note the one it speaks of."""

    @property
    def demand_type(self) -> DemandType | None:
        """The type of a demand; none for an improvement note."""
        return self.kind.demand_type if isinstance(self.kind, DemandKind) and not self.improvement else None


@dataclass(frozen=True, kw_only=True)
class Material:
    """The notes of a file and the weeks from the first to the last of them."""

    notes: Sequence[StudyNote]
    """In the order in which they were heard."""
    weeks: Sequence[Week]
    """Every week of the file, those without notes included."""
    labels: Mapping[str, str]
    """What each theme is called, by its id."""
    vectors: Vectors | None = None
    """Where each note lies among all sentences, (notes, 384), if at hand."""
    week_of: Sequence[int] = field(default=())
    """The week of each note, counted from 0."""

    @cached_property
    def demands(self) -> list[int]:
        """The places of the demands."""
        return [place for place, note in enumerate(self.notes) if note.demand_type is not None]

    @cached_property
    def counted(self) -> list[WeekCount]:
        """What was logged each week, as the digests count it."""
        demand: list[Counter[DemandType]] = [Counter() for _ in self.weeks]
        every: Counter[int] = Counter(self.week_of)
        for place in self.demands:
            kind = self.notes[place].demand_type
            if kind is not None:
                demand[self.week_of[place]][kind] += 1
        return [
            WeekCount(notes=every[week], improvement=every[week] - types.total(), demand=types)
            for week, types in enumerate(demand)
        ]

    @cached_property
    def logged(self) -> list[int]:
        """How many demands each week has."""
        return [sum(count.demand.values()) for count in self.counted]

    @cached_property
    def by_theme(self) -> dict[str, list[int]]:
        """The places of the demands of each theme, the largest theme first."""
        found: dict[str, list[int]] = defaultdict(list)
        for place in self.demands:
            theme = self.notes[place].theme
            if theme is not None:
                found[theme].append(place)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))

    @cached_property
    def apart(self) -> Vectors | None:
        """The notes' vectors without most of what all of them share, at length 1, (notes, 384)."""
        if self.vectors is None:
            return None
        among = np.zeros(len(self.notes), dtype=np.float32)
        among[self.demands] = 1 / max(1, len(self.demands))
        apart = self.vectors - COMMON * (among @ self.vectors)
        apart /= np.maximum(np.sqrt(np.einsum("nw,nw->n", apart, apart)), 1e-9)[:, None]
        return apart

    @property
    def whole(self) -> slice:
        """The weeks that the file holds whole, as far as its days tell: a count of half a week is no fall in anything.

        Files are cut on any day. The first week is whole when a note was heard on its Monday, the last when one was on
        its Friday or later. Of fewer than three weeks all count.
        """
        if len(self.weeks) < 3:
            return slice(None)
        clock = ZoneInfo(self.weeks[0].zone)
        begins, ends = (self.notes[place].heard_at.astimezone(clock).weekday() for place in (0, -1))
        return slice(int(begins != MONDAY), len(self.weeks) - int(ends < FRIDAY))

    def spell(self, first: int, until: int) -> str:
        """The weeks from `first` up to `until`, counted from 0, as a sentence has them."""
        last = "on" if until == len(self.weeks) else f"to week {until}"
        return f"from week {first + 1} {last}"

    def per_week(self, places: Iterable[int]) -> list[int]:
        """How many of these notes fall into each week."""
        counted: Counter[int] = Counter(self.week_of[place] for place in places)
        return [counted[week] for week in range(len(self.weeks))]

    def ids(self, places: Iterable[int]) -> tuple[str, ...]:
        """The ids of these notes."""
        return tuple(self.notes[place].id for place in places)


def gather(
    notes: Sequence[StudyNote], *, zone: str, labels: Mapping[str, str], vectors: Vectors | None = None
) -> Material:
    """Lay the notes out by the week.

    Args:
        notes: at least one, in any order.
        zone: the IANA name of the clock by which weeks begin.
        labels: what each theme is called, by its id.
        vectors: of the notes, in their order, if at hand.

    Raises:
        ValueError: there are no notes.
    """
    if not notes:
        raise ValueError("A study needs at least one note.")
    order = sorted(range(len(notes)), key=lambda place: (notes[place].heard_at, place))
    ordered = [notes[place] for place in order]
    if vectors is not None and order != list(range(len(order))):
        vectors = vectors[order]  # a copy as large again, which a file in the order of time is spared
    mondays = [Week.of(note.heard_at, zone) for note in ordered]
    first, last = mondays[0], mondays[-1]
    return Material(
        notes=ordered,
        weeks=[last.previous(n) for n in range(last.since(first), -1, -1)],
        labels=labels,
        vectors=vectors,
        week_of=[week.since(first) for week in mondays],
    )


def strays(moments: Sequence[datetime], *, zone: str) -> set[int]:
    """The places of a few lone dates, half a year or more from all the others: most likely slips of the calendar."""
    order = sorted(range(len(moments)), key=lambda place: moments[place])
    weeks = [Week.of(moments[place], zone) for place in order]
    gaps = [at for at in range(1, len(weeks)) if weeks[at].since(weeks[at - 1]) > FAR_AWAY]
    most = min(FEW, max(int(FEW_OF_ALL * len(order)), int(len(order) >= ENOUGH_FOR_A_SLIP)))
    early = max((at for at in gaps if at <= most), default=0)
    late = min((at for at in gaps if len(order) - at <= most), default=len(order))
    return {*order[:early], *order[late:]}
