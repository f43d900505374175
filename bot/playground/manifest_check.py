"""What Slack would not take in a manifest: its schema, version 2, and what one part of it asks of another."""

from __future__ import annotations

from typing import Any

from bot.playground.delivery import SCOPES
from bot.playground.shapes import (
    Check,
    Findings,
    Shape,
    anything,
    boolean,
    find,
    listing,
    one_of,
    pattern,
    string,
    whole,
)

MOST_PARAMETERS = 50
PARAMETERS = (
    *("string", "boolean", "integer", "number", "array", "object"),
    *(f"slack#/types/{name}" for name in ("user_id", "channel_id", "usergroup_id", "timestamp", "date", "rich_text")),
)
"""The types that a step's inputs and outputs may have; Slack has some more, which belong to its own steps."""
WEB_ADDRESS = pattern(r"https://.{1,3000}", "a valid https URL")


def _named(of: Check, most: int) -> Check:
    """An object of at most so many things, each under a name of its own."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            find(findings, "must provide an object", at)
            return
        if len(value) > most:
            find(findings, f"no more than {most} items allowed", at)
        for name, content in value.items():
            string(255)(name, f"{at}/{name}", findings)
            of(content, f"{at}/{name}", findings)

    return check


def _name_is_its_own(parameters: Any, at: str, findings: Findings) -> None:
    for name, parameter in parameters.items():
        if isinstance(parameter, dict) and parameter.get("name", name) != name:
            find(findings, f"must be {name}", f"{at}/{name}/name")


_PARAMETER = Shape(
    {"type": one_of(*PARAMETERS), "title": string(255), "description": string(255)},
    {"name": string(255), "is_required": boolean, "hint": string(255)},
)


def _parameters(value: Any, at: str, findings: Findings) -> None:
    _named(_PARAMETER, MOST_PARAMETERS)(value, at, findings)
    if isinstance(value, dict):
        _name_is_its_own(value, at, findings)


_STEP = Shape(
    {
        "title": string(255),
        "description": string(255),
        "input_parameters": _parameters,
        "output_parameters": _parameters,
    }
)
_SHORTCUT = Shape(
    {
        "name": string(24),
        "type": one_of("global", "message"),
        "callback_id": string(255),
        "description": string(150),
    }
)
_COMMAND = Shape(
    {"command": pattern(r"/[a-z0-9_-]{1,31}", "a valid command"), "description": string(2000)},
    {"usage_hint": string(1000), "should_escape": boolean, "url": WEB_ADDRESS},
)
_SCOPES = Shape(
    {},
    dict.fromkeys(("bot", "user", "bot_optional", "user_optional"), listing(string(100), 255, 0)),
)
_EVENTS = Shape(
    {},
    {
        "bot_events": listing(string(100), 100, 0),
        "user_events": listing(string(100), 100, 0),
        "request_url": WEB_ADDRESS,
        "metadata_subscriptions": listing(anything, 20),
    },
)
_FEATURES = Shape(
    {},
    {
        "app_home": Shape(
            {},
            dict.fromkeys(("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"), boolean),
        ),
        "bot_user": Shape({"display_name": string(80)}, {"always_online": boolean}),
        "shortcuts": listing(_SHORTCUT, 10),
        "slash_commands": listing(_COMMAND, 50),
        "unfurl_domains": listing(string(255), 5),
        "agent_view": anything,
        "assistant_view": anything,
    },
)
_SETTINGS = Shape(
    {},
    {
        "allowed_ip_address_ranges": listing(string(50), 50),
        "event_subscriptions": _EVENTS,
        "incoming_webhooks": Shape({}, {"incoming_webhooks_enabled": boolean}),
        "interactivity": Shape(
            {"is_enabled": boolean}, {"request_url": WEB_ADDRESS, "message_menu_options_url": WEB_ADDRESS}
        ),
        "org_deploy_enabled": boolean,
        "socket_mode_enabled": boolean,
        "token_rotation_enabled": boolean,
        "function_runtime": one_of("remote", "slack"),
    },
)


def _fits_together(manifest: Any, at: str, findings: Findings) -> None:
    """One part asks something of another: an event needs its scope, a command the bot's leave to have commands."""
    settings, features = manifest.get("settings", {}), manifest.get("features", {})
    scopes = manifest.get("oauth_config", {}).get("scopes", {})
    granted = {*scopes.get("bot", []), *scopes.get("bot_optional", [])}
    events = settings.get("event_subscriptions", {}).get("bot_events", [])
    for event in events:
        if missing := SCOPES.get(event, frozenset()) - granted:
            find(
                findings, f"{event} requires scopes: {', '.join(sorted(missing))}", f"{at}/settings/event_subscriptions"
            )
    if (features.get("slash_commands") or features.get("shortcuts")) and "commands" not in granted:
        find(findings, "requires scopes: commands", f"{at}/features")
    if granted and not features.get("bot_user"):
        find(findings, "missing required field: bot_user", f"{at}/features")
    if manifest.get("functions"):
        if settings.get("function_runtime") is None:
            find(findings, "missing required field: function_runtime", f"{at}/settings")
        if "function_executed" not in events:
            find(findings, "functions require the event function_executed", f"{at}/settings/event_subscriptions")
        if not settings.get("org_deploy_enabled"):
            find(findings, "functions require org_deploy_enabled", f"{at}/settings")


MANIFEST = Shape(
    {
        "display_information": Shape(
            {"name": string(35)},
            {
                "description": string(140),
                "long_description": string(4000, 175),
                "background_color": pattern(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", "a valid hex color"),
            },
        )
    },
    {
        "_metadata": Shape({}, {"major_version": whole(1, 2), "minor_version": whole(0, 1)}),
        "features": _FEATURES,
        "oauth_config": Shape(
            {},
            {
                "redirect_urls": listing(WEB_ADDRESS, 1000),
                "scopes": _SCOPES,
                "token_management_enabled": boolean,
            },
        ),
        "settings": _SETTINGS,
        "functions": _named(_STEP, 100),
    },
    also=(_fits_together,),
)


def problems(manifest: Any) -> Findings:
    """Everything that Slack would say against a manifest; nothing, if it would take it.

    The limits are those of https://docs.slack.dev/reference/app-manifest.
    """
    findings: Findings = []
    MANIFEST(manifest, "", findings)
    return findings
