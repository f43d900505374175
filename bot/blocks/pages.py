"""Long lists, a page at a time: Slack takes 50 blocks in a message, and nobody reads more than a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from digests.speech import _

A_PAGE = 8
LONGEST_TEXT = 3_000
"""Characters in the text of one block."""
LONGEST_TOGETHER = 12_000
"""Characters in the paragraphs of one message. Slack refuses somewhere above 13,000, with what stands on buttons."""
LONGEST_SAID = 75
"""Slack takes so many letters of what a screen reader says of a button."""

T = TypeVar("T")
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of the things in a list, and where in the list they stand."""

    things: Sequence[T]
    number: int
    """Counted from 0."""
    of: int | None
    """How many pages there are; None where nobody has looked that far."""
    more: bool
    """Whether another page comes after this one."""

    @classmethod
    def cut(cls, things: Sequence[T], number: int, *, size: int = A_PAGE) -> Page[T]:
        """The page of that number; the last one, where the list has become shorter since."""
        pages = max(1, -(-len(things) // size))
        number = min(max(number, 0), pages - 1)
        return cls(things[number * size : (number + 1) * size], number, pages, number + 1 < pages)

    @classmethod
    def peeked(cls, things: Sequence[T], number: int, *, size: int = A_PAGE) -> Page[T]:
        """The page of that number, from what stands on it and, if there is more, the first thing behind it."""
        return cls(things[:size], max(number, 0), None, len(things) > size)

    def turning(self, action_id: str, *, carrying: str = "") -> list[Block]:
        """The buttons that turn the page; nothing, where there is but one. Each carries `carrying/number`."""
        if self.number == 0 and not self.more:
            return []
        buttons = [
            button(label, f"{action_id}_{way}", f"{carrying}/{self.number + step}")
            for label, way, step in ((_("Earlier"), "earlier", -1), (_("More"), "more", 1))
            if (step < 0 < self.number) or (step > 0 and self.more)
        ]
        told = _("Page {number} of {of}.") if self.of else _("Page {number}.")
        return [small(told.format(number=self.number + 1, of=self.of)), {"type": "actions", "elements": buttons}]


def carried(value: str) -> tuple[str, int]:
    """What a button that turns the page carries, and the page it turns to."""
    carrying, _, number = value.rpartition("/")
    return carrying, int(number)


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": fitting(text), "verbatim": True}}


def small(text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": fitting(text), "verbatim": True}]}


def fitting(text: str, at_most: int = LONGEST_TEXT) -> str:
    """Words that are safe inside mrkdwn, cut to what one block holds: whoever typed a hundred ampersands has five
    hundred characters here. No `&amp;` and no `<#C123>` is cut in two.
    """
    if len(text) <= at_most:
        return text
    cut = text[: at_most - 1]
    for opening, closing in ("<>", "&;"):
        begun = cut.rfind(opening)
        cut = cut if begun < 0 or closing in cut[begun:] else cut[:begun]
    return cut.rstrip() + "…"


def fitting_together(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a message, which have a limit together as well; where they are beyond it, the longer paragraphs
    are cut. That takes words of hundreds of signs which Slack writes with five characters each, or names as long.
    """
    paragraphs = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    paragraphs += [one["text"] for block in blocks if block["type"] == "context" for one in block["elements"]]
    if sum(map(len, paragraphs)) <= LONGEST_TOGETHER:
        return list(blocks)
    return [_cut(block, LONGEST_TOGETHER // len(paragraphs)) for block in blocks]


def _cut(block: Block, at_most: int) -> Block:
    if block["type"] == "section":
        return {**block, "text": {**block["text"], "text": fitting(block["text"]["text"], at_most)}}
    if block["type"] == "context":
        return {**block, "elements": [{**one, "text": fitting(one["text"], at_most)} for one in block["elements"]]}
    return block


def plain(text: str) -> Block:
    """Words that Slack shows as they are: on buttons, over fields, as titles. It takes no empty ones."""
    return {"type": "plain_text", "text": text or "…"}


def button(label: str, action_id: str, value: str, *, says: str = "") -> Block:
    """A button; `says` is what a screen reader says, where the label alone would not do."""
    made = {"type": "button", "text": plain(label), "action_id": action_id, "value": value}
    return {**made, "accessibility_label": says[:LONGEST_SAID]} if says else made


def message(*paragraphs: str) -> dict[str, Any]:
    """A message of a few paragraphs; the first one stands for it in notifications."""
    return {"text": paragraphs[0], "blocks": [section(paragraph) for paragraph in paragraphs]}
