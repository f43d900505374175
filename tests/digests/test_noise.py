"""On pure noise the charts cry wolf no more often than the digest admits; on a real step they do speak up."""

from __future__ import annotations

import numpy as np
import pytest

from digests import series, themes, wording
from digests.periods import Week
from digests.verdicts import Verdict
from nlp.vocabulary import DemandType
from storage.counts import WeekCount
from storage.recurring import ThemeCount

WEEKS = [Week.parse("2025-W01", "UTC").previous(-i) for i in range(40)]
SHARE_OF_FAILURE = 0.45
THEMES = [0.30, 0.20, 0.10, 0.10, 0.03, 0.27]
"""How failure demand falls into five themes, and the rest."""


class SteadyUnit:
    """A unit where nothing ever changes: notes come by chance, waits are as uneven as waits are."""

    def __init__(self, lot: np.random.Generator, notes_a_week: int, *, step_after: int = 99, to: float = 0.0) -> None:
        self.counted: list[WeekCount] = []
        self.days: dict[int, list[int]] = {}
        self.themes: list[list[int]] = [[] for _ in THEMES[:5]]
        for week in range(len(WEEKS)):
            notes = int(lot.poisson(notes_a_week))
            failure = int(lot.binomial(notes, to if week >= step_after else SHARE_OF_FAILURE))
            demand = {DemandType.FAILURE: failure, DemandType.VALUE: notes - failure}
            self.counted.append(WeekCount(notes=notes, demand=demand, taggers={"1": notes} if notes else {}))
            self.days[week] = [int(days) for days in lot.exponential(10, lot.binomial(notes, 0.3))]
            for theme, many in zip(self.themes, lot.multinomial(failure, THEMES), strict=False):
                theme.append(int(many))

    def charts(self, upto):
        """Every chart that the digest of week `upto` looks at."""
        weeks, counted = WEEKS[:upto], self.counted[:upto]
        yield series.failure_share(weeks, counted)[0]
        yield series.waits(weeks, {week: days for week, days in self.days.items() if week < upto})
        yield series.notes_logged(weeks, counted)
        for theme in self.themes:
            chart = series.theme_by_week(weeks, theme[:upto], counted)
            if chart is not None:
                yield chart

    def cries_wolf(self, upto):
        """Whether anything in that digest is called changed."""
        return any(chart.verdict is Verdict.CHANGED for chart in self.charts(upto))


def share_of_digests_crying_wolf(notes_a_week, *, units, upto, seed):
    lot = np.random.default_rng(seed)
    told = [SteadyUnit(lot, notes_a_week) for _ in range(units)]
    cries = [unit.cries_wolf(week) for unit in told for week in upto]
    return sum(cries) / len(cries)


def test_false_signals_stay_within_what_the_digest_admits():
    """The digest says that up to one in eight shows a signal by chance. That holds over all its charts together,
    for busy and quiet units alike, in weeks 12 to 40.
    """
    rates = [
        share_of_digests_crying_wolf(notes, units=30, upto=range(12, 41, 3), seed=20 + notes) for notes in (12, 25, 60)
    ]
    assert sum(rates) / len(rates) <= 1 / wording.ODDS


@pytest.mark.parametrize("notes", [12, 25, 60])
def test_in_the_first_weeks_hardly_anything_is_called_changed(notes):
    """Provisional limits look for Beyond alone, so a young unit hears of fewer than one false signal in 30 digests."""
    assert share_of_digests_crying_wolf(notes, units=40, upto=range(6, 12), seed=notes) <= 1 / 30


def test_a_lasting_step_in_the_share_is_seen_within_eight_weeks():
    """From 45 to 60 in a hundred, with 60 notes a week: the calm that keeps noise out lets this through."""
    lot = np.random.default_rng(5)
    units = [SteadyUnit(lot, 60, step_after=12, to=0.60) for _ in range(60)]
    seen = [
        any(
            series.failure_share(WEEKS[:upto], unit.counted[:upto])[0].verdict is Verdict.CHANGED
            for upto in range(13, 21)
        )
        for unit in units
    ]
    assert sum(seen) / len(seen) >= 0.9


def test_more_of_everything_in_the_same_mix_is_no_shift_in_the_share():
    """Twice as many notes, the same mix: the share has nothing to say."""
    lot = np.random.default_rng(9)
    units = []
    for _ in range(40):
        quiet, busy = SteadyUnit(lot, 30), SteadyUnit(lot, 60)
        units.append([*quiet.counted[:14], *busy.counted[14:22]])
    changed = [
        series.failure_share(WEEKS[:upto], counted[:upto])[0].verdict is Verdict.CHANGED
        for counted in units
        for upto in range(15, 23)
    ]
    assert sum(changed) / len(changed) <= 0.05


def test_one_odd_week_is_no_lasting_shift():
    """A single week of trouble is told in that week and is no Run afterwards."""
    lot = np.random.default_rng(3)
    counted = SteadyUnit(lot, 60).counted[:20]
    counted[15] = WeekCount(notes=60, demand={DemandType.FAILURE: 55, DemandType.VALUE: 5}, taggers={"1": 60})
    assert series.failure_share(WEEKS[:16], counted[:16])[0].verdict is Verdict.CHANGED
    assert series.failure_share(WEEKS[:17], counted[:17])[0].verdict is Verdict.NO_SIGNAL


@pytest.mark.parametrize(("notes", "names"), [(12, 40), (25, 10), (60, 100)])
def test_among_many_steady_themes_hardly_any_is_called_growing(notes, names):
    """Some common, many rare, none new in truth: in fewer than one digest in fifty does chance look like growth."""
    lot = np.random.default_rng(notes)
    often = 1 / np.arange(1, names + 1)
    told = []
    for _ in range(10):
        logged = [WeekCount(notes=int(n)) for n in lot.poisson(notes, len(WEEKS))]
        heard = np.array([lot.multinomial(week.notes, often / often.sum()) for week in logged])
        for upto in range(9, len(WEEKS) + 1, 2):
            counts = [ThemeCount(theme="", by_week=tuple(heard[:upto, n]), failure_by_week=()) for n in range(names)]
            told.append(any(themes.is_growing(count, logged[:upto]) for count in counts))
    assert sum(told) / len(told) <= 1 / 50
