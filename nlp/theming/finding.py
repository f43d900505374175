"""The full pass: from all notes to a book of themes, those of last week kept alive.

Up to a few thousand different notes are gathered all at once. Of more, a part that stands for the whole is gathered and
the rest joins what it is like; what fits nowhere is gathered in turn, so that a rare theme among many notes is found.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nlp.theming import gathering, likeness, naming, words
from nlp.theming.book import ThemeBook, told
from nlp.theming.likeness import Vectors
from nlp.theming.theme import EXAMPLES, Theme, in_order
from nlp.vocabulary import Kind

Places = npt.NDArray[np.int64]

AT_ONCE = 2_000
"""Different notes that are gathered in one go."""
ROUNDS = 3
FEWEST = 2
"""Notes that make a theme."""
COHERENT = 0.25
"""How like each other a theme's notes are at least, on the average of all pairs, times the root of their number: chance
brings a few together sooner than many."""
OUTERMOST = 2.0
"""The percentage of a theme's notes that may lie further from its middle than a note may that is to join."""
REACH = (0.3, 0.45)
"""The least and the most that joining may take, whatever the notes look like."""
LIVES_ON = 0.3
"""The overlap (Dice) of notes, known to both, from which a theme is last week's."""
ALIKE = 0.9
"""The likeness of middles from which it is last week's, though no note is known to both."""
REMEMBERED_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Notes:
    """Different notes, ordered by their words, so that nothing depends on how they came in."""

    keys: list[str]
    texts: list[str]
    kinds: list[Kind | None]
    counts: Places
    vectors: Vectors
    marks: list[int]

    def some(self, places: Places) -> Notes:
        """These of the notes, in their order."""
        return Notes(
            [self.keys[place] for place in places],
            [self.texts[place] for place in places],
            [self.kinds[place] for place in places],
            self.counts[places],
            self.vectors[places],
            [self.marks[place] for place in places],
        )


def found_in(
    texts: Sequence[str], *, kinds: Sequence[Kind | None] | None, vectors: Vectors | None, before: ThemeBook
) -> ThemeBook:
    """See `ThemeBook.found_in`."""
    known, rows = told(texts, kinds, vectors)
    notes = _different(texts, known, rows)
    if not notes.keys:
        return replace(before, remembered=MappingProxyType({}))
    held, claimed = _held(before, notes)
    asks = np.array([likeness.asks(kind) for kind in notes.kinds])
    free = np.flatnonzero((claimed < 0) & asks)
    mean = likeness.in_common(notes.vectors)
    apart = likeness.apart(notes.vectors, mean)
    groups, reach = _groups(notes, free, apart, before)
    groups, _ = _joined(groups, np.flatnonzero((claimed < 0) & ~asks), notes, apart, reach)
    kept = _living_on(groups, notes, mean, before, {theme.id for theme in held})
    themes = [*held, *_themes(groups, notes, apart, kept, before, held)]
    remembered: dict[int, str | None] = {notes.marks[place]: None for place in free}
    remembered |= {notes.marks[place]: held[claimed[place]].id for place in np.flatnonzero(claimed >= 0)}
    for theme, group in zip(themes[len(held) :], groups, strict=True):
        remembered |= {notes.marks[place]: theme.id for place in group}
    return ThemeBook(
        themes=in_order(themes),
        mean=mean,
        reach=reach,
        remembered=MappingProxyType(remembered),
        said=before.said[-REMEMBERED_CHANGES:],
    )


def split(
    book: ThemeBook, theme: Theme, apart: Sequence[str], *, name: str | None, vectors: Vectors | None
) -> tuple[Theme, Theme]:
    """What stays of a theme, and the new theme of the notes that are set apart. See `ThemeBook.split`."""
    _, rows = told(apart, None, vectors)
    notes = _different(apart, [None] * len(apart), rows)
    if not notes.keys:
        raise ValueError("A split takes at least one note that says something.")
    others = {other.name.casefold() for other in book.themes}
    wanted = " ".join((name or "").split())
    if wanted.casefold() in others:
        raise ValueError(f"A theme is called {wanted!r} already.")
    middle = likeness.unit(notes.vectors.mean(axis=0))
    leaving = min(len(apart), max(theme.size - 1, 0))
    left = theme.size * theme.centre - leaving * middle
    new = Theme(
        id=_new_id(notes.keys[0], {other.id for other in book.themes}),
        name=wanted or naming.names([notes.texts], taken=others)[0],
        centre=middle,
        size=int(notes.counts.sum()),
        examples=tuple(notes.texts[:EXAMPLES]),
        kinds=theme.kinds,
        named=bool(wanted),
        held=True,
    )
    rest = replace(
        theme,
        centre=likeness.unit(left) if float(left @ theme.centre) > 0 else theme.centre,
        size=max(theme.size - len(apart), 0),
        examples=tuple(text for text in theme.examples if words.key(text) not in notes.keys),
        held=True,
    )
    return rest, new


