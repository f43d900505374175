"""The lexicon is readable, improvable and honest: every example in it is a promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import answers, lexicon, rules
from nlp.vocabulary import DemandKind, ImprovementKind, SystemCondition


def examples(name: str) -> list[tuple[str, str]]:
    return [(title, words) for title, entry in lexicon.entries(name).items() for words in entry.examples]


@pytest.mark.parametrize(("title", "words"), examples("kinds") + examples("improvements"))
def test_every_example_of_a_kind_gives_a_cue_for_it(title: str, words: str) -> None:
    """Each example in the tag guide's word lists is heard by the entry it stands under."""
    entry = {**lexicon.entries("kinds"), **lexicon.entries("improvements")}[title]
    assert entry.heard_in(lexicon.plain(words))


@pytest.mark.parametrize(("title", "words"), examples("conditions"))
def test_every_example_of_a_condition_speaks_loudest_for_it(title: str, words: str) -> None:
    """No other system condition has more to say for the example than its own."""
    loud = rules.weights_of("conditions", words, names=answers.CONDITIONS)
    assert loud[answers.CONDITIONS.index(SystemCondition(title))] == loud.max() > 0


@pytest.mark.parametrize(("title", "words"), examples("urgent"))
def test_every_example_of_danger_is_urgent(title: str, words: str) -> None:
    """Nobody in danger is passed over when they use the words we know."""
    assert rules.urgency_of(words)


def test_the_lexicon_knows_all_our_kinds_and_no_others() -> None:
    """A team that improves the lists cannot lose a kind or make one up."""
    assert set(lexicon.entries("kinds")) == set(DemandKind)
    assert set(lexicon.entries("improvements")) - {"ours", "customer"} == set(ImprovementKind)
    assert set(lexicon.entries("conditions")) == set(SystemCondition)


@given(st.text())
def test_places_in_prepared_words_are_places_in_the_note(words: str) -> None:
    """Whatever the script, the words that we quote are the words that were written."""
    assert len(lexicon.plain(words)) == len(words)
