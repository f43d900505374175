"""What we owe to people and channels: left here in the same transaction as its cause, carried to Slack afterwards.

Each thing to say has a key that is unique in its workspace, so leaving it twice is leaving it once. A messenger takes a
message for a while (a lease); if that messenger dies, the lease runs out and another takes over. Only a message whose
saying had begun is then in doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import Session, and_, col, delete, func, not_, or_, select, update
from sqlmodel.sql.expression import SelectOfScalar

from storage.inserting import insert_once
from storage.models import Message, Workspace

LEASE = timedelta(minutes=2)
HELD = datetime(3000, 1, 1, tzinfo=UTC)
"""When something promised is carried, as long as nobody has said what it says."""
EMPTY: dict[str, Any] = {"text": ""}
"""The body of a message that has said what it had to say."""
DROPPED = "app_removed"
"""Why a message was not said: the workspace had removed the app by then."""
UNANSWERABLE = "its_message_never_arrived"
"""Why a message was not said: what it was to answer in its thread never arrived."""
_WAITS = (col(Message.sent_at).is_(None), col(Message.given_up) == literal_column("''"))
"""Written out as in the index of what waits, so that the database sees that this is what it is for."""
_IS_DIGEST = (col(Message.thread_of) == "", col(Message.key).startswith("digest/"))


def leave(
    session: Session,
    *,
    workspace: str,
    key: str,
    channel: str,
    body: dict[str, Any],
    now: datetime,
    thread_of: str = "",
    held: bool = False,
) -> bool:
    """Leave something to say. `body` is what Slack is given: `text`, and `blocks` if there are any.

    `thread_of` is the key of the message that this one answers in its thread. What is `held` is promised only: it goes
    nowhere before `release` has said what it says. Returns whether it is new; a message with this key that was left
    before stays as it was.
    """
    values = {
        "workspace": workspace,
        "key": key,
        "channel": channel,
        "body": body,
        "thread_of": thread_of,
        "left_at": now,
        "not_before": HELD if held else now,
        "attempts": 0,
        "carried_by": "",
        "in_doubt": False,
        "given_up": "",
    }
    return insert_once(session, Message, values) is not None


def take(session: Session, *, carrier: str, now: datetime, at_most: int = 20) -> Sequence[Message]:
    """Take what is waiting, oldest first, for the length of a lease. No two carriers ever hold the same message.

    Whoever has removed the app is left in peace.
    """
    gone = select(Workspace.id).where(col(Workspace.purge_at).is_not(None))
    waiting = (
        select(Message)
        .where(*_WAITS, Message.not_before <= now)
        .where(col(Message.workspace).not_in(gone))
        .order_by(col(Message.left_at), col(Message.id))
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    messages = session.exec(waiting).all()
    for message in messages:
        message.carried_by = carrier
        message.not_before = now + LEASE
        message.attempts += 1
        session.add(message)
    session.flush()
    return messages


def release(session: Session, *, workspace: str, key: str, body: dict[str, Any], now: datetime) -> bool:
    """Say what was promised, once. Returns whether it was still open; what is on its way already stays as it is."""
    still_open = (col(Message.not_before) == HELD, col(Message.given_up) == "")
    saying = (
        update(Message)
        .where(col(Message.workspace) == workspace, col(Message.key) == key, *still_open)
        .values(body=body, not_before=now)
        .returning(col(Message.id))
        .execution_options(synchronize_session=False)
    )
    return session.execute(saying).first() is not None


def promised(session: Session, *, left_before: datetime) -> Sequence[Message]:
    """What is promised and still open, oldest first; not where the app was removed."""
    waiting = select(Message).where(Message.not_before == HELD, Message.given_up == "", Message.left_at <= left_before)
    return session.exec(waiting.order_by(col(Message.left_at), col(Message.id)).limit(100)).all()


def begin(session: Session, message_id: int, *, carrier: str, now: datetime) -> dict[str, Any] | None:
    """Its carrier is about to say it: from now until told otherwise, nobody knows whether it arrived.

    Returns what it is to say by now, as words may have been taken back; nothing, if it is not to be said any more, or
    not by this carrier. Who took so long that the lease ran out says nothing.
    """
    still_ours = (col(Message.carried_by) == carrier, col(Message.not_before) > now, col(Message.sent_at).is_(None))
    begun = (
        update(Message).where(col(Message.id) == message_id, *still_ours).values(in_doubt=True, not_before=now + LEASE)
    )
    return session.execute(begun.returning(col(Message.body))).scalar_one_or_none()


def sent(session: Session, message_id: int, *, ts: str, now: datetime) -> None:
    """It has arrived; Slack calls it `ts`. What it said is Slack's to keep from here on."""
    _settle(session, message_id, sent_at=now, ts=ts, body=EMPTY)


def wait(session: Session, message_id: int, *, carrier: str, until: datetime, in_doubt: bool | None = None) -> None:
    """Slack is busy or out of reach: try again, not before `until`.

    `in_doubt` says whether it may have arrived; left out, nobody knows more than that its saying was begun, or was not.
    Where another carrier has taken the message over, that one knows better, and nothing is changed.
    """
    ours = (col(Message.id) == message_id, col(Message.carried_by) == carrier)
    known = {} if in_doubt is None else {"in_doubt": in_doubt}
    session.exec(update(Message).where(*ours).values(not_before=until, carried_by="", **known))


def give_up(session: Session, message_id: int, *, why: str) -> None:
    """It can never arrive. `why` is Slack's name for the reason, such as `channel_not_found`."""
    _settle(session, message_id, given_up=why)


