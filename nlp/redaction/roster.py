"""The names of a workspace's own people, so that colleagues are left out of notes too, whatever the lists know."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.redaction import lists

SHORTEST = 3
"""Letters: what is shorter is an initial or could be any word."""
A_FEW = 3
"""People who may share a word of their names that no list knows. What more share is a firm's or a team's."""
_ASIDE = re.compile(r"[(\[{|/,:–—@].*|\s-\s.*")
"""What people add to their names, such as "(Repairs)" and "| on leave"."""
_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Roster:
    """The parts of colleagues' names, folded as in the lists."""

    sure: frozenset[str] = frozenset()
    """Found in any case."""
    also_words: frozenset[str] = frozenset()
    """Words too, such as "will" and "rose": found only where they are written as names."""

    @classmethod
    def of(cls, people: Iterable[str]) -> Roster:
        """The roster of people who go by these names, first and last or first alone."""
        known = lists.load()
        parts = Counter(
            part for name in set(people) for part in {lists.fold(part) for part in _PART.findall(_ASIDE.sub("", name))}
        )
        names = {
            part
            for part, people_of_it in parts.items()
            if len(part) >= SHORTEST
            and part not in known.never
            and (people_of_it <= A_FEW or known.given_name(part) or known.family_name(part))
        }
        words = {part for part in names if known.is_word(part) or part in known.foreign}
        return cls(frozenset(names - words), frozenset(words))

    def with_people(self, people: Iterable[str]) -> Roster:
        """The roster with some more people on it."""
        more = Roster.of(people)
        return Roster(self.sure | more.sure, self.also_words | more.also_words)


NOBODY = Roster()
