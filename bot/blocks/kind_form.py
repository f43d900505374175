"""The small form in which someone says what a note of theirs really is: from the list of their notes, or from Home."""

from __future__ import annotations

import json
from typing import Any

from bot.blocks import pages, receipt, tag_form
from bot.blocks.note_list import headed, quoted
from bot.blocks.pages import section
from bot.notebook import Kept
from digests.speech import _

CALLBACK = "kind_form"
_BLOCK = "kind"
_FIELD = "chosen"


def opening(sentence: str = "") -> dict[str, Any]:
    """What stands there until the note is at hand, since Slack gives three seconds to open a form; or why it is not."""
    return _view([section(sentence or _("One moment…"))])


def build(kept: Kept, *, page: int, response_url: str = "") -> dict[str, Any]:
    """The form for one note. It remembers where it was opened, so that what is shown there can follow."""
    select: dict[str, Any] = {
        "type": "static_select",
        "action_id": _FIELD,
        "placeholder": pages.plain(_("Choose what it is")),
        "option_groups": tag_form.groups(kept.note.id),
    }
    if kept.tag is not None:
        select["initial_option"] = tag_form.option(kept.note.id, kept.tag.kind)
    asked = {
        "type": "input",
        "block_id": _BLOCK,
        "label": pages.plain(_("What is this note about? Your word stands.")),
        "element": select,
    }
    return {
        **_view([section(f"{headed(kept)}\n{quoted(kept)}"), asked]),
        "submit": pages.plain(_("That is it")),
        "private_metadata": json.dumps({"page": page, "response_url": response_url}),
    }


def read(view: dict[str, Any]) -> tuple[int, str, int, str]:
    """The note, the name of the kind chosen, and where the form came from: the page, and its response URL if any."""
    note_id, kind = receipt.note_and_kind(view["state"]["values"][_BLOCK][_FIELD]["selected_option"]["value"])
    origin = json.loads(view["private_metadata"])
    return note_id, kind, int(origin["page"]), str(origin["response_url"])


def refused(sentence: str) -> dict[str, Any]:
    """What keeps the form open, with a sentence at the choice."""
    return {"response_action": "errors", "errors": {_BLOCK: sentence}}


def _view(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": pages.plain(_("What is it really?")),
        "close": pages.plain(_("Leave it")),
        "blocks": blocks,
    }
