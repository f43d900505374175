"""One audience and one week: what the store holds becomes a frozen `Digest`, every fact ready for telling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from sqlmodel import Session

from digests import asks, changes, hearing, quotes, series, speech, themes, verdicts, wording
from digests.changes import ChangeLog
from digests.facts import Charted, Digest, Factor, Group, Heard, Hearing, Quote, Staff, Theme, Unsettled
from digests.material import VERBATIM, Material, gather
from digests.periods import Week
from digests.quotes import Rule
from digests.verdicts import Verdict
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, SystemFactor
from storage import counts
from storage.columns import Audience, TagSource
from storage.counts import NoteFacts, Words

SHOWN_POINTS = 26
"""Points that a picture has room for."""

_MOST_SHOWN = 3
_MOST_NUMBERS = 8


def compose(
    session: Session,
    *,
    workspace: str,
    unit_id: int,
    audience: Audience,
    week: Week,
    now: datetime,
    missed: Sequence[str] = (),
    channel: str = "",
    hearing_of: int | None = None,
    lessons_set_aside: bool = False,
) -> Digest:
    """The digest of one audience's week, from what the store holds. The same store gives the same digest.

    Args:
        session: an open session; nothing is written.
        workspace: Slack's id of the workspace.
        unit_id: whose notes.
        audience: who it speaks to.
        week: the week it tells of; one that is still running is told "so far".
        now: the present moment, aware.
        missed: the labels of earlier weeks whose digests never went out.
        channel: where it will be read: what was heard in that very channel may be quoted there, private or not.
        hearing_of: over how many weeks it tells how well we hear (`hearing.weeks_to_tell`); by the calendar alone, when
            left out.
        lessons_set_aside: whether what was learned from corrections did harm, and is set aside for new notes.

    Raises:
        LookupError: the unit is not one of this workspace's.
    """
    language = counts.language(session, workspace)
    with speech.speaking(language):
        material = gather(
            session, workspace=workspace, unit_id=unit_id, audience=audience, week=week, now=now, channel=channel
        )
        told = hearing.monthly(
            material,
            of_weeks=hearing.weeks_to_tell(week) if hearing_of is None else hearing_of,
            set_aside=lessons_set_aside,
        )
        return _composed(material, missed, language, told)


def _composed(material: Material, missed: Sequence[str], language: str, how_well_heard: Hearing | None) -> Digest:
    week = material.week
    log = changes.of(material)
    charts = _charts(material, log)
    young = themes.growing(material)
    recurring, theme_charts = themes.keep_coming(material, young, anew=log.anew)
    shown = tuple(_beside_the_others(theme, charts) for theme in recurring)
    growing = themes.told(material, young)
    firsts = themes.first_time(material)
    return Digest(
        workspace=material.place["workspace"],
        unit=material.unit.name,
        purpose=material.unit.purpose,
        audience=material.audience,
        week=week.name,
        zone=week.zone,
        label=week.label,
        so_far=material.so_far,
        heard=_heard(material),
        quotes=_in_their_words(material, recurring, firsts),
        charts=charts,
        charts_looked_at=len(charts) + theme_charts,
        themes=tuple(_tail(theme) for theme in shown),
        growing=growing,
        factors=_factors(material, firsts),
        chases=sum(note.kind is DemandKind.CHASE for note in material.demands),
        first_time=_quoted(material, firsts, rule=Rule.FIRST),
        what_matters=_what_matters(material),
        opportunities=_opportunities(material),
        value_themes=_value_themes(material),
        staff=_staff(material),
        asks=asks.of_managers(material),
        asks_unquoted=asks.unquoted(material),
        unsettled=_unsettled(material),
        question=material.lot.randrange(wording.QUESTIONS),
        lenses=tuple(sorted(material.counted[-1].taggers)),
        templates=wording.version(language),
        language=language,
        missed=tuple(missed),
        changes=log.of_this_week(),
        elsewhere=log.elsewhere(),
        knock_ons=log.knock_ons(charts, shown, growing, material.history),
        hearing=how_well_heard,
    )


def _heard(material: Material) -> Heard:
    types = Counter(note.demand_type for note in material.demands)
    kinds = Counter(note.kind for note in material.demands)
    here = {note.point for note in material.notes if note.point}
    silent = _silent(material.registered, here)
    return Heard(
        notes=len(material.notes),
        demands=len(material.demands),
        improvement=sum(isinstance(note.kind, ImprovementKind) for note in material.notes),
        untagged=sum(note.kind is None for note in material.notes),
        points=len(here),
        points_known=len(silent) + len(here) if material.registered else len(material.lately.points | here),
        silent=silent,
        confirmed=sum(note.source is TagSource.PERSON for note in material.notes),
        value=types[DemandType.VALUE],
        failure=types[DemandType.FAILURE],
        opportunity=types[DemandType.OPPORTUNITY],
        external=types[DemandType.EXTERNAL],
        too_thin=kinds[DemandKind.TOO_THIN],
        no_ask=kinds[DemandKind.NO_ASK],
        urgent=sum(note.urgent for note in material.notes),
        private=quotes.unquoted(quotes.classified(material.demands)).private,
    )


def _silent(registered: Iterable[str], here: Iterable[str]) -> tuple[str, ...]:
    """The registered points that nothing was heard from this week. Coverage, and never about people."""
    heard = {point.casefold() for point in here}
    return tuple(sorted(point for point in registered if point.casefold() not in heard))


def _in_their_words(material: Material, recurring: Sequence[Theme], firsts: Sequence[NoteFacts]) -> tuple[Quote, ...]:
    """Four quotations by the printed rule, each note and each wording once; fewer when the week has fewer."""
    able = quotes.quotable(material.demands)
    chosen: dict[str, tuple[NoteFacts, Rule]] = {}

    def choose(note: NoteFacts | None, rule: Rule) -> None:
        if note is not None:
            chosen.setdefault(quotes.same(material.verbatims([note])[note.id]), (note, rule))

    choose(_typical(material, able, recurring), Rule.TYPICAL)
    choose(next((note for note in firsts if note in able), None), Rule.FIRST)
    choose(quotes.that_says_what_matters(able, material.lot), Rule.MATTERS)
    for note in quotes.drawn(able, material.lot, at_most=len(chosen) + 1):
        if not any(rule is Rule.LOT for _, rule in chosen.values()):
            choose(note, Rule.LOT)
    order = list(Rule)
    return tuple(
        material.quote(note, rule) for note, rule in sorted(chosen.values(), key=lambda pair: order.index(pair[1]))
    )


def _typical(material: Material, able: Sequence[NoteFacts], recurring: Sequence[Theme]) -> NoteFacts | None:
    for theme in recurring:
        candidates = quotes.of_theme(able, theme.name)
        if candidates:
            some = quotes.drawn(candidates, material.lot, at_most=quotes.MOST_COMPARED)
            return quotes.typical(some, material.verbatims(some))
    return None


def _charts(material: Material, log: ChangeLog) -> tuple[Charted, ...]:
    """The three top-level charts over whole weeks: a week that is still running has no point yet."""
    whole = len(material.history) - material.so_far
    weeks, counted = material.history[:whole], material.counted[:whole]
    if not weeks or not any(count.notes for count in counted):
        return ()
    anew = log.anew
    share, fortnights = series.failure_share(weeks, counted, anew=anew)
    days = series.waits(weeks, {n: days for n, days in material.waits.items() if n < whole}, anew=anew)
    logged = series.notes_logged(weeks, counted, anew=anew)
    drawn = [Charted(key="failure share", chart=share, fortnights=fortnights)]
    if days is not None:
        drawn.append(Charted(key="end-to-end days", chart=days))
    drawn.append(Charted(key="notes logged", chart=logged))
    beside = [log.beside(charted) for charted in drawn]
    return tuple(replace(charted, chart=charted.chart.tail(SHOWN_POINTS)) for charted in beside)


def _beside_the_others(theme: Theme, charts: Sequence[Charted]) -> Theme:
    """A theme's own chart says nothing in a week in which more, or less, of everything was logged; and whether what it
    says is news.
    """
    logged = next((charted.chart for charted in charts if charted.key == "notes logged"), None)
    if theme.chart is None:
        return theme
    if logged is not None and logged.verdict is Verdict.CHANGED:
        return replace(theme, chart=None)
    return replace(theme, told_before=verdicts.told_before(theme.chart))


def _tail(theme: Theme) -> Theme:
    return replace(theme, chart=theme.chart.tail(SHOWN_POINTS)) if theme.chart else theme


def _factors(material: Material, firsts: Sequence[NoteFacts]) -> tuple[Factor, ...]:
    first_ids = {note.id for note in firsts}

    def speaks_of(note: NoteFacts, factor: SystemFactor) -> bool:
        if note.system_factor is factor:
            return True
        if factor is SystemFactor.UNKNOWN_DEMAND:
            return note.demand_type is DemandType.EXTERNAL or note.id in first_ids
        return factor is SystemFactor.KNOCK_ON and note.kind is ImprovementKind.KNOCK_ON

    found = []
    for factor in SystemFactor:
        numbers = [note.number for note in material.notes if speaks_of(note, factor)]
        found.append(Factor(factor=factor, notes=tuple(numbers[:_MOST_NUMBERS]), count=len(numbers)))
    return tuple(found)


def _what_matters(material: Material) -> Group:
    able = [note for note in quotes.quotable(material.demands) if note.says_what_matters]
    return _drawn(material, able, by=attrgetter("what_matters"))


def _opportunities(material: Material) -> Group:
    return _drawn(material, [n for n in quotes.quotable(material.demands) if n.demand_type is DemandType.OPPORTUNITY])


def _value_themes(material: Material) -> tuple[tuple[str, int], ...]:
    """What people came for that the service is there for: this week's most frequent themes of value demand."""
    asked = Counter(note.theme for note in material.demands if note.demand_type is DemandType.VALUE and note.theme)
    return tuple(
        sorted(((quotes.named(t), n) for t, n in asked.items() if t and n > 1), key=lambda pair: (-pair[1], pair[0]))[
            :3
        ]
    )


