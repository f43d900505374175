"""Notes to learn names and addresses from: those whose names someone marked, and the primer's with names put in.

What is marked lies in `lessons/`. Names are drawn from our lists, made of words that are names too, or invented: the
network must know a name by where it stands, since no list will ever hold them all.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp import examples
from nlp.redaction import contexts, lists, places
from nlp.redaction.lists import words_in
from nlp.redaction.spans import PLACEHOLDERS, PiiSpan

FOLDER = Path(__file__).parent / "lessons"
LONGEST = 400
"""Characters of a sentence of the primer that names are put into."""

NOT_YET_READ = frozenset({"doors_and_favours", "reviews_and_calls", "terse_obstacles", "troubled_value"})
"""Files of the primer that the network has not learned from. They name hardly anybody, and with them it left as many
names and touched four of seventy clean notes (`pii_fourth.jsonl`) where it touches two."""

_KIN = (
    "mum mam dad mother father husband wife partner son daughter brother sister neighbour nan friend carer manager "
    "colleague boss doctor nurse driver engineer plumber landlord tenant supervisor teacher tutor dentist vet midwife "
    "solicitor builder gardener cleaner aunt uncle grandad gran cousin niece nephew girlfriend boyfriend coach trainer "
    "child kid lad"
)
_SOMEBODY = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:my|her|his|our|your|their|the) (?:{_KIN.replace(' ', '|')})\b(?!['’])",
        r"^(?:customer|caller|tenant|resident|pt|patient|guest|parent|member|client|cust|cx|user|visitor|student|lady|"
        r"gentleman|man|woman|mum|dad)\b(?=,? [a-z]+)"
        r"(?! (?:service|portal|list|record|number|care|id|no|notes|line))",
        r"(?:(?<=^)|(?<=[.?!] )|(?<=\band )|(?<=\bbut )|(?<=\bbecause )|(?<=\bthat )|(?<=\bwhen )|(?<=\bsaid )|"
        r"(?<=\bsays )|(?<=\bif ))(?:she|he)\b(?!['’])",
        r"\b(?:told|asked?|asks|tell|called|rang|to|with|by|from|for|emailed|texted|paid|sent|gave|saw|met|helped|"
        r"thanked|and) (?P<whom>him|her)\b(?= ?(?:$|[.,!?]|again|twice|that|to|if|about|on|and|last|yesterday|this|"
        r"today|when|but|for|in|at|it))",
    )
)
"""Where a sentence speaks of somebody whose name may stand there as well."""
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Dr", "mr", "mrs", "Sister", "Prof")
_ALSO_SURNAMES = tuple(
    sorted(
        words_in(
            "young brown white black green gray king bishop knight cook baker butcher carter mason page price rich "
            "sharp short long little small best moody savage law banks woods field hill lane marsh stone wall bush "
            "reed moss swift wolf fox bird crane salmon pike rice berry bell ward hall park day cross grant house "
            "close street church"
        )
    )
)
_BEGINNINGS = tuple(
    sorted(
        words_in(
            "b br c ch cl d dr f fl g gr gw h j k kh kr l ll m mb n ng nk p pr ph q r s sh sk st str sw t th tr ts tz "
            "v w y z zh"
        )
    )
)
_VOWELS = ("a", "e", "i", "o", "u") * 2 + ("ae", "ai", "ao", "ea", "ee", "ei", "ia", "ie", "oa", "oe", "oo", "ou", "ua")
_ENDINGS = ("", "n", "r", "l", "s", "m", "t", "k", "d", "b", "g", "sh", "th", "x", "z", "nd", "rt", "ck", "ng", "ss")
_OF_SURNAMES = tuple(
    sorted(
        words_in(
            "worth thwaite feather bottom ton ley ham wick ford berry sson enko wala dottir idze shvili escu ović ski "
            "ewska oglu nen bauer mann ström quist poulos akis ian yan zade pour wardena singhe mana ane elu ola unde "
            "wande chi nna efe"
        )
    )
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A note and everything in it that identifies somebody."""

    text: str
    marked: tuple[PiiSpan, ...]


