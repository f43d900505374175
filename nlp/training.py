"""Make the tagger's weights anew, from the primer in this repository and, at hand, labelled texts of others.

    python -m nlp.training --pool DIR                 # everything: an hour; needs torch
    python -m nlp.training --pool DIR --keep-encoder  # the heads alone, in six minutes

The same data, seed and versions on the same kind of machine make the same weights. Their scores are printed by
`python -m nlp.judging`, and whose texts they learned from is told in `nlp/model/CREDITS.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp import answers, embedding, examples, fitting, lexicon
from nlp.embedding import Encoder
from nlp.examples import Example
from nlp.heads import SHIPPED, Linear, heard_stretches, note_pieces, purpose_pieces, unit
from nlp.rules import FAILURES_FIRST, KINDS
from nlp.vocabulary import DemandKind, DemandType, ImprovementKind, Kind, NoteType

STAFF_SAMPLE = "staff_notes_sample"
"""A source of the pool that is only ever judged by."""

STEPS, SEED = 5600, 0
RIDGE, GENERAL_RIDGE = 0.2, 0.15
MEANING_RIDGE = 300.0
"""The price of leaving what the encoder's head learned with it. Far less fits sectors left out of the fifth primer
better, and hears failure worse in notes as they come: that primer holds more favours and wrong doors than they do.
"""
POOL_SHARE = 0.2
"""How much the pool counts beside the primer. More of it teaches that the topics of its sources are the types."""
MIX = (1.0, 0.7, 0.8)
"""How much meaning, wording and rules weigh; measured on sources and sectors left out of training."""
LEAN, VOICE = 0.5, 1.0
"""What (in log-odds) kinds of failure, and kinds of improvement notes, get back: rare kinds were drawn more often."""
TEMPERATURE = 1.3
"""What the scores are divided by, so that .8 means eight times in ten; measured on the same."""
URGENT_FROM = 0.007
GUIDE_COUNTS = 10.0
"""How much an example of the tag guide counts beside a row of the primer: it says what a kind is."""
STRANGERS = 300
"""How many notes are lent to another sector's purpose."""
PLAINLY, FAR = 0.24, 0.08
"""How alike (cosine) a note and a purpose are where it plainly belongs, and where it plainly does not."""

Weights = npt.NDArray[np.float64]


def main() -> None:
    """Read the command line and make the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=Path, help="the folder with such a pool and its orgs.json")
    parser.add_argument("--keep-encoder", action="store_true", help="leave the encoder as it is; torch is not needed")
    parser.add_argument(
        "--leave-out", action="append", default=[], help="a source of the pool to leave out (repeatable)"
    )
    parser.add_argument("--steps", type=int, default=STEPS, help=f"steps of fine-tuning (usually {STEPS})")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="the folder to write to")
    asked = parser.parse_args()
    rows = gathered(asked.pool, leave_out=asked.leave_out)
    print(f"{len(rows)} examples from {len({row.source for row in rows})} sources", flush=True)
    make(rows, steps=asked.steps, keep_encoder=asked.keep_encoder, out=asked.out)


def gathered(pool: Path | None, *, leave_out: Sequence[str] = ()) -> list[Example]:
    """The primer, the guide, and the pool but for the staff's sample and the sources left out."""
    rows = [*examples.primer(), *examples.guide()]
    for source, theirs in (examples.pool(pool) if pool else {}).items():
        if source not in (STAFF_SAMPLE, *leave_out):
            rows.extend(theirs)
    return [row for row in rows if row.source not in leave_out]


def strangers(rows: Sequence[Example]) -> list[Example]:
    """What people would ask if they came to the wrong door: notes plainly of one sector, with the purpose of another.

    They teach that *elsewhere* is read from note and purpose together, and from neither alone.
    """
    belonging = (DemandKind.START, DemandKind.ADVISE, DemandKind.CHANGE)
    asks = [row for row in rows if row.purpose and row.kinds[0] in belonging]
    purposes = sorted({row.purpose for row in rows if row.purpose})
    likeness = embedding.encode([row.words for row in asks]) @ embedding.encode(purposes).T
    chance = random.Random(SEED)
    moved: list[Example] = []
    for row, like in zip(asks, likeness, strict=True):
        own = like[purposes.index(row.purpose)]
        far = [purpose for purpose, near in zip(purposes, like, strict=True) if near < FAR]
        if own > PLAINLY and far:
            moved.append(replace(row, purpose=chance.choice(far), kinds=(DemandKind.ELSEWHERE,)))
    return chance.sample(moved, min(len(moved), STRANGERS))


