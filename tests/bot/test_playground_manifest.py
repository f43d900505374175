"""What Slack would say against a manifest, to the last character; and that it says nothing against ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.playground import manifest
from bot.playground.manifest_check import problems

Json = dict[str, Any]
OURS: Json = json.loads(manifest.OURS.read_text("utf-8"))


def changed(change: Callable[[Json], object]) -> list[str]:
    """What is wrong with our manifest once it is changed so."""
    other = copy.deepcopy(OURS)
    change(other)
    return problems(other)


def test_slack_would_take_ours() -> None:
    assert problems(OURS) == []


WRONG: dict[str, tuple[Callable[[Json], object], str]] = {
    "a name of 36": (lambda m: m["display_information"].update(name="x" * 36), "/display_information/name"),
    "a description of 141": (
        lambda m: m["display_information"].update(description="x" * 141),
        "/display_information/description",
    ),
    "a long description of 174": (
        lambda m: m["display_information"].update(long_description="x" * 174),
        "/display_information/long_description",
    ),
    "a shortcut's name of 25": (
        lambda m: m["features"]["shortcuts"][0].update(name="x" * 25),
        "/features/shortcuts/0/name",
    ),
    "a command in capitals": (
        lambda m: m["features"]["slash_commands"][0].update(command="/Demand"),
        "/features/slash_commands/0/command",
    ),
    "an unknown part": (lambda m: m.update(workflows={}), "invalid additional property: workflows"),
    "an event without its scope": (
        lambda m: m["oauth_config"]["scopes"]["bot"].remove("im:history"),
        "message.im requires scopes: im:history",
    ),
    "commands without theirs": (
        lambda m: m["oauth_config"]["scopes"]["bot"].remove("commands"),
        "requires scopes: commands",
    ),
    "scopes without a bot": (lambda m: m["features"].pop("bot_user"), "missing required field: bot_user"),
    "a step without a runtime": (lambda m: m["settings"].pop("function_runtime"), "function_runtime"),
    "a step without its event": (
        lambda m: m["settings"]["event_subscriptions"]["bot_events"].remove("function_executed"),
        "functions require the event function_executed",
    ),
    "a step in an app that is not org-ready": (
        lambda m: m["settings"].update(org_deploy_enabled=False),
        "functions require org_deploy_enabled",
    ),
    "an input of no known type": (
        lambda m: m["functions"]["log_a_note"]["input_parameters"]["words"].update(type="text"),
        "/functions/log_a_note/input_parameters/words/type",
    ),
    "an input under another's name": (
        lambda m: m["functions"]["log_a_note"]["input_parameters"]["words"].update(name="text"),
        "/functions/log_a_note/input_parameters/words/name",
    ),
    "an output without a title": (
        lambda m: m["functions"]["log_a_note"]["output_parameters"]["note"].pop("title"),
        "missing required field: title",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_would_not_take_is_named(name: str) -> None:
    change, finding = WRONG[name]
    assert any(finding in said for said in changed(change)), changed(change)


def test_token_rotation_goes_with_steps() -> None:
    assert changed(lambda m: m["settings"].update(token_rotation_enabled=True)) == []


@pytest.mark.parametrize("junk", [None, [], "x", {}, {"display_information": 1}, {"functions": {"a": {"title": 2}}}])
def test_nothing_breaks_the_check(junk: Any) -> None:
    assert problems(junk) != []


def test_the_playground_opens_with_no_manifest_that_slack_would_refuse(tmp_path: Path) -> None:
    wrong = tmp_path / "manifest.json"
    wrong.write_text(json.dumps({**OURS, "workflows": {}}), encoding="utf-8")
    with pytest.raises(ValueError, match="invalid additional property: workflows"):
        manifest.read(wrong)
