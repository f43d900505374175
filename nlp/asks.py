"""Several asks in one note: where one ends and the next begins.

    asks_in("Where's my parcel? And can you change the name on my account?")    # two asks

A chart counts asks, so a note with two is offered to be split (Vanguard's rule: one demand, one kind). In doubt a note
stays whole, since a story told in five sentences is one ask, and a wrong offer to split it only costs patience.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.lang.en.stop_words import STOP_WORDS

from nlp import lexicon

LONGEST = 1_200
"""Characters: a longer note is a pasted thread or document, and stays whole."""
AT_MOST = 6
"""Asks in one note; with more it is a list of something else."""

ASKING = ("request", "chase", "own business", "an idea")
"""Entries of the lexicon by which something is asked for."""
LISTED_TOO = ("divider", "further", "request")
IN_A_STORY = ("same story", "of no topic")
"""Entries whose words are no topic; the latter may well be one where they stand alone in a list."""
SOON = 16
"""Characters into a clause at which "also" still joins it to what came before."""

_ITEM = re.compile(r"(?m)(?:^|(?<=[\s;,.?!]))[ \t]*(?:\(?[1-9][.)]|[-•*–])[ \t]+(?=\S)")
_SENTENCE_END = re.compile(r"[?!.][\"”)]*\s+|\n+|;\s*|\.\.+\s*")
_AND = r"(?:oh )?(?:and|&|\+|plus)"
_ASKING = r"(?:asks?|asking|asked|wants?|wanted|needs?|chasing|chased|enquir\w+)"
_QUESTION_WORD = r"(?:how|where|when|why|who|what|whats|what's|whether|is|are|do|does|can|could)"
_JOINT = re.compile(
    rf"(?:,\s*|\s+)(?={_AND}\s+\w)|,\s*(?=(?:also|{_ASKING})\s)"
    rf"|(?<!\band)(?<!\bshe)(?<!\bhe)(?<!\bthey)(?<!\bi)(?<!'d)\s+(?=also\s+{_ASKING}\s)",
    re.IGNORECASE,
)
_JOINING = re.compile(rf"(?:\s|[,;:–•*-]|\(?[1-9][.)]\s)*(?:{_AND}\s+)?(?:also\b[\s,]*)?", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?[1-9][.)]\s+|[-•*–]\s+")
_INDIRECT = re.compile(rf"(?:{_AND} )?{_QUESTION_WORD}\b")
_JOINED = re.compile(
    rf"{_AND} (?:she |he |they |i )?(?:also )?(?:{_ASKING}|{_QUESTION_WORD}|if|would|i'd like|may|please)\b"
)
_ANOTHER = re.compile(r"\b(?:another|other|different|second|next)\b")
_POINTS_BACK = re.compile(
    r"\b(?:it|them|that|those|this|these|he|she|they|one)\b"
    r"(?! (?:also|asks|asked|wants|wanted|needs|would|said|says)\b)"
)
_WORD = re.compile(r"[^\W\d_][\w'’]+")


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask of a note: its words, and where they stand in it (in characters, `end` exclusive)."""

    words: str
    start: int
    end: int


def asks_in(words: str) -> tuple[Ask, ...]:
    """Each ask in a note, in its order; one for a note that holds one, or too little or too much to tell.

    What stands between asks ("and also") belongs to none of them.
    """
    if len(words) > LONGEST or not lexicon.is_english(words):
        return _whole(words)
    prepared = lexicon.plain(words)
    starts = [group[0].start for group in _grouped([_clause(prepared, *place) for place in _clauses(words)])]
    if not 1 < len(starts) <= AT_MOST:
        return _whole(words)
    return tuple(_ask(words, start, end) for start, end in zip(starts, [*starts[1:], len(words)], strict=True))


@dataclass(frozen=True, slots=True)
class _Clause:
    """A stretch of a note that could be an ask of its own, and what its words do."""

    start: int
    end: int
    item: bool
    """It stands in a list, behind a number or a dash."""
    sentence: bool
    """It begins a sentence."""
    divided: bool
    """It says that something else begins here."""
    announces: bool
    """It says that there is more than one."""
    further: bool
    """It adds something, as "also" does."""
    joined: bool
    """It begins with "and" and a verb of asking, or a question word."""
    question: bool
    asks: bool
    troubles: bool
    elsewhere: bool
    """It is about another one of what was spoken of."""
    refers: bool
    """It points back, as "it" and "how long" do."""
    topic: frozenset[str]

    @property
    def says_something(self) -> bool:
        """Whether it could be an ask of its own."""
        return (self.asks or self.troubles) and bool(self.topic)


