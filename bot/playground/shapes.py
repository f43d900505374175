"""A few words for saying what a JSON value must look like, and Slack's sentences for when it does not.

A check takes a value, the place where it stands (a JSON pointer) and the list of findings that it may add to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Findings = list[str]
Check = Callable[[Any, str, Findings], None]


def find(findings: Findings, words: str, at: str) -> None:
    """Adds a finding, in Slack's way of naming the place."""
    findings.append(f"{words} [json-pointer:{at or '/'}]")


def string(most: int, least: int = 1) -> Check:
    """A string of `least` to `most` characters (Unicode code points)."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, str):
            find(findings, "must provide a string", at)
        elif len(value) > most:
            find(findings, f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            find(findings, f"must be more than {least - 1} characters", at)

    return check


def pattern(expression: str, means: str) -> Check:
    """A string that matches the whole expression."""
    compiled = re.compile(expression)

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, str) or not compiled.fullmatch(value):
            find(findings, f"must be {means}", at)

    return check


def boolean(value: Any, at: str, findings: Findings) -> None:
    """True or false, nothing like it."""
    if not isinstance(value, bool):
        find(findings, "must be a valid boolean", at)


def whole(least: int, most: int) -> Check:
    """A whole number between two others, both included."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            find(findings, "must be a valid integer", at)
        elif not least <= value <= most:
            find(findings, f"must be between {least} and {most}", at)

    return check


def number(value: Any, at: str, findings: Findings) -> None:
    """A number, whole or not."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        find(findings, "must be a valid number", at)


def anything(value: Any, at: str, findings: Findings) -> None:
    """Whatever it is, it may stay."""


def one_of(*values: str) -> Check:
    """One of a few words."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if value not in values:
            find(findings, f"must be one of: {', '.join(values)}", at)

    return check


def listing(of: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` such things."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, list):
            find(findings, "must provide an array", at)
            return
        if len(value) > most:
            find(findings, f"no more than {most} items allowed", at)
        if len(value) < least:
            find(findings, f"no fewer than {least} items allowed", at)
        for index, item in enumerate(value):
            of(item, f"{at}/{index}", findings)

    return check


@dataclass(frozen=True)
class Shape:
    """An object: what it must have, what it may have, and, where that is in order, what is true of it as a whole."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    also: tuple[Check, ...] = ()

    def __call__(self, value: Any, at: str, findings: Findings) -> None:
        """Checks every property, and that there are no others."""
        if not isinstance(value, dict):
            find(findings, "must provide an object", at)
            return
        before = len(findings)
        for name in self.required:
            if value.get(name) is None:
                find(findings, f"missing required field: {name}", at)
        for name, content in value.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                find(findings, f"invalid additional property: {name}", at)
            elif content is not None:
                check(content, f"{at}/{name}", findings)
        if len(findings) == before:
            for whole_check in self.also:
                whole_check(value, at, findings)


def by_type(shapes: Mapping[str, Check], allowed: Iterable[str] | None = None) -> Check:
    """An object whose `type` decides its shape, among those allowed at this place."""
    here = set(shapes if allowed is None else allowed)

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            find(findings, "must provide an object", at)
        elif not isinstance(value.get("type"), str):
            find(findings, "missing required field: type", at)
        elif value["type"] not in here:
            find(findings, f"unsupported type: {value['type']}", f"{at}/type")
        else:
            shapes[value["type"]](value, at, findings)

    return check


def exactly_one(*names: str) -> Check:
    """One of these properties, and not two."""

    def check(value: Any, at: str, findings: Findings) -> None:
        given = [name for name in names if value.get(name) is not None]
        if len(given) != 1:
            find(findings, f"must provide exactly one of: {', '.join(names)}", at)

    return check


def at_least_one(*names: str) -> Check:
    """One of these properties at least."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not any(value.get(name) for name in names):
            find(findings, f"missing required field: {' or '.join(names)}", at)

    return check
