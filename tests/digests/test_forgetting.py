"""Wherever a digest can show somebody's words, it can do without them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.blocks import digest_card
from digests import forgetting, render
from digests.facts import Digest
from storage.columns import Audience
from tests.digests.test_translated import rich


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
