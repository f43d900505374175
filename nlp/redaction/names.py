"""People's names: in lists, in their letters and shapes, and in the words around them.

Each run of words that could be a name gathers evidence. The network, which sees the whole note, adds names that no list
has, tips those that fall just short, and lets a word pass that the lists know as a name and that is none here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from nlp.redaction import contexts, evidence, lists, network, runs, tokens
from nlp.redaction.lists import Sureness
from nlp.redaction.network import Odds
from nlp.redaction.roster import Roster
from nlp.redaction.runs import Reading
from nlp.redaction.spans import PiiSpan
from nlp.redaction.tokens import Token

_SMALL_INITIAL = re.compile(r"[ .][b-hj-z](?: [b-hj-z])?(?= |$|[.,](?:\s|$))", re.I)
"""An initial or two after a given name where capitals tell nothing, as in "vikram s"; "a" and "i" are words."""
_LETTER = re.compile(r"(?:[^\W\d_]+ )?[^\W\d_]\.? (?=[^\W\d_]{2})")
"""A single letter, perhaps with a word before it, as in "row F. Priya"."""
_TWO_INITIALS = re.compile(r"(?:(?<= [A-Z])| [A-Z])-[A-Z](?![\w])", re.I)
"""Initials of a double surname, as in "Kofi B-A"."""

_SURNAME_FIRST = re.compile(
    r"^\s*(?:(?:van|von|de|der|den|la|al|el|di|du) )*([A-ZÀ-Þ][\w'’-]{1,20})(, | (?<=[A-ZÀ-Þ]{3} ))$", re.I
)
_SURNAME_AND_INITIAL = re.compile(r"(?:^|\n)([^\W\d_]{3,20}, [b-hj-zB-HJ-Z](?:\.(?= |$))?)(?= |$)")
_VIETNAMESE_FAMILIES = lists.words_in("nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh")
_VIETNAMESE_MIDDLES = lists.words_in("thi van minh duc thanh quang ngoc huu xuan kim bich hong")
"""Vietnam's commonest family and middle names: with a short word after them, a name in lower case too."""
_PINYIN = lists.words_in(
    "bao bei bo cai chang chao chen cheng chun cong cui dai deng dong fei feng fu gao guang guo hao hong hua huan "
    "huang hui jia jian jiang jiao jie jin jing jun kai kun lan lei liang liao lin liu long lu mei meng ming nan "
    "ning peng qi qian qiang qin qing qiu quan ran rong rui shan shao shen sheng shi shu shuang tao tian tong wei "
    "xi xia yi yin xian xiang xiao xin xing xiong xiu xu xuan xue yan yang yao ying yong yu yuan yue yun zhang zhao "
    "zhen zheng zhi zhong zhou zhu"
)
_KOREAN = lists.words_in(
    "bin byung chul dong eun hee ho hoon hwan hye hyun jae ji jin joon jun jung ki kwang kyu kyung mi min na rim sang "
    "seo seok seon seul seung soo sook soon su sung tae won woo yeon yeong yong yoon young yun"
)
_SYLLABLES = MappingProxyType({" ": _PINYIN, "-": _PINYIN | _KOREAN})
"""Syllables of Chinese and Korean names, by what may stand between two of them."""


def find(text: str, *, hidden: bytearray, people: Roster, seen: Sequence[Odds]) -> Iterator[PiiSpan]:
    """The people named in the text, each name whole, with its title.

    Args:
        text: the note.
        hidden: one byte a character, 1 where something else was found already.
        people: the workspace's own people.
        seen: what the network makes of the note. It has learned English, and is not asked about a note that is not.
    """
    known = lists.load()
    note = runs.read(
        text, tokens.read(text, known=known, hidden=_hide_phrases(text, hidden)), known=known, people=people
    )
    seen = () if note.foreign else seen
    here, last_start, last_end = 0, 0, -100
    while here < len(note.words):
        run = runs.run(note, here)
        if not run:
            here += 1
            continue
        span = PiiSpan(_start_of(note, run), _end_of(note, run), "PERSON")
        joined = _are_joined(text, last_end, run[0].start) or _has_company(note, here + len(run))
        points = evidence.of(note, run, joined=joined)
        likely = network.of_person(seen, span.start, span.end)
        if likely > 0 and any(word.capitalised for word in run):
            points += evidence.READ_SO
        if points >= evidence.ENOUGH and (likely > network.SURELY_NOT or _is_certain(note, run, span)):
            if last_start < span.start <= last_end + 1 <= run[0].start and text[last_end] == " ":
                span = PiiSpan(last_start, span.end, "PERSON")
            yield span
            last_start, last_end = span.start, span.end
            here += len(run)
            continue
        here += 1
    yield from _by_shape(note, hidden)
    yield from (_without_a_letter(text, span) for span in network.people(text, seen, hidden=hidden))


def _is_certain(note: Reading, run: Sequence[Token], span: PiiSpan) -> bool:
    """Whether a run is a name whatever the network says: a colleague's, one with its title or initials, a given name
    with its surname, a family, one that does what people do, or a given name where hardly anything else can stand, as
    after "Dear".
    """
    if any(_is_known_here(note, word) for word in run) or span.start < run[0].start:
        return True
    addressed = contexts.before(note.text, run[0].start) >= contexts.STRONG and run[0].given is Sureness.SURE
    acts = run[0].starts_sentence and contexts.does_what_people_do(note.text, run[-1].end)
    return addressed or acts or runs.is_a_family(note, run[0]) or runs.is_a_whole_name(note, run)


