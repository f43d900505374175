"""Once a month a digest says how well we hear: about the tagger, with whole numbers, and about nobody.

The digest of 27 April to 3 May, on 4 May, is the first of its month.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from digests import hearing, render, send
from digests.facts import Digest, Hearing
from digests.periods import Week
from nlp.vocabulary import DemandKind
from storage import notes
from storage.columns import Audience
from storage.models import Edition
from tests.digests.conftest import MONDAY_NINE, WEEK, ZONE, Notebook, Office, begin, keeping


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


def test_both_audiences_read_it_and_in_french_too(notebook: Notebook) -> None:
    """The same words wherever it is told, in the language of the workspace."""
    notebook.log("Any news?")
    digest = notebook.digest(audience=Audience.IMPROVEMENT)
    assert "How well we hear you" in [section.title for section in render.as_sections(digest).sections]
    french = render.as_sections(replace(digest, language="fr"))
    assert "Comment nous vous entendons" in [section.title for section in french.sections]
