"""A short name for a theme, in the words of the customers themselves.

Candidates are clauses that customers really said, and shorter runs of words within longer ones. The one that lies
nearest to what the whole theme says, and whose words set it apart from other themes, becomes its name. Department
names, jargon and colleagues' shorthand are no candidates.
"""

from __future__ import annotations

import functools
import math
import operator
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nlp import embedding
from nlp.theming import words
from nlp.theming.likeness import Vectors, apart, unit

LONGEST = 40
"""Characters of a name, at most."""
MOST_WORDS = 7
READ_OF_A_THEME = (30, 300)
"""Notes of a theme that are read for candidates: at least, at most."""
READ = 15_000
"""Notes of all themes together that are read, as far as the least allows."""
SHORTLIST = (3, 14)
"""Candidates of a theme whose meaning is looked at: at least, at most."""
LOOKED_AT = 1_500
"""Candidates of all themes together whose meaning is looked at, as far as the least allows."""
TYPICAL = 40
"""Notes of a theme that tell what it says on the whole, where nobody told us."""

SHARED = 0.3
"""What it counts that many notes say one of its telling words, however differently they go on."""
VOICE = 0.06
"""What it counts that a customer is heard speaking: "where's my parcel" rather than "parcel late"."""

CLAUSE_ENDS = re.compile(r"[.,;:!?\n\r\t\"“”()\[\]{}<>|/…]+|\s[-–—]+\s|--+")
TOKEN = re.compile(r"[^\s]+")
EDGES = "'’‘*_~#=+-–—&%@^`\\"
PLAIN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name and what speaks for it before its meaning is looked at."""

    words: tuple[str, ...]
    whole: bool
    """It is all of a clause, not a run of words cut out of one."""
    begins: bool
    """It begins where the clause begins."""
    weight: float

    @property
    def text(self) -> str:
        """As it would stand as a name."""
        return " ".join(self.words)


def name(texts: Sequence[str], others: Sequence[str] = ()) -> str:
    """A name for what these notes have in common and the others do not: at most 40 characters, in lower case."""
    return names([texts, others], wanted=[0])[0] if others else names([texts])[0]


def names(
    groups: Sequence[Sequence[str]],
    *,
    wanted: Sequence[int] | None = None,
    taken: Iterable[str] = (),
    middles: Vectors | None = None,
    encode: Encode = embedding.encode,
) -> list[str]:
    """A name for each wanted group of notes, no two alike. The same notes, in any order, get the same names.

    Args:
        groups: the notes of each theme.
        wanted: the places of the groups to name, in the order in which they may choose; all of them by default.
        taken: names that are in use already.
        middles: what each group says on the whole, (groups, 384), if at hand; made here otherwise.
        encode: turns candidates into vectors of length 1.
    """
    read = [_some(texts, between(READ // max(1, len(groups)), *READ_OF_A_THEME)) for texts in groups]
    places = list(range(len(groups))) if wanted is None else list(wanted)
    if not places:
        return []
    told_in, somebodys = _groups_by_word(read), _names_of_somebody(read)
    size = between(LOOKED_AT // len(places), *SHORTLIST)
    shortlists = {place: _shortlist(read[place], told_in, len(read), size, somebodys) for place in places}
    every = _middles(read, encode) if middles is None else middles
    mean = every.mean(axis=0) * (len(read) > 1)
    typical = apart(every, mean)
    used = {_same(each) for each in taken}
    chosen = []
    for place in places:
        best = _best(shortlists[place], typical[place], mean, encode, used) or _fallback(read[place], used)
        used.add(_same(best))
        chosen.append(best)
    return chosen


def flagged(name: str) -> tuple[str, ...]:
    """The words in a name that a customer would not say: departments and jargon, as the list has them."""
    return _jargon_in(words.of(name))


def _jargon_in(said: Sequence[str]) -> tuple[str, ...]:
    runs = {" ".join(said[start : start + size]) for size in (1, 2, 3) for start in range(len(said) - size + 1)}
    return tuple(sorted(runs & words.listed("jargon")))


def between(number: int, least: int, most: int) -> int:
    """The number, or the nearer of the two that it may not go beyond."""
    return min(max(number, least), most)


def _some(texts: Sequence[str], most: int) -> list[str]:
    """Different notes, at most about so many, taken evenly from their order by words."""
    different = sorted(set(texts))
    return different[:: 1 + len(different) // most]


def _groups_by_word(read: Sequence[Sequence[str]]) -> Counter[str]:
    """In how many groups each word is at home: said in at least a tenth of its notes."""
    at_home: Counter[str] = Counter()
    for texts in read:
        said = Counter(word for text in texts for word in set(words.of(text)))
        at_home.update(word for word, times in said.items() if times >= max(1, 0.1 * len(texts)))
    return at_home


def _shortlist(
    texts: Sequence[str], told_in: Counter[str], groups: int, size: int, leave_out: frozenset[str]
) -> list[Candidate]:
    """The candidates whose words are said most in this group and least in others.

    Which notes say a word is kept as bits, so that notes which say one of several are counted at once.
    """
    said = Counter(word for text in texts for word in set(words.of(text)))
    weights = {
        word: times / max(1, len(texts)) * math.log(1.5 + groups / (1 + told_in[word]))
        for word, times in said.items()
        if word not in words.listed("small")
    }
    times: Counter[tuple[tuple[str, ...], bool, bool]] = Counter()
    saying: Counter[str] = Counter()
    for place, text in enumerate(texts):
        times.update(set(_runs(text)))
        saying.update(dict.fromkeys(weights.keys() & set(words.of(text)), 1 << place))

    def speaks_for(run: tuple[str, ...], whole: bool, often: int) -> float:
        shared = functools.reduce(operator.or_, (saying[word] for word in run)).bit_count()
        said_so = math.sqrt(often / len(texts)) * (0.2 + 0.2 * whole)
        return _weight(run, weights) + said_so + SHARED * math.sqrt(shared / len(texts))

    found = [
        Candidate(run, whole, begins, speaks_for(run, whole, often))
        for (run, whole, begins), often in times.items()
        if not leave_out.intersection(run)
    ]
    return sorted(found, key=lambda candidate: (-candidate.weight, candidate.words))[:size]


def _weight(run: tuple[str, ...], weights: dict[str, float]) -> float:
    """What its words say of the theme, each word once, and less for words that say nothing of it."""
    told = sum(weights.get(word, 0.0) for word in set(run))
    return told / math.sqrt(len(run) + 2)


def _runs(text: str) -> Iterator[tuple[tuple[str, ...], bool, bool]]:
    """The clauses of a note that could be a name, and runs of words within them: (words, whole, begins)."""
    for clause in _clauses(text):
        for start in range(len(clause)):
            for end in range(start + 2, min(len(clause), start + MOST_WORDS) + 1):
                run = clause[start:end]
                if _is_a_name(run, begins=start == 0):
                    yield run, (start, end) == (0, len(clause)), start == 0


def _clauses(text: str) -> Iterator[tuple[str, ...]]:
    """What stands between stops, in lower case and without what only leads up to it."""
    for clause in _parts(text):
        plain = _without_lead_in([token.casefold() for token in clause])
        if 2 <= len(plain) <= 60:
            yield tuple(plain)


def _parts(text: str) -> Iterator[list[str]]:
    """The words between stops as they were written; what redaction left is a stop too."""
    shortened = words.PLACEHOLDER.sub(" \n ", text[: words.READ_AT_MOST]).replace("’", "'")
    for clause in CLAUSE_ENDS.split(shortened):
        yield [token for token in (token.strip(EDGES) for token in TOKEN.findall(clause)) if token]


def _names_of_somebody(read: Sequence[Sequence[str]]) -> frozenset[str]:
    """Words that are mostly written with a capital in the midst of small letters: people, places, brands."""
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for texts in read:
        for clause in (clause for text in texts for clause in _parts(text)):
            later = clause[1:]
            if sum(token[:1].isupper() for token in later) * 2 > len(later):
                continue  # a heading, or shouting: its capitals say nothing
            capital.update(token.casefold() for token in later if token[:1].isupper() and not token.isupper())
            small.update(token for token in later if token.islower())
    return frozenset(word for word, times in capital.items() if times > small[word]) - words.listed("small")


def _without_lead_in(tokens: list[str]) -> list[str]:
    """The clause from where the asking begins: greetings and "can you please" are left out, again and again."""
    leads = words.listed("lead_ins")
    while tokens:
        lead = next(
            (size for size in range(6, 0, -1) if len(tokens) > size + 1 and " ".join(tokens[:size]) in leads), 0
        )
        if not lead:
            break
        tokens = tokens[lead:]
    while tokens and tokens[-1] in words.listed("courtesies"):
        tokens = tokens[:-1]
    return tokens


def _is_a_name(run: tuple[str, ...], *, begins: bool) -> bool:
    if run[-1] in words.listed("bad_ends") or (not begins and run[0] in words.listed("bad_starts")):
        return False
    if len(" ".join(run)) > LONGEST or not all(PLAIN.fullmatch(word) for word in run):
        return False
    if any(word in words.listed("staff") for word in run) or _jargon_in(run):
        return False
    empty = words.listed("small") | words.listed("vague") | words.listed("courtesies") | words.listed("thin")
    return any(word not in empty for word in run)


def _middles(read: Sequence[Sequence[str]], encode: Encode) -> Vectors:
    """What each group says on the whole, (groups, 384)."""
    nothing = np.zeros(embedding.WIDTH, np.float32)
    return np.array([unit(encode(texts[:TYPICAL]).mean(axis=0)) if texts else nothing for texts in read])


def _best(
    shortlist: Sequence[Candidate], typical: Vectors, mean: Vectors, encode: Encode, used: set[str]
) -> str | None:
    """The candidate that lies nearest to what the group says, its words counting as well."""
    free = [candidate for candidate in shortlist if _same(candidate.text) not in used]
    if not free:
        return None
    nearness = apart(encode([candidate.text for candidate in free]), mean) @ typical
    most = max(candidate.weight for candidate in free) or 1.0
    judged = [
        (round(float(near) + 0.35 * candidate.weight / most + _manner(candidate), 5), candidate)
        for near, candidate in zip(nearness, free, strict=True)
    ]
    return max(judged, key=lambda pair: (pair[0], -len(pair[1].text), pair[1].text))[1].text


def _manner(candidate: Candidate) -> float:
    """What it counts that it is all somebody said, or how they began, and that one hears a customer speak."""
    speaks = bool(set(candidate.words) & words.listed("voice"))
    return 0.1 * candidate.whole + 0.05 * candidate.begins + VOICE * speaks


def _fallback(texts: Sequence[str], used: set[str]) -> str:
    """The words said most, when nothing said makes a name; then a number, so that no two names are alike."""
    said = Counter(word for text in texts for word in dict.fromkeys(words.of(text)) if PLAIN.fullmatch(word))
    empty = words.listed("small") | words.listed("courtesies") | words.listed("staff")
    most = [word for word, _ in sorted(said.items(), key=lambda pair: (-pair[1], pair[0])) if word not in empty]
    found = ""
    for word in most[:3]:
        longer = f"{found} {word}".strip()
        if len(longer) <= LONGEST - 3 and not flagged(longer):
            found = longer
            if " " in found and _same(found) not in used:
                return found
    found = f"about {found}" if found and " " not in found else found or "something else"
    found = found[: LONGEST - 3]
    if _same(found) not in used:
        return found
    return next(numbered for n in range(2, len(used) + 3) if _same(numbered := f"{found} {n}") not in used)


def _same(name: str) -> str:
    """Names count as alike when they differ in small words and order alone."""
    telling = sorted({word for word in words.of(name) if word not in words.listed("small")})
    return " ".join(telling) or name.casefold()
