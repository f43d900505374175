"""What we hear, in anyone's spaCy pipeline: `demand_type`, `redaction` and `asks`.

    language = spacy.blank("en")
    language.add_pipe("demand_type", config={"purpose": "We keep homes warm."})
    language.add_pipe("redaction")
    language.add_pipe("asks")
    doc = language("Mrs Patel is still waiting for her parcel. And can you change the name on my account?")
    doc._.demand.kind, doc._.demand.because     # a nlp.tagging.Tagging
    doc._.redacted, doc.spans["pii"]            # the words without what identifies people, and where that stood
    doc._.asks, doc.spans["asks"]               # each ask in a note, a nlp.asks.Ask

What they find travels with a document (`to_bytes`, `DocBin`, `n_process`) as plain data, and a pipeline with them in it
goes to disk and back. Nothing is downloaded, and the same words always give the same. There is no component for themes:
they emerge from many notes, so one document alone has none (`nlp.theming`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import TypeAdapter
from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

from nlp.asks import Ask, asks_in
from nlp.redaction import Redaction, Redactor
from nlp.tagger import Tagger
from nlp.tagging import Tagging

Found = TypeVar("Found")

_DEMAND, _REDACTION, _ASKS = "groundswell.demand", "groundswell.redaction", "groundswell.asks"
_TAGGING, _REDACTED, _EVERY_ASK = TypeAdapter(Tagging), TypeAdapter(Redaction), TypeAdapter(tuple[Ask, ...])


class DemandType:
    """Puts what a text seems to mean into `Doc._.demand`, a `nlp.tagging.Tagging`."""

    def __init__(self, tagger: Tagger, *, purpose: str) -> None:
        self._tagger = tagger
        self._purpose = purpose
        Doc.set_extension("demand", getter=lambda doc: _kept(doc, _DEMAND, _TAGGING), force=True)

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document."""
        _keep(doc, _DEMAND, _TAGGING, self._tagger.tag(doc.text, purpose=self._purpose))
        return doc


class Redacting:
    """Puts the words without what identifies people into `Doc._.redacted`, and what was left out into
    `Doc.spans["pii"]` (labelled; whole tokens) and `Doc._.redaction` (to the letter). The document keeps its words.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        Doc.set_extension("redaction", getter=lambda doc: _kept(doc, _REDACTION, _REDACTED), force=True)
        Doc.set_extension("redacted", getter=lambda doc: _words(_kept(doc, _REDACTION, _REDACTED)), force=True)

    def __call__(self, doc: Doc) -> Doc:
        """Look through one document."""
        found = self._redactor.redact(doc.text)
        _keep(doc, _REDACTION, _REDACTED, found)
        _mark(doc, "pii", ((span.start, span.end, span.label) for span in found.spans))
        return doc


class Asks:
    """Puts each ask of a text into `Doc._.asks`, `nlp.asks.Ask` each, and `Doc.spans["asks"]`."""

    def __init__(self) -> None:
        Doc.set_extension("asks", getter=lambda doc: _kept(doc, _ASKS, _EVERY_ASK) or (), force=True)

    def __call__(self, doc: Doc) -> Doc:
        """Find the asks of one document."""
        found = asks_in(doc.text)
        _keep(doc, _ASKS, _EVERY_ASK, found)
        _mark(doc, "asks", ((ask.start, ask.end, "ASK") for ask in found))
        return doc


@Language.factory("demand_type", default_config={"purpose": ""}, assigns=["doc._.demand"])
def demand_type(nlp: Language, name: str, purpose: str) -> DemandType:
    """Make the component; spaCy calls this, with the pipeline under the name that it insists on."""
    return DemandType(Tagger.load(), purpose=purpose)


@Language.factory("redaction", assigns=["doc._.redacted", "doc._.redaction", "doc.spans"])
def redaction(nlp: Language, name: str) -> Redacting:
    """Make the component, as above."""
    return Redacting(Redactor.load())


@Language.factory("asks", assigns=["doc._.asks", "doc.spans"])
def asks(nlp: Language, name: str) -> Asks:
    """Make the component, as above."""
    return Asks()


def _keep(doc: Doc, name: str, shape: TypeAdapter[Found], found: Found) -> None:
    doc.user_data[name] = shape.dump_python(found, mode="json")


def _kept(doc: Doc, name: str, shape: TypeAdapter[Found]) -> Found | None:
    plain: Any = doc.user_data.get(name)
    return None if plain is None else shape.validate_python(plain)


def _words(redaction: Redaction | None) -> str | None:
    return None if redaction is None else redaction.text


def _mark(doc: Doc, name: str, places: Iterator[tuple[int, int, str]]) -> None:
    spans = (doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in places)
    doc.spans[name] = SpanGroup(doc, name=name, spans=[span for span in spans if span is not None])
