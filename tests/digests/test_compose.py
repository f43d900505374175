"""A digest holds what the week's notes say, all of it traceable, none of it pointing at a person."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest

from digests import render
from digests.facts import Digest
from nlp.vocabulary import DemandKind, ImprovementKind, SystemCondition, SystemFactor
from storage import notes, workspaces
from storage.columns import Audience
from storage.database import Database
from tests.digests.conftest import WEEK, Notebook


def test_what_was_heard_is_counted_by_what_it_is(notebook: Notebook) -> None:
    """Four kinds of demand, the unknown apart, improvement notes apart, untagged notes admitted."""
    notebook.log("Any news?", DemandKind.CHASE, point="desk")
    notebook.log("Can I book a visit?", DemandKind.START, point="line")
    notebook.log("Do you also lend ladders?", DemandKind.NEW, point="line")
    notebook.log("What time is the Derby train?", DemandKind.ELSEWHERE)
    notebook.log("Customer rang about the account", DemandKind.TOO_THIN)
    notebook.log("Nice chat about the garden show", DemandKind.NO_ASK)
    notebook.log("System down again all morning", ImprovementKind.BLOCKER)
    notebook.log("Not looked at yet", None)
    heard = notebook.digest().heard
    assert (heard.value, heard.failure, heard.opportunity, heard.external) == (1, 1, 1, 1)
    assert (heard.too_thin, heard.no_ask, heard.improvement, heard.untagged) == (1, 1, 1, 1)
    assert (heard.notes, heard.demands, heard.classified, heard.points) == (8, 6, 4, 2)


def test_a_persons_word_decides_what_a_note_is(notebook: Notebook) -> None:
    """Once someone has settled a tag, the digest goes by it and says that it is confirmed."""
    note = notebook.log("Just checking you got my form", DemandKind.ADVISE)
    notebook.correct(note, DemandKind.CHASE, now=WEEK.end)
    heard = notebook.digest().heard
    assert (heard.failure, heard.value, heard.confirmed) == (1, 0, 1)


def test_a_note_that_was_taken_back_is_gone_from_the_digest(notebook: Notebook) -> None:
    """Undo means undo, in the counts as well."""
    note = notebook.log("Oh, never mind")
    with notebook.database.transaction() as session:
        notes.withdraw(session, session.merge(note), now=WEEK.end)
    assert notebook.digest().heard.notes == 0


def test_a_note_belongs_to_the_week_it_was_heard_in(notebook: Notebook) -> None:
    """Neighbouring weeks stay out, to the second."""
    notebook.log("This week")
    notebook.log("The week before", week=WEEK.previous())
    notebook.log("The week after", week=WEEK.next)
    assert notebook.digest().heard.notes == 1


def test_the_same_week_always_shows_the_same_words(notebook: Notebook) -> None:
    """Quotations are drawn by lot, with a seed: again gives the same, another audience another draw."""
    for n in range(60):
        notebook.log(f"Any news on my repair number {n}, please?")
    assert notebook.digest() == notebook.digest()
    drawn = {audience: notebook.digest(audience=audience).quotes for audience in Audience}
    assert drawn[Audience.MANAGERS] != drawn[Audience.IMPROVEMENT]


def test_the_four_quotations_follow_the_printed_rule(notebook: Notebook) -> None:
    """One by lot, one typical of what keeps coming, one never heard before, one that says what mattered."""
    for weeks_ago in range(1, 10):
        notebook.ordinary_week(WEEK.previous(weeks_ago), failure=3, value=3)
    notebook.ordinary_week(WEEK)
    notebook.log("The lift talks to me at night", DemandKind.WRONG, theme="the lift talks")
    notebook.log("Can my sister get a key as well?", DemandKind.ADVISE, what_matters="not having to ask the neighbour")
    quotes = {quote.rule.value: quote for quote in notebook.digest().quotes if quote.rule}
    assert list(quotes) == [
        "drawn by lot",
        "typical of what keeps coming",
        "never heard before",
        "value or opportunity",
    ]
    assert quotes["typical of what keeps coming"].theme == "where is my repair"
    assert quotes["never heard before"].words == "The lift talks to me at night"
    assert quotes["value or opportunity"].what_matters == "not having to ask the neighbour"


def test_what_reads_as_urgent_is_never_quoted(notebook: Notebook) -> None:
    """Someone in danger must not wait for Monday, nor be read out on it."""
    notebook.log("There is smoke in the hall right now", DemandKind.WRONG, urgent=True, theme="smoke")
    digest = notebook.digest()
    assert digest.quotes == ()
    assert digest.heard.urgent == 1
    assert "smoke" not in json.dumps(digest.facts())


def test_the_same_words_are_not_quoted_twice(notebook: Notebook) -> None:
    """Ten people said the very same thing: it is shown once."""
    for _ in range(10):
        notebook.log("Where is my parcel?")
    assert [quote.words for quote in notebook.digest().quotes] == ["Where is my parcel?"]


def test_a_long_note_is_quoted_in_short_and_kept_whole(notebook: Notebook) -> None:
    """Forty thousand characters become a few sentences, and the digest says there is more."""
    notebook.log("I rang on Monday. " * 2000)
    [quote] = notebook.digest().quotes
    assert quote.cut
    assert quote.words.endswith("Monday. …")
    assert len(quote.words) < 300


def test_a_theme_with_a_name_like_a_novel_is_named_in_short(notebook: Notebook) -> None:
    """Whatever people call a theme, the digest stays readable."""
    for weeks_ago in range(4):
        notebook.log("Any news?", week=WEEK.previous(weeks_ago), theme="why, oh why, " * 3000)
    digest = notebook.digest()
    assert len(digest.themes[0].name) < 90
    assert [quote.rule.value for quote in digest.quotes if quote.rule] == ["typical of what keeps coming"]
    assert len(json.dumps(digest.facts())) < 20_000


def test_what_keeps_coming_says_in_how_many_weeks_and_points(notebook: Notebook) -> None:
    """Five of the last twelve weeks, at three points; the condition and the wait come from the notes themselves."""
    for weeks_ago in (0, 2, 3, 5, 11):
        week = WEEK.previous(weeks_ago)
        for point in ("desk", "line", "shop"):
            notebook.log(
                f"Any news on my repair, {weeks_ago}?",
                week=week,
                theme="where is my repair",
                point=point,
                first_asked_on=week.monday - timedelta(days=9),
                system_condition=SystemCondition.HANDOFF,
            )
    for _ in range(20):
        last_autumn = WEEK.previous(30)
        asked_on = last_autumn.monday - timedelta(days=99)
        notebook.log("Any news?", week=last_autumn, theme="where is my repair", point="van", first_asked_on=asked_on)
    notebook.log("My bin was not emptied", DemandKind.WRONG, theme="bin not emptied")
    [theme] = notebook.digest().themes
    assert (theme.name, theme.weeks_seen, theme.of_weeks, theme.points) == ("where is my repair", 5, 12, 3)
    assert (theme.notes, theme.this_week) == (15, 3)
    assert theme.days_waited == 9
    assert theme.conditions == (SystemCondition.HANDOFF,)


def test_value_demand_is_not_among_what_should_not_keep_coming(notebook: Notebook) -> None:
    """People booking visits every week is what we are here for."""
    for weeks_ago in range(6):
        notebook.log("Can I book a visit?", DemandKind.START, week=WEEK.previous(weeks_ago), theme="book a visit")
    assert notebook.digest().themes == ()


def test_a_theme_that_no_improvement_note_speaks_of_is_looking_for_a_home(notebook: Notebook) -> None:
    """Once a colleague's note takes it up, it has one."""
    for weeks_ago in range(4):
        notebook.log("Any news?", week=WEEK.previous(weeks_ago), theme="where is my repair")
    assert not notebook.digest().themes[0].cared_for
    notebook.log("Text people when the part is in", ImprovementKind.IDEA, theme="where is my repair")
    assert notebook.digest().themes[0].cared_for


