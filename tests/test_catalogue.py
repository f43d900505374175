"""Every sentence that we may say stands in one catalogue, ready for translators, and is fit to be said."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from digests import speech
from tests import catalogue

UNWELCOME = {
    "measure or target": "a system condition by its name: a number that someone has to reach is what gets in the way",
}
"""Sentences that may hold one of the words we do without, and why."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return catalogue.sentences()


def test_the_template_for_translators_is_up_to_date(catalog: Catalog) -> None:
    """If this fails: `make catalogue`."""
    template = speech.CATALOGUE / f"{speech.DOMAIN}.pot"
    assert template.read_bytes() == catalogue.written(catalog)


def test_no_sentence_of_ours_commands_ranks_or_measures_people(catalog: Catalog) -> None:
    """Nor does one claim that demand rose, or point an arrow at a number: every string, whoever reads it and when."""
    found = {words for words in said(catalog) if catalogue.UNWELCOME.search(words)}
    assert found == set(UNWELCOME)


@pytest.mark.parametrize(
    "words",
    [
        "Your target for this week", "Below quota", "Performance of the team", "In compliance", "Ranked by team",
        "A score of 7", "Assign this to Tom", "Approved", "Reject", "RAG status", "The demand volume", "Demand rose",
        "Failure demand ↑", "Up by 12 %", "12 percent more",
    ],
)  # fmt: skip
def test_the_words_we_do_without_would_be_noticed(words: str) -> None:
    assert catalogue.UNWELCOME.search(words)


def test_every_fact_in_a_sentence_has_a_name(catalog: Catalog) -> None:
    """So that a translator may move it to where their language wants it."""
    for words in said(catalog):
        names = [name for _, name, _, _ in Formatter().parse(words) if name is not None]
        assert all(re.match(r"[a-z]", name) for name in names), words


def said(catalog: Catalog) -> list[str]:
    """Every sentence, those with a number in both of their forms."""
    return [words for message in catalog if message.id for words in catalogue.each(message.id)]
