"""Someone asks what this is, and what becomes of their words: they take them along, or take them all back.

Tom:  /demand privacy
Bot:  What is kept … [Send me mine] [Delete mine]
Tom:  [Delete mine] → Delete them
Bot:  All 14 notes that you passed on are gone.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot import answering, picturing
from bot.asked import Asked
from bot.blocks import own_data
from bot.connection import Waits
from bot.conversations.home import Home, at_home
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from bot.notebook import Notebook
from digests.speech import _, plural

_PATIENCE = 20
"""How often each of many messages in a row is tried: Slack takes about one a second."""


class Owning:
    """Everyone's words stay their own."""

    def __init__(self, notebook: Notebook, home: Home, version: str) -> None:
        self.notebook = notebook
        self.home = home
        self.version = version

    def register(self, app: App) -> None:
        """The doors that lead here, beside the commands."""
        app.action(own_data.TAKE_ALONG)(guarded(self.take_along))
        app.action(own_data.DELETE)(guarded(self.delete))

    def about(self, asked: Asked) -> None:
        """What this is, and what it is not."""
        answering.say(asked.respond, **own_data.about(self.version))

    def privacy(self, asked: Asked) -> None:
        """What is kept, who sees it, and the two buttons."""
        answering.say(asked.respond, **own_data.privacy())

    def take_along(
        self, ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, respond: Respond
    ) -> None:
        """Everything a person passed on, as a file in their direct messages; where no file may go, as messages."""
        ack()
        person = str(context.user_id)
        own = self.notebook.everything_of(workspace_of(context), person)
        if not own:
            self._answer(body, context, client, respond, _("You have not passed anything on yet."))
            return
        content = json.dumps(own, ensure_ascii=False, indent=2)
        said = plural(
            len(own), "Here is the one note that you passed on.", "Here are the {n} notes that you passed on."
        )
        channel = client.chat_postMessage(channel=person, text=said)["channel"]
        try:
            client.files_upload_v2(channel=channel, content=content, filename="my-notes.json", title="my-notes.json")
        except (SlackClientError, HTTPError) as error:
            if not picturing.takes_no_files(error):
                raise
            client.retry_handlers = [Waits(at_most=_PATIENCE)]
            for text in own_data.in_messages(content):
                client.chat_postMessage(channel=person, text=text)
        self._answer(body, context, client, respond, _("They are on their way to you as a direct message."))

    def delete(self, ack: Ack, body: dict[str, Any], context: BoltContext, client: WebClient, respond: Respond) -> None:
        """Every note of theirs is taken back, for good; what others marked too stays, for them."""
        ack()
        gone, stay = self.notebook.forget_everything_of(workspace_of(context), str(context.user_id))
        told = []
        if gone:
            told.append(
                plural(gone, "The one note that you passed on is gone.", "All {n} notes that you passed on are gone.")
            )
        if stay:
            told.append(_("Where others marked the same message too, its words stay, for them."))
        self._answer(body, context, client, respond, " ".join(told) or _("There was nothing of yours to delete."))

    def _answer(
        self, body: dict[str, Any], context: BoltContext, client: WebClient, respond: Respond, said: str
    ) -> None:
        """Where they pressed: on the Home tab, which is drawn anew, or beside the message."""
        seen = at_home(body)
        if seen is not None:
            self.home.draw(client, workspace_of(context), str(context.user_id), seen=seen, said=said)
        else:
            answering.say(respond, text=said, replace_original=False)
