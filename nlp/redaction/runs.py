"""Which words that stand together could be one name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.redaction import contexts
from nlp.redaction.contexts import TITLES
from nlp.redaction.lists import NameLists, Sureness, words_in
from nlp.redaction.roster import Roster
from nlp.redaction.tokens import Token

LONGEST_NAME = 5
PARTICLES = words_in(
    "de da do dos das di du del della van von der den ter ten bin binti bint ibn al el ul ur abu ben le la mac "
    "mc ni nic ap st o ui"
)
IRISH_PARTICLES = words_in("ni nic mac mc o ui")
"""Those of Irish and Scottish names, which in lower case the lists seldom know."""
LAST_OF_ALL = words_in("begum begam kaur khatun khatoon bibi bano singh")
"""What stands last in a name, and makes a name of any word before it: "Sultana Begum"."""
DUTCH_PARTICLES = words_in("van von")
"""Those that begin nothing but names when another particle follows, as "de la" may begin "de la semaine"."""
_LONELY_PARTICLES = words_in("van von de da di del el al bin ibn abu le la ap ni nic mac mc o ui")
"""Those that may begin a name, when a name follows them."""
_ALSO_SURNAMES = words_in("ward hall park day cross law bell grant banks house close street moss field church")
_SURNAMES_TOO = words_in("lad min so do an to on sun oh")
"""Words that are surnames or second names when they stand with a capital after a given one: "Vikesh Lad"."""
_HYPHENS = ("-", "‐", "‑")


@dataclass(frozen=True, slots=True)
class Reading:
    """A note as the finder of names reads it."""

    text: str
    words: Sequence[Token]
    known: NameLists
    people: Roster
    foreign: bool
    """Most words are in no English list, so that capitals may mark mere nouns."""


def read(text: str, words: Sequence[Token], *, known: NameLists, people: Roster) -> Reading:
    """The note with its words, and whether it is in a language we do not know."""
    lower = [word for word in words if word.text.islower() and len(word.text) > 1]
    strange = sum(
        word.key not in known.words
        and (word.is_word or word.is_unknown or word.is_rare)
        and word.key not in known.never
        for word in lower
    )
    return Reading(text, words, known, people, foreign=len(lower) >= 2 and strange > 0.5 * len(lower))


def run(note: Reading, first: int) -> Sequence[Token]:
    """The words from `first` on that could be one name; nothing where that word cannot begin one."""
    if not _can_begin(note, first):
        return ()
    last = first
    while last + 1 < len(note.words) and last - first + 1 < LONGEST_NAME:
        following = _continued_by(note, first, last)
        if not following:
            break
        last += following
    return note.words[first : last + 1]


def _can_begin(note: Reading, first: int) -> bool:
    word = note.words[first]
    following = note.words[first + 1] if first + 1 < len(note.words) else None
    next_door = following is not None and following.start - word.end in (1, 2)
    if word.key in note.people.sure or (word.key in note.people.also_words and word.capitalised):
        return True
    if word.is_initial and following is not None and next_door:
        return (
            (word.text not in "AI" or note.text[word.end] == ".")
            and following.capitalised
            and (bool(following.family) or following.is_unknown)
        )
    if word.text in "óÓ" and following is not None and next_door:
        return bool(following.family) or following.is_unknown
    if len(word.text) == 1:
        dotted = note.text[word.end : word.end + 1] == "."
        return (
            dotted and following is not None and following.start - word.end <= 2 and following.family is Sureness.SURE
        )
    if is_short_name_at_work(note, word):
        return True
    if word.key in _LONELY_PARTICLES and following is not None and next_door:
        if following.family is Sureness.SURE or following.key in ("der", "den", "de", "la", "las", "los", "le"):
            return True
        return _follows_particle(word, following)
    if word.key in note.known.never or word.key in TITLES or word.acronym:
        return False
    if word.given or word.family is Sureness.SURE:
        return True
    if first and note.words[first - 1].key in TITLES and contexts.follows_title(note.text, word.start):
        return _fits_title(note, word)
    if word.family and contexts.is_named(note.text, word.start):
        return True
    if next_door and following is not None and following.key in LAST_OF_ALL and word.key not in note.known.things:
        return True
    if word.is_word:
        surname = following is not None and next_door and following.family is Sureness.SURE and following.capitalised
        if is_a_family(note, word):
            return True
        return (
            word.capitalised
            and word.key not in note.known.things
            and (surname if word.starts_sentence else surname or bool(word.family))
            and (not word.starts_sentence or word.key in note.known.given)
        )
    return True


def is_a_family(note: Reading, word: Token) -> bool:
    """Whether the plural of a surname stands for those who bear it, as in "the okonkwos" and "the Browns next door"."""
    if not (word.cut or word.key[-1:] == "s") or not contexts.follows_article(note.text, word.start):
        return False
    if word.cut:
        return word.family is Sureness.SURE and (word.capitalised or not word.is_rare)
    if word.capitalised:
        return word.key[:-1] in note.known.family and contexts.lives_somewhere(note.text, word.end)
    return word.key[:-1] in note.known.common_family and contexts.lives_at_a_number(note.text, word.end)


def is_a_whole_name(note: Reading, run: Sequence[Token]) -> bool:
    """Whether a given name stands with a surname, as in "Lucy Hill" and "sarah jones", and not in "Noel Street".

    With capitals it is enough that one of the two is no other word. Where none tells, the given name must be such a
    one, and the surname too, or among the commonest of those that are words.
    """
    given, surname = run[0], run[-1]
    if len(run) < 2 or not given.given or given.key in note.known.things:
        return False
    if contexts.makes_a_place(note.text, run[-2].end) or given.capitalised is not surname.capitalised:
        return False
    sure = given.given is Sureness.SURE
    if given.capitalised:
        return surname.family is Sureness.SURE or (sure and bool(surname.family))
    common = surname.family is Sureness.SURE or surname.key in note.known.common_family
    return sure and common and not (given.is_rare or surname.is_rare)


def names_a_place(note: Reading, run: Sequence[Token]) -> bool:
    """Whether a word such as "Station" makes a place of the run, as in "Kelvin clinic" and "Elizabeth Fry House".

    Behind a whole name it takes a capital or ends what it names, and makes none in "Sarah Jones library card".
    """
    end = run[-1].end
    if not contexts.makes_a_place(note.text, end):
        return False
    if not is_a_whole_name(note, run):
        return True
    if contexts.makes_a_dealing(note.text, end):
        return False
    written = run[-1].capitalised and note.text[end + 1 : end + 2].isupper()
    return written or contexts.makes_a_place_of_anyone(note.text, end)


def is_short_name_at_work(note: Reading, word: Token) -> bool:
    """Whether a name too short to be sure of stands where someone works, as in "Mo in triage"."""
    if len(word.text) > 3 or not (word.capitalised or word.starts_sentence) or word.key not in note.known.given:
        return False
    other = word.key in note.known.words and not (word.capitalised and word.key in note.known.foreign)
    return not other and word.key not in note.known.never and contexts.works_somewhere(note.text, word.end)


def _fits_title(note: Reading, word: Token) -> bool:
    """Whether the word may be the name after a title, where the lists do not know it for one."""
    if contexts.takes_any_surname(note.text, word.start, word.key) and len(word.key) > 2:
        return True
    if word.key in note.known.things or (note.foreign and not word.capitalised):
        return False
    if word.key in note.known.common_family or not word.is_word:
        verb_like = contexts.follows_title(note.text, word.start, like_a_verb=True)
        named = word.capitalised or not verb_like or word.key in note.known.common_family
        return len(word.key) > 2 and (named or _could_be_a_doctor(note, word))
    verb_like = contexts.follows_title(note.text, word.start, like_a_verb=True)
    return word.capitalised and (not verb_like or word.key in note.known.given)


def _follows_particle(particle: Token, word: Token) -> bool:
    """Whether a word of no list may be the surname that "von", "bin" or "mac" begins."""
    named = word.capitalised or (particle.starts_sentence and word.resembles_a_name > 0.3)
    return (word.is_unknown or word.given is Sureness.SURE) and len(word.key) > 3 and named


def _could_be_a_doctor(note: Reading, word: Token) -> bool:
    """Whether a name-like word in lower case follows "dr", which may be a drive too."""
    return note.text[max(0, word.start - 4) : word.start].lower().endswith(("dr ", "dr. ")) and (
        word.is_unknown and len(word.key) > 3 and word.resembles_a_name > 0.3
    )


def _continued_by(note: Reading, first: int, last: int) -> int:
    """How many further words belong to the name that runs from `first` to `last`: 0, 1, or more with particles."""
    head, word, following = note.words[first], note.words[last], note.words[last + 1]
    between = note.text[word.end : following.start]
    initial = len(word.text) == 1
    if initial and between in (".", ". "):
        between = " "
    if between in _HYPHENS:
        return int(
            bool(
                word.key in _LONELY_PARTICLES
                or following.given
                or following.family
                or (following.capitalised and word.capitalised)
                or (word.capitalised and (following.is_unknown or bool(head.given)))
            )
        )
    if between not in (" ", "  "):
        return 0
    if last == first and word.key in _LONELY_PARTICLES and _follows_particle(word, following):
        return 1
    if with_particles := _particles(note, first, last):
        return with_particles
    if following.key in note.people.sure or (following.key in note.people.also_words and following.capitalised):
        return 1
    if following.is_initial or (len(following.text) == 1 and following.text.isalpha()):
        return int(
            following.is_initial
            and head.capitalised
            and (bool(head.given) or (head.is_unknown and note.text[following.end : following.end + 1] == "."))
            and following.text not in "AI"
            and not _is_measured(note, following)
        )
    if _is_short_middle_name(note, head, last + 1):
        return 2
    if following.key in _SURNAMES_TOO and following.text.istitle() and head.capitalised and last == first:
        return int(Sureness.SURE in (head.given, head.family) and not following.starts_sentence)
    if (
        following.key in note.known.never
        or following.acronym
        or following.key in TITLES
        or _is_thing(note, first, last + 1)
    ):
        return 0
    if following.capitalised and head.capitalised:
        return int(
            (initial or not following.starts_sentence)
            and (
                bool(following.family or following.given)
                or not following.is_word
                or following.key in note.known.given
                or (head.given is Sureness.SURE and last == first and following.key not in note.known.things)
            )
        )
    return int(
        _continues_in_lower_case(
            head,
            word,
            following,
            known=note.known,
            foreign=note.foreign,
            alone=last == first,
            called=contexts.before(note.text, head.start) > 0,
        )
    )


def _is_measured(note: Reading, letter: Token) -> bool:
    return note.text[letter.end : letter.end + 1].isdigit() or note.text[letter.end : letter.end + 2] in ("&", "'s")


def _is_short_middle_name(note: Reading, head: Token, place: int) -> bool:
    """Whether a word such as "Thu" stands between two parts of a name, as it does in Vietnamese."""
    if place + 1 >= len(note.words):
        return False
    middle, beyond = note.words[place], note.words[place + 1]
    capitalised = head.capitalised and middle.capitalised and beyond.capitalised and len(middle.text) <= 3
    return capitalised and beyond.start - middle.end == 1 and len(beyond.text) <= 5 and bool(beyond.family)


def _particles(note: Reading, first: int, last: int) -> int:
    """How many words "van der" and the name after it are; 0 where what follows is none of these."""
    place = last + 1
    while (
        place < len(note.words)
        and place - last <= 2
        and note.words[place].key in PARTICLES
        and note.words[place].start - note.words[place - 1].end == 1
    ):
        place += 1
    if place == last + 1 or place >= len(note.words):
        return 0
    name, head = note.words[place], note.words[first]
    if name.start - note.words[place - 1].end not in (0, 1):
        return 0
    fits = (
        name.family is Sureness.SURE
        or name.given is Sureness.SURE
        or (name.capitalised and (bool(name.family) or not name.is_word))
        or (head.key in DUTCH_PARTICLES and place - last == 2 and name.is_unknown and len(name.key) > 3)
        or (head.given is Sureness.SURE and (name.is_unknown or name.is_proper) and name.resembles_a_name > 0.5)
    )
    return (
        place - last
        if fits and (head.capitalised or head.given is Sureness.SURE or head.key in _LONELY_PARTICLES)
        else 0
    )


def _continues_in_lower_case(
    head: Token, word: Token, following: Token, *, known: NameLists, foreign: bool, alone: bool, called: bool
) -> bool:
    """Whether a word without a capital (or in a note where capitals tell nothing) is a further part of the name."""
    if head.capitalised:
        surname = following.family is Sureness.SURE or (
            following.is_unknown and not foreign and following.resembles_a_name > 0.8
        )
        return (
            word.capitalised
            and len(following.key) >= 4
            and surname
            and bool(head.given)
            and following.given is not Sureness.SURE
        )
    if following.family is Sureness.SURE:
        return len(following.key) >= 3 or (len(following.key) == 2 and head.given is Sureness.SURE)
    if following.given is Sureness.SURE and not head.is_unknown:
        return len(following.key) >= 3
    if head.given is Sureness.SURE and following.key in known.common_family:
        return True
    plausible = following.is_unknown and len(following.key) >= 4 and alone
    if head.given is Sureness.SURE:
        return plausible and (following.resembles_a_name > 0.2 or following.is_proper)
    return plausible and bool(head.given) and called and (following.resembles_a_name > 0.7 or following.is_proper)


def _is_thing(note: Reading, first: int, place: int) -> bool:
    """Whether the word makes a place or a thing of what stands before it, as "Station" and "Period" do."""
    head, word, last = note.words[first], note.words[place], note.words[place - 1]
    if not (contexts.makes_a_place(note.text, last.end) or contexts.makes_a_thing(note.text, last.end)):
        return False
    person = head.given is Sureness.SURE or (head.is_unknown and head.capitalised and place - first > 1)
    surname = word.key in _ALSO_SURNAMES and word.capitalised and person and head.key not in note.known.things
    return not (surname and not contexts.makes_a_place(note.text, word.end))
