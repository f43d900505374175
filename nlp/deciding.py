"""From scores to an answer: which kind, how sure, and what else the note tells of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp import answers, rules
from nlp.heads import log_chances
from nlp.redaction.spans import PLACEHOLDER
from nlp.rules import DEMANDS, KINDS
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, Kind, NoteType, SystemFactor

Weights = npt.NDArray[np.float64]

TOLD_COUNTS = {NoteType.DEMAND: -2.0, NoteType.IMPROVEMENT: 6.5}
"""How much (in log-odds) it counts for improvement which door a person used. Colleagues pass on remarks of their own by
the door for demand now and then; by the one for improvement they hardly ever pass on a customer's words."""
CUE_COUNTS = 0.3
"""How much a cue of the lexicon counts for a system condition."""
HINTED = 0.1
"""Which part of the chance that makes a note urgent by itself is enough where a word hints at it."""
PLAINLY = 0.6
"""The chance from which a system condition is named beside a demand, when a cue names it too."""
SETTLED = 0.99
"""The confidence in what a person has said of these very words."""
NOBODY_COULD_TELL = 0.95
"""The confidence that nobody can tell a kind from words that hold next to no letters."""
NOT_OUR_LANGUAGE = 0.5
"""The confidence that nobody can tell a kind from words in another language: we cannot."""
TAUGHT = 0.8
"""The confidence from which what people taught is enough to understand words in another language."""

SIDES: tuple[DemandType | None, ...] = (*DemandType, None)
"""What a note can be at its broadest: one of the demand types, or (none) an improvement note."""
SIDE_OF = np.array([SIDES.index(kind.demand_type if isinstance(kind, DemandKind) else None) for kind in KINDS])


FAILURES = SIDES.index(DemandType.FAILURE) == SIDE_OF
BEFORE = 1.5
"""By how much (in log-odds) the kind stands ahead that the guide's order puts first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which kind a note is taken for, and how sure we are of its demand type (or that it is an improvement note)."""

    kind: Kind
    confidence: float
    runner_up: Kind | None = None
    rather_than: Kind | None = None
    """The likeliest kind of another type, from which `because` tells it apart; none where words did not decide."""


def in_order(scores: Weights, *, first: DemandKind | None) -> Weights:
    """The scores with one kind of failure before every other, as the guide orders them; what is no failure stays."""
    if first is None:
        return scores
    place = KINDS.index(first)
    ahead = max(float(scores[place]), float(scores[FAILURES].max()) + BEFORE)
    ordered = scores.copy()
    ordered[place] = ahead
    return ordered


def verdict(scores: Weights, *, told: NoteType | None) -> Verdict:
    """The likeliest kind of the likeliest type, from the scores of `KINDS`."""
    scores = scores.copy()
    if told is not None:
        scores[DEMANDS:] += TOLD_COUNTS[told]
    chances = np.exp(log_chances(scores))
    sides = np.bincount(SIDE_OF, weights=chances, minlength=len(SIDES))
    side = int(sides.argmax())
    first = int(np.where(side == SIDE_OF, chances, -1.0).argmax())
    second = int(np.where(np.arange(len(KINDS)) == first, -1.0, chances).argmax())
    other = int(np.where(side == SIDE_OF, -1.0, chances).argmax())
    return Verdict(KINDS[first], float(sides[side]), KINDS[second], KINDS[other])


def too_little(text: str) -> Verdict | None:
    """The verdict on words that nobody could tell a kind from; none for all others."""
    letters = sum(letter.isalpha() for letter in PLACEHOLDER.sub("", text))
    return Verdict(DemandKind.TOO_THIN, NOBODY_COULD_TELL) if letters < 3 else None


def in_another_language(scores: Weights, *, told: NoteType | None, taught: bool) -> Verdict:
    """The verdict on words that are not English: unknown, unless people `taught` words like them and it is sure."""
    likeliest = verdict(scores, told=told)
    sure = taught and likeliest.confidence >= TAUGHT
    return likeliest if sure else Verdict(DemandKind.TOO_THIN, NOT_OUR_LANGUAGE)


def conditions(text: str, scores: Weights, *, general: Weights) -> Weights:
    """The log-chance of each of `answers.CONDITIONS`.

    Args:
        text: the note.
        scores: what meaning and wording make of every question.
        general: what the words that the note is made of make of the condition.
    """
    cues = rules.weights_of("conditions", text, names=answers.CONDITIONS)
    return log_chances(scores[answers.QUESTIONS["condition"]] + CUE_COUNTS * cues + log_chances(general))


def condition(text: str, chances: Weights, *, kind: Kind) -> tuple[int, int] | None:
    """The system condition, and the one it has to be told apart from, by their places in `answers.CONDITIONS`.

    There is always one for an improvement note, and beside a demand where words name it plainly.

    Args:
        text: the note.
        chances: the log-chances of the `conditions`.
        kind: what the note was taken for.
    """
    second, best = (int(place) for place in chances.argsort()[-2:])
    return (best, second) if isinstance(kind, ImprovementKind) or _is_plain(text, chances, best) else None


def _is_plain(text: str, chances: Weights, place: int) -> bool:
    """Whether a system condition is likely enough to be named beside a demand, and a cue names it too."""
    if np.exp(chances[place]) < PLAINLY:
        return False
    [cues] = rules.weights_of("conditions", text, names=[answers.CONDITIONS[place]])
    return bool(cues > rules.HINT)


def factor(scores: Weights, *, kind: Kind) -> SystemFactor | None:
    """The system factor of an improvement note; a knock-on is one by its nature, and most others have none."""
    if kind is ImprovementKind.KNOCK_ON:
        return SystemFactor.KNOCK_ON
    if not isinstance(kind, ImprovementKind):
        return None
    return answers.FACTORS[int(scores[answers.QUESTIONS["factor"]].argmax())]


def urgent(text: str, scores: Weights, *, from_: float) -> bool:
    """Whether someone may be in danger, abused or without an essential now, by cues or by meaning.

    Args:
        text: the note.
        scores: what meaning and wording make of every question.
        from_: the chance, by meaning and wording, from which a note is urgent without a cue.
    """
    heard = rules.urgency_of(text)
    if any(word.strength == "cue" for word in heard):
        return True
    chance = float(np.exp(log_chances(scores[answers.QUESTIONS["urgent"]]))[1])
    return chance >= (HINTED * from_ if heard else from_)
