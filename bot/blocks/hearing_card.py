"""What people hear back, if they chose to: which digests their notes went into. Numbers and weeks, never the words,
since a message like this may light up on a screen that others see.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.blocks import pages, wording
from digests.speech import _
from digests.whereabouts import Whereabouts

_MOST_NAMED = 20


def quoted(number: int, week: str) -> dict[str, Any]:
    """A digest that has just arrived shows the words of a note."""
    return _message(
        _("Note {number} that you passed on is quoted in the digest of {week}.").format(number=number, week=week)
    )


def summed_up(told: Iterable[tuple[int, Whereabouts]]) -> dict[str, Any] | None:
    """A week's summary: in which digests these notes, by their numbers, were quoted or counted. None, if in none."""
    quoted: dict[str, list[str]] = {}
    counted: dict[str, list[str]] = {}
    for number, got_to in told:
        for weeks, into in ((got_to.quoted_in, quoted), (got_to.counted_in, counted)):
            for week in weeks:
                into.setdefault(week, []).append(str(number))
    if not quoted and not counted:
        return None
    lines = [
        _("Quoted in the digest of {week}: {notes}.").format(week=week, notes=_named(numbers))
        for week, numbers in quoted.items()
    ]
    lines += [
        _("Part of what the digest of {week} says: {notes}.").format(week=week, notes=_named(numbers))
        for week, numbers in counted.items()
    ]
    return _message(_("What your notes fed into this week"), *lines)


def _named(numbers: list[str]) -> str:
    shown = numbers[:_MOST_NAMED]
    if len(numbers) > len(shown):
        return _("notes {numbers} and more").format(numbers=", ".join(shown))
    return (
        _("note {number}").format(number=shown[0])
        if len(shown) == 1
        else _("notes {numbers}").format(numbers=wording.joined(shown))
    )


def _message(first: str, *more: str) -> dict[str, Any]:
    footer = _("Only you see this. `/demand mine` shows the words; `/demand prefs` changes how often I write.")
    return {
        "text": first,
        "blocks": [
            pages.section(f"*{first}*" if more else first),
            *(pages.section(line) for line in more),
            pages.small(footer),
        ],
    }
