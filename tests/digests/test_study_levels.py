"""The arithmetic of lasting changes: what it may never do, and how often it errs."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digests.rules import Side
from digests.study import levels

WEEKS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=60)


def shares(chance: random.Random, by_week: list[float], *, notes: int) -> tuple[list[int], list[int]]:
    of = [max(0, round(chance.gauss(notes, notes**0.5))) for _ in by_week]
    return [sum(chance.random() < share for _ in range(n)) for share, n in zip(by_week, of, strict=True)], of


@settings(max_examples=80, deadline=None)
@given(WEEKS)
@example([(0, 1)] * 10 + [(3, 3)] * 2)  # the likeliest beginning is too near the end to be a level's
def test_whatever_the_weeks_hold_a_change_has_its_weeks_on_both_sides(weeks: list[tuple[int, int]]) -> None:
    """Never at the edges, in the order of time, its likeliest week within its range."""
    hits, of = [min(pair) for pair in weeks], [max(pair) for pair in weeks]
    found = levels.changes(hits, of, by_chance=0.05)
    assert [change.at for change in found] == sorted({change.at for change in found})
    for change in found:
        assert sum(cases > 0 for cases in of[: change.at]) >= levels.SHORTEST
        assert sum(cases > 0 for cases in of[change.at :]) >= levels.SHORTEST
        assert change.gain >= max(change.gains.values()) - 1e-6
        assert change.at <= change.latest < change.until <= len(of)
        share_before, share_after = (x / n for x, n in (change.before, change.after))
        assert (share_after > share_before) is (change.side is Side.ABOVE)


@pytest.mark.parametrize("hits", [[0] * 30, [20] * 30], ids=["never", "always"])
def test_where_nothing_varies_nothing_changes(hits: list[int]) -> None:
    assert levels.changes(hits, [20] * 30, by_chance=0.05) == ()


def test_a_steady_share_shows_a_change_about_as_seldom_as_was_asked_for() -> None:
    """Asked for one in a hundred, at most two in a hundred do."""
    alarms = 0
    for seed in range(300):
        chance = random.Random(seed)
        level, many = chance.uniform(0.3, 0.7), chance.randint(12, 52)
        alarms += bool(levels.changes(*shares(chance, [level] * many, notes=chance.randint(15, 60)), by_chance=0.01))
    assert alarms <= 6


def test_one_wild_week_is_no_lasting_change_wherever_it_lies() -> None:
    for at in range(26):
        share = [0.45] * 26
        share[at] = 0.95
        hits, of = [round(40 * value) for value in share], [40] * 26
        assert levels.changes(hits, of, by_chance=0.05) == ()


def test_what_may_have_begun_in_any_of_some_weeks_is_dated_in_their_middle() -> None:
    """Known to have begun within some weeks, a change is dated nearer to the truth than by its likeliest week alone."""
    off_by_likeliest, off_by_middle, many = 0, 0, 0
    for seed in range(400):
        chance = random.Random(seed)
        told = chance.randint(9, 15)
        begins = told + chance.randint(0, 4)
        hits, of = shares(chance, [0.06] * begins + [0.16] * (26 - begins), notes=27)
        for change in levels.changes(hits, of, by_chance=0.003):
            likely = change.begins_within(told, told + 4)
            if not told <= change.at <= told + 4:
                continue
            assert told <= likely <= told + 4
            off_by_likeliest += abs(change.at - begins)
            off_by_middle += abs(likely - begins)
            many += 1
    assert many > 100
    assert off_by_middle < off_by_likeliest


def test_missing_weeks_keep_their_place() -> None:
    """A change is told by the week of the calendar, with the weeks that hold nothing counted in."""
    hits = [8] * 10 + [0] * 5 + [28] * 12
    of = [40] * 10 + [0] * 5 + [40] * 12
    [change] = levels.changes(hits, of, by_chance=0.01)
    assert (change.at, change.until, change.before, change.after) == (15, 27, (80, 400), (336, 480))
