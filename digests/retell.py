"""Tells a digest again from what is on record, to the letter, and says why each part is there."""

from __future__ import annotations

from digests import render, wording
from digests.facts import Digest
from storage.editions import Outcome
from storage.models import Edition

_NOTHING_TOLD = {
    Outcome.CLAIMED: "This digest is being made right now. Ask again in a few minutes.",
    Outcome.QUIET: "Nothing was logged in that week, so no digest went out and there is nothing to explain.",
    Outcome.MISSED: "This digest never went out: by the time it could be sent, it was more than three days late.",
}


class NothingToExplain(Exception):
    """That edition was never told. The message says why."""


def again(edition: Edition) -> Digest:
    """The digest that went out, as it was.

    Raises:
        NothingToExplain: it never went out.
        ValueError: what is on record has been changed since.
    """
    if edition.outcome in _NOTHING_TOLD:
        raise NothingToExplain(_NOTHING_TOLD[Outcome(edition.outcome)])
    digest = Digest.from_facts(edition.facts)
    if digest.fingerprint != edition.fingerprint:
        raise ValueError("The facts on record are not the ones this digest was told from.")
    return digest


def explain(edition: Edition) -> str:
    """The digest again, each part followed by why it is there, and what it was made from.

    Raises:
        NothingToExplain: it never went out.
        ValueError: what is on record has been changed since.
    """
    digest = again(edition)
    same_words = digest.templates == wording.version()
    footing = [
        f"Told from facts with the fingerprint {edition.fingerprint}.",
        f"Tags by {', '.join(digest.lenses) or 'people alone'}. Words by version {digest.templates}."
        if same_words
        else f"The words have changed since: it was told with version {digest.templates}, "
        f"and this is version {wording.version()}. The facts are the same.",
    ]
    return f"{render.explained(digest)}\n{chr(10).join(footing)}\n"
