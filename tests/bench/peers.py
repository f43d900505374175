"""What else could hear a note: the usual recipes, for their speed alone. How well they hear is not measured here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nlp import embedding, examples, pipeline
from nlp.vocabulary import DemandKind

SEED = 26


@dataclass(frozen=True, slots=True)
class Peer:
    """Another way to do the same part of the work: for one note, and for many at once."""

    name: str
    one: Callable[[str], object]
    many: Callable[[Sequence[str]], object]


def tf_idf() -> Peer:
    """TF-IDF of words and pairs of words, and logistic regression, trained on every row of the primer."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    rows = examples.primer()
    recipe = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        LogisticRegression(max_iter=60, tol=1e-2, random_state=SEED),
    )
    recipe.fit([row.words for row in rows], [row.kinds[0].value for row in rows])
    return Peer("TF-IDF and logistic regression", lambda said: recipe.predict_proba([said]), recipe.predict_proba)


def textcat() -> Peer:
    """The text categoriser of spaCy with our fourteen demand kinds, on a blank pipeline; untrained."""
    import spacy
    from thinc.api import fix_random_seed

    fix_random_seed(SEED)
    language = spacy.blank("en")
    categoriser: Any = language.add_pipe("textcat")
    for kind in DemandKind:
        categoriser.add_label(kind.value)
    language.initialize()
    return Peer("spaCy textcat, untrained", language, lambda texts: _drained(language.pipe(texts, batch_size=64)))


def bare_embedding() -> Peer:
    """A sentence's vector and nothing more: the general encoder that the product ships."""
    encoder = embedding.minilm()
    return Peer("MiniLM vector alone", lambda said: encoder.encode([said]), encoder.encode)


def presidio() -> Peer:
    """Presidio with its usual English recognisers, on the product's own spaCy pipeline. None of it leaves this machine.

    Raises:
        ImportError: it is not installed.
    """
    import tldextract.tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    # its recogniser for e-mail would otherwise fetch a list of domains at first use
    offline = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    tldextract.tldextract.TLD_EXTRACTOR = offline
    engine: Any = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "shared"}])
    engine.nlp = {"en": pipeline.load(None)}
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])

    def find(said: str) -> object:
        return analyzer.analyze(said, language="en")

    return Peer("Presidio, as it comes", find, lambda texts: _drained(map(find, texts)))


def _drained(items: Iterable[object]) -> None:
    for _ in items:
        pass
