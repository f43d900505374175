"""Someone puts right or takes back one of their own notes, older ones too: in the list, or on the Home tab.

    Asha:  /demand mine
    Bot:   Note 12 · failure demand (chase) … [Change] [Undo]
    Asha:  [Change] → Again → That is it
    Bot:   the list once more: Note 12 · failure demand (again) …

What they acted on is shown again as it is now, in the same place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import answering
from bot.blocks import kind_form, note_list, pages, receipt, wording
from bot.conversations.home import Home, at_home
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from bot.logbook import Logbook, LogbookError
from bot.notebook import Notebook
from digests.speech import _
from nlp import vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where someone acts on their notes: which page, and in a list or on the Home tab."""

    workspace: str
    person: str
    client: WebClient
    page: int
    response_url: str = ""
    """Where the list stands; empty for the Home tab."""
    home: dict[str, Any] | None = None
    """The Home tab as they saw it."""


class Tending:
    """The buttons beside a person's own notes."""

    def __init__(self, logbook: Logbook, notebook: Notebook, home: Home) -> None:
        self.logbook = logbook
        self.notebook = notebook
        self.home = home

    def register(self, app: App) -> None:
        """The doors that lead here."""
        app.action(note_list.CHANGE)(guarded(self.open_form))
        app.action(note_list.UNDO)(guarded(self.undo))
        app.action(re.compile(f"{note_list.TURN_OWN}_(earlier|more)"))(guarded(self.turn))
        app.view(kind_form.CALLBACK)(guarded(self.change))

    def open_form(
        self, ack: Ack, body: dict[str, Any], action: dict[str, Any], context: BoltContext, client: WebClient
    ) -> None:
        """A small form at once, and in the next moment every kind to choose from."""
        ack()
        view = client.views_open(trigger_id=body["trigger_id"], view=kind_form.opening())["view"]
        note_id, place = self._place(body, action, context, client)
        try:
            kept = self.notebook.own_note(place.workspace, place.person, note_id)
        except LogbookError as error:
            answering.fill(client, view, kind_form.opening(str(error)))
            self._show_again(place, said=str(error))
            return
        form = kind_form.build(kept, page=place.page, response_url=place.response_url)
        answering.fill(client, view, form)

    def change(self, ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """Take the person's word, and show their notes again."""
        note_id, kind, page, response_url = kind_form.read(view)
        place = Place(
            workspace=workspace_of(context),
            person=str(context.user_id),
            client=client,
            page=page,
            response_url=response_url,
        )
        try:
            entry = self.logbook.correct(
                note_id, workspace=place.workspace, by=place.person, kind=vocabulary.kind_named(kind)
            )
        except LogbookError as error:
            ack(kind_form.refused(str(error)))
            return
        ack()
        said = _("Thank you. Note {number} is {kind}; your word stands.")
        is_now = wording.a_kind(vocabulary.kind_named(kind))
        self._show_again(place, said=said.format(number=entry.note.number, kind=is_now))

    def undo(
        self, ack: Ack, body: dict[str, Any], action: dict[str, Any], context: BoltContext, client: WebClient
    ) -> None:
        """Take the note back, and show the others again."""
        ack()
        note_id, place = self._place(body, action, context, client)
        try:
            gone = self.logbook.undo(note_id, workspace=place.workspace, by=place.person)
            said = str(receipt.taken_back(gone=gone)["text"])
        except LogbookError as error:
            said = str(error)
        self._show_again(place, said=said)

    def turn(
        self, ack: Ack, body: dict[str, Any], action: dict[str, Any], context: BoltContext, client: WebClient
    ) -> None:
        """Another page, in place of this one."""
        ack()
        self._show_again(self._place(body, action, context, client)[1])

    def _place(
        self, body: dict[str, Any], action: dict[str, Any], context: BoltContext, client: WebClient
    ) -> tuple[int, Place]:
        note_id, page = pages.carried(action["value"])
        place = Place(
            workspace=workspace_of(context),
            person=str(context.user_id),
            client=client,
            page=page,
            response_url=body.get("response_url") or "",
            home=at_home(body),
        )
        return int(note_id or 0), place

    def _show_again(self, place: Place, *, said: str = "") -> None:
        if not place.response_url:
            self.home.draw(place.client, place.workspace, place.person, seen=place.home, page=place.page, said=said)
            return
        own = self.notebook.own(place.workspace, place.person, page=place.page)
        answering.instead(answering.back_to(place.response_url), note_list.own(own, said=said))
