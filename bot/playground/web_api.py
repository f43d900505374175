"""The door of the Web API: who is asking, may they, did they ask properly; then the method itself."""

from __future__ import annotations

import base64
import binascii
import json
import urllib.parse
from dataclasses import dataclass, field
from typing import Any

from bot.playground import methods  # noqa: F401  (fills METHODS)
from bot.playground.calls import Call, Fault
from bot.playground.ground import Ground
from bot.playground.methods.ask import METHODS, Ask, Method
from bot.playground.refusals import Refused
from bot.playground.workspace import Workspace

NEED_A_TEAM = {"users.list", "conversations.list", "users.conversations"}
"""Lists that an organisation's token must ask for one workspace at a time."""
SECRETS = {"client_secret", "code", "refresh_token", "access_token"}


@dataclass
class Reply:
    """What goes back over HTTP."""

    body: dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def answer(
    slack: Ground, name: str, query: str, body: bytes, content_type: str, authorization: str, fault: Fault | None = None
) -> Reply:
    """Answers one call. Arguments come from the query and the body; an error is `200` and `ok: false`."""
    arguments, is_json = _arguments(query, body, content_type)
    token = _token(arguments, authorization)
    arguments |= _client(authorization)
    workspace, org_wide, dead = _whose(slack, token, arguments)
    on_purpose = fault is not None and fault.refuses
    headers = {} if workspace is None else {"x-oauth-scopes": ",".join(sorted(workspace.scopes))}
    if fault and (fault.status or fault.page):
        status = fault.status or 200
        reply = Reply({"ok": False, "error": "ratelimited" if fault.status == 429 else "http_error"}, status)
        if fault.retry_after is not None:
            reply.headers["Retry-After"] = str(fault.retry_after)
    elif workspace and (wait := slack.rate_limits.wait_for(name, workspace.id, _channel(arguments), slack.now())):
        reply = Reply({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(wait)})
    else:
        try:
            with slack.changing():
                if fault and fault.error:
                    raise Refused(fault.error)
                if dead is not None:
                    raise dead
                told = {"ok": True, **_run(slack, name, workspace, token, arguments, is_json, org_wide)}
                reply = Reply(json.loads(json.dumps(told)), headers=headers)
        except Refused as refused:
            reply = Reply(refused.answer(), headers=headers)
    team_id = workspace.id if workspace else None
    slack.remember_call(
        Call(name, _without_secrets(arguments), _without_secrets(reply.body), team_id, slack.now(), on_purpose)
    )
    return reply


def _run(
    slack: Ground,
    name: str,
    workspace: Workspace | None,
    token: str,
    arguments: dict[str, Any],
    is_json: bool,
    org_wide: bool,
) -> dict[str, Any]:
    wanted = METHODS.get(name)
    if wanted is None:
        raise Refused("unknown_method", req_method=name)
    if not token and name == "api.test":
        workspace = slack.workspaces[0]
    workspace = _admit(slack, wanted, workspace, token, org_wide)
    if org_wide and name in NEED_A_TEAM and not arguments.get("team_id"):
        raise Refused("missing_argument")
    if wanted.scope and not wanted.app_level and wanted.scope not in workspace.scopes:
        raise Refused("missing_scope", needed=wanted.scope, provided=",".join(sorted(workspace.scopes)))
    _look_over(wanted, {} if wanted.form_only and is_json else arguments)
    return wanted.run(Ask(slack, workspace, arguments, org_wide))


def _whose(slack: Ground, token: str, arguments: dict[str, Any]) -> tuple[Workspace | None, bool, Refused | None]:
    """The workspace that a call is about, whether its token is a whole organisation's, and why it is dead, if it is."""
    running_in = slack.executions.team_of(token)
    ours = next((one for one in slack.workspaces if token and (token == one.bot_token or one.id == running_in)), None)
    if ours is not None:
        return ours, False, None
    try:
        access = slack.grants.found(token, slack.now())
    except Refused as dead:
        return None, False, dead
    if access is None or not access.org_wide:
        return (access.workspace if access else None), False, None
    there = [one for one in slack.workspaces if access.is_for(one)]
    named = [one for one in there if one.id == arguments.get("team_id")]
    meant = {_channel(arguments), str(arguments.get("user", ""))}
    found = [one for one in there if meant & {*one.channels, *one.people}]
    return (named or found or there)[0], True, None


def _admit(slack: Ground, wanted: Method, workspace: Workspace | None, token: str, org_wide: bool) -> Workspace:
    if wanted.by_client:
        return slack.workspaces[0]
    if not token and workspace is None:
        raise Refused("not_authed")
    if token == slack.app_token:
        if not wanted.app_level:
            raise Refused("not_allowed_token_type")
        return slack.workspaces[0]
    if workspace is None:
        raise Refused("invalid_auth")
    if not workspace.installed and not (org_wide and wanted is METHODS["auth.test"]):
        raise Refused("team_access_not_granted" if org_wide else "account_inactive")
    if wanted.app_level:
        raise Refused("not_allowed_token_type")
    return workspace


def _look_over(wanted: Method, arguments: dict[str, Any]) -> None:
    findings = [
        f"missing required field: {name} [json-pointer:/{name}]"
        for name in wanted.needs
        if arguments.get(name) in (None, "")
    ]
    findings += [
        f"invalid additional property: {name} [json-pointer:/{name}]" for name in arguments if name not in wanted.takes
    ]
    if findings:
        raise Refused("invalid_arguments", findings)


def _arguments(query: str, body: bytes, content_type: str) -> tuple[dict[str, Any], bool]:
    arguments: dict[str, Any] = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    if content_type.startswith("application/json"):
        try:
            given = json.loads(body or b"{}")
        except ValueError:
            given = {}
        return arguments | (given if isinstance(given, dict) else {}), bool(given)
    form = urllib.parse.parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return arguments | dict(form), False


def _channel(arguments: dict[str, Any]) -> str:
    return str(arguments.get("channel", ""))


def _client(authorization: str) -> dict[str, str]:
    """The app's own id and secret, where it shows them instead of a token."""
    if not authorization.startswith("Basic "):
        return {}
    try:
        told = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, ValueError):
        return {}
    name, _, secret = told.partition(":")
    return {"client_id": name, "client_secret": secret}


def _without_secrets(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in SECRETS}


def _token(arguments: dict[str, Any], authorization: str) -> str:
    in_body = arguments.pop("token", "") or ""
    in_header = authorization.removeprefix("Bearer ").strip() if authorization.startswith("Bearer ") else ""
    return in_header or str(in_body)
