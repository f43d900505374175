"""Does a colleague's note blame a colleague? Then it helps to ask what about the system made that likely.

Precise rather than eager: who is told that they blame when they do not, stops writing. What a customer says of how
they were treated is demand, and no blame; nor is a team, a rule or a system at fault, which is how work should be told.
"""

from __future__ import annotations

import re

from nlp import lexicon
from nlp.redaction import lists
from nlp.redaction.lists import Sureness
from nlp.vocabulary import DemandKind, ImprovementKind, Kind, NoteType

_WORD = re.compile(r"(?<![\w\[])[A-Z][a-z]+(?=(?:['’]s)?(?!\w))")
_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|sir|madam)\.? name\b")


def blames(words: str, *, kind: Kind, told: NoteType | None = None) -> bool:
    """Whether a note blames a colleague.

    Args:
        words: the note, with or without people's names left out.
        kind: what it was taken for.
        told: what the person said it was.
    """
    named = lexicon.plain(_WORD.sub(_a_name, words.replace("[name]", "name")))
    named = _TITLED.sub("someone else", named)
    known = lexicon.entries("blame")
    if not known["a colleague"].heard_in(named) or not known["blames"].heard_in(named):
        return False
    if isinstance(kind, ImprovementKind) or told is NoteType.IMPROVEMENT:
        return True
    if told is NoteType.DEMAND and kind not in (DemandKind.NO_ASK, DemandKind.TOO_THIN):
        return bool(known["among colleagues"].heard_in(named))
    return True


def _a_name(word: re.Match[str]) -> str:
    """The word, or "name" where it is someone's."""
    return "name" if lists.load().given_name(lists.fold(word[0])) is Sureness.SURE else word[0]
