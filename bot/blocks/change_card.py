"""What a unit changed in its work: one change as it was noted, and all of them in a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.blocks import pages
from bot.blocks.pages import Page
from digests import mrkdwn, periods, quotes
from digests.speech import N_, _
from storage.models import Change, Unit

TURN = "changes_page"
ANEW = "change_anew"
RUN_ON = "change_run_on"
UNDO = "change_undo"


def noted(unit: Unit, change: Change) -> dict[str, Any]:
    """A change that was just noted, or looked at again, and what may be done about it."""
    said = _("Noted for *{unit}*, from {day} on:").format(unit=mrkdwn.escape(unit.name), day=_day(change.changed_on))
    if change.anew:
        then = _(
            "The charts of *{unit}* begin anew with that week, and say why. The limits from before stay drawn, so that "
            "everyone can see what was different."
        )
    else:
        then = _(
            "Digests show it, here and in other units, and say so when something moves soon after. The charts keep "
            "their limits: that is how you see whether it helped. If the work is another one from now on, let them "
            "begin anew."
        )
    return {
        "text": said,
        "blocks": [
            pages.section(f"{said}\n{mrkdwn.quote(change.words)}"),
            pages.section(then.format(unit=mrkdwn.escape(unit.name))),
            {"type": "actions", "elements": _buttons(change)},
        ],
    }


def listed(unit: Unit, changes: Sequence[Change], *, page: int = 0) -> dict[str, Any]:
    """What a unit changed, the latest first, a page at a time."""
    text = _("What {unit} changed in its work").format(unit=mrkdwn.escape(unit.name))
    shown = Page.cut(changes, page)
    blocks = [pages.section(f"*{text}*")]
    for change in shown.things:
        since = _("From {day} on, and the charts begin anew there:") if change.anew else _("From {day} on:")
        blocks.append(pages.section(f"{since.format(day=_day(change.changed_on))}\n{mrkdwn.quote(change.words)}"))
        blocks.append({"type": "actions", "elements": _buttons(change)})
    if not changes:
        blocks.append(
            pages.section(_("Nothing is noted yet. Try `/groundswell changed We now text people the day before`."))
        )
    blocks += shown.turning(TURN, carrying=str(unit.id))
    return {"text": text, "blocks": blocks}


def taken_back() -> dict[str, Any]:
    """Where a change stood."""
    return pages.message(
        _("Taken back. Its words are gone, and from the next digest on, the charts run on as they did before.")
    )


def _buttons(change: Change) -> list[dict[str, Any]]:
    if change.anew:
        says = _which(change, _("Let the charts run on across “{words}”, {day}"))
        charts = pages.button(_("Let the charts run on"), RUN_ON, str(change.id), says=says)
    else:
        says = _which(change, _("Begin the charts anew with “{words}”, {day}"))
        charts = pages.button(_("Begin the charts anew"), ANEW, str(change.id), says=says)
    back = _which(change, _("Take back “{words}”, {day}"))
    return [charts, pages.button(_("Undo"), UNDO, str(change.id), says=back)]


def _which(change: Change, says: str) -> str:
    """What a screen reader says, with as many of the change's words as it has room for: two may be of one day."""
    day = _day(change.changed_on)
    room = pages.LONGEST_SAID - len(says.format(words=" …", day=day))
    return says.format(words=quotes.shortened(change.words, at_most=room)[0], day=day)


def _day(day: date) -> str:
    return periods.dated(day, N_("d MMMM y"))
