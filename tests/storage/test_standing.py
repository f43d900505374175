"""What is kept beside each note, so that weeks can be counted quickly, is always what the plain records say."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, select

from nlp.tagging import Tagging
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, SystemCondition
from storage import counts, notes, recurring, standing, stems, tags, units, workspaces
from storage.columns import TagSource
from storage.database import Database, migrations
from storage.models import Note, Stem, Tag, Unit
from tests import make
from tests.bench import filling

MONDAY = datetime(2026, 4, 27, tzinfo=UTC)
WEEKS = [(MONDAY + timedelta(weeks=n), MONDAY + timedelta(weeks=n + 1)) for n in (-2, -1, 0)]
KINDS = [DemandKind.START, DemandKind.CHASE, DemandKind.NO_ASK, ImprovementKind.IDEA]
THEMES = [None, "bins", "boiler cold"]
WORDS = ["Where is my bin?", "The boiler is cold", "The boiler again, and no bins", "Étage"]

some = st.integers(min_value=0, max_value=11)
act = st.tuples(
    st.sampled_from(["keep", "suggest", "suggest", "correct", "retheme", "reword", "undo"]), some, some, some
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(act, min_size=1, max_size=14))
def test_the_quick_counts_are_the_plain_ones_whatever_people_do(
    acts: list[tuple[str, int, int, int]], database: Database, larkmoor: str
) -> None:
    """Kept, tagged, tagged again, corrected, given another theme, reworded, taken back, in any order and any unit."""
    with database.reading() as session:  # nothing of it is kept, so that every example begins afresh
        theirs = [workspaces.home_unit(session, larkmoor), units.called(session, larkmoor, "Repairs")[0]]
        kept: list[Note] = []
        for n, (verb, which, one, other) in enumerate([("keep", 0, 0, 0), *acts]):
            now = MONDAY + timedelta(minutes=one - n % 3)  # clocks of several replicas are never quite alike
            note = kept[which % len(kept)] if kept else None
            if note is None or verb == "keep":
                at = WEEKS[which % 3][0] + timedelta(days=one % 7)
                words, unit, point = WORDS[other % 4], theirs[one % 2], f"Desk {other % 2}" * (which % 2)
                new = make.note(session, words, workspace=larkmoor, at=at, key=str(n), unit=unit, point=point)
                kept.append(new)
            elif note.withdrawn_at is None:
                _do(session, note, verb, KINDS[one % 4], THEMES[other % 3], WORDS[other % 4], now)
        for unit in theirs:
            _agrees(session, unit)


def _do(session: Session, note: Note, verb: str, kind: Any, theme: str | None, words: str, now: datetime) -> None:
    before = tags.standing(session, note)
    if verb == "suggest":
        condition = SystemCondition.TOOL if theme == "bins" else None
        tagging = Tagging(kind=kind, confidence=0.9, theme=theme, tagger=f"test {now.minute % 2}")
        tags.suggest(session, note, Tagging(**{**_fields(tagging), "system_condition": condition}), now=now)
    elif verb == "correct":
        tags.correct(session, note, kind=kind, now=now, theme=theme)
    elif verb == "retheme" and before is not None:
        tags.retheme(session, [(before, theme)], now=now, people_too=True)
    elif verb == "reword":
        notes.reword(session, note, words)
    elif verb == "undo":
        notes.withdraw(session, note, now=now)


def _fields(tagging: Tagging) -> dict[str, Any]:
    return {name: getattr(tagging, name) for name in ("kind", "confidence", "theme", "tagger")}


def _agrees(session: Session, unit: Unit) -> None:
    """Everything that is counted quickly, counted again from notes and tags, one by one."""
    place: Any = {"workspace": unit.workspace, "unit_id": unit.id}
    there = [
        (note, tags.standing(session, note), (note.heard_at - WEEKS[0][0]).days // 7)
        for note in session.exec(select(Note).where(Note.unit_id == unit.id))
        if note.withdrawn_at is None
    ]
    history = counts.history(session, WEEKS, **place)
    for n, week in enumerate(history):
        here = [tag for _note, tag, of_note in there if of_note == n]
        demands = [tag for tag in here if tag is not None and tag.demand_type is not None]
        assert week.notes == len(here)
        assert week.improvement == sum(tag is not None and tag.demand_type is None for tag in here)
        assert week.demand == Counter(tag.demand_type for tag in demands)
        assert week.taggers == Counter(tag.tagger for tag in demands if tag.source is TagSource.TAGGER)
    lately = recurring.lately(session, WEEKS, **place)
    untyped = (None, DemandType.UNKNOWN)
    typed = [(note, tag, n) for note, tag, n in there if tag and tag.theme and tag.demand_type not in untyped]
    failing = [(note, tag, n) for note, tag, n in typed if tag.demand_type is DemandType.FAILURE]
    names = sorted({tag.theme or "" for _note, tag, _n in typed})
    assert [theme.theme for theme in lately.themes] == names
    for theme in lately.themes:
        assert theme.by_week == _by_week(typed, theme.theme)
        assert theme.failure_by_week == _by_week(failing, theme.theme)
    assert recurring.failing_by_week(session, names, WEEKS, **place) == {
        name: _by_week(failing, name) for name in names
    }
    assert recurring.known(session, names, since=WEEKS[0][0], before=WEEKS[-1][1], **place) == frozenset(names)
    assert lately.points == {note.point for note, _tag, _n in there if note.point}
    points: dict[str, set[str]] = defaultdict(set)
    for note, tag, _n in failing:
        if note.point:
            points[tag.theme or ""].add(note.point)
    assert lately.points_by_theme == {theme: len(of_theme) for theme, of_theme in points.items()}
    heard = recurring.sightings(session, names, WEEKS, **place)
    for name in names:
        assert heard.get(name, []) == sorted(note.heard_at for note, tag, _n in failing if tag.theme == name)
    first: dict[str, datetime] = {}
    for note, _tag, _n in sorted(there, key=lambda one: one[0].heard_at):
        for stem in stems.held_by(note.verbatim):
            first.setdefault(stem, note.heard_at)
    known = session.exec(select(Stem).where(Stem.unit_id == unit.id).execution_options(populate_existing=True))
    assert {stem.stem: stem.first_at for stem in known} == first


def _by_week(tagged: list[tuple[Note, Tag, int]], theme: str) -> tuple[int, ...]:
    return tuple(sum(tag.theme == theme and n == week for _note, tag, n in tagged) for week in range(len(WEEKS)))


def test_whoever_comes_second_sees_what_the_first_said(postgres: Database, now: datetime) -> None:
    """A person corrects a note while the tagger sees it anew: the person's word is what counts, whoever is first."""
    with postgres.transaction() as session:
        workspaces.join(session, "T1", now=now)
        first, second = (
            make.note(session, key, workspace="T1", at=now, kind=DemandKind.ADVISE) for key in ("first", "second")
        )

    def correct(session: Session, note: Note) -> None:
        tags.correct(session, note, kind=DemandKind.CHASE, now=now)

    def suggest(session: Session, note: Note) -> None:
        tags.suggest(session, note, make.tagging(DemandKind.START), now=now)

    _one_while_the_other(postgres, first, correct, suggest)
    _one_while_the_other(postgres, second, suggest, correct)
    with postgres.reading() as session:
        assert [note.counts_as for note in session.exec(select(Note))] == ["FAILURE", "FAILURE"]