def _different(texts: Sequence[str], kinds: Sequence[Kind | None], vectors: Vectors) -> Notes:
    """Notes with the same words as one; filler left out."""
    together: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        if key := words.key(text):
            together[key].append(place)
    keys = sorted(together)
    firsts = [min(together[key], key=lambda place: texts[place]) for key in keys]
    return Notes(
        keys=keys,
        texts=[texts[first] for first in firsts],
        kinds=[likeness.most_common([kinds[place] for place in together[key]]) for key in keys],
        counts=np.array([len(together[key]) for key in keys], dtype=np.int64),
        vectors=vectors[firsts],
        marks=[words.mark(key) for key in keys],
    )


def _held(before: ThemeBook, notes: Notes) -> tuple[list[Theme], Places]:
    """The themes that people hold or named, as they are, and for each note which of them has it (-1 for none)."""
    held = [theme for theme in before.themes if theme.held or theme.named]
    claimed = np.full(len(notes.keys), -1, dtype=np.int64)
    if not held:
        return [], claimed
    place_of = {theme.id: place for place, theme in enumerate(held)}
    for place, placement in enumerate(before.place(notes.texts, kinds=notes.kinds, vectors=notes.vectors)):
        claimed[place] = place_of.get(placement.theme or "", -1)
    return [_grown(theme, notes, np.flatnonzero(claimed == place)) for place, theme in enumerate(held)], claimed


def _grown(theme: Theme, notes: Notes, places: Places) -> Theme:
    """A held theme with the notes that it has this week."""
    shares = likeness.shares_by_name(likeness.shares_of_each([notes.kinds[place] for place in places]))
    more = [notes.texts[place] for place in places if notes.texts[place] not in theme.examples]
    return replace(
        theme,
        size=int(notes.counts[places].sum()),
        examples=(*theme.examples, *more)[:EXAMPLES],
        kinds=MappingProxyType(shares) if shares else theme.kinds,
    )


def _groups(notes: Notes, free: Places, apart: Vectors, before: ThemeBook) -> tuple[list[Places], float]:
    """The places of the notes of each theme, and how like its theme a note has to be to join."""
    last_week = {theme.id: place for place, theme in enumerate(before.themes)}
    remembered = np.array(
        [last_week.get(before.remembered.get(mark) or "", -1) for mark in notes.marks], dtype=np.int64
    )
    groups: list[Places] = []
    reach, left = sum(REACH) / 2, free
    for round_ in range(ROUNDS):
        sample = np.sort(left[np.argsort([notes.marks[place] for place in left], kind="stable")[:AT_ONCE]])
        some = notes.some(sample)
        said = [words.telling(text) for text in some.texts]
        labels = gathering.parts(some.vectors, said, some.kinds, remembered[sample])
        parts = [sample[labels == label] for label in range(int(labels.max(initial=-1)) + 1)]
        groups += [part for part in parts if notes.counts[part].sum() >= FEWEST and _hang_together(apart[part])]
        if round_ == 0:
            reach = _reach(groups, apart)
        groups, left = _joined(groups, np.setdiff1d(free, np.concatenate([*groups, free[:0]])), notes, apart, reach)
        if len(left) < max(FEWEST, 0.01 * len(free)) or len(sample) == len(free):
            break
    return sorted(groups, key=lambda group: int(group[0])), reach


def _hang_together(apart: Vectors) -> bool:
    """Any two of these notes are, on the average, alike enough to speak of one theme; a single one always is."""
    notes = len(apart)
    alike = (notes * float(np.square(apart.mean(axis=0)).sum()) - 1) / max(notes - 1, 1)
    return notes == 1 or alike >= COHERENT / notes**0.5


def _reach(groups: Sequence[Places], apart: Vectors) -> float:
    """How like its theme's middle nearly every note is."""
    if not groups:
        return sum(REACH) / 2
    inside = np.concatenate([apart[group] @ likeness.unit(apart[group].mean(axis=0)) for group in groups])
    return float(np.clip(np.percentile(inside, OUTERMOST), *REACH))