def _whole(words: str) -> tuple[Ask, ...]:
    return (Ask(words, 0, len(words)),)


def _ask(words: str, start: int, end: int) -> Ask:
    """The ask between two places, without what merely joins it to the others."""
    joint = _JOINING.match(words, start, end)
    start = joint.end() if joint else start
    end = start + len(words[start:end].rstrip(" \t\n,;-–•*+&"))
    return Ask(words[start:end], start, end)


def _clauses(words: str) -> Iterator[tuple[int, int, bool, bool]]:
    """(start, end, stands in a list, begins a sentence) of each stretch between sentence ends, items and joints."""
    listed = list(_ITEM.finditer(words))
    items = {match.start() for match in listed} if len(listed) > 1 else set()
    sentences = {0, *(match.end() for match in _SENTENCE_END.finditer(words))} - {match.end() for match in listed}
    joints = {match.end() for match in _JOINT.finditer(words)}
    places = sorted(place for place in items | sentences | joints if place < len(words))
    for start, end in zip(places, [*places[1:], len(words)], strict=False):
        if words[start:end].strip():
            yield start, end, start in items, start in sentences


def _clause(prepared: str, start: int, end: int, item: bool, sentence: bool) -> _Clause:
    words = _NUMBERED.sub(lambda mark: " " * len(mark.group()), prepared[start:end], count=1)
    heard = {name: entry.heard_in(words) for name, entry in lexicon.entries("asks").items()}
    bare = words
    for name in LISTED_TOO if item else LISTED_TOO + IN_A_STORY:
        for cue in heard[name]:
            bare = bare[: cue.start] + " " * (cue.end - cue.start) + bare[cue.end :]
    topic = frozenset(_stem(word) for word in _WORD.findall(bare) if word not in STOP_WORDS and len(word) > 2)
    joined = bool(_JOINED.match(words.lstrip()))
    question = words.rstrip(' "”)').endswith("?") and (sentence or joined)
    return _Clause(
        start,
        end,
        item=item,
        sentence=sentence,
        divided=any(cue.start <= SOON for cue in heard["divider"]),
        announces=bool(heard["announcement"]),
        further=any(cue.start <= SOON for cue in heard["further"]),
        joined=joined,
        question=question,
        asks=question or any(heard[name] for name in ASKING) or bool(_INDIRECT.match(words.lstrip())),
        troubles=bool(heard["trouble"]),
        elsewhere=bool(_ANOTHER.search(words)),
        refers=bool(heard["same story"]) or bool(_POINTS_BACK.search(words)),
        topic=topic,
    )


def _grouped(clauses: list[_Clause]) -> list[list[_Clause]]:
    """The clauses of each ask."""
    groups: list[list[_Clause]] = []
    waiting: list[_Clause] = []
    """Clauses from a divider on that have not said yet what they are about."""
    questions = all(clause.question for clause in clauses if clause.sentence)
    announced = any(clause.announces for clause in clauses)
    for clause in clauses:
        if not groups:
            groups.append([clause])
        elif _begins_another(clause, groups[-1], waiting, questions=questions, announced=announced):
            groups.append([*waiting, clause])
            waiting = []
        elif not clause.says_something and (waiting or clause.divided or clause.item):
            waiting.append(clause)
        else:
            groups[-1] += [*waiting, clause]
            waiting = []
    return groups


def _begins_another(
    clause: _Clause, before: list[_Clause], waiting: list[_Clause], *, questions: bool, announced: bool
) -> bool:
    """Whether this clause is an ask of its own, beside the one that is being told."""
    if not clause.says_something or not any(earlier.asks or earlier.troubles for earlier in before):
        return False
    topic = frozenset[str]().union(*(earlier.topic for earlier in before))
    fresh = clause.topic - topic
    if not fresh:
        return False
    if clause.divided or clause.item or any(earlier.divided or earlier.item for earlier in waiting):
        return True
    if clause.refers and len(fresh) < (2 if clause.further else 3):
        return False
    if fresh != clause.topic and not clause.elsewhere:
        return False
    asked = any(earlier.asks for earlier in before)
    if clause.further or (announced and clause.joined):
        return clause.asks or asked
    if not (clause.asks and asked):
        return False
    return clause.joined or (clause.question and before[-1].question and questions)


def _stem(word: str) -> str:
    """The word without its commonest endings, so that "booking" and "books" meet."""
    word = word.removesuffix("'s").replace("'", "")
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word.removesuffix(ending)
    return word
