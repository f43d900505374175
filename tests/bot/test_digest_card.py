"""However much there is to say, the card fits Slack, and nothing is dropped."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import digest_card
from digests import mrkdwn, render
from digests.facts import Charted, Digest, Group, Heard, Quote, Staff
from digests.quotes import Rule
from digests.verdicts import Measure, Point, judge
from storage.columns import Audience


def digest(*, words: str = "Any news on my repair?", many: int = 1, audience: Audience = Audience.MANAGERS) -> Digest:
    """A digest with so many quotations everywhere, each saying this."""
    quotes = tuple(
        Quote(note=n, words=f"{words} ({n})", rule=Rule.LOT, kind="chase", theme="bins") for n in range(many)
    )
    group = Group(quotes=quotes)
    return Digest(
        workspace="T0LARKMOOR",
        unit="Repairs",
        purpose="Keep people's homes safe & warm",
        audience=audience,
        week="2026-W18",
        zone="Europe/London",
        label="27 April to 3 May 2026",
        so_far=False,
        heard=Heard(
            notes=many, demands=many, improvement=0, untagged=0, points=1, points_known=2, confirmed=0, value=0,
            failure=many, opportunity=0, external=0, too_thin=0, no_ask=0, urgent=0,
        ),
        quotes=quotes,
        charts=(),
        charts_looked_at=0,
        themes=(),
        growing=(),
        factors=(),
        chases=many,
        first_time=group,
        what_matters=Group(),
        opportunities=group,
        value_themes=(),
        staff=Staff(done=group, ideas=group, blockers=group, stops=group, knock_ons=group),
        asks=(),
        unsettled=(),
        question=0,
        lenses=("test 1",),
        templates="0",
    )  # fmt: skip


def messages(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [card, *(reply for reply in card["thread"] if "pictures" not in reply)]


def within_slacks_limits(message: dict[str, Any]) -> bool:
    blocks = message["blocks"]
    texts = [block["text"]["text"] for block in blocks]
    headers = [block["text"]["text"] for block in blocks if block["type"] == "header"]
    return (
        1 <= len(blocks) <= 50
        and all(1 <= len(text) <= 3000 for text in texts)
        and all(len(text) <= 150 for text in headers)
        and sum(map(len, texts)) <= 10_000
        and 1 <= len(message["text"]) <= 3000
    )


@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("many", [0, 1, 3, 40, 400])
def test_every_message_is_within_slacks_limits(many: int, audience: Audience) -> None:
    """A week with nothing, and a week with far too much."""
    card = digest_card.build(digest(many=many, audience=audience))
    assert all(within_slacks_limits(message) for message in messages(card))


@given(words=st.text(min_size=1, max_size=400), many=st.integers(1, 30))
def test_whatever_customers_say_it_fits(words: str, many: int) -> None:
    """Emoji, markup, other scripts, no spaces at all."""
    card = digest_card.build(digest(words=words, many=many))
    assert all(within_slacks_limits(message) for message in messages(card))


@pytest.mark.parametrize("many", [1, 60, 400])
def test_nothing_is_dropped(many: int) -> None:
    """Every word of every section is somewhere, in the message or in its thread, in order."""
    made = digest(many=many, words="It leaks & nobody comes")
    card = digest_card.build(made)
    shown = "".join(block["text"]["text"] for message in messages(card) for block in message["blocks"])
    for section in render.as_sections(made).sections:
        assert re.sub(r"\s", "", section.body) in re.sub(r"\s", "", shown)


def test_the_detail_goes_into_the_thread() -> None:
    """One screen in the channel; who wants more opens the thread."""
    card = digest_card.build(digest())
    assert "In their words" in str(card["blocks"])
    assert "What staff are changing" not in str(card["blocks"])
    assert "What staff are changing" in str(card["thread"])
    assert "How sure we are" in str(card["blocks"])


def test_a_piece_is_never_cut_inside_a_word_or_an_escape() -> None:
    """Between lines if possible, between words if not, and never in the middle of an &amp;."""
    assert list(digest_card.pieces("one two\nthree", at_most=8)) == ["one two", "three"]
    assert list(digest_card.pieces("one two three", at_most=8)) == ["one two", "three"]
    assert list(digest_card.pieces("xxxx&amp;y", at_most=7)) == ["xxxx", "&amp;y"]


def test_a_long_line_is_cut_where_a_sentence_ends() -> None:
    """Whoever reads the one message reads whole sentences; a quotation is one in both."""
    said = "> Nobody rang. I waited all day! And then it was shut, again."
    assert list(digest_card.pieces(said, at_most=36)) == [
        "> Nobody rang. I waited all day!",
        "> And then it was shut, again.",
    ]
    assert list(digest_card.pieces("水が出ません。誰も来ません。", at_most=9)) == ["水が出ません。", "誰も来ません。"]


@given(st.text(alphabet="ab &\n<é", max_size=300), st.integers(12, 60))
def test_pieces_put_together_are_the_whole(words: str, at_most: int) -> None:
    """Escaped first and cut afterwards, no escape is broken and no letter is lost."""
    safe = mrkdwn.escape(words)
    cut = list(digest_card.pieces(safe, at_most=at_most))
    assert re.sub(r"\s", "", "".join(cut)) == re.sub(r"\s", "", safe)
    assert all(len(piece) <= at_most for piece in cut)
    assert not any(re.search(r"&(?!(amp|lt|gt);)", piece) for piece in cut)


def test_links_in_what_people_said_are_not_made_clickable() -> None:
    """Slack is told to take the text as it stands."""
    card = digest_card.build(digest(words="see https://evil.example"))
    for message in messages(card):
        assert all(block["text"].get("verbatim", True) for block in message["blocks"])
        assert "://" not in str(message)


def test_the_notification_says_the_digest_in_a_line() -> None:
    """Someone who reads no blocks still learns the week and how much was logged."""
    assert digest_card.build(digest(many=3))["text"].startswith("Repairs: 27 April to 3 May 2026: 3 notes logged")


def test_the_notification_has_the_failure_shares_verdict_and_no_bare_number() -> None:
    """And a shift that goes on is not announced every Monday as if it were new."""
    points = [Point(f"2026-W{week:02}", f"week {week}", 0.5, hits=10, of=20) for week in range(7, 19)]
    share = Charted(key="failure share", chart=judge(Measure.SHARE, points))
    now, before = (replace(digest(many=3), charts=(replace(share, told_before=told),)) for told in (False, True))
    assert "Failure demand: no signal." in digest_card.build(now)["text"]
    assert "Failure demand: changed before, and no news." in digest_card.build(before)["text"]


def test_a_sign_of_life_is_one_short_message() -> None:
    """After four quiet weeks."""
    card = digest_card.build(replace(digest(many=0), still_here=True))
    assert messages(card) == [card]
    assert "Nothing was logged" in str(card["blocks"])
