"""Jinja, set up once: templates choose the words, and every voice reads the same ones."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import cache, reduce
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digests import speech, telling
from digests.speech import N_, _, plural
from digests.voices import Voice

TEMPLATES = Path(__file__).parent / "templates"

_STRONG = re.compile(r"\*\*(.+?)\*\*")

QUESTIONS = 6
"""How many questions to think about `shared/questions.j2` holds."""


ODDS = 8
"""When nothing has changed, up to one digest in this many still shows a signal. Measured on pure noise, all charts of a
digest together; a test holds it.
"""


def environment(voice: Voice) -> Environment:
    """A Jinja environment in which everything from outside passes through this voice, once.

    Templates say whole sentences, with `say` and `say_many`, so that each can be translated; `sentences` sets them in a
    row.

    Autoescaping is on so that what a macro returns counts as finished; `finalize` does the escaping, as Jinja's own
    would turn an apostrophe into `&#39;`, which Slack shows as it stands.
    """
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=voice.safe,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        strong=voice.strong,
        line=_around(voice.line),
        item=_around(voice.item),
        small=_around(voice.small),
        quote=voice.quote,
        picture=voice.picture,
        many=many,
        say=_saying(voice),
        say_many=_saying_many(voice),
        sentences=sentences,
        N_=N_,
        _=_,
        listed=listed,
        in_turn=in_turn,
        quoted_names=quoted_names,
        in_numbers=in_numbers,
        some=some,
        traced=traced,
        opening=opening,
        ODDS=ODDS,
        telling=telling.of,
        telling_of_chart=telling.of_chart,
        number=telling.number,
    )
    made.filters["translated"] = _
    return made


def _around(put: Callable[[object], Markup]) -> Callable[..., Markup]:
    """For `{% call line() %}…{% endcall %}`, or `{{ line("…") }}` where the words are few."""

    def block(words: object = "", caller: Callable[[], str] | None = None) -> Markup:
        return put(caller() if caller else words)

    return block


def _saying(voice: Voice) -> Callable[..., Markup]:
    """`say("**Notes logged:** {n}.", n=3)`: in the language spoken now, its facts made safe, what is in `**` strong."""

    def say(sentence: str, **facts: object) -> Markup:
        return _told(voice, _(sentence), facts)

    return say


def _saying_many(voice: Voice) -> Callable[..., Markup]:
    """`say_many(3, "And {n} note more.", "And {n} notes more.")`: the same for sentences that hold a number."""

    def say_many(n: int, one: str, more: str, **facts: object) -> Markup:
        return _told(voice, speech.form(n, one, more), {**facts, "n": n})

    return say_many


def _told(voice: Voice, sentence: str, facts: dict[str, object]) -> Markup:
    said = _STRONG.sub(lambda found: voice.strong(Markup(found[1])), voice.safe(sentence))
    return Markup(said).format(**{name: voice.safe(fact) for name, fact in facts.items()})


def sentences(*said: str) -> Markup:
    """One sentence after the other. Those that are not said this time are left out."""
    return Markup(" ").join(sentence for sentence in said if sentence)


def many(n: int, one: str, more: str = "") -> str:
    """A number with its noun: "1 note", "2 notes"."""
    return f"{n} {one if n == 1 else more or one + 's'}"


def listed(things: Sequence[object]) -> str:
    """Things in a row as a sentence has them: "41, 44 and 52"."""
    words = [str(thing) for thing in things]
    if len(words) < 2:
        return "".join(words)
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])


def quoted_names(names: Sequence[str]) -> str:
    """Names in a row, each in quotation marks."""
    return ", ".join(_("“{name}”").format(name=name) for name in names)


def in_numbers(themes: Sequence[tuple[str, int]]) -> str:
    """Themes in a row, each with its number of notes."""
    return listed([_("“{name}” ({number})").format(name=name, number=number) for name, number in themes])


def in_turn(clauses: Sequence[str]) -> str:
    """Clauses of one sentence, one after the other."""
    return reduce(lambda first, second: _("{first}; {second}").format(first=first, second=second), clauses)


def some(things: tuple[str, ...], at_most: int = 8) -> str:
    """The first of many things as a sentence has them, and how many more there are."""
    return _and_more(things[:at_most], len(things) - at_most)


def traced(numbers: tuple[int, ...], count: int) -> str:
    """The numbers of some notes, and how many more there are: "41, 44 and 3 more"."""
    return _and_more(numbers, count - len(numbers))


def _and_more(things: Sequence[object], more: int) -> str:
    if more <= 0:
        return listed(things)
    return plural(more, "{things} and {n} more", "{things} and {n} more", things=", ".join(map(str, things)))


def opening(words: str) -> str:
    """Words that open a sentence. What is in capitals inside them stays so."""
    return words[:1].upper() + words[1:]


@cache
def version(language: str) -> str:
    """Names the templates and their translation as they are, so that a digest knows with which words it was told."""
    made = hashlib.sha256()
    for path in [*sorted(TEMPLATES.rglob("*.j2")), *sorted((speech.CATALOGUE / language).rglob("*.mo"))]:
        made.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()[:12]
