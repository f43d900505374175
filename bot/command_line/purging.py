"""`groundswell purge`: delete everything of a workspace, now and for good."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot import app
from bot.command_line import choosing, saying
from bot.installs.connections import finish_purging
from storage import leaving, notes


def purge(
    workspace: Annotated[str, typer.Option(help="Slack's id of the workspace, such as T0123ABCD.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything that is kept of a workspace, now and for good: notes, tags, digests, settings, tokens.

    A workspace that removed the app is purged by itself once GRACE_DAYS are over; this is for sooner.
    """
    settings = saying.settings()
    with saying.sentences(), contextlib.closing(app.open_store(settings)) as database:
        known = choosing.workspace(database, settings, wanted=workspace)
        if known.id != workspace:
            saying.stop(f"Deleting is for good, so say of which workspace: --workspace {known.id}.")
        with database.reading() as session:
            kept = notes.how_many(session, workspace=workspace)
        whose = f"{known.name} ({workspace})" if known.name else workspace
        if not yes and not typer.confirm(f"Delete everything of {whose} for good? Notes kept: {kept}."):
            saying.stop("Nothing was deleted.")
        now = datetime.now(UTC)
        with database.transaction() as session:
            leaving.leave(session, workspace, purge_at=now)
            leaving.purge_from(session, workspace, now)
        finish_purging(database, workspace, now=now)
    saying.out.print(f"Everything of {whose} has been deleted.", markup=False)
