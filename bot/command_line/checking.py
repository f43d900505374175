"""`groundswell doctor`: is everything as it should be, and if not, what helps?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException

import typer
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import app, config, manifests
from bot.command_line import saying
from bot.config import Mode, SettingError, Settings
from bot.connection import NotHere
from bot.installs import flow
from bot.installs.connections import Connections
from digests.wording import many
from nlp import pipeline
from nlp.agreement import FEWEST, Agreement
from nlp.redaction import Redactor
from nlp.tagger import Tagger
from storage import notes, outbox, schedules, tags, workspaces
from storage.database import Database

_LATELY = timedelta(weeks=1)
"""So long we tell of what never arrived, where nothing can be put right."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, whether it is well, and what to do if it is not."""

    about: str
    well: bool
    says: str


def doctor() -> None:
    """Check settings, database, language model, Slack scopes and digest channels: a line each, with what to do.

    Leaves with exit code 1 when something needs attention.
    """
    well = True
    for finding in _findings():
        well = well and finding.well
        saying.out.print(f"{'well' if finding.well else 'LOOK':>5}  {finding.about:<10} {finding.says}", markup=False)
    raise typer.Exit(0 if well else 1)


def _findings() -> Iterator[Finding]:
    try:
        settings = config.read()
    except SettingError as error:
        yield Finding("settings", False, str(error))
        return
    ways = {
        Mode.LOCAL: "no Slack tokens, so `groundswell run` opens a small workspace in the browser",
        Mode.SOCKET: "Slack by Socket Mode",
        Mode.HTTP: "Slack by HTTP, at /slack/events",
    }
    many = f"; any workspace may install it at {settings.public_url}{flow.INSTALL_PATH}" if settings.many else ""
    yield Finding("settings", True, ways[settings.mode] + many)
    try:
        database = app.open_store(settings)
    except SettingError as error:
        yield Finding("database", False, str(error))
        return
    yield _about_database(database)
    yield from _about_model(settings, database)
    if settings.many:
        yield from _about_many(settings, database)
    elif settings.mode is not Mode.LOCAL:
        client = WebClient(token=settings.slack_bot_token, base_url=settings.slack_api_url, timeout=10)
        yield from _about_slack(client, database, settings, "Copy SLACK_BOT_TOKEN again.")
    if settings.mode is Mode.SOCKET:
        yield _about_app_token(settings)


def _about_database(database: Database) -> Finding:
    try:
        with database.reading() as session:
            kept = sum(notes.how_many(session, workspace=known.id) for known in workspaces.everyone(session))
    except SQLAlchemyError as error:
        return Finding("database", False, f"it cannot be read ({type(error).__name__})")
    return Finding("database", True, f"{database.engine.dialect.name}, up to date, {many(kept, 'note')} kept")


def _about_model(settings: Settings, database: Database) -> Iterator[Finding]:
    loaded = pipeline.load(settings.nlp_model or None)
    name = pipeline.described(loaded)
    if "tagger" not in loaded.pipe_names:
        yield Finding("model", False, f"{name} does not know parts of speech. Leave NLP_MODEL out.")
        return
    tagger, redactor = Tagger.load(model=settings.nlp_model or None), Redactor.load()
    tagging = tagger.tag("Still waiting for my parcel")
    hidden = redactor.redact("Ring me on 07700 900123").spans
    yield Finding("model", bool(tagging.because) and bool(hidden), f"{name}, tagger {tagger.version}")
    yield from _about_lessons(tagger, database)


def _about_lessons(tagger: Tagger, database: Database) -> Iterator[Finding]:
    """Each workspace that has said enough to tell whether what the tagger learns from it helps, measured anew."""
    with database.reading() as session:
        said = [(one, tags.corrections(session, workspace=one.id)) for one in workspaces.everyone(session)]
    for known, corrections in said:
        agreement = tagger.learned(corrections).agreement if len(corrections) >= FEWEST else None
        if agreement is not None:
            yield Finding("lessons", not agreement.set_aside, f"{known.name or known.id}: {_compared(agreement)}")


def _compared(agreement: Agreement) -> str:
    figures = (
        f"of {agreement.wordings} wordings that people judged, held out, it agrees on the type of "
        f"{agreement.types.learned} after their corrections, and of {agreement.types.first_day} without"
    )
    if not agreement.set_aside:
        return figures
    return (
        f"{figures}; so what it learned is set aside for new notes. What people said of a note stands. "
        f"Talk over with them what each kind means, and press Change where notes alike were settled differently."
    )


