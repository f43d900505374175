"""Workflows: one step of our app's that somebody runs, with what it was given and how it ended."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.manifest import Parameter, Step
from bot.playground.shapes import Check, Findings, boolean, find, number, pattern, string, whole

RUNNING, DONE, FAILED = "running", "done", "failed"
LONGEST_TEXT = 100_000
"""Slack names no limit for a text that goes from step to step; a field of a form holds 3,000 characters."""
_TYPES: dict[str, Check] = {
    "string": string(LONGEST_TEXT, 0),
    "boolean": boolean,
    "integer": whole(-(2**53), 2**53),
    "number": number,
    "slack#/types/user_id": pattern(r"[UW][A-Z0-9]{5,}", "a valid user id"),
    "slack#/types/channel_id": pattern(r"[CGD][A-Z0-9]{5,}", "a valid channel id"),
}


@dataclass(eq=False)
class Execution:
    """One run of a step. Whoever runs the workflow is not told to the app; they may be among its inputs."""

    id: str
    team_id: str
    person: str
    step: Step
    inputs: dict[str, Any]
    token: str = field(default_factory=lambda: f"xwfp-{secrets.token_hex(16)}")
    """What the app may speak with as long as this runs, besides its own token."""
    state: str = RUNNING
    outputs: dict[str, Any] = field(default_factory=dict)
    error: str = ""


class Executions:
    """The runs of this Slack's workflows, by their ids."""

    def __init__(self) -> None:
        self._all: dict[str, Execution] = {}

    def begin(self, step: Step, inputs: Mapping[str, Any], *, team_id: str, person: str) -> Execution:
        """A new run."""
        execution = Execution(f"Fx{secrets.token_hex(5).upper()}", team_id, person, step, dict(inputs))
        self._all[execution.id] = execution
        return execution

    def find(self, execution_id: str, team_id: str) -> Execution | None:
        """A run in this workspace."""
        found = self._all.get(execution_id)
        return found if found is not None and found.team_id == team_id else None

    def team_of(self, token: str) -> str | None:
        """The workspace for which the token of a run is good; none, once that run has ended."""
        return next((one.team_id for one in self._all.values() if one.token == token and one.state == RUNNING), None)

    def of(self, person: str, team_id: str) -> list[Execution]:
        """What somebody has run, oldest first."""
        return [one for one in self._all.values() if (one.person, one.team_id) == (person, team_id)]


def check(values: Any, parameters: Iterable[Parameter], at: str) -> Findings:
    """What is wrong with a step's inputs or outputs: what is missing, unknown, or of another type."""
    findings: Findings = []
    known = {one.name: one for one in parameters}
    if not isinstance(values, dict):
        find(findings, "must provide an object", at)
        return findings
    for name, parameter in known.items():
        if values.get(name) is None:
            if parameter.is_required:
                find(findings, f"missing required field: {name}", at)
        elif parameter.type in _TYPES:
            _TYPES[parameter.type](values[name], f"{at}/{name}", findings)
    for name in values:
        if name not in known:
            find(findings, f"invalid additional property: {name}", at)
    return findings


def event_of(execution: Execution, *, app_id: str, event_ts: str) -> dict[str, Any]:
    """The event that brings a run to the app."""
    step = execution.step
    about = {"id": f"Fn{re.sub('[^A-Z0-9]', '', step.callback_id.upper())}", "callback_id": step.callback_id}
    about |= {"title": step.title, "description": step.description, "type": "app", "app_id": app_id}
    return {
        "type": "function_executed",
        "function": {
            **about,
            "input_parameters": [_told(one) for one in step.inputs],
            "output_parameters": [_told(one) for one in step.outputs],
            "date_created": 0,
            "date_updated": 0,
            "date_deleted": 0,
        },
        "inputs": execution.inputs,
        "function_execution_id": execution.id,
        "workflow_execution_id": execution.id.replace("Fx", "Wx", 1),
        "event_ts": event_ts,
        "bot_access_token": execution.token,
    }


def _told(one: Parameter) -> dict[str, Any]:
    return {
        "type": one.type,
        "name": one.name,
        "title": one.title,
        "description": one.description,
        "is_required": one.is_required,
    }
