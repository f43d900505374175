"""What Slack does with the app's answer: shows its words, its errors, its next view; or says that it failed."""

from __future__ import annotations

from typing import Any

from bot.playground import checks, posting, replies, viewing
from bot.playground.calls import Call
from bot.playground.delivery import Answer
from bot.playground.ground import Ground
from bot.playground.refusals import Refused
from bot.playground.workspace import Channel, Person, View, Workspace


class Obeying(Ground):
    """Acknowledgements that carry something, and those that did not come."""

    def obey_words(
        self, answer: Answer, workspace: Workspace, who: Person, where: Channel, url: str, command: str
    ) -> None:
        """Shows what the app said in its acknowledgement, or Slack's own sentence when it did not come."""
        if answer.held:
            return
        if answer.error:
            words = f"{command} failed with the error “{answer.error}”"
            answer.shown = posting.post(self, workspace, where, {"text": words}, only_for=who.id)
            answer.shown.username = "Slackbot"
        elif answer.body.strip():
            said = answer.json or {"text": answer.body}
            try:
                answer.shown = replies.say(self, self.handles.response_urls[url], said)
            except Refused as refused:
                self._refuse("command", said, refused, workspace)
                answer.error = "dispatch_failed"

    def obey_view(self, answer: Answer, workspace: Workspace, who: Person, view: View) -> None:
        """Closes the form, shows its errors, or shows another; whatever else was said is trouble."""
        if answer.held:
            return
        try:
            if answer.error:
                raise Refused(answer.error)
            with self.changing():
                answer.shown = self._respond(answer, workspace, who, view)
        except Refused as refused:
            if not answer.error:
                self._refuse("view_submission", answer.json or {"body": answer.body}, refused, workspace)
            answer.error = refused.error
            with self.changing():
                view.trouble = "We had some trouble connecting. Try again?"

    def _respond(self, answer: Answer, workspace: Workspace, who: Person, view: View) -> View | None:
        said = answer.json
        if answer.body.strip() and not said and answer.body.strip() != "{}":
            raise Refused("invalid_response")
        match said.get("response_action"):
            case None if not said:
                viewing.close(self, workspace, view)
            case "clear":
                viewing.close_all(self, workspace, who)
            case "errors":
                view.errors = answer.errors = _errors(said.get("errors"), view)
                return view
            case "update":
                viewing.show(self, view, checks.view(said.get("view"), workspace, "modal"))
                return view
            case "push":
                if len(workspace.stack(who.id)) >= viewing.DEEPEST:
                    raise Refused("push_limit_reached")
                return viewing.push(self, workspace, who, checks.view(said.get("view"), workspace, "modal"))
            case _:
                raise Refused("invalid_response")
        return None

    def _refuse(self, what: str, said: dict[str, Any], refused: Refused, workspace: Workspace) -> None:
        """Keeps an answer that Slack could not use among the refused calls."""
        self.remember_call(Call(f"answer to {what}", said, refused.answer(), workspace.id, self.now()))


def _errors(said: Any, view: View) -> dict[str, str]:
    """The words for each field. Their keys must be block ids of input blocks that are there."""
    inputs = {block["block_id"] for block in view.blocks if block.get("type") == "input"}
    if not isinstance(said, dict) or not said or not set(said) <= inputs:
        raise Refused("invalid_errors")
    if not all(isinstance(words, str) and words for words in said.values()):
        raise Refused("invalid_errors")
    return dict(said)
