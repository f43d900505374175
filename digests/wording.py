"""Jinja, set up once: templates choose the words, and every voice reads the same ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from digests import telling
from digests.speech import _
from digests.voices import Voice

TEMPLATES = Path(__file__).parent / "templates"

QUESTIONS = 6
"""How many questions to think about `shared/questions.j2` holds."""


ODDS = 8
"""When nothing has changed, up to one digest in this many still shows a signal. Measured on pure noise, all charts of a
digest together; a test holds it.
"""


def environment(voice: Voice) -> Environment:
    """A Jinja environment in which everything from outside passes through this voice, once.

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
        listed=listed,
        some=some,
        traced=traced,
        opening=opening,
        ODDS=ODDS,
        telling=telling.of,
        telling_of_chart=telling.of_chart,
        number=telling.number,
    )
    return made


def _around(put: Callable[[object], Markup]) -> Callable[..., Markup]:
    """For `{% call line() %}…{% endcall %}`, or `{{ line("…") }}` where the words are few."""

    def block(words: object = "", caller: Callable[[], str] | None = None) -> Markup:
        return put(caller() if caller else words)

    return block


def _saying(voice: Voice) -> Callable[..., Markup]:
    """`say("Silent this week: {points}.", points=…)`: a sentence in the language spoken now, its facts made safe."""

    def say(sentence: str, **facts: object) -> Markup:
        return voice.safe(_(sentence)).format(**{name: voice.safe(fact) for name, fact in facts.items()})

    return say


def many(n: int, one: str, more: str = "") -> str:
    """A number with its noun: "1 note", "2 notes"."""
    return f"{n} {one if n == 1 else more or one + 's'}"


def listed(things: list[object] | tuple[object, ...]) -> str:
    """Things in a row as a sentence has them: "41, 44 and 52"."""
    words = [str(thing) for thing in things]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def some(things: tuple[str, ...], at_most: int = 8) -> str:
    """The first of many things as a sentence has them, and how many more there are."""
    more = len(things) - at_most
    if more <= 0:
        return listed(things)
    return _("{things} and {n} more").format(things=", ".join(things[:at_most]), n=more)


def traced(numbers: tuple[int, ...], count: int) -> str:
    """The numbers of some notes, and how many more there are: "41, 44 and 3 more"."""
    more = count - len(numbers)
    return f"{', '.join(map(str, numbers))} and {more} more" if more > 0 else listed(numbers)


def opening(words: str) -> str:
    """Words that open a sentence. What is in capitals inside them stays so."""
    return words[:1].upper() + words[1:]


@cache
def version() -> str:
    """Names the templates as they are, so that a digest knows with which words it was first told."""
    made = hashlib.sha256()
    for path in sorted(TEMPLATES.rglob("*.j2")):
        made.update(path.relative_to(TEMPLATES).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()[:12]
