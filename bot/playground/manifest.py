"""What the app's manifest says: scopes, commands, shortcuts, events. What it leaves out does not reach the app."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.playground import manifest_check

OURS = Path(__file__).parent.parent / "manifest.json"
USUAL_SCOPES = frozenset(
    {"commands", "chat:write", "app_mentions:read", "im:history", "im:write", "reactions:read", "files:write"}
    | {"users:read", "channels:read", "groups:read", "team:read"}
)
USUAL_EVENTS = frozenset(
    {"app_home_opened", "app_mention", "message.im", "reaction_added", "reaction_removed", "member_joined_channel"}
    | {
        "app_uninstalled",
        "tokens_revoked",
        "team_access_revoked",
        "user_change",
        "function_executed",
        "group_archive",
        "group_left",
    }
    | {"channel_archive", "channel_unarchive", "channel_rename", "channel_deleted", "channel_left"}
)


@dataclass(frozen=True)
class Parameter:
    """Something that a step of a workflow takes or gives."""

    name: str
    type: str
    title: str
    description: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class Step:
    """A step that the app offers to workflows; the manifest calls it a function."""

    callback_id: str
    title: str
    description: str
    inputs: tuple[Parameter, ...] = ()
    outputs: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The parts of a manifest that decide what Slack lets through. `None` lets everything through."""

    scopes: frozenset[str] = USUAL_SCOPES
    events: frozenset[str] = USUAL_EVENTS
    home_tab: bool = True
    messages_tab: bool = True
    commands: dict[str, bool] | None = None
    """Each command, and whether mentions in it arrive as ids (`should_escape`)."""
    shortcuts: dict[str, str] | None = None
    """Each shortcut's callback id, and its type: `global` or `message`."""
    hints: tuple[tuple[str, str], ...] = ()
    """Each command with its usage hint."""
    shortcut_names: tuple[tuple[str, str, str], ...] = ()
    """Name, callback id and type, in the order in which a menu shows them."""
    steps: tuple[Step, ...] = ()


def read(source: Path | dict[str, Any] | None = None) -> Manifest:
    """Reads a manifest: a file, a dictionary, or by default our own `bot/manifest.json` if it is there.

    A dictionary may be a part of one, as tests need it; a file must be one that Slack would take.

    Raises:
        ValueError: it would not.
    """
    if source is None:
        if not OURS.exists():
            return Manifest()
        source = OURS
    body: dict[str, Any] = json.loads(source.read_text("utf-8")) if isinstance(source, Path) else source
    if isinstance(source, Path) and (wrong := manifest_check.problems(body)):
        raise ValueError("\n".join([f"Slack would not take {source}:", *wrong]))
    features = body.get("features", {})
    tabs = features.get("app_home", {"home_tab_enabled": True})
    scopes = body.get("oauth_config", {}).get("scopes", {})
    commands, shortcuts = features.get("slash_commands", []), features.get("shortcuts", [])
    return Manifest(
        scopes=frozenset(scopes.get("bot", [])) | frozenset(scopes.get("bot_optional", [])),
        events=frozenset(body.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=bool(tabs.get("home_tab_enabled")),
        messages_tab=bool(tabs.get("messages_tab_enabled", True)),
        commands={one["command"]: bool(one.get("should_escape")) for one in commands},
        hints=tuple((one["command"], one.get("usage_hint") or one.get("description", "")) for one in commands),
        shortcuts={one["callback_id"]: one["type"] for one in shortcuts},
        shortcut_names=tuple((one["name"], one["callback_id"], one["type"]) for one in shortcuts),
        steps=tuple(_step(callback_id, one) for callback_id, one in body.get("functions", {}).items()),
    )


def _step(callback_id: str, said: dict[str, Any]) -> Step:
    return Step(
        callback_id,
        said["title"],
        said["description"],
        inputs=_parameters(said["input_parameters"]),
        outputs=_parameters(said["output_parameters"]),
    )


def _parameters(said: dict[str, Any]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(name, one["type"], one["title"], one.get("description", ""), bool(one.get("is_required")))
        for name, one in said.items()
    )
