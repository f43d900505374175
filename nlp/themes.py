"""A short theme for one note: the thing it is about, in the customer's own words."""

from __future__ import annotations

from types import MappingProxyType

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from nlp import lexicon

LONGEST = 3
"""Words in a theme, at most."""

OWNED = frozenset({"my", "our", "his", "her", "their", "your"})
BLANKED = frozenset("[]<>{}█_@#/\\")
"""Marks of words that were taken out, or that are no words."""
NOUN, NAME, ADJECTIVE = "NOUN", "PROPN", "ADJ"
NOUNS = frozenset({NOUN, NAME})
PENN = MappingProxyType(
    {"NN": NOUN, "NNS": NOUN, "NNP": NAME, "NNPS": NAME, "JJ": ADJECTIVE, "JJR": ADJECTIVE, "JJS": ADJECTIVE}
)
"""The parts of speech that a theme is made of, by the tags of spaCy's English pipelines. Their rules that tell every
part of speech from its tag take longer than the tags themselves.
"""


def are_told_by_tags(language: Language) -> bool:
    """Whether the tags of a pipeline alone tell what a theme is made of."""
    tagger = language.get_pipe("tagger") if "tagger" in language.pipe_names else None
    return set(PENN) <= set(getattr(tagger, "labels", ()))


def suggest(doc: Doc) -> str | None:
    """The best short name for what a note is about, as its words have it; none when no words do.

    `doc` needs parts of speech, or the tags of an English pipeline; no parse is needed.
    """
    chunks = [chunk for chunk in _chunks(doc) if any(_part(token) == NOUN for token in chunk)]
    if not chunks:
        return None
    best = max(enumerate(chunks), key=lambda placed: (_weight(placed[1]), -placed[0]))[1]
    return str(best.text.lower())


def _chunks(doc: Doc) -> list[Span]:
    """Runs of nouns with what describes them, cut to their last words."""
    chunks: list[Span] = []
    start: int | None = None
    for place in range(len(doc) + 1):
        if place < len(doc) and _says_something(doc[place]):
            start = place if start is None else start
        elif start is not None:
            end = place
            while end > start and _part(doc[end - 1]) not in NOUNS:
                end -= 1
            if end > start:
                chunks.append(doc[max(start, end - LONGEST) : end])
            start = None
    return chunks


def _part(token: Token) -> str:
    return PENN.get(token.tag_) or token.pos_


def _says_something(token: Token) -> bool:
    return (
        _part(token) in {*NOUNS, ADJECTIVE}
        and token.is_alpha
        and not token.is_stop
        and 2 < len(token) < 30
        and token.lower_ not in lexicon.fillers()
        and not _beside_a_blank(token)
    )


def _beside_a_blank(token: Token) -> bool:
    beside = [token.doc[place].text for place in (token.i - 1, token.i + 1) if 0 <= place < len(token.doc)]
    return any(BLANKED & set(text) for text in beside)


def _weight(chunk: Span) -> float:
    """What someone calls theirs tells most; two words tell more than one; a name of a place or maker tells less."""
    before = chunk.doc[chunk.start - 1].lower_ if chunk.start else ""
    owned = 1.0 if before in OWNED else 0.5 if before in {"the", "a", "an", "for"} else 0.0
    return owned + 0.4 * min(len(chunk), 2) - 0.3 * (_part(chunk[-1]) == NAME)
