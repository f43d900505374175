"""The read side counts what the standing tags say, week by week, on both databases alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from nlp.vocabulary import DemandKind, DemandType, ImprovementKind
from storage import counts, notes, recurring, standing, tags, workspaces
from storage.counts import Week
from storage.database import Database
from tests import make

MONDAY = datetime(2026, 4, 27, tzinfo=UTC)


def weeks(many: int) -> list[Week]:
    """So many weeks, the last of them beginning on 27 April."""
    starts = [MONDAY - timedelta(weeks=n) for n in range(many - 1, -1, -1)]
    return [(start, start + timedelta(weeks=1)) for start in starts]


@pytest.fixture
def unit_id(database: Database, larkmoor: str) -> int:
    with database.transaction() as session:
        unit = workspaces.home_unit(session, larkmoor)
    assert unit.id is not None
    return unit.id


def test_each_week_is_counted_by_what_was_logged(database: Database, larkmoor: str, unit_id: int) -> None:
    """Types, improvement notes and untagged notes, each in the week it was heard in, to the second."""
    with database.transaction() as session:
        make.note(session, "a", workspace=larkmoor, at=MONDAY, kind=DemandKind.CHASE)
        make.note(session, "b", workspace=larkmoor, at=MONDAY + timedelta(days=6, hours=23), kind=DemandKind.START)
        make.note(session, "c", workspace=larkmoor, at=MONDAY + timedelta(days=7), kind=DemandKind.START)
        make.note(session, "d", workspace=larkmoor, at=MONDAY - timedelta(seconds=1), kind=ImprovementKind.IDEA)
        make.note(session, "e", workspace=larkmoor, at=MONDAY, kind=DemandKind.TOO_THIN)
        make.note(session, "f", workspace=larkmoor, at=MONDAY)
        empty, before, this = counts.history(session, weeks(3), workspace=larkmoor, unit_id=unit_id)
    assert (empty.notes, before.notes, this.notes) == (0, 1, 4)
    assert before.improvement == 1
    assert this.demand == {DemandType.FAILURE: 1, DemandType.VALUE: 1, DemandType.UNKNOWN: 1}
    assert (this.failure, this.classified) == (1, 2)
    assert this.taggers == {"test 1": 3}


def test_when_it_was_asked_and_heard_comes_as_whole_days_and_seconds(
    database: Database, larkmoor: str, unit_id: int
) -> None:
    """To the second below, whatever is behind it; and before 1970, should a slip of the finger lead there."""
    at = MONDAY + timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)
    with database.transaction() as session:
        for asked_on in (date(2026, 4, 20), date(1969, 12, 31)):
            note = make.note(session, f"{asked_on}", workspace=larkmoor, at=at, kind=DemandKind.CHASE, theme="a")
            note.first_asked_on = asked_on
            session.add(note)
        make.note(session, "no date", workspace=larkmoor, at=at, kind=DemandKind.CHASE)
        found = counts.asked_and_heard(session, weeks(1), workspace=larkmoor, unit_id=unit_id)
    heard_at = int(MONDAY.timestamp()) + 86_399
    assert sorted(tuple(row) for row in found) == [
        (-1, heard_at, "a"),
        (date(2026, 4, 20).toordinal() - date(1970, 1, 1).toordinal(), heard_at, "a"),
    ]


def test_only_the_standing_tag_counts(database: Database, larkmoor: str, unit_id: int) -> None:
    """Three views of one note are one note; a person's word stands, and carries no tagger's version."""
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=MONDAY, kind=DemandKind.ADVISE)
        tags.correct(session, note, kind=DemandKind.CHASE, now=MONDAY)
        tags.suggest(session, note, make.tagging(DemandKind.START), now=MONDAY + timedelta(hours=1))
        [week] = counts.history(session, weeks(1), workspace=larkmoor, unit_id=unit_id)
        [facts] = counts.notes_in(session, weeks(1)[0], workspace=larkmoor, unit_id=unit_id)
    assert week.demand == {DemandType.FAILURE: 1}
    assert week.taggers == {}
    assert facts.kind is DemandKind.CHASE


def test_a_later_suggestion_takes_the_place_of_an_earlier_one(database: Database, larkmoor: str, unit_id: int) -> None:
    """Tagged again by a newer version, a note counts once, by the newer."""
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=MONDAY, kind=DemandKind.ADVISE)
        tags.suggest(session, note, make.tagging(DemandKind.CHASE), now=MONDAY + timedelta(days=1))
        [week] = counts.history(session, weeks(1), workspace=larkmoor, unit_id=unit_id)
    assert week.demand == {DemandType.FAILURE: 1}


def test_what_was_taken_back_is_counted_nowhere(database: Database, larkmoor: str, unit_id: int) -> None:
    """Neither in the weeks, nor among points, nor as the beginning of anything."""
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=MONDAY, kind=DemandKind.CHASE, theme="bins", point="desk")
        notes.withdraw(session, note, now=MONDAY)
        where = {"workspace": larkmoor, "unit_id": unit_id}
        [week] = counts.history(session, weeks(1), **where)
        assert week.notes == 0
        lately = recurring.lately(session, weeks(1), **where)
        assert (lately.themes, lately.points) == ([], frozenset())
        assert counts.first_heard_at(session, **where) is None


def test_themes_are_counted_by_week_with_failure_demand_apart(database: Database, larkmoor: str, unit_id: int) -> None:
    """The unknown have no theme worth counting; value demand has, and is told apart."""
    with database.transaction() as session:
        for week, kind in ((0, DemandKind.CHASE), (0, DemandKind.START), (1, DemandKind.CHASE), (1, DemandKind.NO_ASK)):
            at = MONDAY - timedelta(weeks=week)
            make.note(session, f"{week}{kind}", workspace=larkmoor, at=at, kind=kind, theme="bins", point=f"p{week}")
        where = {"workspace": larkmoor, "unit_id": unit_id}
        lately = recurring.lately(session, weeks(3), **where)
        failing = recurring.failing_by_week(session, ["bins", "other"], weeks(3), **where)
        heard = recurring.sightings(session, ["bins", "other"], weeks(3), **where)
    [theme] = lately.themes
    assert theme.by_week == (0, 1, 2)
    assert theme.failure_by_week == (0, 1, 1)
    assert lately.points_by_theme == {"bins": 2}
    assert failing == {"bins": (0, 1, 1), "other": (0, 0, 0)}
    assert heard == {"bins": [MONDAY - timedelta(weeks=1), MONDAY]}


def test_the_words_are_fetched_only_for_the_notes_that_are_shown(
    database: Database, larkmoor: str, unit_id: int
) -> None:
    """Facts about a note have no words in them; those come by id."""
    with database.transaction() as session:
        make.note(session, "Where is my bin?", workspace=larkmoor, at=MONDAY, kind=DemandKind.CHASE)
        [facts] = counts.notes_in(session, weeks(1)[0], workspace=larkmoor, unit_id=unit_id)
        said = counts.words(session, [facts.number], workspace=larkmoor)
    assert not facts.says_what_matters
    assert said[facts.id].verbatim == "Where is my bin?"


def test_another_workspace_is_never_counted(database: Database, larkmoor: str, unit_id: int) -> None:
    """Every query asks for the workspace; its units and its clock are its own."""
    with database.transaction() as session:
        workspaces.join(session, "T0HILLCREST", now=MONDAY)
        make.note(session, workspace="T0HILLCREST", at=MONDAY, kind=DemandKind.CHASE)
        [week] = counts.history(session, weeks(1), workspace=larkmoor, unit_id=unit_id)
        assert week.notes == 0
        assert counts.clock(session, larkmoor) == "Europe/London"
        with pytest.raises(LookupError):
            counts.unit(session, unit_id, workspace="T0HILLCREST")
        with pytest.raises(LookupError):
            counts.clock(session, "T0NOBODY")


def test_improvement_notes_come_newest_first(database: Database, larkmoor: str, unit_id: int) -> None:
    """All of them, and no demand among them."""
    with database.transaction() as session:
        for day in range(4):
            at = MONDAY + timedelta(days=day)
            make.note(session, f"idea {day}", workspace=larkmoor, at=at, kind=ImprovementKind.IDEA)
        make.note(session, "a demand", workspace=larkmoor, at=MONDAY, kind=DemandKind.CHASE)
        found = counts.improvement_notes(session, weeks(1), workspace=larkmoor, unit_id=unit_id)
    assert [facts.heard_at.day for facts in found] == [30, 29, 28, 27]


def test_a_year_of_weeks_is_read_in_one_go(database: Database, larkmoor: str, unit_id: int) -> None:
    """Three years of weeks are as good as one."""
    with database.transaction() as session:
        make.note(session, "x", workspace=larkmoor, at=MONDAY - timedelta(weeks=155), kind=DemandKind.CHASE)
        found = counts.history(session, weeks(156), workspace=larkmoor, unit_id=unit_id)
    assert len(found) == 156
    assert found[0].notes == 1
    assert sum(week.notes for week in found) == 1


def test_facts_are_read_in_the_order_of_their_columns() -> None:
    """A row becomes a note's facts by place, so the two must never drift apart."""
    assert counts.NoteFacts._fields == (*(column.name for column in standing.HEARD.selected_columns), "week")
