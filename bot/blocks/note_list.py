"""Notes shown again, in a list: a person's own with where each has got to, or everyone's that hold some words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.blocks import pages, receipt, wording
from bot.blocks.pages import Page
from bot.notebook import MOST_FOUND, Kept
from digests import mrkdwn, periods
from digests.speech import N_, _, plural

TURN_OWN = "own_notes_page"
TURN_FOUND = "found_notes_page"
CHANGE = "own_note_change"
UNDO = "own_note_undo"
KEEP = "keep_as_note"
_LONGEST = 280
_LONGEST_VALUE = 1900


def own(page: Page[Kept], *, said: str = "") -> dict[str, Any]:
    """A page of a person's own notes, each with the two ways to put it right. `said` is what came of a press."""
    if not page.things and not said:
        return pages.message(_("You have not passed anything on yet. Try `/demand` and a customer's words."))
    text = _("What you passed on, newest first. Only you see this.")
    blocks = [pages.section(said)] if said else []
    blocks.append(pages.section(f"*{text}*"))
    for kept in page.things:
        blocks += own_note(kept, page=page.number)
    return {"text": said or text, "blocks": [*blocks, *page.turning(TURN_OWN)]}


def own_note(kept: Kept, *, page: int, at_home: bool = False) -> list[dict[str, Any]]:
    """One of a person's own notes: what it is, its words, where it has got to, and its buttons. On the Home tab there
    is room to add detail as well.
    """
    number, carrying = kept.note.number, f"{kept.note.id}/{page}"
    undo = pages.button(_("Undo"), UNDO, carrying, says=_("Undo: take note {number} back").format(number=number))
    undo["confirm"] = {
        "title": pages.plain(_("Take this note back?")),
        "text": pages.plain(_("Its words go for good, with what they were taken to mean.")),
        "confirm": pages.plain(_("Take it back")),
        "deny": pages.plain(_("Keep it")),
    }
    change = pages.button(_("Change"), CHANGE, carrying, says=_("Change what note {number} is").format(number=number))
    says = _("Add detail to note {n}").format(n=number)
    detail = [pages.button(_("Add detail"), receipt.DETAIL, str(kept.note.id), says=says)] if at_home else []
    return [
        pages.section(f"{headed(kept)}\n{quoted(kept)}"),
        pages.small(so_far(kept)),
        {"type": "actions", "elements": [change, *detail, undo]},
    ]


def found(notes: Sequence[Kept], words: str, *, page: int = 0) -> dict[str, Any]:
    """Notes that hold some words, and where they were looked for."""
    said = mrkdwn.escape(words)
    shown = Page.cut(notes, page)
    text = _("Notes with “{words}”, newest first:") if notes else _("No note holds “{words}” yet.")
    blocks = [pages.section(text.format(words=said))]
    blocks += [pages.section(f"{headed(kept)}\n{quoted(kept)}") for kept in shown.things]
    scope = _(
        "I looked through the notes of all units, capitals and accents aside. Notes from private channels stay there, "
        "and are not among them."
    )
    if len(notes) == MOST_FOUND:
        scope += " " + _("These are the latest {number}; one more word narrows them down.").format(number=MOST_FOUND)
    turning = shown.turning(TURN_FOUND, carrying=words[:_LONGEST_VALUE])
    return {"text": text.format(words=said), "blocks": [*blocks, *turning, pages.small(scope)]}


def or_a_note(answer: dict[str, Any], words: str, *, command: str, message: str = "") -> dict[str, Any]:
    """The same answer, with a button that keeps what was typed as a note after all: after a command, or in a message,
    whose name at Slack the button carries.
    """
    value = f"{command}@{message} {words}" if message else f"{command} {words}"
    if len(value) > _LONGEST_VALUE:
        return answer
    says = _("Keep what I typed as a note")
    keep = {"type": "actions", "elements": [pages.button(says, KEEP, value)]}
    return {**answer, "blocks": [*answer["blocks"], keep]}


def typed(value: str) -> tuple[str, str, str]:
    """What such a button carries: the command, Slack's name for the message (none after a command) and the words."""
    where, _space, words = value.partition(" ")
    command, _at, message = where.partition("@")
    return command, message, words


def headed(kept: Kept) -> str:
    """A note's first line: its number, what it is, its theme, and when it was heard."""
    day = periods.dated(kept.note.heard_at.date(), N_("d MMMM y"))
    parts = [f"*{_('Note {number}').format(number=kept.note.number)}*"]
    if kept.tag is not None:
        parts.append(wording.a_kind(kept.tag.kind))
        if kept.tag.theme:
            parts.append(wording.quoted(kept.tag.theme))
    return " · ".join([*parts, day])


def quoted(kept: Kept) -> str:
    """A note's words, cut to what a list has room for."""
    words = kept.note.verbatim
    return mrkdwn.quote(words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…")


def so_far(kept: Kept) -> str:
    """Where a note has got to, in a sentence or two."""
    got_to, (times, points) = kept.got_to, kept.heard
    told = []
    if got_to.quoted_in:
        told.append(_("Quoted in the digest of {weeks}.").format(weeks=wording.joined(got_to.quoted_in)))
    if got_to.counted_in:
        told.append(_("Counted in the digest of {weeks}.").format(weeks=wording.joined(got_to.counted_in)))
    if got_to.waits_for:
        told.append(_("Kept; the digest of {week} will tell of it.").format(week=got_to.waits_for))
    if not told:
        told.append(_("Kept.") if kept.tag is not None else _("Kept, and waiting to be understood."))
    if times > 1:
        said = plural(times, "Heard {n} time in the last 12 weeks", "Heard {n} times in the last 12 weeks")
        if points > 1:
            said = plural(points, "{said} at {n} listening point", "{said} at {n} listening points", said=said)
        told.append(f"{said}.")
    return " ".join(told)
