"""What a workspace holds: people, channels, messages, views, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.playground import controls

GROUNDSWELL = "Groundswell"


@dataclass(eq=False)
class Person:
    """Somebody in the workspace. `id` is unique within the team, and in that alone."""

    id: str
    name: str
    team_id: str
    title: str = ""
    tz: str = "Europe/London"
    is_admin: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    """A guest of one channel; Slack calls these restricted as well."""
    is_stranger: bool = False
    deleted: bool = False
    home_team_id: str | None = None
    """Another company's team, for people who come in by Slack Connect."""

    def for_api(self, now: datetime) -> dict[str, Any]:
        """The user object of `users.info`."""
        here = now.astimezone(ZoneInfo(self.tz))
        offset = here.utcoffset() or timedelta()
        return {
            "id": self.id,
            "team_id": self.home_team_id or self.team_id,
            "name": self.name.lower(),
            "real_name": self.name,
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": here.tzname(),
            "tz_offset": int(offset.total_seconds()),
            "profile": {"real_name": self.name, "display_name": self.name, "title": self.title},
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
            "is_bot": False,
            "is_app_user": False,
            "is_stranger": self.is_stranger,
            "updated": 0,
        }


@dataclass(eq=False)
class Channel:
    """A channel or a direct message, and who is in it. A direct message has `with_person` set."""

    id: str
    name: str
    team_id: str
    members: set[str] = field(default_factory=set)
    is_private: bool = False
    is_archived: bool = False
    is_ext_shared: bool = False
    with_person: str | None = None
    created: int = 0

    @property
    def kind(self) -> str:
        """`im`, `group` or `channel`, as events say it."""
        if self.with_person:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def name_in_commands(self) -> str:
        """What a slash command calls this channel."""
        return {"im": "directmessage", "group": "privategroup", "channel": self.name}[self.kind]

    def scope(self, what: str) -> str:
        """The scope needed to see this channel: `channels:read`, `groups:history`, `im:read`."""
        return {"im": "im", "group": "groups", "channel": "channels"}[self.kind] + f":{what}"

    def for_api(self, bot_user_id: str) -> dict[str, Any]:
        """The conversation object of `conversations.info`."""
        shared = {"id": self.id, "created": self.created, "is_archived": self.is_archived, "is_im": self.kind == "im"}
        if self.with_person:
            return {**shared, "user": self.with_person, "is_open": True, "is_org_shared": False}
        return {
            **shared,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_private": self.is_private,
            "is_mpim": False,
            "is_general": self.name == "general",
            "is_member": bot_user_id in self.members,
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_org_shared": False,
            "is_pending_ext_shared": False,
            "context_team_id": self.team_id,
            "num_members": len(self.members),
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass(eq=False)
class Message:
    """A message as it stands now. `only_for` is set on ephemerals: the one person who sees it."""

    ts: str
    channel: str
    author: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    by_bot: bool = False
    only_for: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    edited_ts: str | None = None
    metadata: dict[str, Any] | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    username: str | None = None
    chosen: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each person has picked in the message's own selects: person id, then state values."""

    @property
    def words(self) -> str:
        """Everything a reader sees in it: the text of its blocks, or its text where it has none."""
        return controls.words(self.blocks) if self.blocks else self.text

    @property
    def controls(self) -> list[dict[str, Any]]:
        """What may be pressed or picked on it, each with its `block_id`."""
        return [{**element, "block_id": block["block_id"]} for block, element in controls.on(self.blocks)]

    @property
    def alive(self) -> list[str]:
        """What would come alive in it: mentions, broadcasts and links, as they are written between < and >."""
        return controls.alive(self.text, self.blocks)

    @property
    def in_thread(self) -> bool:
        """Whether it is a reply that the channel itself does not show."""
        return self.thread_ts not in (None, self.ts) and self.subtype != "thread_broadcast"

    def for_api(self, workspace: Workspace) -> dict[str, Any]:
        """The message object of the Web API and of events."""
        body: dict[str, Any] = {"type": "message", "user": self.author, "text": self.text, "ts": self.ts}
        body["team"] = workspace.id
        if self.by_bot:
            body |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
        if self.blocks:
            body["blocks"] = self.blocks
        if self.edited_ts:
            body["edited"] = {"user": self.author, "ts": self.edited_ts}
        if self.reactions:
            body["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        for name in ("thread_ts", "subtype", "metadata", "files", "attachments", "username"):
            if value := getattr(self, name):
                body[name] = value
        return body


@dataclass(eq=False)
class View:
    """A modal or a Home tab as one person has it open, with what they have filled in so far."""

    id: str
    team_id: str
    person: str
    content: dict[str, Any]
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str | None = None
    is_open: bool = True

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The blocks it shows now."""
        return list(self.content.get("blocks", []))

    @property
    def title(self) -> str:
        """The words at its top."""
        return str(self.content.get("title", {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """The name the app gave it."""
        return str(self.content.get("callback_id", ""))

    @property
    def words(self) -> str:
        """Everything a reader sees in it."""
        return "\n".join(part for part in (self.title, controls.words(self.blocks)) if part)

    @property
    def controls(self) -> list[dict[str, Any]]:
        """What may be pressed, picked or filled in, each with its `block_id`."""
        return [{**element, "block_id": block["block_id"]} for block, element in controls.on(self.blocks)]

    def show(self, content: dict[str, Any], new_hash: str) -> None:
        """Shows other content; what was filled in stays where block and action are the same as before."""
        before = self.values
        self.content, self.hash, self.errors, self.trouble = content, new_hash, {}, None
        self.values = controls.initial_values(self.blocks)
        for block_id, actions in self.values.items():
            for action_id, value in actions.items():
                kept = before.get(block_id, {}).get(action_id)
                if kept is not None and kept["type"] == value["type"]:
                    actions[action_id] = kept

    def for_api(self, workspace: Workspace) -> dict[str, Any]:
        """The view object of the Web API and of interaction payloads."""
        shown: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team_id,
            "callback_id": "",
            "private_metadata": "",
            "title": None,
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "external_id": "",
            **self.content,
            "state": {"values": self.values},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": workspace.app_id,
            "app_installed_team_id": workspace.enterprise_id if workspace.org_install else self.team_id,
            "bot_id": workspace.bot_id,
        }
        return shown


@dataclass(eq=False)
class File:
    """An uploaded file. It is `posted` once its upload was completed."""

    id: str
    name: str
    length: int
    owner: str
    title: str = ""
    alt_text: str = ""
    content: bytes | None = None
    posted: bool = False
    created: int = 0

    def for_api(self, base_url: str) -> dict[str, Any]:
        """The file object of the Web API."""
        kind = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "binary"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "alt_txt": self.alt_text,
            "filetype": kind,
            "mimetype": {"png": "image/png", "jpg": "image/jpeg", "csv": "text/csv"}.get(
                kind, "application/octet-stream"
            ),
            "size": self.length,
            "user": self.owner,
            "url_private": f"{base_url}/files-pri/{self.id}/{self.name}",
            "permalink": f"{base_url}/files/{self.id}",
        }


@dataclass(eq=False)
class Workspace:
    """One team with our app installed in it."""

    id: str
    name: str
    domain: str
    bot_token: str
    app_id: str = "A0GROUNDSW"
    bot_id: str = "B0GROUNDSW"
    bot_user_id: str = "U0GROUNDSW"
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, list[Message]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    read_up_to: dict[tuple[str, str], str] = field(default_factory=dict)
    """The last message each person has seen in each channel: `(person, channel)` to `ts`."""
    scopes: frozenset[str] = frozenset()
    installed: bool = True
    enterprise_id: str | None = None
    enterprise_name: str = ""
    org_install: bool = False
    """Whether the app is here because the whole organisation has installed it (Enterprise Grid)."""

    def direct_message(self, person: Person, now: datetime) -> Channel:
        """The conversation between a person and the bot; it is opened when it is first needed."""
        channel_id = f"D{person.id[1:]}"
        if channel_id not in self.channels:
            members = {person.id, self.bot_user_id}
            self.channels[channel_id] = Channel(
                channel_id, GROUNDSWELL, self.id, members, with_person=person.id, created=int(now.timestamp())
            )
        return self.channels[channel_id]

    def in_channel(self, channel_id: str) -> list[Message]:
        """All its messages, ephemerals included, oldest first."""
        return self.messages.setdefault(channel_id, [])

    def message(self, channel_id: str, ts: str) -> Message | None:
        """The message that everybody sees under this `ts`; ephemerals cannot be found so."""
        return next((m for m in self.in_channel(channel_id) if m.ts == ts and m.only_for is None), None)

    def view(self, view_id: str) -> View | None:
        """An open modal or a Home tab, by its id."""
        everything = [*self.homes.values(), *(view for stack in self.modals.values() for view in stack)]
        return next((view for view in everything if view.id == view_id), None)

    def stack(self, person_id: str) -> list[View]:
        """The modals a person has open, the top one last."""
        return self.modals.setdefault(person_id, [])
