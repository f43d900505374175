"""The voices of Larkmoor Homes, read from `utterances/`.

A theme has a usual kind and the listening points where it is heard; a line may say otherwise for itself.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from nlp.vocabulary import DemandKind, Kind, NoteType, SystemCondition, kind_named


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that was said or noticed, and what a fair judge would call it."""

    words: str
    kind: Kind
    points: tuple[str, ...]
    """Where it may be heard. A point that stands here twice is twice as likely."""
    what_matters: str = ""
    first_asked: int | None = None
    """How many days ago they first asked, when they said so."""
    condition: SystemCondition | None = None
    week: int | None = None
    """The one week in which it is told, counted from 1; none when any week will do."""
    from_week: int = 1

    @property
    def told_as(self) -> NoteType:
        """A customer's demand, or a colleague's improvement note."""
        return NoteType.DEMAND if isinstance(self.kind, DemandKind) else NoteType.IMPROVEMENT


@dataclass(frozen=True, slots=True)
class Theme:
    """A kind of demand in the tenants' words, how often it is usually heard, and the ways people put it."""

    name: str
    weekly: float
    """Notes a week, on average, as long as nothing changes."""
    heard: tuple[Utterance, ...]


@cache
def themes() -> tuple[Theme, ...]:
    """Every theme of the story, in the order of the files."""
    return tuple(_theme(entry) for page in _pages() for entry in page.get("theme", ()))


@cache
def improvements() -> tuple[Utterance, ...]:
    """Every improvement note that colleagues may pass on."""
    return tuple(
        _utterance(entry, kind=entry["kind"], points=[entry["point"]])
        for page in _pages()
        for entry in page.get("note", ())
    )


def _pages() -> Iterator[dict[str, Any]]:
    folder = resources.files("bot.story") / "utterances"
    for page in sorted(folder.iterdir(), key=lambda page: page.name):
        if page.name.endswith(".toml"):
            yield tomllib.loads(page.read_text(encoding="utf-8"))


def _theme(entry: dict[str, Any]) -> Theme:
    lines = ({"words": line} if isinstance(line, str) else line for line in entry["heard"])
    heard = tuple(_utterance(line, kind=entry["kind"], points=entry["points"]) for line in lines)
    return Theme(name=entry["name"], weekly=entry["weekly"], heard=heard)


def _utterance(line: dict[str, Any], *, kind: str, points: list[str]) -> Utterance:
    return Utterance(
        words=line["words"],
        kind=kind_named(line.get("kind", kind)),
        points=(line["point"],) if "point" in line else tuple(points),
        what_matters=line.get("matters", ""),
        first_asked=line.get("asked"),
        condition=SystemCondition(line["condition"]) if "condition" in line else None,
        week=line.get("week"),
        from_week=line.get("from_week", 1),
    )
