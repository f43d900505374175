"""The whole analysis of a file: from its notes to a `Study`, every fact ready for telling."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence

from digests import quotes, series, wording
from digests.facts import Charted, Group, Quote
from digests.study import signals
from digests.study.facts import Shown, Signal, SkippedRow, Study, ThemeFacts, WeekFacts
from digests.study.material import Material, StudyNote
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind

MOST_SHOWN = 3
MOST_COMPARED = 40
MOST_WEEKS_DRAWN = 60
STAFF = {
    ImprovementKind.DONE: "Already changed",
    ImprovementKind.KNOCK_ON: "Landed on us from elsewhere",
    ImprovementKind.BLOCKER: "In the way",
    ImprovementKind.IDEA: "Ideas to try",
    ImprovementKind.STOP: "Could be stopped",
}


def study(
    material: Material,
    *,
    name: str,
    purpose: str,
    tagger: str,
    skipped: Sequence[SkippedRow] = (),
    remarks: Sequence[str] = (),
) -> Study:
    """Study the notes of a file. The same notes give the same study.

    Args:
        material: the notes, redacted, tagged and laid out by the week.
        name: the name of the file, without its folder.
        purpose: what the service is here for, in its customers' terms; empty if nobody said.
        tagger: the version of tagger and guide.
        skipped: the rows that could not be used.
        remarks: what there is to say of the file itself, in sentences.
    """
    findings = signals.find(material)
    teller = _Teller(material, random.Random(f"{name}/{len(material.notes)}"))
    notes = [material.notes[place] for place in material.demands]
    kinds = Counter(note.kind for note in notes)
    types = Counter(note.demand_type for note in notes)
    return Study(
        name=name,
        purpose=purpose,
        tagger=tagger,
        zone=material.weeks[0].zone,
        notes=len(material.notes),
        skipped=tuple(skipped),
        remarks=tuple(remarks),
        weeks=_weeks(material),
        label=_spell(material),
        points=len({note.point for note in material.notes if note.point}),
        types={kind: types[kind] for kind in DemandType},
        too_thin=kinds[DemandKind.TOO_THIN],
        no_ask=kinds[DemandKind.NO_ASK],
        charts=_charts(material, findings),
        charts_looked_at=findings.charts_looked_at + 1,
        signals=tuple(teller.shown(signal) for signal in findings.signals),
        themes=teller.themes(),
        unlike_the_rest=teller.group(_unlike_the_rest(material)),
        opportunities=teller.of_type(DemandType.OPPORTUNITY),
        elsewhere=teller.of_type(DemandType.EXTERNAL),
        what_matters=teller.group(
            [place for place in material.demands if material.notes[place].what_matters],
            says=lambda note: note.what_matters,
        ),
        improvement=teller.improvement(),
        urgent=tuple(note.id for note in material.notes if note.urgent),
        question=teller.lot.randrange(wording.QUESTIONS),
    )


def _unlike_the_rest(material: Material) -> list[int]:
    """Demands that say something and belong to no theme."""
    notes = material.notes
    return [
        place
        for place in material.demands
        if notes[place].theme is None and notes[place].demand_type is not DemandType.UNKNOWN
    ]


def _weeks(material: Material) -> tuple[WeekFacts, ...]:
    return tuple(
        WeekFacts(
            week=number,
            name=week.name,
            label=week.label,
            notes=count.notes,
            improvement=count.improvement,
            types={kind: count.demand.get(kind, 0) for kind in DemandType},
        )
        for number, (week, count) in enumerate(zip(material.weeks, material.counted, strict=True), start=1)
    )


def _spell(material: Material) -> str:
    """The days from the first Monday to the last Sunday."""
    first, last = material.weeks[0], material.weeks[-1]
    if first == last:
        return first.label
    return f"{first.monday.day} {first.monday:%B %Y} to {last.label.partition(' to ')[2]}"


def _charts(material: Material, findings: signals.Findings) -> tuple[Charted, ...]:
    share = findings.failure_chart.tail(MOST_WEEKS_DRAWN)
    logged = series.notes_logged(material.weeks[material.whole], material.counted[material.whole])
    return (
        Charted(key="failure share", chart=share, fortnights=findings.fortnights),
        Charted(key="notes logged", chart=logged.tail(MOST_WEEKS_DRAWN)),
    )


class _Teller:
    """Chooses the words that are shown, by the digests' printed rule: by lot and by rule, never for drama."""

    def __init__(self, material: Material, lot: random.Random) -> None:
        self.material = material
        self.lot = lot

    def quote(self, place: int) -> Quote:
        """A note as a quotation."""
        note = self.material.notes[place]
        words, cut = quotes.shortened(note.words)
        matters, _ = quotes.shortened(note.what_matters)
        label = self.material.labels.get(note.theme or "", "")
        kind = note.kind.value if note.kind else ""
        return Quote(note=place, words=words, cut=cut, kind=kind, theme=quotes.named(label), what_matters=matters)

    def group(self, places: Sequence[int], *, says: Callable[[StudyNote], str] = lambda note: note.words) -> Group:
        """A few of these by lot, of those that say different things and are not urgent."""
        able = [place for place in places if not self.material.notes[place].urgent]
        kept: dict[str, int] = {}
        for place in self.lot.sample(able, min(len(able), MOST_SHOWN * 5)):
            kept.setdefault(quotes.same(says(self.material.notes[place])), place)
        shown = sorted(list(kept.values())[:MOST_SHOWN])
        return Group(quotes=tuple(self.quote(place) for place in shown), more=len(able) - len(shown))

    def of_type(self, kind: DemandType) -> Group:
        """A few demands of one type."""
        return self.group([place for place in self.material.demands if self.material.notes[place].demand_type is kind])

    def shown(self, signal: Signal) -> Shown:
        """A signal, with some of its words: notes of colleagues first, then customers' by lot."""
        notes = self.material.notes
        staff = [place for place in signal.evidence if notes[place].improvement and not notes[place].urgent]
        told = self.group([place for place in signal.evidence if not notes[place].improvement])
        quoted = (*(self.quote(place) for place in staff[:2]), *told.quotes)
        return Shown(
            signal=signal,
            evidence_ids=self.material.ids(signal.evidence),
            quotes=Group(quotes=quoted, more=len(signal.evidence) - len(quoted)),
            week_name=self.material.weeks[signal.week - 1].label,
        )

    def themes(self) -> tuple[ThemeFacts, ...]:
        """Every theme, the one heard in most weeks first."""
        found = [self._theme(theme, places) for theme, places in self.material.by_theme.items()]
        return tuple(sorted(found, key=lambda theme: (-theme.weeks_seen, -theme.notes, theme.label)))

    def _theme(self, theme: str, places: Sequence[int]) -> ThemeFacts:
        types = Counter(self.material.notes[place].demand_type or DemandType.UNKNOWN for place in places)
        return ThemeFacts(
            id=theme,
            label=self.material.labels.get(theme, theme),
            ids=self.material.ids(places),
            by_week=tuple(self.material.per_week(places)),
            failure=types[DemandType.FAILURE],
            main_type=min(types, key=lambda kind: (-types[kind], kind)),
            quote=self._typical(places),
        )

    def _typical(self, places: Sequence[int]) -> Quote | None:
        """The note whose words have most in common with those of its fellows."""
        able = [place for place in places if not self.material.notes[place].urgent]
        some = self.lot.sample(able, min(len(able), MOST_COMPARED))
        bags = {place: set(quotes.same(self.material.notes[place].words).split()) for place in sorted(some)}
        likeness = {a: sum(len(bags[a] & bags[b]) / (len(bags[a] | bags[b]) or 1) for b in bags) for a in bags}
        best = max(likeness, key=lambda place: likeness[place], default=None)
        return None if best is None else self.quote(best)

    def improvement(self) -> tuple[tuple[str, Group], ...]:
        """What colleagues passed on about the work, by kind; what fits no kind comes last."""
        staff = [place for place, note in enumerate(self.material.notes) if note.improvement]
        found = [
            (title, self.group([place for place in staff if self.material.notes[place].kind is kind]))
            for kind, title in STAFF.items()
        ]
        others = [place for place in staff if self.material.notes[place].kind not in STAFF]
        return tuple((title, group) for title, group in [*found, ("Also noted", self.group(others))] if group.count)
