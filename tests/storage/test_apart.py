"""Slack's ids are unique in a workspace alone: every question to the database says in which."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

STORAGE = Path(__file__).parents[2] / "storage"
ASKS = {"select", "update", "delete", "get", "get_one", "exec", "execute"}

OF_EVERYONE = {
    "acts.py/forget_old": "the clock tidies up",
    "marks.py/take": "the clock sees to what is left over",
    "marks.py/forget_old": "the clock tidies up",
    "beginnings.py/begin": "an install belongs to no workspace before it is finished",
    "beginnings.py/come_back": "the same",
    "installations.py/everyone": "the operator's view, and the keys",
    "installations.py/expiring": "the clock renews tokens",
    "leaving.py/due": "the clock purges",
    "outbox.py/promised": "the clock sees to what is still open",
    "tags.py/seen_otherwise": "the clock tags history anew, workspace by workspace",
    "tags.py/how_many_seen_otherwise": "the operator is told how far that has come",
    "workspaces.py/everyone": "the list of workspaces itself",
    "workspaces.py/of_enterprise": "the same, of one organisation",
}
"""Those that may ask about all workspaces, and why."""

BY_A_RECORD = {
    "contributors.py/whom_to_answer": "note",
    "contributors.py/forget": "note",
    "editions.py/claim": "schedule",
    "editions.py/tell": "edition_id",
    "editions.py/miss": "schedule",
    "editions.py/settled_weeks": "schedule",
    "editions.py/latest": "schedule",
    "installations.py/remove": "installation",
    "installations.py/claim_renewal": "installation",
    "installations.py/renew": "installation",
    "installations.py/release": "installation",
    "installations.py/save": "installation",
    "leaving.py/leave_all": "enterprise",
    "marks.py/forget": "mark",
    "notes.py/reword": "note",
    "notes.py/still_there": "some",
    "notes.py/withdraw": "note",
    "outbox.py/_settle": "message_id",
    "outbox.py/begin": "message_id",
    "outbox.py/body_now": "message_id",
    "outbox.py/wait": "message_id",
    "points.py/names": "unit_id",
    "points.py/of_unit": "unit",
    "points.py/remove": "unit",
    "points.py/rename": "unit",
    "points.py/_let_channels_stand_for": "unit",
    "schedules.py/remove": "schedule",
    "listed.py/weeks": "dialect",
    "listed.py/texts": "given",
    "listed.py/numbers": "name",
    "listed.py/pairs": "name",
    "standing.py/let_stand": "note_ids",
    "standing.py/_of_the_best": "column",
    "stems.py/_remember": "some",
    "stems.py/_remembering": "dialect",
    "tags.py/standing": "note",
    "tags.py/standing_of": "some",
    "units.py/_is_known": "unit",
}
"""Those that ask about a record that their caller got through its workspace: which argument that is."""


def asking() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function in the store that asks the database something."""
    for path in sorted(STORAGE.glob("*.py")):
        if path.name in {"database.py", "inserting.py", "__init__.py"}:
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and _called(function) & ASKS:
                yield f"{path.name}/{function.name}", function


def test_every_question_names_a_workspace() -> None:
    """Or is one of a few, named above with a reason. A question that is added later has to choose."""
    loose = [name for name, f in asking() if "workspace" not in _names(f) and name not in OF_EVERYONE | BY_A_RECORD]
    assert loose == []


def test_the_exceptions_are_as_they_say() -> None:
    """No exception outlives its reason, and each record is really asked for."""
    there = dict(asking())
    assert [name for name in OF_EVERYONE | BY_A_RECORD if name not in there] == []
    assert [name for name, by in BY_A_RECORD.items() if by not in {a.arg for a in _arguments(there[name])}] == []


def _called(function: ast.FunctionDef) -> set[str]:
    called = set()
    for call in (node.func for node in ast.walk(function) if isinstance(node, ast.Call)):
        if isinstance(call, ast.Name):
            called.add(call.id)
        elif isinstance(call, ast.Attribute) and ast.unparse(call.value) in {"session", "session.connection()"}:
            called.add(call.attr)
    return called


def _names(function: ast.FunctionDef) -> set[str]:
    attributes = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    return attributes | {argument.arg for argument in _arguments(function)}


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs]
