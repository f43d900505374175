"""Learns from what people correct, in the background: nobody's receipt waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from nlp.agreement import Agreement
from nlp.redaction import NOBODY, Redaction, Roster
from nlp.tagger import Words
from nlp.tagging import Correction, Tagging
from nlp.vocabulary import NoteType
from storage import tags, workspaces
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


class Learner:
    """Each workspace's own tagger: what all start from, and what its people have said since."""

    def __init__(self, database: Database, tagger: Tags) -> None:
        self._database = database
        self._tagger = tagger
        self._learned: dict[str, tuple[int, Tags]] = {}
        self._under_way: dict[str, Future[None]] = {}
        self._guard = threading.Lock()
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="learner")

    def tagger_of(self, workspace: str) -> Tags:
        """The tagger for a workspace as far as it has learned. What people have said since, it begins to learn."""
        known, tagger = self._learned.get(workspace, (0, self._tagger))
        if self._said(workspace) != known:
            self._begin(workspace)
        return tagger

    def learn_all(self) -> None:
        """Learn all that people have said by now, and return when it is learned."""
        with self._database.reading() as session:
            everyone = [known.id for known in workspaces.everyone(session)]
        for gone in self._learned.keys() - set(everyone):
            self._learned.pop(gone, None)
        for workspace in everyone:
            if self._said(workspace) != self._learned.get(workspace, (0, self._tagger))[0]:
                self._begin(workspace).result()

    def set_aside(self, workspace: str) -> bool:
        """Whether what was learned from all that people have said by now did harm, and is set aside for new notes."""
        if self._said(workspace) != self._learned.get(workspace, (0, self._tagger))[0]:
            self._begin(workspace).result()
        agreement = self._learned.get(workspace, (0, self._tagger))[1].agreement
        return agreement is not None and agreement.set_aside

    def _said(self, workspace: str) -> int:
        with self._database.reading() as session:
            return tags.how_many_corrections(session, workspace=workspace)

    def _begin(self, workspace: str) -> Future[None]:
        with self._guard:
            under_way = self._under_way.get(workspace)
            if under_way is None or under_way.done():
                under_way = self._under_way[workspace] = self._desk.submit(self._learn, workspace)
            return under_way

    def _learn(self, workspace: str) -> None:
        try:
            with self._database.reading() as session:
                said = tags.how_many_corrections(session, workspace=workspace)
                corrections = tags.corrections(session, workspace=workspace)
            learned = self._tagger.learned(corrections)
            self._learned[workspace] = (said, learned)
            _tell(workspace, learned.agreement)
        except Exception as error:  # the tagger of before goes on; the next note asks again
            log.warning("The corrections could not be learned from: %s.", type(error).__qualname__)


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
