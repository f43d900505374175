"""The redactor: every finder in turn, until nothing more is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from spacy.language import Language

from nlp import pipeline
from nlp.redaction import births, contacts, names, numbers, places, spans
from nlp.redaction.roster import NOBODY, Roster
from nlp.redaction.spans import PROTECTED, PiiSpan, Redaction

MOST_CHARACTERS_FOR_ENTITIES = 2_000
"""spaCy reads no further than this: it is the slowest layer, and a note longer than that is a pasted document."""
MOST_ROUNDS = 6
_HALF_LETTERS = re.compile("[\ud800-\udfff]")
"""Halves of a letter without the other, which spaCy cannot read."""
_AWAKE = ("tok2vec", "ner")


class Redactor:
    """Puts typed placeholders in place of what identifies people. It *reduces*; it cannot promise to find all.

    Deterministic and offline. Redacting what is redacted already changes nothing.
    """

    def __init__(self, *, language: Language | None) -> None:
        """With a spaCy pipeline for names in doubt, or with none: then lists and contexts decide alone."""
        self._language = language if language is not None and "ner" in language.pipe_names else None

    @classmethod
    def load(cls, *, model: str | None = None) -> Redactor:
        """The redactor with the shared spaCy pipeline (`model`, or the installed one), warmed; nothing is fetched."""
        redactor = cls(language=pipeline.load(model))
        redactor.redact("Spoke to Zorvan Qelmish of 1 High Street, tel 020 7946 0000, acc 12345678.")
        return redactor

    def redact(self, words: str, *, people: Roster = NOBODY) -> Redaction:
        """The words with what identifies people replaced, and where it stood.

        Args:
            words: any text, as it was written.
            people: the workspace's own people, found though the lists lack their names.
        """
        found: list[PiiSpan] = []
        text = words
        for _ in range(MOST_ROUNDS):
            fresh = self._find(text, people)
            if not fresh:
                break
            found = sorted([*found, *(_as_given(span, found) for span in fresh)])
            text = spans.replace(words, found)
        return Redaction(text, tuple(found))

    def redact_many(self, texts: Iterable[str], *, people: Roster = NOBODY) -> Iterator[Redaction]:
        """Each text redacted, in their order."""
        return (self.redact(text, people=people) for text in texts)

    def _find(self, text: str, roster: Roster) -> list[PiiSpan]:
        """What one look finds: numbers and places first, then people, then the dates of birth beside them."""
        protected = [match.span() for match in PROTECTED.finditer(text)]
        hidden = bytearray(len(text) + 1)
        for start, end in protected:
            hidden[start:end] = b"\x01" * (end - start)
        free = [
            span
            for finder in (contacts, numbers, places, births)
            for span in finder.find(text)
            if not any(hidden[span.start : span.end])
        ]
        settled = spans.settle(free, length=len(text))
        for span in settled:
            hidden[span.start : span.end] = b"\x01" * (span.end - span.start)
        people = list(names.find(text, hidden=hidden, people=roster, recognise=self._entities))
        people += [
            PiiSpan(start, end, "PERSON")
            for name, start, end in contacts.handles(text)
            if names.is_handle(name, roster) and not any(hidden[start:end])
        ]
        people = [person for person in people if not any(hidden[person.start : person.end])]
        dates = [span for span in births.beside(text, people) if not any(hidden[span.start : span.end])]
        return spans.settle([*settled, *people, *dates], length=len(text))

    def _entities(self, text: str) -> Sequence[tuple[int, int]]:
        """SpaCy's people in the first characters of the text, as pairs of start and end."""
        if self._language is None:
            return ()
        resting = [name for name in self._language.pipe_names if name not in _AWAKE]
        doc = self._language(_HALF_LETTERS.sub(" ", text[:MOST_CHARACTERS_FOR_ENTITIES]), disable=resting)
        return [(entity.start_char, entity.end_char) for entity in doc.ents if entity.label_ == "PERSON"]


def _as_given(span: PiiSpan, found: Sequence[PiiSpan]) -> PiiSpan:
    """The span in the words as given, when it was found in the words with placeholders for what was found before."""
    ahead = _ahead(span.start, found)
    return PiiSpan(span.start + ahead, span.end + ahead, span.label)


def _ahead(place: int, found: Sequence[PiiSpan]) -> int:
    """By how many characters the words as given run ahead of the redacted ones at this place of the redacted ones."""
    ahead = 0
    for earlier in found:
        if earlier.start - ahead >= place:
            break
        ahead += (earlier.end - earlier.start) - len(spans.PLACEHOLDERS[earlier.label])
    return ahead
