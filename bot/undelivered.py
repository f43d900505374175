"""A digest could not come: whoever set it up hears why, and what helps; once, until all is well there again.

Bot:     (to Morgan alone) The weekly digest could not come to #managers, because that channel is archived. …
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from digests import speech
from digests.speech import N_, _
from storage import counts, outbox, schedules
from storage.columns import Held
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
HELD = {
    Held.ARCHIVED: N_("It waits: that channel is archived. Bring it back, or choose another with `digest on`."),
    Held.GONE: N_("It waits: that channel is gone. In another one, type `/groundswell digest on managers`."),
    Held.PUT_OUT: N_("It waits: I am not in there any more. Type `/invite @Groundswell` there."),
}
"""Why a digest waits until its channel is back, and what helps."""


def tell(session: Session, message: Message, *, why: str, now: datetime) -> None:
    """Leave word for those who set up what comes to that channel, if it is a digest that was given up."""
    if message.thread_of or not message.key.startswith("digest/") or why == outbox.DROPPED:
        return
    with speech.speaking(counts.language(session, message.workspace)):
        text = sentence(why, message.channel)
    _leave_word(session, text, workspace=message.workspace, channel=message.channel, why=why, now=now)


def tell_that_it_waits(session: Session, *, workspace: str, channel: str, why: Held, since: str, now: datetime) -> None:
    """Leave word for those who set up what comes to that channel, before any digest is late. `since` is the moment from
    which it waits, as Slack writes moments: when it has to wait once more they hear of it once more.
    """
    with speech.speaking(counts.language(session, workspace)):
        said = _("The weekly digest cannot come to <#{channel}> for now.").format(channel=channel)
        text = f"{said} {_(HELD[why])}"
    _leave_word(session, text, workspace=workspace, channel=channel, why=f"{why.value}/{since}", now=now)


def _leave_word(session: Session, text: str, *, workspace: str, channel: str, why: str, now: datetime) -> None:
    last = outbox.latest_digest(session, workspace=workspace, channel=channel, arrived=True)
    there = [plan for plan in schedules.of_workspace(session, workspace) if plan.channel == channel]
    for person in {plan.set_by for plan in there if plan.set_by}:
        key = f"undelivered/{channel}/{person}/{why}/{last.id if last else 0}"
        outbox.leave(session, workspace=workspace, key=key, channel=person, body={"text": text}, now=now)


def sentence(why: str, channel: str) -> str:
    """Why a digest did not come to a channel, by Slack's name for the reason or ours, and what helps."""
    known = "restricted_action" if why.startswith("restricted_action") else why
    said = _(_WHY.get(known, _OTHERWISE)).format(channel=channel, why=why)
    return said if known in _IT_SAYS_SO else f"{said} {_(_AGAIN)}"