def marked() -> Mapping[str, Sequence[Lesson]]:
    """The notes that someone marked, by the name of their file."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.jsonl"))}


def _read(file: Path) -> list[Lesson]:
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [
        Lesson(row["text"], tuple(PiiSpan(one["start"], one["end"], one["label"]) for one in row["pii_spans"]))
        for row in rows
    ]


def of_the_primer() -> tuple[list[str], list[Lesson]]:
    """Sentences of the primer that speak of somebody, and those in which nobody is named; none that someone marked."""
    known = {lesson.text for lessons in marked().values() for lesson in lessons}
    texts = [
        row.words for row in examples.primer(but=NOT_YET_READ) if len(row.words) <= LONGEST and row.words not in known
    ]
    about = [text for text in texts if any(pattern.search(text) for pattern in _SOMEBODY)]
    return about, [Lesson(text, ()) for text in texts if not _might_name(text)]


def _might_name(text: str) -> bool:
    """Whether a capital inside a sentence might begin a name of our lists, or there is an address."""
    if any(span.label == "ADDRESS" for span in places.find(text)):
        return True
    known = lists.load()
    inside = re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}", text)
    return any(known.given_name(lists.fold(word)) or known.family_name(lists.fold(word)) for word in inside)


def with_names(text: str, lot: random.Random) -> Lesson:
    """The sentence with one name, or two, in place of somebody of whom it speaks, sometimes in small letters."""
    spots = sorted(
        match.span("whom" if "whom" in match.groupdict() else 0)
        for pattern in _SOMEBODY
        for match in pattern.finditer(text)
    )
    some = sorted(lot.sample(spots, min(len(spots), 1 if lot.random() < 0.75 else 2)))
    pieces: list[str] = []
    spans: list[PiiSpan] = []
    here = 0
    for start, end in some:
        if start < here:
            continue
        pieces.append(text[here:start])
        at = sum(map(len, pieces))
        pieces.append(_as_written(name(lot), text, lot))
        spans.append(PiiSpan(at, at + len(pieces[-1]), "PERSON"))
        here = end
    return Lesson("".join([*pieces, text[here:]]), tuple(spans))


def renamed(lesson: Lesson, lot: random.Random) -> Lesson:
    """The same note with other people in it, their names as long and written alike."""
    pieces: list[str] = []
    spans: list[PiiSpan] = []
    here = 0
    for span in lesson.marked:
        pieces.append(lesson.text[here : span.start])
        at = sum(map(len, pieces))
        was = lesson.text[span.start : span.end]
        pieces.append(_other_name(was, lot) if span.label == "PERSON" else was)
        spans.append(PiiSpan(at, at + len(pieces[-1]), span.label))
        here = span.end
    return Lesson("".join([*pieces, lesson.text[here:]]), tuple(spans))


def redacted_in_part(lesson: Lesson, lot: random.Random) -> Lesson:
    """The note with one of its marks left out already, as it is read for the second time."""
    if not lesson.marked:
        return lesson
    gone = lot.choice(lesson.marked)
    placeholder = PLACEHOLDERS[gone.label]
    shift = len(placeholder) - (gone.end - gone.start)
    kept = [
        span if span.end <= gone.start else PiiSpan(span.start + shift, span.end + shift, span.label)
        for span in lesson.marked
        if span is not gone
    ]
    return Lesson(lesson.text[: gone.start] + placeholder + lesson.text[gone.end :], tuple(kept))


def in_small_letters(lesson: Lesson) -> Lesson:
    """The note without any capital."""
    small = lesson.text.lower()
    return Lesson(small, lesson.marked) if len(small) == len(lesson.text) else lesson


def name(lot: random.Random) -> str:
    """A person's name as one might be written with its capitals."""
    how = lot.random()
    if how < 0.55:
        return _capitals(given(lot))
    if how < 0.75:
        return f"{_capitals(given(lot))} {_capitals(family(lot))}"
    if how < 0.85:
        return f"{lot.choice(_TITLES)} {_capitals(family(lot))}"
    if how < 0.93:
        return _capitals(family(lot))
    if how < 0.97:
        return f"{_capitals(given(lot))[0]}{lot.choice((' ', '. '))}{_capitals(family(lot))}"
    return f"{_capitals(given(lot))} {_capitals(family(lot))[0]}"


