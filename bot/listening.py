"""Listeners that may stumble after they have answered Slack.

When a listener raises right after `ack()`, Bolt forgets that it was called and lets Slack wait until its three seconds
are over (`ThreadListenerRunner.run`, 1.30). So what goes wrong after the acknowledgement is dealt with here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from slack_bolt import Args

from bot import errors
from digests import speech

Listener = Callable[..., None]


def guarded(listener: Listener) -> Callable[[Args], None]:
    """The same listener, whose errors after `ack()` are told to the person by `errors.answer` and go no further.

    What goes wrong before that is Bolt's to handle: it hands it to the same `errors.answer`, and Slack gets the answer.
    """
    wanted = tuple(inspect.signature(listener).parameters)

    def run(args: Args) -> None:
        given: dict[str, Any] = {name: getattr(args, name) for name in wanted}
        with speech.speaking(args.context.get("language", speech.ENGLISH)):
            try:
                listener(**given)
            except Exception as error:
                if args.ack.response is None:
                    raise
                errors.answer(error, args.request, None, args.body, args.context, args.client)

    run.__name__ = getattr(listener, "__name__", "listener")
    return run
