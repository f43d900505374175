"""What redaction finds and what it leaves: labelled spans, and the words with placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

PLACEHOLDERS = MappingProxyType(
    {
        "EMAIL": "[email]",
        "IBAN": "[IBAN]",
        "CARD": "[card number]",
        "NHS_NO": "[NHS number]",
        "NINO": "[NI number]",
        "SORTCODE": "[sort code]",
        "DOB": "[date of birth]",
        "PHONE": "[phone]",
        "VEHICLE_REG": "[vehicle]",
        "IP_ADDRESS": "[IP address]",
        "ADDRESS": "[address]",
        "POSTCODE": "[postcode]",
        "ACCOUNT": "[account number]",
        "PERSON": "[name]",
    }
)
"""Label to placeholder, in the order in which one wins where two findings overlap."""

DIGIT = re.compile(r"\d")
"""Without one, most finders have nothing to look for."""

LABELS = tuple(PLACEHOLDERS)
_RANK = {label: place for place, label in enumerate(LABELS)}

PLACEHOLDER = re.compile("|".join(re.escape(placeholder) for placeholder in PLACEHOLDERS.values()))
"""Wherever something was left out."""

PROTECTED = re.compile(PLACEHOLDER.pattern + r"|<[#!][^<>\n]{1,200}>")
"""What is never touched: placeholders that already stand, and Slack's markup for channels and groups."""


@dataclass(frozen=True, slots=True, order=True)
class PiiSpan:
    """Something that identifies a person: characters `start` to `end` (exclusive) of the words as given."""

    start: int
    end: int
    label: str
    """One of `LABELS`."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """The words with placeholders in place of what identifies people, and where that stood in the words as given."""

    text: str
    spans: tuple[PiiSpan, ...]


def settle(found: Iterable[PiiSpan], *, length: int) -> list[PiiSpan]:
    """The findings that stand, in order of place: where two overlap, the surer label wins, then the longer span.

    What a losing span covers beyond the winner is read again in the next round.

    `length` is the number of characters of the text.
    """
    owner: bytearray = bytearray(length)
    kept: list[PiiSpan] = []
    for span in sorted(set(found), key=lambda span: (_RANK[span.label], span.start - span.end, span.start)):
        if span.start < span.end and not any(owner[span.start : span.end]):
            owner[span.start : span.end] = b"\x01" * (span.end - span.start)
            kept.append(span)
    return sorted(kept)


def joined(found: Iterable[PiiSpan], label: str) -> list[PiiSpan]:
    """The findings, those of this label that overlap made one."""
    made: list[PiiSpan] = []
    other: list[PiiSpan] = []
    for span in sorted(found):
        if span.label != label:
            other.append(span)
        elif made and span.start < made[-1].end:
            made[-1] = PiiSpan(made[-1].start, max(made[-1].end, span.end), label)
        else:
            made.append(span)
    return [*made, *other]


def replace(text: str, spans: Iterable[PiiSpan]) -> str:
    """The text with a placeholder in place of each span. Spans must be in order and apart."""
    pieces: list[str] = []
    here = 0
    for span in spans:
        pieces += text[here : span.start], PLACEHOLDERS[span.label]
        here = span.end
    pieces.append(text[here:])
    return "".join(pieces)
