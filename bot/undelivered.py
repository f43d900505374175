"""A digest could not come: whoever set it up hears why, and what helps; once, until one arrives there again.

Bot:     (to Morgan alone) The weekly digest could not come to #managers, because that channel is archived. …
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from digests import speech
from digests.speech import N_, _
from storage import counts, outbox, schedules
from storage.models import Message

IN_DOUBT = "in_doubt"
SHARED_OUTSIDE = "shared_outside"

_AGAIN = N_("`/groundswell digest again` in that channel then brings it.")
_WHY = {
    IN_DOUBT: N_(
        "Slack did not tell us whether the weekly digest arrived in <#{channel}>, and we may not look there. "
        "Please look; if it is not there, type `/groundswell digest again` in that channel."
    ),
    SHARED_OUTSIDE: N_(
        "The weekly digest did not go to <#{channel}>: people of another organisation are in there now, and notes are "
        "for your own people alone. In a channel of your own, type `/groundswell digest on managers`."
    ),
    "not_in_channel": N_(
        "The weekly digest could not come to <#{channel}>: I am not in there any more. "
        "Type `/invite @Groundswell` there."
    ),
    "channel_not_found": N_(
        "The weekly digest could not come to <#{channel}>: that channel is gone, or it is private and I am not in it. "
        "Type `/invite @Groundswell` there, or in another channel `/groundswell digest on managers`."
    ),
    "is_archived": N_(
        "The weekly digest could not come to <#{channel}>, because that channel is archived. "
        "Bring it back, or type `/groundswell digest on managers` in another one."
    ),
    "restricted_action": N_(
        "The weekly digest could not come to <#{channel}>: only some people may post there. "
        "Its owners can let Groundswell post, too."
    ),
}
_OTHERWISE = N_(
    "The weekly digest could not come to <#{channel}>: Slack did not take it ({why}). "
    "Whoever looks after Groundswell finds more with `groundswell doctor`."
)
_IT_SAYS_SO = {IN_DOUBT, SHARED_OUTSIDE}


def tell(session: Session, message: Message, *, why: str, now: datetime) -> None:
    """Leave word for those who set up what comes to that channel, if it is a digest that was given up."""
    if message.thread_of or not message.key.startswith("digest/") or why == outbox.DROPPED:
        return
    last = outbox.last_digest_that_arrived(session, workspace=message.workspace, channel=message.channel)
    placed = schedules.of_workspace(session, message.workspace)
    with speech.speaking(counts.language(session, message.workspace)):
        text = sentence(why, message.channel)
    for person in {plan.set_by for plan in placed if plan.channel == message.channel and plan.set_by}:
        outbox.leave(
            session,
            workspace=message.workspace,
            key=f"undelivered/{message.channel}/{person}/{why}/{last.id if last else 0}",
            channel=person,
            body={"text": text},
            now=now,
        )


def sentence(why: str, channel: str) -> str:
    """Why a digest did not come to a channel, by Slack's name for the reason or ours, and what helps."""
    known = "restricted_action" if why.startswith("restricted_action") else why
    said = _(_WHY.get(known, _OTHERWISE)).format(channel=channel, why=why)
    return said if known in _IT_SAYS_SO else f"{said} {_(_AGAIN)}"
