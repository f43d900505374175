"""Takes words out of digests after somebody took them back: on record, on their way, and where they were posted."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from digests import quotes, speech, wording
from digests.facts import Digest, fingerprint_of
from digests.speech import _
from storage import changes, counts, editions, outbox
from storage.models import Edition, Message

Card = Callable[[Digest], dict[str, Any]]
"""Makes Slack's `text` and `blocks` of a digest, and under `thread` the messages that answer it."""

POSTED_NOW = "digest/now"
"""What the keys of digests begin with that somebody asked for out of turn."""


def forget(
    session: Session,
    *,
    workspace: str,
    numbers: Collection[int],
    names: Mapping[str, str],
    since: datetime,
    card: Card,
    now: datetime,
    noted: Collection[int] = (),
) -> None:
    """Take notes out of every digest that quotes them, changes out of every digest that tells of them, and names out of
    every digest that calls a theme by them.

    Args:
        session: an open transaction, in which nobody else adds to the workspace.
        workspace: Slack's id of the workspace.
        numbers: the numbers of the notes that were taken back.
        names: what themes are called from now on, by the names that were made of words taken back.
        since: no digest from before this moment quotes the notes, or tells of the changes.
        card: makes the messages, so that those on their way are put right, and those that arrived are replaced.
        now: the present moment, aware.
        noted: the ids of the changes that were taken back from the change log.
    """
    shown = {quotes.named(was): name for was, name in names.items()}
    for edition in editions.with_facts(session, workspace, since=None if names else since - editions.LEASE):
        left = without(edition.facts, numbers, shown, noted)
        if left != edition.facts:
            was = edition.facts
            editions.leave_out(session, edition, facts=left, fingerprint=fingerprint_of(left))
            _put_right(session, edition, was, card, now)
    for message in outbox.unsaid(session, workspace=workspace) if names else ():
        body = _called(message.body, names)
        if body != message.body:
            outbox.say_instead(session, message, body)  # somebody else's receipt, which names the theme


def drop_unsaid(session: Session, words: str, *, workspace: str) -> None:
    """Drop a digest that somebody asked to be posted just now, thread and all, if it is still on its way and quotes
    these words: it is on no record by which it could be put right. Whoever asked can ask again.
    """
    wanted = _bare(quotes.shortened(words)[0])
    for message in outbox.unsaid(session, workspace=workspace):
        if wanted and message.key.startswith(POSTED_NOW) and wanted in _bare(" ".join(_strings_in(message.body))):
            outbox.forget(session, workspace=workspace, key=message.thread_of or message.key)


def without_what_went(session: Session, digest: Digest) -> Digest:
    """A digest as it may be told: without what was taken back while it was made."""
    facts = digest.facts()
    gone = counts.taken_back(session, editions.numbers_in(facts), workspace=digest.workspace)
    noted = changes.taken_back(session, set(_changes_in(facts)), workspace=digest.workspace)
    return Digest.from_facts(without(facts, gone, {}, noted)) if gone or noted else digest


def without(facts: Any, numbers: Collection[int], names: Mapping[str, str], noted: Collection[int] = ()) -> Any:
    """The same facts, without the words of these notes, these names and these changes."""
    if isinstance(facts, dict):
        if facts.get("note") in numbers and "words" in facts:
            return {**facts, "words": "", "what_matters": "", "theme": "", "kind": "", "cut": False, "taken_back": True}
        if facts.get("change_id") in noted:
            return {**facts, "words": "", "taken_back": True}
        return {name: without(part, numbers, names, noted) for name, part in facts.items()}
    if isinstance(facts, list):
        return [without(part, numbers, names, noted) for part in facts]
    return names.get(facts, facts) if isinstance(facts, str) else facts


def _changes_in(facts: Any) -> Iterator[int]:
    """The id of every change that a digest tells of, wherever in its facts it stands."""
    if isinstance(facts, dict):
        if facts.get("change_id"):
            yield facts["change_id"]
        facts = list(facts.values())
    if isinstance(facts, list):
        for part in facts:
            yield from _changes_in(part)


def _called(body: Any, names: Mapping[str, str]) -> Any:
    """The same message, in which themes are called by the names that they have now."""
    if isinstance(body, dict):
        return {name: _called(part, names) for name, part in body.items()}
    if isinstance(body, list):
        return [_called(part, names) for part in body]
    for was, name in names.items() if isinstance(body, str) else ():
        body = body.replace(was, name)
    return body


def _put_right(session: Session, edition: Edition, was: dict[str, Any], card: Card, now: datetime) -> None:
    """Let the messages of a digest say what is left: those that wait, and by an edit those that arrived."""
    try:
        before, after = Digest.from_facts(was), Digest.from_facts(edition.facts)
    except ValueError:
        return  # told long ago, from facts of another shape, so it cannot be told again
    said, says = _by_place(card(before)), _by_place(card(after))
    reworded = before.templates != wording.version(before.language)  # then each may hold what another one held
    for message in outbox.under(session, editions.key_of(edition, edition.week), workspace=edition.workspace):
        place = message.key.removeprefix(message.thread_of or message.key)
        body = says.get(place, _nothing_left(after))
        if "pictures" in body or "pictures" in message.body or (body == said.get(place) and not reworded):
            continue
        if message.sent_at is None:
            outbox.say_instead(session, message, body)
        elif message.ts:
            owe_edit(session, message, body, now)


def owe_edit(session: Session, message: Message, body: dict[str, Any], now: datetime) -> None:
    """Owe an edit of a message that arrived. One that was owed before, and is still on its way, gives way to it."""
    earlier = f"taken back/{message.id}"
    outbox.forget(session, workspace=message.workspace, key=earlier)
    edits = len(outbox.under(session, earlier, workspace=message.workspace))
    outbox.leave(
        session,
        workspace=message.workspace,
        key=f"{earlier}/{edits + 1}",
        channel=message.channel,
        body={**body, "edit": message.key},
        now=now,
    )


def _by_place(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The messages of a digest by what their keys end in: nothing for the first, its place for one in the thread."""
    first = {name: part for name, part in card.items() if name != "thread"}
    return {"": first, **{f"/{n}": body for n, body in enumerate(card.get("thread", ()), 1)}}


def _nothing_left(digest: Digest) -> dict[str, Any]:
    with speech.speaking(digest.language):
        return {"text": _("What stood here was taken back."), "blocks": []}


def _strings_in(body: Any) -> list[str]:
    if isinstance(body, dict):
        body = list(body.values())
    if isinstance(body, list):
        return [text for part in body for text in _strings_in(part)]
    return [body] if isinstance(body, str) else []


def _bare(text: str) -> str:
    """The letters and digits alone: what is left of words however they were escaped, cut and set in lines."""
    return "".join(c for c in html.unescape(text) if c.isalnum())
