"""The tagger is at home in any spaCy pipeline."""

from __future__ import annotations

import spacy

import nlp.components  # noqa: F401  (registers the component; an installed package does so by its entry point)
from nlp.vocabulary import DemandKind


def test_a_blank_pipeline_hears_demand() -> None:
    """Anyone's pipeline can carry what a text seems to mean, with the purpose of the service."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("demand_type", config={"purpose": "We keep homes warm."})
    assert pipeline("Third time I've rung about my boiler")._.demand.kind is DemandKind.AGAIN
