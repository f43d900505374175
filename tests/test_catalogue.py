"""Every sentence that we may say stands in one catalogue, ready for translators, and is fit to be said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from digests import speech
from tests import catalogue

UNWELCOME = {
    "measure or target": "a system condition by its name: a number that someone has to reach is what gets in the way",
}
"""Sentences that may hold one of the words we do without, and why."""
UNWELCOME_IN = {
    "fr": re.compile(
        r"\b(objectifs?|cibles?|quotas?|performan\w+|conformité|classements?|rangs?|scores?|assign\w*|attribu\w*"
        r"|approuv\w*|rejet\w*|évalu\w*|KPI)\b|demandes? (?:a|ont) (?:augmenté|baissé|diminué)"
        r"|[↑↓→←↗↘⬆⬇▲▼📈📉%]|\bpour ?cent\b",
        re.IGNORECASE,
    )
}
"""The same words in every other language that we speak."""
LANGUAGES = [code for code in speech.LANGUAGES if code != speech.ENGLISH]
_COMMANDS = re.compile(
    r"/groundswell(?: digest)?(?: [a-z]+)?|/(?:demand|improve|invite)\b|\b(?:on|off) managers\b|\b\d{4}-\d\d-\d\d\b"
)
"""What is typed, which is the same in every language."""


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_spoken_whole(catalog: Catalog, language: str) -> None:
    """If this fails: `make catalogue`, translate what stands empty, and `make catalogue` once more."""
    known = catalogue.translation(language)
    assert {message.id for message in known} == {message.id for message in catalog}
    assert [message.id for message in known if message.id and not whole(message)] == []
    assert catalogue.po(language).read_bytes() == catalogue.written(catalogue.brought_up_to_date(language))
    assert catalogue.po(language).with_suffix(".mo").read_bytes() == catalogue.compiled(known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_holds_the_same_facts_commands_and_strong_words(language: str) -> None:
    """No fact gets lost, none is asked for that is not there, and what people are to type works."""
    for message, english, words in translated(language):
        assert facts(words) == facts(english), message.id
        assert set(_COMMANDS.findall(words)) == set(_COMMANDS.findall(english)), message.id
        assert [words.count(mark) for mark in ("`", "*", "\n")] == [english.count(mark) for mark in ("`", "*", "\n")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_does_without_the_same_words(language: str) -> None:
    """Whoever reads it and when."""
    assert [words for *_, words in translated(language) if UNWELCOME_IN[language].search(words)] == []


def test_french_is_set_as_french_is() -> None:
    """Its own quotation marks and apostrophes, and no line that begins with a colon or a question mark."""
    for *_, words in translated("fr"):
        assert not re.search(r"[ \w»`*)}][:;!?»](?:\s|$)|« |[“”\"]", re.sub("`[^`]*`", "`", words)), words
        assert "'" not in words, words


def whole(message: Message) -> bool:
    """Whether each of its forms has words."""
    forms = catalogue.each(message.string)
    return all(forms) and len(forms) == len(catalogue.each(message.id))


def translated(language: str) -> Iterator[tuple[Message, str, str]]:
    """Every form of every sentence, in English and in this language. Its first form of number is for one thing."""
    for message in catalogue.translation(language):
        if message.id:
            for english, words in zip(catalogue.each(message.id), catalogue.each(message.string), strict=True):
                yield message, english, words


def facts(words: str) -> set[str]:
    """The facts that go into a sentence."""
    return {f"{name}!{how}:{spec}" for _, name, spec, how in Formatter().parse(words) if name is not None}


def said(catalog: Catalog) -> list[str]:
    """Every sentence, those with a number in both of their forms."""
    return [words for message in catalog if message.id for words in catalogue.each(message.id)]
