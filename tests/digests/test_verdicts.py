"""A chart says one of four things, and only what its data can carry."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from digests import series, telling, verdicts
from digests.periods import Week
from digests.rules import Rule, Side
from digests.verdicts import Firmness, Measure, Point, Restart, Verdict
from nlp.vocabulary import DemandType
from storage.counts import WeekCount

STEADY = [20, 22, 19, 21, 18, 23, 20, 19, 22, 21, 18, 20]
FIRST = Week.parse("2026-W01", "Europe/London")


def points(values):
    return [Point(f"w{i}", f"{i} May", value) for i, value in enumerate(values)]


def judged(values, **options):
    return verdicts.judge(Measure.COUNT, points(values), **options)


def weeks(many):
    return [FIRST.previous(-i) for i in range(many)]


def logged(failure, of, *, tagger="1", notes=None):
    return WeekCount(
        notes=of if notes is None else notes,
        demand={DemandType.FAILURE: failure, DemandType.VALUE: of - failure},
        taggers={tagger: of} if of else {},
    )


@pytest.mark.parametrize("many", range(1, 6))
def test_fewer_than_six_weeks_are_too_early_to_say(many):
    """Even a wild week is only a dot while there are fewer than six."""
    chart = judged([*STEADY[: many - 1], 900])
    assert chart.verdict is Verdict.TOO_EARLY
    assert chart.span.firmness is Firmness.DOTS
    assert chart.span.centre is None
    assert not chart.signals


def test_from_six_weeks_limits_are_provisional_and_only_beyond_counts():
    """Nine weeks that lie low say nothing yet; a tenth far outside does."""
    assert judged([30, 10, 10, 10, 10, 10, 10, 10, 10]).verdict is Verdict.NO_SIGNAL
    chart = judged([*STEADY[:10], 90])
    assert chart.verdict is Verdict.CHANGED
    assert chart.span.firmness is Firmness.PROVISIONAL
    assert {signal.rule for signal in chart.why} == {Rule.BEYOND}


def test_from_twelve_weeks_the_limits_are_frozen():
    """What comes later does not move the limits, so a slow drift cannot hide in them."""
    steady = judged(STEADY)
    drifting = judged([*STEADY, *range(21, 41)])
    assert drifting.span.centre == steady.span.centre
    assert drifting.span.upper[0] == steady.span.upper[0]
    assert drifting.verdict is Verdict.CHANGED


def test_a_run_tells_when_it_began():
    """Eight weeks above the line: changed, and since the first of the eight."""
    chart = judged([*STEADY, *[24] * 8])
    assert chart.verdict is Verdict.CHANGED
    assert chart.since is not None
    assert chart.since.name == "w12"
    assert Rule.RUN in {signal.rule for signal in chart.why}


def test_a_jump_begins_with_the_week_that_jumped():
    """The calm week before it is not where the change began."""
    chart = judged([*STEADY, 60])
    assert Side.JUMP in {signal.side for signal in chart.why}
    assert chart.since is chart.latest


def test_weeks_beyond_a_limit_began_with_the_first_of_them():
    """A change that goes on keeps the week in which it began, and a week without notes does not hide it."""
    for later in ([61], [61, None, 60]):
        chart = judged([*STEADY, 60, *later])
        assert chart.since is not None
        assert chart.since.name == "w12"
    fallen_back = judged([*STEADY, 60, 20, 61])
    assert fallen_back.since is fallen_back.latest


def shares(hits, of):
    made = [Point(f"w{i}", f"{i} May", hit / of, hits=hit, of=of) for i, hit in enumerate(hits)]
    return verdicts.judge(Measure.SHARE, made)


def test_eight_points_on_one_side_say_nothing_where_most_lie_there_by_nature():
    """Where nearly all is failure demand, or nearly none, most weeks are 12 of 12, or 0 of 12."""
    seldom = [0, 1, 0, 0, 0, 2, 0, 0, 1, 0, 0, 0, *[0] * 8]
    for hits in (seldom, [12 - hit for hit in seldom]):
        assert shares(hits, 12).verdict is Verdict.NO_SIGNAL
    assert shares([*seldom[:12], 6], 12).verdict is Verdict.CHANGED
    often = [5, 6, 4, 5, 7, 5, 4, 6, 5, 5, 6, 5, *[7] * 8]
    assert {signal.rule for signal in shares(often, 12).why} == {Rule.RUN}


def test_a_share_that_was_nothing_at_first_tells_when_it_is_something():
    """Twelve weeks of 0 in 12 draw no limits, and 6 in 12 is a change all the same; one or two in 12 are none yet."""
    for turned in (False, True):

        def verdict(*hits, turned=turned):
            return shares([12 - hit if turned else hit for hit in hits], 12).verdict

        assert verdict(*[0] * 20) is Verdict.NO_SIGNAL
        assert verdict(*[0] * 12, 6) is Verdict.CHANGED
        assert verdict(*[0] * 30, 6, 6, 6) is Verdict.CHANGED
        assert verdict(*[0] * 12, 1) is Verdict.NO_SIGNAL
        assert verdict(*[0] * 12, 1, 0, 0, 1, 0, 0, 0, 1) is Verdict.NO_SIGNAL


def test_a_signal_that_has_passed_is_drawn_and_no_longer_told_as_news():
    """An odd week in spring does not make June look changed."""
    chart = judged([*STEADY, 60, 21, 19, 22, 20])
    assert chart.verdict is Verdict.NO_SIGNAL
    assert [signal.last for signal in chart.earlier if signal.side is Side.ABOVE] == [12]


def test_a_change_for_fewer_is_told_like_one_for_more():
    """A signal downward is as interesting as one upward."""
    chart = judged([*STEADY, 1])
    assert chart.verdict is Verdict.CHANGED
    assert Side.BELOW in {signal.side for signal in chart.why}


def test_a_restarted_chart_says_so_and_why_until_it_can_say_more():
    """After a restart the old limits stay drawn, and the verdict waits for six points."""
    restart = Restart(12, "the guide changed")
    chart = judged([*STEADY, *[60] * 5], restarts=[restart])
    assert chart.verdict is Verdict.RESTARTED
    assert chart.span.reason == "the guide changed"
    assert chart.spans[0].centre is not None
    assert not chart.signals
    assert judged([*STEADY, *[60] * 6], restarts=[restart]).verdict is Verdict.NO_SIGNAL


def test_a_missing_week_gets_no_verdict_of_its_own():
    """A week that holds too little is neither routine nor news."""
    assert judged([*STEADY, None]).verdict is Verdict.TOO_EARLY


def test_the_tail_of_a_chart_tells_the_same():
    """A picture has room for 26 weeks; what was judged over 40 stays judged."""
    chart = judged([*STEADY, *[20] * 20, *[30] * 8])
    tail = chart.tail(26)
    assert len(tail.points) == 26
    assert tail.verdict is chart.verdict
    assert tail.since == chart.since
    assert tail.span.upper[-1] == chart.span.upper[-1]
    assert len(tail.span.upper) == tail.span.last - tail.span.first + 1
    assert all(0 <= signal.first <= signal.last < 26 for signal in tail.signals)


def test_a_change_older_than_the_picture_keeps_its_beginning_and_its_length():
    """After a year, a run of 41 weeks is still told as one, and since the same week as ever."""
    chart = judged([*STEADY, *[24] * 41])
    tail = chart.tail(26)
    assert tail.since is not None
    assert tail.since.name == "w12"
    for drawn in (chart, tail):
        told = telling.of_chart(drawn)
        assert told.since == "the week of 12 May"
        assert "41 weeks in a row" in " ".join(told.signals)


def test_the_tail_of_a_restarted_chart_keeps_the_restart():
    """The restart is still where it was, and the stretch before it is cut to what is shown."""
    chart = judged([*STEADY, *STEADY], restarts=[Restart(12, "why")]).tail(15)
    assert [(span.first, span.last) for span in chart.spans] == [(0, 2), (3, 14)]
    assert [len(span.lower) for span in chart.spans] == [3, 12]


def test_a_chart_of_nothing_is_refused():
    """No points, no chart."""
    with pytest.raises(ValueError, match="at least one point"):
        judged([])


def test_a_share_of_a_few_notes_is_missing_rather_than_wild():
    """Seven classified notes do not make a share; the chart says how many it takes."""
    counted = [*[logged(10, 25)] * 12, logged(7, 7)]
    chart, fortnights = series.failure_share(weeks(13), counted)
    assert not fortnights
    assert chart.verdict is Verdict.TOO_EARLY
    assert chart.latest.why_missing == "only 7 classified, and it takes 10"


def test_thin_weeks_are_pooled_in_fortnights_that_never_move():
    """A unit that logs six notes a week is charted by the fortnight, and a point keeps its weeks as time goes on."""
    counted = [logged(3, 6)] * 31
    before, fortnights = series.failure_share(weeks(30), counted[:30])
    after, _ = series.failure_share(weeks(31), counted)
    assert fortnights
    assert after.points[: len(before.points)] == before.points
    assert all(point.of == 12 for point in after.points)
    assert after.verdict is Verdict.NO_SIGNAL


def test_an_empty_week_is_missing():
    """Nobody logged anything over the holidays: that is no fall to nought."""
    counted = [*[logged(10, 25)] * 12, WeekCount(), logged(11, 25)]
    chart = series.notes_logged(weeks(14), counted)
    assert chart.points[12].value is None
    assert chart.verdict is Verdict.NO_SIGNAL


def test_a_new_tagger_restarts_the_chart_and_never_looks_like_a_change():
    """A step that comes from a new version of tagger and guide is told as a restart, with the reason."""
    counted = [*[logged(10, 30)] * 14, *[logged(20, 30, tagger="2")] * 3]
    chart, _ = series.failure_share(weeks(17), counted)
    assert chart.verdict is Verdict.RESTARTED
    assert "version 2" in chart.span.reason
    assert not chart.signals


def test_a_week_tagged_half_by_each_version_is_left_out():
    """The week in which the tagger changed belongs to neither side."""
    mixed = WeekCount(notes=30, demand={DemandType.FAILURE: 15, DemandType.VALUE: 15}, taggers={"1": 12, "2": 18})
    counted = [*[logged(10, 30)] * 12, mixed, *[logged(20, 30, tagger="2")] * 7]
    chart, _ = series.failure_share(weeks(20), counted)
    assert chart.points[12].value is None
    assert chart.points[12].why_missing == "the way notes are tagged changed halfway"
    assert chart.verdict is Verdict.NO_SIGNAL


def test_tags_that_people_settled_do_not_restart_anything():
    """A person's word has no version, and is welcome in every week."""
    people = WeekCount(notes=30, demand={DemandType.FAILURE: 10, DemandType.VALUE: 20}, taggers={})
    counted = [*[logged(10, 30)] * 12, people, logged(11, 30)]
    chart, _ = series.failure_share(weeks(14), counted)
    assert len(chart.spans) == 1