def _joined(
    groups: list[Places], left: Places, notes: Notes, apart: Vectors, reach: float
) -> tuple[list[Places], Places]:
    """The groups with those notes that are like enough to one of them, and the notes still left."""
    if not groups or not len(left):
        return groups, left
    middles = likeness.unit(np.array([apart[group].mean(axis=0) for group in groups]))
    rows = likeness.shares_of_each(notes.kinds)
    shares = np.array([likeness.shares_as_row(likeness.shares_by_name(rows[group])) for group in groups])
    nearest, similarity = np.empty(len(left), np.int64), np.empty(len(left))
    for start in range(0, len(left), 4096):
        some = left[start : start + 4096]
        alike = apart[some] @ middles.T
        best = (alike + likeness.kind_bonus(rows[some], shares)).argmax(axis=1)
        nearest[start : start + 4096], similarity[start : start + 4096] = best, alike[np.arange(len(some)), best]
    joins = similarity >= np.array([likeness.bar(reach, notes.kinds[place]) for place in left])
    grown = [np.sort(np.concatenate([group, left[joins & (nearest == place)]])) for place, group in enumerate(groups)]
    return grown, left[~joins]


def _living_on(
    groups: Sequence[Places], notes: Notes, mean: Vectors, before: ThemeBook, held: Iterable[str]
) -> dict[int, Theme]:
    """Which group is which theme of last week, the clearest cases first: group's place to theme."""
    free = {theme.id: theme for theme in before.themes if theme.id not in set(held)}
    if not free or not groups:
        return {}
    had = Counter(at for mark in notes.marks if (at := before.remembered.get(mark)) in free)
    pairs: list[tuple[float, str, int]] = []
    middles = likeness.unit(np.array([notes.vectors[group].mean(axis=0) for group in groups]))
    ids = list(free)
    alike = likeness.apart(middles, mean) @ likeness.apart(np.array([free[each].centre for each in ids]), mean).T
    for place, group in enumerate(groups):
        ats = [before.remembered.get(notes.marks[note]) for note in group]
        known = sum(at is not None for at in ats)
        for at, shared in Counter(at for at in ats if at in free).items():
            dice = 2 * shared / (known + had[at])
            if dice >= LIVES_ON and at is not None:
                pairs.append((-1.0 - dice, at, place))
        pairs += [(-float(alike[place, n]), each, place) for n, each in enumerate(ids) if alike[place, n] >= ALIKE]
    found: dict[int, Theme] = {}
    for _, theme_id, place in sorted(pairs):
        if place not in found and theme_id in free:
            found[place] = free.pop(theme_id)
    return found


def _themes(
    groups: Sequence[Places],
    notes: Notes,
    apart: Vectors,
    kept: Mapping[int, Theme],
    before: ThemeBook,
    held: Sequence[Theme],
) -> list[Theme]:
    """A theme for each group: last week's id and name where it lives on, a new one otherwise."""
    rows = likeness.shares_of_each(notes.kinds)
    new = [place for place in range(len(groups)) if place not in kept]
    new.sort(key=lambda place: (-int(notes.counts[groups[place]].sum()), place))
    taken = [theme.name for theme in (*kept.values(), *held)]
    middles = [likeness.unit(notes.vectors[group].mean(axis=0)) for group in groups]
    said = [[notes.texts[note] for note in group] for group in groups]
    named = naming.names(said, wanted=new, taken=taken, middles=np.array(middles)) if new else []
    name_of = dict(zip(new, named, strict=True))
    ids = {theme.id for theme in before.themes}
    themes = []
    for place, group in enumerate(groups):
        middle = likeness.unit(apart[group].mean(axis=0))
        nearest = group[np.argsort(-(apart[group] @ middle).round(5), kind="stable")]
        was = kept.get(place)
        theme_id = was.id if was else _new_id(notes.keys[nearest[0]], ids)
        ids.add(theme_id)
        themes.append(
            Theme(
                id=theme_id,
                name=was.name if was else name_of[place],
                centre=middles[place],
                size=int(notes.counts[group].sum()),
                examples=tuple(notes.texts[note] for note in nearest[:EXAMPLES]),
                kinds=MappingProxyType(likeness.shares_by_name(rows[group])),
                named=was.named if was else False,
            )
        )
    return themes


def _new_id(key: str, used: Iterable[str]) -> str:
    """An id made from a theme's most typical words, and not in use."""
    taken = set(used)
    for salt in range(len(taken) + 1):
        found = "t" + hashlib.blake2b(f"{salt} {key}".encode("utf-8", "replace"), digest_size=5).hexdigest()
        if found not in taken:
            return found
    raise AssertionError("Some id is always free.")