def make(rows: Sequence[Example], *, steps: int, keep_encoder: bool, out: Path) -> None:
    """Fit the heads and, unless it is kept, the encoder, and write them to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tuned = _kept(out) if keep_encoder else _finetuned(rows, steps=steps, out=out)
    exact = [row for row in rows if row.exact]
    vectors, words = _seen(exact, Encoder(out / "encoder.onnx"))
    meaning = _taught(tuned, exact, vectors)
    texts = [row.words for row in rows]
    rarity = fitting.rarity_of(texts)
    features = fitting.wording_of(texts, rarity)
    wording = fitting.linear(features, answers.allowed(rows), counts=counts_of(rows), ridge=RIDGE)
    general, usual = _general(exact, words)
    _write(out, tuned=tuned, meaning=meaning, wording=wording, general=general, usual=usual, rarity=rarity)
    print(f"written to {out}", flush=True)


def counts_of(rows: Sequence[Example]) -> Weights:
    """How much each example counts: rare kinds more, and in the pool value as much as failure in every source.

    The pool is mostly value demand; were it taken as it comes, failure would go unheard in organisations never met.
    """
    kinds = Counter(row.kinds[0] for row in rows if row.exact)
    sides = Counter((row.source, _side(row)) for row in rows if not row.exact)
    counts = np.array([_count(row, kinds, sides) for row in rows])
    theirs = np.array([not row.exact for row in rows])
    counts[~theirs] /= counts[~theirs].sum()
    if theirs.any():
        counts[theirs] *= POOL_SHARE / counts[theirs].sum()
    return np.asarray(counts / counts.sum())


def _count(row: Example, kinds: Counter[Kind], sides: Counter[tuple[str, DemandType | None]]) -> float:
    if row.exact:
        return float(kinds[row.kinds[0]] ** -0.5) * (GUIDE_COUNTS if row.source == examples.GUIDE else 1.0)
    side = _side(row)
    many = sides[row.source, side]
    known = 1.5 if side is not None else 0.5
    usual = 1.0 if side in (DemandType.VALUE, DemandType.FAILURE, None) else 0.2
    return known * usual * min(1.0, many / 40) / many


def _side(row: Example) -> DemandType | None:
    """The one demand type that a fair judge would take; none where there are several."""
    return next(iter(row.demand_types)) if len(row.demand_types) == 1 else None


def _finetuned(rows: Sequence[Example], *, steps: int, out: Path) -> Linear:
    """The encoder never meets the guide's own examples, so that it can be judged by them."""
    from nlp import finetuning

    def say(line: str) -> None:
        print(line, flush=True)

    rows = [row for row in rows if row.source != examples.GUIDE]
    rows = [*rows, *strangers([row for row in rows if row.exact])]
    counts = counts_of(rows)
    return finetuning.encoder(rows, counts=counts, steps=steps, seed=SEED, out=out / "encoder.onnx", say=say)


def _seen(rows: Sequence[Example], encoder: Encoder) -> tuple[Weights, Weights]:
    """What the encoder makes of notes: the mean of its last layer over purpose and note, and of its first over the note
    alone, (rows, 384) each; nothing of a note without any words.
    """
    vectors, words = [], []
    for row in rows:
        note = note_pieces(heard_stretches(lexicon.unmarked(row.words)))
        last, first = encoder.states_of([*note, *purpose_pieces(row.purpose)])
        vectors.append(last.mean(axis=0))
        words.append(first[1 : len(note) - 1].sum(axis=0) / max(1, len(note) - 2))
    return np.array(vectors, dtype=np.float64), np.array(words, dtype=np.float64)


def _taught(tuned: Linear, rows: Sequence[Example], vectors: Weights) -> Linear:
    """The encoder's head, moved as far towards all rows at once as `MEANING_RIDGE` lets it.

    The encoder met each row a few times, in small batches, and left its head where the last ones put it.
    """
    kinds, usual = answers.QUESTIONS["kind"], vectors.mean(axis=0)
    more = fitting.one_question(
        vectors - usual,
        answers.allowed(rows)[:, kinds],
        counts=counts_of(rows),
        ridge=MEANING_RIDGE,
        known=tuned.of(vectors)[:, kinds],
    )
    weights, bias = tuned.weights.copy(), tuned.bias.copy()
    weights[:, kinds] += more.weights
    bias[kinds] -= usual @ more.weights
    return Linear(weights, bias)


def _general(rows: Sequence[Example], words: Weights) -> tuple[Linear, Weights]:
    """System conditions by the words of a note, and what is usual among the words of all notes."""
    usual = words.mean(axis=0)
    told = [place for place, row in enumerate(rows) if row.condition]
    often = Counter(rows[place].condition for place in told)
    voice = {NoteType.IMPROVEMENT: 1.0, NoteType.DEMAND: 0.5}
    counts = np.array([voice[rows[place].note_type] * often[rows[place].condition] ** -0.5 for place in told])
    vectors = np.array([unit(words[place] - usual) for place in told])
    allowed = answers.allowed([rows[place] for place in told])[:, answers.QUESTIONS["condition"]]
    return fitting.one_question(vectors, allowed, counts=counts, ridge=GENERAL_RIDGE), usual


def _kept(out: Path) -> Linear:
    """The head as it was learned with the encoder that is kept."""
    kept = np.load(out / "heads.npz")
    return Linear(kept["tuned"], kept["tuned_bias"])


def _write(
    out: Path, *, tuned: Linear, meaning: Linear, wording: Linear, general: Linear, usual: Weights, rarity: Weights
) -> None:
    """The heads beside the encoder. The version names both by their contents, so that charts tell lenses apart."""
    arrays: dict[str, npt.NDArray[Any]] = {
        "tuned": tuned.weights.astype(np.float32),
        "tuned_bias": tuned.bias.astype(np.float32),
        "meaning": meaning.weights.astype(np.float32),
        "meaning_bias": meaning.bias.astype(np.float32),
        "wording": wording.weights.astype(np.float16),
        "wording_bias": wording.bias.astype(np.float32),
        "general": general.weights.astype(np.float32),
        "general_bias": general.bias.astype(np.float32),
        "usual": usual,
        "rarity": rarity.astype(np.float16),
        "mix": np.array(MIX),
        "lean": np.array(
            [LEAN * (kind in FAILURES_FIRST) + VOICE * isinstance(kind, ImprovementKind) for kind in KINDS]
        ),
        "temperature": np.array(TEMPERATURE),
        "urgent_from": np.array(URGENT_FROM),
    }
    contents = hashlib.sha256((out / "encoder.onnx").read_bytes())
    for name in sorted(arrays):
        contents.update(arrays[name].tobytes())
    np.savez_compressed(out / "heads.npz", allow_pickle=False, version=np.array(contents.hexdigest()[:8]), **arrays)


if __name__ == "__main__":
    main()
