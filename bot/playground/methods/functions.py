"""How a step of a workflow ended: `functions.*`."""

from __future__ import annotations

from typing import Any

from bot.playground import checks, workflows
from bot.playground.methods.ask import Ask, method
from bot.playground.refusals import Refused
from bot.playground.workflows import DONE, FAILED, RUNNING, Execution

LONGEST_ERROR = 3_000
"""Slack names no limit; as much as it shows in one block is on the careful side."""


@method("functions.completeSuccess", needs="function_execution_id outputs")
def complete_success(ask: Ask) -> dict[str, Any]:
    """The step is done, and gives the next ones its outputs."""
    execution = _running(ask)
    outputs = checks.decoded(ask.arguments["outputs"], "invalid_arguments")
    if findings := workflows.check(outputs, execution.step.outputs, "/outputs"):
        raise Refused("parameter_validation_failed", findings)
    execution.outputs, execution.state = outputs, DONE
    return {}


@method("functions.completeError", needs="function_execution_id error")
def complete_error(ask: Ask) -> dict[str, Any]:
    """The step could not be done; whoever looks after the workflow reads why."""
    execution = _running(ask)
    if len(ask.text("error")) > LONGEST_ERROR:
        raise Refused("invalid_arguments", [f"must be less than {LONGEST_ERROR + 1} characters [json-pointer:/error]"])
    execution.error, execution.state = ask.text("error"), FAILED
    return {}


def _running(ask: Ask) -> Execution:
    """The run that is meant. Slack documents no name for the mistake of ending one twice; an app may not count on it.

    Raises:
        Refused: there is none, or it has ended.
    """
    execution = ask.slack.executions.find(ask.text("function_execution_id"), ask.workspace.id)
    if execution is None:
        raise Refused("function_execution_not_found")
    if execution.state != RUNNING:
        raise Refused("function_execution_already_ended")
    return execution
