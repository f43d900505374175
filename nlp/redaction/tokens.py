"""The words of a note as the finder of names sees them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.redaction import lists
from nlp.redaction.likeness import likeness
from nlp.redaction.lists import NameLists, Sureness, words_in

_TOKEN = re.compile(r"[^\W\d_]+(?:['’](?=[^\W\d_]{2}|t\b)[^\W\d_]+)*")
_GAELIC = re.compile(
    r"(?:(?:Mc|Mac|Fitz|D['’])(?=[A-Z])|(?:mc|fitz)(?=[a-z]{4})|(?:MC|FITZ)(?=[A-Z]{4})|[Oo]['’](?=[^\W\d_]{4}))[^\W\d_]+$"
)
"""How Irish and Scottish surnames begin, in no need of a list: "McGarrigle", "mcgarrigle", "O'Hanrahan", "D'Souza"."""
_SHORT_NAMES = words_in(
    "abi ada ali amy ana ann asa ash avi bea bev bob dev eli eva fay guy ian ida isa ivo jai jen jim jo joe jon "
    "kai kev kim kit leo les liv liz lou lyn mei meg mia mo ned "
    "nia noa obi ola pia raj rob ron roy sam sia sid stu ted tia tim tom udo uma una val vic viv wes yan zac zak "
    "ben deb lee meg pam zed zoe ade ayo emi lea lei dan don max abu anh aki esi baz bex daz jax jez kaz loz roz"
)
"""Given names of two or three letters that we take in lower case."""


@dataclass(slots=True)
class Token:
    """A word of the note, with what the lists say about it.

    Never changed once it is made, and not frozen all the same: there is one for every word, and freezing costs time.
    """

    text: str
    start: int
    end: int
    key: str
    given: Sureness
    family: Sureness
    is_word: bool
    is_rare: bool
    """A name, but one so rare that in lower case it may be a slip or a word of another language."""
    is_proper: bool
    """A word that English writes with a capital, and that is in no list of names."""
    starts_sentence: bool
    capitalised: bool
    """Written with a capital that means something: not in a note all in capitals, nor an acronym."""
    acronym: bool
    cut: bool
    """An s was left off its end, as of "priyas" and "the okonkwos"; `end` stands before it."""

    @property
    def is_unknown(self) -> bool:
        """In none of the lists."""
        return not (self.given or self.family or self.is_word)

    @property
    def resembles_a_name(self) -> float:
        """By its letters alone, 0 to 1."""
        return likeness(self.key) if len(self.key) > 2 else 0.0

    @property
    def past(self) -> int:
        """Where the words after it begin, an s left off its end included."""
        return self.end + self.cut

    @property
    def is_gaelic(self) -> bool:
        """A surname by the way it begins, whatever stands around it: "MacAllister", "O'Hanrahan", "mcgarrigle"."""
        return self.family is Sureness.SURE and _GAELIC.match(self.text) is not None

    @property
    def is_initial(self) -> bool:
        """A single capital, as in "J Smith"."""
        return len(self.text) == 1 and self.text.isupper()


def read(text: str, *, known: NameLists, hidden: bytearray) -> list[Token]:
    """The words of the text, those left out that begin on a hidden character."""
    matches = [match for match in _TOKEN.finditer(text) if not hidden[match.start()]]
    caseless = _is_caseless([match[0] for match in matches])
    return [_at(match.start(), text, _looked_up(match[0], caseless=caseless, known=known)) for match in matches]


def _at(start: int, text: str, word: Token) -> Token:
    """The word where it stands. What the lists say of it is looked up once, however often it comes."""
    return Token(
        text=word.text,
        start=start,
        end=start + len(word.text),
        key=word.key,
        given=word.given,
        family=word.family,
        is_word=word.is_word,
        is_rare=word.is_rare,
        is_proper=word.is_proper,
        starts_sentence=_starts_sentence(text, start),
        capitalised=word.capitalised,
        acronym=word.acronym,
        cut=word.cut,
    )


@functools.lru_cache(maxsize=20_000)
def _looked_up(word: str, *, caseless: bool, known: NameLists) -> Token:
    """What the lists say of a word, wherever it stands. The same words come again and again."""
    key = lists.fold(word)
    cut = len(key) > 4 and key[-1] == "s" and _is_a_name_and_an_s(key, known=known)
    if cut:
        word, key = word[:-1], key[:-1]
    given, family, is_word = known.given_name(key), known.family_name(key), known.is_word(key) or _is_camel_case(word)
    small = caseless or word.islower()
    if small and (key in known.foreign or (len(key) <= 3 and given is Sureness.SURE and key not in _SHORT_NAMES)):
        given, is_word = Sureness.NO, is_word or key in known.foreign
        family = Sureness.NO if key in known.foreign else family
    if not small and key in known.foreign:
        given, family, is_word = Sureness.NO if key in known.rare else given, Sureness.NO, True
    gaelic = not (given or is_word) and _GAELIC.match(word) is not None
    family = Sureness.SURE if gaelic else family
    acronym = not caseless and word.isupper() and 1 < len(word) <= 5 and (len(word) <= 3 or not (given or family))
    return Token(
        text=word,
        start=0,
        end=len(word),
        key=key,
        given=given,
        family=family,
        is_word=is_word,
        is_rare=key in known.rare and not gaelic,
        is_proper=key in known.proper or (not (given or family or is_word) and _is_compound(key, known)),
        starts_sentence=False,
        capitalised=word[0].isupper() and not caseless and not acronym,
        acronym=acronym,
        cut=cut,
    )


def _is_a_name_and_an_s(key: str, *, known: NameLists) -> bool:
    """Whether the word is a name with an s after it that has lost its apostrophe, or that makes a family of it."""
    if known.is_word(key) or key in known.foreign or known.given_name(key) or known.family_name(key):
        return False
    name = key[:-1]
    return Sureness.SURE in (known.given_name(name), known.family_name(name)) and name not in known.foreign


def _is_compound(key: str, known: NameLists) -> bool:
    """Whether two English words make it up, as in "jobcentre" and "shopmobility"."""
    return any(key[:cut] in known.words and key[cut:] in known.words for cut in range(3, len(key) - 2))


def _is_camel_case(word: str) -> bool:
    """Whether a capital stands inside the word, as in names of products, and not as in McKenna or O'Brien."""
    inner = re.search(r"[^\W\d_A-ZÀ-Þ][A-ZÀ-Þ]", word)
    return inner is not None and not re.match(r"(?:Mc|Mac|De|Di|La|Le|Fitz|Van|Al|El|O['’]|D['’])[A-ZÀ-Þ]", word)


def _is_caseless(words: Sequence[str]) -> bool:
    """Whether capitals tell nothing here: the note is all in capitals, or Every Word Has One."""
    longer = [word for word in words if len(word) > 1]
    if len(longer) >= 2 and sum(word.isupper() for word in longer) > 0.7 * len(longer):
        return True
    long = [word for word in words if len(word) > 3]
    return len(long) >= 5 and sum(word[0].isupper() for word in long) > 0.8 * len(long)


def _starts_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 6) : start].rstrip(" \t\"'“‘(*_~>")
    return not before or before[-1] in ".!?\n:;•|-–" or before.endswith("]")
