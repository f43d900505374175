"""The page on which somebody lets the app in: a plain stand-in for Slack's own, with the same addresses."""

from __future__ import annotations

import html
import urllib.parse
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from bot.playground.local_slack import LocalSlack

PATH = "/oauth/v2/authorize"
_KEPT = ("client_id", "scope", "redirect_uri", "state")


def route(slack: LocalSlack) -> Route:
    """The page, and what its buttons do."""

    async def page(request: Request) -> Response:
        posted = dict(urllib.parse.parse_qsl((await request.body()).decode())) if request.method == "POST" else {}
        asked = posted or dict(request.query_params)
        trouble = slack.grants.trouble(asked, slack.manifest.scopes)
        if trouble:
            return HTMLResponse(f"<h1>Oh no, an error occurred!</h1><p>{trouble}</p>", 400)
        return _decided(slack, posted) if posted else HTMLResponse(_page(slack, asked))

    return Route(PATH, page, methods=["GET", "POST"])


def _decided(slack: LocalSlack, posted: dict[str, str]) -> Response:
    if posted.get("decision") != "allow":
        told = {"error": "access_denied", "state": posted.get("state", "")}
    else:
        workspace = slack.workspace(posted["team"])
        person = workspace.people[posted["person"]]
        with slack.changing():
            code = slack.grants.consent(
                workspace, person, posted["redirect_uri"], slack.now(), org_wide=posted.get("org") == "yes"
            )
        told = {"code": code, "state": posted.get("state", "")}
    return RedirectResponse(f"{posted['redirect_uri']}?{urllib.parse.urlencode(told)}", 302)


def _page(slack: LocalSlack, asked: dict[str, str]) -> str:
    kept = "".join(f'<input type="hidden" name="{n}" value="{html.escape(asked.get(n, ""))}">' for n in _KEPT)
    forms = [
        f'<form method="post"><p>{html.escape(person.name)}, {html.escape(workspace.name)}</p>{kept}'
        f'<input type="hidden" name="team" value="{workspace.id}"><input type="hidden" name="person" '
        f'value="{person.id}"><button name="decision" value="allow">Allow</button> '
        '<button name="decision" value="no">Cancel</button></form>'
        for workspace in slack.workspaces
        for person in workspace.people.values()
    ]
    return "<!doctype html><title>Let the app in</title><h1>Who are you, and do you agree?</h1>" + "".join(forms)
