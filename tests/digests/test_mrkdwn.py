"""Words from outside are shown as they were said, and can do nothing."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import mrkdwn

INVISIBLE = "\u2060"


def seen(words: str) -> str:
    """What a reader sees of escaped words."""
    calm = words.replace(INVISIBLE, "")
    return calm.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@pytest.mark.parametrize(
    "words",
    [
        "<!channel> wake up",
        "<@U0MORGAN001> did it",
        "<https://evil.example|safe>",
        "@channel @here @everyone @Channel",
        "https://evil.example/x",
        "mailto:someone@example.org",
        "fish & chips < 5 > 4",
        "```code```",
        "it's already &amp; escaped",
    ],
)
def test_nothing_that_someone_typed_comes_alive(words: str) -> None:
    """Mentions, links and code blocks are dead letters, and read as they were typed."""
    safe = mrkdwn.escape(words)
    assert "<" not in safe
    assert ">" not in safe
    assert not re.search(r"@(channel|here|everyone)", safe, re.IGNORECASE)
    assert "://" not in safe
    assert "```" not in safe
    assert seen(safe) == words


@given(st.text())
def test_whatever_is_typed_is_escaped_once(words: str) -> None:
    """Every ampersand starts an entity, and taking the escapes back gives the visible words."""
    safe = mrkdwn.escape(words)
    assert not re.search(r"[<>]", safe)
    assert not re.search(r"&(?!(amp|lt|gt);)", safe)
    assert seen(safe) == seen(mrkdwn.plain(words).replace("&", "&amp;"))


def test_an_apostrophe_stays_an_apostrophe() -> None:
    """Slack wants three characters escaped, and shows anything else as it stands."""
    assert mrkdwn.escape('it\'s "fine"') == 'it\'s "fine"'


def test_text_that_would_run_backwards_is_calmed() -> None:
    """Arabic and Hebrew stay; the invisible characters that turn a whole line around go."""
    assert mrkdwn.escape("\u202egnp.exe\u202c") == "gnp.exe"
    assert mrkdwn.escape("أين طلبي؟") == "أين طلبي؟"


def test_every_line_of_a_quotation_is_marked() -> None:
    """A line break does not let words escape from their quotation."""
    assert mrkdwn.quote("one\n\ntwo\r\nthree <b>") == "> one\n>\n> two\n> three &lt;b&gt;"


def test_a_moment_is_shown_by_the_readers_clock() -> None:
    """Slack puts it into words for each reader; where it does not, there is the same moment in UTC."""
    shown = mrkdwn.moment(datetime(2026, 5, 4, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    assert shown == "<!date^1777881600^{date_short_pretty} {time}|2026-05-04 08:00 UTC>"