def _is_known_here(note: Reading, word: Token) -> bool:
    """Whether the workspace has somebody of that name, if need be with its capital: "Rose", and not "rose"."""
    return word.key in note.people.sure or (word.key in note.people.also_words and word.capitalised)


def _without_a_letter(text: str, span: PiiSpan) -> PiiSpan:
    """The name without a letter before it that is no initial, as in "row F. Priya"."""
    letter = _LETTER.match(text, span.start)
    if letter is None or letter.end() >= span.end or contexts.with_initials(text, letter.end()) < letter.end():
        return span
    return PiiSpan(letter.end(), span.end, span.label)


def _by_shape(note: Reading, hidden: bytearray) -> Iterator[PiiSpan]:
    """Names that their order of words gives away, though each word may be in no list."""
    if span := _of_short_words(note):
        yield span
    if note.words and _are_initials_at_work(note, note.words[0]):
        yield PiiSpan(note.words[0].start, note.words[0].end, "PERSON")
    keys = [word.key for word in note.words]
    if not (_KOREAN.isdisjoint(keys) and _PINYIN.isdisjoint(keys)):
        yield from _by_syllables(note)
    if not _VIETNAMESE_FAMILIES.isdisjoint(keys):
        yield from _by_a_middle_name(note)
    for match in _SURNAME_AND_INITIAL.finditer(note.text):
        if lists.fold(match[1].split(",")[0]) in note.known.family and not any(hidden[match.start(1) : match.end(1)]):
            yield PiiSpan(*match.span(1), "PERSON")


def _are_initials_at_work(note: Reading, word: Token) -> bool:
    """Whether two capitals at the beginning are a colleague, as in "JB in stores says no"."""
    if not word.acronym or word.start or len(word.key) != 2 or word.is_word or contexts.is_abbreviation(word.key):
        return False
    return contexts.does_what_people_do(note.text, word.end)


def _by_a_middle_name(note: Reading) -> Iterator[PiiSpan]:
    """Vietnamese names, which a middle name such as "thi" gives away."""
    for place, family in enumerate(note.words[:-2]):
        if family.key not in _VIETNAMESE_FAMILIES:
            continue
        middle, given = note.words[place + 1 : place + 3]
        beside = middle.start - family.end == given.start - middle.end == 1 and len(given.key) < 7
        if beside and middle.key in _VIETNAMESE_MIDDLES:
            yield PiiSpan(family.start, given.end, "PERSON")


def _by_syllables(note: Reading) -> Iterator[PiiSpan]:
    """Names of two Chinese or Korean syllables in any case, with the family name before them: "li jia hao"."""
    if note.foreign:
        return
    for place, one in enumerate(note.words[:-1]):
        if one.key not in _KOREAN and one.key not in _PINYIN:
            continue
        other = note.words[place + 1]
        syllables = _SYLLABLES.get(note.text[one.end : other.start], frozenset())
        if one.key not in syllables or other.key not in syllables or one.acronym or other.acronym:
            continue
        if note.text[one.end] == "-" or not (note.known.is_word(one.key) or note.known.is_word(other.key)):
            before = note.words[place - 1] if place else None
            family = before is not None and one.start - before.end == 1 and before.key in note.known.family
            yield PiiSpan(before.start if before is not None and family else one.start, other.end, "PERSON")


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
    start = contexts.with_title(note.text, contexts.with_initials(note.text, run[0].start))
    inverted = _SURNAME_FIRST.search(note.text[:start]) if start < 25 else None
    if inverted is None or not run[0].given:
        return start
    key = lists.fold(inverted[1])
    known = note.known
    if inverted[2] == " " and not (key in known.common_family or known.family_name(key) is Sureness.SURE):
        return start
    return start if key in known.never or not (key in known.family or key not in known.words) else inverted.start()


def _end_of(note: Reading, run: Sequence[Token]) -> int:
    """Where the name ends, with the s of a family, and with the dot of a last initial where the sentence goes on."""
    text, end = note.text, run[-1].end
    if len(run) == 1 and runs.is_a_family(note, run[0]):
        return run[0].past
    small = _SMALL_INITIAL.match(text, end) if not run[-1].capitalised and run[-1].given is Sureness.SURE else None
    small = small if len(run) == 1 else None
    end = small.end() if small else end
    if run[0].given is Sureness.SURE and (two := _TWO_INITIALS.match(text, end)):
        return two.end()
    initial = small is not None or (len(run) > 1 and run[-1].is_initial)
    dotted = initial and text[end : end + 2] == ". " and text[end + 2 : end + 3].islower()
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
    sure = other.given is Sureness.SURE and not other.is_rare and other.capitalised is one.capitalised
    named = one.capitalised or (one.given is Sureness.SURE and not note.foreign)
    return sure and named and _are_joined(note.text, one.end, other.start)


def _hide_phrases(text: str, hidden: bytearray) -> bytearray:
    """With the firms, charities and things called after people hidden too."""
    hidden = bytearray(hidden)
    for match in _phrases().finditer(text.lower() if len(text.lower()) == len(text) else text):
        hidden[match.start() : match.end()] = b"\x01" * len(match[0])
    return hidden


@functools.cache
def _phrases() -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in lists.phrases()) + r")(?!\w)")
