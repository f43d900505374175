"""People's names: in lists, in their letters and shapes, and in the words around them.

Each run of words that could be a name gathers evidence. Where a capitalised run falls just short, spaCy's named
entities may tip it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence

from nlp.redaction import contexts, evidence, lists, runs, tokens
from nlp.redaction.lists import Sureness
from nlp.redaction.roster import Roster
from nlp.redaction.runs import Reading
from nlp.redaction.spans import PiiSpan
from nlp.redaction.tokens import Token

_SMALL_INITIAL = re.compile(r" [b-hj-z](?= |$|[.,](?:\s|$))")
"""An initial after a given name in lower case, as in "vikram s"; "a" and "i" are words."""

_SURNAME_FIRST = re.compile(r"^\s*([A-ZÀ-Þ][\w'’-]{1,20}), $")
_SURNAME_AND_INITIAL = re.compile(r"(?:^|\n)([^\W\d_]{3,20}, [b-hj-zB-HJ-Z])(?=\.? |\.?$)")
_VIETNAMESE_FAMILIES = lists.words_in("nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh")
_VIETNAMESE_MIDDLES = lists.words_in("thi van minh duc thanh quang ngoc huu xuan kim bich hong")
"""Vietnam's commonest family and middle names: with a short word after them, a name in lower case too."""

Recogniser = Callable[[str], Sequence[tuple[int, int]]]


def find(text: str, *, hidden: bytearray, people: Roster, recognise: Recogniser) -> Iterator[PiiSpan]:
    """The people named in the text, each name whole, with its title.

    Args:
        text: the note.
        hidden: one byte a character, 1 where something else was found already.
        people: the workspace's own people.
        recognise: spaCy's people, as pairs of start and end; asked only where it could tip the balance.
    """
    known = lists.load()
    note = runs.read(
        text, tokens.read(text, known=known, hidden=_hide_phrases(text, hidden)), known=known, people=people
    )
    undecided: list[PiiSpan] = []
    here, last_end = 0, -100
    while here < len(note.words):
        run = runs.run(note, here)
        if not run:
            here += 1
            continue
        span = PiiSpan(_start_of(note, run), _end_of(text, run), "PERSON")
        joined = _are_joined(text, last_end, run[0].start) or _has_company(note, here + len(run))
        points = evidence.of(note, run, joined=joined)
        if points >= evidence.ENOUGH:
            yield span
            last_end = span.end
            here += len(run)
            continue
        if points + evidence.RECOGNISED >= evidence.ENOUGH and any(word.capitalised for word in run):
            undecided.append(span)
        here += 1
    yield from _by_shape(note, hidden)
    if undecided:
        recognised = bytearray(len(text))
        for start, end in recognise(text):
            recognised[start:end] = b"\x01" * (end - start)
        yield from (span for span in undecided if any(recognised[span.start : span.end]))


def _by_shape(note: Reading, hidden: bytearray) -> Iterator[PiiSpan]:
    """Names that their order of words gives away, though each word may be in no list."""
    if span := _of_short_words(note):
        yield span
    for place, family in enumerate(note.words[:-2]):
        if family.key not in _VIETNAMESE_FAMILIES:
            continue
        middle, given = note.words[place + 1 : place + 3]
        beside = middle.start - family.end == given.start - middle.end == 1 and len(given.key) < 7
        if beside and middle.key in _VIETNAMESE_MIDDLES:
            yield PiiSpan(family.start, given.end, "PERSON")
    for match in _SURNAME_AND_INITIAL.finditer(note.text):
        if lists.fold(match[1].split(",")[0]) in note.known.family and not any(hidden[match.start(1) : match.end(1)]):
            yield PiiSpan(*match.span(1), "PERSON")


def _of_short_words(note: Reading) -> PiiSpan | None:
    """A note that begins with two or three short names, as in "Xi Chen" and "Ho Wai Man", each too short to be sure."""
    begun: list[Token] = []
    for word in note.words[:3]:
        listed = word.key in note.known.family or word.key in note.known.given
        beside = not begun or word.start - begun[-1].end == 1
        if not (listed and beside and word.capitalised and len(word.key) < 6 and word.key not in note.known.never):
            break
        begun.append(word)
    if any(contexts.makes_a_place(note.text, word.end) for word in begun):
        return None
    sure = sum(word.key not in note.known.words or word.key in note.known.foreign for word in begun)
    return PiiSpan(begun[0].start, begun[-1].end, "PERSON") if len(begun) > 1 and sure else None


def _start_of(note: Reading, run: Sequence[Token]) -> int:
    """Where the name begins, with its title, or the surname that a list puts first: "KNIGHT, Harold"."""
    start = contexts.with_title(note.text, run[0].start)
    inverted = _SURNAME_FIRST.search(note.text[:start]) if start < 25 else None
    if inverted is None or not run[0].given:
        return start
    key = lists.fold(inverted[1])
    known = note.known
    return start if key in known.never or not (key in known.family or key not in known.words) else inverted.start(1)


def _end_of(text: str, run: Sequence[Token]) -> int:
    """Where the name ends, with the dot of a last initial where the sentence goes on."""
    end = run[-1].end
    small = _SMALL_INITIAL.match(text, end) if run[-1].text.islower() and run[-1].given is Sureness.SURE else None
    end = small.end() if small and len(run) == 1 else end
    dotted = len(run) > 1 and run[-1].is_initial and text[end : end + 2] == ". " and text[end + 2 : end + 3].islower()
    return end + dotted


def is_handle(name: str, people: Roster) -> bool:
    """Whether a plain mention such as `@asha` names a person: a colleague, or someone with a name from the lists."""
    known = lists.load()
    parts = [lists.fold(part) for part in re.split(r"[._-]", name)]
    return any(
        part in people.sure or part in people.also_words or known.given_name(part) is Sureness.SURE for part in parts
    )


def _are_joined(text: str, end: int, start: int) -> bool:
    """Whether only "and" or its like stands between the end of one name and the start of the next word."""
    return 0 <= start - end <= 6 and text[end:start].strip().lower() in ("and", "&", "+", "or", "n", "/", ",")


def _has_company(note: Reading, following: int) -> bool:
    """Whether the next word is surely someone's name, joined to the one before, as Ewa is in "Zyndra, Ewa"."""
    if not 0 < following < len(note.words):
        return False
    one, other = note.words[following - 1], note.words[following]
    sure = other.given is Sureness.SURE and other.capitalised and not other.is_rare
    return sure and one.capitalised and _are_joined(note.text, one.end, other.start)


def _hide_phrases(text: str, hidden: bytearray) -> bytearray:
    """With the firms, charities and things called after people hidden too."""
    hidden = bytearray(hidden)
    for match in _phrases().finditer(text.lower() if len(text.lower()) == len(text) else text):
        hidden[match.start() : match.end()] = b"\x01" * len(match[0])
    return hidden


@functools.cache
def _phrases() -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in lists.phrases()) + r")(?!\w)")
