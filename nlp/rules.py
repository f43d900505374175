"""What the words alone say: cues heard in a note, weighed in the order in which the tag guide decides.

The order is that of the guide: is there an ask; can one tell; would the contact have come in a flawless service
(again before wrong before blocked before unclear before chase); is it ours to do; do we offer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nlp import lexicon, rulings
from nlp.lexicon import Heard
from nlp.vocabulary import DemandKind, ImprovementKind, Kind

Scores = npt.NDArray[np.float64]

KINDS: tuple[Kind, ...] = (*DemandKind, *ImprovementKind)
"""Every kind, in the order of all scores and probabilities of the tagger."""

PLACE = MappingProxyType({kind.value: place for place, kind in enumerate(KINDS)})
DEMANDS = len(DemandKind)

CUE, HINT = 2.0, 0.5
RULED = 2.0
"""How much (in log-odds) it counts that the guide rules on a case."""
FAILURES_FIRST = MappingProxyType(
    {
        DemandKind.AGAIN: 1.4,
        DemandKind.WRONG: 1.1,
        DemandKind.BLOCKED: 0.9,
        DemandKind.UNCLEAR: 0.9,
        DemandKind.CHASE: 0.8,
    }
)
"""A failure that the words name outweighs what else is asked for, and the first in the guide's order wins."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules make of a note."""

    scores: Scores
    """One for each of `KINDS`; higher is likelier, and a difference of 1 is worth a factor of e."""
    rulings: Scores
    """What the guide rules on outright, to be added to whatever the scores come to, for each of `KINDS`."""
    first: DemandKind | None
    """The kind of failure that the words put before every other."""
    heard: tuple[Heard, ...]


def read(words: str, *, purpose: str = "") -> Reading:
    """What the cues in `words` say of its kind, given the unit's purpose."""
    prepared = lexicon.plain(words)
    heard = [
        cue
        for name in ("kinds", "improvements")
        for entry in lexicon.entries(name).values()
        for cue in entry.heard_in(prepared)
    ]
    scores = np.zeros(len(KINDS))
    for kind in KINDS:
        scores[PLACE[kind.value]] = _weight(heard, kind.value)
    _put_failures_first(scores)
    _ask_whose_voice_it_is(scores, heard)
    _admit_when_there_is_little(scores, prepared)
    ruled = rulings.added(prepared, purpose=purpose, places=PLACE) + _a_colleagues_own(heard)
    return Reading(scores, ruled, rulings.comes_first(prepared), tuple(heard))


def _weight(heard: list[Heard], name: str) -> float:
    """Cues and hints for `name` together: each further one adds less than the one before."""
    cues = sum(cue.strength == "cue" for cue in heard if cue.entry == name)
    hints = sum(cue.strength == "hint" for cue in heard if cue.entry == name)
    return CUE * (1 - 0.5**cues) * 1.5 + HINT * min(hints, 3)


def _put_failures_first(scores: Scores) -> None:
    for kind, bonus in FAILURES_FIRST.items():
        if scores[PLACE[kind]] >= CUE * 0.75:
            scores[PLACE[kind]] += bonus


def _a_colleagues_own(heard: list[Heard]) -> Scores:
    """When the words are a colleague's own and no customer appears in them, the note is an improvement note."""
    ruled = np.zeros(len(KINDS))
    if any(cue.entry == "ours" and cue.strength == "cue" for cue in heard) and not _weight(heard, "customer"):
        ruled[DEMANDS:] += RULED
    return ruled


def _ask_whose_voice_it_is(scores: Scores, heard: list[Heard]) -> None:
    """A colleague's own remark, or a customer's."""
    scores[DEMANDS:] += _weight(heard, "ours") - 0.6 * _weight(heard, "customer") - 1.0


def _admit_when_there_is_little(scores: Scores, prepared: str) -> None:
    letters = sum(letter.isalpha() for letter in prepared)
    if letters < 3:
        scores[PLACE[DemandKind.TOO_THIN]] += 6.0
    elif scores.max() < 1.0:
        scores[PLACE[DemandKind.TOO_THIN]] += 1.0


def weights_of(name: str, words: str, *, names: Sequence[str]) -> Scores:
    """How loudly the words speak for each of these entries of a lexicon, (names,)."""
    prepared = lexicon.plain(words)
    known = lexicon.entries(name)
    return np.array([_weight(known[entry].heard_in(prepared), entry) for entry in names])


def cues_for(name: str, entry: str, words: str) -> tuple[Heard, ...]:
    """The cues in the words that speak for one entry of a lexicon; hints left out."""
    heard = lexicon.entries(name)[entry].heard_in(lexicon.plain(words))
    return tuple(cue for cue in heard if cue.strength == "cue")


def urgency_of(words: str) -> tuple[Heard, ...]:
    """The words by which someone may be in danger, abused or without an essential now; empty when there are none.

    A cue among them is enough; a hint counts where the rest of the note does not speak against it.
    """
    prepared = lexicon.plain(words)
    return tuple(cue for entry in lexicon.entries("urgent").values() for cue in entry.heard_in(prepared))
