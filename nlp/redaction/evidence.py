"""How much speaks for a run of words being a person's name.

Points are added up; `ENOUGH` is enough. The weights are ours, set on notes written for the purpose: a given name that
is no other word is enough by itself, anything less needs the words around it.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.redaction import contexts
from nlp.redaction.contexts import DEED, RIGHT_AFTER, STRONG, VERB, WEAK
from nlp.redaction.lists import Sureness, words_in
from nlp.redaction.runs import (
    DUTCH_PARTICLES,
    IRISH_PARTICLES,
    LAST_OF_ALL,
    PARTICLES,
    Reading,
    is_a_family,
    is_short_name_at_work,
    names_a_place,
)
from nlp.redaction.tokens import Token

ENOUGH = 2.5
READ_SO = 1.5
"""What the network's word adds for a capitalised run."""
LIKE_A_NAME = 0.55
"""A sentence that begins with a word of no list, at least so much like a name, begins with a name."""
NOT_UNLIKE_A_NAME = 0.12
"""A surname less like a name than this is most often a thing, as "Blocker" is."""
INSIDE = 0.7
"""What a capital inside a sentence adds."""

_MONTHS = frozenset({"may", "april", "june", "august", "summer", "autumn", "jan", "jun", "mai"})
_SELDOM_PEOPLE = _MONTHS | words_in(
    "bill will jun max card page art grant gift case cam tab chip jet ray mat matt bay trip chance unity prince "
    "guy storm wave star stone rock price court trust pat dot van tan"
)
"""Given names that in notes are nearly always the thing."""


def of(note: Reading, run: Sequence[Token], *, joined: bool) -> float:
    """The evidence for the run. `joined` says that it follows another name, as in "Asha and Tom"."""
    first, last = run[0], run[-1]
    if any(word.key in note.people.sure for word in run):
        return ENOUGH
    if all(len(word.text) == 1 for word in run):
        return 0.0
    if len(run) == 1 and is_short_name_at_work(note, first):
        return ENOUGH
    initialled = contexts.with_initials(note.text, first.start)
    titled = contexts.follows_title(note.text, initialled)
    if len(run) == 1 and not titled and _is_hopeless(note, first):
        return 0.0
    if contexts.is_saint(note.text, first.start) or (names_a_place(note, run) and not titled):
        return 0.0
    if len(run) == 1 and is_a_family(note, first) and not contexts.makes_a_thing(note.text, last.past):
        return ENOUGH
    if initialled < first.start and (titled or _follows_its_initials(note, first)):
        return ENOUGH
    if _is_a_colleague(note, run):
        return ENOUGH
    alone = len(run) == 1 or not any(word.family and word.capitalised for word in run)
    if (
        alone
        and contexts.makes_a_thing(note.text, last.end)
        and not titled
        and not any(_is_surely_a_person(note, word) for word in run)
    ):
        return 0.0
    before = contexts.before(note.text, first.start)
    before = max(before, WEAK) if joined else before
    after = contexts.after(note.text, last.past)
    if contexts.is_a_household(note.text, last.past) and _is_a_surname(note, last):
        return ENOUGH
    return (
        _of_one(note, first, before=before, after=after)
        if len(run) == 1
        else _of_several(note, run, before=before, after=after)
    )


def _is_a_colleague(note: Reading, run: Sequence[Token]) -> bool:
    """Whether a word that is a colleague's name too is written as one: "ask Rose", "Rose forgot", and never "rose"."""
    if not all(word.key in note.people.also_words and word.capitalised for word in run):
        return False
    first = run[0]
    if len(run) > 1:
        return True
    if contexts.makes_a_thing(note.text, first.end) or contexts.follows_article(note.text, first.start):
        return False
    deed = bool(contexts.after(note.text, first.end))
    return deed if first.starts_sentence else deed or first.key not in _MONTHS


def _is_hopeless(note: Reading, word: Token) -> bool:
    """Whether no words around could make a name of it, so that they need not be read."""
    if not word.is_unknown:
        return False
    if note.foreign:
        return word.key not in note.people.also_words
    return not word.capitalised and (len(word.key) < 3 or word.resembles_a_name <= 0.3)


def _is_a_strange_surname(note: Reading, word: Token) -> bool:
    """Whether a word of no list can only be the surname after an initial: "M Featherby"."""
    unknown = word.is_unknown and not word.is_proper and word.capitalised and not note.foreign
    return unknown and len(word.key) > 4 and word.resembles_a_name > 0.3


def _follows_its_initials(note: Reading, word: Token) -> bool:
    """Whether the word is a surname that needs no more than the initials before it: "b patel", "d. petrakis"."""
    if word.family is Sureness.SURE:
        return len(word.key) > 3 and (word.capitalised or not word.is_rare) and word.key not in note.known.things
    if note.text[word.start - 2 : word.start].strip()[-1:] != "." or note.foreign or not word.is_unknown:
        return False
    an_item = word.start < 4
    return len(word.key) > 3 and word.resembles_a_name > (0.9 if an_item else 0.5)