def _one_while_the_other(
    postgres: Database, note: Note, one: Callable[[Session, Note], None], other: Callable[[Session, Note], None]
) -> None:
    def come_second() -> None:
        with postgres.transaction() as session:
            other(session, note)

    waiting = threading.Thread(target=come_second)
    with postgres.transaction() as session:
        one(session, note)
        waiting.start()
        blocked = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        while waiting.is_alive() and not session.execute(blocked).scalar_one():
            session.execute(text("SELECT pg_stat_clear_snapshot()"))
    waiting.join()


def test_the_step_finds_what_the_product_itself_would_have_kept(database: Database, larkmoor: str) -> None:
    """Back to the shape before, and forward again: every note is counted as it was, and every first word is there."""
    with database.transaction() as session:
        for n, (words, kind) in enumerate(zip(WORDS, KINDS, strict=True)):
            note = make.note(
                session, words, workspace=larkmoor, at=MONDAY + timedelta(hours=n), kind=kind, theme="bins"
            )
            if n == 0:
                tags.correct(session, note, kind=DemandKind.WRONG, now=MONDAY)
        make.note(session, "Not tagged yet", workspace=larkmoor, at=MONDAY)
        notes.withdraw(session, make.note(session, "Taken back", workspace=larkmoor, at=MONDAY), now=MONDAY)
    before = _kept_beside(database)
    config = migrations()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "heard_in")
        command.upgrade(config, "head")
    assert _kept_beside(database) == before
    assert [row[0] for row in before[0]] == [
        "FAILURE",
        "FAILURE/test 1",
        "UNKNOWN/test 1",
        "IMPROVEMENT/test 1",
        "",
        None,
    ]


def test_a_store_that_was_filled_fast_is_as_the_product_would_have_left_it(sqlite: Database) -> None:
    """What is measured with a million made-up notes holds for real ones."""
    filling.fill(sqlite, 200)
    before = _kept_beside(sqlite)
    with sqlite.transaction() as session:
        for note in session.exec(select(Note)).all():
            standing.let_stand(session, [note.id or 0])
            if note.withdrawn_at is None:
                stems.remember(session, [note])
    assert _kept_beside(sqlite) == before


def _kept_beside(database: Database) -> tuple[list[Any], set[Any]]:
    with database.reading() as session:
        beside = [
            (note.counts_as, note.tag_id, note.demand_type, note.theme, note.system_condition)
            for note in session.exec(select(Note).order_by(Note.id))  # type: ignore[arg-type]
        ]
        return beside, {(stem.unit_id, stem.stem, stem.first_at) for stem in session.exec(select(Stem))}


@pytest.mark.parametrize("words", ["", "no", "ok!"])
def test_words_too_short_to_tell_begin_nothing(words: str) -> None:
    assert stems.held_by(words) == set()
