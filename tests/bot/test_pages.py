"""One builder of paragraphs for all that we say: whatever people typed, it fits, and nothing is cut in two."""

from __future__ import annotations

import html

import pytest

from bot.blocks import pages, schedule_form
from bot.blocks.schedule_form import Placing
from bot.playground import block_kit
from digests import mrkdwn


@pytest.mark.parametrize("build", [pages.section, pages.small])
@pytest.mark.parametrize("long", [2_999, 3_000, 3_001, 40_000])
def test_a_paragraph_fits_at_the_limit_and_beyond_it(build: object, long: int) -> None:
    [block] = [build("x" * long)]  # type: ignore[operator]
    text = (block.get("text") or block["elements"][0])["text"]
    assert len(text) == min(long, 3_000)
    assert text.endswith("…") is (long > 3_000)
    assert block_kit.check([block], "message") == []


@pytest.mark.parametrize("before", range(5))
def test_no_character_and_no_channel_is_cut_in_two(before: int) -> None:
    """An ampersand is five characters there: six hundred of them, marked as a quotation, are more than Slack takes."""
    quoted = pages.fitting("x" * before + mrkdwn.quote("&" * 600))
    assert 2_990 < len(quoted) <= 3_000
    assert set(html.unescape(quoted)) <= set("x> &…")
    channels = pages.fitting("x" * before + "<#C0GENERAL01>, " * 300)
    assert channels.count("<") == channels.count(">")


def test_what_is_too_much_together_is_cut_where_it_is_long() -> None:
    """Eight notes of nothing but ampersands, say: each is shown in short, and what stands beside them stays whole."""
    wild = pages.section(mrkdwn.quote("&" * 280))
    shown = [pages.section("*What you passed on*"), *(8 * [wild, pages.small("Kept.")]), *(3 * [wild])]
    fitted = pages.fitting_together(shown)
    assert sum(len(written) for written in block_kit.written(fitted)) <= 12_000
    assert [block["type"] for block in fitted] == [block["type"] for block in shown]
    assert fitted[0] == shown[0]
    assert all(
        block["text"]["text"].endswith("&amp;…")
        for block in fitted
        if block["type"] == "section" and block != fitted[0]
    )
    assert pages.fitting_together(shown[:5]) == shown[:5]


def test_a_name_of_which_nothing_can_be_shown_breaks_no_form() -> None:
    """Slack takes no option without words, and one unit's name is in everyone's form."""
    form = schedule_form.build(Placing(unit=1), units={1: "Repairs", 2: "\u202e"})
    assert block_kit.check(form["blocks"], "modal") == []
