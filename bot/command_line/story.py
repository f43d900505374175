"""`groundswell story`: fill an empty workspace with the made-up story of Larkmoor Homes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import app, storytelling
from bot.command_line import choosing, saying
from bot.logbook import Logbook
from digests.wording import many
from nlp.redaction import Redactor
from nlp.tagger import Tagger


def tell(
    weeks: Annotated[int, typer.Option(min=1, max=52, help="How many weeks the story runs, up to last week.")] = 26,
    workspace: Annotated[str, typer.Option(help="The workspace to fill, if there are several.")] = "",
) -> None:
    """Fill the local workspace with half a year at Larkmoor Homes, a housing association that does not exist.

    Have a look at it with `groundswell run`, or with `groundswell digest`. Telling it twice changes nothing.
    """
    with saying.sentences():
        settings = saying.settings()
        database = app.open_store(settings)
        home = choosing.workspace(database, settings, wanted=workspace, create=True)
    model = settings.nlp_model or None
    logbook = Logbook(database, Redactor.load(), Tagger.load(model=model))
    with saying.progress("Telling", None) as bar:
        new = storytelling.tell_to(
            logbook,
            workspace=home.id,
            now=datetime.now(UTC),
            weeks=weeks,
            progress=lambda done, total: bar.update(bar.task_ids[0], completed=done, total=total),
        )
    saying.out.print(f"{many(new, 'note')} told. See them with `groundswell run` or `groundswell digest`.")
