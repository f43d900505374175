"""What a book of themes is made of: themes, placements, and what people said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from nlp.theming.likeness import Vectors

EXAMPLES = 5

Verb = Literal["rename", "merge", "split", "pin"]


class NoSuchTheme(LookupError):
    """There is no theme with this id in the book. The latest book may have merged or dropped it."""


class NothingToUndo(LookupError):
    """Nobody has changed a theme in this book, so there is nothing to take back."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A kind of demand: the same thing, asked for in the same way."""

    id: str
    """Stays the same from week to week, as long as the theme lives on."""
    name: str
    """As a customer would say it, at most 40 characters when it was found; a person's name for it is kept as it is."""
    centre: Vectors = field(repr=False, compare=False)
    """The middle of its notes, (384,), of length 1."""
    size: int
    """Notes that it held when it was found."""
    examples: tuple[str, ...] = ()
    """The notes nearest to its middle."""
    kinds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """How its notes are spread over the kinds of demand, by member name; empty when nobody knows."""
    named: bool = False
    """A person gave it its name, which stands."""
    held: bool = False
    """A person pinned, merged or split it: later passes keep it as it is and only add to it."""
    further: tuple[Vectors, ...] = field(default=(), repr=False, compare=False)
    """The middles of themes that were merged into it."""

    @property
    def middles(self) -> list[Vectors]:
        """Every middle that a note may lie near to belong here."""
        return [self.centre, *self.further]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a note belongs."""

    theme: str | None
    """The theme's id; none for filler, and for what is unlike every theme."""
    similarity: float
    """How like that theme's middle it is, -1 to 1; the nearest theme's when it has none."""
    is_new: bool
    """It says something, and is unlike anything heard before."""
    plainly: bool = False
    """So like the theme that it may be called by its name; a note that only lies nearest to it may not."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person changed, and what it takes to undo it."""

    verb: Verb
    was: tuple[Theme, ...]
    became: tuple[str, ...]
    moved: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    """Marks of notes that changed their theme, and the theme they had."""


def in_order(themes: Iterable[Theme]) -> tuple[Theme, ...]:
    """The largest first; of equals the one whose id comes first."""
    return tuple(sorted(themes, key=lambda theme: (-theme.size, theme.id)))


def kinds_together(themes: Sequence[Theme]) -> Mapping[str, float]:
    """How the notes of several themes are spread over the kinds, by member name."""
    known = [theme for theme in themes if theme.kinds]
    size = sum(theme.size for theme in known) or 1
    names = sorted({name for theme in known for name in theme.kinds})
    return MappingProxyType({n: round(sum(t.size * t.kinds.get(n, 0.0) for t in known) / size, 4) for n in names})


def in_turn(examples: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """A few examples, one of each theme in turn."""
    most = max(map(len, examples), default=0)
    taken = [some[turn] for turn in range(most) for some in examples if turn < len(some)]
    return tuple(taken[:EXAMPLES])


def as_it_is_now(was: Theme, now: Theme | None, verb: Verb) -> Theme:
    """What comes back on undo: after a rename or a pin the theme as a later pass left it, else as it was."""
    if now is None or verb in ("merge", "split"):
        return was
    return replace(
        now,
        name=was.name if verb == "rename" else now.name,
        named=was.named if verb == "rename" else now.named,
        held=was.held if verb == "pin" else now.held,
    )
