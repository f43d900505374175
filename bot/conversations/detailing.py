"""Someone adds what they know to a note, or puts back what was left out by mistake.

Asha:  [Add detail] → what mattered to them, when they first asked, what got in the way …
Bot:   (the receipt as it is now)
"""

from __future__ import annotations

import contextlib
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot import answering
from bot.amendments import Amendments, NotYet, StaysOut
from bot.blocks import detail_form, pages, receipt
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from bot.logbook import LogbookError


class Detailing:
    """The form behind [Add detail]."""

    def __init__(self, amendments: Amendments) -> None:
        self.amendments = amendments

    def register(self, app: App) -> None:
        """The doors that lead here."""
        app.action(receipt.DETAIL)(guarded(self.open))
        app.view(detail_form.CALLBACK)(guarded(self.save))

    def open(
        self, ack: Ack, action: dict[str, Any], body: dict[str, Any], context: BoltContext, client: WebClient
    ) -> None:
        """The form at once, and in the next moment what the note says already."""
        ack()
        view = client.views_open(trigger_id=body["trigger_id"], view=detail_form.opening())["view"]
        try:
            entry = self.amendments.logbook.entry(
                int(action["value"]), workspace=workspace_of(context), by=str(context.user_id)
            )
            form = detail_form.build(entry.note, response_url=body.get("response_url") or "")
        except LogbookError as error:
            form = detail_form.unavailable(str(error))
            _show_in_place(str(error), body.get("response_url") or "")
        answering.fill(client, view, form)

    def save(self, ack: Ack, view: dict[str, Any], context: BoltContext, client: WebClient) -> None:
        """The form comes back. What does not fit stays in it, with a sentence that says why."""
        filled, workspace, by = detail_form.read(view), workspace_of(context), str(context.user_id)
        try:
            if filled.mistake is not None:
                self.amendments.put_back(
                    filled.note_id,
                    filled.mistake.place,
                    filled.mistake.words,
                    workspace=workspace,
                    by=by,
                    key=view["id"],
                )
            entry = self.amendments.add_detail(filled.note_id, filled.detail, workspace=workspace, by=by)
        except (NotYet, StaysOut) as error:
            field = "first_asked_on" if isinstance(error, NotYet) else "typed_again"
            ack(detail_form.refused(field, str(error)))
            return
        except LogbookError as error:
            ack({"response_action": "update", "view": detail_form.unavailable(str(error))})
            _show_in_place(str(error), filled.response_url)
            return
        ack()
        if filled.response_url:
            told = receipt.build(entry)
            try:
                answering.instead(answering.back_to(filled.response_url), told)
            except (answering.NotTaken, OSError):  # the form stood open for longer than Slack lets us answer there
                client.chat_postMessage(channel=by, **told)


def _show_in_place(sentence: str, response_url: str) -> None:
    """The receipt whose note is gone says so itself. The form has said it already, should Slack not take this."""
    if response_url:
        with contextlib.suppress(answering.NotTaken, OSError):
            answering.instead(answering.back_to(response_url), pages.message(sentence))
