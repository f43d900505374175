"""The same words in three voices: Slack's mrkdwn, plain text, and HTML.

A template says *what kind* of thing a piece of text is (a line, an item, a quotation, small print); the voice knows how
that looks. Whatever a template interpolates comes from outside and is made safe by the voice, once.
"""

from __future__ import annotations

import re
import textwrap
from typing import Protocol

import markupsafe
from markupsafe import Markup

from digests import mrkdwn, pictures
from digests.facts import Charted
from digests.speech import _

_WIDTH = 92
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
"""Where a line may end: French keeps its colons and quotation marks on the line with spaces of another sort."""
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_GAP = "\u2029"
"""Marks a blank line that is wanted, until the unwanted ones are gone."""


class Voice(Protocol):
    """How text looks in one medium. Every method takes finished text and gives back finished text."""

    def safe(self, words: object) -> Markup:
        """Something from outside, made safe here."""

    def strong(self, words: object) -> Markup:
        """Words that matter."""

    def line(self, words: object) -> Markup:
        """A paragraph."""

    def item(self, words: object) -> Markup:
        """One of several."""

    def small(self, words: object) -> Markup:
        """Small print."""

    def quote(self, words: str) -> Markup:
        """Somebody's words, with their line breaks."""

    def picture(self, charted: Charted) -> Markup:
        """A chart, where the medium can show one inside the text."""

    def tidy(self, body: str) -> str:
        """A finished section, without the blank lines that templates leave behind."""


class Mrkdwn:
    """For Slack."""

    def safe(self, words: object) -> Markup:
        """Escaped for mrkdwn."""
        return words if isinstance(words, Markup) else Markup(mrkdwn.escape(str(words)))

    def strong(self, words: object) -> Markup:
        """In bold."""
        return Markup("*") + self.safe(words) + Markup("*")

    def line(self, words: object) -> Markup:
        """A line of its own."""
        return Markup(_flat(self.safe(words)) + "\n")

    def item(self, words: object) -> Markup:
        """With a bullet."""
        return Markup("• " + _flat(self.safe(words)) + "\n")

    def small(self, words: object) -> Markup:
        """A line of its own: Slack's small print cannot stand inside a section."""
        return self.line(words)

    def quote(self, words: str) -> Markup:
        """As a quotation."""
        return Markup(mrkdwn.quote(words) + "\n")

    def tidy(self, body: str) -> str:
        """No blank lines: Slack sets its own space around a quotation."""
        return _BLANK.sub("\n", body).strip("\n")

    def picture(self, charted: Charted) -> Markup:
        """Nothing: pictures travel beside a message, and the numbers stand in the text."""
        return Markup("")


class Plain:
    """For a terminal, a letter or a log."""

    def safe(self, words: object) -> Markup:
        """As it is, without control characters."""
        return words if isinstance(words, Markup) else Markup(mrkdwn.plain(str(words)))

    def strong(self, words: object) -> Markup:
        """As it is: words alone must do."""
        return self.safe(words)

    def line(self, words: object) -> Markup:
        """Wrapped."""
        return _wrapped(self.safe(words), "", "")

    def item(self, words: object) -> Markup:
        """Wrapped, with a dash."""
        return _wrapped(self.safe(words), "- ", "  ")

    def small(self, words: object) -> Markup:
        """Wrapped."""
        return self.line(words)

    def quote(self, words: str) -> Markup:
        """Indented, in quotation marks."""
        lines = _("“{name}”").format(name=mrkdwn.plain(words).strip()).split("\n")
        return Markup(_GAP + "\n") + Markup("").join(_wrapped(line, "    ", "    ") for line in lines)

    def tidy(self, body: str) -> str:
        """A blank line before each quotation, and nowhere else."""
        return _BLANK.sub("\n", body).strip("\n").replace(_GAP, "").strip("\n")

    def picture(self, charted: Charted) -> Markup:
        """Nothing: the numbers stand in the text."""
        return Markup("")


class Html:
    """For a page to read, print or mail."""

    def safe(self, words: object) -> Markup:
        """Escaped for HTML."""
        return words if isinstance(words, Markup) else markupsafe.escape(mrkdwn.plain(str(words)))

    def strong(self, words: object) -> Markup:
        """In bold."""
        return Markup("<strong>{}</strong>").format(self.safe(words))

    def line(self, words: object) -> Markup:
        """A paragraph."""
        return Markup("<p>{}</p>\n").format(self.safe(words))

    def item(self, words: object) -> Markup:
        """A paragraph with a mark before it."""
        return Markup('<p class="item">{}</p>\n').format(self.safe(words))

    def small(self, words: object) -> Markup:
        """A paragraph in small print."""
        return Markup('<p class="small">{}</p>\n').format(self.safe(words))

    def quote(self, words: str) -> Markup:
        """A block quotation that keeps its lines."""
        return Markup('<blockquote dir="auto">{}</blockquote>\n').format(self.safe(words.strip()))

    def tidy(self, body: str) -> str:
        """Browsers do not mind blank lines; readers of the source do."""
        return _BLANK.sub("\n", body).strip("\n")

    def picture(self, charted: Charted) -> Markup:
        """The chart itself, as SVG."""
        return Markup("<figure>{}</figure>\n").format(Markup(pictures.svg(charted)))


def _flat(words: str) -> str:
    return " ".join(str(words).split(" ")).replace("\n", " ").strip()


def _wrapped(words: str, first: str, others: str) -> Markup:
    text = _SPACES.sub(" ", str(words)).strip()
    lines = textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )
    return Markup("\n".join(lines) + "\n")
