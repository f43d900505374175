"""What a study says of a lasting change is true to the note: of how long it stayed, and of what most of it is about.

The files hold forty classified notes a week, so that every number can be told beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from digests.study import knock_on, material, shifts
from digests.study.material import Material, StudyNote
from nlp.vocabulary import DemandKind, ImprovementKind
from tests.digests.test_study import START

A_WEEK = 40
NO_THEME = None

Spell = tuple[int, Mapping[str | None, int]]
"""So many weeks, and how many of each week's notes are failure demand, theme by theme."""


def a_file(*spells: Spell, besides: Sequence[StudyNote] = ()) -> Material:
    weeks = [failing for weeks, failing in spells for _ in range(weeks)]
    notes = list(besides)
    for week, failing in enumerate(weeks):
        themes = [theme for theme, many in failing.items() for _ in range(many)]
        notes += [note(week, DemandKind.CHASE, theme) for theme in themes]
        notes += [note(week, DemandKind.CHANGE, NO_THEME)] * (A_WEEK - len(themes))
    return material.gather(notes, zone="UTC", labels={one.theme: one.theme for one in notes if one.theme})


def note(week: int, kind: DemandKind | ImprovementKind, theme: str | None) -> StudyNote:
    improvement = isinstance(kind, ImprovementKind)
    return StudyNote(
        id="", heard_at=START + timedelta(weeks=week), words="x", kind=kind, theme=theme, improvement=improvement
    )


def told(made: Material) -> list[str]:
    chart, _ = shifts.failure_chart(made)
    return [signal.says for signal, _, _ in shifts.found_in(made, chart)]


def test_only_what_lasts_to_the_end_of_the_file_stayed_so() -> None:
    """Of what changed again it is said from which week to which it was so; its neighbours are told by their weeks."""
    rose, fell = told(a_file((14, {NO_THEME: 12}), (12, {NO_THEME: 24}), (12, {NO_THEME: 12})))
    assert rose.startswith(
        "Failure demand became a larger part of the notes: "
        "288 of 480 classified notes from week 15 to week 26, 168 of 560 before. "
    )
    assert fell.startswith(
        "Failure demand became a smaller part of the notes and stayed so: "
        "144 of 480 classified notes from week 27 on, 288 of 480 from week 15 to week 26. "
    )


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({"a": 2, NO_THEME: 10}, {"a": 10, NO_THEME: 14}, "Most of what came on top is about “a”."),
        ({"a": 10, NO_THEME: 14}, {"a": 2, NO_THEME: 10}, "Most of what fell away was about “a”."),
    ],
    ids=["up", "down"],
)
def test_most_is_said_of_more_than_half(before: dict[str | None, int], after: dict[str | None, int], says: str) -> None:
    """Eight of the twelve notes a week by which it rose or fell are about one thing."""
    [change] = told(a_file((14, before), (12, after)))
    assert change.endswith(says)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({"a": 2, NO_THEME: 10}, {"a": 5, NO_THEME: 19}, "Part of what came on top is about “a”: roughly 36 of 144"),
        ({"a": 5, NO_THEME: 19}, {"a": 2, NO_THEME: 10}, "Part of what fell away was about “a”: roughly 36 of 144"),
        ({"a": 2, NO_THEME: 10}, {"a": 8, NO_THEME: 16}, "Part of what came on top is about “a”: roughly 72 of 144"),
    ],
    ids=["up", "down", "half is not most"],
)
def test_less_than_that_is_called_a_part_with_its_numbers(
    before: dict[str | None, int], after: dict[str | None, int], says: str
) -> None:
    """Notes without a theme are a part of the whole: here they are most of what came on top, or fell away."""
    [change] = told(a_file((14, before), (12, after)))
    assert change.endswith(f"{says} notes.")


def test_next_to_nothing_is_no_part_worth_telling() -> None:
    """One theme moved by one note a week of twelve: what moved is not about it."""
    [change] = told(a_file((14, {"a": 2, NO_THEME: 10}), (12, {"a": 3, NO_THEME: 21})))
    assert "“a”" not in change


def test_what_moved_is_told_against_the_level_just_before_it() -> None:
    """What had become less long before is no part of what fell away now."""
    _, fell = told(a_file((14, {"a": 12}), (12, {"a": 6, "b": 18}), (12, {"a": 6, "b": 6})))
    assert fell.endswith("Most of what fell away was about “b”.")


def test_thin_weeks_count_neither_for_a_change_nor_for_what_it_is_about() -> None:
    """A week of nine classified notes tells nothing of its share, so the numbers are of the weeks that do."""
    thin = [note(26 + n, DemandKind.CHASE, "a") for n in range(4) for _ in range(9)]
    [change] = told(a_file((14, {"a": 2, NO_THEME: 10}), (12, {"a": 5, NO_THEME: 19}), besides=thin))
    assert "288 of 480" in change
    assert change.endswith("“a”: roughly 36 of 144 notes.")


def test_a_rise_that_another_one_follows_is_counted_by_its_own_weeks() -> None:
    """A knock-on says of which weeks its numbers are, whenever they are not all weeks since."""
    changed = [note(week, ImprovementKind.DONE, NO_THEME) for week in (12, 25)]
    made = a_file((13, {"a": 1, "b": 9}), (13, {"a": 9, "b": 9}), (13, {"a": 22, "b": 9}), besides=changed)
    first, second = (signal.says for signal in knock_on.found_in(made)[0])
    assert "more is heard of “a”: 117 of 520 notes from week 14 to week 26, 13 of 520 before." in first
    assert "more is heard of “a”: 286 of 520 notes from week 27 on, 130 of 1040 before." in second
