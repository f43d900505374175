"""A change that somebody recorded, and a rise elsewhere soon after that stays: perhaps a knock-on.

Time alone ties the two together, which is never a cause; so the words are an invitation to talk to each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from digests.quotes import shortened
from digests.rules import Side
from digests.study import branches, levels
from digests.study.branches import Branch
from digests.study.facts import Signal, SignalType
from digests.study.levels import Change
from digests.study.material import Material
from digests.wording import listed
from nlp.vocabulary import DemandType, ImprovementKind

WITHIN = 4
"""A rise begins in the week of the recorded change or at most this many weeks later."""
GIVE = 2
"""Weeks by which the most likely beginning may lie too early, as beginnings are only estimates."""
BY_CHANCE = 0.04
"""In about this part of all files with steady shares, some share changes all the same. Half of those are rises, and
fewer than half of the rises happen to follow a recorded change elsewhere."""
MOST_BY_CHANCE = 0.01
WITH_ONE_MORE = 0.75
"""What must be left of a theme's rise had one more of its notes come before."""
AMONG_ITS_TYPE = 6.0
"""Twice the log likelihood by which a theme must have risen among the demands of its type as well."""
BY_ITSELF = 2.0
"""Twice the log likelihood by which a theme of a branch must have risen to be named and shown: so much, one more level
is worth its while (Akaike 1974, doi 10.1109/TAC.1974.1100705)."""
MOST_NAMED = 3
PLAINLY = 1.6
"""Standard deviations by which other points may rise before a rise counts as everywhere."""
A_WEEK = 0.05
"""What a week between change and rise counts, against how much the one speaks of the other."""
AT_OTHER_POINTS = 1 / 3
"""A rise is elsewhere when at least this part of it is heard at other points than where the change was noted."""
FEWEST_NOTES = 8
ENOUGH_AT_A_POINT = 5
"""Classified notes a week that a listening point needs for its own failure share."""
MOST_EVIDENCE = 40
LONGEST_QUOTE = 90