def test_first_times_are_told_only_with_enough_weeks_behind_us(notebook: Notebook) -> None:
    """In the first weeks everything is new, and saying so would be noise."""
    notebook.log("Any news?", week=WEEK.previous(7))
    notebook.log("The lift talks to me", DemandKind.WRONG, theme="the lift talks")
    assert notebook.digest().first_time.count == 0
    notebook.log("Any news?", week=WEEK.previous(8))
    assert [quote.theme for quote in notebook.digest().first_time.quotes] == ["the lift talks"]
    assert notebook.digest(WEEK.next).first_time.count == 0


def test_a_new_name_for_something_heard_before_is_no_first(notebook: Notebook) -> None:
    """The theme is new; the words are not, not even misspelt."""
    notebook.log("My refund has not come", week=WEEK.previous(9), theme="refund late")
    for theme in ("refunding", "refudn", "late refund"):
        notebook.log(f"About {theme}", DemandKind.WRONG, theme=theme)
    assert notebook.digest().first_time.count == 0


def test_a_young_theme_that_is_heard_week_after_week_is_told_as_growing(notebook: Notebook) -> None:
    """Three weeks in a row, more each time, in a unit that has been listening for months."""
    for weeks_ago in range(20):
        notebook.ordinary_week(WEEK.previous(weeks_ago))
    for weeks_ago, many in ((2, 1), (1, 3), (0, 6)):
        for n in range(many):
            notebook.log(f"The new app logs me out {n}", DemandKind.BLOCKED, week=WEEK.previous(weeks_ago), theme="app")
    [growing] = notebook.digest().growing
    assert growing.name == "app"
    assert growing.growing_since == WEEK.previous(2).label