def _is_a_surname(note: Reading, word: Token) -> bool:
    """Whether "family" after the word makes people of it."""
    if word.key in note.known.things or note.foreign:
        return False
    if word.family is Sureness.SURE or (word.family and word.capitalised and not word.starts_sentence):
        return True
    return word.is_unknown and not word.is_proper and len(word.key) > 3 and word.resembles_a_name > 0.7


def _is_surely_a_person(note: Reading, word: Token) -> bool:
    return (
        word.given is Sureness.SURE or (word.family is Sureness.SURE and word.capitalised)
    ) and word.key not in note.known.things


def _of_several(note: Reading, run: Sequence[Token], *, before: float, after: float) -> float:
    """Two or more words: each adds its worth, and the capital and the words around add theirs."""
    first = run[0]
    if note.foreign and not any(word.capitalised or word.given is Sureness.SURE for word in run):
        return 0.0
    evidence = sum(_worth(word, foreign=note.foreign) for word in run)
    if first.is_initial and run[1].capitalised and run[1].family is Sureness.SURE:
        evidence += WEAK
    if first.is_initial and _is_a_strange_surname(note, run[1]):
        return ENOUGH
    if first.key in DUTCH_PARTICLES and run[1].key in PARTICLES and not run[-1].is_word:
        return ENOUGH
    if run[-1].key in LAST_OF_ALL or (_are_one(note, run) and first.key not in _MONTHS):
        return ENOUGH
    if first.key in DUTCH_PARTICLES and after and len(run) == 2 and run[1].resembles_a_name > LIKE_A_NAME:
        return ENOUGH
    if run[-1].is_initial and first.capitalised:
        evidence += WEAK
    if first.capitalised and not first.starts_sentence and not note.foreign:
        evidence += INSIDE
    if (
        first.key in IRISH_PARTICLES
        and len(run) == 2
        and not first.capitalised
        and (run[1].is_unknown or run[1].family)
    ):
        return ENOUGH if first.starts_sentence or before else 0.0
    if not any(word.given or word.family for word in run):
        if not any(word.capitalised for word in run):
            return 0.0
        evidence = min(evidence, ENOUGH - READ_SO + 0.3)
    if (
        first.key in PARTICLES
        and run[-1].capitalised
        and (run[-1].start - first.end == 1 or not run[-1].starts_sentence)
    ):
        evidence += INSIDE + WEAK
    if any(_is_surely_a_person(note, word) and word.given and not word.is_rare for word in run) and not note.foreign:
        evidence = max(evidence, ENOUGH)
    return evidence + before + after


def _are_one(note: Reading, run: Sequence[Token]) -> bool:
    """Whether two given names joined by a hyphen are one, as in "jean-luc"."""
    return len(run) == 2 and all(word.given for word in run) and note.text[run[0].end : run[1].start] == "-"


def _worth(word: Token, *, foreign: bool) -> float:
    """What one word of several adds."""
    if word.given is Sureness.SURE:
        return 2.0 if word.capitalised or not word.is_rare else 1.2
    if word.family is Sureness.SURE:
        return 1.7 if word.capitalised else (0.8 if word.is_rare else 1.2)
    if word.given or word.family:
        return 1.0 if word.capitalised else 0.5
    if foreign or not word.is_unknown:
        return 0.0
    likeness = word.resembles_a_name if not word.is_proper else 0.0
    letters = 0.8 if likeness > 0.8 else 0.3 if likeness > LIKE_A_NAME and word.capitalised else 0.0
    return (0.6 if word.capitalised else 0.0) + letters


def _of_one(note: Reading, word: Token, *, before: float, after: float) -> float:
    """A word by itself."""
    inside = word.capitalised and not word.starts_sentence and not note.foreign
    if contexts.follows_title(note.text, word.start):
        return ENOUGH
    if word.given is Sureness.SURE:
        return _of_given_name(note, word, before=before, after=after)
    if word.given is Sureness.ALSO_A_WORD:
        return _of_given_word(note, word, before=before, after=after, inside=inside)
    if word.family is Sureness.SURE:
        return _of_family_name(note, word, before=before, after=after, inside=inside)
    if contexts.takes_any_surname(note.text, word.start, word.key):
        return ENOUGH
    if word.family or word.is_word:
        named = contexts.is_named(note.text, word.start) and bool(word.family)
        return before + 0.4 if (inside or named) and before >= STRONG and word.key not in note.known.things else 0.0
    return _of_unknown(note, word, before=before, after=after, inside=inside)


def _of_given_name(note: Reading, word: Token, *, before: float, after: float) -> float:
    if word.capitalised and not (note.foreign and word.is_rare):
        return ENOUGH
    if not word.is_rare and not note.foreign:
        return ENOUGH
    if note.foreign and word.starts_sentence and not word.is_rare and len(word.key) > 4:
        return ENOUGH if word.resembles_a_name > LIKE_A_NAME else before + after
    after = max(after, DEED if word.starts_sentence and contexts.is_set_apart(note.text, word.end) else 0.0)
    beginning = 0.5 if word.starts_sentence and after and not note.foreign else 0.0
    return 1.0 + before + after + beginning


