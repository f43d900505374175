"""What this is and what becomes of people's words, said plainly, with the buttons that let them act on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.blocks import pages
from digests import mrkdwn
from digests.speech import _

TAKE_ALONG = "own_notes_take_along"
DELETE = "own_notes_delete"
_IN_ONE_MESSAGE = 3_500


def about(version: str) -> dict[str, Any]:
    """What this is, how far to trust it, and what it never does."""
    return pages.message(
        _("*Groundswell passes on what customers really ask for*, and what gets in the way of helping them."),
        _(
            "It suggests what each note means, from rules that anyone can read and from examples. It can be wrong: "
            "press *Change* and your word stands. No outside service sees a note; everything happens where this "
            "app runs."
        ),
        _(
            "Nobody is ever counted or compared. What keeps coming is studied as the work of the system, "
            "never of a person."
        ),
        _("The tagger here is version {version}.").format(version=mrkdwn.escape(version)),
    )


def privacy() -> dict[str, Any]:
    """What is kept, what is left out, who sees what, and the way out."""
    said = pages.message(
        _(
            "*What is kept:* the words as your receipt showed them, what you added to them, what they mean, "
            "and where they were heard."
        ),
        _(
            "*What is left out before anything is kept:* names, numbers and addresses that identify people. "
            "This reduces what identifies people; it cannot find everything."
        ),
        _(
            "*Who sees what:* anyone here may read the words. Only you see which notes are yours: "
            "who passed something on is kept apart, to answer you, and no digest can open it."
        ),
        _("*How long:* until you take a note back, or your organisation removes the app."),
        _(
            "*What goes when you take a note back:* its words, wherever we keep or still have to say them, and that it "
            "was yours. A weekly digest that quoted it is edited. What people read or copied in Slack, a digest that "
            "somebody posted out of turn, and the messages between you and me stay in Slack."
        ),
    )
    return {**said, "blocks": [*said["blocks"], {"type": "actions", "elements": buttons()}]}


def buttons() -> list[dict[str, Any]]:
    """Take mine along, and delete mine; the latter asks once more."""
    delete = pages.button(_("Delete mine"), DELETE, "all", says=_("Delete every note that I passed on"))
    confirm = {
        "title": pages.plain(_("Delete all your notes?")),
        "text": pages.plain(_("Every note that you passed on goes for good, with what it was taken to mean.")),
        "confirm": pages.plain(_("Delete them")),
        "deny": pages.plain(_("Keep them")),
        "style": "danger",
    }
    take = pages.button(_("Send me mine"), TAKE_ALONG, "all", says=_("Send me every note that I passed on"))
    return [take, {**delete, "confirm": confirm}]


def in_messages(content: str) -> Iterator[str]:
    """The same file as a few messages, where no file may go."""
    for start in range(0, len(content), _IN_ONE_MESSAGE):
        yield f"```{mrkdwn.escape(content[start : start + _IN_ONE_MESSAGE])}```"
