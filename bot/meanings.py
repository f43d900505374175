"""What notes mean in their workspace: suggested by the tagger, as far as that workspace's people have taught it, and
under the themes that they have there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.courtesy import Courtesy
from bot.learner import Learner, Tags
from bot.librarian import Librarian
from nlp.tagger import Words
from nlp.tagging import Tagging
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

    def suggestions(self, workspace: str, asked: Sequence[Words]) -> list[Tagging]:
        """What these words seem to mean in this workspace, with the theme that they have there."""
        taggings = list(self._giving_way(self._learner.tagger_of(workspace).tag_many(asked, themed=False)))
        themes = self._librarian.themes_of(workspace, [words.text for words in asked], [t.kind for t in taggings])
        return [replace(tagging, theme=theme or tagging.theme) for tagging, theme in zip(taggings, themes, strict=True)]

    def suggested(self, asked: Sequence[tuple[Note, Unit]]) -> list[Tagging | None]:
        """A suggestion for each note, of whatever workspace; none for one that the tagger stumbles over."""
        found: dict[int, Tagging] = {}
        for workspace in dict.fromkeys(note.workspace for note, _unit in asked):
            there = [place for place, (note, _unit) in enumerate(asked) if note.workspace == workspace]
            words = [Words(asked[p][0].verbatim, purpose=asked[p][1].purpose, told=asked[p][0].told_as) for p in there]
            try:
                found |= dict(zip(there, self.suggestions(workspace, words), strict=True))
            except Exception as error:  # whatever goes wrong in there, an untagged note is still a good note
                if len(asked) > 1:
                    return [self.suggested([one])[0] for one in asked]
                name = type(error).__qualname__
                log.warning(
                    "Note %s could not be tagged: %s. It is kept, and will be tried again.", asked[0][0].id, name
                )
        return [found.get(place) for place in range(len(asked))]

    def _giving_way(self, taggings: Iterable[Tagging]) -> Iterator[Tagging]:
        """The same, and between any two of them whoever waits goes first."""
        for tagging in taggings:
            self._courtesy.give_way()
            yield tagging