def test_a_theme_that_grows_is_told_by_all_that_was_heard_of_it(notebook: Notebook) -> None:
    """Ten people ask about heat pumps: what it grows by is what is told, with the points it came from."""
    for weeks_ago in range(20):
        notebook.ordinary_week(WEEK.previous(weeks_ago))
    for weeks_ago, many in ((2, 1), (1, 3), (0, 6)):
        for n in range(many):
            kind = DemandKind.CHASE if n > 4 else DemandKind.ADVISE
            told = {"week": WEEK.previous(weeks_ago), "theme": "heat pumps", "point": ("desk", "line", "shop")[n % 3]}
            notebook.log(f"Are heat pumps any good, {n}?", kind, **told)
    digest = notebook.digest()
    [growing] = digest.growing
    assert (growing.notes, growing.weeks_seen, growing.this_week, growing.points) == (10, 3, 6, 3)
    assert "10 notes in 3 weeks, at 3 points." in " ".join(render.as_text(digest).split())
    assert [theme.name for theme in digest.themes] == ["where is my repair"]


def test_one_busy_week_does_not_make_a_theme_grow(notebook: Notebook) -> None:
    """A spike is a spike."""
    for weeks_ago in range(20):
        notebook.ordinary_week(WEEK.previous(weeks_ago))
    for n in range(15):
        notebook.log(f"The power went out {n}", DemandKind.WRONG, theme="power cut")
    notebook.log("The power went out once before", DemandKind.WRONG, week=WEEK.previous(5), theme="power cut")
    assert notebook.digest().growing == ()


def test_all_three_system_factors_are_told_even_with_nothing_logged(notebook: Notebook) -> None:
    """Emptiness is shown here on purpose."""
    notebook.log("Can I book a visit?", DemandKind.START)
    assert [(factor.factor, factor.count) for factor in notebook.digest().factors] == [(f, 0) for f in SystemFactor]


def test_each_factor_traces_to_its_notes(notebook: Notebook) -> None:
    """A tag, a demand that belongs elsewhere, a knock-on note: each is found, by number."""
    overload = notebook.log(
        "Three hundred calls, four of us", ImprovementKind.BLOCKER, system_factor=SystemFactor("SF1")
    )
    train = notebook.log("What time is the Derby train?", DemandKind.ELSEWHERE)
    knock_on = notebook.log("New form upstairs, chaos downstairs", ImprovementKind.KNOCK_ON)
    assert [factor.notes for factor in notebook.digest().factors] == [
        (overload.number,),
        (train.number,),
        (knock_on.number,),
    ]


def test_demand_never_heard_before_belongs_to_the_second_factor(notebook: Notebook) -> None:
    """Unknown demand is what Parry calls it, whatever type it turns out to be."""
    notebook.log("Any news?", week=WEEK.previous(10))
    new = notebook.log("The lift talks to me", DemandKind.WRONG, theme="the lift talks")
    assert [factor.notes for factor in notebook.digest().factors] == [(), (new.number,), ()]


