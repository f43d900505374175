"""A workflow hands over what somebody said in a form or in another tool, and goes on with what we heard.

    Workflow:  Log a note: "Where is my parcel?", passed on by Tom, for #front-desk
    Bot:       (to the workflow) note 12 · failure · chase · "Kept as note 12. We heard failure demand (chase)."
    Bot:       (to Tom alone) Kept as note 12 … [Change] [Undo]

The step of a workflow waits until it hears from us. So its answer is promised before its words are kept, and a promise
that is still open is seen to when the clock ticks, whatever has stopped us meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltRequest, Fail
from sqlalchemy.exc import SQLAlchemyError

from bot import errors
from bot import steps as telling
from bot.blocks import receipt
from bot.conversations.noting import Noting, workspace_of
from bot.listening import guarded
from bot.logbook import LogbookError, NoteNotFound, Submission
from bot.typed import as_typed
from digests import speech
from nlp.vocabulary import NoteType
from storage import contributors, notes, outbox, steps
from storage.database import Busy
from storage.models import Message, Note

STEP = "log_a_note"
"""The step's name in the manifest."""
_LAST_RETRY = "3"
"""Slack brings an event once, and three times again."""
_IN_HAND = timedelta(seconds=5)
"""How long an answer may be under way before we look whether it got lost."""
_COMES_AGAIN = timedelta(minutes=10)
"""By then Slack has tried for the last time to hand us the words; if they are not here, they never came."""


class NeverKept(Exception):
    """The words of a step were not kept before we were stopped, and Slack did not bring them again."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a step hands over. `words` are raw: they go no further than redaction."""

    execution: str
    words: str
    by: str
    channel: str
    told_as: NoteType


class Relaying:
    """The step `Log a note`."""

    def __init__(self, noting: Noting, language_of: Callable[[str], str]) -> None:
        self.noting = noting
        self.logbook = noting.logbook
        self.database = noting.logbook.database
        self.language_of = language_of

    def register(self, app: App) -> None:
        """The door that leads here."""
        app.function(STEP, auto_acknowledge=False)(guarded(self.hear))

    def hear(self, ack: Ack, event: dict[str, Any], request: BoltRequest, context: BoltContext, fail: Fail) -> None:
        """Keep what a step hands over, once, and only then tell Slack that it arrived."""
        handed = handed_by(event)
        if handed is None:
            ack()  # without a name there is nothing to answer
            return
        try:
            note = self._keep(handed, workspace_of(context))
        except Exception as error:
            self._excuse(error, handed, request, context, fail)
            note = None
        ack()
        if note is not None:
            self._answer(note)

    def catch_up(self) -> None:
        """Answer the steps that have waited for longer than it takes: we were stopped before we could."""
        now = self.logbook.clock()
        with self.database.reading() as session:
            waiting = steps.unanswered(session, promised_before=now - _IN_HAND)
        for promised in waiting:
            try:
                with speech.speaking(self.language_of(promised.workspace)):
                    self._see_to(promised, never_came=promised.left_at <= now - _COMES_AGAIN)
            except Exception as error:  # one that cannot be answered keeps the others from nothing
                errors.record(error)

    def _see_to(self, promised: Message, *, never_came: bool) -> None:
        with self.database.reading() as session:
            note = notes.with_key(session, workspace=promised.workspace, key=promised.key)
        if note is not None:
            self._answer(note)
        elif never_came:
            self._say(promised.workspace, promised.key, {"error": errors.sentence_for(NeverKept())})

    def _keep(self, handed: Handed, workspace: str) -> Note | None:
        """The note, if it is for us to answer now: new, and not answered before."""
        with self.database.transaction() as session:
            now = self.logbook.clock()
            if not steps.promise(session, workspace=workspace, execution=handed.execution, now=now):
                return None
        self.noting.doorkeeper.refuse_known(workspace, handed.channel, by=handed.by)
        note, is_new = self.logbook.keep(
            Submission(
                key=steps.key_of(handed.execution),
                workspace=workspace,
                by=handed.by or None,
                told_as=handed.told_as,
                words=handed.words,
                channel=handed.channel,
                private=bool(handed.channel),  # until we know which kind of channel it is
                via="workflow",
            )
        )
        return note if is_new else None

    def _answer(self, note: Note) -> None:
        """Tell the step what became of its words, and whoever passed them on what we heard."""
        with self.database.reading() as session:
            by = contributors.whom_to_answer(session, note)
        try:
            if note.withdrawn_at is not None:
                raise NoteNotFound
            note = self.noting.doorkeeper.confirm(note, by=by, channel=note.heard_in)
            entry = self.logbook.tag(note)
        except LogbookError as error:
            self._say(note.workspace, note.key, {"error": str(error)})
            return
        shown = {f"receipt/{note.id}": (by, receipt.build(entry))} if by else {}
        self._say(note.workspace, note.key, {"outputs": telling.outputs(entry)}, and_to=shown)

    def _excuse(self, error: Exception, handed: Handed, request: BoltRequest, context: BoltContext, fail: Fail) -> None:
        """Tell the step why its words could not be kept; unless Slack will bring them again, and they may be then.

        Raises:
            Exception: the same error, for Slack to hear that it should bring them again.
        """
        is_last = _LAST_RETRY in request.headers.get("x-slack-retry-num", [])
        if isinstance(error, SQLAlchemyError | Busy) and not is_last:
            raise error
        sentence = errors.sentence_for(error)
        try:
            workspace = workspace_of(context)
            with self.database.transaction() as session:
                steps.promise(session, workspace=workspace, execution=handed.execution, now=self.logbook.clock())
            self._say(workspace, steps.key_of(handed.execution), {"error": sentence})
        except (LogbookError, SQLAlchemyError, Busy):
            fail(sentence)  # with nowhere to leave it, it is said here and now

    def _say(
        self,
        workspace: str,
        key: str,
        body: dict[str, Any],
        *,
        and_to: dict[str, tuple[str, dict[str, Any]]] | None = None,
    ) -> None:
        now = self.logbook.clock()
        with self.database.transaction() as session:
            if steps.answer(session, workspace=workspace, key=key, body=body, now=now):
                for its_key, (person, shown) in (and_to or {}).items():
                    outbox.leave(session, workspace=workspace, key=its_key, channel=person, body=shown, now=now)
        self.noting.wake_messenger()


def handed_by(event: dict[str, Any]) -> Handed | None:
    """What the step of a workflow hands over; none, where the event does not say whose execution it is."""
    execution, inputs = event.get("function_execution_id"), event.get("inputs")
    if not isinstance(execution, str) or not 0 < len(execution) <= steps.LONGEST:
        return None
    given = inputs if isinstance(inputs, dict) else {}
    return Handed(
        execution=execution,
        words=as_typed(_text(given.get("words"))),
        by=_id(given.get("person")),
        channel=_id(given.get("channel")),
        told_as=NoteType.IMPROVEMENT if given.get("improvement") in (True, "true") else NoteType.DEMAND,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _id(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 32 else ""
