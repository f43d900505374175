"""Once a month a digest says how well we hear: about the tagger, with whole numbers, and about nobody.

The digest of 27 April to 3 May, on 4 May, is the first of its month.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from sqlmodel import select

from digests import hearing, render, retell, send
from digests.facts import Digest, Hearing
from digests.periods import Week
from nlp.vocabulary import DemandKind
from storage import notes
from storage.columns import Audience
from storage.editions import Outcome
from storage.models import Edition, Message
from tests.digests.conftest import CHANNEL, MONDAY_NINE, WEEK, ZONE, Notebook, Office, begin, keeping


def heard(digest: Digest) -> Hearing:
    assert digest.hearing is not None
    return digest.hearing


def body(digest: Digest) -> str:
    told = {section.key: section for section in render.as_sections(digest).sections}
    assert told["hearing"].detail
    return told["hearing"].body


def test_it_stands_in_the_first_digest_of_a_month_alone() -> None:
    """Twelve times a year, and each week is told of once."""
    weeks = [Week.parse("2026-W01", ZONE).previous(-n) for n in range(52)]
    monthly = [week for week in weeks if hearing.begins_a_month(week)]
    assert len(monthly) == 12
    for before, week in pairwise(monthly):
        assert week.previous(hearing.since_the_last(week)) == before


def test_other_digests_and_weeks_that_are_still_running_have_none(notebook: Notebook) -> None:
    """The other weeks stay as short as they were."""
    notebook.log("Any news?")
    notebook.log("Any news?", week=WEEK.previous())
    assert notebook.digest(WEEK.previous()).hearing is None
    assert notebook.digest(now=WEEK.start + timedelta(days=2)).hearing is None
    assert notebook.digest().hearing is not None


def test_what_people_said_is_set_beside_what_was_suggested(notebook: Notebook, now: datetime) -> None:
    """How often the suggestion stood, which kinds were taken for others, and what stayed unknown or a close call."""
    for n in range(5):
        notebook.correct(
            notebook.log(f"Is it ready {n}?", DemandKind.ADVISE, week=WEEK.previous()), DemandKind.CHASE, now=now
        )
    notebook.correct(notebook.log("Can I book?", DemandKind.START), DemandKind.START, now=now)
    notebook.correct(notebook.log("Only once", DemandKind.NEW), DemandKind.CHANGE, now=now)
    notebook.log("Customer rang", DemandKind.TOO_THIN)
    notebook.log("Hm", DemandKind.ADVISE, confidence=0.5, runner_up=DemandKind.CHASE)
    notebook.log("Too long ago", week=WEEK.previous(5))
    assert heard(notebook.digest()) == Hearing(
        weeks=4, notes=9, settled=7, stood=1, mixed=(("advise", "chase", 5),), unknown=1, hardly_sure=1
    )
    said = body(notebook.digest())
    assert "people settled the tags of 7: they said what we had suggested for 1, and something else for 6" in said
    assert "We heard “advise” where you said “chase”: 5 times" in said
    assert "Of 9 notes, 1 stayed unknown to us, and of 1 more we are hardly sure" in said
    assert "People settle what looks wrong first" in said
    assert "press Change" in said
    assert "%" not in said


def test_the_suggestion_that_counts_is_the_one_they_saw(notebook: Notebook, now: datetime) -> None:
    """Whoever changes their mind is counted once, by their last word, beside what they were shown."""
    note = notebook.log("Is it ready?", DemandKind.ADVISE)
    notebook.correct(note, DemandKind.WRONG, now=now)
    notebook.correct(note, DemandKind.ADVISE, now=now)
    assert (heard(notebook.digest()).settled, heard(notebook.digest()).stood) == (1, 1)


def test_a_few_settled_tags_claim_nothing(notebook: Notebook, now: datetime) -> None:
    """Under six it says that it cannot say; with none, that nobody has looked."""
    note = notebook.log("Is it ready?", DemandKind.ADVISE)
    assert "Nobody has settled a tag in the last week: 1 note stands as we suggested" in body(notebook.digest())
    notebook.correct(note, DemandKind.CHASE, now=now)
    assert "too few to say how well we hear you" in body(notebook.digest())


def test_a_note_that_was_taken_back_is_gone_from_it(notebook: Notebook, now: datetime) -> None:
    """Undo means undo, here as well."""
    notebook.log("Stays")
    note = notebook.log("Is it ready?", DemandKind.ADVISE)
    notebook.correct(note, DemandKind.CHASE, now=now)
    with notebook.database.transaction() as session:
        notes.withdraw(session, session.merge(note), now=now)
    assert (heard(notebook.digest()).notes, heard(notebook.digest()).settled) == (1, 0)


def test_lessons_that_were_set_aside_are_told(office: Office) -> None:
    """Asked of whoever learns, for this workspace, and only when a month begins; kept with the facts of the digest."""
    asked: list[str] = []

    def harmful(workspace: str) -> bool:
        asked.append(workspace)
        return True

    begin(office, WEEK.previous())
    office.log(WEEK.previous())
    office.log()
    told, card = keeping()
    for now in (MONDAY_NINE - timedelta(weeks=1), MONDAY_NINE):
        send.send_due(office.database, now=now, card=card, lessons_set_aside=harmful)
    assert [digest.hearing is not None for digest in told] == [False, True]
    assert asked == ["T0LARKMOOR"]
    assert "agree with you less than on our first day" in body(told[1])
    with office.database.reading() as session:
        kept = session.get_one(Edition, told[1].number).facts
    assert Digest.from_facts(json.loads(json.dumps(kept))).hearing == told[1].hearing


def sent(office: Office, *weeks_on: int) -> list[Digest]:
    """What went out on these Mondays, counted from the one after `WEEK`."""
    told, card = keeping()
    for n in weeks_on:
        office.tick(MONDAY_NINE + timedelta(weeks=n), card=card)
    return told


def weeks_told(digests: list[Digest]) -> list[int | None]:
    return [digest.hearing.weeks if digest.hearing else None for digest in digests]


def test_a_quiet_first_digest_leaves_it_to_the_next_that_goes_out(office: Office) -> None:
    """Once in that month, and the month after goes on where it ended, so that each week is told of once."""
    begin(office, WEEK.previous())
    for n in (-1, 1, 2, 3, 4):
        office.log(WEEK.previous(-n))
    told = sent(office, -1, 0, 1, 2, 3, 4)
    assert office.outcomes()[WEEK.name] == Outcome.QUIET
    assert weeks_told(told) == [None, 3, None, None, 3]
    with office.database.reading() as session:
        for digest in told:
            assert retell.again(session.get_one(Edition, digest.number)) == digest


def test_a_missed_first_digest_leaves_it_to_the_next_that_goes_out(office: Office) -> None:
    """A server that was away on that Monday costs a week, and not a month."""
    begin(office, WEEK.previous(2))
    for n in (-2, -1, 0, 1, 2):
        office.log(WEEK.previous(-n))
    told = sent(office, -2, -1, 1, 2)
    assert office.outcomes()[WEEK.name] == Outcome.MISSED
    assert weeks_told(told) == [None, None, 4, None]


def test_where_several_digests_did_not_go_out_it_waits_for_the_next_of_that_month(office: Office) -> None:
    """A month in which none went out is told of in the month after, with its own; *still here* tells nothing else."""
    begin(office, WEEK.previous(5))
    for n in (-5, -4, 4):
        office.log(WEEK.previous(-n))
    assert weeks_told(sent(office, *range(-5, 5))) == [None, 2, None, 8]
    assert Outcome.STILL_HERE in office.outcomes().values()


def test_a_digest_that_was_set_up_later_in_the_month_waits_for_the_next(office: Office) -> None:
    """It never had a first digest of this month, so there is none to make up for."""
    begin(office, WEEK.next)
    for n in (1, 2, 3, 4):
        office.log(WEEK.previous(-n))
    assert weeks_told(sent(office, 1, 2, 3, 4)) == [None, None, None, 4]


def test_each_channel_audience_and_unit_hears_it_once(office: Office) -> None:
    """What one of them was told already is news to the others."""
    begin(office, WEEK.previous())
    office.schedule(since=WEEK.previous().end, channel="C0IMPROVE01", audience=Audience.IMPROVEMENT)
    office.log(WEEK.previous())
    office.log(WEEK.next)
    office.log(WEEK.next.next)
    told = sent(office, -1, 0, 1, 2)
    assert {digest.audience for digest in told if digest.hearing} == set(Audience)
    assert sum(digest.hearing is not None for digest in told) == len(Audience)


def test_a_digest_brought_once_more_has_it_again(office: Office) -> None:
    """What never arrived in its channel is composed anew from the same record, and so with the same parts."""
    begin(office, WEEK.previous())
    office.log(WEEK.previous())
    office.log(WEEK.next)
    late = sent(office, -1, 0, 1)[-1]
    with office.database.transaction() as session:
        for message in session.exec(select(Message)):
            message.given_up = "channel_not_found"
    told, card = keeping()
    now = MONDAY_NINE + timedelta(weeks=1, hours=2)
    send.again(office.database, workspace=office.workspace, channel=CHANNEL, act="1", now=now, card=card)
    assert [digest.hearing for digest in told] == [late.hearing]
    assert heard(late).weeks == 3


def test_both_audiences_read_it_and_in_french_too(notebook: Notebook) -> None:
    """The same words wherever it is told, in the language of the workspace."""
    notebook.log("Any news?")
    digest = notebook.digest(audience=Audience.IMPROVEMENT)
    assert "How well we hear you" in [section.title for section in render.as_sections(digest).sections]
    french = render.as_sections(replace(digest, language="fr"))
    assert "Comment nous vous entendons" in [section.title for section in french.sections]