def given(lot: random.Random) -> str:
    """A given name: known, rare, also a word, or of no list."""
    return _one_of(lot, "given_names.txt", "given_names_rare.txt", _also_words())


def family(lot: random.Random) -> str:
    """A family name, drawn likewise."""
    return _one_of(lot, "family_names.txt", "family_names_rare.txt", _ALSO_SURNAMES)


def _one_of(lot: random.Random, known: str, rare: str, also_words: Sequence[str]) -> str:
    how = lot.random()
    if how < 0.77:
        return lot.choice(lists.written(known) if how < 0.42 else lists.written(rare) if how < 0.57 else also_words)
    return _invented(lot)


@cache
def _also_words() -> Sequence[str]:
    known = lists.load()
    return sorted(known.often_given | known.mostly_given)


def _invented(lot: random.Random) -> str:
    how = lot.random()
    if how < 0.4:
        return _syllables(lot)
    if how < 0.7:
        return _syllables(lot)[:5] + lot.choice(_OF_SURNAMES)
    files = ("given_names.txt", "given_names_rare.txt", "family_names.txt", "family_names_rare.txt")
    one, other = (lot.choice(lists.written(lot.choice(files))) for _ in range(2))
    return (one[: max(2, len(one) // 2)] + other[len(other) // 2 :])[:13]


def _syllables(lot: random.Random) -> str:
    made = ""
    while len(made) < 3:
        made = "".join(
            lot.choice(_BEGINNINGS) + lot.choice(_VOWELS) + (lot.choice(_ENDINGS) if lot.random() < 0.4 else "")
            for _ in range(lot.choice((1, 2, 2, 2, 3)))
        )
    return made


def _other_name(was: str, lot: random.Random) -> str:
    """Another name, word for word: titles, initials and particles stay."""
    parts = re.split(r"(\s+)", was)
    of_name = [
        place
        for place, part in enumerate(parts)
        if part.strip() and len(part.strip(".")) > 2 and part.lower().strip(".") not in contexts.TITLES
    ]
    for place in of_name:
        first = place == of_name[0] and (len(of_name) > 1 or place == 0)
        new = given(lot) if first else family(lot)
        word = parts[place]
        parts[place] = new.upper() if word.isupper() else _capitals(new) if word[0].isupper() else new
    return "".join(parts)


def _as_written(new: str, text: str, lot: random.Random) -> str:
    """The name in small letters or in capitals, as the note is; in a note with capitals, mostly with its own."""
    letters = [letter for letter in text if letter.isalpha()]
    if sum(letter.isupper() for letter in letters) > 0.8 * len(letters):
        return new.upper()
    return new.lower() if text.islower() and lot.random() < 0.93 else new


def _capitals(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def endless(lot: random.Random, *, leave_out: Sequence[str] = ()) -> Iterator[Lesson]:
    """Lessons without end, of every sort as often as `SHARES` says, but for the files left out."""
    about, nobody = of_the_primer()
    files = marked()
    shares = {sort: share for sort, share in SHARES.items() if sort not in leave_out}
    while True:
        sort = lot.choices([*shares], [*shares.values()])[0]
        if sort == "names put in":
            lesson = with_names(lot.choice(about), lot)
        elif sort == "nobody":
            lesson = lot.choice(nobody)
        else:
            lesson = lot.choice(files[sort])
            lesson = renamed(lesson, lot) if lot.random() < 0.6 else lesson
        lesson = redacted_in_part(lesson, lot) if lot.random() < 0.1 else lesson
        yield in_small_letters(lesson) if lot.random() < 0.15 else lesson


SHARES: Mapping[str, float] = {
    "names put in": 0.18,
    "nobody": 0.13,
    "notes": 0.09,
    "second": 0.05,
    "third": 0.02,
    "contexts": 0.12,
    "contexts_more": 0.10,
    "rare_words": 0.08,
    "addresses": 0.06,
    "look_alikes": 0.08,
    "of_the_primer": 0.09,
}
"""How often each sort of lesson is given; files of `lessons/` by their names."""