def test_asks_are_about_the_system_and_trace_to_notes(notebook: Notebook) -> None:
    """The condition felt at most points comes first; the quotation is this week's; older notes are traced too."""
    old = notebook.log("We may not refund a pound", ImprovementKind.BLOCKER, week=WEEK.previous(3), point="shop",
                       system_condition=SystemCondition.RULE)  # fmt: skip
    new = notebook.log("A manager must sign every refund", ImprovementKind.BLOCKER, point="desk",
                       system_condition=SystemCondition.RULE)  # fmt: skip
    tool = notebook.log("The map loads for a minute", ImprovementKind.BLOCKER, point="line",
                        system_condition=SystemCondition.TOOL)  # fmt: skip
    notebook.log("Old story", ImprovementKind.BLOCKER, week=WEEK.previous(4), system_condition=SystemCondition.CAPACITY)
    rule, map_ask = notebook.digest().asks
    assert (rule.condition, rule.notes, rule.points, rule.weeks) == (
        SystemCondition.RULE,
        (new.number, old.number),
        2,
        2,
    )
    assert rule.quote.words == "A manager must sign every refund"
    assert map_ask.notes == (tool.number,)


def test_an_ask_stands_for_four_weeks_after_it_was_last_named(notebook: Notebook) -> None:
    """Nobody should have to repeat themselves every Monday; and it says how old it is."""
    week = WEEK.previous(3)
    notebook.log("A manager must sign every refund", ImprovementKind.BLOCKER, week=week,
                 system_condition=SystemCondition.RULE)  # fmt: skip
    [ask] = notebook.digest().asks
    assert ask.last_named == week.label
    assert notebook.digest(WEEK.next).asks == ()


def test_what_is_felt_at_more_points_is_asked_before_what_is_said_more_often(notebook: Notebook) -> None:
    """One point that says it every week counts for less than two that said it once: spread, not volume."""
    for weeks_ago in range(4):
        notebook.log(f"The printer jams {weeks_ago}", ImprovementKind.BLOCKER, week=WEEK.previous(weeks_ago),
                     point="desk", system_condition=SystemCondition.TOOL)  # fmt: skip
    for point in ("line", "shop"):
        notebook.log(f"Not ours to decide, {point}", ImprovementKind.BLOCKER, point=point,
                     system_condition=SystemCondition.ROLE)  # fmt: skip
    assert [ask.condition for ask in notebook.digest().asks] == [SystemCondition.ROLE, SystemCondition.TOOL]


def test_at_most_three_asks_are_made(notebook: Notebook) -> None:
    """More than three would be none."""
    for condition in SystemCondition:
        notebook.log(f"In the way: {condition}", ImprovementKind.BLOCKER, system_condition=condition)
    assert len(notebook.digest().asks) == 3


@pytest.mark.parametrize("audience", list(Audience))
def test_older_blockers_beyond_the_eighth_are_counted(notebook: Notebook, audience: Audience) -> None:
    """Eight by number, the oldest first, and how many more there are: nobody should think that this is all."""
    for n in range(11):
        notebook.log(f"In the way {n}", ImprovementKind.BLOCKER, week=WEEK.previous(11 - n))
    digest = notebook.digest(audience=audience)
    assert digest.staff.older_blockers == tuple(range(1, 9))
    assert digest.staff.older_blockers_count == 11
    assert "notes 1, 2, 3, 4, 5, 6, 7, 8 and 3 more." in " ".join(render.as_text(digest).split())


def test_every_older_blocker_counts_however_many_there_are(notebook: Notebook) -> None:
    """Sixty a week for eleven weeks: what is told is what there is, and the oldest of them is the oldest."""
    with notebook.database.transaction() as session:
        for weeks_ago in range(11, 0, -1):
            for n in range(60):
                notebook._keep(session, f"In the way {n}", ImprovementKind.BLOCKER, week=WEEK.previous(weeks_ago))
    staff = notebook.digest().staff
    assert (staff.older_blockers_count, staff.older_blockers[0]) == (660, 1)


