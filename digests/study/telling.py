"""A `Study` into words: a page to read, print or mail, and JSON for machines."""

from __future__ import annotations

import json

from digests import speech, wording
from digests.study import pictures
from digests.study.facts import Study
from digests.voices import Html

MOST_THEMES_DRAWN = 15
MOST_SKIPPED_TOLD = 20
NAMES = {
    "failure_shift": "A lasting change of the failure share",
    "novel_theme": "Something new",
    "knock_on": "Perhaps a knock-on",
}


def as_html(study: Study) -> str:
    """One self-contained page, with its charts inside it."""
    page = wording.environment(Html()).get_template("study/page.html.j2")
    return page.render(
        study=study,
        names=NAMES,
        bars=pictures.types_by_week(study),
        size={"width": pictures.WIDTH, "height": pictures.HEIGHT, "left": pictures.LEFT},
        order=[kind.value for kind in pictures.ORDER],
        drawn=[(theme, *pictures.strip(theme)) for theme in study.themes[:MOST_THEMES_DRAWN]],
        strip={"width": pictures.STRIP_WIDTH, "height": pictures.STRIP_HEIGHT},
        skipped=study.skipped[:MOST_SKIPPED_TOLD],
        words_version=wording.version(speech.ENGLISH),
    )


def as_json(study: Study) -> str:
    """The facts, for machines."""
    return json.dumps(study.as_json(), ensure_ascii=False, indent=1) + "\n"


def headline(study: Study) -> str:
    """What was found, in a line."""
    if study.signals:
        return f"{wording.many(len(study.signals), 'signal')} in {wording.many(len(study.weeks), 'week')}"
    if not study.enough_weeks:
        return f"Too early to say: {study.too_early}"
    return f"No signal in {wording.many(len(study.weeks), 'week')}: the same system all along"


def basis(study: Study) -> str:
    """What it rests on, in a line."""
    skipped = f"; {wording.many(len(study.skipped), 'row')} skipped" if study.skipped else ""
    return (
        f"{wording.many(study.notes, 'note')}, {study.label}{skipped}. Failure demand: {study.failure} of "
        f"{study.classified} classified notes, as people chose to log them."
    )
