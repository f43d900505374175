"""What nobody had brought up before, and then keeps coming: a theme, or notes that mean alike under several themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from digests.quotes import shortened
from digests.study import chances, neighbours
from digests.study.facts import Signal, SignalType
from digests.study.material import Material, Vectors
from digests.themes import HISTORY_FOR_FIRSTS

BY_CHANCE = 0.03
"""In at most this part of all files in which nothing is new, some theme is called new by chance."""
FEWEST_NOTES = 6
FEWEST_WEEKS = 4
HOW_OFTEN = 0.4
"""From its first week on, a theme that keeps coming is heard in at least this part of the weeks."""
STILL_HEARD = 3
"""And at least once in the last so many."""
STRAYS = 8
"""One note in so many may have come to a theme by mistake."""
AN_OLD_THING = 0.25
"""A theme is no news when notes like it came, before, at this part of their later pace."""
AS_LIKE = 0.9
"""A note is like a theme when it is nearly as like its middle as three in four of the theme's own."""
WITHOUT_LOUDEST, WEEK_BY_WEEK, AT_A_LOWER_PACE = 3e-4, 0.02, 0.02
"""How unlikely a group of notes must still be without its loudest week, by the weeks alone, and had it come before at
`AN_OLD_THING` of its pace: neighbours of one note are chosen from many."""
MOSTLY = 0.6
"""A group and a theme are one when they share this part of the larger of the two."""
MOST_EVIDENCE = 60
LONGEST_QUOTE = 90


@dataclass(frozen=True, slots=True)
class _Candidate:
    theme: str | None
    """The theme that it is; none for a group that is a part of one, or lies across several."""
    called: str
    places: list[int]
    by_week: list[int]
    start: int
    strays: int


def found_in(material: Material) -> list[Signal]:
    """All that is new and keeps coming, in the order in which it began."""
    looked_at = [theme for theme, places in material.by_theme.items() if len(places) >= FEWEST_NOTES]
    themes = [candidate for theme in looked_at if (candidate := _theme(material, theme)) is not None]
    new = [
        candidate
        for candidate in themes
        if max(_by_notes(material, candidate), _by_weeks(material, candidate)) * len(looked_at) <= BY_CHANCE
        and _is_news(material, candidate)
    ]
    for candidate in _groups(material):
        known = any(set(candidate.places) & set(other.places) for other in new)
        if not known and _stands(material, candidate) and _is_news(material, candidate):
            new.append(candidate)
    return sorted((_signal(material, candidate) for candidate in new), key=lambda signal: signal.week)


