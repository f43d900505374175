"""Notes are kept once, found again, and taken back for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from nlp.vocabulary import DemandKind, NoteType
from storage import contributors, notes, tags, workspaces
from storage.database import Database
from tests import make
from tests.conftest import HILLCREST


def test_the_same_submission_three_times_is_one_note(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        first = make.note(session, workspace=larkmoor, at=now, key="message/D1/1.1")
    for _ in range(2):
        with database.transaction() as session:
            again = make.note(session, workspace=larkmoor, at=now, key="message/D1/1.1")
            assert again.id == first.id
    with database.reading() as session:
        assert notes.how_many(session, workspace=larkmoor) == 1


def test_many_at_once_are_each_kept_once_and_numbered_apart(database: Database, larkmoor: str, now: datetime) -> None:
    """Deliveries of the same forty notes race in eight threads."""

    def deliver(place: int) -> int:
        with database.transaction() as session:
            return make.note(session, f"note {place % 40}", workspace=larkmoor, at=now, key=str(place % 40)).number

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(deliver, range(120)))
    assert sorted(set(numbers)) == list(range(1, 41))
    with database.reading() as session:
        assert notes.how_many(session, workspace=larkmoor) == 40


def test_a_note_taken_back_is_gone_and_a_late_retry_cannot_revive_it(
    database: Database, larkmoor: str, now: datetime
) -> None:
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=now, key="k", kind=DemandKind.CHASE)
    with database.transaction() as session:
        kept = notes.get(session, note.id or 0, workspace=larkmoor)
        assert kept is not None
        notes.withdraw(session, kept, now=now)
    with database.transaction() as session:
        retried = make.note(session, workspace=larkmoor, at=now, key="k")
        assert retried.verbatim == ""
        assert notes.get(session, note.id or 0, workspace=larkmoor) is None
        assert tags.standing(session, retried) is None
        assert not contributors.wrote(session, retried, person="U0ASHA00001")
        assert notes.search(session, ["plumber"], workspace=larkmoor) == []


def test_no_workspace_ever_sees_another_ones_notes(database: Database, larkmoor: str, now: datetime) -> None:
    """Not by id, not by search, not by listing; and the same person's id elsewhere is somebody else."""
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=now, key="k")
        workspaces.join(session, HILLCREST, now=now)
        workspaces.home_unit(session, HILLCREST)
    with database.reading() as session:
        assert notes.get(session, note.id or 0, workspace=HILLCREST) is None
        assert notes.with_key(session, workspace=HILLCREST, key="k") is None
        assert notes.numbered(session, [note.number], workspace=HILLCREST) == {}
        assert notes.search(session, ["plumber"], workspace=HILLCREST) == []
        assert list(notes.everything(session, workspace=HILLCREST)) == []
        assert contributors.own_notes(session, workspace=HILLCREST, person="U0ASHA00001") == []


@pytest.mark.parametrize("looked_for", ["%", "_", "100%", "\\", "'"])
def test_search_takes_every_character_at_its_word(
    database: Database, larkmoor: str, now: datetime, looked_for: str
) -> None:
    with database.transaction() as session:
        make.note(session, "plain words", workspace=larkmoor, at=now)
        make.note(session, f"with {looked_for} in it", workspace=larkmoor, at=now)
        found = notes.search(session, [looked_for], workspace=larkmoor)
    assert [note.verbatim for note in found] == [f"with {looked_for} in it"]


def test_search_finds_notes_that_hold_all_the_words_newest_first(
    database: Database, larkmoor: str, now: datetime
) -> None:
    with database.transaction() as session:
        make.note(session, "the boiler is cold", workspace=larkmoor, at=now - timedelta(days=1))
        make.note(session, "cold again, that Boiler", workspace=larkmoor, at=now)
        make.note(session, "the boiler is fine", workspace=larkmoor, at=now)
        found = notes.search(session, ["boiler", "cold"], workspace=larkmoor)
    assert [note.verbatim for note in found] == ["cold again, that Boiler", "the boiler is cold"]


@pytest.mark.parametrize("looked_for", ["café", "CAFE", "Cafe\u0301", "ecole", "école", "office"])
def test_search_leaves_capitals_accents_and_ligatures_aside(
    database: Database, larkmoor: str, now: datetime, looked_for: str
) -> None:
    with database.transaction() as session:
        make.note(session, "the Café by the ÉCOLE, beside the o\ufb03ce", workspace=larkmoor, at=now)
        make.note(session, "something else", workspace=larkmoor, at=now)
        found = notes.search(session, [looked_for], workspace=larkmoor)
    assert len(found) == 1


def test_what_comes_together_is_kept_once_each_and_in_its_order(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """In one batch: a note that is there already, the same one twice, and numbers without a gap."""
    with database.transaction() as session:
        unit = workspaces.home_unit(session, larkmoor)
        known = make.note(session, "known", workspace=larkmoor, at=now, key="known")
        heard = [
            notes.Heard(key=key, told_as=NoteType.DEMAND, verbatim=f"{key} {place}", heard_at=now)
            for place, key in enumerate(["a", "known", "b", "a"])
        ]
        kept = notes.add_all(session, [(one, unit.id or 0) for one in heard], workspace=larkmoor, now=now)
        numbers = [note.number - known.number for note, _is_new in kept]
    assert [is_new for _note, is_new in kept] == [True, False, True, False]
    assert [note.verbatim for note, _is_new in kept] == ["a 0", "known", "b 2", "a 0"]
    assert numbers == [1, 0, 2, 1]
