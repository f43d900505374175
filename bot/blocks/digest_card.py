"""The digest as Slack shows it: what fits a screen in the message, the detail in its thread, nothing dropped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.blocks import pages, picture_card
from digests import render, speech
from digests.facts import Digest
from digests.render import Section
from digests.speech import _, plural

LONGEST_MESSAGE = 9_000
"""Characters in one message's blocks. Slack refuses somewhere above 13,000, and does not say where."""
MOST_BLOCKS = 45
LONGEST_SECTION = 2_900
LONGEST_HEADER = 150

_QUOTED = "> "
_SENTENCE_END = re.compile(r"[.!?…]+[”\"')]*(?= )|[。！？]")

Block = dict[str, Any]


def build(digest: Digest) -> dict[str, Any]:
    """The card: `text` for notifications and screen readers, `blocks` for the eye, and the messages of its `thread`.

    What does not fit the message comes first in the thread, cut between lines; where a line is longer than Slack takes,
    at the end of a sentence, and between words only where no sentence ends.
    """
    told = render.as_sections(digest)
    screen = [_blocks(section) for section in told.sections if not section.detail]
    detail = [_blocks(section) for section in told.sections if section.detail]
    header = {"type": "header", "text": pages.plain(html.unescape(told.headline)[:LONGEST_HEADER])}
    first, *overflow = _messages([[header], *screen])
    rest = _messages([*overflow, *detail]) if overflow or detail else []
    with speech.speaking(digest.language):
        text = summary(digest, told.headline)
        thread = [_message(_continued(told.headline, n, len(rest)), blocks) for n, blocks in enumerate(rest, 1)]
        drawn = picture_card.build(digest)
    return {**_message(text, first), "thread": [drawn, *thread] if drawn else thread}


def summary(digest: Digest, headline: str) -> str:
    """The digest in a few words, for a notification.

    The failure share stands there by its verdict alone: its numbers never go without the words around them.
    """
    parts = [headline]
    share = digest.charted("failure share")
    if share is not None and not digest.still_here:
        verdict = _("changed before, and no news") if share.told_before else _(share.chart.verdict.value)
        parts.append(_("{chart}: {verdict}").format(chart=_("Failure demand"), verdict=verdict))
    if digest.asks:
        parts.append(plural(len(digest.asks), "{n} thing asked of managers", "{n} things asked of managers"))
    return ". ".join(parts) + "."


def _continued(headline: str, n: int, of: int) -> str:
    if of == 1:
        return _("{headline}, the detail").format(headline=headline)
    return _("{headline}, the detail ({n} of {of})").format(headline=headline, n=n, of=of)


def _messages(groups: Iterable[list[Block]]) -> list[list[Block]]:
    """The blocks in as few messages as hold them, in order. A group moves on as a whole while it fits one message."""
    messages: list[list[Block]] = [[]]
    for group in groups:
        if not _fits([*messages[-1], *group]) and _fits(group):
            messages.append([])
        for block in group:
            if not _fits([*messages[-1], block]):
                messages.append([])
            messages[-1].append(block)
    return messages


def _fits(blocks: list[Block]) -> bool:
    return len(blocks) <= MOST_BLOCKS and sum(len(block["text"]["text"]) for block in blocks) <= LONGEST_MESSAGE


def _blocks(section: Section) -> list[Block]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": piece, "verbatim": True}}
        for piece in pieces(f"*{section.title}*\n{section.body}")
    ]


def _message(text: str, blocks: list[Block]) -> dict[str, Any]:
    return {"text": text, "blocks": blocks}


def pieces(text: str, *, at_most: int = LONGEST_SECTION) -> Iterator[str]:
    """The text in pieces that Slack takes, cut between lines; a line that is too long, at the end of a sentence if one
    ends in its second half, or else between words. Every part of a quotation stays marked as one.
    """
    piece = ""
    for line in text.split("\n"):
        for part in _parts(line, at_most):
            if piece and len(piece) + 1 + len(part) > at_most:
                yield piece
                piece = part
            else:
                piece = f"{piece}\n{part}" if piece else part
    if piece.strip():
        yield piece


def _parts(line: str, at_most: int) -> Iterator[str]:
    mark = _QUOTED if line.startswith(_QUOTED) else ""
    while len(line) > at_most:
        ends = [found.end() for found in _SENTENCE_END.finditer(line, 0, at_most)]
        cut = ends[-1] if ends and ends[-1] > at_most / 2 else line.rfind(" ", len(mark), at_most)
        cut = cut if cut > 0 else _between_entities(line, at_most)
        yield line[:cut].rstrip()
        line = mark + line[cut:].lstrip()
    yield line


def _between_entities(line: str, cut: int) -> int:
    """A place to cut, at or before this one, that does not fall inside an `&amp;`."""
    ampersand = line.rfind("&", max(0, cut - 5), cut)
    return ampersand if ampersand > 0 and ";" not in line[ampersand:cut] else cut
