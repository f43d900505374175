"""The notes that go in: the product's own story of Larkmoor Homes, and short notes as staff write them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from bot.story import generator
from bot.story.generator import PURPOSE, StoryNote

LAST_WEEK = date(2026, 4, 27)
"""The Monday of the story's last week: always the same, so that every run measures the same notes."""

_STAFF_NOTES = Path(__file__).parents[1] / "nlp" / "unseen_notes.jsonl"
_SEED = 26


@dataclass(frozen=True, slots=True)
class Given:
    """A note and the purpose of the unit that it reached."""

    words: str
    purpose: str


def story(weeks: int) -> list[StoryNote]:
    """The story's notes over so many weeks."""
    return generator.tell(last_week_monday=LAST_WEEK, weeks=weeks)


def notes(at_most: int) -> list[Given]:
    """So many different notes: the story's, and those that staff wrote in sectors of their own, well mixed."""
    told = [Given(words, PURPOSE) for words in dict.fromkeys(note.words for note in story(generator.WEEKS))]
    rows = [json.loads(line) for line in _STAFF_NOTES.read_text(encoding="utf-8").splitlines() if line.strip()]
    mixed = [*told, *(Given(row["text"], row["purpose"]) for row in rows)]
    Random(_SEED).shuffle(mixed)
    return mixed[:at_most]


def words(n: int) -> list[str]:
    """The words of n commands; the notes start over when there are not so many."""
    different = [note.words for note in notes(n)]
    return [different[place % len(different)] for place in range(n)]


def written(story_notes: Sequence[StoryNote], file: Path) -> Path:
    """The story as a file that `groundswell import` takes."""
    rows = (
        {
            "id": note.id,
            "received_at": note.heard_at.isoformat(),
            "channel": note.via,
            "team": note.point,
            "kind": note.told_as.value,
            "text": note.words,
            "what_matters": note.what_matters,
            "first_asked_on": note.first_asked_on and note.first_asked_on.isoformat(),
        }
        for note in story_notes
    )
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return file
