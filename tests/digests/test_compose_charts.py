"""What a digest's charts are made of: the weeks that are over, the notes that can be told apart, and no noise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from digests import material
from digests.periods import Week
from digests.verdicts import Verdict
from nlp.vocabulary import DemandKind
from tests.digests.conftest import WEEK, Notebook


def test_a_week_still_running_is_told_so_far_and_not_charted(notebook: Notebook) -> None:
    """Tuesday's three notes are no fall in anything."""
    for weeks_ago in range(1, 14):
        notebook.ordinary_week(WEEK.previous(weeks_ago))
    notebook.log("Any news?")
    digest = notebook.digest(now=WEEK.start + timedelta(days=1))
    assert digest.so_far
    assert digest.heard.notes == 1
    logged = digest.charted("notes logged")
    assert logged is not None
    assert logged.chart.latest.name == WEEK.previous().name
    assert logged.chart.verdict is Verdict.NO_SIGNAL


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Chatham", "America/St_Johns", "Asia/Kolkata"])
def test_a_day_begins_and_ends_by_the_clocks_of_the_unit(zone: str) -> None:
    """Also in a week with a clock change: so many days were waited as a calendar on the wall shows."""
    weeks = [Week(date(2026, 1, 5) + timedelta(weeks=n), zone) for n in range(52)]
    begins = material._days(weeks, material.bounds(weeks))
    shown = [datetime.fromtimestamp(second, ZoneInfo(zone)) for second in begins]
    assert [moment.date() for moment in shown] == [weeks[0].monday + timedelta(days=n) for n in range(7 * 52)]
    assert {(moment.hour, moment.minute) for moment in shown} == {(0, 0)}


def test_the_three_charts_come_when_there_is_something_to_chart(notebook: Notebook) -> None:
    """Share and notes always; end-to-end days once notes give dates."""
    for weeks_ago in range(3):
        notebook.ordinary_week(WEEK.previous(weeks_ago))
    assert [charted.key for charted in notebook.digest().charts] == ["failure share", "notes logged"]
    notebook.log("Asked a month ago", first_asked_on=WEEK.monday - timedelta(days=30))
    digest = notebook.digest()
    assert [charted.key for charted in digest.charts] == ["failure share", "end-to-end days", "notes logged"]
    assert digest.charts_looked_at == 3


def test_a_date_in_the_future_is_a_slip_of_the_finger(notebook: Notebook) -> None:
    """Nobody waited minus four days."""
    for _ in range(3):
        notebook.log("Asked next month?", first_asked_on=date(2026, 6, 1))
    assert notebook.digest().charted("end-to-end days") is None


def test_the_failure_share_leaves_the_unknown_out(notebook: Notebook) -> None:
    """Thin notes are counted apart, and do not water the share down."""
    notebook.ordinary_week(WEEK, failure=5, value=10)
    for _ in range(20):
        notebook.log("Query, dealt with", DemandKind.TOO_THIN)
    share = notebook.digest().charted("failure share")
    assert share is not None
    assert (share.chart.latest.hits, share.chart.latest.of) == (5, 15)


def test_when_more_of_everything_is_logged_no_theme_is_called_changed(notebook: Notebook) -> None:
    """A busy week of logging lifts every theme; that is the logging, not the theme."""
    for weeks_ago in range(1, 15):
        notebook.ordinary_week(WEEK.previous(weeks_ago), failure=6, value=6)
    notebook.ordinary_week(WEEK, failure=40, value=40)
    digest = notebook.digest()
    logged = digest.charted("notes logged")
    assert logged is not None
    assert logged.chart.verdict is Verdict.CHANGED
    assert not any(theme.changed for theme in digest.themes)


def test_a_theme_that_leaps_on_its_own_is_called_changed(notebook: Notebook) -> None:
    """The same amount of logging, and one theme takes over."""
    for weeks_ago in range(1, 15):
        notebook.ordinary_week(WEEK.previous(weeks_ago), failure=6, value=34)
    notebook.ordinary_week(WEEK, failure=30, value=10)
    [theme] = notebook.digest().themes
    assert theme.changed


def test_limits_stay_frozen_on_the_first_weeks_however_long_ago_they_were(notebook: Notebook) -> None:
    """After three years and more a level from the beginning is still the yardstick."""
    for weeks in range(14):
        notebook.ordinary_week(WEEK.previous(200 - weeks), failure=4, value=16)
        notebook.ordinary_week(WEEK.previous(weeks), failure=12, value=8)
    share = notebook.digest().charted("failure share")
    assert share is not None
    assert share.chart.span.centre == 0.2
    assert share.chart.verdict is Verdict.CHANGED