def test_a_digest_from_before_older_blockers_were_counted_names_those_it_has(notebook: Notebook) -> None:
    for weeks_ago in (2, 1):
        notebook.log("In the way", ImprovementKind.BLOCKER, week=WEEK.previous(weeks_ago))
    facts = notebook.digest().facts()
    del facts["staff"]["more_older_blockers"]
    assert "notes 1 and 2. Are they" in render.as_text(Digest.from_facts(facts))


def test_close_calls_are_offered_for_settling(notebook: Notebook) -> None:
    """Two notes at most, the closest calls, and none that a person has settled."""
    sure = {"runner_up": DemandKind.WRONG, "confidence": 0.95}
    notebook.log("Any news on my boiler?", **sure)
    for n, confidence in enumerate((0.55, 0.41, 0.48)):
        notebook.log(f"Hm {'abc'[n] * 5}", DemandKind.CHASE, confidence=confidence, runner_up=DemandKind.ADVISE)
    settled = notebook.log("Hm ddddd", DemandKind.CHASE, confidence=0.3, runner_up=DemandKind.ADVISE)
    notebook.correct(settled, DemandKind.CHASE, now=WEEK.end)
    unsettled = notebook.digest().unsettled
    assert [u.quote.words for u in unsettled] == ["Hm bbbbb", "Hm ccccc"]
    assert unsettled[0].readings == ("chase", "advise")


def test_a_digest_survives_json_unchanged(notebook: Notebook) -> None:
    """What was told can be told again, to the letter."""
    for weeks_ago in range(14):
        notebook.ordinary_week(WEEK.previous(weeks_ago))
    notebook.log("In the way", ImprovementKind.BLOCKER, system_condition=SystemCondition.RULE)
    digest = notebook.digest(missed=("20 to 26 April 2026",))
    again = Digest.from_facts(json.loads(json.dumps(digest.facts())))
    assert again == digest
    assert again.fingerprint == digest.fingerprint


def test_nothing_in_a_digest_points_at_a_person_a_team_or_a_place(notebook: Notebook) -> None:
    """Listening points come as numbers alone, and who passed a note on is nowhere."""
    for n in range(12):
        notebook.log(f"Any news on {n}?", point=f"#front-desk-{n % 3}")
    facts = json.dumps(notebook.digest().facts())
    assert "front-desk" not in facts
    assert "U0" not in facts


def test_another_workspaces_notes_and_units_are_out_of_reach(notebook: Notebook) -> None:
    """Asking for somebody else's unit is refused."""
    notebook.log("Ours alone")
    notebook.workspace = "T0HILLCREST"
    with pytest.raises(LookupError, match="not one of this workspace's"):
        notebook.digest()


def test_a_week_of_nothing_composes_to_nothing(notebook: Notebook) -> None:
    """No notes, no numbers, no error."""
    digest = notebook.digest()
    assert not digest.anything_to_say
    assert digest.charts == ()


def test_both_databases_tell_the_same(sqlite: Database, postgres: Database, now: datetime) -> None:
    """The same notes make the same digest, letter for letter, wherever they are kept."""
    told = []
    for database in (sqlite, postgres):
        with database.transaction() as session:
            workspaces.join(session, "T0LARKMOOR", now=now, timezone="Europe/London")
        notebook = Notebook(database, "T0LARKMOOR")
        for weeks_ago in range(10):
            notebook.ordinary_week(WEEK.previous(weeks_ago), failure=4, value=8)
        notebook.log("Asked in March", first_asked_on=date(2026, 3, 9), what_matters="an answer", theme="lift talks")
        notebook.log("In the way", ImprovementKind.BLOCKER, system_condition=SystemCondition.RULE, point="desk")
        told.append(notebook.digest())
    assert told[0] == told[1]


def test_what_mattered_to_several_in_the_same_words_is_told_once(notebook: Notebook) -> None:
    for n in range(4):
        notebook.log(f"Can I book a visit on day {n}?", DemandKind.START, what_matters="Not losing a day's pay.")
    notebook.log("Which of the two would you take?", DemandKind.ADVISE, what_matters="that it lasts")
    mattered = notebook.digest().what_matters
    assert {quote.what_matters for quote in mattered.quotes} == {"Not losing a day's pay.", "that it lasts"}
    assert mattered.count == 5