def _about_many(settings: Settings, database: Database) -> Iterator[Finding]:
    connections = Connections(settings, database, lambda: datetime.now(UTC))
    try:
        connections.reseal()
    except SettingError as error:
        yield Finding("key", False, str(error))
        return
    with database.reading() as session:
        everyone = workspaces.everyone(session)
        gone = [known for known in workspaces.everyone(session, left_too=True) if known.purge_at is not None]
    if not everyone:
        yield Finding("installs", True, "no workspace has installed it yet")
    for known in everyone:
        try:
            client = connections.quick_client(known.id)
        except NotHere:
            yield Finding("token", False, f"{known.name or known.id} has not installed it, or no longer.")
            continue
        again = f"Somebody in {known.name or known.id} has to install it again."
        yield from _about_slack(client, database, settings, again, workspace=known.id)
    for known in gone:
        assert known.purge_at is not None
        until = f"everything of it is deleted on {known.purge_at.date()}"
        yield Finding("left", True, f"{known.name or known.id} has removed the app; {until}")


def _about_slack(
    client: WebClient, database: Database, settings: Settings, remedy: str, *, workspace: str = ""
) -> Iterator[Finding]:
    try:
        who = client.auth_test()
    except SlackApiError as error:
        yield Finding("token", False, f"Slack says {_reason(error)}. {remedy}")
        return
    except _OUT_OF_REACH as error:
        yield Finding("token", False, _out_of_reach(client, error))
        return
    yield Finding("token", True, f"we are {who['user']} in {who['team']}")
    yield _about_scopes(str(who.headers.get("x-oauth-scopes", "")), reactions=bool(settings.reaction))
    yield from _about_channels(client, database, workspace or str(who["team_id"]))


def _about_scopes(granted: str, *, reactions: bool) -> Finding:
    missing = set(manifests.scopes(reactions=reactions)) - {scope.strip() for scope in granted.split(",")}
    if granted and missing:
        advice = "Add them under OAuth & Permissions (or paste the manifest again), then reinstall the app."
        return Finding("scopes", False, f"missing: {', '.join(sorted(missing))}. {advice}")
    return Finding("scopes", True, "all that we need" if granted else "Slack did not say; assumed complete")


def _about_app_token(settings: Settings) -> Finding:
    client = WebClient(base_url=settings.slack_api_url, timeout=10)
    try:
        client.apps_connections_open(app_token=settings.slack_app_token)
    except SlackApiError as error:
        return Finding("socket", False, f"Slack says {_reason(error)}. Make SLACK_APP_TOKEN again.")
    except _OUT_OF_REACH as error:
        return Finding("socket", False, _out_of_reach(client, error))
    return Finding("socket", True, "Slack opens a connection for us")


def _about_channels(client: WebClient, database: Database, workspace: str) -> Iterator[Finding]:
    lately = datetime.now(UTC) - _LATELY
    with database.reading() as session:
        placed = schedules.of_workspace(session, workspace)
        stuck = outbox.undeliverable(session, workspace=workspace, since=lately)
    here = {schedule.channel for schedule in placed}
    if not placed:
        yield Finding("digests", True, "none goes out yet; in a channel, type /groundswell digest on managers")
    for schedule in placed:
        yield _about_channel(client, schedule.channel, schedule.audience)
    for message in stuck:
        if "pictures" in message.body:
            continue  # the digest has said it all in words
        if message.left_at < lately and message.channel not in here:
            continue  # a digest, but none comes there any more
        yield Finding(
            "undelivered",
            False,
            f"{message.key} for {message.channel}: {_help(message.given_up)}",
        )


_OUT_OF_REACH = (OSError, HTTPException)
_HELP = {
    "in_doubt": "it may have arrived; look, and type /groundswell digest again in that channel if it did not",
    "shared_outside": "people of another organisation are in the channel, so no digest goes there",
    "not_in_channel": "the app was not in the channel; type /invite @Groundswell there",
    "channel_not_found": "the channel is gone, or private and the app was not invited",
    "is_archived": "the channel is archived; choose another with /groundswell digest on",
}


def _help(reason: str) -> str:
    return _HELP.get(reason, reason)


def _reason(error: SlackApiError) -> str:
    return str(error.response.get("error"))


def _out_of_reach(client: WebClient, error: Exception) -> str:
    advice = "See whether this machine gets there (network, proxy, firewall), and what status.slack.com says."
    return f"Slack cannot be reached at {client.base_url} ({type(error).__name__}). {advice}"


def _about_channel(client: WebClient, channel: str, audience: str) -> Finding:
    about = "channel"
    try:
        there = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        return Finding(about, False, f"{channel} ({audience}): {_help(_reason(error))}")
    except _OUT_OF_REACH as error:
        return Finding(about, False, f"{channel} ({audience}): {_out_of_reach(client, error)}")
    if there.get("is_archived"):
        return Finding(about, False, f"#{there['name']} ({audience}): {_help('is_archived')}")
    if not there.get("is_member"):
        return Finding(about, False, f"#{there['name']} ({audience}): {_help('not_in_channel')}")
    return Finding(about, True, f"#{there['name']} gets the digest for {audience}")
