"""Redaction: finds what identifies people in a note and puts typed placeholders in its place.

It *reduces* what identifies people; it never promises to remove everything. Layers, surest first: Slack's own markup,
checksums (cards, IBANs, NHS numbers), shapes with the words around them, lists of names of many cultures with the
words around them, and a small network that has read the whole note.

    redactor = Redactor.load()
    redactor.redact("Priya rang from 07700 900123").text    # "[name] rang from [phone]"
"""

from __future__ import annotations

from nlp.redaction.redactor import Redactor
from nlp.redaction.roster import NOBODY, Roster
from nlp.redaction.spans import LABELS, PiiSpan, Redaction

__all__ = ["LABELS", "NOBODY", "PiiSpan", "Redaction", "Redactor", "Roster"]
