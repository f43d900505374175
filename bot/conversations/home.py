"""Someone opens the Home tab: they pass something on, settle what waits, and see where their notes have got to.

    Tom opens Home.
    Bot:   Pass on what customers really ask for … [What a customer said] [What gets in the way]
           Waiting for you: “…” [Chase] [Advise]
           Your notes, and where each has got to: … [Change] [Undo]
           [How it works] [What is kept] [Send me mine] [Delete mine]

Whatever someone does there, the tab is drawn anew from what the store holds, and says what came of it.
"""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import home_view, note_form, own_data, receipt, wording
from bot.conversations.helping import Helping
from bot.conversations.noting import Noting, workspace_of
from bot.listening import guarded
from bot.logbook import Logbook, LogbookError
from bot.notebook import Notebook
from digests.speech import _
from nlp import vocabulary
from nlp.vocabulary import NoteType

FORM = "note_form_at_home"
"""The form for a note, opened from Home: the tab is drawn anew when it comes back."""


class NotAtHome(LogbookError):
    """Groundswell is for an organisation's own people, so there is nothing for you here. Thank you for looking in."""


class Home:
    """One person's own tab, in one workspace."""

    def __init__(self, logbook: Logbook, notebook: Notebook, noting: Noting, helping: Helping) -> None:
        self.logbook = logbook
        self.notebook = notebook
        self.noting = noting
        self.helping = helping

    def register(self, app: App) -> None:
        """The doors that lead here."""
        app.event("app_home_opened")(guarded(self.opened))
        app.action(re.compile(f"{home_view.DEMAND}|{home_view.IMPROVE}"))(guarded(self.open_form))
        app.action(re.compile(f"{home_view.HELP}|{home_view.PRIVACY}"))(guarded(self.explain))
        app.action(re.compile(rf"{home_view.SETTLE}_\d"))(guarded(self.settle))
        app.view(FORM)(guarded(self.hear_form))

    def opened(self, event: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """Draw the tab. The event has the same name for the Messages tab, where there is nothing to draw."""
        if event.get("tab") != "home":
            return
        if self.noting.doorkeeper.is_outside(workspace_of(context), str(event["user"])):
            client.views_publish(user_id=str(event["user"]), view=home_view.closed(str(NotAtHome())))
        else:
            seen = event.get("view") or {}
            self.draw(client, workspace_of(context), str(event["user"]), seen=seen)

    def open_form(self, ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient) -> None:
        """The form for a customer's words, or for one's own."""
        ack()
        form = note_form.build(note_form.Origin(told_as=NoteType(_TOLD_AS[action["action_id"]])))
        client.views_open(trigger_id=body["trigger_id"], view={**form, "callback_id": FORM})

    def hear_form(
        self, ack: Ack, body: dict[str, Any], view: dict[str, Any], context: BoltContext, client: WebClient
    ) -> None:
        """It comes back: kept like any other, with its receipt in a direct message and here."""
        self.noting.hear_form(ack, body, view, context)
        self.draw(client, workspace_of(context), body["user"]["id"])

    def explain(self, ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient) -> None:
        """How this works, or what is kept, in a window over the tab."""
        ack()
        if action["action_id"] == home_view.HELP:
            view = home_view.window(_("How it works"), self.helping.how_to_pass_on())
        else:
            view = home_view.window(_("What is kept"), own_data.privacy())
        client.views_open(trigger_id=body["trigger_id"], view=view)

    def settle(
        self, ack: Ack, body: dict[str, Any], action: dict[str, Any], context: BoltContext, client: WebClient
    ) -> None:
        """Take the person's word for a note that we were unsure of."""
        ack()
        note_id, kind = receipt.note_and_kind(action["value"])
        person = str(context.user_id)
        try:
            entry = self.logbook.correct(
                note_id, workspace=workspace_of(context), by=person, kind=vocabulary.kind_named(kind)
            )
            said = _("Thank you. Note {number} is {kind}; your word stands.")
            said = said.format(number=entry.note.number, kind=wording.a_kind(vocabulary.kind_named(kind)))
        except LogbookError as error:  # taken back elsewhere meanwhile
            said = str(error)
        self.draw(client, workspace_of(context), person, seen=body["view"], said=said)

    def draw(
        self,
        client: WebClient,
        workspace: str,
        person: str,
        *,
        seen: dict[str, Any] | None = None,
        page: int | None = None,
        said: str = "",
    ) -> None:
        """Draw a person's tab, as the store has it now.

        Args:
            client: speaks in that workspace.
            workspace: Slack's id of it.
            person: whose tab.
            seen: the view that they acted on, so that a newer one is not replaced by an older.
            page: which page of their notes; the one they were on when left out.
            said: what came of what they just did.
        """
        seen = seen or {}
        page = home_view.page_of(seen) if page is None else page
        view = self.view(workspace, person, page=page, said=said)
        try:
            client.views_publish(user_id=person, view=view, hash=seen.get("hash"))
        except SlackApiError as error:
            if error.response.get("error") != "hash_conflict":
                raise
            client.views_publish(
                user_id=person, view=self.view(workspace, person, page=page, said=said)
            )  # read once more

    def view(self, workspace: str, person: str, *, page: int = 0, said: str = "") -> dict[str, Any]:
        """A person's tab as the store has it now."""
        preferences = self.notebook.preferences_of(workspace, person)
        own = self.notebook.own(workspace, person, page=page)
        waiting = self.notebook.waiting(workspace, person)
        return home_view.build(home_view.Shown(own=own, waiting=waiting, preferences=preferences, said=said))


_TOLD_AS = {home_view.DEMAND: NoteType.DEMAND, home_view.IMPROVE: NoteType.IMPROVEMENT}


def at_home(body: dict[str, Any]) -> dict[str, Any] | None:
    """The Home tab that someone pressed a button on; none, if they acted elsewhere."""
    view = body.get("view")
    return view if isinstance(view, dict) and view.get("type") == "home" else None
