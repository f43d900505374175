"""Whoever types nothing but `/groundswell` sees how their unit is set, and can change it from there."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import House
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message

Sees = Callable[..., Message]

LINE = "#repairs-line"


def test_a_unit_that_nobody_has_set_up_says_how_to_begin(slack: LocalSlack, house: House, sees: Sees) -> None:
    slack.command("Tom", "/groundswell", "")
    card = sees("Tom", "*Everyone*, as it is set now")
    assert card.only_for == slack.person("Tom").id
    for words in (
        "Try `/groundswell purpose We keep homes warm and dry`.",
        "no point is registered yet",
        "*Channels:* none of its own yet\n`/groundswell unit Everyone`, typed in a channel",
        "*Digests:* none goes out yet",
        "*What keeps coming:* no theme yet",
        "*Clock:* UTC.",
        "*Language:* English.",
    ):
        assert words in card.words
    assert "/groundswell themes" not in card.words, "it is no wall of help"


def test_one_card_shows_all_that_is_set_and_each_press_does_what_could_be_typed(
    slack: LocalSlack, house: House, sees: Sees
) -> None:
    for typed, answer in (
        ("unit Repairs & gas", "belongs to *Repairs &amp; gas*"),
        ("purpose We keep homes safe & warm", "with this in mind"),
        ("points add Front desk", "“Front desk” is one of the listening points"),
        ("points add Repairs line", "“Repairs line” is one of the listening points"),
        ("timezone Europe/London", "Our clock is now"),
        ("digest on managers Thursday 14:30", "Done. `/groundswell digest off` stops it"),
        ("digest pause", "The digest rests"),
    ):
        slack.command("Asha", "/groundswell", typed, channel=LINE)
        sees("Asha", answer, LINE)
    slack.command("Morgan", "/groundswell", "", channel=LINE)
    card = sees("Morgan", "*Repairs &amp; gas*, as it is set now", LINE)
    for words in (
        "> We keep homes safe &amp; warm",
        "*Listens at:* Front desk and Repairs line",
        "*Channels:* <#C0REPAIRS01>",
        "• <#C0REPAIRS01>: for managers, every Thursday at 14:30 (Europe/London) (resting)",
        "*Clock:* Europe/London.",
    ):
        assert words in card.words
    slack.press("Morgan", card, "Points")
    sees("Morgan", "Where Repairs &amp; gas listens", LINE)
    slack.press("Morgan", card, "All units")
    sees("Morgan", "Our units, and what each is here for", LINE)
    slack.press("Morgan", card, "Themes")
    sees("Morgan", "What keeps coming to Repairs &amp; gas", LINE)
    slack.press("Morgan", card, "Set a digest")
    form = slack.wait_for(lambda: slack.sees("Morgan").view)
    assert form is not None
    assert form.callback_id == "schedule_form"
    slack.command("Asha", "/groundswell", "", channel="#front-desk")
    assert "Repairs" not in sees("Asha", "*Everyone*, as it is set now", "#front-desk").words
