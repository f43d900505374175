"""Prints the themes found in a file of notes.

    python -m nlp.theming notes.jsonl
    python -m nlp.theming notes.jsonl --labels theme

Each line of the file is a JSON object with the words under `text` and, if known, the kind under `kind`. Where lines
also carry a topic that people gave them, `--labels` names its field, and the last lines say how far the themes agree
with those topics: the adjusted Rand index and adjusted mutual information, notes without a theme each counting as a
topic of their own.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlp.theming import Placement, ThemeBook
from nlp.vocabulary import Kind, kind_named

SHOWN = 3
SHORT = 70


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the file, find its themes, print them, and judge them where there is something to judge them by."""
    asked = _parser().parse_args(arguments)
    rows = _rows(asked.file)
    texts = [str(row.get(asked.text, "")) for row in rows]
    started = time.process_time()
    kinds = [_kind(row.get("kind")) for row in rows]
    book = ThemeBook.found_in(texts, kinds=kinds)
    placements = book.place(texts, kinds=kinds)
    _show(book, placements, seconds=time.process_time() - started)
    if asked.labels:
        _judge([str(row.get(asked.labels, "")) for row in rows], placements)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m nlp.theming", description="The themes found in a file of notes.")
    parser.add_argument("file", type=Path, help="JSON Lines, one note a line")
    parser.add_argument("--text", default="text", help="the field with the words (text)")
    parser.add_argument("--labels", help="the field with people's own topics, to measure against")
    return parser


def _rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _kind(name: object) -> Kind | None:
    """The kind, where the file gives one of ours."""
    try:
        return kind_named(str(name)) if name else None
    except ValueError:
        return None


def _show(book: ThemeBook, placements: Sequence[Placement], *, seconds: float) -> None:
    print(f"{'notes':>6}  {'theme':<42}as customers said it")
    for theme in book.themes:
        said = " / ".join(example[:SHORT].replace("\n", " ") for example in theme.examples[:SHOWN])
        print(f"{theme.size:>6}  {theme.name:<42}{said}")
    new = sum(placement.is_new for placement in placements)
    filler = sum(placement.theme is None and not placement.is_new for placement in placements)
    print(
        f"\n{len(placements)} notes, {len(book.themes)} themes, {new} unlike the rest, "
        f"{filler} that ask nothing; {seconds:.1f} s"
    )


def _judge(topics: Sequence[str], placements: Sequence[Placement]) -> None:
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

    alone = (f"alone {place}" for place in range(len(placements)))
    found = [placement.theme or next(alone) for placement in placements]
    left_out = float(np.mean([placement.theme is None for placement in placements])) if placements else 0.0
    rand, information = adjusted_rand_score(topics, found), adjusted_mutual_info_score(topics, found)
    print(f"against {len(set(topics))} topics: ARI {rand:.2f}, AMI {information:.2f}, left out {left_out:.1%}")


if __name__ == "__main__":
    sys.exit(main())
