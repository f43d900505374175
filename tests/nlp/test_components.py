"""What we hear is at home in any spaCy pipeline."""

from __future__ import annotations

import inspect
import tomllib
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import nlp.components as components  # registers them; an installed package does so by its entry points
from nlp.asks import Ask, asks_in
from nlp.redaction import Redaction
from nlp.tagger import Tagger
from nlp.tagging import Tagging
from nlp.vocabulary import DemandKind

TWO_ASKS = "Mrs Patel on 07700 900123 asks: where's my parcel? And can you change the name on my account?"
FACTORIES = ("demand_type", "redaction", "asks")


@pytest.fixture(scope="module")
def language() -> Language:
    made = spacy.blank("en")
    made.add_pipe("demand_type", config={"purpose": "We keep homes warm."})
    made.add_pipe("redaction")
    made.add_pipe("asks")
    return made


def test_a_blank_pipeline_hears_demand(language: Language) -> None:
    """Anyone's pipeline can carry what a text seems to mean, with the purpose of the service."""
    words = "Third time I've rung about my boiler"
    assert language(words)._.demand.kind is DemandKind.AGAIN
    assert language(words)._.demand == Tagger.load().tag(words, purpose="We keep homes warm.")


def test_it_says_what_identifies_people_and_where(language: Language) -> None:
    """The words without it, typed spans of it, and the words of the document untouched."""
    doc = language(TWO_ASKS)
    assert doc._.redacted.startswith("[name] on [phone] asks")
    assert isinstance(doc._.redaction, Redaction)
    assert [(span.text, span.label_) for span in doc.spans["pii"]] == [
        ("Mrs Patel", "PERSON"),
        ("07700 900123", "PHONE"),
    ]
    assert doc.text == TWO_ASKS


def test_it_finds_each_ask(language: Language) -> None:
    """Typed and as spans, in their order; one in a text that holds one."""
    doc = language(TWO_ASKS)
    assert doc._.asks == asks_in(TWO_ASKS)
    assert all(isinstance(ask, Ask) for ask in doc._.asks)
    assert [span.text for span in doc.spans["asks"]] == [ask.words for ask in doc._.asks]
    assert len(language("Where is my parcel?")._.asks) == 1


def test_the_lines_of_the_door_plate_work() -> None:
    """What a spaCy user would paste from the docstring runs as it stands."""
    lines = [line[4:] for line in (inspect.getdoc(components) or "").splitlines() if line.startswith("    ")]
    names: dict[str, object] = {"spacy": spacy}
    exec("\n".join(lines), names)
    doc = names["doc"]
    assert isinstance(doc, Doc)
    assert isinstance(doc._.demand, Tagging)
    assert len(doc.spans["asks"]) == 2


def test_a_pipeline_goes_to_disk_and_back(language: Language, tmp_path: Path) -> None:
    """What was set stays set, and the same words give the same."""
    language.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.pipe_names == list(FACTORIES)
    assert again.config["components"]["demand_type"]["purpose"] == "We keep homes warm."
    assert again(TWO_ASKS)._.demand == language(TWO_ASKS)._.demand
    assert again(TWO_ASKS)._.redacted == language(TWO_ASKS)._.redacted


def test_documents_carry_it_along(language: Language) -> None:
    """As bytes, as spaCy sends them between processes and keeps them in a `DocBin`."""
    doc = language(TWO_ASKS)
    kept = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    [back] = DocBin().from_bytes(kept).get_docs(spacy.blank("en").vocab)
    assert (back._.demand, back._.redaction, back._.asks) == (doc._.demand, doc._.redaction, doc._.asks)


def test_spacy_finds_each_by_its_entry_point() -> None:
    """Whoever installs the package needs no import of ours."""
    told = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    points = told["project"]["entry-points"]["spacy_factories"]
    assert points == {name: f"nlp.components:{name}" for name in FACTORIES}


def test_a_document_that_nobody_looked_at_says_so(language: Language) -> None:
    """Nothing was heard yet, and that is no error."""
    doc = language.make_doc("Where is my parcel?")
    assert (doc._.demand, doc._.redacted, doc._.asks) == (None, None, ())