def _staff(material: Material) -> Staff:
    def of(kind: ImprovementKind) -> Group:
        notes = material.improvement_of(kind)
        told = _quoted(material, [note for note in notes if not note.urgent])
        return replace(told, unquoted=quotes.unquoted(notes))

    this_week = len(material.back) - 1
    older = sorted(n.number for n in material.improvement if n.kind is ImprovementKind.BLOCKER and n.week < this_week)
    return Staff(
        done=of(ImprovementKind.DONE),
        ideas=of(ImprovementKind.IDEA),
        blockers=of(ImprovementKind.BLOCKER),
        stops=of(ImprovementKind.STOP),
        knock_ons=of(ImprovementKind.KNOCK_ON),
        older_blockers=tuple(older[:_MOST_NUMBERS]),
        more_older_blockers=len(older[_MOST_NUMBERS:]),
    )


def _unsettled(material: Material) -> tuple[Unsettled, ...]:
    """Two notes whose suggestion was a close call and that nobody has settled: the closest calls first."""
    close = [
        note
        for note in quotes.quotable(material.demands)
        if note.source is TagSource.TAGGER and note.runner_up and (note.confidence or 0) < hearing.HARDLY_SURE
    ]
    close.sort(key=lambda note: (note.confidence or 0, note.id))
    return tuple(
        Unsettled(quote=material.quote(note), readings=(note.kind.value, note.runner_up.value))
        for note in material.told_apart(close, at_most=2)
        if note.kind and note.runner_up
    )


def _drawn(material: Material, able: Sequence[NoteFacts], *, by: Callable[[Words], str] = VERBATIM) -> Group:
    """Three by lot, of those that say different things."""
    return _quoted(material, quotes.drawn(able, material.lot, at_most=len(able)), by=by)


def _quoted(
    material: Material,
    notes: Sequence[NoteFacts],
    *,
    rule: Rule | None = None,
    by: Callable[[Words], str] = VERBATIM,
) -> Group:
    """The first three that say different things, and how many more there are; none from a private channel."""
    notes = [note for note in notes if not note.private]
    shown = material.told_apart(notes, at_most=_MOST_SHOWN, by=by)
    return Group(quotes=tuple(material.quote(note, rule) for note in shown), more=len(notes) - len(shown))
