"""`groundswell evaluate`: how well does the tagger hear in your own organisation?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.command_line import labelled, saying
from nlp import judging
from nlp.examples import Example
from nlp.tagger import Tagger


def evaluate(
    file: Annotated[Path, typer.Argument(help="Lines of JSON: text, demand_type and, if known, kind and purpose.")],
    purpose: Annotated[str, typer.Option(help="What the unit is here for, for lines that do not say.")] = "",
) -> None:
    """Compare what the tagger hears with what people say, on a file of your own notes.

    Prints how often the demand type is right, the failure share as it is and as it was heard, each kind, and how far
    the tagger's confidence can be trusted. Nothing is stored.
    """
    rows = labelled.read(file)
    if not rows:
        saying.stop(f"{file} holds no line that can be used.")
    tagger = Tagger.load(model=saying.settings().nlp_model or None)
    examples = [
        Example(
            words=row.words,
            purpose=row.purpose or purpose,
            kinds=row.kinds,
            source=row.org or "yours",
            exact=len(row.kinds) == 1,
        )
        for row in rows
    ]
    judging.report(file.name, tagger, examples)