def test_typical_waits_need_three_dates_in_a_week():
    """Two dates are an anecdote."""
    days = {i: [4, 9, 5, 7] for i in range(12)} | {12: [90, 90]}
    chart = series.waits(weeks(13), days)
    assert chart is not None
    assert chart.points[0].value == 6
    assert chart.verdict is Verdict.TOO_EARLY
    assert chart.latest.why_missing == "only 2 with a date, and it takes 3"
    assert series.waits(weeks(3), {}) is None


def test_a_theme_is_charted_by_the_week_only_when_it_comes_often():
    """Four notes a week and twelve weeks, or no weekly chart; then Beyond alone is looked for."""
    counted = [logged(10, 30)] * 20
    often = [5, 6, 4, 5, 7, 4, 5, 6, 5, 4, 6, 5]
    assert series.theme_by_week(weeks(20)[:11], often[:11], counted[:11]) is None
    assert series.theme_by_week(weeks(20)[:12], [1] * 12, counted[:12]) is None
    run = series.theme_by_week(weeks(20), [*often, *[7] * 8], counted)
    assert run is not None
    assert run.verdict is Verdict.NO_SIGNAL
    leap = series.theme_by_week(weeks(13), [*often, 40], counted[:13])
    assert leap is not None
    assert leap.verdict is Verdict.CHANGED


def test_a_rare_theme_is_charted_by_the_days_between_sightings():
    """With a dozen gaps behind it, a silence of most of a year before the last sighting stands out."""
    lot = random.Random(4)
    days = [date(2025, 1, 1)]
    for _ in range(12):
        days.append(days[-1] + timedelta(days=lot.randrange(6, 16)))
    assert series.theme_by_days(days[:-1]) is None
    steady = series.theme_by_days(days)
    assert steady is not None
    assert steady.verdict is Verdict.NO_SIGNAL
    late = series.theme_by_days([*days, days[-1] + timedelta(days=300)])
    assert late is not None
    assert late.verdict is Verdict.CHANGED
    assert telling.of_chart(late).signals == (
        f"before {late.latest.label}, it had not been heard for longer than routine explains (Beyond)",
    )


def test_two_sightings_on_one_day_are_no_change():
    """By chance alone, a theme heard every ten days comes twice on one day of ten."""
    heard_on = [date(2025, 1, 1) + timedelta(days=10 * n) for n in range(15)]
    twice = series.theme_by_days([*heard_on, heard_on[-1]])
    assert twice is not None
    assert twice.latest.value == 0
    assert twice.verdict is Verdict.NO_SIGNAL
