"""What the shipped weights make of a note: three opinions on its kind, and what else they hear. Numpy alone.

*Meaning* is a linear head on a small encoder that has read the purpose and the note; *wording* is a linear head on
runs of words; *rules* are the cues of the lexicon. Their mix was measured on organisations left out of training.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp import answers, embedding, ngrams
from nlp.embedding import Encoder
from nlp.ngrams import Runs

Weights = npt.NDArray[np.float64]

NOTE_PIECES, PURPOSE_PIECES = 192, 32
ENDING_PIECES = 64
"""How many of `NOTE_PIECES` are for the end of a note that is longer: a long story asks as it begins, or as it ends."""
EVERY_PIECE = 1 << 16
"""More than any note has that is read: the tagger cuts it to 4,000 characters before."""
SHIPPED = Path(__file__).parent / "model"


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds from features: `weights` is (features, answers), `bias` (answers,)."""

    weights: npt.NDArray[np.floating]
    bias: npt.NDArray[np.floating]

    def of(self, features: Any) -> Weights:
        """The score of each answer, for one row of features or for many, dense or sparse."""
        return np.asarray(features @ self.weights + self.bias, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Note:
    """A note as the encoder and the runs of words see it."""

    vector: Weights
    """The mean of the encoder's last layer over purpose and note, (384,)."""
    stretches: tuple[tuple[int, int], ...]
    """(start, end) of what stands between blanks, in characters."""
    shares: Weights
    """The share of the vector that each stretch has, (stretches, 384); those of purpose and marks are left out."""
    words: Weights
    """Which words it is made of, whatever they mean together: the mean of the first layer over the note, less what is
    usual, of length 1, (384,). It knows topics, where the last layer knows kinds.
    """
    words_of: Weights
    """The share of `words` that each stretch has, but for what is usual, (stretches, 384)."""
    runs: Runs


@dataclass(frozen=True, slots=True)
class Heads:
    """Everything that was learned before the first note came in."""

    encoder: Encoder
    meaning: Linear
    wording: Linear
    general: Linear
    """System conditions by the words that a note is made of, (384, conditions)."""
    usual: Weights
    """The mean of the first layer over all notes that were learned from, (384,)."""
    rarity: Weights
    """How much a run tells by being rare, (ngrams.BUCKETS,)."""
    mix: Weights
    """How much meaning, wording and rules weigh, (3,)."""
    lean: Weights
    """What is added to the scores of the kinds, since rare kinds were drawn more often in training than they come."""
    temperature: float
    urgent_from: float
    """The chance from which a note is called urgent: low, since a false alarm costs a glance, a miss perhaps a life."""
    version: str

    def read(self, text: str, *, purpose: str) -> Note:
        """One note, seen by encoder and runs."""
        stretches = heard_stretches(text)
        row = [*note_pieces(stretches), *purpose_pieces(purpose)]
        last, first = self.encoder.states_of(row)
        states = last.astype(np.float64) / len(row)
        sizes = [len(ids) for _, _, ids in stretches]
        words_of = _sums(first[1:].astype(np.float64) / max(1, sum(sizes)), sizes)
        beyond = words_of.sum(axis=0) - self.usual
        length = max(float(np.linalg.norm(beyond)), 1e-9)
        return Note(
            vector=states.sum(axis=0),
            stretches=tuple((start, end) for start, end, _ in stretches),
            shares=_sums(states[1:], sizes),
            words=beyond / length,
            words_of=words_of / length,
            runs=ngrams.runs(text),
        )

    def scores(self, note: Note) -> Weights:
        """What meaning and wording, weighed by the mix, make of every question in `answers.QUESTIONS`, (answers,)."""
        rarities = self.rarity[note.runs.columns] * note.runs.counts
        size = float(np.linalg.norm(rarities)) or 1.0
        by_wording = (rarities / size) @ self.wording.weights[note.runs.columns].astype(np.float64) + self.wording.bias
        by_meaning = self.meaning.of(note.vector)
        return np.concatenate(
            [
                self.mix[0] * log_chances(by_meaning[question]) + self.mix[1] * log_chances(by_wording[question])
                for question in answers.QUESTIONS.values()
            ]
        )


def _sums(rows: Weights, sizes: Sequence[int]) -> Weights:
    """The sums of so many rows each, one after the other, (sizes, width); nought where there are none."""
    ends = np.cumsum([0, *sizes]).tolist()
    sums = [rows[start:end].sum(axis=0) for start, end in itertools.pairwise(ends)]
    return np.array(sums).reshape(len(sizes), rows.shape[1])


def log_chances(scores: npt.NDArray[np.floating]) -> Weights:
    """Scores as logarithms of chances that sum to 1 along the last axis."""
    known = np.asarray(scores, dtype=np.float64)
    shifted = known - known.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def unit(vector: npt.NDArray[np.floating]) -> Weights:
    """The vector at length 1, or all zeros where it has none."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float64)


def heard_stretches(text: str) -> list[embedding.Stretch]:
    """What the encoder reads of a note: all between its blanks, or of a long one how it begins and how it ends."""
    every = embedding.words_in_pieces(text, longest=EVERY_PIECE)
    if sum(len(ids) for _, _, ids in every) <= NOTE_PIECES - 2:
        return every
    beginning = embedding.words_in_pieces(text, longest=NOTE_PIECES - ENDING_PIECES)
    ending, room = [], ENDING_PIECES
    for stretch in reversed(every[len(beginning) :]):
        room -= len(stretch[2])
        if room < 0:
            break
        ending.append(stretch)
    return [*beginning, *reversed(ending)]


def note_pieces(stretches: Sequence[embedding.Stretch]) -> list[int]:
    """The word pieces of a note as the encoder takes them, between the marks where it begins and ends."""
    return [embedding.BEGIN, *(piece for _, _, ids in stretches for piece in ids), embedding.END]


@functools.lru_cache(maxsize=512)
def purpose_pieces(purpose: str) -> tuple[int, ...]:
    """The purpose as it follows the note; an end mark alone where there is none."""
    return tuple(embedding.pieces(purpose, longest=PURPOSE_PIECES)[1:]) if purpose.strip() else (embedding.END,)


@functools.cache
def load(folder: Path = SHIPPED) -> Heads:
    """The weights in a folder, usually those that are shipped; loaded once for the process."""
    kept = np.load(folder / "heads.npz")
    return Heads(
        encoder=Encoder(folder / "encoder.onnx", fixed={"notes": 1}),
        meaning=Linear(kept["meaning"], kept["meaning_bias"]),
        wording=Linear(kept["wording"].astype(np.float32), kept["wording_bias"]),
        general=Linear(kept["general"], kept["general_bias"]),
        usual=kept["usual"],
        rarity=kept["rarity"].astype(np.float64),
        mix=kept["mix"],
        lean=kept["lean"],
        temperature=float(kept["temperature"]),
        urgent_from=float(kept["urgent_from"]),
        version=str(kept["version"]),
    )
