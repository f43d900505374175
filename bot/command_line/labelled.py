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


def _usable(text: str) -> Iterator[Labelled]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            kinds = _kinds(row)
            if not isinstance(row["text"], str) or not row["text"].strip():
                raise ValueError
        except (ValueError, KeyError, TypeError):
            saying.aside.print(
                f'Line {number} is skipped: it should be JSON with a "text" and a "demand_type" or "kind".'
            )
            continue
        yield Labelled(row["text"], str(row.get("org") or ""), str(row.get("purpose") or ""), kinds, row.get("theme"))


def _kinds(row: dict[str, Any]) -> tuple[Kind, ...]:
    """Every kind that a line leaves open: the one it names, or all of the type it names."""
    if row.get("kind") not in (None, "", "demand", "improvement", "system_factor"):
        return (vocabulary.kind_named(str(row["kind"])),)
    if row.get("demand_type"):
        wanted = DemandType(str(row["demand_type"]))
        return tuple(kind for kind, demand_type in vocabulary.TYPE_OF_KIND.items() if demand_type is wanted)
    if row.get("note_type") == "improvement" or row.get("kind") in ("improvement", "system_factor"):
        return tuple(ImprovementKind)
    raise ValueError
