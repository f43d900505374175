"""From weekly counts to charts: which weeks can carry a point, where fortnights are needed, where a chart restarts.

Weekly counts of notes measure how much people logged, not how much customers asked. So the lead chart is a share of the
classified notes, and a count says "notes logged".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median
from types import MappingProxyType

from digests import charts, verdicts
from digests.periods import Week, dated
from digests.speech import N_, _, plural
from digests.verdicts import Chart, Measure, Point, Reason, Restart
from storage.counts import WeekCount

ENOUGH_CLASSIFIED = 10
"""A share of fewer notes than this says nothing."""
ENOUGH_DATED = 3
"""A week's typical wait needs at least this many notes that say when the customer first asked."""
ENOUGH_A_WEEK = 4.0
"""A theme is charted by the week from this many notes a week on."""
RARE_A_WEEK = 1.0
"""Below this many a week, a theme is told by the days between its sightings."""

Anew = Mapping[Week, Reason]
"""The weeks with which charts begin anew because the work is another one from then on, each with the reason."""
NEVER: Anew = MappingProxyType({})

_ONE_LENS = 0.9
"""A week was tagged by one version when at least this share of its tagged demands was."""


@dataclass(frozen=True)
class Stretch:
    """One point's worth of weeks: a week, or a fortnight where a week holds too little."""

    weeks: tuple[Week, ...]
    hits: int
    of: int
    lens: str | None
    """The version of tagger and guide behind it; none when two are mixed or a person tagged everything."""
    mixed: bool


def failure_share(weeks: Sequence[Week], counted: Sequence[WeekCount], *, anew: Anew = NEVER) -> tuple[Chart, bool]:
    """The share of failure demand among the classified notes, and whether fortnights had to be pooled."""
    single = [_stretch([week], [count]) for week, count in zip(weeks, counted, strict=True)]
    pooled = _too_thin_by_the_week(single)
    stretches = _fortnights(weeks, counted) if pooled else single
    if not stretches:
        stretches, pooled = single, False
    restarts = [*_restarts(stretches), *_begun_anew([s.weeks for s in stretches], anew)]
    return verdicts.judge(Measure.SHARE, [_share_point(s) for s in stretches], restarts=restarts), pooled


def notes_logged(weeks: Sequence[Week], counted: Sequence[WeekCount], *, anew: Anew = NEVER) -> Chart:
    """How many notes were logged each week. It measures the logging, and says so."""
    points = [
        Point(week.name, week.short, float(count.notes), why_missing="")
        if count.notes
        else Point(week.name, week.short, None, why_missing=_("nothing was logged"))
        for week, count in zip(weeks, counted, strict=True)
    ]
    return verdicts.judge(Measure.COUNT, points, restarts=_begun_anew([(week,) for week in weeks], anew))


def waits(weeks: Sequence[Week], days: Mapping[int, Sequence[int]], *, anew: Anew = NEVER) -> Chart | None:
    """The days customers had waited, end to end, when they were heard: each week's median. None when no date is known.

    A week's median cannot be steadier than chance among its own few notes, so that is the least sigma believed, just as
    for counts and shares.

    Args:
        weeks: the weeks, in order.
        days: by the place of the week, the days between first asking and being heard.
        anew: where the chart begins anew.
    """
    if not days:
        return None
    points = [_wait_point(week, days.get(i, ())) for i, week in enumerate(weeks)]
    return verdicts.judge(Measure.DAYS, points, restarts=_begun_anew([(week,) for week in weeks], anew))


def theme_by_week(
    weeks: Sequence[Week], by_week: Sequence[int], counted: Sequence[WeekCount], *, anew: Anew = NEVER
) -> Chart | None:
    """The chart of a theme that is heard often: Beyond alone. None when it is too seldom, or too new, to chart.

    It begins with the week in which the theme was first heard: limits drawn from the weeks before would be none at all,
    and every later week would lie beyond them.
    """
    first = next((place for place, count in enumerate(by_week) if count), len(by_week))
    weeks, by_week, counted = weeks[first:], by_week[first:], counted[first:]
    known = [count for count, logged in zip(by_week, counted, strict=True) if logged.notes]
    if len(known) < verdicts.ENOUGH_TO_FREEZE or sum(known) / len(known) < ENOUGH_A_WEEK:
        return None
    points = [
        Point(week.name, week.short, float(count) if logged.notes else None)
        for week, count, logged in zip(weeks, by_week, counted, strict=True)
    ]
    restarts = _begun_anew([(week,) for week in weeks], anew)
    return verdicts.judge(Measure.COUNT, points, restarts=restarts, beyond_only=True)


