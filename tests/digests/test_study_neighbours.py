"""What is new is heard also where it was put under an old theme; what was there before is not called new.

The notes are simulated with fixed seeds: where each lies among all sentences is told, and no theme knows of it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bot.story.generator import poisson
from digests.study import material, novelty
from digests.study.facts import Signal
from digests.study.material import StudyNote
from nlp.vocabulary import DemandKind
from tests.digests.test_study import Extra, file_of, near, nothing, said

ABOUT = {"it wants a code": 0, "the old app": 1}
"""Words that lie together, and apart from all else; their notes were put under the theme "failing 0"."""
WIDTH = 60


def told(chance: random.Random, week: int, words: str) -> StudyNote:
    return replace(said(chance, week, DemandKind.WRONG, "failing 0"), words=words)


def new_in_an_old_theme(chance: random.Random, week: int) -> list[StudyNote]:
    return [told(chance, week, "it wants a code") for _ in range(poisson(chance, 2.5) if week >= 15 else 0)]


def heard_more_often(chance: random.Random, week: int) -> list[StudyNote]:
    return [told(chance, week, "the old app") for _ in range(poisson(chance, 3 if week >= 15 else 1))]


def one_loud_week(chance: random.Random, week: int) -> list[StudyNote]:
    return [told(chance, week, "the old app") for _ in range(20 if week == 15 else 0)]


def news_of(notes: Sequence[StudyNote], seed: int) -> tuple[material.Material, list[Signal]]:
    """The file with where its notes lie among all sentences, and what is new in it."""
    chance = np.random.default_rng(seed)
    vectors = chance.normal(0, 1, (len(notes), WIDTH)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for place, note in enumerate(notes):
        if note.words in ABOUT:
            vectors[place, ABOUT[note.words]] += 1.5
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = {note.theme: note.theme for note in notes if note.theme}
    made = material.gather(notes, zone="UTC", labels=labels, vectors=vectors)
    return made, novelty.found_in(made)


def weeks_of_news(files: int, extra: Extra) -> list[int | None]:
    weeks: list[int | None] = []
    for seed in range(files):
        _, found = news_of(file_of(seed, extra=extra), seed)
        weeks.append(found[0].week if found else None)
    return weeks


def test_what_is_new_under_an_old_theme_is_found_with_its_week() -> None:
    """Two or three notes a week among forty, from week 16 on."""
    assert near(weeks_of_news(20, new_in_an_old_theme), 16) >= 18


def test_it_is_shown_by_its_own_notes_and_told_in_their_words() -> None:
    made, [signal] = news_of(file_of(3, extra=new_in_an_old_theme), 3)
    words = [made.notes[place].words for place in signal.evidence]
    assert words.count("it wants a code") >= 0.7 * len(words)
    assert "New, and it keeps coming: notes like “it wants a code”, heard from week" in signal.says


def test_an_urgent_note_is_never_quoted_and_an_old_theme_stays_open_to_other_findings() -> None:
    notes = [replace(note, urgent=note.words in ABOUT) for note in file_of(3, extra=new_in_an_old_theme)]
    _, [signal] = news_of(notes, 3)
    assert "wants a code" not in signal.says
    assert signal.theme is None


def test_what_is_only_heard_three_times_as_often_is_no_news() -> None:
    assert weeks_of_news(20, heard_more_often).count(None) >= 19


def test_one_loud_week_is_no_news() -> None:
    assert weeks_of_news(20, one_loud_week).count(None) >= 19


def test_where_nothing_is_new_hardly_anything_is_called_new() -> None:
    assert weeks_of_news(40, nothing).count(None) >= 39
