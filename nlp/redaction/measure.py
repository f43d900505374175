"""How well redaction does on notes whose PII is marked: found whole, and clean notes touched."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlp.redaction.redactor import Redactor
from nlp.redaction.spans import PiiSpan


@dataclass(frozen=True, slots=True)
class MarkedNote:
    """A note and the spans that someone marked in it; no spans means that the note is clean."""

    text: str
    marked: tuple[PiiSpan, ...]


@dataclass(slots=True)
class Measured:
    """Counts over the notes read, and what went wrong."""

    marked: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    """Items whose every character was covered, by label."""
    exact: Counter[str] = field(default_factory=Counter)
    """Items found with the same start, end and label."""
    clean: int = 0
    touched: int = 0
    missed: list[str] = field(default_factory=list)
    wrongly_touched: list[str] = field(default_factory=list)

    @property
    def found_whole(self) -> float:
        """Share of the marked items covered from first to last character, 0 to 1; 1 when none is marked."""
        return self.whole.total() / self.marked.total() if self.marked else 1.0

    @property
    def clean_touched(self) -> float:
        """Share of the clean notes in which anything was replaced, 0 to 1."""
        return self.touched / self.clean if self.clean else 0.0


def read(path: Path) -> list[MarkedNote]:
    """The notes of a JSONL file with `text` and, where there is PII, `pii_spans` (`start`, `end`, `label`).

    Raises:
        ValueError: a line is no JSON, or lacks its text.
    """
    notes = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            spans = tuple(PiiSpan(span["start"], span["end"], span["label"]) for span in row.get("pii_spans") or ())
            notes.append(MarkedNote(row["text"], spans))
        except (KeyError, TypeError, ValueError) as problem:
            raise ValueError(f"Line {number} of {path} is not a note with text and pii_spans: {problem}") from problem
    return notes


def measure(notes: Iterable[MarkedNote], redactor: Redactor) -> Measured:
    """What the redactor finds of what is marked, and how many clean notes it touches."""
    measured = Measured()
    for note in notes:
        found = redactor.redact(note.text).spans
        if not note.marked:
            measured.clean += 1
            measured.touched += bool(found)
            measured.wrongly_touched += [
                f"{span.label} {note.text[span.start : span.end]!r} in {note.text!r}" for span in found
            ]
        for span in note.marked:
            measured.marked[span.label] += 1
            measured.exact[span.label] += span in found
            if _is_covered(span, found):
                measured.whole[span.label] += 1
            else:
                measured.missed.append(f"{span.label} {note.text[span.start : span.end]!r} in {note.text!r}")
    return measured


def _is_covered(span: PiiSpan, found: Sequence[PiiSpan]) -> bool:
    covered = {place for other in found for place in range(other.start, other.end)}
    return all(place in covered for place in range(span.start, span.end))
