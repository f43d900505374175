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
        span = PiiSpan(contexts.with_title(text, run[0].start), _end_of(text, run), "PERSON")
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
    if undecided:
        recognised = bytearray(len(text))
        for start, end in recognise(text):
            recognised[start:end] = b"\x01" * (end - start)
        yield from (span for span in undecided if any(recognised[span.start : span.end]))


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