def theme_by_days(heard_on: Sequence[date], *, anew: Anew = NEVER) -> Chart | None:
    """The chart of a theme that is heard seldom, by the days between sightings. None when there are too few."""
    gaps = charts.days_between(heard_on)
    if len(gaps) < verdicts.ENOUGH_TO_FREEZE:
        return None
    dates = sorted(heard_on)
    points = [_dated_point(day, gap) for day, gap in zip(dates[1:], gaps, strict=True)]
    restarts = _begun_anew_between(dates, anew)
    if any(restart.at == len(points) for restart in restarts):
        points.append(_dated_point(max(anew).monday, None))
    return verdicts.judge(Measure.RARE, points, restarts=restarts, beyond_only=True)


def _stretch(weeks: Sequence[Week], counted: Sequence[WeekCount]) -> Stretch:
    lenses: dict[str, int] = {}
    for count in counted:
        for version, many in count.taggers.items():
            lenses[version] = lenses.get(version, 0) + many
    main = max(lenses, key=lambda version: (lenses[version], version), default=None)
    mixed = main is not None and lenses[main] < _ONE_LENS * sum(lenses.values())
    hits, of = sum(count.failure for count in counted), sum(count.classified for count in counted)
    return Stretch(tuple(weeks), hits, of, None if mixed else main, mixed)


def _too_thin_by_the_week(stretches: Sequence[Stretch]) -> bool:
    """Whether most of the first weeks that hold anything hold too little: settled early, so that it stays settled."""
    first = [s for s in stretches if s.of][: verdicts.ENOUGH_TO_FREEZE]
    thin = sum(s.of < ENOUGH_CLASSIFIED for s in first)
    return thin > len(first) / 2


def _fortnights(weeks: Sequence[Week], counted: Sequence[WeekCount]) -> list[Stretch]:
    """Whole fortnights, cut at the same Mondays for ever, so that a point never changes its weeks."""
    pairs = []
    for i in range(len(weeks) - 1):
        if (weeks[i].monday.toordinal() // 7) % 2 == 0:
            pairs.append(_stretch(weeks[i : i + 2], counted[i : i + 2]))
    return pairs


def _share_point(stretch: Stretch) -> Point:
    name, label = stretch.weeks[0].name, stretch.weeks[0].short
    why = ""
    if stretch.of == 0:
        why = _("nothing was classified")
    elif stretch.of < ENOUGH_CLASSIFIED:
        why = plural(
            stretch.of,
            "only {n} classified, and it takes {enough}",
            "only {n} classified, and it takes {enough}",
            enough=ENOUGH_CLASSIFIED,
        )
    elif stretch.mixed:
        why = _("the way notes are tagged changed halfway")
    value = None if why else stretch.hits / stretch.of
    return Point(name, label, value, hits=stretch.hits, of=stretch.of, why_missing=why)


def _restarts(stretches: Sequence[Stretch]) -> list[Restart]:
    """Where the version of tagger and guide changes: a new lens makes a step that customers did not."""
    found, before = [], None
    for i, stretch in enumerate(stretches):
        if stretch.lens is None:
            continue
        if before is not None and stretch.lens != before:
            why = _("from here on notes are tagged by version {version} of tagger and guide")
            found.append(Restart(i, why.format(version=stretch.lens)))
        before = stretch.lens
    return found


def _begun_anew(points: Sequence[Sequence[Week]], anew: Anew) -> list[Restart]:
    """Where the work became another one. A fortnight with the change in its middle belongs to neither side, so the
    chart begins anew behind it.
    """
    found = {}
    for i, weeks in enumerate(points):
        for place, week in enumerate(weeks):
            if week in anew:
                found[i + (place > 0)] = anew[week]
    return [Restart(at, reason) for at, reason in found.items()]


def _begun_anew_between(heard_on: Sequence[date], anew: Anew) -> list[Restart]:
    """The same where a point is the days between two sightings: the days that a change lies within belong to neither
    side. Behind the last point it begins anew with one that is not there yet.
    """
    found = {}
    for week, reason in sorted(anew.items()):
        after = (i for i, day in enumerate(heard_on[:-1]) if day >= week.monday)
        found[next(after, len(heard_on) - 1)] = reason
    return [Restart(at, reason) for at, reason in found.items()]


def _dated_point(day: date, gap: float | None) -> Point:
    return Point(day.isoformat(), dated(day, N_("d MMM")), gap)


def _wait_point(week: Week, days: Sequence[int]) -> Point:
    if len(days) < ENOUGH_DATED:
        few = plural(
            len(days),
            "only {n} with a date, and it takes {enough}",
            "only {n} with a date, and it takes {enough}",
            enough=ENOUGH_DATED,
        )
        why = few if days else _("none with a date")
        return Point(week.name, week.short, None, of=len(days), why_missing=why)
    many, total = len(days), sum(days)
    spread = sqrt((many * sum(day * day for day in days) - total * total) / (many * (many - 1)))
    chance = spread / sqrt(many)
    return Point(week.name, week.short, float(median(days)), of=many, chance=chance)
