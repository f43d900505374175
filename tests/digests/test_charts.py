"""The arithmetic gives the published numbers, to the precision they were published with."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statprocon import XmR

from digests import charts, rules
from digests.rules import Rule, Side

T1 = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]
T2 = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
T3 = [120, 140, 100, 150, 260, 150, 100, 120, 300, 300, 275, 300, 140, 170, 150, 150, 190, 180]
T4_A = [43, 40, 37, 33, 30, 33, 34, 35, 29, 33, 31, 39]
T4_B = [35, 37, 33, 32, 27, 29, 31, 22, 25, 30, 24, 19]
T5_BEFORE = [55.6, 54.7, 54.9, 54.8, 56.9, 55.7, 53.8, 54.8, 53.4, 57.0, 59.4, 63.2]
T5_AFTER = [60.9, 60.7, 58.6, 57.3, 56.9, 58.1, 58.3, 50.9, 53.3, 52.5, 50.8, 52.9]
T6 = [2.5, 2.3, 16.3, 6.3, 7.6, 16.3, 7.1, 7.8, 7.8, 9.9, 10.5, -4.8]
T7 = [21.3, 20.2, 20.9, 21.0, 18.8, 19.6, 18.7, 18.6, 18.1, 18.9, 19.2, 18.2, 17.3, 19.0]
T8 = [
    (266501, 280443), (264225, 276823), (276532, 291681), (281461, 296155), (269071, 282343), (261215, 275888),
    (270409, 283867), (279778, 295251), (270483, 284468), (270320, 282529), (267923, 279618), (271478, 283932),
    (255353, 266629), (256820, 268091), (261835, 276803), (259144, 271578), (255910, 266005), (260863, 273520),
    (264465, 278574), (260989, 273772),
]  # fmt: skip

MEASURES = st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=2, max_size=40)


def limits_of(chart):
    return chart.lower[0], chart.upper[0]


def points(signals, rule=None, side=None):
    return [s.last for s in signals if rule in (None, s.rule) and side in (None, s.side)]


def test_wheelers_data_for_verifying_software():
    """T1: the set that Wheeler printed (Making Sense of Data, p. 382) for checking software like ours."""
    chart = charts.xmr(T1)
    assert chart.centre == pytest.approx(4135.50, abs=0.005)
    assert chart.mean_range == pytest.approx(355.93, abs=0.005)
    assert limits_of(chart) == pytest.approx((3188.72, 5082.28), abs=0.005)
    assert chart.range_limit == pytest.approx(1163.19, abs=0.01)


def test_wheelers_data_signals_at_its_last_point_alone():
    """T1: only the last point is out, in its value and in its jump; seven below is a near miss, not a Run."""
    chart = charts.xmr(T1)
    assert points(rules.beyond(T1, chart)) == [15]
    assert points(rules.jumps(T1, chart)) == [15]
    assert charts.moving_ranges(T1)[15] == 1737
    assert not list(rules.runs(T1, chart))
    assert not list(rules.near(T1, chart))


@pytest.mark.parametrize(
    ("scale", "lower", "upper"), [(3 / 1.128, 45.8159, 55.8041), (charts.WHEELER, 45.8151, 55.8049)]
)
def test_the_nist_flow_rates(scale, lower, upper):
    """T2: NIST's handbook (6.3.2.2), with its own constant and with Wheeler's."""
    chart = charts.xmr(T2, scale=scale)
    assert chart.centre == pytest.approx(50.81, abs=0.005)
    assert chart.mean_range == pytest.approx(1.8778, abs=0.00005)
    assert limits_of(chart) == pytest.approx((lower, upper), abs=0.001)
    assert not [*rules.beyond(T2, chart), *rules.jumps(T2, chart), *rules.near(T2, chart), *rules.runs(T2, chart)]


def test_the_peak_flow_readings():
    """T3: Making Sense of Data, p. 130."""
    chart = charts.xmr(T3)
    assert chart.centre == pytest.approx(183.1, abs=0.05)
    assert chart.mean_range == pytest.approx(52.4, abs=0.05)
    assert limits_of(chart) == pytest.approx((43.8, 322.3), abs=0.05)
    assert chart.range_limit == pytest.approx(171.1, abs=0.05)
    assert points(rules.near(T3, chart)) == [10, 11]
    assert points(rules.jumps(T3, chart)) == [8]
    assert charts.moving_ranges(T3)[8] == 180


def test_each_accident_rate_against_the_other_ones_limits():
    """T4: Making Sense of Data, table 9.1."""
    a, b = charts.xmr(T4_A), charts.xmr(T4_B)
    assert limits_of(a) == pytest.approx((25.6, 43.9), abs=0.05)
    assert limits_of(b) == pytest.approx((18.0, 39.3), abs=0.05)
    assert points(rules.beyond(T4_A, b)) == [0, 1]
    assert points(rules.beyond(T4_B, a)) == [7, 8, 10, 11]


def test_receivables_against_limits_frozen_on_the_first_year():
    """T5: Making Sense of Data, table 9.2. The week of 60.7 is over 60.681, though not over a rounded 60.7."""
    values = T5_BEFORE + T5_AFTER
    frozen = charts.xmr(values, baseline=12)
    assert limits_of(frozen) == pytest.approx((51.69, 60.68), abs=0.005)
    assert points(rules.beyond(values, frozen)) == [11, 12, 13, 19, 22]
    unfrozen = charts.xmr(values)
    assert unfrozen.range_limit == pytest.approx(5.78, abs=0.005)
    assert points(rules.jumps(values, unfrozen)) == [19]


def test_limits_from_the_median_moving_range():
    """T6: Making Sense of Data, p. 145."""
    chart = charts.xmr(T6, median_range=True)
    assert chart.centre == pytest.approx(7.467, abs=0.0005)
    assert chart.mean_range == pytest.approx(2.10, abs=0.005)
    assert limits_of(chart) == pytest.approx((0.862, 14.072), abs=0.0016)
    assert chart.range_limit == pytest.approx(8.116, abs=0.001)


def test_a_run_of_eight():
    """T7: Making Sense of Data, table 8.1."""
    chart = charts.xmr(T7)
    assert chart.centre == pytest.approx(19.271, abs=0.0005)
    run = list(rules.runs(T7, chart))
    assert [(s.first, s.last, s.rule, s.side) for s in run] == [(6, 13, Rule.RUN, Side.BELOW)]
    assert points(rules.near(T7, chart)) == [3]


def test_laneys_chart_of_weekly_accident_and_emergency_attendances():
    """T8: twenty weeks of NHS figures (Mohammed et al. 2013), where a plain p chart would flag almost every week."""
    hits, of = zip(*T8, strict=True)
    chart = charts.laney(hits, of, sigma_floor=None)
    assert chart.centre == pytest.approx(0.952900, abs=5e-7)
    assert chart.sigma_z == pytest.approx(10.6404, abs=5e-5)
    assert limits_of(chart) == pytest.approx((0.94013, 0.96567), abs=5e-6)
    shares = charts.shares_of(hits, of)
    assert shares[0] == pytest.approx(0.95029, abs=5e-6)
    assert not list(rules.beyond(shares, chart))
    individuals = charts.xmr(shares)
    assert limits_of(individuals) == pytest.approx((0.94012, 0.96582), abs=5e-6)


def test_a_plain_p_chart_would_have_flagged_sixteen_of_those_weeks():
    """T8: the same weeks with chance alone as the yardstick, which very many cases make far too narrow."""
    hits, of = zip(*T8, strict=True)
    centre = sum(hits) / sum(of)
    reach = [3 * math.sqrt(centre * (1 - centre) / n) for n in of]
    assert (centre - reach[0], centre + reach[0]) == pytest.approx((0.95170, 0.95410), abs=5e-6)
    assert sum(abs(share - centre) > r for share, r in zip(charts.shares_of(hits, of), reach, strict=True)) == 16


def test_the_chance_part_of_a_share():
    """T9: p-bar .0601 and 134 cases give a sigma of .0205, an upper limit of .122 and none below nought."""
    centre, n = 0.0601, 134
    x, of = 601, 10_000  # a share of exactly .0601; being alone it has no ranges, so chance alone sets the limits
    chart = charts.laney([x, None], [of, n], baseline=1)
    assert chart.centre == pytest.approx(centre)
    assert (chart.upper[1] - centre) / 3 == pytest.approx(0.0205, abs=5e-5)
    assert chart.upper[1] == pytest.approx(0.122, abs=5e-4)
    assert chart.lower[1] == 0


@given(
    st.integers(5, 400).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n), min_size=2, max_size=30)))
)
def test_with_the_same_number_each_week_shares_behave_like_single_values(drawn):
    """T10: constant n makes Laney's own p' equal to XmR on the shares, with 3 / 1.128."""
    n, hits = drawn
    assume(0 < sum(hits) < n * len(hits))
    shares = [x / n for x in hits]
    laney = charts.laney(hits, [n] * len(hits), sigma_floor=None)
    individuals = charts.xmr(shares, scale=3 / charts.D2)
    assert laney.centre == pytest.approx(individuals.centre)
    assert laney.upper[0] == pytest.approx(min(1.0, individuals.upper[0]), abs=1e-9)
    assert laney.lower[0] == pytest.approx(max(0.0, individuals.lower[0]), abs=1e-9)


@given(st.integers(1, 30), st.integers(2, 20))
def test_shares_that_never_vary_are_floored_at_chance(hits, weeks):
    """T10: equal shares make sigma_z nought; floored it counts as 1, so the limits are those of chance."""
    n = 2 * hits
    own = charts.laney([hits] * weeks, [n] * weeks, sigma_floor=None)
    assert own.sigma_z == 0
    assert own.upper[0] == own.centre == own.lower[0]
    floored = charts.laney([hits] * weeks, [n] * weeks)
    assert floored.upper[0] == pytest.approx(min(1.0, 0.5 + 1.5 / math.sqrt(n)))


@pytest.mark.parametrize(
    ("hits", "of"),
    [([0, 0, 0], [9, 8, 7]), ([9, 8, 7], [9, 8, 7]), ([3, 0, 2], [9, 0, 7]), ([3], [9]), ([None, 3], [None, 9])],
)
def test_nothing_divides_by_nought(hits, of):
    """T10: all or none, an empty week, a single week, a missing week: limits or none, and never an error."""
    chart = charts.laney(hits, of)
    shares = charts.shares_of(hits, of)
    assert not [*rules.beyond(shares, chart), *rules.near(shares, chart), *rules.runs(shares, chart)]


def test_no_values_at_all_is_said_so():
    """A chart of nothing is an error with a sentence, never a division by nought."""
    for draw in (lambda: charts.xmr([None]), lambda: charts.laney([None], [None]), lambda: charts.rare([])):
        with pytest.raises(ValueError, match="at least one value"):
            draw()
    assert charts.counts([4.0]).upper == (pytest.approx(10.0),)


@given(MEASURES, st.floats(-1e6, 1e6))
def test_adding_the_same_to_every_value_moves_the_limits_with_them(values, shift):
    """T10: a constant shifts the limits and leaves the moving ranges alone."""
    before, after = charts.xmr(values), charts.xmr([value + shift for value in values])
    assert after.upper[0] == pytest.approx(before.upper[0] + shift, rel=1e-6, abs=1e-3)
    assert after.lower[0] == pytest.approx(before.lower[0] + shift, rel=1e-6, abs=1e-3)
    assert after.range_limit == pytest.approx(before.range_limit, rel=1e-6, abs=1e-3)


@given(MEASURES)
def test_time_backwards_has_the_same_limits(values):
    """T10: reversing a series keeps its limits."""
    forwards, backwards = charts.xmr(values), charts.xmr(values[::-1])
    assert (backwards.centre, *limits_of(backwards), backwards.range_limit) == pytest.approx(
        (forwards.centre, *limits_of(forwards), forwards.range_limit), rel=1e-9, abs=1e-6
    )


@given(MEASURES)
def test_an_independent_implementation_agrees(values):
    """The statprocon package, which has Wheeler's examples among its own tests, draws the same limits."""
    ours, theirs = charts.xmr(values), XmR(values)
    assert ours.centre == pytest.approx(float(theirs.x_central_line()[0]), rel=1e-6, abs=1e-3)
    assert ours.lower[0] == pytest.approx(float(theirs.lower_natural_process_limit()[0]), rel=1e-6, abs=1e-2)
    assert ours.upper[0] == pytest.approx(float(theirs.upper_natural_process_limit()[0]), rel=1e-6, abs=1e-2)