def forget(session: Session, *, workspace: str, key: str) -> None:
    """Forget what was said under this key, and under those that begin with it and a slash, and to whom; if it has not
    been said yet, it never will be.
    """
    there = _under(workspace, key)
    session.exec(delete(Message).where(*there, col(Message.sent_at).is_(None)))
    session.exec(update(Message).where(*there).values(body=EMPTY, channel=""))


def under(session: Session, key: str, *, workspace: str) -> Sequence[Message]:
    """What was left under this key, and under those that begin with it and a slash, in the order it was left."""
    return session.exec(select(Message).where(*_under(workspace, key)).order_by(col(Message.id))).all()


def unsaid(session: Session, *, workspace: str) -> Sequence[Message]:
    """What has not arrived, whether it waits or was given up."""
    return session.exec(select(Message).where(Message.workspace == workspace, col(Message.sent_at).is_(None))).all()


def say_instead(session: Session, message: Message, body: dict[str, Any]) -> None:
    """Let a message that has not arrived say this, and not what it was to say."""
    message.body = body
    session.add(message)
    session.flush()


def body_now(session: Session, message_id: int) -> dict[str, Any] | None:
    """What a message is to say by now; none, if it is not to be said any more."""
    body = session.exec(select(Message.body).where(Message.id == message_id)).first()
    return None if body is None else dict(body)


def with_key(session: Session, *, workspace: str, key: str) -> Message | None:
    """The message left under this key, if there is one."""
    return session.exec(select(Message).where(Message.workspace == workspace, Message.key == key)).first()


def said_as(session: Session, ts: str, *, workspace: str, beginning: str) -> Sequence[Message]:
    """What arrived under this name of Slack's, in whichever conversation, and whose key begins like this."""
    arrived = (Message.workspace == workspace, col(Message.key).startswith(beginning, autoescape=True))
    return session.exec(select(Message).where(*arrived, Message.ts == ts)).all()


def drop(session: Session, *, workspace: str) -> None:
    """The workspace has removed the app: nothing that still waits there is said, not even when it comes back."""
    waiting = (col(Message.workspace) == workspace, col(Message.sent_at).is_(None), col(Message.given_up) == "")
    session.exec(update(Message).where(*waiting).values(given_up=DROPPED))


def latest_digest(session: Session, *, workspace: str, channel: str, arrived: bool = False) -> Message | None:
    """The latest digest of a channel; on request the latest of those that arrived."""
    digests = select(Message).where(Message.workspace == workspace, Message.channel == channel, *_IS_DIGEST)
    if arrived:
        digests = digests.where(col(Message.sent_at).is_not(None))
    return session.exec(digests.order_by(col(Message.id).desc())).first()


def digests_that_got_stuck(session: Session, *, workspace: str) -> dict[str, str]:
    """The channels whose latest digest was given up, and why."""
    stuck = select(Message.channel, Message.given_up).where(
        Message.workspace == workspace,
        col(Message.id).in_(_latest_digests(workspace)),
        col(Message.given_up).not_in(("", DROPPED)),
    )
    return dict(session.exec(stuck).all())


def tries(session: Session, *, workspace: str, key: str) -> Sequence[Message]:
    """What was left under this key, and under those that begin with it and a slash, oldest first; not what answers any
    of it in its thread.
    """
    there = select(Message).where(*_under(workspace, key), Message.thread_of == "")
    return session.exec(there.order_by(col(Message.id))).all()


def arrivals(session: Session, *, workspace: str, keys: Collection[str]) -> dict[str, datetime]:
    """When what was left under these keys arrived, at the first try or at a later one. What did not is not in it."""
    theirs = (Message.workspace == workspace, col(Message.key).in_(keys))
    first = session.exec(select(Message.key, Message.sent_at, Message.given_up).where(*theirs)).all() if keys else []
    arrived = {key: sent_at for key, sent_at, _given_up in first if sent_at is not None}
    for key in (key for key, _sent_at, given_up in first if given_up):
        later = [message.sent_at for message in tries(session, workspace=workspace, key=key) if message.sent_at]
        arrived.update({key: min(later)} if later else {})
    return arrived


def undeliverable(session: Session, *, workspace: str, since: datetime) -> Sequence[Message]:
    """What never arrived, newest first, so that someone can be told why: each digest that is the latest of its channel,
    however long ago it was left, and of all else what was left since a moment. That whatever was to answer one of them
    did not arrive either goes without saying.
    """
    untold = ("", DROPPED, UNANSWERABLE)
    given_up = select(Message).where(Message.workspace == workspace, col(Message.given_up).not_in(untold))
    stuck = col(Message.id).in_(_latest_digests(workspace))
    lately = and_(not_(and_(*_IS_DIGEST)), Message.left_at >= since)
    return session.exec(given_up.where(or_(stuck, lately)).order_by(col(Message.left_at).desc()).limit(20)).all()


def _latest_digests(workspace: str) -> SelectOfScalar[int | None]:
    """The latest digest of each channel, by its id."""
    digests = select(func.max(Message.id)).where(Message.workspace == workspace, *_IS_DIGEST)
    return digests.group_by(Message.channel)


def _under(workspace: str, key: str) -> tuple[ColumnElement[bool], ...]:
    later = col(Message.key).startswith(f"{key}/", autoescape=True)
    return col(Message.workspace) == workspace, or_(col(Message.key) == key, later)


def _settle(session: Session, message_id: int, **values: object) -> None:
    session.exec(update(Message).where(col(Message.id) == message_id).values(**values))
