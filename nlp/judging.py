"""How well does the tagger hear? Measured on notes whose meaning people have told.

    python -m nlp.judging --notes tests/nlp/unseen_notes.jsonl     # written notes in sectors the primer avoids
    python -m nlp.judging --pool DIR                               # a pool of labelled texts as well, source by source
    python -m nlp.judging --pool DIR --weights OTHER               # weights trained with a source left out

The pool's sources have been learned from, so that their figures only count for weights made with
`python -m nlp.training --leave-out SOURCE --out OTHER`. The staff's sample is never learned from.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp import examples, heads, pipeline
from nlp.examples import Example
from nlp.tagger import Tagger, Words
from nlp.tagging import Correction, Tagging
from nlp.vocabulary import DemandType, NoteType

LESSONS = (0, 10, 25, 50, 100)
JUDGED_AT_MOST = 400
"""Notes of a source that the learning curve is read on."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A note, what people say of it, and what the tagger made of it."""

    example: Example
    tagging: Tagging

    @property
    def strict(self) -> bool:
        """Whether it is a demand of which a fair judge would take one demand type alone."""
        return len(self.example.demand_types) == 1 and self.example.note_type is NoteType.DEMAND

    @property
    def right(self) -> bool:
        """Whether the demand type is one that a fair judge would take."""
        return self.tagging.demand_type in self.example.demand_types


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=Path, help="the folder with such a pool and its orgs.json")
    parser.add_argument("--notes", type=Path, help="written notes with their meaning, one JSON object a line")
    parser.add_argument("--weights", type=Path, default=heads.SHIPPED, help="a folder with other weights")
    parser.add_argument("--told", action="store_true", help="tell the tagger which door was used, as Slack does")
    parser.add_argument("--sources", nargs="*", help="only these sources of the pool")
    asked = parser.parse_args()
    tagger = Tagger(pipeline.load(), heads.load(asked.weights))
    if asked.notes:
        report("written notes", tagger, examples.held_out(asked.notes), told=asked.told)
    for source, rows in (examples.pool(asked.pool) if asked.pool else {}).items():
        if not asked.sources or source in asked.sources:
            report(source, tagger, rows, told=asked.told)


def report(name: str, tagger: Tagger, rows: Sequence[Example], *, told: bool = False) -> None:
    """Print what is known of the tagger from these rows. `told`: it hears whether a note is a demand."""
    started = time.process_time()
    judged = _judged(tagger, rows, told=told)
    took = 1000 * (time.process_time() - started) / max(1, len(rows))
    strict = [one for one in judged if one.strict]
    print(f"\n{name}: {len(rows)} notes, {len(strict)} with one fair demand type; {took:.1f} ms of CPU a note")
    _print_types(strict)
    _print_kinds(judged)
    _print_conditions(judged)
    _print_urgent(judged)
    _print_sectors(strict)
    if len(strict) > 2 * LESSONS[-1] and len({one.example.source for one in strict}) == 1:
        _print_lessons(tagger, [one.example for one in strict])


def accuracy(judged: Sequence[Judged]) -> float:
    """The share of notes whose demand type is right."""
    return float(np.mean([one.right for one in judged])) if judged else float("nan")


def failure_shares(judged: Sequence[Judged]) -> tuple[float, float]:
    """The share of failure as it is, and as it was heard; unknown is left out of both."""

    def share(types: list[DemandType | None]) -> float:
        known = [demand_type for demand_type in types if demand_type not in (DemandType.UNKNOWN, None)]
        return known.count(DemandType.FAILURE) / max(1, len(known))

    return (
        share([next(iter(one.example.demand_types)) for one in judged]),
        share([one.tagging.demand_type for one in judged]),
    )


def calibration_error(judged: Sequence[Judged]) -> float:
    """The mean gap between confidence and the share that is right, over ten bins of confidence."""
    bins: dict[int, list[Judged]] = {}
    for one in judged:
        bins.setdefault(min(BINS - 1, int(one.tagging.confidence * BINS)), []).append(one)
    gaps = [
        len(some) * abs(accuracy(some) - float(np.mean([one.tagging.confidence for one in some])))
        for some in bins.values()
    ]
    return sum(gaps) / max(1, len(judged))


