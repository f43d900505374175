"""The tagger hears what a customer means, says why, and admits when it cannot tell."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlp import answers, deciding, examples, heads, lexicon, pipeline, reasons, themes
from nlp.tagger import NOT_NEEDED, READ_AT_MOST, Tagger, Words
from nlp.vocabulary import DemandKind, DemandType, NoteType, SystemCondition

HOUSING = "A home I can afford, kept in good repair, with plain answers about my rent and my tenancy."


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


def test_a_repair_reported_first_is_what_a_repair_service_is_for(tagger: Tagger) -> None:
    """The same words are value to whoever mends taps and failure to whoever made the tap."""
    words = "The kitchen tap's started dripping."
    assert tagger.tag(words, purpose="We repair people's homes.").demand_type is DemandType.VALUE
    assert tagger.tag(words, purpose="We make and sell kitchen taps.").demand_type is DemandType.FAILURE


def test_a_third_call_is_again(tagger: Tagger) -> None:
    """Someone who rings a third time is heard as raising it again, because of those words."""
    tagging = tagger.tag("Third time I've rung about my claim")
    assert tagging.kind is DemandKind.AGAIN
    assert any("Third time" in words for words in tagging.because)


def test_because_stands_in_the_note(tagger: Tagger) -> None:
    """The words given as a reason are the customer's own, letter by letter."""
    words = "You’ve charged me TWICE this month, nobody rang back."
    tagging = tagger.tag(words)
    assert tagging.because
    assert all(reason in words for reason in tagging.because)


@pytest.mark.parametrize("words", ["the form asks for the same address twice", "no parking for patients"])
def test_what_comes_by_the_door_for_improvement_is_a_colleagues_own(tagger: Tagger, words: str) -> None:
    """Even where a customer might say the same."""
    assert tagger.tag(words, purpose=HOUSING, told=NoteType.IMPROVEMENT).note_type is NoteType.IMPROVEMENT


def test_a_customers_plain_words_are_heard_by_whatever_door_they_come(tagger: Tagger) -> None:
    words = "I've rung three times about my boiler and nobody has come"
    assert tagger.tag(words, purpose=HOUSING, told=NoteType.IMPROVEMENT).kind is DemandKind.AGAIN


def test_a_colleagues_remark_logged_as_demand_is_offered_as_improvement(tagger: Tagger) -> None:
    """A clear idea stays an idea, even when it came in by the other door."""
    tagging = tagger.tag("We should move the printer nearer the desk.", told=NoteType.DEMAND)
    assert tagging.note_type is NoteType.IMPROVEMENT


@pytest.mark.parametrize("words", ["", "   ", "😀", "\x00\x01", "12345", "?"])
def test_nothing_to_go_by_is_too_thin(tagger: Tagger, words: str) -> None:
    """Where no words are, the honest answer is that nobody can tell."""
    assert tagger.tag(words).kind is DemandKind.TOO_THIN


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=400))
def test_no_words_upset_the_tagger(tagger: Tagger, words: str) -> None:
    """Whatever is pasted in, there is an answer, with a confidence and with reasons from the note."""
    tagging = tagger.tag(words)
    assert 0.0 <= tagging.confidence <= 1.0
    assert all(reason in words for reason in tagging.because)


def test_a_very_long_note_is_read_in_part(tagger: Tagger) -> None:
    """A pasted e-mail of 40,000 letters is answered from its beginning and its end."""
    long = "Nine days now, is anybody looking at my claim? " + "lorem ipsum " * 4_000
    assert len(long) > 10 * READ_AT_MOST
    assert tagger.tag(long).confidence > 0.0


STORY = (
    "I have been coming to you since we moved here, my late husband and I, when the children were small and there "
    "was nothing on this side of the river but fields and the old brickworks. Our eldest learned to ride in the "
    "lane behind your office, and the man at the desk used to wave to her. She is a grandmother herself now, "
    "would you believe, and has a lane of her own. I am eighty-one, and I do most things by letter, because my "
    "hearing is not what it was and the young people on the telephone speak so quickly, kind as they are. My "
    "neighbour types this for me. She has a cat, which is sitting on the papers as we speak, and a son in the "
    "navy, of whom we are all very proud. The weather has been dreadful, hasn't it, but the garden needed it, and "
    "the blackbirds are back in the hedge. "
)


@pytest.mark.parametrize(
    ("ending", "demand_type"),
    [
        ("Anyway. May I have a second key for my daughter, and what would it cost?", DemandType.VALUE),
        ("Anyway. Your man was to come on Monday, and it is Thursday, and nobody has been.", DemandType.FAILURE),
    ],
)
def test_what_a_long_story_ends_with_is_heard(tagger: Tagger, ending: str, demand_type: DemandType) -> None:
    """A letter of two hundred words asks in its last line, and means what that line means."""
    assert tagger.tag(STORY * 2 + ending, purpose="We repair and look after people's homes.").demand_type is demand_type


def test_no_reason_leaps_over_what_was_not_read(tagger: Tagger) -> None:
    """The middle of a long note is passed over; a reason is a few words from before it, or from after it."""
    tagging = tagger.tag("It has broken again " * 60 + STORY * 3 + "and it is broken again, for the third time")
    assert tagging.because
    assert all(len(reason.split()) <= reasons.LONGEST for reason in tagging.because)


