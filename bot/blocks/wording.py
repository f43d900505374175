"""Turns of phrase that several of our messages share."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.vocabulary import DemandKind, DemandType, Kind, NoteType

_TYPES = {
    DemandType.VALUE: "value demand",
    DemandType.FAILURE: "failure demand",
    DemandType.OPPORTUNITY: "an opportunity",
    DemandType.EXTERNAL: "demand that belongs elsewhere",
    DemandType.UNKNOWN: "something we cannot place",
}


def a_kind(kind: Kind) -> str:
    """A kind as it stands in a sentence: "failure demand (chase)" or "an improvement note (idea)"."""
    if isinstance(kind, DemandKind):
        return f"{_TYPES[kind.demand_type]} ({kind})"
    return f"an improvement note ({kind})"


def a_note(note_type: NoteType) -> str:
    """What someone is passing on."""
    return "what a customer said" if note_type is NoteType.DEMAND else "what gets in the way, or could be better"


def joined(words: Sequence[str], *, word: str = "and") -> str:
    """A list as people say it: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} {word} {last}" if first else last
