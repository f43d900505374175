"""What staff changed in their work is in the digests: shown, near what moves, where charts begin anew, elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from digests import render
from digests.facts import Digest
from digests.periods import Week
from digests.verdicts import Verdict
from nlp.vocabulary import DemandKind
from storage import changes, units
from storage.columns import Audience
from storage.models import Change
from tests.digests.conftest import WEEK, ZONE, Notebook

TEXTS = "We now text people the day before"


def note_change(
    notebook: Notebook,
    words: str = TEXTS,
    *,
    on: date,
    unit: str = "",
    anew: bool = False,
    noted: datetime | None = None,
) -> Change:
    with notebook.database.transaction() as session:
        unit_id = units.called(session, notebook.workspace, unit)[0].id if unit else notebook.unit_id
        change = changes.keep(
            session,
            workspace=notebook.workspace,
            unit_id=unit_id or 0,
            key=words,
            words=words,
            changed_on=on,
            now=noted or datetime.combine(on, time(12), UTC),
        )
        changes.begin_charts(session, change, anew=anew)
    return change


def weeks(notebook: Notebook, *failures: int) -> None:
    """Weeks of 20 demands up to the one that is told of, with so many of them failure demand."""
    for ago, failure in enumerate(reversed(failures)):
        notebook.ordinary_week(WEEK.previous(ago), failure=failure, value=20 - failure)


def told(notebook: Notebook, week: Week = WEEK, *, audience: Audience = Audience.MANAGERS) -> str:
    return in_words(notebook.digest(week, audience=audience))


def in_words(digest: Digest) -> str:
    return " ".join(render.as_text(digest).split())


BEFORE = (8, 9, 7, 8, 8, 9, 7, 8, 7, 9, 8, 8)


def share(digest: Digest) -> Verdict:
    charted = digest.charted("failure share")
    assert charted is not None
    return charted.chart.verdict


@pytest.mark.parametrize("audience", list(Audience))
def test_a_change_of_this_week_is_shown_under_what_staff_are_changing(notebook: Notebook, audience: Audience) -> None:
    weeks(notebook, 8)
    note_change(notebook, on=WEEK.monday)
    assert f"“{TEXTS}” From 27 April 2026 on" in told(notebook, audience=audience)
    assert TEXTS not in told(notebook, WEEK.next, audience=audience)


def test_so_is_an_earlier_one_that_was_noted_only_now(notebook: Notebook) -> None:
    weeks(notebook, 8)
    note_change(notebook, on=date(2026, 3, 2), noted=WEEK.start + timedelta(days=2))
    assert f"“{TEXTS}” From 2 March 2026 on" in told(notebook)


def test_a_change_alone_moves_no_limits(notebook: Notebook) -> None:
    """The limits from before are the yardstick by which one sees whether it helped."""
    weeks(notebook, *BEFORE, 8, 7)
    note_change(notebook, on=WEEK.previous().monday)
    digest = notebook.digest()
    charted = digest.charted("failure share")
    assert charted is not None
    assert charted.chart.verdict is Verdict.NO_SIGNAL
    assert len(charted.chart.spans) == 1


def test_where_staff_say_so_every_chart_of_the_unit_begins_anew_and_says_why(notebook: Notebook) -> None:
    """The baseline from before is frozen and stays drawn; what follows is told from chance only when it can be."""
    weeks(notebook, *BEFORE, 2, 3, 2)
    note_change(notebook, on=WEEK.previous(2).monday + timedelta(days=2), anew=True)
    digest = notebook.digest()
    assert [charted.chart.verdict for charted in digest.charts] == [Verdict.RESTARTED] * 2
    for charted in digest.charts:
        before, after = charted.chart.spans
        assert charted.chart.points[after.first].name == WEEK.previous(2).name
        assert before.centre is not None
    words = in_words(digest)
    assert f"the work is another one since 15 April 2026: “{TEXTS}”" in words
    assert "3 weeks since then; from 6 on we can begin to tell" in words


@pytest.mark.parametrize("audience", list(Audience))
def test_the_charts_of_single_themes_begin_anew_as_well_and_say_why(notebook: Notebook, audience: Audience) -> None:
    """What comes otherwise since the change is not told as a signal against limits of work that is no more."""
    weeks(notebook, *BEFORE, 20, 19)
    assert notebook.digest().themes[0].changed
    note_change(notebook, on=WEEK.previous().monday, anew=True)
    digest = notebook.digest(audience=audience)
    assert (digest.themes[0].changed, digest.themes[0].restarted) == (False, True)
    assert digest.charts_looked_at == len(digest.charts) + 1
    theme = in_words(digest).partition("heard in 12 of the last 12 weeks")[2]
    assert f"Chart restarted: the work is another one since 20 April 2026: “{TEXTS}”. 2 weeks since then" in theme


def test_from_six_weeks_on_a_themes_chart_tells_again_and_from_the_new_work_alone(notebook: Notebook) -> None:
    weeks(notebook, *BEFORE, 5, 4, 5, 5, 4, 5, 16)
    note_change(notebook, on=WEEK.previous(6).monday, anew=True)
    [before, after] = [notebook.digest(WEEK.previous(ago)).themes[0] for ago in (2, 0)]
    assert before.restarted
    assert after.changed


def test_a_rare_theme_begins_anew_behind_the_days_that_the_change_lies_within(notebook: Notebook) -> None:
    """Days that began before the change and ended after it tell of neither; how often it came since is told."""
    for ago in range(40):
        notebook.log("Can I book?", DemandKind.START, week=WEEK.previous(ago))
        if ago % 3 == 0:
            notebook.log("Any news?", DemandKind.CHASE, week=WEEK.previous(ago), theme="any news")
    note_change(notebook, on=WEEK.previous(4).monday, anew=True)
    [theme] = notebook.digest().themes
    assert theme.chart is not None
    assert (theme.chart.verdict, theme.chart.points[theme.chart.span.first].name) == (Verdict.RESTARTED, "2026-04-27")
    assert "Heard again 1 time since then; from 6 on we can begin to tell" in told(notebook)
    note_change(notebook, "And once more", on=WEEK.monday, anew=True)
    assert "“And once more”. Heard again 0 times since then" in told(notebook)


def test_two_changes_of_one_week_are_both_the_reason(notebook: Notebook) -> None:
    """The charts begin anew once, and neither change is passed over for the other."""
    weeks(notebook, *BEFORE, 2, 3)
    note_change(notebook, on=WEEK.previous().monday, anew=True)
    note_change(notebook, "We took on gas repairs", on=WEEK.previous().monday, anew=True)
    assert (
        f"since 20 April 2026: “{TEXTS}”, and since 20 April 2026: “We took on gas repairs”. 2 weeks since then"
        in told(notebook)
    )


def test_once_it_can_be_judged_again_the_chart_still_says_that_it_began_again(notebook: Notebook) -> None:
    weeks(notebook, *BEFORE, 2, 3, 2, 2, 3, 2)
    note_change(notebook, on=WEEK.previous(5).monday, anew=True)
    digest = notebook.digest()
    assert share(digest) is Verdict.NO_SIGNAL
    assert in_words(digest).count("The charts began again: the work is another one since") == 1


def test_a_lasting_shift_is_news_once(notebook: Notebook) -> None:
    """The week in which it is found; from then on it goes on, and is told as such."""
    weeks(notebook, *BEFORE, 16, 15, 16)
    first, later = (notebook.digest(WEEK.previous(ago)) for ago in (2, 0))
    assert share(first) is share(later) is Verdict.CHANGED
    assert [digest.charted("failure share").told_before for digest in (first, later)] == [False, True]  # type: ignore[union-attr]
    assert "This was told before" not in in_words(first)
    assert "This was told before: it goes on, and is no news." in in_words(later)


def test_what_the_unit_itself_changed_stands_beside_what_moved(notebook: Notebook) -> None:
    weeks(notebook, *BEFORE, 1)
    note_change(notebook, on=WEEK.previous().monday)
    note_change(notebook, "We moved the desk", on=WEEK.previous(9).monday)
    assert f"Near then, it was noted that something changed here: “{TEXTS}”" in told(notebook)
    assert "moved the desk" not in told(notebook)


@pytest.mark.parametrize("audience", list(Audience))
def test_a_rise_after_a_change_elsewhere_is_told_beside_it(notebook: Notebook, audience: Audience) -> None:
    """In the other unit's words, as an invitation to talk, and not as a cause."""
    weeks(notebook, *BEFORE, 16)
    note_change(notebook, "Letters now go out in batches", on=WEEK.previous(2).monday, unit="Rents")
    digest = notebook.digest(audience=audience)
    [found] = digest.knock_ons
    assert (found.change.unit, found.about, found.told_before) == ("Rents", "", False)
    words = in_words(digest)
    assert "soon after Rents changed something. It may be a knock-on: talk to each other." in words
    assert "Letters now go out in batches" in words
    assert "Changed elsewhere in the last four weeks" in words


