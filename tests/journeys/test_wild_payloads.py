"""Whatever arrives at the door, properly signed: it is answered, nothing breaks, and nothing is kept twice.

Real payloads, as our little Slack sends them, with parts missing or turned into something else. The everyday run
tries a few; `make fuzz` tries ten thousand.
"""

from __future__ import annotations

import copy
import json
import os
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import House
from bot.conversations import relaying
from bot.playground.delivery import Delivery
from bot.playground.local_slack import LocalSlack
from bot.playground.workspace import Message
from storage import notes
from tests.conftest import LARKMOOR
from tests.journeys.test_nothing_is_lost import post

HOW_MANY = int(os.environ.get("WILD_PAYLOADS", "120"))

Sees = Callable[..., Message]

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.text(max_size=30)
    | st.sampled_from(["U0ASHA00001", "im"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """A Slack that may well refuse what we say in answer to nonsense."""
    with LocalSlack(ack_within=10) as slack:
        yield slack


@pytest.fixture
def real(slack: LocalSlack, house: House, sees: Sees) -> list[Delivery]:
    """One of each thing that people do."""
    slack.command("Asha", "/demand", "Where is my parcel?")
    slack.press("Asha", sees("Asha", "Kept as note 1"), "Change")
    slack.press("Asha", sees("Asha", "Your word stands"), "note_kind", "Again")
    slack.press("Asha", sees("Asha", "as you said"), "Undo")
    slack.command("Asha", "/improve")
    form = slack.wait_for(lambda: slack.sees("Asha").view)
    assert form is not None
    slack.submit("Asha", form, {"words": "Please tell us sooner"})
    slack.shortcut("Asha", "pass_on")
    said = slack.message("Asha", "Nobody rang back")
    sees("Asha", "Kept as note 3", None)
    assert isinstance(said.shown, Message)
    slack.edit("Asha", said.shown, "Nobody rang back, not once")
    slack.shortcut("Asha", "pass_on_message", slack.message("Tom", "It leaks", "#repairs-line").shown)  # type: ignore[arg-type]
    run = slack.run_step("Tom", relaying.STEP, {"words": "Where is the key?", "person": "U0TOM000001"})
    slack.wait_for(lambda: run.state == "done", timeout=30)
    slack.command("Tom", "/groundswell", "digest when")
    slack.command("Tom", "/groundswell", "purpose We keep homes warm")
    slack.settle()
    return list(slack.deliveries)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a payload."""
    if path:
        yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


def changed(payload: dict[str, Any], path: tuple[Any, ...], to: Any, *, away: bool) -> dict[str, Any]:
    """The payload with one place changed, or taken away."""
    wild = copy.deepcopy(payload)
    around: Any = wild
    for step in path[:-1]:
        around = around[step]
    if away:
        del around[path[-1]]
    else:
        around[path[-1]] = to
    return wild


def hand_over(slack: LocalSlack, delivery: Delivery, payload: dict[str, Any]) -> int:
    """Bring a payload to the door, signed as Slack would sign it. Returns the status of the answer."""
    form = "application/x-www-form-urlencoded"
    if delivery.kind == "command":
        fields = {key: value for key, value in payload.items() if isinstance(value, str)}
        body, kind = urllib.parse.urlencode(fields).encode(), form
    elif delivery.kind == "event":
        body, kind = json.dumps(payload).encode(), "application/json"
    else:
        body, kind = urllib.parse.urlencode({"payload": json.dumps(payload)}).encode(), form
    return post(slack, body, kind)[0]


@pytest.mark.timeout(3600 if HOW_MANY > 1000 else 300)
def test_wild_payloads_are_answered_and_break_nothing(slack: LocalSlack, house: House, real: list[Delivery]) -> None:
    """No exception, no 5xx; and the payloads as they were are still answered, and add no second note."""

    @settings(max_examples=HOW_MANY, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def wild(data: st.DataObject) -> None:
        delivery = data.draw(st.sampled_from(real))
        path = data.draw(st.sampled_from(sorted(places(delivery.payload), key=str)))
        payload = changed(delivery.payload, path, data.draw(anything), away=data.draw(st.booleans()))
        assert hand_over(slack, delivery, payload) < 500

    def kept() -> int:
        with house.database.reading() as session:
            return notes.how_many(session, workspace=LARKMOOR)

    wild()
    before = kept()
    for delivery in real:
        assert hand_over(slack, delivery, delivery.payload) < 500
    assert kept() == before
