"""What went out can be told again, to the letter, and says why each part was there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digests import render, retell, speech, wording
from digests.facts import Digest
from storage.columns import Audience
from storage.editions import Outcome
from storage.models import Edition
from tests.digests.conftest import Notebook


def edition_of(digest: Digest, outcome: Outcome = Outcome.LEFT) -> Edition:
    return Edition(
        workspace=digest.workspace,
        channel="C0MANAGERS1",
        audience=Audience.MANAGERS,
        week=digest.week,
        claimed_at=datetime(2026, 5, 4, 8, tzinfo=UTC),
        outcome=outcome,
        facts=digest.facts(),
        fingerprint=digest.fingerprint,
    )


@pytest.fixture
def digest(notebook: Notebook) -> Digest:
    notebook.log("Any news on my repair?")
    return notebook.digest()


def test_a_digest_is_told_again_to_the_letter(notebook: Notebook, digest: Digest) -> None:
    """Though the notes behind it have moved on."""
    before = render.as_text(digest)
    notebook.log("One that came in late")
    assert render.as_text(notebook.digest()) != before
    assert render.as_text(retell.again(edition_of(digest))) == before


def test_each_part_says_why_it_is_there_and_what_it_was_made_from(digest: Digest) -> None:
    explained = retell.explain(edition_of(digest))
    assert "[Why: quotations by the printed rule" in explained
    assert digest.fingerprint in explained
    assert f"Words by version {wording.version(speech.ENGLISH)}" in explained


def test_when_our_words_have_changed_since_that_is_said(digest: Digest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "version", lambda language: "another")
    assert "The words have changed since" in retell.explain(edition_of(digest))


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Outcome.QUIET, "Nothing was logged"),
        (Outcome.MISSED, "more than three days late"),
        (Outcome.CLAIMED, "being made right now"),
    ],
)
def test_what_never_went_out_is_answered_in_a_sentence(digest: Digest, outcome: Outcome, why: str) -> None:
    with pytest.raises(retell.NothingToExplain, match=why):
        retell.explain(edition_of(digest, outcome))


def test_a_record_that_was_changed_is_not_passed_off_as_what_was_told(digest: Digest) -> None:
    edition = edition_of(digest)
    edition.facts = {**edition.facts, "purpose": "Something else"}
    with pytest.raises(ValueError, match="not the ones this digest was told from"):
        retell.again(edition)