CHANGED = re.compile(
    r"\b(switched|went live|gone live|goes live|(?:is|are|was|were|now) live|rolled out|introduced|replaced|rewrote"
    r"|rewritten|changed|brought in|took over|taken over|moved (?:over )?to|upgraded|migrated|updated"
    r"|stopped (?:taking|sending|doing)|since (?:the|our|their|they|we) (?:new|changed?|changes|switch|moved?))\b",
    re.IGNORECASE,
)
WISHED = re.compile(r"\b(could|should|would|suggest|idea|what if|why not|please|let us|let's|can we|how about)\b", re.I)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A change that a note tells of."""

    place: int
    week: int
    point: str
    from_elsewhere: bool
    """It was made by others and felt here."""


@dataclass(frozen=True, slots=True)
class Rise:
    """Something that is heard more, from some week on, and stays."""

    about: str
    change: Change
    places: tuple[int, ...]
    """The notes of it since then."""
    themes: Branch = ()
    point: str = ""


def found_in(material: Material, *, new: Collection[str] = ()) -> tuple[list[Signal], int]:
    """Every rise that may be a knock-on of a recorded change, one signal a change; and how many series were looked at.

    Themes that are `new` have a signal of their own already.
    """
    recorded = list(recorded_in(material))
    if not recorded:
        return [], 0
    rises, looked_at = _rises(material, new)
    by_change: dict[int, list[tuple[Rise, Recorded]]] = {}
    for rise in rises:
        change = _before(rise, recorded, material)
        if change is not None:
            by_change.setdefault(change.week, []).append((rise, change))
    found = [_signal(material, pairs) for _, pairs in sorted(by_change.items())]
    return found, looked_at


def recorded_in(material: Material) -> Iterator[Recorded]:
    """The improvement notes that tell of a change which has been made, here or elsewhere."""
    for place, note in enumerate(material.notes):
        if not note.improvement:
            continue
        from_elsewhere = note.from_elsewhere or note.kind is ImprovementKind.KNOCK_ON
        done = note.kind is ImprovementKind.DONE
        told = note.kind is not ImprovementKind.IDEA and CHANGED.search(note.words) and not WISHED.search(note.words)
        if done or told or note.kind is ImprovementKind.KNOCK_ON:
            yield Recorded(place, material.week_of[place], note.point, from_elsewhere)


def _rises(material: Material, new: Collection[str]) -> tuple[list[Rise], int]:
    """Every lasting rise of a theme, of themes that are kin, and of the failure share at one listening point.

    What only keeps pace with its type has not risen: then more of everything was heard, in the same mix.
    """
    themes = {
        theme: branches.of_the_type(material, places)[1]
        for theme, places in material.by_theme.items()
        if len(places) >= FEWEST_NOTES and theme not in new
    }
    tree = branches.grown(material, themes)
    points = _failure_by_point(material)
    many = len(tree) + len(points)
    chance = min(MOST_BY_CHANCE, BY_CHANCE / max(1, many))
    found = []
    for branch in tree:
        found += [_of_themes(material, themes, branch, change) for change in _risen(material, themes, branch, chance)]
    for point, (failing, classified) in points.items():
        for change in levels.changes(material.per_week(failing), classified, by_chance=chance):
            if change.side is Side.ABOVE and not _is_everywhere(material, point, change):
                found.append(
                    Rise(f"failure demand at “{point}”", change, _since(material, failing, change), point=point)
                )
    return _plainest(found), many


def _risen(material: Material, themes: Mapping[str, Sequence[int]], branch: Branch, chance: float) -> Iterator[Change]:
    """From when on what is on a branch is heard more, among all demands and among those of its type."""
    places = [place for theme in branch for place in themes[theme]]
    kind, _ = branches.of_the_type(material, places)
    of_its_type = [count.demand.get(kind, 0) for count in material.counted]
    by_week = material.per_week(places)
    for change in levels.changes(by_week, material.logged, by_chance=chance):
        stands = levels.gain(_with_one_more(by_week), material.logged, change) >= WITH_ONE_MORE * change.gain
        among_its_type = levels.gain(by_week, of_its_type, change) >= AMONG_ITS_TYPE
        if change.side is Side.ABOVE and stands and among_its_type:
            yield change


def _of_themes(material: Material, themes: Mapping[str, Sequence[int]], branch: Branch, change: Change) -> Rise:
    """The rise as those few themes of the branch show it that rose most."""
    gains = {theme: levels.gain(material.per_week(themes[theme]), material.logged, change) for theme in branch}
    most, *others = sorted(branch, key=lambda theme: -gains[theme])[:MOST_NAMED]
    rose = [most, *(theme for theme in others if gains[theme] >= BY_ITSELF)]
    places = sorted(place for theme in rose for place in themes[theme])
    by_week = material.per_week(places)
    shown = replace(
        change,
        before=(sum(by_week[: change.at]), sum(material.logged[: change.at])),
        after=(sum(by_week[change.at : change.until]), sum(material.logged[change.at : change.until])),
    )
    about = listed([f"“{material.labels.get(theme, theme)}”" for theme in rose])
    return Rise(about, shown, _since(material, places, change), themes=branch)


def _plainest(found: Sequence[Rise]) -> list[Rise]:
    """Of rises that have a theme in common and begin at about the same time the plainest alone."""
    told: list[Rise] = []
    for rise in sorted(found, key=lambda rise: -rise.change.gain):
        if not any(_is_the_same(rise, other) for other in told):
            told.append(rise)
    return told


def _is_the_same(rise: Rise, other: Rise) -> bool:
    """Whether two branches tell of one rise. A theme's own levels begin further apart than that."""
    together = abs(rise.change.at - other.change.at) < levels.SHORTEST
    return together and not set(rise.themes).isdisjoint(other.themes)


def _with_one_more(by_week: Sequence[int]) -> list[int]:
    """The same, had one more note come at the very beginning: a theme is easily silent for some weeks by chance."""
    return [by_week[0] + 1, *by_week[1:]]


def _failure_by_point(material: Material) -> dict[str, tuple[list[int], list[int]]]:
    """The failure demands of each listening point that hears enough, and its classified demands by the week."""
    points = sorted({note.point for note in material.notes if note.point})
    found = {}
    for point in points if len(points) > 1 else ():
        there = [p for p in material.demands if material.notes[p].point == point]
        classified = [p for p in there if material.notes[p].demand_type is not DemandType.UNKNOWN]
        failing = [p for p in classified if material.notes[p].demand_type is DemandType.FAILURE]
        if len(classified) >= ENOUGH_AT_A_POINT * len(material.weeks):
            found[point] = (failing, material.per_week(classified))
    return found


