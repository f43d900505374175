"""Someone says how often they want to hear what has become of their notes.

Asha:  /demand prefs
Bot:   How often you hear back … [Never ▾]
Asha:  [Once a week]
Bot:   From now on I tell you on Fridays what your notes fed into, if they did.
"""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot import answering
from bot.asked import Asked
from bot.blocks import preference_card
from bot.conversations.home import Home, at_home
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from bot.notebook import Notebook
from storage.columns import Hearing


class Preferring:
    """Everyone's own settings, in an answer of their own or on the Home tab."""

    def __init__(self, notebook: Notebook, home: Home) -> None:
        self.notebook = notebook
        self.home = home

    def register(self, app: App) -> None:
        """The doors that lead here, beside the command."""
        app.action(preference_card.HEARS)(guarded(self.choose))

    def show(self, asked: Asked) -> None:
        """What holds now, to be changed with one pick."""
        known = self.notebook.preferences_of(asked.workspace, asked.person)
        answering.say(asked.respond, **preference_card.build(known))

    def choose(
        self,
        ack: Ack,
        body: dict[str, Any],
        action: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        respond: Respond,
    ) -> None:
        """Obey from now on, and say what that means."""
        ack()
        workspace, person = workspace_of(context), str(context.user_id)
        hears = Hearing[action["selected_option"]["value"]]
        self.notebook.hear_back(workspace, person, hears)
        said = preference_card.said(hears)
        seen = at_home(body)
        if seen is not None:
            self.home.draw(client, workspace, person, seen=seen, said=said)
        else:
            known = self.notebook.preferences_of(workspace, person)
            answering.instead(respond, preference_card.build(known, said=said))
