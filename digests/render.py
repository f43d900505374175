"""A `Digest` into words: a headline and sections, for Slack, for a terminal, for a page, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from digests import speech, wording
from digests.facts import Digest
from digests.speech import _
from digests.voices import Html, Mrkdwn, Plain, Voice

_VOICES: dict[str, Voice] = {"mrkdwn": Mrkdwn(), "text": Plain(), "html": Html()}


@dataclass(frozen=True)
class Section:
    """One part of a digest, in the words of one voice."""

    key: str
    title: str
    body: str
    detail: bool
    """Whether it can wait: in Slack it goes into the thread, elsewhere it comes in its place."""
    why: str
    """Why this part is there, and by which rule its lines were chosen."""


@dataclass(frozen=True)
class Told:
    """A digest in words."""

    headline: str
    sections: tuple[Section, ...]


def as_sections(digest: Digest) -> Told:
    """For Slack: mrkdwn, everything from outside escaped."""
    return _told(digest, "mrkdwn")


def as_text(digest: Digest) -> str:
    """For a terminal or a letter."""
    told = _told(digest, "text")
    parts = [f"{told.headline}\n{'=' * min(len(told.headline), 92)}"]
    parts += [f"{section.title.upper()}\n{section.body}" for section in told.sections]
    return "\n\n".join(parts) + "\n"


def as_html(digest: Digest) -> str:
    """One self-contained page, with its charts inside it, for a phone, a desk or a printer."""
    told = _told(digest, "html")
    page = _environment("html").get_template("page.html.j2")
    sections = [(section.key, section.title, Markup(section.body)) for section in told.sections]
    with speech.speaking(digest.language):
        return page.render(digest=digest, headline=Markup(told.headline), sections=sections)


def as_json(digest: Digest) -> str:
    """The facts, for machines."""
    return json.dumps(digest.facts(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def explained(digest: Digest) -> str:
    """The digest as text, each part followed by why it is there."""
    told = _told(digest, "text")
    with speech.speaking(digest.language):
        parts = [told.headline, *(f"{part.title.upper()}\n{part.body}\n{_because(part)}" for part in told.sections)]
    return "\n\n".join(parts) + "\n"


def _because(section: Section) -> str:
    return _("[Why: {reason}]").format(reason=section.why)


def _told(digest: Digest, voice_name: str) -> Told:
    with speech.speaking(digest.language):
        return _in_its_language(digest, voice_name)


def _in_its_language(digest: Digest, voice_name: str) -> Told:
    voice = _VOICES[voice_name]
    environment = _environment(voice_name)
    headline = environment.get_template("shared/headline.j2").render(digest=digest).strip()
    if digest.still_here:
        body = voice.tidy(environment.get_template("shared/still_here.j2").render(digest=digest))
        why = _("nothing was logged for four weeks, so we say so once a month")
        return Told(headline, (Section("still here", _("Still here"), body, False, why),))
    collected: list[Section] = []

    def section(key: str, title: str, why: str, caller: Callable[[], str], *, detail: bool = False) -> str:
        body = voice.tidy(str(caller()))
        if body.strip():
            collected.append(Section(key, title, body, detail, why))
        return ""

    environment.get_template(f"{digest.audience.value}/body.j2").render(digest=digest, section=section)
    return Told(headline, tuple(collected))


@cache
def _environment(voice: str) -> Environment:
    return wording.environment(_VOICES[voice])
