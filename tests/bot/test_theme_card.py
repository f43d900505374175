"""The form for splitting a theme fits what Slack takes, and comes back as it was filled in."""

from __future__ import annotations

import json

from bot.blocks import theme_card
from bot.blocks.theme_card import Shown

THEME = Shown(id="t1", name="where is my parcel", weeks=3, points=1, held=False)
LONG = "I have rung three times about the parcel, and each time somebody else says that it is on its way to me"


def test_no_more_notes_are_offered_than_slack_has_boxes_for_and_long_ones_are_shortened() -> None:
    form = theme_card.split_form(THEME, [(number, f"{number} {LONG}") for number in range(1, 15)], 1, "")
    options = form["blocks"][1]["element"]["options"]
    assert [option["value"] for option in options] == [str(number) for number in range(1, 11)]
    assert all(len(option["text"]["text"]) <= 75 for option in options)
    assert options[0]["text"]["text"].startswith("1 I have rung three times")
    assert options[0]["text"]["text"].endswith("…")


def test_a_name_is_inert_wherever_it_stands() -> None:
    """In what a notification and a screen reader say, too."""
    wild = Shown(id="t1", name="<!channel> <https://evil.example|safe>", weeks=3, points=1, held=False)
    for card in (theme_card.one(wild, 1, ["<@U0ASHA00001>"]), theme_card.many([wild], 1, "<!here>")):
        assert "<" not in json.dumps(card)


def test_a_form_that_asks_about_the_name_keeps_what_was_ticked() -> None:
    """However often it asks."""
    view = theme_card.split_form(THEME, [(7, "where is it"), (8, "it is broken")], 1, "")
    view["state"] = {
        "values": {
            "answer": {"chosen": {"selected_options": [view["blocks"][1]["element"]["options"][1]]}},
            "name": {"typed": {"value": " the  backlog "}},
        }
    }
    assert theme_card.set_apart(view) == ({8}, "the backlog")
    asked = theme_card.are_you_sure_to_split(view, "the backlog", "Would a customer say that?")
    again = theme_card.are_you_sure_to_split({**asked, "state": view["state"]}, "the backlog", "Would a customer?")
    for form in (asked, again):
        [why, _theme, which, name] = form["blocks"]
        assert "customer" in why["text"]["text"]
        assert [option["value"] for option in which["element"]["initial_options"]] == ["8"]
        assert name["element"]["initial_value"] == "the backlog"
        assert theme_card.kept_in(form) == {"theme": "t1", "unit": 1, "response_url": "", "insists_on": "the backlog"}