def _of_given_word(note: Reading, word: Token, *, before: float, after: float, inside: bool) -> float:
    """A name that is also a word or a place ("Grace", "will", "Florence"): only where the words around say so."""
    seldom = word.key in _SELDOM_PEOPLE
    if contexts.has_kin(note.text, word.end):
        return ENOUGH
    if word.key in _MONTHS and word.capitalised and contexts.does_what_people_do(note.text, word.end):
        return ENOUGH
    if word.key in _MONTHS and before < STRONG and not (inside and after == VERB and not _owns(note, word)):
        return 0.0
    if contexts.follows_article(note.text, word.start) and before < STRONG:
        return 0.0
    if _is_told_of(note, word, after=after, seldom=seldom):
        return ENOUGH
    if not word.capitalised:
        if before >= STRONG or (after >= RIGHT_AFTER and not seldom):
            return ENOUGH
        return before + after if after and not seldom and word.key not in note.known.things else 0.0
    if not inside and seldom and word.key != "will":
        return before if before >= STRONG else 0.0
    if word.key in note.known.things and before <= WEAK:
        return (0.3 if inside else 0.0) + (before + after if after else 0.0)
    if not inside:
        return 0.5 + before + (2.0 if after == VERB else after)
    return 1.2 + before + after


def _owns(note: Reading, word: Token) -> bool:
    return note.text[word.end : word.end + 2] in ("'s", "’s")


def _is_told_of(note: Reading, word: Token, *, after: float, seldom: bool) -> bool:
    """Whether what stands around is said of people alone: "dawn in accounts", "bill rang", "ask amber about it"."""
    thing = word.key in note.known.things
    if word.key in _MONTHS or (thing and (word.is_rare or not word.capitalised)):
        return False
    if not seldom and not thing and contexts.is_asked_to(note.text, word.start, word.end):
        return True
    if contexts.is_addressed(note.text, word.start, word.end) and not thing:
        return not seldom or word.capitalised
    if not word.starts_sentence:
        return False
    if contexts.does_what_people_do(note.text, word.end):
        return True
    return after == VERB and not seldom and not thing


def _of_family_name(note: Reading, word: Token, *, before: float, after: float, inside: bool) -> float:
    if word.is_gaelic:
        return ENOUGH
    if word.starts_sentence and not note.foreign:
        after = max(after, DEED if contexts.is_set_apart(note.text, word.past) else 0.0)
        if after == VERB and not word.cut and word.resembles_a_name > LIKE_A_NAME:
            return ENOUGH
    if not word.capitalised and word.is_rare:
        return before if before >= STRONG else 0.0
    if not word.capitalised:
        long = 0.4 if len(word.key) > 4 and not (word.is_proper or word.cut) else 0.0
        beginning = 0.5 if long and word.starts_sentence and after else 0.0
        return 0.6 + long + beginning + before + after if len(word.key) > 3 else before if before >= STRONG else 0.0
    if note.foreign and word.is_rare:
        return before + after
    base = 1.2 if word.cut else 1.6 if word.is_rare else 2.0
    known_well = not (word.is_rare or word.is_proper)
    resemblance = 0.5 if word.resembles_a_name > (NOT_UNLIKE_A_NAME if known_well else 0.5) else 0.0
    return base + resemblance + (INSIDE if inside else 0.0) + before + after


def _of_unknown(note: Reading, word: Token, *, before: float, after: float, inside: bool) -> float:
    """A word in none of the lists: its letters and the words around must speak for it."""
    if note.foreign:
        return 0.0
    resemblance = word.resembles_a_name
    if word.capitalised:
        by_letters = (
            0.0
            if word.is_proper
            else (1.1 if resemblance > 0.97 else 0.9 if resemblance > 0.9 else 0.5 if resemblance > 0.6 else -0.3)
        )
        if inside and not word.is_proper and contexts.follows_role(note.text, word.start):
            return ENOUGH
        if word.starts_sentence and not word.is_proper and len(word.key) > 3 and resemblance > LIKE_A_NAME:
            return ENOUGH
        spoken_of = word.starts_sentence and not word.is_proper and contexts.does_what_people_do(note.text, word.end)
        if spoken_of or (not word.is_proper and contexts.works_somewhere(note.text, word.end)):
            return ENOUGH
        return (1.2 if inside else 0.4) + by_letters + before + after
    if len(word.key) < 3 or word.is_proper:
        return 0.0
    if before >= STRONG:
        return ENOUGH if resemblance > 0.3 else 0.0
    role = contexts.follows_role(note.text, word.start)
    if role and resemblance > 0.75:
        return ENOUGH
    if word.starts_sentence and len(word.key) > 3 and resemblance > 0.9 and after in (VERB, DEED):
        return ENOUGH
    return before + after if resemblance > 0.9 and before and after else 0.0
