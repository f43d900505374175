"""Turns of phrase that several of our messages share."""

from __future__ import annotations

from collections.abc import Sequence

from digests import mrkdwn
from digests.speech import N_, _
from nlp.vocabulary import DemandKind, DemandType, Kind

_TYPES = {
    DemandType.VALUE: N_("value demand"),
    DemandType.FAILURE: N_("failure demand"),
    DemandType.OPPORTUNITY: N_("an opportunity"),
    DemandType.EXTERNAL: N_("demand that belongs elsewhere"),
    DemandType.UNKNOWN: N_("something we cannot place"),
}


def a_kind(kind: Kind) -> str:
    """A kind as it stands in a sentence: "failure demand (chase)" or "an improvement note (idea)"."""
    if isinstance(kind, DemandKind):
        return f"{_(_TYPES[kind.demand_type])} ({_(kind.value)})"
    return _("an improvement note ({kind})").format(kind=_(kind.value))


def quoted(words: str) -> str:
    """Words that somebody said, or the name of a theme, in the quotation marks of the language spoken."""
    return _("“{name}”").format(name=mrkdwn.escape(words))


def joined(words: Sequence[str]) -> str:
    """A list as people say it: "a, b and c"."""
    *first, last = words
    return _("{first} and {last}").format(first=", ".join(first), last=last) if first else last
