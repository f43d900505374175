"""What people correct, the tagger learns: their word stands, for these words and for those that mean alike."""

from __future__ import annotations

import pytest

from nlp.tagger import Tagger
from nlp.tagging import Correction
from nlp.vocabulary import DemandKind

PURPOSE = "We keep homes warm."


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load()


def other_than(kind: object) -> DemandKind:
    return next(other for other in DemandKind if other is not kind)


def test_a_persons_word_stands(tagger: Tagger) -> None:
    """Words that a person has judged are tagged as they said, surely, capitals and blanks aside."""
    words = "Can I book my boiler in for a service?"
    said = other_than(tagger.tag(words, purpose=PURPOSE).kind)
    learned = tagger.learned([Correction(words, said, purpose=PURPOSE)])
    tagging = learned.tag("  can I book my BOILER in for a service?", purpose=PURPOSE)
    assert tagging.kind is said
    assert tagging.confidence > 0.9


def test_the_last_word_on_a_note_stands(tagger: Tagger) -> None:
    """Someone who changes their mind is followed."""
    words = "Rang about the meter."
    corrections = [Correction(words, DemandKind.CHASE), Correction(words, DemandKind.ADVISE)]
    assert tagger.learned(corrections).tag(words).kind is DemandKind.ADVISE


def test_notes_that_mean_alike_follow(tagger: Tagger) -> None:
    """A few corrections about one thing turn the tag of another way to say it."""
    said = [
        "smart meter screen gone blank",
        "the display on my smart meter shows nothing",
        "nothing on the smart meter display since Friday",
        "blank screen on her smart meter",
        "his smart meter display has gone dark",
    ]
    unheard = "my smart meter has a blank display"
    kind = DemandKind.ADVISE
    learned = tagger.learned([Correction(words, kind, purpose=PURPOSE) for words in said])
    assert tagger.tag(unheard, purpose=PURPOSE).kind is not kind
    assert learned.tag(unheard, purpose=PURPOSE).kind is kind


def test_a_theme_that_people_named_is_offered_for_notes_alike(tagger: Tagger) -> None:
    """Once people call it "cold radiators", a note nearly the same is offered that name."""
    learned = tagger.learned([Correction("my radiators stay cold upstairs", DemandKind.WRONG, theme="cold radiators")])
    assert learned.tag("the radiators upstairs stay cold").theme == "cold radiators"
    assert learned.tag("Can I pay my bill weekly?").theme != "cold radiators"


def test_the_first_tagger_stays_as_it_was(tagger: Tagger) -> None:
    """One organisation's corrections never reach another."""
    words = "Where is my engineer?"
    before = tagger.tag(words)
    tagger.learned([Correction(words, other_than(before.kind))])
    assert tagger.tag(words) == before


def test_nothing_to_learn_changes_nothing(tagger: Tagger) -> None:
    """Without corrections the answers are those of the first day."""
    words = "Nine days now, is anybody looking at my claim?"
    assert tagger.learned([]).tag(words) == tagger.tag(words)


def test_the_same_corrections_make_the_same_tagger(tagger: Tagger) -> None:
    """Learning can be repeated: what was learned yesterday from these corrections is learned again today."""
    corrections = [
        Correction("meter reads backwards", DemandKind.WRONG),
        Correction("boiler cover price", DemandKind.ADVISE),
    ]
    note = "what does cover for a meter cost"
    assert tagger.learned(corrections).tag(note) == tagger.learned(corrections).tag(note)


FLOORS = ("premier", "deuxième", "troisième", "quatrième", "cinquième")
ASKED = {
    DemandKind.CHASE: (
        "Où en est la réparation de la chaudière au {} étage ?",
        "Nous attendons toujours le technicien au {} étage",
        "Je n'ai pas de nouvelles pour la fuite au {} étage",
    ),
    DemandKind.START: (
        "Je voudrais louer un appartement au {} étage",
        "Nous voulons prendre un rendez-vous pour visiter le {} étage",
        "Elle veut réserver la salle du {} étage",
    ),
}
FRENCH = [Correction(said.format(floor), kind) for kind, many in ASKED.items() for said in many for floor in FLOORS]


def test_what_people_taught_in_their_language_is_understood(tagger: Tagger) -> None:
    """From twenty corrections of notes that are not English on, those much like them are heard; before, none is."""
    note = "Où en est la réparation de la porte au sixième étage ?"
    assert tagger.tag(note).kind is DemandKind.TOO_THIN
    assert tagger.learned(FRENCH[::2]).tag(note).kind is DemandKind.TOO_THIN
    assert tagger.learned(FRENCH).tag(note).kind is DemandKind.CHASE


@pytest.mark.parametrize("note", ["Gdzie jest moja paczka? Nie mam jej jeszcze", "Wann kommt der Techniker und warum"])
def test_what_nobody_taught_stays_unknown(tagger: Tagger, note: str) -> None:
    """To have learned of one language is no leave to guess at another."""
    assert tagger.learned(FRENCH).tag(note).kind is DemandKind.TOO_THIN
