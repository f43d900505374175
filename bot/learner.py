"""Learns from what people correct, in the background: nobody's receipt waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from sqlmodel import Session

from nlp.agreement import Agreement
from nlp.redaction import NOBODY, Redaction, Roster
from nlp.tagger import Words
from nlp.tagging import Correction, Tagging
from nlp.vocabulary import NoteType
from storage import books, tags, workspaces
from storage.database import Database

log = logging.getLogger(__name__)


class Redacts(Protocol):
    """Leaves out what identifies people."""

    def redact(self, words: str, *, people: Roster = NOBODY) -> Redaction:
        """The words without what identifies people (`people` are colleagues), and what was left out."""
        ...

    def redact_many(self, texts: Iterable[str], *, people: Roster = NOBODY) -> Iterator[Redaction]:
        """The same for many, in their order."""
        ...


class Tags(Protocol):
    """Suggests what a note means."""

    version: str
    """Of tagger and guide: the lens through which a note was seen."""

    @property
    def agreement(self) -> Agreement | None:
        """Whether what it learned helps, on corrections held out; none while there are too few to tell."""
        ...

    def tag(self, words: str, *, purpose: str = "", told: NoteType | None = None) -> Tagging:
        """What these words seem to mean to a service with this purpose."""
        ...

    def tag_many(self, notes: Iterable[Words], *, themed: bool = True) -> Iterator[Tagging]:
        """The same for many, in their order; faster without a theme of its own."""
        ...

    def learned(self, corrections: Sequence[Correction]) -> Tags:
        """A tagger that has learned from these corrections."""
        ...


Sign = tuple[int, int | None]
"""How much people have said, and the edition of their book of themes: another one when there may be more to learn, or
something to forget.
"""


@dataclass(frozen=True, slots=True)
class _Learned:
    """What a workspace's people had said by some sign, and the tagger that has learned it."""

    sign: Sign
    corrections: Sequence[Correction]
    tagger: Tags


class Learner:
    """Each workspace's own tagger: what all start from, and what its people have said since."""

    def __init__(self, database: Database, tagger: Tags) -> None:
        self._database = database
        self._tagger = tagger
        self._nothing = _Learned((0, None), (), tagger)
        self._learned: dict[str, _Learned] = {}
        self._under_way: dict[str, Future[None]] = {}
        self._guard = threading.Lock()
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="learner")

    def tagger_of(self, workspace: str) -> Tags:
        """The tagger for a workspace as far as it has learned. What people have said since, it begins to learn, and
        what they took back, to forget.
        """
        learned = self._learned.get(workspace, self._nothing)
        if self._is_behind(workspace):
            self._begin(workspace)
        return learned.tagger

    def learn_all(self) -> None:
        """Learn all that people have said by now, and return when it is learned."""
        with self._database.reading() as session:
            everyone = [known.id for known in workspaces.everyone(session)]
        for gone in self._learned.keys() - set(everyone):
            self._learned.pop(gone, None)
        for workspace in everyone:
            self._catch_up(workspace)

    def set_aside(self, workspace: str) -> bool:
        """Whether what was learned from all that people have said by now did harm, and is set aside for new notes."""
        self._catch_up(workspace)
        agreement = self._learned.get(workspace, self._nothing).tagger.agreement
        return agreement is not None and agreement.set_aside

    def _is_behind(self, workspace: str) -> bool:
        with self._database.reading() as session:
            return _sign(session, workspace) != self._learned.get(workspace, self._nothing).sign

    def _begin(self, workspace: str) -> None:
        with self._guard:
            under_way = self._under_way.get(workspace)
            if under_way is None or under_way.done():
                self._under_way[workspace] = self._desk.submit(self._learn, workspace)

    def _catch_up(self, workspace: str) -> None:
        if self._is_behind(workspace):  # what is under way may have begun before the latest was said
            self._desk.submit(self._learn, workspace).result()

    def _learn(self, workspace: str) -> None:
        try:
            with self._database.reading() as session:
                sign = _sign(session, workspace)
                corrections = tags.corrections(session, workspace=workspace)
            before = self._learned.get(workspace, self._nothing)
            if corrections == before.corrections:
                self._learned[workspace] = replace(before, sign=sign)
                return
            learned = self._tagger.learned(corrections)
            self._learned[workspace] = _Learned(sign, corrections, learned)
            _tell(workspace, learned.agreement)
        except Exception as error:  # the tagger of before goes on; the next note asks again
            log.warning("The corrections could not be learned from: %s.", type(error).__qualname__)


def _sign(session: Session, workspace: str) -> Sign:
    """Corrections are only ever added, or go with what is taken back; and whatever is taken back, a note, its words of
    before or a theme's name, goes from the book of themes, too, which has a new edition then.
    """
    return tags.how_many_corrections(session, workspace=workspace), books.edition(session, workspace)


def _tell(workspace: str, agreement: Agreement | None) -> None:
    if agreement is not None and agreement.set_aside:
        log.warning(
            "What workspace %s taught is set aside for new notes: held out, it agreed with people on the type of %d "
            "of %d wordings, the first day's tagger on %d. What people said of a note stands.",
            workspace,
            agreement.types.learned,
            agreement.wordings,
            agreement.types.first_day,
        )