def test_a_theme_that_rises_after_a_change_elsewhere_is_told_beside_it(notebook: Notebook) -> None:
    """The theme's own chart shows it, though failure demand as a whole is as before."""
    for ago in range(12, -1, -1):
        week, many = WEEK.previous(ago), 16 if ago == 0 else 5
        notebook.ordinary_week(week, failure=many, theme="what does this letter mean", value=24)
        notebook.ordinary_week(week, failure=18 - many, theme="where is my repair", value=0)
    note_change(notebook, "Letters now go out in batches", on=WEEK.monday, unit="Rents")
    assert [found.about for found in notebook.digest().knock_ons] == ["what does this letter mean"]


def test_what_the_unit_changed_in_the_week_of_a_jump_stands_beside_it(notebook: Notebook) -> None:
    """A jump begins with the week that jumped, and so does what was changed in it."""
    for ago, many in enumerate(reversed((21, 22, 20, 21, 22, 21, 20, 22, 21, 22, 21, 22, 60))):
        notebook.ordinary_week(WEEK.previous(ago), failure=many // 2, value=many - many // 2)
    note_change(notebook, on=WEEK.monday)
    words = told(notebook)
    assert "Changed, since" not in words
    assert f"Near then, it was noted that something changed here: “{TEXTS}”" in words


def gate_code(notebook: Notebook, *by_week: int) -> None:
    """Weeks of 20 failure demands and 20 others, with so many of the failures about a gate code."""
    for ago, many in enumerate(reversed(by_week)):
        week = WEEK.previous(ago)
        notebook.ordinary_week(week, failure=many, theme="gate code", value=20)
        notebook.ordinary_week(week, failure=20 - many, theme="where is my repair", value=0)


def test_a_theme_that_came_later_and_stayed_is_no_change_for_ever(notebook: Notebook) -> None:
    """Its chart begins with the week in which it was first heard, so that a steady year is a steady year."""
    gate_code(notebook, *[0] * 14, *[9] * 20)
    note_change(notebook, "Letters now go out in batches", on=WEEK.previous().monday, unit="Rents")
    digest = notebook.digest()
    [steady] = [theme for theme in digest.themes if theme.name == "gate code"]
    assert not steady.changed
    assert digest.knock_ons == ()


def test_a_theme_that_goes_on_beyond_its_limits_began_when_it_began(notebook: Notebook) -> None:
    """It keeps the week in which it rose, is no news after that, and nothing changed since then is named beside it."""
    gate_code(notebook, *(3, 4, 2, 3, 4, 3, 2, 4, 3, 3, 2, 4), *[15] * 8)
    note_change(notebook, "Letters now go out in batches", on=WEEK.previous().monday, unit="Rents")
    digest = notebook.digest()
    [risen] = [theme for theme in digest.themes if theme.name == "gate code"]
    assert (risen.changed, risen.told_before) == (True, True)
    assert digest.knock_ons == ()
    words = in_words(digest)
    assert f"Changed, since the week of {WEEK.previous(7).short}" in words
    assert words.count("This was told before: it goes on, and is no news.") == 1


def test_no_rise_no_knock_on_and_no_change_elsewhere_none_either(notebook: Notebook) -> None:
    """A fall, a change long ago, a change after the rise, and the unit's own change are none."""
    weeks(notebook, *BEFORE, 16)
    note_change(notebook, on=WEEK.monday)
    note_change(notebook, "too long ago", on=WEEK.previous(6).monday, unit="Rents")
    note_change(notebook, "only afterwards", on=WEEK.next.monday, unit="Rents")
    assert notebook.digest().knock_ons == ()


def test_a_fall_is_no_knock_on(notebook: Notebook) -> None:
    weeks(notebook, *BEFORE, 0)
    note_change(notebook, "Letters now go out in batches", on=WEEK.monday, unit="Rents")
    digest = notebook.digest()
    assert share(digest) is Verdict.CHANGED
    assert digest.knock_ons == ()


def test_what_was_taken_back_is_nowhere(notebook: Notebook) -> None:
    weeks(notebook, *BEFORE, 8)
    change = note_change(notebook, on=WEEK.monday, anew=True)
    with notebook.database.transaction() as session:
        changes.withdraw(session, session.merge(change), now=WEEK.end)
    digest = notebook.digest()
    assert TEXTS not in str(digest.facts())
    assert share(digest) is Verdict.NO_SIGNAL


def test_a_fortnight_begins_anew_behind_a_change_in_its_middle(notebook: Notebook) -> None:
    """Neither side of the change may hold weeks of the other."""
    for ago in range(30, -1, -1):
        notebook.log(f"Any news, {ago}?", DemandKind.CHASE, week=WEEK.previous(ago))
        for n in range(5):
            notebook.log(f"Can I book, {ago} {n}?", DemandKind.START, week=WEEK.previous(ago))
    second = next(w for w in (WEEK.previous(9), WEEK.previous(10)) if (w.monday.toordinal() // 7) % 2)
    note_change(notebook, on=second.monday, anew=True)
    charted = notebook.digest().charted("failure share")
    assert charted is not None
    assert charted.fortnights
    assert charted.chart.points[charted.chart.spans[-1].first].name == Week(second.next.monday, ZONE).name
