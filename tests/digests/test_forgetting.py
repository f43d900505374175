"""Wherever a digest can show somebody's words, it can do without them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.blocks import digest_card
from digests import forgetting, render
from digests.facts import Digest
from storage.columns import Audience
from tests.digests.test_change_log import in_words
from tests.digests.test_translated import CHANGED, CHANGED_TOO, begun_anew_by_days, rich, theme


@pytest.mark.parametrize("audience", Audience)
def test_no_part_of_a_digest_shows_words_that_were_taken_back(audience: Audience) -> None:
    """Nor what mattered, in Slack, in a terminal or on a page; each part says instead that they are gone."""
    full = replace(rich(), audience=audience)
    assert "Πού είναι;" in render.as_text(full)
    left = Digest.from_facts(forgetting.without(full.facts(), {41}, {}))
    told = [render.as_text(left), render.as_html(left), str(digest_card.build(left))]
    assert [words for words in ("Πού είναι;", "Σήμερα") if any(words in one for one in told)] == []
    quoted = [full.quotes, full.first_time.quotes, full.opportunities.quotes, full.staff.done.quotes]
    assert render.as_text(left).count("Note 41 was taken back") > sum(map(len, quoted))


def test_a_theme_is_called_by_its_new_name_and_nothing_else_changes() -> None:
    full = rich()
    left = Digest.from_facts(forgetting.without(full.facts(), (), {"θέμα": "άλλο"}))
    assert "θέμα" not in render.as_text(left)
    assert left.themes[0] == replace(full.themes[0], name="άλλο")
    assert left.heard == full.heard


@pytest.mark.parametrize("audience", Audience)
def test_no_part_of_a_digest_shows_a_change_that_was_taken_back(audience: Audience) -> None:
    """Not in the change log, elsewhere, beside a chart, as a knock-on or as the reason to begin anew."""
    full = replace(rich(), audience=audience, themes=(theme(chart=begun_anew_by_days(CHANGED)),))
    left = Digest.from_facts(forgetting.without(full.facts(), (), {}, {CHANGED.change_id}))
    told = [render.as_text(left), render.as_html(left), render.as_json(left), str(digest_card.build(left))]
    assert CHANGED.words in render.as_text(full)
    assert [one for one in told if CHANGED.words in one] == []
    shown = len([*full.changes, *full.elsewhere, *full.knock_ons, *(c for one in full.charts for c in one.near)])
    assert render.as_text(left).count("This change was taken back. Its words are gone.") == shown


def test_a_chart_on_record_keeps_beginning_anew_for_a_change_that_was_taken_back() -> None:
    """Its limits were drawn so. It says that the change is gone, and names another one of that week that is not."""
    alone, both = begun_anew_by_days(CHANGED), begun_anew_by_days(CHANGED, CHANGED_TOO)
    full = replace(rich(), themes=(theme(chart=alone), theme(chart=both)))
    left = Digest.from_facts(forgetting.without(full.facts(), (), {}, {CHANGED.change_id}))
    assert [one.restarted for one in left.themes] == [True, True]
    words = in_words(left)
    assert f"Chart restarted: a change from {CHANGED.day} on was noted, and taken back later." in words
    assert f"Chart restarted: the work is another one since {CHANGED_TOO.day}: “{CHANGED_TOO.words}”." in words


def test_a_digest_from_before_changes_were_kept_by_their_ids_reads_as_it_did() -> None:
    """Its charts say in words why they began anew."""
    facts = replace(rich(), themes=(theme(chart=begun_anew_by_days(CHANGED)),), changes=(CHANGED,)).facts()
    del facts["changes"][0]["change_id"], facts["changes"][0]["taken_back"]
    facts["themes"][0]["chart"]["spans"][-1]["reason"] = "the work is another one"
    before = Digest.from_facts(facts)
    assert CHANGED.words in in_words(before)
    assert "Chart restarted: the work is another one." in in_words(before)
    assert Digest.from_facts(forgetting.without(facts, (), {}, {CHANGED.change_id})).changes == before.changes
