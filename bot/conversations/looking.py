"""Someone looks at what was passed on: their own notes, or everyone's that hold some words.

Asha:  /demand mine
Bot:   What you passed on, newest first … [Change] [Undo]
Asha:  /demand search boiler
Bot:   Notes with "boiler", newest first … [Keep what I typed as a note]
Asha:  /demand undo
Bot:   Taken back. The words are gone.
"""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond

from bot import answering
from bot.amendments import Amendments
from bot.asked import Asked
from bot.blocks import note_list, pages, receipt
from bot.conversations.helping import Helping
from bot.conversations.noting import workspace_of
from bot.listening import guarded
from bot.notebook import Notebook
from digests.speech import _

_TURNED = re.compile(rf"{note_list.TURN_FOUND}_(earlier|more)")


class Looking:
    """What comes after `/demand` and `/improve` instead of words."""

    def __init__(self, amendments: Amendments, notebook: Notebook, helping: Helping) -> None:
        self.amendments = amendments
        self.notebook = notebook
        self.helping = helping

    def register(self, app: App) -> None:
        """The buttons that turn a page."""
        app.action(_TURNED)(guarded(self.turn))

    def mine(self, asked: Asked) -> None:
        """The person's own notes, for their eyes only."""
        answering.say(asked.respond, **note_list.own(self.notebook.own(asked.workspace, asked.person)))

    def search(self, asked: Asked) -> None:
        """Everyone's notes that hold these words; and what was typed may be kept as a note all the same."""
        typed = f"{asked.verb} {asked.words}".strip()
        answering.say(asked.respond, **note_list.or_a_note(self._found(asked), typed, command=asked.command))

    def look_up(self, asked: Asked) -> None:
        """`/groundswell search`: the same, where nothing that is typed could be a note."""
        answering.say(asked.respond, **self._found(asked))

    def _found(self, asked: Asked) -> dict[str, Any]:
        """What holds these words; where nobody said any, the question which."""
        if not asked.words:
            return pages.message(
                _("Which words? For example: `{command} search boiler`.").format(command=asked.command)
            )
        return note_list.found(self.notebook.found(asked.workspace, asked.words), asked.words)

    def undo(self, asked: Asked) -> None:
        """Take back what was passed on a moment ago; otherwise show what there is to take back."""
        if not self.amendments.is_first_time(f"undo/{asked.trigger}", workspace=asked.workspace):
            return
        latest = self.notebook.just_now(asked.workspace, asked.person)
        if latest is None:
            self.mine(asked)
            return
        gone = self.amendments.logbook.undo(latest.id or 0, workspace=asked.workspace, by=asked.person)
        answering.say(asked.respond, **receipt.taken_back(gone=gone))

    def misspelt(self, asked: Asked) -> None:
        """One word that is nearly one of ours: help, and the word kept as a note if it was meant so."""
        said = _("I do not know `{word}`. Here is what I do know.").format(word=asked.verb.replace("`", ""))
        known = self.helping.how_to_pass_on()
        answer = {"text": said, "blocks": [pages.section(said), *known["blocks"]]}
        answering.say(asked.respond, **note_list.or_a_note(answer, asked.verb, command=asked.command))

    def turn(self, ack: Ack, action: dict[str, Any], context: BoltContext, respond: Respond) -> None:
        """Another page of what was found."""
        ack()
        words, page = pages.carried(action["value"])
        found = self.notebook.found(workspace_of(context), words)
        answering.instead(respond, note_list.found(found, words, page=page))
