"""The change log in the digests: what was changed in the work, where charts begin anew for it, and what moved after it.

Time alone ties a rise to a change that another unit made just before. That is never a cause, so the words invite both
to talk to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from digests import periods, quotes, verdicts
from digests.facts import Charted, KnockOn, Theme
from digests.material import Material
from digests.periods import Week
from digests.rules import Side
from digests.series import Anew
from digests.speech import N_
from digests.verdicts import Changed, Chart, Measure, Verdict
from storage import changes
from storage.models import Change

WITHIN = 4
"""Weeks after a change in which a rise elsewhere may have begun to be told beside it."""
MOST_SHOWN = 3
LONGEST = 200


@dataclass(frozen=True)
class ChangeLog:
    """What the change log holds for one digest."""

    week: Week
    own: Sequence[Change]
    others: Sequence[tuple[Change, str]]
    """What other units changed, as far back as a rise of this week may have begun, and what they are called."""

    @property
    def anew(self) -> Anew:
        """The weeks with which the unit's charts begin anew, and why: every change of the week that says so."""
        found: dict[Week, list[Changed]] = {}
        for change in reversed(self.own):
            if change.anew and change.changed_on < self.week.next.monday:
                found.setdefault(self._week(change), []).append(_told(change))
        return {week: tuple(those) for week, those in found.items()}

    def of_this_week(self) -> tuple[Changed, ...]:
        """What the unit changed this week, or noted this week as changed before."""
        return tuple(
            _told(change)
            for change in self.own
            if self._week(change) == self.week or self.week.start <= change.kept_at < self.week.end
        )[:MOST_SHOWN]

    def elsewhere(self) -> tuple[Changed, ...]:
        """What other units changed in the last weeks, this one included."""
        first = self.week.previous(WITHIN - 1).monday
        lately = [(change, unit) for change, unit in self.others if first <= change.changed_on < self.week.next.monday]
        return tuple(_told(change, unit) for change, unit in lately[:MOST_SHOWN])

    def beside(self, charted: Charted) -> Charted:
        """A chart, with what the unit itself changed near the beginning of what it shows, and whether that is news."""
        began = _began(charted.chart, self.week)
        if began is None:
            return charted
        near = [change for change in self.own if _may_follow(began, self._week(change))]
        before = verdicts.told_before(charted.chart) or not _is_latest(charted, self.week)
        return replace(charted, told_before=before, near=tuple(_told(change) for change in near[:MOST_SHOWN]))

    def knock_ons(
        self, charts: Sequence[Charted], recurring: Sequence[Theme], growing: Sequence[Theme], weeks: Sequence[Week]
    ) -> tuple[KnockOn, ...]:
        """What is heard more since soon after another unit changed something, each beside the nearest such change."""
        found = []
        for about, began, before in _rises(charts, recurring, growing, weeks):
            nearest = next((one for one in self.others if _may_follow(began, self._week(one[0]))), None)
            if nearest is not None:
                told = _told(*nearest)
                found.append(KnockOn(about=about, since=began.label, change=told, told_before=before))
        return tuple(found[:MOST_SHOWN])

    def _week(self, change: Change) -> Week:
        return Week(change.changed_on - timedelta(days=change.changed_on.weekday()), self.week.zone)


def of(material: Material) -> ChangeLog:
    """Read the change log for the digest of this week."""
    week, place = material.week, material.place
    days = (week.previous(WITHIN + verdicts.ENOUGH_TO_FREEZE).monday, week.next.monday)
    return ChangeLog(
        week=week,
        own=changes.of_unit(material.session, **place),
        others=changes.elsewhere(material.session, **place, days=days),
    )


def _rises(
    charts: Sequence[Charted], recurring: Sequence[Theme], growing: Sequence[Theme], weeks: Sequence[Week]
) -> Iterator[tuple[str, Week, bool]]:
    """What is heard more now: its name, the week that began in, and whether that was told before."""
    for charted in charts:
        began = _began(charted.chart, weeks[-1], side=Side.ABOVE) if charted.key == "failure share" else None
        if began is not None:
            yield "", began, charted.told_before
    for theme in recurring:
        if theme.chart is not None and theme.chart.measure is Measure.COUNT:
            began = _began(theme.chart, weeks[-1], side=Side.ABOVE)
            if began is not None:
                yield theme.name, began, theme.told_before
    for theme in growing:
        first = next((week for week in weeks if week.label == theme.growing_since), None)
        if first is not None and theme.name not in {one.name for one in recurring if one.changed}:
            yield theme.name, first, False


def _began(chart: Chart, week: Week, *, side: Side | None = None) -> Week | None:
    """The week in which the change that a chart shows began; None, where it shows none, or none on that side."""
    began = chart.beginning(side)
    return Week.parse(began.name, week.zone) if began and chart.verdict is Verdict.CHANGED else None


def _may_follow(began: Week, changed: Week) -> bool:
    """Whether something that began in one week may have followed a change made in the other."""
    return timedelta(0) <= began.monday - changed.monday <= timedelta(weeks=WITHIN)


def _is_latest(charted: Charted, week: Week) -> bool:
    """Whether the latest point came with this week: a fortnight stands for two digests, and is news in its first."""
    latest = Week.parse(charted.chart.latest.name, week.zone)
    return week.since(latest) <= (1 if charted.fortnights else 0)


def _told(change: Change, unit: str = "") -> Changed:
    day = periods.dated(change.changed_on, N_("d MMMM y"))
    return Changed(words=words_of(change), day=day, unit=unit, change_id=change.id or 0)


def words_of(change: Change) -> str:
    """As much of a change's words as digests tell."""
    return quotes.shortened(change.words, at_most=LONGEST)[0]
