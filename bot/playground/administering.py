"""What an administrator, or life itself, does to a workspace: channels close, people leave, apps are removed."""

from __future__ import annotations

from typing import Any

from bot.playground.delivery import Answer
from bot.playground.ground import Ground
from bot.playground.workspace import Channel, Person, Workspace


class Administering(Ground):
    """Changes that come from outside a conversation, with the events that follow them."""

    def archive(self, channel: Channel) -> Answer | None:
        """Archives a channel."""
        return self._about(channel, "archive", is_archived=True)

    def unarchive(self, channel: Channel) -> Answer | None:
        """Brings an archived channel back."""
        return self._about(channel, "unarchive", is_archived=False)

    def rename(self, channel: Channel, name: str) -> Answer | None:
        """Gives a channel another name."""
        told = {"channel": {"id": channel.id, "name": name, "created": channel.created}}
        return self._about(channel, "rename", told, name=name)

    def make_private(self, channel: Channel) -> None:
        """Makes a public channel private."""
        with self.changing():
            channel.is_private = True

    def share_externally(self, channel: Channel) -> Answer | None:
        """Shares a channel with another organisation (Slack Connect)."""
        return self._shared(channel, True)

    def share_no_longer(self, channel: Channel) -> Answer | None:
        """The other organisation leaves the channel."""
        return self._shared(channel, False)

    def _shared(self, channel: Channel, is_shared: bool) -> Answer | None:
        """Slack names these events after channels, private ones as well."""
        with self.changing():
            channel.is_ext_shared = is_shared
        event = {"type": "channel_shared" if is_shared else "channel_unshared", "channel": channel.id}
        told = {"connected_team_id": "T0CONTRACTR"} if is_shared else {"previously_connected_team_id": "T0CONTRACTR"}
        return self.courier.event(self.workspace(channel.team_id), {**event, **told, "event_ts": self.next_ts()})

    def _about(self, channel: Channel, what: str, told: dict[str, Any] | None = None, **changes: Any) -> Answer | None:
        workspace = self.workspace(channel.team_id)
        with self.changing():
            for name, value in changes.items():
                setattr(channel, name, value)
        event = {"type": f"{channel.kind}_{what}", "channel": channel.id, "event_ts": self.next_ts()}
        return self.courier.event(workspace, event | (told or {}))

    def invite_bot(self, channel: Channel) -> Answer | None:
        """Adds the bot to a channel."""
        workspace = self.workspace(channel.team_id)
        with self.changing():
            channel.members.add(workspace.bot_user_id)
        event = {"type": "member_joined_channel", "user": workspace.bot_user_id, "channel": channel.id}
        kind = {"channel": "C", "group": "G", "im": "D"}[channel.kind]
        event |= {"channel_type": kind, "team": workspace.id, "event_ts": self.next_ts()}
        return self.courier.event(workspace, event)

    def remove_bot(self, channel: Channel) -> Answer | None:
        """Removes the bot from a channel."""
        with self.changing():
            channel.members.discard(self.workspace(channel.team_id).bot_user_id)
        return self._about(channel, "left")

    def welcome(self, person: Person) -> Answer | None:
        """Somebody new joins the organisation."""
        workspace = self.workspace(person.team_id)
        with self.changing():
            workspace.people[person.id] = person
        event = {"type": "team_join", "user": person.for_api(self.now()), "event_ts": self.next_ts()}
        return self.courier.event(workspace, event)

    def deactivate(self, person: Person | str) -> Answer | None:
        """Somebody leaves the organisation."""
        who = self.person(person)
        with self.changing():
            who.deleted = True
        event = {"type": "user_change", "user": who.for_api(self.now()), "event_ts": self.next_ts()}
        return self.courier.event(self.workspace_of(who), event)

    def uninstall(self, workspace: Workspace | None = None, *, tokens_first: bool = False) -> list[Answer | None]:
        """Removes the app from a workspace: its token is dead at once, and two events follow, in either order."""
        workspace = workspace or self.workspaces[0]
        with self.changing():
            self.grants.revoke([workspace], org_wide=workspace.org_install)
            for gone in self.workspaces if workspace.org_install else [workspace]:
                if gone is workspace or gone.enterprise_id == workspace.enterprise_id:
                    gone.installed = False
                    gone.homes.clear()
                    gone.modals.clear()
        events: list[dict[str, Any]] = [
            {"type": "app_uninstalled", "event_ts": self.next_ts()},
            {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot_user_id]}},
        ]
        if tokens_first:
            events.reverse()
        return [self.courier.event(workspace, {**event, "event_ts": self.next_ts()}) for event in events]

    def take_out(self, workspace: Workspace) -> Answer | None:
        """An organisation takes the app out of one of its workspaces: its token is good in the others alone."""
        with self.changing():
            workspace.installed = False
            workspace.homes.clear()
            workspace.modals.clear()
        event = {"type": "team_access_revoked", "team_ids": [workspace.id], "event_ts": self.next_ts()}
        return self.courier.event(workspace, event)

    def install(self, workspace: Workspace | None = None) -> None:
        """Installs the app again, with the same token."""
        with self.changing():
            (workspace or self.workspaces[0]).installed = True