def _theme(material: Material, theme: str) -> _Candidate | None:
    """The theme from its first week on, if that lies after the first weeks and it then keeps coming."""
    places = material.by_theme[theme]
    by_week = material.per_week(places)
    before = {week: sum(by_week[:week]) for week, notes in enumerate(by_week) if notes}
    logged, whole = material.logged, sum(material.logged)

    def by_chance(start: int) -> float:
        return chances.at_most(before[start], of=len(places), share=sum(logged[:start]) / whole)

    start = min((week for week in before if before[week] <= len(places) // STRAYS), key=by_chance)
    strays = before[start]
    candidate = _Candidate(theme, _named(material, theme), places, by_week, start, strays)
    return candidate if _keeps_coming(material, candidate) else None


def _groups(material: Material) -> Iterator[_Candidate]:
    """Groups of notes that mean alike, whatever their themes, and that come from some week on and then keep coming."""
    vectors = material.apart
    if vectors is None:
        return
    for group in neighbours.late_groups(
        vectors[material.demands],
        [material.week_of[place] for place in material.demands],
        first=HISTORY_FOR_FIRSTS,
        fewest=FEWEST_NOTES,
        one_stray_in=STRAYS,
        by_chance=BY_CHANCE,
    ):
        places = [material.demands[member] for member in group.members]
        by_week = material.per_week(places)
        start = next(week for week in range(group.start, len(by_week)) if by_week[week])
        theme, called = _called(material, places, vectors)
        candidate = _Candidate(theme, called, places, by_week, start, group.strays)
        if _keeps_coming(material, candidate):
            yield candidate


def _keeps_coming(material: Material, candidate: _Candidate) -> bool:
    """Whether it begins after the first weeks, and is heard again and again from then on."""
    start, by_week = candidate.start, candidate.by_week
    known = [week for week in range(start, len(by_week)) if material.logged[week]]
    seen = [week for week in known if by_week[week]]
    return (
        sum(1 for week in range(start) if material.logged[week]) >= HISTORY_FOR_FIRSTS
        and len(seen) >= FEWEST_WEEKS
        and len(seen) >= HOW_OFTEN * len(known)
        and any(by_week[week] for week in known[-STILL_HEARD:])
    )


def _stands(material: Material, candidate: _Candidate) -> bool:
    """Whether a group of notes is more than chance also without its loudest week, week by week, and at a lower pace."""
    before, after = sum(material.logged[: candidate.start]), sum(material.logged[candidate.start :])
    early = before * AN_OLD_THING / (before * AN_OLD_THING + after)
    return (
        _by_notes(material, candidate) <= WITHOUT_LOUDEST
        and _by_weeks(material, candidate) <= WEEK_BY_WEEK
        and chances.at_most(candidate.strays, of=len(candidate.places), share=early) <= AT_A_LOWER_PACE
    )


def _is_news(material: Material, candidate: _Candidate) -> bool:
    return not _renamed(material, candidate) and not _heard_before(material, candidate)


def _by_notes(material: Material, candidate: _Candidate) -> float:
    """How likely so many notes would have stayed away so long, had they been coming all along.

    The week with most of them is left out, so that one loud week does not count for many.
    """
    late = sum(material.logged[candidate.start :]) / sum(material.logged)
    return chances.at_most(candidate.strays, of=sum(candidate.by_week) - max(candidate.by_week), share=1 - late)


def _by_weeks(material: Material, candidate: _Candidate) -> float:
    """How likely it is that so few of the weeks in which they came lie before."""
    start, by_week = candidate.start, candidate.by_week
    known = sum(logged > 0 for logged in material.logged)
    late_weeks = sum(logged > 0 for logged in material.logged[start:])
    seen_before = sum(notes > 0 for notes in by_week[:start])
    seen = sum(notes > 0 for notes in by_week)
    return chances.at_most_drawn(seen_before, drawn=seen, among=known, marked=known - late_weeks)


def _renamed(material: Material, candidate: _Candidate) -> bool:
    """Whether an older theme went quiet just as this one began, so that both together are as frequent as before."""
    start, logged = candidate.start, material.logged
    before, after = sum(logged[:start]), sum(logged[start:])
    came = (sum(candidate.by_week[start:])) / after
    for places in material.by_theme.values():
        old = material.per_week(places)
        was, now = sum(old[:start]) / before, sum(old[start:]) / after
        lost = was - now
        if now <= 0.4 * was and 0.5 * came <= lost and _alike(material, candidate, places):
            return True
    return False


def _alike(material: Material, candidate: _Candidate, places: list[int]) -> bool:
    """Whether two themes are about the same sort of thing, as far as anyone can tell."""
    kinds = [[material.notes[place].demand_type for place in some] for some in (candidate.places, places)]
    same_type = max(set(kinds[0]), key=kinds[0].count) == max(set(kinds[1]), key=kinds[1].count)
    vectors = material.apart
    if vectors is None:
        return same_type
    middles = [vectors[some].mean(axis=0) for some in (candidate.places, places)]
    lengths = [float(np.linalg.norm(middle)) or 1.0 for middle in middles]
    return float(middles[0] @ middles[1]) / (lengths[0] * lengths[1]) >= 0.35


def _heard_before(material: Material, candidate: _Candidate) -> bool:
    """Whether notes as like it as its own came before at a fair pace, under whatever name."""
    vectors = material.apart
    if vectors is None:
        return False
    middle = vectors[candidate.places].mean(axis=0)
    own = vectors[candidate.places] @ middle
    others = set(material.demands) - set(candidate.places)
    near = [place for place in others if vectors[place] @ middle >= AS_LIKE * np.percentile(own, 25)]
    by_week = material.per_week([*near, *candidate.places])
    logged = material.logged
    was = sum(by_week[: candidate.start]) / sum(logged[: candidate.start])
    now = sum(by_week[candidate.start :]) / sum(logged[candidate.start :])
    return was > AN_OLD_THING * now


def _named(material: Material, theme: str) -> str:
    return f"“{material.labels.get(theme, theme)}”"


def _called(material: Material, places: list[int], vectors: Vectors) -> tuple[str | None, str]:
    """The theme that a group is, where both are nearly one, and what it is called.

    What is no theme is called by the note nearest to its middle; one that reads as urgent is never quoted.
    """
    [(theme, there)] = Counter(material.notes[place].theme for place in places).most_common(1)
    if theme is not None and there >= MOSTLY * max(len(places), len(material.by_theme[theme])):
        return theme, _named(material, theme)
    quoted = [place for place in places if not material.notes[place].urgent]
    if not quoted:
        return None, "something that may put people at risk"
    likeness = vectors[quoted] @ vectors[places].mean(axis=0)
    words = material.notes[quoted[int(likeness.argmax())]].words
    return None, f"notes like “{shortened(words, at_most=LONGEST_QUOTE)[0]}”"


def _signal(material: Material, candidate: _Candidate) -> Signal:
    start = candidate.start
    since = list(_since(candidate))
    weeks = len({material.week_of[place] for place in since})
    before = f"hardly ever before ({candidate.strays})" if candidate.strays else f"not in the {start} weeks before"
    says = (
        f"New, and it keeps coming: {candidate.called}, heard from week {start + 1} on in {weeks} of "
        f"{len(material.weeks) - start} weeks, in {len(since)} notes; {before}."
    )
    evidence = tuple(place for place in since if material.week_of[place] >= start)[:MOST_EVIDENCE]
    return Signal(type=SignalType.NOVEL_THEME, week=start + 1, says=says, evidence=evidence, theme=candidate.theme)


def _since(candidate: _Candidate) -> Iterator[int]:
    """Its notes from its first week on."""
    early = sum(candidate.by_week[: candidate.start])
    yield from candidate.places[early:]
