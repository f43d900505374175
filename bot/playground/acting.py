"""What a person does: types, presses, picks, fills in. Each act is a delivery to the app; its answer is obeyed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from bot.playground import controls, payloads, posting, typing_in, viewing, workflows
from bot.playground.controls import NotShown
from bot.playground.delivery import Answer
from bot.playground.obeying import Obeying
from bot.playground.sight import Sight
from bot.playground.workflows import Execution
from bot.playground.workspace import Channel, Message, Person, View, Workspace

Who = Person | str
Where = Channel | str | None


class Acting(Obeying):
    """People acting, one at a time or from many threads."""

    def sees(self, person: Who, channel: Where = None) -> Sight:
        """What somebody sees: the messages of a channel with their own ephemerals, their modals, their Home tab."""
        who = self.person(person)
        where = self.channel(channel, who)
        workspace = self.workspace_of(who)
        with self.state:
            messages = [m for m in workspace.in_channel(where.id) if m.only_for in (None, who.id)]
            return Sight(
                messages if _may_read(who, where) else [], list(workspace.stack(who.id)), workspace.homes.get(who.id)
            )

    # -- words -------------------------------------------------------------------------------------------------

    def command(self, person: Who, command: str, text: str = "", *, channel: Where = "#general") -> Answer:
        """Somebody types a slash command. The bot need not be in that channel.

        Raises:
            NotShown: when the manifest does not offer this command.
        """
        who = self.person(person)
        where, workspace = self.channel(channel, who), self.workspace_of(who)
        known = self.manifest.commands
        if known is not None and command not in known:
            raise NotShown(f"There is no command {command} here. There are: {', '.join(sorted(known)) or 'none'}.")
        if not _may_read(who, where):
            raise NotShown(f"{who.name} is not in {where.name}.")
        words = typing_in.escaped(text.strip())
        if known is not None and known[command]:
            words = typing_in.with_mentions(words, workspace)
        with self.state:
            url = self.handles.response_url("commands", workspace, who, where, self.now())
            fields = payloads.command(workspace, who, where, command, words)
            fields |= {
                "response_url": self.base_url + url,
                "trigger_id": self.handles.trigger(workspace, who, self.now(), channel=where),
            }
        answer = self.courier.bring("command", workspace, fields, takes_payload=True)
        self.obey_words(answer, workspace, who, where, url, command)
        return answer

    def message(self, person: Who, text: str, channel: Where = None, *, thread_ts: str | None = None) -> Answer:
        """Somebody writes in a channel, or (by default) to the bot. `answer.shown` is the message.

        The app hears of it as `message.*` or `app_mention`, or both, where it is a member and has subscribed.
        """
        who = self.person(person)
        where, workspace = self.channel(channel, who), self.workspace_of(who)
        if where.is_archived or who.id not in where.members:
            raise NotShown(f"{who.name} cannot write in {where.name}.")
        words = typing_in.with_links(typing_in.with_mentions(typing_in.escaped(text), workspace))
        message = posting.post(self, workspace, where, {"text": words}, thread_ts=thread_ts, author=who.id)
        return self._tell(workspace, where, message)

    def _tell(self, workspace: Workspace, where: Channel, message: Message) -> Answer:
        answer = Answer(None, None, shown=message)
        if workspace.bot_user_id not in where.members:
            return answer
        event = {**posting.event_of(workspace, where, message), "client_msg_id": str(uuid.uuid4())}
        writer = workspace.people.get(message.author)
        if writer is not None and writer.home_team_id:
            event |= {"user_team": writer.home_team_id, "source_team": writer.home_team_id}
        told = [self.courier.event(workspace, event)]
        if f"<@{workspace.bot_user_id}>" in message.text and where.kind != "im":
            mention = {name: value for name, value in event.items() if name not in ("channel_type", "metadata")}
            told.append(self.courier.event(workspace, {**mention, "type": "app_mention"}))
        for one in told:
            if one is not None:
                answer = one
        answer.shown = message
        return answer

    def edit(self, person: Who, message: Message, text: str) -> Answer:
        """Somebody changes a message of theirs."""
        who = self.person(person)
        workspace, where = self._place_of(who, message)
        if message.author != who.id:
            raise NotShown("People can only edit their own messages.")
        before = message.for_api(workspace)
        with self.changing():
            message.text = typing_in.with_links(typing_in.with_mentions(typing_in.escaped(text), workspace))
            message.edited_ts = self.next_ts()
        event = posting.event_of_change(self, workspace, where, message, before)
        return self._event(workspace, where, event, message)

    def delete(self, person: Who, message: Message) -> Answer:
        """Somebody deletes a message of theirs."""
        who = self.person(person)
        workspace, where = self._place_of(who, message)
        if message.author != who.id:
            raise NotShown("People can only delete their own messages.")
        with self.changing():
            workspace.in_channel(where.id).remove(message)
        return self._event(workspace, where, posting.event_of_deletion(self, workspace, where, message), message)

    def react(self, person: Who, message: Message, name: str, *, remove: bool = False) -> Answer:
        """Somebody adds an emoji to a message, or takes theirs away; `name` is without colons."""
        who = self.person(person)
        workspace, where = self._place_of(who, message)
        with self.changing():
            people = message.reactions.setdefault(name, [])
            if remove == (who.id not in people):
                raise NotShown(f"{who.name} has {'no such' if remove else 'that'} reaction there already.")
            people.remove(who.id) if remove else people.append(who.id)
            if not people:
                del message.reactions[name]
        event = {
            "type": "reaction_removed" if remove else "reaction_added",
            "user": who.id,
            "reaction": name,
            "item": {"type": "message", "channel": where.id, "ts": message.ts},
            "item_user": message.author,
            "event_ts": self.next_ts(),
        }
        return self._event(workspace, where, event, message)

    def _event(self, workspace: Workspace, where: Channel, event: dict[str, Any], shown: Message) -> Answer:
        told = self.courier.event(workspace, event) if workspace.bot_user_id in where.members else None
        answer = told or Answer(None, None)
        answer.shown = shown
        return answer

    # -- buttons and menus -------------------------------------------------------------------------------------

    def press(
        self,
        person: Who,
        on: Message | View,
        action: str,
        value: Any = None,
        *,
        selected_option: Any = None,
        block_id: str | None = None,
    ) -> Answer:
        """Somebody presses a button or picks from a menu, named by its action id or by the words on it.

        For a button, `value` tells it from others of the same name; for menus and pickers it is what they pick, an
        option's value or its words.

        Raises:
            NotShown: when it is not there to be pressed.
        """
        who = self.person(person)
        workspace = self.workspace_of(who)
        picked = selected_option if selected_option is not None else value
        with self.changing():
            self._must_see(who, workspace, on)
            block, element = controls.find(on.blocks, action, value=picked, block_id=block_id)
            pressed = self._pick(who, on, block, element, picked)
            payload = payloads.block_actions(self, workspace, who, on, pressed)
        return self.courier.bring("interaction", workspace, payload)

    def _pick(
        self, who: Person, on: Message | View, block: dict[str, Any], element: dict[str, Any], picked: Any
    ) -> dict[str, Any]:
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        if element["type"] in ("button", "icon_button"):
            action |= {name: element[name] for name in ("text", "value", "style") if name in element}
        elif element["type"] in ("overflow", "feedback_buttons"):
            action |= controls.chosen(element, picked)
        else:
            state = controls.chosen(element, picked)
            if element["type"] != "plain_text_input" and element.get("placeholder"):
                action["placeholder"] = element["placeholder"]
            action |= state
            values = on.values if isinstance(on, View) else on.chosen.setdefault(who.id, {})
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
        return {**action, "action_ts": self.next_ts()}

    def _must_see(self, who: Person, workspace: Workspace, on: Message | View) -> None:
        if isinstance(on, View):
            if workspace.homes.get(who.id) is not on and on not in workspace.stack(who.id)[-1:]:
                raise NotShown(f"{who.name} does not have that view in front of them.")
        elif on not in workspace.in_channel(on.channel) or on.only_for not in (None, who.id):
            raise NotShown(f"{who.name} does not see that message.")

    def options(self, person: Who, on: Message | View, action: str, typed: str) -> list[dict[str, Any]]:
        """Somebody types into a menu whose options the app provides; the options that come back."""
        who = self.person(person)
        workspace = self.workspace_of(who)
        with self.state:
            self._must_see(who, workspace, on)
            block, element = controls.find(on.blocks, action)
            payload = payloads.block_suggestion(self, workspace, who, on, block, element, typed)
        answer = self.courier.bring("interaction", workspace, payload, takes_payload=True)
        groups = answer.json.get("option_groups") or [{"options": answer.json.get("options", [])}]
        return [option for group in groups for option in group.get("options", [])]

    # -- forms -------------------------------------------------------------------------------------------------

    def fill(self, person: Who, view: View, values: Mapping[str, Any]) -> None:
        """Somebody fills in fields, named by block id, action id or label, and does not send them yet."""
        who = self.person(person)
        with self.changing():
            self._must_see(who, self.workspace_of(who), view)
            for name, value in values.items():
                block, element = typing_in.field_called(view.blocks, name)
                view.values[block["block_id"]][element["action_id"]] = controls.chosen(element, value)

    def fill_all(self, person: Who, view: View, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Somebody fills in fields, named by block id and action id both, as the page knows them."""
        who = self.person(person)
        with self.changing():
            self._must_see(who, self.workspace_of(who), view)
            for block, element in controls.on(view.blocks):
                typed = values.get(block["block_id"], {})
                if element["action_id"] in typed:
                    state = controls.chosen(element, typed[element["action_id"]])
                    view.values.setdefault(block["block_id"], {})[element["action_id"]] = state

    def submit(self, person: Who, view: View, values: Mapping[str, Any] | None = None) -> Answer:
        """Somebody fills in a form and sends it; then the form does what the app says.

        What Slack's own client refuses to send (an empty required field) is in `answer.errors`, and nothing is sent.

        Raises:
            NotShown: when the form has no such field, or cannot be sent.
        """
        who = self.person(person)
        workspace = self.workspace_of(who)
        self.fill(who, view, values or {})
        with self.changing():
            if not view.content.get("submit"):
                raise NotShown("That view has no button to send it.")
            view.errors, view.trouble = controls.complaints(view.blocks, view.values), None
            if view.errors:
                return Answer(None, None, errors=view.errors, shown=view)
            payload = payloads.view_submission(self, workspace, who, view)
        answer = self.courier.bring("interaction", workspace, payload, takes_payload=True)
        self.obey_view(answer, workspace, who, view)
        return answer

    def close(self, person: Who, view: View, *, all_of_them: bool = False) -> Answer:
        """Somebody closes a modal without sending it, or all of them at once."""
        who = self.person(person)
        workspace = self.workspace_of(who)
        with self.changing():
            self._must_see(who, workspace, view)
            closing = list(reversed(workspace.stack(who.id))) if all_of_them or _clears(view) else [view]
            told = [payloads.view_closed(workspace, who, one, all_of_them) for one in closing if _tells(one)]
            for one in closing:
                viewing.close(self, workspace, one)
        answer = Answer(None, 200)
        for payload in told:
            answer = self.courier.bring("interaction", workspace, payload)
        return answer

    # -- shortcuts and tabs ------------------------------------------------------------------------------------

    def shortcut(self, person: Who, callback_id: str, message: Message | None = None) -> Answer:
        """Somebody uses a shortcut: on a message, or without one a global one.

        Raises:
            NotShown: when the manifest offers no such shortcut, or the message is not theirs to see.
        """
        who = self.person(person)
        workspace = self.workspace_of(who)
        kind = "message" if message else "global"
        known = self.manifest.shortcuts
        if known is not None and known.get(callback_id) != kind:
            raise NotShown(f"There is no {kind} shortcut {callback_id!r}. The manifest offers: {known}")
        with self.changing():
            if message is not None:
                self._must_see(who, workspace, message)
                if message.only_for:
                    raise NotShown("Messages that only one person sees have no shortcuts.")
            payload = payloads.shortcut(self, workspace, who, callback_id, message)
        return self.courier.bring("interaction", workspace, payload)

    def run_step(self, person: Who, callback_id: str, inputs: Mapping[str, Any]) -> Execution:
        """Somebody runs a workflow that consists of one step of the app's. How it ended is in what comes back.

        Raises:
            NotShown: when the manifest offers no such step, or an input is missing or of another type.
        """
        who = self.person(person)
        workspace = self.workspace_of(who)
        step = next((one for one in self.manifest.steps if one.callback_id == callback_id), None)
        if step is None:
            raise NotShown(f"There is no step {callback_id!r}.")
        if findings := workflows.check(dict(inputs), step.inputs, "/inputs"):
            raise NotShown(f"Slack would not run it: {'; '.join(findings)}")
        with self.changing():
            execution = self.executions.begin(step, inputs, team_id=workspace.id, person=who.id)
        event = workflows.event_of(execution, app_id=workspace.app_id, event_ts=self.next_ts())
        self.courier.event(workspace, event)
        return execution

    def open_home(self, person: Who) -> Answer:
        """Somebody opens the app's Home tab."""
        return self._open_tab(person, "home")

    def open_messages(self, person: Who) -> Answer:
        """Somebody opens the app's Messages tab; the event has the same name, and another `tab`."""
        return self._open_tab(person, "messages")

    def _open_tab(self, person: Who, tab: str) -> Answer:
        who = self.person(person)
        if tab == "home" and not self.manifest.home_tab:
            raise NotShown("The manifest does not give the app a Home tab.")
        workspace = self.workspace_of(who)
        with self.state:
            channel = workspace.direct_message(who, self.now())
            event: dict[str, Any] = {"type": "app_home_opened", "user": who.id, "channel": channel.id, "tab": tab}
            event["event_ts"] = self.next_ts()
            home = workspace.homes.get(who.id)
            if home is not None and tab == "home":
                event["view"] = home.for_api(workspace)
        return self.courier.event(workspace, event) or Answer(None, None)

    def _place_of(self, who: Person, message: Message) -> tuple[Workspace, Channel]:
        workspace = self.workspace_of(who)
        self._must_see(who, workspace, message)
        return workspace, workspace.channels[message.channel]


def _may_read(who: Person, where: Channel) -> bool:
    """Public channels are open to all but guests; the others to those who are in them."""
    return who.id in where.members or (where.kind == "channel" and not who.is_restricted)


def _tells(view: View) -> bool:
    return bool(view.content.get("notify_on_close"))


def _clears(view: View) -> bool:
    return bool(view.content.get("clear_on_close"))