def surest_half(judged: Sequence[Judged]) -> float:
    """The share that is right among the half we are surest of."""
    return accuracy(sorted(judged, key=lambda one: -one.tagging.confidence)[: len(judged) // 2])


def macro_f1(told: Sequence[object], heard: Sequence[object]) -> float:
    """The mean over what people told of the harmonic mean of precision and recall."""
    both = Counter(a for a, b in zip(told, heard, strict=True) if a == b)
    as_told, as_heard = Counter(told), Counter(heard)
    return (
        float(np.mean([2 * both[one] / (as_told[one] + as_heard[one]) for one in as_told])) if as_told else float("nan")
    )


def lessons_of(tagger: Tagger, rows: Sequence[Example]) -> list[Correction]:
    """Corrections as a person would give them; where only the type is known, the likeliest kind of that type."""
    return [
        Correction(row.words, tagger.likeliest(row.words, row.kinds, purpose=row.purpose), purpose=row.purpose)
        for row in rows
    ]


def _judged(tagger: Tagger, rows: Sequence[Example], *, told: bool = False) -> list[Judged]:
    taggings = tagger.tag_many(Words(row.words, row.purpose, row.note_type if told else None) for row in rows)
    return [Judged(row, tagging) for row, tagging in zip(rows, taggings, strict=True)]


def _print_types(strict: Sequence[Judged]) -> None:
    if not strict:
        return
    told, heard = failure_shares(strict)
    surest = f"; the surest half: {surest_half(strict):.3f}" if len(strict) > 1 else ""
    print(f"  demand type right: {accuracy(strict):.3f}{surest}")
    print(f"  failure share: {told:.3f} told, {heard:.3f} heard; calibration error: {calibration_error(strict):.3f}")
    for demand_type in DemandType:
        some = [one for one in strict if demand_type in one.example.demand_types]
        if some:
            print(f"    {demand_type}: {accuracy(some):.3f} of {len(some)}")


def _print_kinds(judged: Sequence[Judged]) -> None:
    exact = [one for one in judged if one.example.exact and one.example.note_type is NoteType.DEMAND]
    if exact:
        f1 = macro_f1([one.example.kinds[0] for one in exact], [_fair_kind(one) for one in exact])
        right = np.mean([one.tagging.kind in one.example.kinds for one in exact])
        print(f"  kind, macro-F1: {f1:.3f}; right: {right:.3f}")
    types = [one.example.note_type for one in judged], [one.tagging.note_type for one in judged]
    if len(set(types[0])) > 1:
        print(f"  note type, macro-F1: {macro_f1(*types):.3f}")


def _fair_kind(one: Judged) -> object:
    return one.example.kinds[0] if one.tagging.kind in one.example.kinds else one.tagging.kind


def _print_conditions(judged: Sequence[Judged]) -> None:
    some = [one for one in judged if one.example.condition and one.example.note_type is NoteType.IMPROVEMENT]
    if some:
        f1 = macro_f1([one.example.condition for one in some], [one.tagging.system_condition for one in some])
        print(f"  system condition, macro-F1: {f1:.3f} of {len(some)}")


def _print_urgent(judged: Sequence[Judged]) -> None:
    urgent = [one for one in judged if one.example.urgent]
    if urgent:
        heard = np.mean([one.tagging.urgent for one in urgent])
        false = np.mean([one.tagging.urgent for one in judged if not one.example.urgent])
        print(f"  urgent: {heard:.2f} of {len(urgent)} heard, {false:.3f} of the others called urgent")


def _print_sectors(strict: Sequence[Judged]) -> None:
    sectors = sorted({one.example.source for one in strict})
    if len(sectors) > 1:
        each = [(accuracy([one for one in strict if one.example.source == sector]), sector) for sector in sectors]
        print("  worst first: " + "; ".join(f"{sector} {right:.2f}" for right, sector in sorted(each)))


def _print_lessons(tagger: Tagger, rows: list[Example]) -> None:
    """Accuracy on the rest of an organisation's notes after some corrections there."""
    rows = random.Random(1).sample(rows, len(rows))
    lessons, rest = lessons_of(tagger, rows[: LESSONS[-1]]), rows[LESSONS[-1] :][:JUDGED_AT_MOST]
    told = [f"{n}: {accuracy(_judged(tagger.learned(lessons[:n]), rest)):.3f}" for n in LESSONS]
    print("  after corrections there: " + ", ".join(told))


if __name__ == "__main__":
    main()
