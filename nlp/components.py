"""The tagger as a component of anyone's spaCy pipeline.

language.add_pipe("demand_type", config={"purpose": "We keep homes warm."})
language("Third time I've rung about my boiler")._.demand.kind
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.tagger import Tagger


class DemandType:
    """Puts what a text seems to mean into `Doc._.demand`, a `nlp.tagging.Tagging`."""

    def __init__(self, tagger: Tagger, *, purpose: str) -> None:
        self._tagger = tagger
        self._purpose = purpose
        if not Doc.has_extension("demand"):
            Doc.set_extension("demand", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document."""
        doc._.demand = self._tagger.tag(doc.text, purpose=self._purpose)
        return doc


@Language.factory("demand_type", default_config={"purpose": ""})
def demand_type(nlp: Language, name: str, purpose: str) -> DemandType:
    """Make the component; spaCy calls this, with the pipeline under the name that it insists on."""
    return DemandType(Tagger.load(), purpose=purpose)
