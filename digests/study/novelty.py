"""A theme that nobody had brought up before, and that then keeps coming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, exp, lgamma, log

import numpy as np

from digests.study.facts import Signal, SignalType
from digests.study.material import Material
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
COMMON = 0.7
"""How much of what all notes share is taken away before they are compared, as when themes are found."""

MOST_EVIDENCE = 60


@dataclass(frozen=True, slots=True)
class _Candidate:
    theme: str
    places: list[int]
    by_week: list[int]
    start: int
    strays: int


def found_in(material: Material) -> list[Signal]:
    """Every theme that is new and keeps coming, in the order in which they began."""
    looked_at = [theme for theme, places in material.by_theme.items() if len(places) >= FEWEST_NOTES]
    found = [
        _signal(material, candidate)
        for theme in looked_at
        if (candidate := _candidate(material, theme)) is not None
        and _by_chance(material, candidate) * len(looked_at) <= BY_CHANCE
        and not _renamed(material, candidate)
        and not _heard_before(material, candidate)
    ]
    return sorted(found, key=lambda signal: signal.week)


def _candidate(material: Material, theme: str) -> _Candidate | None:
    """The theme from its first week on, if that lies after the first weeks and it then keeps coming."""
    places = material.by_theme[theme]
    by_week = material.per_week(places)
    allowed = len(places) // STRAYS
    heard = [week for week, notes in enumerate(by_week) if notes]
    start, strays = heard[0], 0
    for later in heard[1:]:
        before = sum(by_week[:later])
        if start < HISTORY_FOR_FIRSTS and before <= allowed:
            start, strays = later, before
    known = [week for week in range(start, len(by_week)) if material.logged[week]]
    seen = [week for week in known if by_week[week]]
    keeps_coming = (
        sum(1 for week in range(start) if material.logged[week]) >= HISTORY_FOR_FIRSTS
        and len(seen) >= FEWEST_WEEKS
        and len(seen) >= HOW_OFTEN * len(known)
        and any(by_week[week] for week in known[-STILL_HEARD:])
    )
    return _Candidate(theme, places, by_week, start, strays) if keeps_coming else None


def _by_chance(material: Material, candidate: _Candidate) -> float:
    """How likely it would have stayed away so long, had it been there all along: by notes and by weeks, the larger.

    The week with most of its notes is left out, so that one loud week does not count for many.
    """
    start, by_week = candidate.start, candidate.by_week
    late = sum(material.logged[start:]) / sum(material.logged)
    others = sum(by_week) - max(by_week)
    by_notes = _at_most(candidate.strays, others, 1 - late)
    known = sum(logged > 0 for logged in material.logged)
    late_weeks = sum(logged > 0 for logged in material.logged[start:])
    seen_before = sum(notes > 0 for notes in by_week[:start])
    seen = sum(notes > 0 for notes in by_week)
    by_weeks = sum(
        comb(known - late_weeks, early) * comb(late_weeks, seen - early) for early in range(seen_before + 1)
    ) / comb(known, seen)
    return max(by_notes, by_weeks)


def _at_most(hits: int, of: int, share: float) -> float:
    """The chance of at most so many hits, binomial."""
    if not 0 < share < 1:
        return float(share <= 0 or hits >= of)
    each = (
        lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(share) + (of - k) * log(1 - share)
        for k in range(min(hits, of) + 1)
    )
    return min(1.0, sum(map(exp, each)))


def _renamed(material: Material, candidate: _Candidate) -> bool:
    """Whether an older theme went quiet just as this one began, so that both together are as frequent as before."""
    start, logged = candidate.start, material.logged
    before, after = sum(logged[:start]), sum(logged[start:])
    came = (sum(candidate.by_week[start:])) / after
    for theme, places in material.by_theme.items():
        old = material.per_week(places)
        was, now = sum(old[:start]) / before, sum(old[start:]) / after
        lost = was - now
        if theme != candidate.theme and now <= 0.4 * was and 0.5 * came <= lost and _alike(material, candidate, places):
            return True
    return False


def _alike(material: Material, candidate: _Candidate, places: list[int]) -> bool:
    """Whether two themes are about the same sort of thing, as far as anyone can tell."""
    kinds = [[material.notes[place].demand_type for place in some] for some in (candidate.places, places)]
    same_type = max(set(kinds[0]), key=kinds[0].count) == max(set(kinds[1]), key=kinds[1].count)
    vectors = _apart(material)
    if vectors is None:
        return same_type
    middles = [vectors[some].mean(axis=0) for some in (candidate.places, places)]
    lengths = [float(np.linalg.norm(middle)) or 1.0 for middle in middles]
    return float(middles[0] @ middles[1]) / (lengths[0] * lengths[1]) >= 0.35


def _heard_before(material: Material, candidate: _Candidate) -> bool:
    """Whether notes as like it as its own came before at a fair pace, under whatever name."""
    vectors = _apart(material)
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


def _apart(material: Material) -> np.ndarray[tuple[int, int], np.dtype[np.float32]] | None:
    """The notes' vectors without most of what all of them share, at length 1."""
    if material.vectors is None:
        return None
    apart = material.vectors - COMMON * material.vectors[material.demands].mean(axis=0)
    lengths = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.asarray(apart / np.maximum(lengths, 1e-9), dtype=np.float32)


def _signal(material: Material, candidate: _Candidate) -> Signal:
    label = material.labels.get(candidate.theme, candidate.theme)
    start = candidate.start
    since = list(_since(candidate))
    weeks = len({material.week_of[place] for place in since})
    strays = f" ({candidate.strays} before)" if candidate.strays else ""
    says = (
        f"New, and it keeps coming: “{label}”, heard from week {start + 1} on in {weeks} of "
        f"{len(material.weeks) - start} weeks, in {len(since)} notes{strays}; not in the {start} weeks before."
        if not candidate.strays
        else f"New, and it keeps coming: “{label}”, heard from week {start + 1} on in {weeks} of "
        f"{len(material.weeks) - start} weeks, in {len(since)} notes; hardly ever before{strays}."
    )
    evidence = tuple(place for place in since if material.week_of[place] >= start)[:MOST_EVIDENCE]
    return Signal(type=SignalType.NOVEL_THEME, week=start + 1, says=says, evidence=evidence)


def _since(candidate: _Candidate) -> Iterator[int]:
    """The notes of the theme from its first week on."""
    early = sum(candidate.by_week[: candidate.start])
    yield from candidate.places[early:]
