"""Somebody installs the app in their workspace, in a browser.

    Morgan:  opens /slack/install and presses "Add to Slack"
    Slack:   asks whether that is all right, and sends Morgan's browser back to us
    Bot:     Groundswell is in Larkmoor Homes now. (And in a direct message to Morgan alone: what to do next.)

Bolt's own flow does the talking; where tokens and states are kept, and what people read, is ours.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth import OAuthStateStore, OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation as Told
from slack_sdk.oauth.installation_store import InstallationStore

from bot import manifests
from bot.blocks import welcome_card
from bot.config import LOOPBACK, Settings
from bot.connection import Clients
from bot.installs import page
from bot.installs.connections import Connections, receive
from storage import beginnings, installations, outbox, workspaces
from storage.database import Database
from storage.installations import Tokens
from storage.models import Installation

INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
_COOKIE = "groundswell-install"

log = logging.getLogger(__name__)
_BOLTS = logging.getLogger("groundswell.install")
"""Bolt's flow warns with the code that Slack gave, which is nobody's business."""
_BOLTS.setLevel(logging.ERROR)


class Flow(OAuthFlow):
    """The way in for a workspace. `handle_installation` and `handle_callback` are Bolt's; each answers one request."""

    def __init__(
        self, settings: Settings, connections: Connections, clock: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        states = States(connections.database, clock, secure=urlsplit(settings.public_url).hostname not in LOOPBACK)
        oauth = OAuthSettings(
            client_id=settings.slack_client_id,
            client_secret=settings.slack_client_secret,
            scopes=manifests.scopes(reactions=bool(settings.reaction)),
            user_scopes=[],
            redirect_uri=settings.public_url + REDIRECT_PATH,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=settings.slack_api_url.removesuffix("api/") + "oauth/v2/authorize",
            callback_options=CallbackOptions(success=self._arrived, failure=self._failed),
            installation_store=Arrivals(connections, settings, clock, wake),
            state_store=states,
            logger=_BOLTS,
        )
        oauth.state_utils = states.cookie
        clients = Clients(settings.slack_api_url)
        super().__init__(client=clients.patient(), logger=_BOLTS, settings=oauth)

    def build_authorize_url(self, state: str, request: BoltRequest) -> str:
        """Where Slack asks for consent; in a certain workspace, if the link to us named one."""
        team = next(iter(request.query.get("team") or ()), "")
        wanted = team if re.fullmatch(r"T[A-Z0-9]{1,30}", team) else None
        return str(self.settings.authorize_url_generator.generate(state=state, team=wanted))

    def build_install_page_html(self, url: str, request: BoltRequest) -> str:
        """What stands at the door."""
        return page.door(url, accepts=_accepted(request))

    def _arrived(self, args: SuccessArgs) -> BoltResponse:
        told = args.installation
        name = (told.enterprise_name if told.is_enterprise_install else told.team_name) or ""
        words = page.arrived(
            name,
            app_id=told.app_id or "",
            team=told.team_id or "",
            org_wide=bool(told.is_enterprise_install),
            accepts=_accepted(args.request),
        )
        return self._answer(200, words)

    def _failed(self, args: FailureArgs) -> BoltResponse:
        log.info("An install was not finished: %s.", page.known(args.reason))
        words = page.failed(args.reason, again=INSTALL_PATH, accepts=_accepted(args.request))
        return self._answer(args.suggested_status_code, words)

    def _answer(self, status: int, words: str) -> BoltResponse:
        gone = self.settings.state_utils.build_set_cookie_for_deletion()
        headers: dict[str, Any] = {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": [gone]}
        return BoltResponse(status=status, body=words, headers=headers)


class States(OAuthStateStore):
    """What binds an install to the browser it began in: a `state` that works once, and a cookie that holds the same."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, secure: bool) -> None:
        self._database = database
        self._clock = clock
        self.cookie = Cookie(secure=secure)

    def issue(self, *args: Any, **kwargs: Any) -> str:
        """A new state."""
        state = secrets.token_urlsafe(32)
        with self._database.transaction() as session:
            beginnings.begin(session, state, now=self._clock())
        return state

    def consume(self, state: str) -> bool:
        """Whether this state is one of ours, still fresh and never used before. Afterwards it is used."""
        with self._database.transaction() as session:
            return beginnings.come_back(session, state, now=self._clock())


class Cookie(OAuthStateUtils):
    """The cookie: out of reach for scripts, over https alone (but on this machine), and sent when Slack sends back."""

    def __init__(self, *, secure: bool) -> None:
        super().__init__(cookie_name=_COOKIE, expiration_seconds=int(beginnings.LASTS.total_seconds()))
        self._kind = f"Path=/slack; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"

    def build_set_cookie_for_new_state(self, state: str) -> str:
        """Remember the state in this browser."""
        return f"{self.cookie_name}={state}; {self._kind}; Max-Age={self.expiration_seconds}"

    def build_set_cookie_for_deletion(self) -> str:
        """Forget it."""
        return f"{self.cookie_name}=; {self._kind}; Max-Age=0"

    def is_valid_browser(self, state: str | None, request_headers: dict[str, str | Sequence[str]]) -> bool:
        """Whether the state that came back is the one that this browser began with."""
        told = request_headers.get("cookie") or []
        for header in [told] if isinstance(told, str) else told:
            try:
                kept = SimpleCookie(header).get(self.cookie_name)
            except CookieError:
                continue
            if kept is not None and state and hmac.compare_digest(kept.value.encode(), state.encode()):
                return True
        return False


class Arrivals(InstallationStore):
    """Keeps what Slack told of an install: the token, encrypted; the workspace; and a first word to the installer."""

    def __init__(
        self, connections: Connections, settings: Settings, clock: Callable[[], datetime], wake: Callable[[], None]
    ) -> None:
        self._connections = connections
        self._clients = Clients(settings.slack_api_url)
        self._clock = clock
        self._wake = wake

    def save(self, installation: Told) -> None:
        """Keep an install."""
        now, database = self._clock(), self._connections.database
        ours = self._ours(installation, now)
        home, timezone = self._home_of_installer(installation)
        name, enterprise = installation.team_name or "", ours.enterprise
        there = [ours.workspace or home] if ours.workspace or home else []
        with database.reading() as session:
            waiting = [] if ours.workspace else workspaces.of_enterprise(session, enterprise)
        for workspace in dict.fromkeys([*there, *waiting]):
            receive(database, workspace, now=now, name=name, timezone=timezone, enterprise=enterprise)
        with database.transaction() as session:
            installations.save(session, ours)
            for workspace in there:
                key = f"welcome/{installation.user_id}/{now.isoformat()}"
                body = welcome_card.build()
                outbox.leave(session, workspace=workspace, key=key, channel=installation.user_id, body=body, now=now)
        self._wake()

    def _ours(self, told: Told, now: datetime) -> Installation:
        enterprise = told.enterprise_id or ""
        workspace = "" if told.is_enterprise_install else told.team_id or ""
        tokens = Tokens(told.bot_token or "", told.bot_refresh_token or "")
        left = None if told.bot_token_expires_at is None else told.bot_token_expires_at - time.time()
        return Installation(
            enterprise=enterprise,
            workspace=workspace,
            app_id=told.app_id or "",
            bot_id=told.bot_id or "",
            bot_user=told.bot_user_id or "",
            scopes=",".join(told.bot_scopes or ()),
            sealed=self._connections.keys.seal(tokens, enterprise=enterprise, workspace=workspace),
            expires_at=None if left is None else now + timedelta(seconds=left),
            installed_at=now,
        )

    def _home_of_installer(self, told: Told) -> tuple[str, str]:
        """The workspace in which the installer can be reached, and the clock they live by."""
        client = self._clients.quick(told.bot_token, team=None if told.is_enterprise_install else told.team_id)
        try:
            person = client.users_info(user=told.user_id)["user"]
        except (SlackApiError, SlackClientError, OSError):
            return "", "UTC"
        homes = [person.get("team_id"), *((person.get("enterprise_user") or {}).get("teams") or [])]
        home = next((str(team) for team in homes if str(team or "").startswith("T")), "")
        return home, str(person.get("tz") or "UTC")


def _accepted(request: BoltRequest) -> str:
    return ",".join(request.headers.get("accept-language", []))
