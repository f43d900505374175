"""Learning from an organisation's own corrections: what they add to what the tagger knew on its first day.

A correction speaks for notes that mean alike, and the more alike the louder. Fitted anew from all corrections each
time, never bit by bit, so that the same corrections always make the same tagger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nlp import agreement, lexicon
from nlp.agreement import Agreement
from nlp.deciding import SIDE_OF, SIDES
from nlp.heads import Note, unit
from nlp.rules import KINDS
from nlp.tagging import Correction
from nlp.vocabulary import Kind

Weights = npt.NDArray[np.float64]

RIDGE = 0.005
"""The price of leaving what was known before; smaller learns faster and is sooner misled."""
WORDS, EVERY_NOTE, EVERY_TYPE = 2.0, 0.2, 0.6
"""How much the words count beside what they mean together; and how readily kinds, and whole types, are heard more or
less often from then on. Ten corrections tell how much failure comes to a place, and hardly how much of each kind.
"""
ROUNDS = 150
_TYPES: Weights = np.eye(len(SIDES))[SIDE_OF]
"""Which type each of `KINDS` is of, (kinds, types); improvement notes are a type of their own."""
ALIKE = 0.7
"""Likeness of words (cosine) from which a corrected theme is offered for another note."""
FOREIGN_FROM = 20
"""Corrections of notes that are not English from which others like them can be understood."""
SAME_TONGUE = 0.6
"""Likeness of words (cosine) from which a note is in the language of one that people corrected, or much like it."""


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learned from one organisation's corrections."""

    weights: Weights
    """(features, kinds): what the features of a note add to the scores of `KINDS`."""
    settled: MappingProxyType[str, Kind]
    """Words that a person has judged, and their word."""
    vectors: Weights
    themes: tuple[str | None, ...]
    foreign: Weights
    """(corrections, width), of the notes among them that are not English; none where lessons are set aside."""
    agreement: Agreement | None = None
    """Whether it helps, on corrections held out; none while there are too few to tell."""

    def adds(self, features: Weights) -> Weights:
        """What is added to the scores of a note with these features, (kinds,)."""
        return np.asarray(features @ self.weights)

    def word_on(self, words: str) -> Kind | None:
        """The kind that a person gave these very words, capitals and blanks aside."""
        return self.settled.get(same(words))

    def speaks(self, vector: Weights) -> bool:
        """Whether people have taught enough in another language for a note in it to be understood."""
        return len(self.foreign) >= FOREIGN_FROM and float((self.foreign @ vector).max()) >= SAME_TONGUE

    def theme_like(self, vector: Weights) -> str | None:
        """The theme that a person gave the most similar note, when one is similar enough."""
        if not len(self.vectors):
            return None
        likeness = self.vectors @ vector
        nearest = int(likeness.argmax())
        return self.themes[nearest] if likeness[nearest] >= ALIKE else None


def features(note: Note) -> Weights:
    """What a correction is learned by: the note as the encoder understood it, the words it is made of, and 1.

    The words count for more: they tell topics, and what an organisation corrects goes by its topics.
    """
    return np.concatenate([unit(note.vector), WORDS * note.words, [EVERY_NOTE]])


def from_corrections(
    corrections: Sequence[Correction], features: Weights, vectors: Weights, known: Weights
) -> Learning:
    """Learn from corrections. Lessons that turn out to do harm are set aside for other notes: on the very words that
    people judged, their word stands all the same.

    Args:
        corrections: what people said, oldest first; the last word on a note stands.
        features: (corrections, features), what `Learning.adds` will be given for notes.
        vectors: (corrections, width) of length 1, by which notes are alike.
        known: (corrections, kinds), the scores that the tagger gave before it learned.
    """
    told = np.zeros((len(corrections), len(KINDS)))
    for row, correction in enumerate(corrections):
        told[row, KINDS.index(correction.kind)] = 1.0
    helps = agreement.measured(corrections, features, told, known, fit=_fitted)
    does_harm = helps is not None and helps.set_aside
    themed = [row for row, correction in enumerate(corrections) if correction.theme]
    foreign = [row for row, said in enumerate(corrections) if not does_harm and not lexicon.is_english(said.words)]
    return Learning(
        weights=np.zeros((features.shape[1], len(KINDS))) if does_harm else _fitted(features, told, known),
        settled=MappingProxyType({same(correction.words): correction.kind for correction in corrections}),
        vectors=vectors[themed],
        themes=tuple(corrections[row].theme for row in themed),
        foreign=vectors[foreign],
        agreement=helps,
    )


def same(words: str) -> str:
    """Words as they are compared: without capitals, and any blanks as one."""
    return re.sub(r"\s+", " ", words).strip().casefold()


def _fitted(features: Weights, told: Weights, known: Weights) -> Weights:
    """Weights that make what people said likeliest on top of what was known: Nesterov's descent, single precision."""
    if not len(features):
        return np.zeros((features.shape[1], told.shape[1]))
    step = 1.0 / (0.5 * (_steepest(features) + len(features) * EVERY_TYPE**2) + RIDGE)
    seen, before, wanted, types = (table.astype(np.float32) for table in (features, known, told, _TYPES))
    of_type = np.float32(EVERY_TYPE) * types
    weights = ahead = np.zeros((features.shape[1], told.shape[1]), dtype=np.float32)
    leaning = leaning_ahead = np.zeros(types.shape[1], dtype=np.float32)
    for round_ in range(ROUNDS):
        scores = before + seen @ ahead + of_type @ leaning_ahead
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        wrong_by = chances / chances.sum(axis=1, keepdims=True) - wanted
        moved = ahead - np.float32(step) * (seen.T @ wrong_by + np.float32(RIDGE) * ahead)
        leaned = leaning_ahead - np.float32(step) * (wrong_by.sum(axis=0) @ of_type + np.float32(RIDGE) * leaning_ahead)
        further = np.float32(round_ / (round_ + 3))
        ahead, leaning_ahead = moved + further * (moved - weights), leaned + further * (leaned - leaning)
        weights, leaning = moved, leaned
    fitted = weights.astype(np.float64)
    fitted[-1] += (of_type @ leaning) / EVERY_NOTE  # every note has this feature
    return fitted


def _steepest(features: Weights) -> float:
    """The largest eigenvalue of the features times themselves, from the smaller of the two ways to multiply them."""
    rows, width = features.shape
    return float(np.linalg.eigvalsh(features @ features.T if rows < width else features.T @ features)[-1])
