"""Steps of workflows that hand us words: each is promised an answer before its words are kept, and gets one.

The promise waits in the outbox under the same key as the note. Should we be stopped before we have answered, it is
still open after the restart, whether or not the words had been kept by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage import outbox, workspaces
from storage.models import Message

_KEY = "step/"
LONGEST = 200
"""Characters in the name of an execution. Slack's have about a dozen."""


def key_of(execution: str) -> str:
    """The key of the note and of the answer that belong to an execution, by Slack's name for it."""
    return f"{_KEY}{execution}"


def promise(session: Session, *, workspace: str, execution: str, now: datetime) -> bool:
    """Promise a step its answer, once. Returns whether that is still to come.

    It is for nobody's eyes: in place of a channel stands the workspace whose workflow it is.
    """
    workspaces.join(session, workspace, now=now)
    key = key_of(execution)
    outbox.leave(session, workspace=workspace, key=key, channel=workspace, body={}, now=now, held=True)
    there = outbox.with_key(session, workspace=workspace, key=key)
    return there is not None and is_open(there)


def answer(session: Session, *, workspace: str, key: str, body: dict[str, Any], now: datetime) -> bool:
    """Give a step the answer it was promised, once: its `outputs`, or an `error`. Returns whether it had none yet."""
    whole = {"step": key.removeprefix(_KEY), **body}
    return outbox.release(session, workspace=workspace, key=key, body=whole, now=now)


def forget(session: Session, *, workspace: str, key: str) -> None:
    """The words that came by this step were taken back: what they were about is gone from its answer too."""
    told = outbox.with_key(session, workspace=workspace, key=key)
    if told is not None and "theme" in told.body.get("outputs", {}):
        outputs = {name: value for name, value in told.body["outputs"].items() if name != "theme"}
        told.body = {**told.body, "outputs": outputs}
        session.add(told)


def unanswered(session: Session, *, promised_before: datetime) -> Sequence[Message]:
    """The promises to steps that are still open, oldest first."""
    return [one for one in outbox.promised(session, left_before=promised_before) if one.key.startswith(_KEY)]


def is_open(promised: Message) -> bool:
    """Whether a promise is still open."""
    return promised.not_before == outbox.HELD and promised.given_up == ""
