"""What the words alone say: cues heard in a note, weighed in the order in which the tag guide decides.

The order is that of the guide: is there an ask; can one tell; would the contact have come in a flawless service
(again before wrong before blocked before unclear before chase); is it ours to do; do we offer it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nlp import lexicon
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

MENDERS = re.compile(r"\b(repair|mend|fix|maintenance|servicing|plumb|heating engineer|breakdown|garage|handyman)")
SELLERS = re.compile(r"\b(sell|sale|make[sr]?\b|supply|suppli|hire|rent|shop|dealer)")
FAULT = re.compile(
    r"\b(leak\w*|drip\w*|crack\w*|broken|broke|faulty|not working|won't (turn|start|light|open|close|shut)|"
    r"stopped working|doesn't work|no hot water|no heating|blocked|stuck|smashed|jammed|dead)\b"
)
EARLIER_FAILURE = re.compile(
    r"\b(again|still|twice|second|third|2nd|3rd|mended|fixed|repaired|promised|supposed|never came|nobody|didn't|"
    r"you said|was told|since your|waiting|weeks ago)\b"
)


ANOTHER_DOOR = re.compile(
    r"\b(not ours|not us|isn't ours|isn't us|not one of ours|not one of us|nothing to do with us|"
    r"meant (a|the) (different|other)|wrong (company|organisation|charity|council|bank|shop|clinic|surgery|place)|"
    r"thought we were|thinks we are|not our (area|job|patch|service|remit))\b"
)
NOT_OFFERED = re.compile(
    r"\? ?no\b|\b(we don't (do|offer|sell|stock)|don't (do|offer|stock) (that|them|it|those|any)|"
    r"not something we (do|offer|sell)|had to say no|said we don't|told (them|him|her) we don't)\b"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules make of a note."""

    scores: Scores
    """One for each of `KINDS`; higher is likelier, and a difference of 1 is worth a factor of e."""
    rulings: Scores
    """What the guide rules on outright, to be added to whatever the scores come to, for each of `KINDS`."""
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
    return Reading(scores, _rulings(prepared, heard, purpose), tuple(heard))


def _weight(heard: list[Heard], name: str) -> float:
    """Cues and hints for `name` together: each further one adds less than the one before."""
    cues = sum(cue.strength == "cue" for cue in heard if cue.entry == name)
    hints = sum(cue.strength == "hint" for cue in heard if cue.entry == name)
    return CUE * (1 - 0.5**cues) * 1.5 + HINT * min(hints, 3)


def _put_failures_first(scores: Scores) -> None:
    for kind, bonus in FAILURES_FIRST.items():
        if scores[PLACE[kind]] >= CUE * 0.75:
            scores[PLACE[kind]] += bonus


def _rulings(prepared: str, heard: list[Heard], purpose: str) -> Scores:
    """What the tag guide rules on, whatever the words resemble.

    A first fault is what a repair service is for; to whoever made or sold the thing it is failure. When the words are
    a colleague's own and no customer appears in them, the note is an improvement note. And where whoever logged it
    says that it is not ours, or that we do not offer it, they should know.
    """
    ruled = np.zeros(len(KINDS))
    mends = MENDERS.search(purpose.lower()) and not SELLERS.search(purpose.lower())
    if mends and FAULT.search(prepared) and not EARLIER_FAILURE.search(prepared):
        ruled[PLACE[DemandKind.CHANGE]] += RULED
        ruled[PLACE[DemandKind.WRONG]] -= RULED / 2
    if any(cue.entry == "ours" and cue.strength == "cue" for cue in heard) and not _weight(heard, "customer"):
        ruled[DEMANDS:] += RULED
    if ANOTHER_DOOR.search(prepared):
        ruled[PLACE[DemandKind.ELSEWHERE]] += 2 * RULED
    elif NOT_OFFERED.search(prepared):
        ruled[PLACE[DemandKind.NEW]] += 2 * RULED
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


def urgency_of(words: str) -> tuple[Heard, ...]:
    """The words by which someone may be in danger, abused or without an essential now; empty when there are none."""
    prepared = lexicon.plain(words)
    return tuple(cue for entry in lexicon.entries("urgent").values() for cue in entry.heard_in(prepared))
