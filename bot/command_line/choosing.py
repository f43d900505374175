"""Which workspace a command is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.command_line import saying
from bot.config import Mode, Settings
from bot.connection import Connection
from bot.playground import people
from storage import units, workspaces
from storage.database import Database
from storage.models import Workspace

_EMPTY = "There is nothing here yet. Start with `groundswell run`, `groundswell story` or `groundswell import`."

_SLACKS_ID = re.compile(r"[TE][A-Z0-9]+")


def workspace(database: Database, settings: Settings, *, wanted: str = "", create: bool = False) -> Workspace:
    """The workspace that is named, or the only one there is; with `create`, made known to us where none is yet.

    Leaves with a sentence and exit code 2 when there is none, when there are several and none is named, when the one
    that is named is not there, or when one that is to be made is not named as Slack would name it.
    """
    with database.reading() as session:
        known = {known.id: known for known in workspaces.everyone(session, left_too=True)}
    if wanted in known:
        return known[wanted]
    if not wanted and len(known) == 1:
        return next(iter(known.values()))
    if not wanted and len(known) > 1:
        saying.stop(f"There are several workspaces. Say which with --workspace: {_listed(known.values())}.")
    if wanted and known:
        saying.stop(f"There is no workspace {wanted} here. Say which with --workspace: {_listed(known.values())}.")
    if not create:
        saying.stop(_EMPTY)
    if wanted and not _SLACKS_ID.fullmatch(wanted):
        saying.stop(f"{wanted} is no id of a workspace. Slack's ids look like T0123ABCD.")
    name = wanted or _ours(settings)
    with database.transaction() as session:
        return workspaces.join(session, name, now=datetime.now(UTC))


def told_apart(database: Database, workspace: Workspace) -> str:
    """Which workspace a sentence is about, to stand before it; nothing where there is but one."""
    with database.reading() as session:
        several = len(workspaces.everyone(session, left_too=True)) > 1
    return f"{_listed([workspace])}: " if several else ""


def unit(database: Database, workspace: str, name: str) -> int:
    """The id of the unit of this name. Leaves with a sentence and exit code 2 when there is none."""
    with database.reading() as session:
        found = units.named(session, workspace, name)
        there = ", ".join(unit.name for unit in units.of_workspace(session, workspace))
    if found is None:
        saying.stop(f"There is no unit called {name}. There are: {there}.")
    return found.id or 0


def _listed(known: Iterable[Workspace]) -> str:
    return ", ".join(f"{one.id} ({one.name})" if one.name else one.id for one in known)


def _ours(settings: Settings) -> str:
    if settings.mode is Mode.LOCAL:
        return people.larkmoor().id
    if settings.many:
        saying.stop("Say which workspace with --workspace, by Slack's id for it, such as T0123ABCD.")
    with saying.sentences():
        return str(Connection(settings).who().team_id)
