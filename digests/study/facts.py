"""What a study found, every fact finished and ready for telling."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from digests.facts import Charted, Group, Quote
from digests.series import ENOUGH_CLASSIFIED
from digests.verdicts import ENOUGH_TO_FREEZE
from digests.wording import many
from nlp.vocabulary import DemandType


class SignalType(StrEnum):
    """What can be found in a file of dated verbatims beyond routine variation."""

    FAILURE_SHIFT = "failure_shift"
    NOVEL_THEME = "novel_theme"
    KNOCK_ON = "knock_on"


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Something lasting that began in some week."""

    type: SignalType
    week: int
    """The week in which it most likely began, counted from 1."""
    says: str
    """The finding in plain words."""
    evidence: tuple[int, ...]
    """The places of the notes that show it."""
    theme: str | None = None
    """The theme that is new, if it is one."""


@dataclass(frozen=True, kw_only=True)
class ThemeFacts:
    """One theme over the weeks of the file."""

    id: str
    label: str
    ids: tuple[str, ...]
    by_week: tuple[int, ...]
    failure: int
    """How many of its notes are failure demand."""
    main_type: DemandType
    quote: Quote | None = None

    @property
    def first_week(self) -> int:
        """The week of its first note, counted from 1."""
        return next(week for week, notes in enumerate(self.by_week, start=1) if notes)

    @property
    def weeks_seen(self) -> int:
        """In how many weeks it was heard."""
        return sum(notes > 0 for notes in self.by_week)

    @property
    def notes(self) -> int:
        """How many notes it has."""
        return len(self.ids)


@dataclass(frozen=True, kw_only=True)
class WeekFacts:
    """One week of the file."""

    week: int
    name: str
    label: str
    notes: int
    improvement: int
    types: dict[DemandType, int]

    def as_json(self) -> dict[str, Any]:
        """As `study.json` has it."""
        return {
            "week": self.week,
            "name": self.name,
            "notes": self.notes,
            "improvement": self.improvement,
            "types": {kind.value: self.types[kind] for kind in DemandType},
        }


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A signal with some of the words that show it."""

    signal: Signal
    evidence_ids: tuple[str, ...]
    quotes: Group
    week_name: str


@dataclass(frozen=True, kw_only=True)
class SkippedRow:
    """A row of the file that is not part of the study."""

    line: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Study:
    """A whole file, studied."""

    name: str
    """The name of the file."""
    purpose: str
    tagger: str
    zone: str
    notes: int
    skipped: tuple[SkippedRow, ...]
    remarks: tuple[str, ...]
    """What there is to say of the file itself."""
    weeks: tuple[WeekFacts, ...]
    label: str
    points: int
    types: dict[DemandType, int]
    too_thin: int
    no_ask: int
    charts: tuple[Charted, ...]
    charts_looked_at: int
    signals: tuple[Shown, ...]
    themes: tuple[ThemeFacts, ...]
    unlike_the_rest: Group
    opportunities: Group
    elsewhere: Group
    what_matters: Group
    improvement: tuple[tuple[str, Group], ...]
    urgent: tuple[str, ...]
    """The ids of notes that read as urgent. They are never quoted."""
    question: int

    @property
    def demands(self) -> int:
        """How many notes carry a customer's demand."""
        return sum(self.types.values())

    @property
    def classified(self) -> int:
        """Demands that have a type."""
        return self.demands - self.types[DemandType.UNKNOWN]

    @property
    def failure(self) -> int:
        """How many demands are failure demand."""
        return self.types[DemandType.FAILURE]

    @property
    def enough_weeks(self) -> bool:
        """Whether there are weeks enough to tell a change from routine."""
        return self.points_known >= ENOUGH_TO_FREEZE

    @property
    def points_known(self) -> int:
        """How many weeks (or fortnights) hold enough notes for the failure share: empty and thin ones tell nothing."""
        return sum(point.value is not None for point in self.charts[0].chart.points)

    @property
    def too_early(self) -> str:
        """Why a lasting change cannot be told from chance yet."""
        if len(self.weeks) < ENOUGH_TO_FREEZE:
            return f"{many(len(self.weeks), 'week')}, and it takes {ENOUGH_TO_FREEZE} to tell a lasting change"
        spell = "fortnight" if self.charts[0].fortnights else "week"
        enough = f"only {many(self.points_known, spell)}" if self.points_known else f"no {spell}"
        return (
            f"{many(len(self.weeks), 'week')} with {enough} of {ENOUGH_CLASSIFIED} "
            f"classified notes or more, and it takes {ENOUGH_TO_FREEZE} to tell a lasting change"
        )

    def as_json(self) -> dict[str, Any]:
        """The facts for machines. There are no verbatims in them."""
        weeks = [week.as_json() for week in self.weeks]
        return {
            "purpose": self.purpose,
            "tagger": self.tagger,
            "notes": self.notes,
            "weeks": weeks,
            "types": [week["types"] for week in weeks],
            "themes": [
                {"label": t.label, "ids": list(t.ids), "first_week": t.first_week, "weeks_seen": t.weeks_seen}
                for t in self.themes
            ],
            "signals": [
                {
                    "type": shown.signal.type.value,
                    "week": shown.signal.week,
                    "evidence_ids": list(shown.evidence_ids),
                    "says": shown.signal.says,
                }
                for shown in self.signals
            ],
            "urgent": list(self.urgent),
            "skipped": [{"line": row.line, "why": row.why} for row in self.skipped],
        }
