"""Notes shown again, in a list: a person's own with where each has got to, or everyone's that hold some words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.dates import format_date

from bot.blocks import pages, receipt, wording
from bot.blocks.pages import Page
from bot.notebook import Kept
from digests import mrkdwn, speech
from digests.speech import _

TURN_OWN = "own_notes_page"
TURN_FOUND = "found_notes_page"
KEEP = "keep_as_note"
_LONGEST = 280
_LONGEST_VALUE = 1900


def own(notes: Sequence[Kept], *, page: int = 0) -> dict[str, Any]:
    """A person's own notes, each with the two ways to put it right."""
    if not notes:
        return pages.message(_("You have not passed anything on yet. Try `/demand` and a customer's words."))
    shown = Page.cut(notes, page, size=5)
    text = _("What you passed on, newest first. Only you see this.")
    blocks = [pages.section(f"*{text}*")]
    for kept in shown.things:
        blocks += own_note(kept)
    return {"text": text, "blocks": [*blocks, *shown.turning(TURN_OWN)]}


def own_note(kept: Kept) -> list[dict[str, Any]]:
    """One of a person's own notes: what it is, its words, where it has got to, and its buttons."""
    number = kept.note.number
    buttons = [
        pages.button(
            _("Undo"), receipt.UNDO, str(kept.note.id), says=_("Undo: take note {number} back").format(number=number)
        )
    ]
    if kept.tag is not None:
        says = _("Change what note {number} is").format(number=number)
        buttons.insert(0, pages.button(_("Change"), receipt.CHANGE, str(kept.note.id), says=says))
    return [
        pages.section(f"{headed(kept)}\n{_quoted(kept)}"),
        pages.small(_so_far(kept)),
        {"type": "actions", "elements": buttons},
    ]


def found(notes: Sequence[Kept], words: str, *, page: int = 0) -> dict[str, Any]:
    """Notes that hold some words. What was typed can still be kept as a note, in case that was meant."""
    said = mrkdwn.escape(words)
    shown = Page.cut(notes, page)
    text = _("Notes with “{words}”, newest first:") if notes else _("No note holds “{words}” yet.")
    blocks = [pages.section(text.format(words=said))]
    blocks += [pages.section(f"{headed(kept)}\n{_quoted(kept)}") for kept in shown.things]
    return {
        "text": text.format(words=said),
        "blocks": [*blocks, *shown.turning(TURN_FOUND, carrying=words[:_LONGEST_VALUE])],
    }


def or_a_note(answer: dict[str, Any], words: str, *, command: str) -> dict[str, Any]:
    """The same answer, with a button that keeps what was typed as a note after all."""
    value = f"{command} {words}"
    if len(value) > _LONGEST_VALUE:
        return answer
    says = _("Keep what I typed as a note")
    keep = {"type": "actions", "elements": [pages.button(says, KEEP, value)]}
    return {**answer, "blocks": [*answer["blocks"], keep]}


def headed(kept: Kept) -> str:
    """A note's first line: its number, what it is, its theme, and when it was heard."""
    day = format_date(kept.note.heard_at.date(), "d MMMM y", locale=speech.spoken())
    parts = [f"*{_('Note {number}').format(number=kept.note.number)}*"]
    if kept.tag is not None:
        parts.append(wording.a_kind(kept.tag.kind))
        if kept.tag.theme:
            parts.append(f"“{mrkdwn.escape(kept.tag.theme)}”")
    return " · ".join([*parts, day])


def _quoted(kept: Kept) -> str:
    words = kept.note.verbatim
    return mrkdwn.quote(words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…")


def _so_far(kept: Kept) -> str:
    if kept.quoted_in:
        weeks = wording.joined([mrkdwn.escape(week) for week in kept.quoted_in])
        return _("Quoted in the digest of {weeks}.").format(weeks=weeks)
    if kept.tag is None:
        return _("Kept, and waiting to be understood.")
    return _("Kept, and part of what the digests say of its week.")
