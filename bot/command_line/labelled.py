"""Files in which people say what notes mean: corrections to learn from, and labelled notes to be judged by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.command_line import saying
from nlp import vocabulary
from nlp.tagger import Tagger
from nlp.tagging import Correction
from nlp.vocabulary import DemandType, ImprovementKind, Kind

_IMPROVEMENT = ("improvement", "system_factor")
_TELLS_NO_KIND = ("demand", *_IMPROVEMENT)
"""What other files write where we have the kind: they only tell demand and improvement notes apart."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line: some words, whose they are, and every kind that what was said leaves open."""

    words: str
    org: str
    purpose: str
    kinds: tuple[Kind, ...]
    theme: str | None


def read(file: Path) -> list[Labelled]:
    """The lines that can be used, `{id, text, org?, purpose?, demand_type, kind?, theme?}`; the others are named."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        saying.stop(f"{file} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        saying.stop(f"{file} is not UTF-8 text. Save it as UTF-8 and try again.")
    return list(_usable(text))


def taught(tagger: Tagger, said: Sequence[Labelled]) -> dict[str, Tagger]:
    """A tagger for each organisation that people corrected; under "" one that heard the corrections that name none."""
    by_org: dict[str, list[Correction]] = {}
    for one in said:
        kind = one.kinds[0] if len(one.kinds) == 1 else tagger.likeliest(one.words, one.kinds, purpose=one.purpose)
        correction = Correction(one.words, kind, theme=one.theme, purpose=one.purpose)
        by_org.setdefault(one.org, []).append(correction)
    return {"": tagger} | {org: tagger.learned(corrections) for org, corrections in by_org.items()}


class _Unusable(ValueError):
    """A line says nothing that can be used; the message says what it lacks."""


def _usable(text: str) -> Iterator[Labelled]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield _labelled(line)
        except _Unusable as unusable:
            saying.aside.print(f"Line {number} is skipped: {unusable}", markup=False)


def _labelled(line: str) -> Labelled:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
        raise _Unusable('it should be JSON with a "text" and a "demand_type" or "kind".')
    theme = row.get("theme")
    return Labelled(
        words=row["text"],
        org=str(row.get("org") or ""),
        purpose=str(row.get("purpose") or ""),
        kinds=_kinds(row),
        theme=str(theme) if isinstance(theme, str | int | float) else None,
    )


def _kinds(row: dict[str, Any]) -> tuple[Kind, ...]:
    """Every kind that a line leaves open: the one it names, or all of the type it names. A kind that is none of ours
    is passed over where the type is given.
    """
    said_type, said_kind = (str(row.get(name) or "").strip().casefold() for name in ("demand_type", "kind"))
    demand_type = DemandType(said_type) if said_type in set(DemandType) else None
    if said_type and demand_type is None:
        raise _Unusable(f"no demand type is called {said_type!r}. They are: {', '.join(DemandType)}.")
    of_type = tuple(kind for kind, its_type in vocabulary.TYPE_OF_KIND.items() if its_type is demand_type)
    improvement = said_kind in _IMPROVEMENT or (not demand_type and row.get("note_type") == "improvement")
    if said_kind and said_kind not in _TELLS_NO_KIND:
        try:
            kind = vocabulary.kind_named(said_kind)
        except ValueError as unknown:
            if demand_type:
                return of_type
            raise _Unusable(f"{str(unknown)[:1].lower()}{str(unknown)[1:]}") from unknown
        if demand_type and kind not in of_type:
            raise _Unusable(f"the kind {kind.value!r} is none of {demand_type} demand. Which of the two is meant?")
        return (kind,)
    if not demand_type and not improvement:
        raise _Unusable('it should have a "demand_type" or a "kind".')
    return of_type or tuple(ImprovementKind)
