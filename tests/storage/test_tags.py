"""The tagger suggests; a person's word stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, NoteType
from storage import notes, tags, units
from storage.database import Database
from tests import make


def test_a_persons_word_stands_whatever_the_tagger_says_later(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=now, kind=DemandKind.ADVISE)
        tags.correct(session, note, kind=DemandKind.CHASE, now=now + timedelta(minutes=1))
        tags.suggest(session, note, make.tagging(DemandKind.WRONG), now=now + timedelta(days=30))
        standing = tags.standing(session, note)
    assert standing is not None
    assert standing.kind is DemandKind.CHASE
    assert standing.demand_type is DemandType.FAILURE


def test_the_latest_of_two_corrections_stands(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=now, kind=DemandKind.ADVISE)
        tags.correct(session, note, kind=DemandKind.CHASE, now=now)
        tags.correct(session, note, kind=DemandKind.AGAIN, now=now)
        standing = tags.standing_of(session, [note])
    assert note.id is not None
    assert standing[note.id].kind is DemandKind.AGAIN


def test_a_demand_can_turn_out_to_be_an_improvement_note(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=now, kind=DemandKind.NO_ASK)
        tag = tags.correct(session, note, kind=ImprovementKind.BLOCKER, now=now)
    assert tag.note_type is NoteType.IMPROVEMENT
    assert tag.demand_type is None


def test_what_a_person_leaves_open_stays_as_it_was(database: Database, larkmoor: str, now: datetime) -> None:
    with database.transaction() as session:
        note = make.note(session, workspace=larkmoor, at=now, kind=DemandKind.CHASE, theme="where is my repair")
        tag = tags.correct(session, note, kind=DemandKind.AGAIN, now=now)
    assert tag.theme == "where is my repair"


def test_the_tagger_learns_the_latest_word_about_each_note_and_none_about_notes_taken_back(
    database: Database, larkmoor: str, now: datetime
) -> None:
    with database.transaction() as session:
        kept = make.note(session, "kept", workspace=larkmoor, at=now, kind=DemandKind.ADVISE)
        gone = make.note(session, "gone", workspace=larkmoor, at=now, kind=DemandKind.ADVISE)
        for kind in (DemandKind.WRONG, DemandKind.CHASE):
            tags.correct(session, kept, kind=kind, now=now)
        tags.correct(session, gone, kind=DemandKind.WRONG, now=now)
        notes.withdraw(session, gone, now=now)
        learned = tags.corrections(session, workspace=larkmoor)
    assert [(correction.words, correction.kind) for correction in learned] == [("kept", DemandKind.CHASE)]


def test_history_is_tagged_anew_unit_by_unit_the_oldest_notes_first(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """So that each unit's charts are soon through one lens again; what this version has seen, or has gone, is left."""
    with database.transaction() as session:
        repairs = units.called(session, larkmoor, "Repairs")[0]
        make.note(session, "theirs", workspace=larkmoor, at=now - timedelta(days=9), unit=repairs)
        for days, words in enumerate(["newest", "older", "oldest", "seen", "gone"]):
            note = make.note(
                session, words, workspace=larkmoor, at=now - timedelta(days=days), kind=DemandKind.ADVISE, key=words
            )
            if words == "seen":
                tags.suggest(session, note, replace(make.tagging(DemandKind.WRONG), tagger="test 2"), now=now)
            if words == "gone":
                notes.withdraw(session, note, now=now)

        def waiting(at_most: int) -> list[str]:
            return [note.verbatim for note in tags.seen_otherwise(session, tagger="test 2", at_most=at_most)]

        assert waiting(200) == ["oldest", "older", "newest", "theirs"]
        assert waiting(2) == ["oldest", "older"]
        assert tags.how_many_seen_otherwise(session, tagger="test 2") == 4


def test_after_a_new_tagger_every_note_is_seen_through_the_same_lens(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """Notes that were never tagged, or by another version, wait for this one; a person's word changes nothing there."""
    with database.transaction() as session:
        old = make.note(session, "old lens", workspace=larkmoor, at=now, kind=DemandKind.ADVISE)
        corrected = make.note(session, "corrected", workspace=larkmoor, at=now, kind=DemandKind.ADVISE)
        tags.correct(session, corrected, kind=DemandKind.CHASE, now=now)
        never = make.note(session, "never tagged", workspace=larkmoor, at=now)
        waiting = tags.seen_otherwise(session, tagger="test 2")
        assert [note.id for note in waiting] == [old.id, corrected.id, never.id]
        for note in waiting:
            tags.suggest(session, note, replace(make.tagging(DemandKind.WRONG), tagger="test 2"), now=now)
        assert tags.how_many_seen_otherwise(session, tagger="test 2") == 0
        standing = tags.standing_of(session, waiting)
    assert [standing[note.id or 0].kind for note in waiting] == [DemandKind.WRONG, DemandKind.CHASE, DemandKind.WRONG]


def test_how_often_something_was_heard_goes_by_the_standing_theme_and_the_last_weeks(
    database: Database, larkmoor: str, now: datetime
) -> None:
    """Notes taken back, older ones, and those that a person put under another theme are not among them."""
    with database.transaction() as session:
        said = [
            make.note(
                session, f"parcel {n}", workspace=larkmoor, at=now, kind=DemandKind.CHASE, theme="t", point=f"p{n}"
            )
            for n in range(4)
        ]
        make.note(session, "old", workspace=larkmoor, at=now - timedelta(weeks=13), kind=DemandKind.CHASE, theme="t")
        tags.correct(session, said[1], kind=DemandKind.CHASE, theme="another", now=now)
        notes.withdraw(session, said[2], now=now)
        heard = tags.heard_before(session, ["t", "u"], workspace=larkmoor, since=now - timedelta(weeks=12))
    assert heard == {"t": (2, 2)}
