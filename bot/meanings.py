"""What notes mean in their workspace: suggested by the tagger, as far as that workspace's people have taught it, and
under the themes that they have there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot import mishaps
from bot.courtesy import Courtesy
from bot.learner import Learner, Tags
from bot.librarian import Librarian
from nlp.tagger import Words
from nlp.tagging import Tagging
from nlp.theming import ThemeBook
from storage.database import Database
from storage.models import Note, Unit

log = logging.getLogger(__name__)


class Meanings:
    """One for the process. It gives way to whoever waits for their words to be safe."""

    def __init__(self, database: Database, tagger: Tags, librarian: Librarian, courtesy: Courtesy) -> None:
        self.version = tagger.version
        self._learner = Learner(database, tagger)
        self._librarian = librarian
        self._courtesy = courtesy

    def learn(self) -> None:
        """Learn what people have said by now, in every workspace, and return when it is learned."""
        self._learner.learn_all()

    def lessons_set_aside(self, workspace: str) -> bool:
        """Whether what its people have taught did harm, and is set aside for new notes."""
        return self._learner.set_aside(workspace)

    def suggested(self, asked: Sequence[tuple[Note, Unit]]) -> list[Tagging | None]:
        """A suggestion for each note, of whatever workspace, with the theme that it has there. None for one that the
        tagger stumbles over, nor where a workspace's lessons or themes cannot be had: an untagged note is still a good
        note.
        """
        found: dict[int, Tagging] = {}
        for workspace in dict.fromkeys(note.workspace for note, _unit in asked):
            there = {place: each for place, each in enumerate(asked) if each[0].workspace == workspace}
            try:
                tagger, book = self._learner.tagger_of(workspace), self._librarian.book(workspace)
            except Exception as error:
                log.warning("Notes of workspace %s could not be tagged yet: %s", workspace, mishaps.told(error))
            else:
                found |= self._suggested(tagger, book, there)
        return [found.get(place) for place in range(len(asked))]

    def _suggested(self, tagger: Tags, book: ThemeBook, there: Mapping[int, tuple[Note, Unit]]) -> dict[int, Tagging]:
        """A suggestion for each of these notes of one workspace, by its place: all at once, or one by one."""
        words = [Words(note.verbatim, purpose=unit.purpose, told=note.told_as) for note, unit in there.values()]
        try:
            return dict(zip(there, self._read(tagger, book, words), strict=True))
        except Exception as error:
            if len(there) > 1:
                alone = [self._suggested(tagger, book, {place: each}) for place, each in there.items()]
                return {place: tagging for one in alone for place, tagging in one.items()}
            [(note, _unit)] = there.values()
            name = type(error).__qualname__
            log.warning("Note %s could not be tagged: %s. It is kept, and will be tried again.", note.id, name)
            return {}

    def _read(self, tagger: Tags, book: ThemeBook, asked: Sequence[Words]) -> list[Tagging]:
        taggings = list(self._giving_way(tagger.tag_many(asked, themed=False)))
        themes = book.names_for([words.text for words in asked], kinds=[tagging.kind for tagging in taggings])
        return [replace(tagging, theme=theme or tagging.theme) for tagging, theme in zip(taggings, themes, strict=True)]

    def _giving_way(self, taggings: Iterable[Tagging]) -> Iterator[Tagging]:
        """The same, and between any two of them whoever waits goes first."""
        for tagging in taggings:
            self._courtesy.give_way()
            yield tagging
