"""Tells a digest again from what is on record, to the letter, and says why each part is there."""

from __future__ import annotations

from digests import render, wording
from digests.facts import Digest, fingerprint_of
from digests.speech import N_, _
from storage.editions import Outcome
from storage.models import Edition

_NOTHING_TOLD = {
    Outcome.CLAIMED: N_("This digest is being made right now. Ask again in a few minutes."),
    Outcome.QUIET: N_("Nothing was logged in that week, so no digest went out and there is nothing to explain."),
    Outcome.MISSED: N_("This digest never went out: by the time it could be sent, it was more than three days late."),
}


class NothingToExplain(Exception):
    """That edition was never told. The message says why."""


def again(edition: Edition) -> Digest:
    """The digest that went out, as it was, but for words that were taken back since.

    Raises:
        NothingToExplain: it never went out.
        ValueError: what is on record has been changed since.
    """
    if edition.outcome in _NOTHING_TOLD:
        raise NothingToExplain(_(_NOTHING_TOLD[Outcome(edition.outcome)]))
    if fingerprint_of(edition.facts) != (edition.fingerprint_since or edition.fingerprint):
        raise ValueError(_("The facts on record are not the ones this digest was told from."))
    return Digest.from_facts(edition.facts)


def explain(edition: Edition) -> str:
    """The digest again, each part followed by why it is there, and what it was made from.

    Raises:
        NothingToExplain: it never went out.
        ValueError: what is on record has been changed since.
    """
    digest = again(edition)
    return f"{render.explained(digest)}\n{chr(10).join(made_from(edition, digest))}\n"


def reasons(edition: Edition) -> tuple[str, list[tuple[str, str]], list[str]]:
    """Its headline; the title of each part with why it is there; and what it was made from. No note is quoted.

    Raises:
        NothingToExplain: it never went out.
        ValueError: what is on record has been changed since.
    """
    digest = again(edition)
    told = render.as_sections(digest)
    return told.headline, [(part.title, part.why) for part in told.sections], made_from(edition, digest)


def made_from(edition: Edition, digest: Digest) -> list[str]:
    """The facts, the tags and the words that it was made from, by their versions."""
    words = wording.version(digest.language)
    since = [
        _(
            "Since then, words were taken back, so this is not the digest to the letter: the facts that are left have "
            "the fingerprint {fingerprint}."
        ).format(fingerprint=edition.fingerprint_since)
    ]
    return [
        _("Told from facts with the fingerprint {fingerprint}.").format(fingerprint=edition.fingerprint),
        *(since if edition.fingerprint_since else ()),
        _("Tags by {lenses}. Words by version {version}.").format(
            lenses=", ".join(digest.lenses) or _("people alone"), version=digest.templates
        )
        if digest.templates == words
        else _(
            "The words have changed since: it was told with version {then}, and this is version {now}. "
            "The facts are the same."
        ).format(then=digest.templates, now=words),
    ]
