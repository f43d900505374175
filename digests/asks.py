"""What staff need from managers: parts of the system that their notes name, never a person and never a team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from digests import quotes
from digests.facts import Ask
from digests.material import Material
from digests.quotes import Unquoted
from nlp.vocabulary import ImprovementKind, Kind, SystemCondition
from storage.counts import NoteFacts

MOST = 3
MOST_NUMBERS = 6
ALIVE_WEEKS = 4
"""An ask stands for this many weeks after the last note that names it."""

_SPEAKS_FIRST: tuple[Kind | None, ...] = (
    ImprovementKind.BLOCKER,
    ImprovementKind.KNOCK_ON,
    ImprovementKind.STOP,
    ImprovementKind.IDEA,
)


def of_managers(material: Material) -> tuple[Ask, ...]:
    """At most three asks, each about one system condition that improvement notes of the last four weeks name.

    The condition that is named at most listening points comes first, then the one named in most weeks: by how widely it
    is felt, not by how loudly. The older notes of the last 12 weeks that name it are traced as well.
    """
    by_condition: dict[SystemCondition, list[NoteFacts]] = defaultdict(list)
    for condition, note in _named(material):
        if not (note.urgent or note.private):
            by_condition[condition].append(note)
    alive = [_ask(material, condition, notes) for condition, notes in by_condition.items() if _of_late(material, notes)]
    return tuple(sorted(alive, key=lambda ask: (-ask.points, -ask.weeks, -ask.count, ask.condition.value))[:MOST])


def unquoted(material: Material) -> Unquoted:
    """How many improvement notes of the last four weeks name a system condition, and may not be quoted."""
    return quotes.unquoted(_of_late(material, [note for _condition, note in _named(material)]))


def _named(material: Material) -> list[tuple[SystemCondition, NoteFacts]]:
    """The improvement notes that name a system condition as what is in the way, each with that condition."""
    named = [(note.system_condition, note) for note in material.improvement if note.kind in _SPEAKS_FIRST]
    return [(condition, note) for condition, note in named if condition is not None]


def _of_late(material: Material, notes: Sequence[NoteFacts]) -> list[NoteFacts]:
    return [note for note in notes if note.week >= len(material.back) - ALIVE_WEEKS]


def _ask(material: Material, condition: SystemCondition, notes: list[NoteFacts]) -> Ask:
    newest = max(note.week for note in notes)
    speaking = min(_of_late(material, notes), key=lambda note: (_SPEAKS_FIRST.index(note.kind), -note.week, note.id))
    return Ask(
        condition=condition,
        quote=material.quote(speaking),
        notes=tuple(sorted((note.number for note in notes), reverse=True)[:MOST_NUMBERS]),
        count=len(notes),
        weeks=len({note.week for note in notes}),
        points=len({note.point for note in notes if note.point}),
        last_named="" if newest == len(material.back) - 1 else material.back[newest].label,
    )