def test_a_point_on_a_limit_is_inside_it():
    """Beyond is strictly beyond, for a value and for a jump alike; and halfway to a limit is not nearer to it."""
    limits = charts.Limits(0.0, (-4.0,) * 5, (4.0,) * 5, range_limit=3.0)
    assert not list(rules.beyond([4, -4], limits))
    assert points(rules.beyond([4.01, -4.01], limits)) == [0, 1]
    assert not list(rules.jumps([1, 4], limits))
    assert points(rules.jumps([1, 4.01], limits)) == [1]
    assert not list(rules.near([2, 2, 2, 2], limits))


def test_no_moving_range_reaches_across_a_missing_week():
    """An empty week is missing: it has no range, and none is taken across it."""
    assert charts.moving_ranges([4, 6, None, 20, 21]) == (None, 2, None, None, 1)
    assert charts.xmr([4, 6, None, 20, 21]).mean_range == 1.5


def test_a_limit_below_nought_is_no_limit_for_a_count():
    """Nothing can be counted below nought, so a limit there is left out rather than clipped and tested."""
    chart = charts.counts([1, 5, 2, 6, 1, 4])
    assert chart.lower == (None,) * 6
    values = [5, 5, 5, 0, 0, 0, 0]
    assert not [s for s in rules.near(values, charts.counts(values)) if s.side is Side.BELOW]


