"""People hear what has become of their notes as often as they chose, of their own notes alone, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot import hearing_back
from digests import whereabouts
from nlp.vocabulary import DemandKind
from storage import contributors, editions, outbox, preferences, schedules, workspaces
from storage.columns import Audience, Hearing
from storage.database import Database
from storage.editions import Outcome
from storage.models import Message, Note, Workspace
from tests import make

ASHA, TOM = "U0ASHA00001", "U0TOM000001"
TUESDAY = datetime(2026, 4, 21, 10, 0, tzinfo=UTC)
MONDAY = datetime(2026, 4, 27, 8, 0, tzinfo=UTC)
"""The digest of the week before comes on Monday at nine by Larkmoor's clock."""
FRIDAY = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def notes(database: Database, larkmoor: str) -> dict[str, Note]:
    """One note of Tom's and two of Asha's, all from one week."""
    with database.transaction() as session:
        return {
            words: make.note(session, words, workspace=larkmoor, at=TUESDAY, by=by, kind=DemandKind.CHASE)
            for words, by in (("Any news on my form?", ASHA), ("Where is it?", TOM), ("Still nothing?", ASHA))
        }


def is_left(database: Database, workspace: str, *quoted: Note, at: datetime = MONDAY, week: str = "2026-W17") -> str:
    """A digest of that week, which shows the words of these notes, waits in the outbox. Returns its key."""
    with database.transaction() as session:
        plan = schedules.place(
            session,
            workspace=workspace,
            unit_id=workspaces.home_unit(session, workspace).id or 0,
            channel="C0MANAGERS1",
            audience=Audience.MANAGERS,
            now=TUESDAY,
        )
        edition = editions.claim(session, plan, week, now=at)
        assert edition is not None
        facts = {
            "zone": "Europe/London",
            "label": "20 to 26 April 2026",
            "quotes": [{"note": note.number, "words": note.verbatim} for note in quoted],
        }
        editions.tell(session, edition, Outcome.LEFT, claimed_at=at, facts=facts)
        key = editions.key_of(plan, week)
        outbox.leave(session, workspace=workspace, key=key, channel=plan.channel, body={"text": "x"}, now=at)
    return key


def arrives(database: Database, workspace: str, key: str, *, at: datetime = MONDAY) -> None:
    """Slack has taken what was left under this key."""
    with database.transaction() as session:
        message = outbox.with_key(session, workspace=workspace, key=key)
        assert message is not None
        outbox.sent(session, message.id or 0, ts="1777276800.000100", now=at)


def is_given_up(database: Database, workspace: str, key: str) -> None:
    """Slack has refused what was left under this key."""
    with database.transaction() as session:
        message = outbox.with_key(session, workspace=workspace, key=key)
        assert message is not None
        outbox.give_up(session, message.id or 0, why="is_archived")


def goes_out(database: Database, workspace: str, *quoted: Note, at: datetime = MONDAY, week: str = "2026-W17") -> None:
    """A digest of that week, which shows the words of these notes, is left and arrives."""
    arrives(database, workspace, is_left(database, workspace, *quoted, at=at, week=week), at=at)


def prefers(database: Database, workspace: str, person: str, hears: Hearing, *, at: datetime = TUESDAY) -> None:
    with database.transaction() as session:
        preferences.choose(session, workspace=workspace, person=person, hears=hears, now=at)


def told(database: Database) -> list[tuple[str, str]]:
    """To whom what was left in the outbox."""
    with database.reading() as session:
        return [
            (message.channel, " ".join(str(block) for block in message.body["blocks"]))
            for message in session.exec(select(Message).where(~col(Message.key).startswith("digest/")))
        ]


def test_whoever_chose_nothing_hears_nothing(database: Database, larkmoor: str, notes: dict[str, Note]) -> None:
    goes_out(database, larkmoor, *notes.values())
    for now in (MONDAY, FRIDAY, FRIDAY + timedelta(days=2)):
        hearing_back.tell(database, now=now)
    assert told(database) == []


