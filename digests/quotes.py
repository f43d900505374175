"""Which words are shown, by a rule we print: chosen by lot and by rule, never for drama.

The lot is drawn with a seed made of the workspace, the unit, the week and the audience, so the same week always shows
the same words. A note that reads as urgent is never quoted: it had to go another way, and at once.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from digests.speech import N_
from nlp.vocabulary import DemandType
from storage.counts import NoteFacts

LONGEST = 280
"""Characters of a quotation before it is shortened; the note itself stays whole."""
LONGEST_NAME = 80
"""Characters of a theme's name."""
MOST_COMPARED = 40
"""How many notes of a theme are compared to find a typical one."""

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*(?=\s)")
_WORD = re.compile(r"\w{3,}")


class Rule(StrEnum):
    """Why these words are shown."""

    LOT = N_("drawn by lot")
    TYPICAL = N_("typical of what keeps coming")
    FIRST = N_("never heard before")
    MATTERS = N_("value or opportunity")


@dataclass(frozen=True, kw_only=True)
class Unquoted:
    """How many notes count and are not quoted, and why not."""

    private: int = 0
    """From a private channel: their words stay there."""
    urgent: int = 0
    """They read as urgent, wherever they were heard."""

    @property
    def count(self) -> int:
        """How many there are in all."""
        return self.private + self.urgent


NONE_UNQUOTED = Unquoted()


def drawn(candidates: Sequence[NoteFacts], lot: random.Random, *, at_most: int = 1) -> list[NoteFacts]:
    """Draw by lot, in a fair and repeatable way, whatever order the candidates come in."""
    ordered = sorted(candidates, key=lambda note: note.id)
    return lot.sample(ordered, min(at_most, len(ordered)))


def classified(notes: Sequence[NoteFacts]) -> list[NoteFacts]:
    """The demands that have a type."""
    return [note for note in notes if note.demand_type not in (None, DemandType.UNKNOWN)]


def quotable(notes: Sequence[NoteFacts]) -> list[NoteFacts]:
    """The demands that could be quoted: classified, not urgent, and from no private channel."""
    return [note for note in classified(notes) if not note.urgent and not note.private]


def unquoted(notes: Sequence[NoteFacts]) -> Unquoted:
    """How many of these may not be quoted, and why not. One that is urgent and private is counted as urgent."""
    return Unquoted(
        private=sum(note.private and not note.urgent for note in notes), urgent=sum(note.urgent for note in notes)
    )


def of_theme(notes: Sequence[NoteFacts], theme: str) -> list[NoteFacts]:
    """The failure demands among these with a theme that goes by this name."""
    return [note for note in notes if named(note.theme or "") == theme and note.demand_type is DemandType.FAILURE]


def typical(candidates: Sequence[NoteFacts], words: Mapping[int, str]) -> NoteFacts | None:
    """The note whose words have most in common with those of its fellows; the earliest of equals."""
    bags = {note.id: set(_WORD.findall(words[note.id].casefold())) for note in candidates}
    ordered = sorted(candidates, key=lambda note: note.id)
    likeness = {a.id: sum(_overlap(bags[a.id], bags[b.id]) for b in ordered) for a in ordered}
    return max(ordered, key=lambda note: likeness[note.id], default=None)


def that_says_what_matters(candidates: Sequence[NoteFacts], lot: random.Random) -> NoteFacts | None:
    """A value demand or an opportunity, one that says what mattered if there is any."""
    wanted: list[Callable[[NoteFacts], bool]] = [
        lambda note: note.says_what_matters,
        lambda note: note.demand_type is DemandType.OPPORTUNITY,
        lambda note: True,
    ]
    open_to = [note for note in candidates if note.demand_type in (DemandType.VALUE, DemandType.OPPORTUNITY)]
    for wish in wanted:
        found = drawn([note for note in open_to if wish(note)], lot)
        if found:
            return found[0]
    return None


def shortened(words: str, *, at_most: int = LONGEST) -> tuple[str, bool]:
    """The words as they were said; past a certain length only their first sentences, or words. And whether cut."""
    words = words.strip()
    if len(words) <= at_most:
        return words, False
    start = words[:at_most]
    ends = [found.end() for found in _SENTENCE_END.finditer(start)]
    if ends and ends[-1] > at_most / 3:
        return f"{start[: ends[-1]]} …", True
    return f"{start[: start.rfind(' ')] if ' ' in start else start} …", True


def named(theme: str) -> str:
    """The name of a theme as a line has room for it."""
    return shortened(theme, at_most=LONGEST_NAME)[0]


def same(words: str) -> str:
    """What two quotations have in common when they say the same."""
    return " ".join(_WORD.findall(words.casefold())) or words.strip()


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0
