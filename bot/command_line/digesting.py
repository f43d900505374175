"""`groundswell digest`: see a week's digest in any form, or post it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import app, picturing, reaching
from bot.blocks import digest_card
from bot.command_line import choosing, saying
from bot.config import Mode, Settings
from bot.connection import NotHere
from bot.installs.connections import connect
from digests import render, retell, send
from digests.facts import Digest
from digests.periods import Week
from storage import counts, editions, units
from storage.columns import Audience
from storage.database import Database

_LARGEST_NUMBER = 2**31 - 1
"""That a database gives to anything."""


class Format(StrEnum):
    """The forms that a digest can take."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"
    BLOCKS = "blocks"


_FORMS: dict[Format, Callable[[Digest], str]] = {
    Format.TEXT: render.as_text,
    Format.HTML: render.as_html,
    Format.JSON: render.as_json,
    Format.BLOCKS: lambda digest: json.dumps(_in_blocks(digest), ensure_ascii=False, indent=2),
}


def digest(
    audience: Annotated[Audience, typer.Option(help="Whom it speaks to.")] = Audience.MANAGERS,
    week: Annotated[str, typer.Option(help="The week, such as 2026-W18; this week so far, if left out.")] = "",
    unit: Annotated[str, typer.Option(help="Whose notes, by the unit's name; the first unit's, if left out.")] = "",
    format: Annotated[Format, typer.Option(help="text, html, json or blocks.")] = Format.TEXT,
    post: Annotated[str, typer.Option(help="Also post it to this channel (its id, such as C0123456789).")] = "",
    explain: Annotated[
        int | None, typer.Option(help="Tell a digest that went out once more, and why each part is there.")
    ] = None,
    went_out: Annotated[
        bool, typer.Option("--went-out", help="List the digests that went out, with their numbers.")
    ] = False,
    workspace: Annotated[str, typer.Option(help="The workspace, if there are several.")] = "",
) -> None:
    """Compose a week's digest from the notes and print it; with --post, send it to a channel as well.

    groundswell digest --audience improvement --week 2026-W18 --format html > week.html
    groundswell digest --went-out, then groundswell digest --explain 12
    """
    with saying.sentences():
        settings = saying.settings()
        database = app.open_store(settings)
        home = choosing.workspace(database, settings, wanted=workspace)
    if went_out:
        _list(database, home.id)
        return
    if explain is not None:
        typer.echo(_explained(database, home.id, explain))
        return
    now = datetime.now(UTC)
    try:
        digest = send.compose_now(
            database,
            workspace=home.id,
            audience=audience,
            now=now,
            week=week or None,
            unit_id=choosing.unit(database, home.id, unit) if unit else None,
        )
    except ValueError as error:
        saying.stop(str(error))
    if digest is None:
        saying.stop(_nothing_to_tell(database, home.id, unit, week, now))
    typer.echo(_FORMS[format](digest))
    if post:
        _post(settings, database, digest, post)


def _nothing_to_tell(database: Database, workspace: str, unit: str, week: str, now: datetime) -> str:
    """That a unit has no notes in the week, and which others have."""
    with database.reading() as session:
        zone = counts.clock(session, workspace)
        told_of = Week.parse(week, zone) if week else Week.of(now, zone)
        there = units.of_workspace(session, workspace)
        moments = [(told_of.start, told_of.end)]
        others = [
            f"--unit {shlex.quote(one.name)}"
            for one in there
            if counts.history(session, moments, workspace=workspace, unit_id=one.id or 0)[0].notes
        ]
    when = week or "this week so far"
    if len(there) < 2:
        return f"No notes were logged in {when}, so there is nothing to tell."
    nothing = f"The unit {unit or there[0].name} has no notes in {when}, so there is nothing to tell."
    return f"{nothing} Elsewhere there are some: add {' or '.join(others)}." if others else nothing


def _list(database: Database, workspace: str) -> None:
    with database.reading() as session:
        there = editions.of_workspace(session, workspace)
    for edition in there:
        saying.out.print(
            f"{edition.id:>5}  {edition.week}  for {edition.audience} in {edition.channel}: {edition.outcome}",
            markup=False,
        )
    if not there:
        saying.out.print("No digest has gone out yet.")


def _explained(database: Database, workspace: str, number: int) -> str:
    with database.reading() as session:
        edition = editions.get(session, number, workspace=workspace) if 0 < number <= _LARGEST_NUMBER else None
    if edition is None:
        saying.stop(f"There is no digest with the number {number}. See them with: groundswell digest --went-out")
    try:
        return retell.explain(edition)
    except (retell.NothingToExplain, ValueError) as error:
        saying.stop(str(error))


def _in_blocks(digest: Digest) -> dict[str, Any]:
    """The card as Block Kit alone, with each chart as Slack draws it."""
    card = digest_card.build(digest)
    return {**card, "thread": [{"text": reply["text"], "blocks": reply["blocks"]} for reply in card["thread"]]}


def _client(settings: Settings, database: Database, workspace: str) -> WebClient:
    try:
        return connect(settings, database).quick_client(workspace)
    except NotHere as error:
        saying.stop(str(error))


def _post(settings: Settings, database: Database, digest: Digest, channel: str) -> None:
    if settings.mode is Mode.LOCAL:
        saying.stop("Posting needs SLACK_BOT_TOKEN. Find it on api.slack.com under your app, OAuth & Permissions.")
    card = digest_card.build(digest)
    client = _client(settings, database, digest.workspace)
    try:
        if reaching.is_shared_outside(client, channel):
            saying.stop(f"Not posted: people of another organisation are in {channel}; notes are for your own alone.")
        posted = client.chat_postMessage(channel=channel, text=card["text"], blocks=card["blocks"], unfurl_links=False)
        for reply in card["thread"]:
            if "pictures" in reply:
                picturing.post(client, channel=channel, thread_ts=str(posted["ts"]), body=reply)
                continue
            client.chat_postMessage(
                channel=channel, thread_ts=posted["ts"], text=reply["text"], blocks=reply["blocks"], unfurl_links=False
            )
    except SlackApiError as error:
        saying.stop(f"Slack did not take it: {error.response['error']}. Is the app a member of {channel}?")
    saying.aside.print(f"Posted to {channel}.")
