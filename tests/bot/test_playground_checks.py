"""What the little Slack takes and what it refuses: every limit, at the limit and one beyond it."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground import block_kit, checks, people
from bot.playground.refusals import Refused
from tests.bot.playground_help import plain

Json = dict[str, Any]
LARKMOOR = people.larkmoor()


def mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": words}


def option(words: str = "Yes", value: str = "yes", **more: Any) -> Json:
    return {"text": plain(words), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number), str(number)) for number in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Press"), **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def section(**more: Any) -> Json:
    return {"type": "section", **({"text": mrkdwn("Words")} | more)}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(element: Json | None = None, **more: Any) -> Json:
    return {"type": "input", "label": plain("Words"), "element": element or {"type": "plain_text_input"}, **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A chart", **more}


def many(count: int) -> list[Json]:
    return [{"type": "divider"} for _ in range(count)]


def chart(points: int) -> Json:
    weeks = [str(week) for week in range(points)]
    series = {"name": "Notes", "data": [{"label": week, "value": 3} for week in weeks]}
    drawing = {"type": "line", "series": [series], "axis_config": {"categories": weeks}}
    return {"type": "data_visualization", "title": "Notes logged", "chart": drawing}


def confirm(**more: Any) -> Json:
    return {"title": plain("Sure?"), "text": mrkdwn("Really?"), "confirm": plain("Yes"), "deny": plain("No"), **more}


def one_button(**more: Any) -> list[Json]:
    return [actions(button(**more))]


def one_select(**more: Any) -> list[Json]:
    return [actions(select(**more))]


ONE = "/blocks/0/elements/0"
LIMITS: dict[str, tuple[Any, int, str]] = {
    "section text": (lambda n: [section(text=mrkdwn("x" * n))], 3000, "/blocks/0/text/text"),
    "section fields": (lambda n: [section(fields=[mrkdwn("x")] * n)], 10, "/blocks/0/fields"),
    "one field": (lambda n: [section(fields=[mrkdwn("x" * n)])], 2000, "/blocks/0/fields/0/text"),
    "header": (lambda n: [{"type": "header", "text": plain("x" * n)}], 150, "/blocks/0/text/text"),
    "context elements": (lambda n: [{"type": "context", "elements": [plain("x")] * n}], 10, "/blocks/0/elements"),
    "actions elements": (lambda n: [actions(*[button()] * n)], 25, "/blocks/0/elements"),
    "block id": (lambda n: [section(block_id="x" * n)], 255, "/blocks/0/block_id"),
    "action id": (lambda n: one_button(action_id="x" * n), 255, f"{ONE}/action_id"),
    "button text": (lambda n: one_button(text=plain("x" * n)), 75, f"{ONE}/text/text"),
    "button value": (lambda n: one_button(value="x" * n), 2000, f"{ONE}/value"),
    "button url": (lambda n: one_button(url="x" * n), 3000, f"{ONE}/url"),
    "accessibility label": (lambda n: one_button(accessibility_label="x" * n), 75, f"{ONE}/accessibility_label"),
    "confirm title": (lambda n: one_button(confirm=confirm(title=plain("x" * n))), 100, f"{ONE}/confirm/title/text"),
    "confirm text": (lambda n: one_button(confirm=confirm(text=mrkdwn("x" * n))), 300, f"{ONE}/confirm/text/text"),
    "confirm yes": (lambda n: one_button(confirm=confirm(confirm=plain("x" * n))), 30, f"{ONE}/confirm/confirm/text"),
    "select options": (lambda n: one_select(options=options(n)), 100, f"{ONE}/options"),
    "option text": (lambda n: one_select(options=[option("x" * n)]), 75, f"{ONE}/options/0/text/text"),
    "option value": (lambda n: one_select(options=[option(value="x" * n)]), 150, f"{ONE}/options/0/value"),
    "option description": (
        lambda n: one_select(options=[option(description=plain("x" * n))]),
        75,
        f"{ONE}/options/0/description/text",
    ),
    "placeholder": (lambda n: one_select(placeholder=plain("x" * n)), 150, f"{ONE}/placeholder/text"),
    "overflow options": (
        lambda n: [section(accessory={"type": "overflow", "options": options(n)})],
        5,
        "/blocks/0/accessory/options",
    ),
    "checkboxes": (
        lambda n: [section(accessory={"type": "checkboxes", "options": options(n)})],
        10,
        "/blocks/0/accessory/options",
    ),
    "radio buttons": (
        lambda n: [section(accessory={"type": "radio_buttons", "options": options(n)})],
        10,
        "/blocks/0/accessory/options",
    ),
    "image alt text": (lambda n: [image(alt_text="x" * n)], 2000, "/blocks/0/alt_text"),
    "image title": (lambda n: [image(title=plain("x" * n))], 2000, "/blocks/0/title/text"),
    "input label": (lambda n: [field(label=plain("x" * n))], 2000, "/blocks/0/label/text"),
    "input hint": (lambda n: [field(hint=plain("x" * n))], 2000, "/blocks/0/hint/text"),
    "input max length": (
        lambda n: [field({"type": "plain_text_input", "max_length": n})],
        3000,
        "/blocks/0/element/max_length",
    ),
    "initial value": (
        lambda n: [field({"type": "plain_text_input", "initial_value": "x" * n})],
        3000,
        "/blocks/0/element/initial_value",
    ),
    "blocks in a message": (many, 50, "/blocks"),
    "tables": (lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * n, 1, "/blocks"),
    "table rows": (
        lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n}],
        100,
        "/blocks/0/rows",
    ),
    "table columns": (
        lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]}],
        20,
        "/blocks/0/rows/0",
    ),
    "chart points": (lambda n: [chart(n)], 20, "/blocks/0/chart/series/0/data"),
    "charts": (lambda n: [chart(1)] * n, 2, "/blocks"),
    "markdown": (lambda n: [{"type": "markdown", "text": "x" * n}], 12_000, "/blocks/0/text"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_holds_to_the_last_character(name: str) -> None:
    """What is at the limit passes; one more is refused, and the place is named."""
    make, limit, place = LIMITS[name]
    assert block_kit.check(make(limit), "message") == []
    findings = block_kit.check(make(limit + 1), "message")
    assert any(finding.endswith(f"[json-pointer:{place}]") for finding in findings), findings


def test_a_home_or_a_form_takes_a_hundred_blocks() -> None:
    for surface in ("modal", "home"):
        assert block_kit.check(many(100), surface) == []
        assert block_kit.check(many(101), surface) == ["no more than 100 items allowed [json-pointer:/blocks]"]


WRONG: dict[str, tuple[list[Json], str]] = {
    "an unknown block": ([{"type": "bogus"}], "unsupported type: bogus [json-pointer:/blocks/0/type]"),
    "an unknown element": (
        [actions({"type": "lever"})],
        "unsupported type: lever [json-pointer:/blocks/0/elements/0/type]",
    ),
    "a button where only fields go": (
        [field(button())],
        "unsupported type: button [json-pointer:/blocks/0/element/type]",
    ),
    "a field beside a section": (
        [section(accessory={"type": "plain_text_input"})],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]",
    ),
    "an empty text": ([section(text=mrkdwn(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    "a section with nothing": (
        [{"type": "section"}],
        "missing required field: text or fields [json-pointer:/blocks/0]",
    ),
    "markup in a header": (
        [{"type": "header", "text": mrkdwn("x")}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    "a picture without alt text": (
        [{"type": "image", "image_url": "https://example.org/a.png"}],
        "missing required field: alt_text [json-pointer:/blocks/0]",
    ),
    "a picture from two places": (
        [image(slack_file={"id": "F1"})],
        "must provide exactly one of: image_url, slack_file [json-pointer:/blocks/0]",
    ),
    "a property nobody knows": (
        [section(colour="red")],
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    "two blocks of one id": (
        [section(block_id="a"), section(block_id="a")],
        "`block_id` a already exists [json-pointer:/blocks/1/block_id]",
    ),
    "two buttons of one action": (
        [actions(button(action_id="a"), button(action_id="a"))],
        "`action_id` a already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    "a first choice that is not offered": (
        [actions(select(initial_option=option("2", "1")))],
        "initial option is not one of the options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    "a select with nothing to choose": (
        [actions({"type": "static_select"})],
        "must provide exactly one of: options, option_groups [json-pointer:/blocks/0/elements/0]",
    ),
    "no options at all": (
        [actions(select(options=[]))],
        "no fewer than 1 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    "a style that is not": (
        [actions(button(style="green"))],
        "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    "a least above the most": (
        [field({"type": "plain_text_input", "min_length": 9, "max_length": 3})],
        "min_length must not be more than max_length [json-pointer:/blocks/0/element]",
    ),
    "yes as a word": ([field(optional="true")], "must be a valid boolean [json-pointer:/blocks/0/optional]"),
    "an alert in a message": (
        [{"type": "alert", "text": plain("x")}],
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    "a chart with a missing week": (
        [chart(2) | {"chart": chart(2)["chart"] | {"axis_config": {"categories": ["0", "9"]}}}],
        "must have exactly one point for every category [json-pointer:/blocks/0/chart/series/0/data]",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_would_not_draw_is_found(name: str) -> None:
    """The finding says what is wrong, and where."""
    blocks, finding = WRONG[name]
    assert finding in block_kit.check(blocks, "message")


def refusal(arguments: Json, **more: Any) -> str:
    with pytest.raises(Refused) as caught:
        checks.message(arguments, LARKMOOR, **more)
    return caught.value.error


def test_a_message_without_a_word_is_refused() -> None:
    assert refusal({"text": "  "}) == "no_text"
    assert refusal({}) == "no_text"
    assert refusal({"blocks": []}) == "no_text"


def test_blocks_that_are_no_blocks_are_refused() -> None:
    assert refusal({"blocks": "{not json"}) == "invalid_blocks_format"
    assert refusal({"blocks": {"type": "section"}}) == "invalid_blocks_format"
    assert refusal({"blocks": [{"type": "bogus"}]}) == "invalid_blocks"


def test_a_refusal_reads_as_slacks() -> None:
    """The place and the reason stand in `response_metadata`, as on Slack."""
    with pytest.raises(Refused) as caught:
        checks.message({"blocks": [section(text=mrkdwn("x" * 3001))]}, LARKMOOR)
    assert caught.value.answer() == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"],
        "response_metadata": {
            "messages": ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
        },
    }


def test_all_the_text_of_a_message_has_a_limit_of_its_own() -> None:
    blocks = [section(text=mrkdwn("x" * 3000)) for _ in range(4)]
    checks.message({"blocks": [*blocks, section(text=mrkdwn("x" * 1200))]}, LARKMOOR)
    assert refusal({"blocks": [*blocks, section(text=mrkdwn("x" * 1201))]}) == "msg_blocks_too_long"


def test_long_text_is_cut_and_a_long_update_is_refused() -> None:
    assert len(checks.message({"text": "x" * 40_001}, LARKMOOR)["text"]) == 40_000
    assert len(checks.message({"text": "x" * 4_000}, LARKMOOR, updates=True)["text"]) == 4_000
    assert refusal({"text": "x" * 4_001}, updates=True) == "msg_too_long"


def test_metadata_has_a_type_and_a_payload() -> None:
    good = {"event_type": "digest", "event_payload": {"week": "2026-W18"}}
    assert checks.metadata(json.dumps(good)) == good
    for bad in ({}, {"event_type": "digest"}, {**good, "more": 1}, {**good, "event_payload": "words"}, "no json"):
        with pytest.raises(Refused, match="invalid_metadata_format"):
            checks.metadata(bad)
    with pytest.raises(Refused, match="metadata_too_large"):
        checks.metadata({**good, "event_payload": {"all": "x" * 8_000}})


def test_pictures_must_be_there_to_be_shown() -> None:
    """A picture on this machine, or a file that was never uploaded, is refused as Slack refuses it."""
    assert refusal({"blocks": [image(image_url="http://127.0.0.1:3000/a.png")]}) == "invalid_blocks"
    assert refusal({"blocks": [image(image_url="http://localhost/a.png")]}) == "invalid_blocks"
    missing = {"type": "image", "slack_file": {"id": "F0MISSING01"}, "alt_text": "A chart"}
    assert refusal({"blocks": [missing]}) == "invalid_blocks"
    checks.message({"blocks": [image()]}, LARKMOOR)


def form(**more: Any) -> Json:
    return {"type": "modal", "title": plain("A note"), "blocks": [field()], "submit": plain("Keep"), **more}


VIEW_LIMITS: dict[str, tuple[Any, int]] = {
    "title": (lambda n: form(title=plain("x" * n)), 24),
    "submit": (lambda n: form(submit=plain("x" * n)), 24),
    "close": (lambda n: form(close=plain("x" * n)), 24),
    "private metadata": (lambda n: form(private_metadata="x" * n), 3000),
    "callback id": (lambda n: form(callback_id="x" * n), 255),
    "external id": (lambda n: form(external_id="x" * n), 255),
    "blocks": (lambda n: form(blocks=many(n)), 100),
}


@pytest.mark.parametrize("name", VIEW_LIMITS)
def test_a_form_keeps_to_its_limits(name: str) -> None:
    make, limit = VIEW_LIMITS[name]
    assert checks.problems_of_view(make(limit), "modal") == []
    assert checks.problems_of_view(make(limit + 1), "modal") != []


def test_a_form_with_fields_must_have_a_button_to_send_it() -> None:
    without = form()
    del without["submit"]
    assert checks.problems_of_view(without, "modal") == ["missing required field: submit [json-pointer:/view]"]


def test_views_say_what_they_are_and_no_more() -> None:
    """What Slack gave back with a view (id, hash, state) must not be sent to it again."""
    assert checks.problems_of_view(form(), "home") == ["must be one of: home [json-pointer:/view/type]"]
    for extra in ("id", "hash", "state", "team_id"):
        findings = checks.problems_of_view(form(**{extra: "x"}), "modal")
        assert findings == [f"invalid additional property: {extra} [json-pointer:/view]"]
    assert checks.problems_of_view({"type": "home", "blocks": [], "submit": plain("x")}, "home") != []


def test_a_view_may_weigh_a_quarter_of_a_megabyte() -> None:
    heavy = form(blocks=[section(text=mrkdwn("é" * 3000)) for _ in range(20)] + [field()])
    with pytest.raises(Refused, match="view_too_large"):
        checks.view(heavy, LARKMOOR, "modal")


def test_only_one_field_has_the_focus() -> None:
    focused = {"type": "plain_text_input", "focus_on_load": True}
    assert checks.problems_of_view(form(blocks=[field(focused)]), "modal") == []
    assert checks.problems_of_view(form(blocks=[field(focused), field(focused)]), "modal") != []


NAMES = (
    "type text blocks elements element accessory options value block_id label fields initial_option option_groups "
    "action_id rows chart series title alt_text slack_file image_url"
)
TYPES = [*block_kit.BLOCKS, "button", "static_select", "plain_text", "mrkdwn", "line", "https://example.org"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES.split()), inside | st.sampled_from(TYPES), max_size=5)
    ),
    max_leaves=20,
)


@given(JUNK)
def test_nothing_that_an_app_sends_breaks_the_checks(junk: Any) -> None:
    """Whatever arrives is taken or refused; it never makes Slack itself fall over."""
    for check in (
        lambda: checks.message({"blocks": junk}, LARKMOOR),
        lambda: checks.message({"text": junk, "metadata": junk, "attachments": junk}, LARKMOOR),
        lambda: checks.view(junk, LARKMOOR, "modal", "home"),
        lambda: checks.view({"type": "modal", "title": plain("x"), "blocks": junk}, LARKMOOR, "modal"),
    ):
        with contextlib.suppress(Refused):
            check()