def _is_everywhere(material: Material, point: str, change: Change) -> bool:
    """Whether the other points rose with it, as far as chance allows: then it is no matter of this point."""
    cells: Counter[tuple[bool, bool]] = Counter()
    for place in material.demands:
        note, week = material.notes[place], material.week_of[place]
        if note.point != point and note.demand_type is not DemandType.UNKNOWN and week < change.until:
            cells[week >= change.at, note.demand_type is DemandType.FAILURE] += 1
    before, after = (cells[late, True] + cells[late, False] for late in (False, True))
    if not before or not after:
        return False
    whole = (cells[True, True] + cells[False, True]) / (before + after)
    chance = sqrt(whole * (1 - whole) * (1 / before + 1 / after))
    return cells[True, True] / after - cells[False, True] / before > chance * PLAINLY


def _since(material: Material, places: Sequence[int], change: Change) -> tuple[int, ...]:
    return tuple(place for place in places if change.at <= material.week_of[place] < change.until)


def _before(rise: Rise, recorded: Sequence[Recorded], material: Material) -> Recorded | None:
    """The recorded change that this rise may have followed, if it was made elsewhere.

    Of several the one that speaks most of what rose, and the nearest in time. Where that one was made at the same point
    and about the same thing, it explains the rise, and there is nothing to say of the others.
    """
    begins = rise.change
    fitting = [
        change for change in recorded if begins.at - WITHIN <= change.week <= min(begins.at + GIVE, begins.latest)
    ]

    def fits(change: Recorded) -> tuple[float, bool]:
        return _speaks_of(rise, change, material) - A_WEEK * abs(change.week - begins.at), change.from_elsewhere

    best = max(fitting, key=fits, default=None)
    return best if best is not None and _is_elsewhere(rise, best, material) else None


def _speaks_of(rise: Rise, change: Recorded, material: Material) -> float:
    """How like the note of the change is to the notes that rose, -1 to 1; 0 where nobody knows."""
    if material.vectors is None:
        return 0.0
    middle = material.vectors[list(rise.places)].mean(axis=0)
    return float(material.vectors[change.place] @ middle / max(float(np.linalg.norm(middle)), 1e-9))


def _is_elsewhere(rise: Rise, change: Recorded, material: Material) -> bool:
    """Whether the rise is at another point, or about another thing, than the change was."""
    if change.from_elsewhere:
        return True
    if rise.point:
        return rise.point != change.point
    if material.notes[change.place].theme not in rise.themes:
        return True
    points = [material.notes[place].point for place in rise.places]
    return bool(change.point) and sum(point != change.point for point in points) >= AT_OTHER_POINTS * len(points)


def _signal(material: Material, pairs: Sequence[tuple[Rise, Recorded]]) -> Signal:
    """One signal for everything that rose after one change, the plainest rise first."""
    ordered = sorted(pairs, key=lambda pair: -pair[0].change.gain)
    rise, change = ordered[0]
    note = material.notes[change.place]
    week = rise.change.begins_within(change.week, change.week + WITHIN)
    words = "" if note.urgent else f": “{shortened(note.words, at_most=LONGEST_QUOTE)[0]}”"
    where = f" at “{note.point}”" if note.point else ""
    also = ", ".join(dict.fromkeys(other.about for other, _ in ordered[1:] if other.about != rise.about))
    more = f"; and more of {also}" if also else ""
    (was, of), (now, among) = rise.change.before, rise.change.after
    says = (
        f"In week {change.week + 1} a note{where} tells of a change{words}. "
        f"From about week {week + 1} on, more is heard of {rise.about}: {now} of {among} notes "
        f"{material.spell(rise.change.at, rise.change.until)}, {was} of {of} before{more}. "
        "It may be a knock-on: talk to each other."
    )
    changes = list(dict.fromkeys(recorded.place for _, recorded in ordered))
    since = [place for place in rise.places if material.week_of[place] >= change.week]
    others = [place for other, _ in ordered[1:] for place in other.places]
    rest = [place for place in dict.fromkeys([*since, *others]) if place not in changes]
    return Signal(type=SignalType.KNOCK_ON, week=week + 1, says=says, evidence=(*changes, *_some(rest, MOST_EVIDENCE)))


def _some(places: Sequence[int], at_most: int) -> list[int]:
    """Evenly many of these, from first to last."""
    if len(places) <= at_most:
        return list(places)
    return [places[int(at)] for at in np.linspace(0, len(places) - 1, at_most)]
