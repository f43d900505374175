"""Many workspaces in one little Slack, our app that any of them may install, and somebody's browser."""

from __future__ import annotations

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from starlette.applications import Starlette

from bot import app, doors
from bot.app import House
from bot.config import Settings
from bot.playground import granting, people
from bot.playground.local_slack import LocalSlack
from bot.playground.serving import Serving

KEY = Fernet.generate_key().decode()


def slack_of_strangers(**given: Any) -> LocalSlack:
    """Larkmoor and Hillcrest, neither of which has the app yet."""
    workspaces = [people.larkmoor(), people.hillcrest()]
    for workspace in workspaces:
        workspace.bot_token, workspace.installed = "", False
    return LocalSlack(workspaces=workspaces, ack_within=10, **given)


def settings_of_many(slack: LocalSlack, public_url: str, home: Path, **given: Any) -> Settings:
    """Settings for an app that any workspace of this Slack may install."""
    return Settings(
        _env_file=None,
        slack_client_id=granting.CLIENT_ID,
        slack_client_secret=granting.CLIENT_SECRET,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        public_url=public_url,
        groundswell_home=home,
        **{"groundswell_key": KEY, **given},
    )


@contextmanager
def open_house(slack: LocalSlack, home: Path, *, tools: dict[str, Any], **given: Any) -> Iterator[House]:
    """The whole product, reached by HTTP, at an address that Slack knows for its redirects."""
    served: list[House] = []

    async def doors_of_the_house(scope: Any, receive: Any, send: Any) -> None:
        await Starlette(routes=doors.routes(served[0], takes_slack=True))(scope, receive, send)

    with Serving(doors_of_the_house) as server:
        slack.grants.redirect_urls = [server.url]
        house = app.build(settings_of_many(slack, server.url, home, **given), **tools)
        served.append(house)
        slack.events_url = server.url + doors.EVENTS_PATH
        house.messenger.start()
        try:
            yield house
        finally:
            house.close()


@dataclass
class Page:
    """What a browser shows."""

    url: str
    status: int
    source: str
    headers: Any

    @property
    def words(self) -> str:
        """What a person reads on it."""
        body = re.sub(r"<(style|title)>.*?</\1>", "", self.source, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def link(self) -> str:
        """Where its one button leads."""
        [link] = re.findall(r'<a href="([^"]*)"', self.source)
        return urllib.parse.urljoin(self.url, html.unescape(link))


class Browser:
    """Somebody's browser: it follows redirects and keeps its cookies to itself."""

    def __init__(self, slack: LocalSlack, house: House) -> None:
        self.slack = slack
        self.at = house.settings.public_url
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, url: str, form: dict[str, str] | None = None, **headers: str) -> Page:
        """Open a page, or send a form there."""
        data = urllib.parse.urlencode(form).encode() if form else None
        try:
            answer = self._opener.open(urllib.request.Request(url, data, headers), timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Page(answer.url, answer.status, answer.read().decode(), answer.headers)

    def decide(self, consent: Page, person: str, decision: str = "allow", *, org: bool = False) -> Page:
        """Answer Slack's question as somebody of that name."""
        who = self.slack.person(person)
        team = self.slack.workspace_of(who).id
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', consent.source)[:4])
        form = {name: html.unescape(value) for name, value in form.items()}
        form |= {"team": team, "person": who.id, "decision": decision, "org": "yes" if org else ""}
        return self.open(consent.url, form)

    def install(self, person: str, *, org: bool = False) -> Page:
        """Install the app as somebody, from the first page to the last."""
        door = self.open(f"{self.at}/slack/install")
        return self.decide(self.open(door.link), person, org=org)
