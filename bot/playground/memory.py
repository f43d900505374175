"""Yesterday's messages: the workspace in a small file in the home folder, so that a restart finds it as it was.

Ephemerals, open modals and short-lived handles are not kept; Slack forgets them too.
"""

from __future__ import annotations

import atexit
import dataclasses
import json
import threading
from pathlib import Path
from typing import Any

from bot.playground.ground import Ground
from bot.playground.workspace import Channel, File, Message, View, Workspace

SETTLES_AFTER = 0.5
"""Seconds between a change and its writing; what changes meanwhile is written with it."""
KEPT_IN_A_CHANNEL = 500
KEPT_FILES = 100
FORMAT = 1


class Memory:
    """Writes the state of a little Slack to a file after it has changed, and reads it at the start.

    Files that were uploaded lie in a folder of the same name beside it.
    """

    def __init__(self, slack: Ground, path: Path) -> None:
        self._slack = slack
        self._path = path
        self._files = path.with_suffix(".files")
        self._written_files: set[str] = set()
        self._timer: threading.Timer | None = None
        self._stopped = False
        self._guard = threading.Lock()
        self._writing = threading.Lock()

    def start(self) -> None:
        """Reads what is there and begins to follow the changes. A file that cannot be read is put aside."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            kept = json.loads(self._path.read_text("utf-8"))
            self._restore(kept)
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):
            self._path.replace(self._path.with_suffix(".unreadable"))
        self._slack.watchers.append(self._soon)
        atexit.register(self.stop)

    def stop(self) -> None:
        """Writes what is not written yet and follows no more."""
        if self._soon in self._slack.watchers:
            self._slack.watchers.remove(self._soon)
        with self._guard:
            if self._timer is not None:
                self._timer.cancel()
        self.write()
        with self._writing:
            self._stopped = True
        atexit.unregister(self.stop)

    def _soon(self) -> None:
        with self._guard:
            if self._timer is None:
                self._timer = threading.Timer(SETTLES_AFTER, self._now)
                self._timer.daemon = True
                self._timer.start()

    def _now(self) -> None:
        with self._guard:
            self._timer = None
        self.write()

    def write(self) -> None:
        """Writes everything, first beside the file and then in its place, so that it is never half written."""
        with self._writing:
            if self._stopped:
                return
            with self._slack.state:
                kept = {
                    "format": FORMAT,
                    "last_ts": self._slack.last_ts,
                    "workspaces": {one.id: _told(one) for one in self._slack.workspaces},
                }
                files = [file for one in self._slack.workspaces for file in _files(one)]
                words = json.dumps(kept, ensure_ascii=False)
            for file in files:
                self._keep_file(file)
            beside = self._path.with_suffix(".new")
            beside.write_text(words, "utf-8")
            beside.replace(self._path)

    def _keep_file(self, file: File) -> None:
        if file.content is not None and file.id not in self._written_files:
            self._files.mkdir(exist_ok=True)
            (self._files / file.id).write_bytes(file.content)
            self._written_files.add(file.id)

    def _restore(self, kept: dict[str, Any]) -> None:
        if kept["format"] != FORMAT:
            raise ValueError("another format")
        told = {one.id: kept["workspaces"][one.id] for one in self._slack.workspaces if one.id in kept["workspaces"]}
        restored = {team_id: _read(workspace) for team_id, workspace in told.items()}
        with self._slack.changing():
            self._slack.last_ts = max(self._slack.last_ts, int(kept["last_ts"]))
            for workspace in self._slack.workspaces:
                if workspace.id in restored:
                    channels, messages, homes, files, read_up_to = restored[workspace.id]
                    workspace.channels |= channels
                    workspace.messages |= messages
                    workspace.homes |= homes
                    workspace.files |= {file.id: file for file in files if self._found(file)}
                    workspace.read_up_to |= read_up_to

    def _found(self, file: File) -> bool:
        where = self._files / file.id
        if where.is_file():
            file.content = where.read_bytes()
            self._written_files.add(file.id)
        return file.content is not None


def _files(workspace: Workspace) -> list[File]:
    return [file for file in workspace.files.values() if file.posted][-KEPT_FILES:]


def _told(workspace: Workspace) -> dict[str, Any]:
    return {
        "channels": [_plain(channel) | {"members": sorted(channel.members)} for channel in workspace.channels.values()],
        "messages": {
            channel_id: [_plain(message) for message in messages if message.only_for is None][-KEPT_IN_A_CHANNEL:]
            for channel_id, messages in workspace.messages.items()
        },
        "homes": [_plain(home) for home in workspace.homes.values()],
        "files": [_plain(file, without="content") for file in _files(workspace)],
        "read_up_to": [[*where, ts] for where, ts in workspace.read_up_to.items()],
    }


def _plain(thing: Any, without: str = "") -> dict[str, Any]:
    return {f.name: getattr(thing, f.name) for f in dataclasses.fields(thing) if f.name != without}


def _read(
    told: dict[str, Any],
) -> tuple[dict[str, Channel], dict[str, list[Message]], dict[str, View], list[File], dict[tuple[str, str], str]]:
    channels = [Channel(**{**one, "members": set(one["members"])}) for one in told["channels"]]
    homes = [View(**one) for one in told["homes"]]
    return (
        {channel.id: channel for channel in channels},
        {channel_id: [Message(**one) for one in messages] for channel_id, messages in told["messages"].items()},
        {home.person: home for home in homes},
        [File(**one) for one in told["files"]],
        {(person, channel): ts for person, channel, ts in told["read_up_to"]},
    )
