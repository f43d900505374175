"""The redactor: every finder in turn, until nothing more is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from nlp.redaction import births, contacts, lists, names, network, numbers, places, spans, tokens
from nlp.redaction.network import Network
from nlp.redaction.roster import NOBODY, Roster
from nlp.redaction.spans import PROTECTED, PiiSpan, Redaction

MOST_ROUNDS = 6


class Redactor:
    """Puts typed placeholders in place of what identifies people. It *reduces*; it cannot promise to find all.

    Deterministic and offline. Redacting what is redacted already changes nothing.
    """

    def __init__(self, network: Network) -> None:
        """With the network that knows names and addresses by what stands around them."""
        self._network = network

    @classmethod
    def load(cls) -> Redactor:
        """The redactor with the network that comes with the product, warmed; nothing is fetched."""
        redactor = cls(network.shipped())
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
        seen = self._network.read(text, tokens.read(text, known=lists.load(), hidden=hidden))
        numbered = [*contacts.find(text), *numbers.find(text), *births.find(text)]
        placed = [*places.find(text)]
        elsewhere = _covered(hidden, [*numbered, *(span for span in placed if span.label != "ADDRESS")])
        lived_at = spans.joined([*placed, *network.addresses(text, seen, hidden=elsewhere)], "ADDRESS")
        free = [span for span in (*numbered, *lived_at) if not any(hidden[span.start : span.end])]
        settled = spans.settle(free, length=len(text))
        hidden = _covered(hidden, settled)
        people = list(names.find(text, hidden=hidden, people=roster, seen=seen))
        people += [
            PiiSpan(start, end, "PERSON")
            for name, start, end in contacts.handles(text)
            if names.is_handle(name, roster) and not any(hidden[start:end])
        ]
        people = [person for person in people if not any(hidden[person.start : person.end])]
        dates = [span for span in births.beside(text, people) if not any(hidden[span.start : span.end])]
        return spans.settle([*settled, *people, *dates], length=len(text))


def _covered(hidden: bytearray, found: Iterable[PiiSpan]) -> bytearray:
    """What is hidden, and what was found as well."""
    covered = bytearray(hidden)
    for span in found:
        covered[span.start : span.end] = b"\x01" * (span.end - span.start)
    return covered


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