@pytest.mark.parametrize(
    "words",
    ["😀" * 5_000, "\x00" * 5_000, "a" * 40_000, "\ud800 hello", "h̷̛̥͌e̸̖͂l̴̻̇p̵͉̈" * 500, "def f(x):\n    return x\n" * 500],
)
def test_odd_things_that_get_pasted_are_answered(tagger: Tagger, words: str) -> None:
    """Emoji without end, control marks, code, half letters: always an answer, and never an exception."""
    assert 0.0 <= tagger.tag(words).confidence <= 1.0


@pytest.mark.parametrize("words", ["Ich warte seit drei Wochen auf meine Lieferung", "مرحبا أين طلبي", "订单在哪里"])
def test_another_language_is_not_guessed_at(tagger: Tagger, words: str) -> None:
    """A note in a language that the tagger does not read is honestly unknown, and none too sure."""
    tagging = tagger.tag(words)
    assert tagging.demand_type is DemandType.UNKNOWN
    assert tagging.confidence < 0.7


def test_what_redaction_left_does_not_get_in_the_way(tagger: Tagger) -> None:
    """With a name taken out, a note means what it meant before."""
    assert tagger.tag("Third time [name] has rung about her boiler").kind is DemandKind.AGAIN


def test_taking_away_the_reasons_makes_the_kind_less_likely(tagger: Tagger) -> None:
    """For nine in ten of the guide's own examples, without the words that we name we would have been less sure."""
    before, after = [], []
    for title, entry in lexicon.entries("kinds").items():
        for words in entry.examples:
            tagging = tagger.tag(words)
            rest = words
            for reason in tagging.because:
                rest = rest.replace(reason, " ", 1)
            if tagging.because and tagging.kind == title and any(letter.isalpha() for letter in rest):
                again = tagger.tag(rest)
                same_type = again.demand_type is tagging.demand_type
                before.append(tagging.confidence)
                after.append(again.confidence if same_type else 0.0)
    less = [b >= a for b, a in zip(before, after, strict=True)]
    assert len(less) > 20
    assert sum(less) / len(less) >= 0.9


def test_taking_away_its_reasons_makes_a_system_condition_less_likely(tagger: Tagger) -> None:
    """For nine in ten of colleagues' notes, the condition would have been less likely without the words we name."""
    less = []
    for row in examples.held_out(Path(__file__).with_name("seventh_notes.jsonl")):
        if row.note_type is not NoteType.IMPROVEMENT:
            continue
        tagging = tagger.tag(row.words, told=NoteType.IMPROVEMENT)
        assert all(reason in row.words for reason in tagging.condition_because)
        rest = row.words
        for reason in tagging.condition_because:
            rest = rest.replace(reason, " ", 1)
        if tagging.system_condition and any(map(str.isalpha, rest)):
            named = tagging.system_condition
            less.append(bool(tagging.condition_because) and chance_of(named, rest) < chance_of(named, row.words))
    assert len(less) > 20
    assert sum(less) / len(less) >= 0.9


def chance_of(condition: SystemCondition, words: str) -> float:
    """The log-chance of a system condition."""
    known = heads.load()
    note = known.read(words, purpose="")
    chances = deciding.conditions(words, known.scores(note), general=known.general.of(note.words))
    return float(chances[answers.CONDITIONS.index(condition)])


def test_themes_are_told_by_tags_as_by_every_rule_of_spacy() -> None:
    """The rules that tell parts of speech from tags are spared in English, and no theme is another for it."""
    language = pipeline.load()
    assert themes.are_told_by_tags(language)
    assert not themes.are_told_by_tags(spacy.blank("en"))
    texts = [row.words for row in examples.held_out(Path(__file__).with_name("fifth_notes.jsonl"))]
    quick, whole = (
        [*language.pipe(texts, disable=resting)] for resting in ((*NOT_NEEDED, "attribute_ruler"), NOT_NEEDED)
    )
    assert not any(token.pos_ for doc in quick for token in doc)
    assert [themes.suggest(doc) for doc in quick] == [themes.suggest(doc) for doc in whole]


def test_many_notes_get_the_same_answers_as_one_by_one(tagger: Tagger) -> None:
    """Tagging a whole history again gives what each note got when it came in."""
    notes = [
        Words("Where's my parcel?", "We deliver parcels."),
        Words("Can I book my mum in for a hearing test?"),
        Words("We should move the printer nearer the desk.", told=NoteType.IMPROVEMENT),
        Words(""),
    ] * 20
    one_by_one = [tagger.tag(note.text, purpose=note.purpose, told=note.told) for note in notes]
    assert list(tagger.tag_many(notes)) == one_by_one


def test_a_placeholder_is_shown_whole_and_is_no_reason_by_itself(tagger: Tagger) -> None:
    """What redaction put in is never cut in half, and never what a note was understood by."""
    for words in ("[name] and [name] have the only key", "still waiting for [name] since [date of birth]", "[name]"):
        for reason in tagger.tag(words).because:
            assert reason.count("[") == reason.count("]")
            assert reason in words
            assert reason not in ("[name]", "[name] and [name]", "[date of birth]")