def test_at_once_means_when_a_digest_quotes_my_note_and_only_mine(
    database: Database, larkmoor: str, notes: dict[str, Note]
) -> None:
    """One message about the one note that was quoted, however often the clock ticks; none to Tom, who chose never."""
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE)
    prefers(database, larkmoor, TOM, Hearing.NEVER)
    hearing_back.tell(database, now=MONDAY - timedelta(minutes=1))
    goes_out(database, larkmoor, notes["Any news on my form?"], notes["Where is it?"])
    for minutes in range(3):
        hearing_back.tell(database, now=MONDAY + timedelta(minutes=minutes))
    [(person, words)] = told(database)
    assert person == ASHA
    assert "Note 1 that you passed on is quoted in the digest of 20 to 26 April 2026" in words
    assert "Any news" not in words


def test_what_went_out_before_someone_chose_is_not_told_of_afterwards(
    database: Database, larkmoor: str, notes: dict[str, Note]
) -> None:
    goes_out(database, larkmoor, *notes.values())
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE, at=MONDAY + timedelta(hours=1))
    hearing_back.tell(database, now=MONDAY + timedelta(hours=1))
    assert told(database) == []


def test_a_digest_on_its_way_has_quoted_nobody_yet(database: Database, larkmoor: str, notes: dict[str, Note]) -> None:
    """Being left in the outbox is not arriving; whoever waits to hear hears when it has arrived, however late."""
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE)
    prefers(database, larkmoor, TOM, Hearing.WEEKLY)
    key = is_left(database, larkmoor, *notes.values())
    for now in (MONDAY, MONDAY + timedelta(minutes=5), FRIDAY):
        hearing_back.tell(database, now=now)
    assert told(database) == []
    arrives(database, larkmoor, key, at=FRIDAY + timedelta(hours=1))
    hearing_back.tell(database, now=FRIDAY + timedelta(hours=2))
    assert [person for person, _words in told(database)] == [ASHA, ASHA]
    hearing_back.tell(database, now=FRIDAY + timedelta(days=7))
    assert [person for person, _words in told(database)] == [ASHA, ASHA, TOM]


def test_a_digest_that_was_given_up_has_quoted_nobody(
    database: Database, larkmoor: str, notes: dict[str, Note]
) -> None:
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE)
    prefers(database, larkmoor, TOM, Hearing.WEEKLY)
    is_given_up(database, larkmoor, is_left(database, larkmoor, *notes.values()))
    for now in (MONDAY + timedelta(minutes=5), FRIDAY):
        hearing_back.tell(database, now=now)
    assert told(database) == []
    with database.reading() as session:
        got_to = whereabouts.of(session, list(notes.values()), workspace=larkmoor, now=FRIDAY)
    assert all(not note.quoted_in and not note.counted_in for note in got_to.values())


def test_a_digest_that_came_when_someone_asked_again_has_quoted_them(
    database: Database, larkmoor: str, notes: dict[str, Note]
) -> None:
    """Its first try was given up; what arrived in its place shows their words all the same."""
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE)
    key = is_left(database, larkmoor, notes["Still nothing?"])
    is_given_up(database, larkmoor, key)
    later = MONDAY + timedelta(days=2)
    with database.transaction() as session:
        body = {"text": "x"}
        outbox.leave(session, workspace=larkmoor, key=f"{key}/again/7", channel="C0MANAGERS1", body=body, now=later)
    arrives(database, larkmoor, f"{key}/again/7", at=later)
    hearing_back.tell(database, now=later)
    [(person, words)] = told(database)
    assert person == ASHA
    assert "Note 3 that you passed on is quoted" in words


def test_once_a_week_is_one_message_on_friday_with_all_of_it(
    database: Database, larkmoor: str, notes: dict[str, Note]
) -> None:
    prefers(database, larkmoor, ASHA, Hearing.WEEKLY)
    goes_out(database, larkmoor, notes["Still nothing?"], notes["Where is it?"])
    hearing_back.tell(database, now=FRIDAY - timedelta(minutes=1))
    assert told(database) == []
    for minutes in range(3):
        hearing_back.tell(database, now=FRIDAY + timedelta(minutes=minutes))
    [(person, words)] = told(database)
    assert person == ASHA
    assert "Quoted in the digest of 20 to 26 April 2026: note 3." in words
    assert "Part of what the digest of 20 to 26 April 2026 says: note 1." in words
    hearing_back.tell(database, now=FRIDAY + timedelta(days=7))
    assert len(told(database)) == 1