def test_a_share_is_never_near_a_limit_at_the_edge_of_what_is_possible():
    """A limit that was clipped to nought cannot be approached in any telling way."""
    hits, of = [3, 1, 0, 0, 0, 4, 3, 2], [12] * 8
    chart = charts.laney(hits, of)
    assert chart.lower[0] == 0
    assert not [s for s in rules.near(charts.shares_of(hits, of), chart) if s.side is Side.BELOW]


def test_counts_are_never_steadier_than_chance():
    """Twelve weeks that happen to be alike do not make an ordinary week look like news."""
    chart = charts.counts([20] * 12)
    assert limits_of(chart) == pytest.approx((20 - 3 * math.sqrt(20), 20 + 3 * math.sqrt(20)))


@pytest.mark.parametrize("broken_by", [19.271428571428572, None])
def test_a_point_on_the_line_or_a_missing_week_breaks_a_run(broken_by):
    """Seven, an interruption, and one more is not a Run of eight."""
    values = [18.0] * 7 + [broken_by] + [18.0]
    chart = charts.xmr([19.271428571428572, 19.271428571428572])
    wide = charts.Limits(chart.centre, (None,) * 9, (None,) * 9)
    assert not list(rules.runs(values, wide))
    assert points(rules.runs([18.0] * 8, wide)) == [7]


def test_a_missing_week_breaks_near_as_well():
    """Four successive points are four points in four weeks."""
    wide = charts.Limits(0.0, (-4.0,) * 6, (4.0,) * 6)
    assert points(rules.near([3, 3, 0, 3], wide)) == [3]
    assert not list(rules.near([3, 3, None, 3], wide))


def test_rare_sightings_are_told_by_the_days_between_them():
    """Days between four sightings are three gaps, whatever order the dates come in."""
    from datetime import date

    days = [date(2026, 3, 11), date(2026, 3, 1), date(2026, 3, 31), date(2026, 3, 3)]
    assert charts.days_between(days) == (2.0, 8.0, 20.0)


def test_a_long_silence_stands_out_among_rare_sightings():
    """After a steady trickle every ten days or so, half a year of nothing is a signal; a month of it is not."""
    gaps = [8, 12, 3, 15, 10, 9, 6, 14, 11, 2, 13, 10]
    limits = charts.rare([*gaps, 180.0], baseline=12)
    assert points(rules.beyond([*gaps, 180.0], limits)) == [12]
    limits = charts.rare([*gaps, 30.0], baseline=12)
    assert not list(rules.beyond([*gaps, 30.0], limits))
