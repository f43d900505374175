"""A rise is found also where one thing goes under several themes, and themes that only lie beside it are not named.

The notes are simulated with fixed seeds: where each lies among all sentences is told.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from bot.story.generator import poisson
from digests.study import branches, knock_on, material
from digests.study.facts import Signal
from digests.study.material import Material, StudyNote
from nlp.vocabulary import DemandKind, ImprovementKind
from tests.digests.test_study import FAILURE, VALUE, Extra, file_of, near, nothing, said

KIN = ("failing 3", "failing 4", "failing 5")
"""Three themes of one thing."""
WIDTH = 60
CHANGE = 12


def a_change(chance: random.Random, week: int) -> list[StudyNote]:
    return [said(chance, week, ImprovementKind.DONE, None, point="lettings")] if week == CHANGE else []


def one_thing_under_three_themes(chance: random.Random, week: int) -> list[StudyNote]:
    """From the week after the change on, people chase one thing more; their notes go to any of three themes."""
    more = poisson(chance, 5) if week > CHANGE else 0
    heard = [said(chance, week, DemandKind.CHASE, chance.choice(KIN)) for _ in range(more)]
    return [*a_change(chance, week), *heard]


def laid_out(seed: int, *, extra: Extra, kin: Sequence[str] = KIN, weeks: int = 26) -> Material:
    """A file with where its notes lie: each theme somewhere else, those of `kin` close to each other."""
    notes = file_of(seed, extra=extra, weeks=weeks)
    chance = np.random.default_rng(seed)
    vectors = chance.normal(0, 0.1, (len(notes), WIDTH))
    axes = {name: axis for axis, name in enumerate([*FAILURE, *VALUE])}
    for place, note in enumerate(notes):
        if note.theme is not None:
            vectors[place, axes[note.theme]] += 1
        if note.theme in kin:
            vectors[place, -1] += 2
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = {name: name for name in axes}
    return material.gather(notes, zone="UTC", labels=labels, vectors=vectors.astype(np.float32))


def knock_ons(files: int, *, extra: Extra, kin: Sequence[str] = KIN) -> list[list[Signal]]:
    return [knock_on.found_in(laid_out(seed, extra=extra, kin=kin))[0] for seed in range(files)]


def test_one_thing_under_three_themes_that_mean_alike_is_found_with_its_week() -> None:
    """Each theme alone rises too little; where nobody knows that they are kin, most such files show nothing."""
    together, strangers = (knock_ons(30, extra=one_thing_under_three_themes, kin=kin) for kin in (KIN, ()))
    weeks = [[signals[0].week if signals else None for signals in files] for files in (together, strangers)]
    assert near(weeks[0], CHANGE + 2) >= 22
    assert near(weeks[1], CHANGE + 2) <= near(weeks[0], CHANGE + 2) - 8


def test_it_is_told_by_the_themes_that_rose_and_shown_by_their_notes() -> None:
    for seed in range(5):
        made = laid_out(seed, extra=one_thing_under_three_themes)
        for signal in knock_on.found_in(made)[0]:
            named = {name for name in (*FAILURE, *VALUE) if f"“{name}”" in signal.says}
            shown = {made.notes[place].theme for place in signal.evidence}
            assert named
            assert named <= set(KIN)
            assert shown - {None} == named


def test_a_theme_that_rises_twice_in_two_years_is_told_twice() -> None:
    def rising_twice(chance: random.Random, week: int) -> list[StudyNote]:
        changed = week in (CHANGE, 3 * CHANGE)
        change = [said(chance, week, ImprovementKind.DONE, None, point="lettings")] if changed else []
        more = poisson(chance, 7 * ((week > CHANGE) + 2 * (week > 3 * CHANGE)))
        return [*change, *(said(chance, week, DemandKind.CHASE, "failing 3") for _ in range(more))]

    made = laid_out(2, extra=rising_twice, weeks=52)
    weeks = [signal.week for signal in knock_on.found_in(made)[0]]
    assert [near([week], wanted) for week, wanted in zip(weeks, (CHANGE + 2, 3 * CHANGE + 2), strict=True)] == [1, 1]


def test_a_change_after_which_nothing_rises_hardly_ever_shows_a_knock_on() -> None:
    assert sum(bool(signals) for signals in knock_ons(100, extra=a_change)) <= 3


def test_a_branch_has_themes_of_one_demand_type_and_every_theme_is_one() -> None:
    made = laid_out(1, extra=nothing)
    tree = branches.grown(made, made.by_theme)
    assert tree[: len(made.by_theme)] == [(theme,) for theme in made.by_theme]
    assert len(tree) == len(set(tree)) == len(FAILURE) + len(VALUE) + (len(FAILURE) - 1) + (len(VALUE) - 1)
    assert all(set(branch) <= set(FAILURE) or set(branch) <= set(VALUE) for branch in tree)
    assert set(KIN) in [set(branch) for branch in tree]


def test_without_vectors_nobody_knows_which_themes_are_alike() -> None:
    made = material.gather(file_of(1), zone="UTC", labels={})
    assert branches.grown(made, made.by_theme) == [(theme,) for theme in made.by_theme]