AUTUMN = [datetime(2026, 10, 23, 8, tzinfo=UTC), datetime(2026, 10, 30, 9, tzinfo=UTC)]
SPRING = [datetime(2026, 3, 27, 9, tzinfo=UTC), datetime(2026, 4, 3, 8, tzinfo=UTC)]
"""Two Fridays at nine by Larkmoor's clock, which changes between them."""


@pytest.mark.parametrize(("fridays", "week"), [(AUTUMN, "2026-W42"), (SPRING, "2026-W12")])
@pytest.mark.parametrize("minutes", [-30, 30])
def test_when_the_clocks_change_a_digest_is_summed_up_once(
    database: Database, larkmoor: str, fridays: list[datetime], week: str, minutes: int
) -> None:
    """From nine to nine by the clock, be that 167 hours or 169: none falls between two Fridays, none is in both."""
    out_at = fridays[0] + timedelta(minutes=minutes)
    heard_at = out_at - timedelta(days=10)
    with database.transaction() as session:
        note = make.note(session, "Where is it?", workspace=larkmoor, at=heard_at, by=ASHA, kind=DemandKind.CHASE)
    prefers(database, larkmoor, ASHA, Hearing.WEEKLY, at=heard_at)
    if minutes > 0:
        hearing_back.tell(database, now=fridays[0])
    goes_out(database, larkmoor, note, at=out_at, week=week)
    for friday in fridays[minutes > 0 :]:
        hearing_back.tell(database, now=friday)
    assert len(told(database)) == 1


def test_a_week_that_made_nothing_of_my_notes_brings_no_message(
    database: Database, larkmoor: str, notes: dict[str, Note]
) -> None:
    prefers(database, larkmoor, ASHA, Hearing.WEEKLY)
    hearing_back.tell(database, now=FRIDAY)
    assert told(database) == []


def test_a_note_taken_back_is_not_told_of_any_more(database: Database, larkmoor: str, notes: dict[str, Note]) -> None:
    """What was still waiting to be said about it goes with it."""
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE)
    goes_out(database, larkmoor, notes["Any news on my form?"])
    hearing_back.tell(database, now=MONDAY)
    with database.transaction() as session:
        outbox.forget(session, workspace=larkmoor, key=f"receipt/{notes['Any news on my form?'].id}")
    assert told(database) == []


def test_nobody_is_written_to_where_the_app_was_removed(
    database: Database, larkmoor: str, notes: dict[str, Note]
) -> None:
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE)
    goes_out(database, larkmoor, notes["Any news on my form?"])
    with database.transaction() as session:
        session.get_one(Workspace, larkmoor).purge_at = MONDAY
    hearing_back.tell(database, now=MONDAY)
    assert told(database) == []


def test_it_is_told_in_the_workspaces_own_language(
    database: Database, larkmoor: str, notes: dict[str, Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    from digests import speech

    spoken: list[str] = []
    monkeypatch.setattr(
        "bot.blocks.hearing_card.quoted", lambda number, week: spoken.append(speech.spoken()) or {"text": "x"}
    )
    monkeypatch.setitem(speech.LANGUAGES, "xx", "Another")
    prefers(database, larkmoor, ASHA, Hearing.AT_ONCE)
    goes_out(database, larkmoor, notes["Any news on my form?"])
    with database.transaction() as session:
        workspaces.set_language(session, larkmoor, "xx")
    hearing_back.tell(database, now=MONDAY)
    assert spoken == ["xx"]


def test_a_preference_is_its_workspaces_own(database: Database, larkmoor: str) -> None:
    """The same user id elsewhere is somebody else."""
    prefers(database, larkmoor, ASHA, Hearing.WEEKLY)
    with database.transaction() as session:
        workspaces.join(session, "T0HILLCREST", now=MONDAY)
    with database.reading() as session:
        assert preferences.chosen(session, workspace="T0HILLCREST", person=ASHA) is None
        assert preferences.chosen(session, workspace=larkmoor, person=ASHA) is Hearing.WEEKLY
        assert contributors.own_among(session, {1, 2, 3}, workspace="T0HILLCREST", person=ASHA) == []
