"""The first word to whoever installed us, to nobody else: what to do next."""

from __future__ import annotations

from typing import Any

from digests.speech import _


def build() -> dict[str, Any]:
    """Slack's `text` and `blocks` of the message."""
    greeting = _("Thank you for installing Groundswell. Three things, and it works:")
    steps = [
        _("1. Type `/groundswell purpose` and a sentence: what are you here for, as your customers would say it?"),
        _(
            "2. In the managers' channel, `/invite @Groundswell`, then `/groundswell digest on managers`. "
            "In the improvement channel, `/groundswell digest on improvement`."
        ),
        _("3. Tell people at the front line: `/demand` and what the customer said. Or just write to me here."),
    ]
    privacy = _("Names and numbers are left out before anything is kept, and nobody is ever counted.")
    words = "\n".join([greeting, *steps])
    return {
        "text": f"{words}\n{privacy}",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": words}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": privacy}]},
        ],
    }
