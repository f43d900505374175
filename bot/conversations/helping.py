"""Someone asks how this works.

Tom:   /demand help
Bot:   Pass on what a customer said, in their own words … Nobody is ever counted.
"""

from __future__ import annotations

from typing import Any

from bot import answering
from bot.asked import Asked
from digests.speech import N_, _

_PASS_ON = N_("""\
*Pass on what customers really ask for, in seconds.*
`/demand` and their words: _/demand I'm still waiting for the plumber_
`/improve` and yours: _/improve the gas form asks for the address twice_
Or just write to me here. I keep the words, leave out names and numbers, and say what I think they mean. \
If I misheard, *Change* puts it right and your word stands. *Undo* takes it back.""")

_LOOK = N_("""\
*To look again:* `/demand mine`: your own notes · `/demand search boiler`: everyone's words · \
`/demand undo`: take the latest back · `/demand privacy`: what is kept, and how to take yours along or delete it · \
`/demand about` · `/demand prefs`""")

_MARK = N_("""\
*Or with an emoji:* mark somebody's message in a channel with :{emoji}:, and its words are passed on. \
Take the mark away within 15 minutes, and it is undone.""")

_NEVER = N_("""\
Nobody is ever counted or compared: not who passes things on, nor how often. Managers see what customers said, \
never who wrote it down.""")

_ARRANGE = N_("""\
*For your unit:*
`/groundswell`: how it is set now, on one card
`/groundswell unit Repairs`: this channel belongs to Repairs, and so does what is passed on here
`/groundswell unit`, `unit rename NAME`, `unit leave`; `/groundswell units`: all of them
`/groundswell mine Repairs`: where your direct messages to me go
`/groundswell purpose` and a sentence: what you are here for, as your customers would say it
`/groundswell points add Front desk`: a place where you listen; `/groundswell points`: all of them
`/groundswell point Repairs line`: this channel stands for a listening point
`/groundswell digest`: this week so far, for your eyes only
`/groundswell digest on managers` or `… on improvement`: send the weekly digest to this channel, Mondays at 09:00
`/groundswell digest on managers Thursday 14:30`: on another day or at another time
`/groundswell digest on managers of Rents`: another unit's digest, in this channel
`/groundswell digest off managers`: stop it in this channel; `pause` and `resume`: let it rest
`/groundswell digest set`: a form for all of this
`/groundswell digest post managers`: post this week so far to this channel, now
`/groundswell digest again`: bring the latest digest of this channel once more, if it did not arrive
`/groundswell digest when`: where and when digests go
`/groundswell changed We now text people the day before`: note what you changed in your work; `changes`: all of it
`/groundswell explain 12`: why digest 12 says what it says
`/groundswell themes`: what keeps coming; open one to see its words, name it, merge it, split it or pin it
`/groundswell search boiler`: notes that hold these words
`/groundswell timezone Europe/London`: the clock your people live by
`/groundswell language`: the one we speak here, and the others that we could""")


class Helping:
    """Tells how this works here. `emoji` is the one that passes messages on, where people agreed on one."""

    def __init__(self, emoji: str) -> None:
        self._emoji = emoji

    def help_out(self, asked: Asked) -> None:
        """What can be typed, where it was asked."""
        answering.say(asked.respond, **self.how_to_pass_on())

    def how_to_pass_on(self) -> dict[str, Any]:
        """How to log something, how to look at it again, and what we never do."""
        mark = [_(_MARK).format(emoji=self._emoji)] if self._emoji else []
        return _message(_(_PASS_ON), *mark, _(_LOOK), _(_NEVER))

    def how_to_arrange(self) -> dict[str, Any]:
        """Everything that `/groundswell` can do."""
        return _message(_(_PASS_ON), _(_ARRANGE), _(_NEVER))


def _message(*paragraphs: str) -> dict[str, Any]:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": paragraph}} for paragraph in paragraphs]
    return {"text": _("Pass on what customers really ask for with /demand and /improve."), "blocks": blocks}
