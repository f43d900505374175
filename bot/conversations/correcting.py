"""Someone sees that we misheard, and their word stands.

Bot:   Kept as note 12 · value demand (advise) · likely [Change] [Undo]
Asha:  [Change] → Chase
Bot:   Kept as note 12 · failure demand (chase) · as you said. That stands, and we learn from it. Thank you.

Whatever is pressed gives way to what is true now. A note that is gone is the business of `errors`, for every button.
"""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond

from bot import answering
from bot.blocks import receipt, tag_form
from bot.conversations.noting import Noting, workspace_of
from bot.listening import guarded
from digests.speech import N_, _
from nlp import vocabulary

_MOST_BESIDE = 4
"""Slack takes five answers to one press; the first stands in place of what was pressed."""
_THEME_GONE = N_("That theme is no longer there: it was merged or taken back meanwhile.")
_ONE_ASK = N_("Its words have changed meanwhile, and there is one ask in them now.")


class Correcting:
    """Change what a note means, or take it back."""

    def __init__(self, noting: Noting) -> None:
        self.noting = noting
        self.amendments = noting.amendments
        self.logbook = noting.logbook

    def register(self, app: App) -> None:
        """The doors that lead here."""
        app.action(receipt.CHANGE)(guarded(self.choose))
        app.action(tag_form.CHOOSE)(guarded(self.correct))
        app.action(tag_form.ABOUT)(guarded(self.settle_theme))
        app.action(re.compile(rf"{receipt.PICK}_\d"))(guarded(self.correct))
        app.action(receipt.SPLIT)(guarded(self.split))
        app.action(tag_form.KEEP)(guarded(self.leave))
        app.action(receipt.UNDO)(guarded(self.undo))

    def choose(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Show every kind, in place of the receipt."""
        ack()
        entry = self.logbook.entry(int(action["value"]), workspace=workspace_of(context), by=str(context.user_id))
        answering.instead(respond, tag_form.build(entry, self.amendments.themes(entry)))

    def correct(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Take the person's word, and show the receipt as it is now."""
        ack()
        chosen = action["selected_option"]["value"] if action["type"] == "static_select" else action["value"]
        note_id, kind = receipt.note_and_kind(chosen)
        entry = self.logbook.correct(
            note_id, workspace=workspace_of(context), by=str(context.user_id), kind=vocabulary.kind_named(kind)
        )
        answering.instead(respond, receipt.build(entry))

    def settle_theme(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Take the person's word for what the note is about, and show the receipt as it is now."""
        ack()
        note_id, theme_id = tag_form.note_and_theme(action["selected_option"]["value"])
        entry, was_there = self.amendments.settle_theme(
            note_id, theme_id, workspace=workspace_of(context), by=str(context.user_id)
        )
        answering.instead(respond, receipt.build(entry), said="" if was_there else _(_THEME_GONE))

    def split(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Several asks in one note become a note each, and each has its receipt."""
        ack()
        parts = self.amendments.split(int(action["value"]), workspace=workspace_of(context), by=str(context.user_id))
        if not parts:
            return  # pressed twice; the receipts are there
        first, *others = parts
        said = "" if others else _(_ONE_ASK)
        answering.instead(respond, receipt.build(self.logbook.tag(first)), said=said)
        for other in others[:_MOST_BESIDE]:
            self.noting.show(other, respond, to=str(context.user_id))
        for other in others[_MOST_BESIDE:]:
            self.noting.owe_receipt(other, to=str(context.user_id))

    def leave(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Nothing to change after all: the receipt comes back."""
        ack()
        entry = self.logbook.entry(int(action["value"]), workspace=workspace_of(context), by=str(context.user_id))
        answering.instead(respond, receipt.build(entry))

    def undo(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Take the note back."""
        ack()
        gone = self.logbook.undo(int(action["value"]), workspace=workspace_of(context), by=str(context.user_id))
        answering.instead(respond, receipt.taken_back(gone=gone))
