"""The documents agree with the house: the map, the manifest, the settings, the words."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from bot.conversations import noting, relaying
from bot.playground import manifest_check
from nlp import vocabulary
from tests import house_map
from tests.house_map import ROOMS

HOUSE = Path(__file__).parents[1]
README = (HOUSE / "README.md").read_text(encoding="utf-8")


def test_the_map_in_the_readme_is_true() -> None:
    """Every file is on it, with its own first sentence. If not: python -m tests.house_map"""
    assert house_map.drawn() in README


def test_nothing_else_lies_at_the_door() -> None:
    allowed = {
        *("bot", "nlp", "storage", "digests", "tests", "pyproject.toml", "Dockerfile", "README.md", "Makefile"),
        *("requirements.lock", "LICENSE", "CHANGELOG.md", "NOTICE"),
    }
    there = {item.name for item in HOUSE.iterdir() if not item.name.startswith(".")}
    assert {name for name in there - allowed if not name.endswith(".egg-info") and name != "build"} == set()


def test_every_room_has_its_door_plate() -> None:
    """Each package says in its docstring what lives there."""
    for room in ROOMS:
        for plate in (HOUSE / room).rglob("__init__.py"):
            if "migrations" not in plate.parts and "__pycache__" not in plate.parts:
                assert plate.read_text(encoding="utf-8").lstrip().startswith('"""'), plate


def test_the_manifest_offers_what_the_code_listens_to() -> None:
    manifest = json.loads((HOUSE / "bot" / "manifest.json").read_text(encoding="utf-8"))
    commands = {command["command"] for command in manifest["features"]["slash_commands"]}
    assert commands == {*noting.COMMANDS, "/groundswell"}
    source = "".join(path.read_text(encoding="utf-8") for path in (HOUSE / "bot" / "conversations").glob("*.py"))
    for shortcut in manifest["features"]["shortcuts"]:
        assert f'shortcut("{shortcut["callback_id"]}")' in source
    assert set(manifest["functions"]) == {relaying.STEP}


def test_every_scope_has_its_reason_in_the_readme() -> None:
    manifest = json.loads((HOUSE / "bot" / "manifest.json").read_text(encoding="utf-8"))
    reasons = README.split("What each scope is for")[1].split("\n\n")[1]
    assert set(re.findall(r"`([a-z_:]+)`", "\n".join(line.split("|")[1] for line in reasons.splitlines()[2:]))) == set(
        manifest["oauth_config"]["scopes"]["bot"]
    )


def test_the_manifest_subscribes_to_what_the_readme_names_and_no_more() -> None:
    manifest = json.loads((HOUSE / "bot" / "manifest.json").read_text(encoding="utf-8"))
    told = README.split("The events: ")[1].split("\n\n")[0]
    named = set(re.findall(r"`([a-z_.]+)`", told))
    whats = told.split("(")[1].split(")")[0].split(", ")
    of_channels = {f"{kind}_{what}" for kind in ("channel", "group") for what in whats}
    of_channels -= {"group_shared", "group_unshared"}  # Slack names these after channels, private ones as well
    assert set(manifest["settings"]["event_subscriptions"]["bot_events"]) == (
        {name for name in named if not name.endswith("_")} | of_channels
    )


def test_the_manifest_for_reactions_differs_by_what_marks_need_and_nothing_else() -> None:
    usual = json.loads((HOUSE / "bot" / "manifest.json").read_text(encoding="utf-8"))
    more = json.loads((HOUSE / "bot" / "manifest-reactions.json").read_text(encoding="utf-8"))
    usual["oauth_config"]["scopes"]["bot"] += ["reactions:read", "channels:history", "groups:history"]
    usual["settings"]["event_subscriptions"]["bot_events"] += ["reaction_added", "reaction_removed"]
    assert more == usual


def test_slack_would_take_the_manifest() -> None:
    """The limits of Slack's manifest schema, and what its parts ask of each other."""
    manifest = json.loads((HOUSE / "bot" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest_check.problems(manifest) == []


def test_the_staircase_is_written_down() -> None:
    card = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    assert card[0]["layers"] == list(ROOMS)
    assert {"source_modules": ["digests"], "forbidden_modules": ["storage.contributors"]}.items() <= card[1].items()


def test_each_library_is_met_in_its_own_room_alone() -> None:
    """Language in nlp, SQL in storage, Slack in bot; so that each can change without the others hearing of it."""
    homes = {"spacy": {"nlp"}, "sqlmodel": {"storage", "bot", "digests"}, "slack_bolt": {"bot"}, "slack_sdk": {"bot"}}
    for room in ROOMS:
        for path in (HOUSE / room).rglob("*.py"):
            imported = set(re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
            strangers = {library for library, rooms in homes.items() if library in imported and room not in rooms}
            assert strangers == set(), path


def test_nobody_asks_in_sql_but_the_store() -> None:
    """Other rooms may hold a session and hand it down; only storage writes queries."""
    for room in ("bot", "digests", "nlp"):
        for path in (HOUSE / room).rglob("*.py"):
            for line in re.findall(r"^from sqlmodel import (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE):
                assert line == "Session", path


def test_which_database_it_is_is_asked_in_one_way() -> None:
    """Of a session by `listed.dialect`; only `database.py`, which has no session yet, looks at its engine."""
    asking = {path.name for path in (HOUSE / "storage").glob("*.py") if "dialect.name" in path.read_text("utf-8")}
    assert asking == {"listed.py", "database.py", "columns.py"}


def test_no_file_grows_past_one_sitting() -> None:
    long = {
        str(path.relative_to(HOUSE)): length
        for room in (*ROOMS, "tests")
        for path in (HOUSE / room).rglob("*.py")
        if "versions" not in path.parts and (length := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


COMMAND_AND_CONTROL = re.compile(
    r"\b(targets?|quotas?|KPIs?|performance|compliance|leaderboards?|ranking|approved?)\b", re.IGNORECASE
)


def test_no_sentence_that_people_read_speaks_of_targets_or_ranks() -> None:
    """Command and control is a way of speaking first (mission S01)."""
    said = list(vocabulary.GLOSSARY.values())
    for path in (HOUSE / "digests" / "templates").rglob("*.j2"):
        said.append(re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    for path in [*(HOUSE / "bot" / "blocks").glob("*.py"), *(HOUSE / "bot" / "conversations").glob("*.py")]:
        said.extend(re.findall(r'"([^"\n]{12,})"', path.read_text(encoding="utf-8")))
    wrong = [sentence for sentence in said if COMMAND_AND_CONTROL.search(sentence.replace("measure or target", ""))]
    assert wrong == []


def test_our_words_are_all_explained() -> None:
    """Whatever kind, type, condition or factor a receipt names, help can say what it means."""
    terms = [
        *vocabulary.DemandType, *vocabulary.DemandKind, *vocabulary.ImprovementKind,
        *vocabulary.SystemCondition, *vocabulary.SystemFactor,
    ]  # fmt: skip
    assert all(vocabulary.explain(term) for term in terms)
