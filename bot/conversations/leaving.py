"""A workspace removes the app, and perhaps installs it again.

    Morgan:  removes Groundswell from Slack's list of apps
    Bot:     (says nothing more; its token is gone; after the grace, so is everything that was kept)

`app_uninstalled` and `tokens_revoked` come in either order, twice, or late. Either is enough, and one that tells of a
time before the app was last installed tells nothing new. Where an organisation that has installed the app takes it out
of some of its workspaces, `team_access_revoked` names these.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import App

from bot.connection import NOT_GRANTED, Connection
from bot.installs.connections import finish_purging, receive
from storage import installations, leaving, workspaces
from storage.database import Database

log = logging.getLogger(__name__)


class Leaving:
    """Forgets, at once what it may use and after the grace what it knows."""

    def __init__(
        self, database: Database, connection: Connection, clock: Callable[[], datetime], *, grace: timedelta
    ) -> None:
        self._database = database
        self._connection = connection
        self._clock = clock
        self._grace = grace

    def register(self, slack: App) -> None:
        """The ways in which Slack tells us."""
        for told in ("app_uninstalled", "tokens_revoked"):
            slack.event(told, middleware=[self.hear])(_nothing_more)
        slack.event("team_access_revoked", middleware=[self.hear_of_some])(_nothing_more)

    def hear(self, body: dict[str, Any], next: Callable[[], None]) -> None:
        """Let go before Slack hears that the event arrived: should we fail, it tells us again."""
        revoked = body["event"].get("tokens")
        if revoked is None or revoked.get("bot"):  # people's own tokens are none of ours
            enterprise = str(body.get("enterprise_id") or "")
            org_wide = bool(body.get("is_enterprise_install")) or not body.get("team_id")
            workspace = "" if org_wide and enterprise else str(body.get("team_id") or "")
            self._let_go(workspace, enterprise, told_at=body.get("event_time"))
        next()

    def hear_of_some(self, body: dict[str, Any], next: Callable[[], None]) -> None:
        """An organisation takes the app out of some of its workspaces, and keeps it in the others."""
        for workspace in body["event"].get("team_ids") or ():
            self._take_out(str(workspace), told_at=body.get("event_time"))
        next()

    def removed(self, workspace: str, why: str) -> None:
        """Slack takes our token there no longer: the app was removed while we were not listening. `why` is Slack's word
        for it. An organisation's token that is dead is dead in each of its workspaces.
        """
        with self._database.reading() as session:
            installation = installations.of(session, workspace)
        if why == NOT_GRANTED:
            self._take_out(workspace, told_at=None)
        elif installation is not None and not installation.workspace:
            self._let_go("", installation.enterprise, told_at=None)
        else:
            self._let_go(workspace, "", told_at=None)

    def returned(self, workspace: str) -> None:
        """The one workspace that we serve takes our token: if it had left, it is back."""
        with self._database.reading() as session:
            known = workspaces.find(session, workspace)
        if known is not None and known.purge_at is not None:
            receive(self._database, workspace, now=self._clock())

    def purge_due(self) -> None:
        """Delete everything of the workspaces whose grace is over."""
        now = self._clock()
        with self._database.reading() as session:
            due = leaving.due(session, now=now)
        for workspace in due:
            finish_purging(self._database, workspace, now=now)
            log.info("Everything of %s has been deleted: its grace was over.", workspace)

    def _take_out(self, workspace: str, *, told_at: object) -> None:
        if self._is_late(workspace, "", told_at):
            return
        purge_at = self._clock() + self._grace
        with self._database.transaction() as session:
            if leaving.taken_out(session, workspace, purge_at=purge_at):
                log.info("The app was taken out of %s. Its data is deleted after %s.", workspace, purge_at.date())

    def _is_late(self, workspace: str, enterprise: str, told_at: object) -> bool:
        """Whether Slack tells of a time before the app was last installed there."""
        since = self._connection.good_since(workspace, enterprise)
        late = since is not None and isinstance(told_at, int) and _moment(told_at) < since.replace(microsecond=0)
        if late:
            log.info("A late word that %s had removed the app: it is installed anew.", workspace or enterprise)
        return late

    def _let_go(self, workspace: str, enterprise: str, *, told_at: object) -> None:
        if self._is_late(workspace, enterprise, told_at):
            return
        purge_at = self._clock() + self._grace
        with self._database.transaction() as session:
            if workspace:
                leaving.leave(session, workspace, purge_at=purge_at)
            elif enterprise:
                leaving.leave_all(session, enterprise, purge_at=purge_at)
        log.info("%s has removed the app. Its data is deleted after %s.", workspace or enterprise, purge_at.date())


def _nothing_more() -> None:
    """Everything is done by then."""


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)
