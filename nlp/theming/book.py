"""The book of themes: found among notes, told on arrival, and changed by people's word.

A book never changes: finding, renaming, merging and the rest each give a new one. It keeps no notes but a few examples;
of all others it remembers a mark made from their words, so that the same words always come to the same theme.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from nlp import embedding
from nlp.theming import likeness, words
from nlp.theming.likeness import Places, Vectors
from nlp.theming.theme import (
    NoSuchTheme,
    NothingToUndo,
    Placement,
    Said,
    Theme,
    Verb,
    as_it_is_now,
    in_order,
    in_turn,
    kinds_together,
)
from nlp.vocabulary import Kind

PLAINLY = 0.35
"""How like its theme's middle a note is that may be called by the theme's name."""


@dataclass(frozen=True, slots=True)
class ThemeBook:
    """All themes of one organisation, the largest first."""

    themes: tuple[Theme, ...] = ()
    mean: Vectors = field(default_factory=lambda: np.zeros(embedding.WIDTH, np.float32), repr=False, compare=False)
    """What all its notes have in common, (384,)."""
    reach: float = 0.4
    """A note less like every theme than this is new."""
    remembered: Mapping[int, str | None] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """The theme of each note that was there, by the mark of its words; none for one that fitted nowhere."""
    said: tuple[Said, ...] = field(default=(), repr=False)
    """What people changed, oldest first."""

    @classmethod
    def found_in(
        cls,
        texts: Sequence[str],
        *,
        kinds: Sequence[Kind | None] | None = None,
        vectors: Vectors | None = None,
        before: ThemeBook | None = None,
    ) -> ThemeBook:
        """The themes of these notes; `place` them afterwards to learn which note is where.

        Neither the order of notes nor chance changes what is found.

        Args:
            texts: all notes that themes are to be found in, already redacted.
            kinds: the kind of each, where it is known: it keeps apart what is asked differently about one thing.
            vectors: their vectors from `nlp.embedding.encode`, (notes, 384), if at hand; made here otherwise.
            before: last week's book: themes that live on keep their id and name, and what people said stands.

        Raises:
            ValueError: there are not as many kinds or vectors as notes.
        """
        from nlp.theming import finding  # which needs this module's Theme

        return finding.found_in(texts, kinds=kinds, vectors=vectors, before=before or cls())

    def place(
        self, texts: Sequence[str], *, kinds: Sequence[Kind | None] | None = None, vectors: Vectors | None = None
    ) -> list[Placement]:
        """Where notes belong, each judged by itself. Notes with the same words always come to the same theme.

        Raises:
            ValueError: there are not as many kinds or vectors as notes.
        """
        known, rows = told(texts, kinds, vectors)
        keys = [words.key(text) for text in texts]
        place_of = {theme.id: place for place, theme in enumerate(self.themes)}
        at_home = [place_of.get(self.remembered.get(words.mark(key)) or "", -1) for key in keys]
        nearest, similarity = self._nearest(rows, known, at_home)
        return [
            self._placement(key, kind, theme, round(similar, 4))
            for key, kind, theme, similar in zip(keys, known, nearest, similarity, strict=True)
        ]

    def names_for(
        self, texts: Sequence[str], *, kinds: Sequence[Kind | None] | None = None, vectors: Vectors | None = None
    ) -> list[str | None]:
        """The name of each note's theme; none for filler, for what is new, and for what only lies nearest to a theme
        and does not plainly belong to it.

        Raises:
            ValueError: there are not as many kinds or vectors as notes.
        """
        if not self.themes or not texts:
            return [None] * len(texts)
        names = {theme.id: theme.name for theme in self.themes}
        placements = self.place(texts, kinds=kinds, vectors=vectors)
        return [names[placed.theme] if placed.theme and placed.plainly else None for placed in placements]

    def by_likeness(self, text: str, *, kind: Kind | None = None) -> list[str]:
        """The ids of all themes, the one that a note fits best first."""
        if not self.themes:
            return []
        known, rows = told([text], [kind], None)
        owners, middles, shares = self._middles()
        [fit] = self._alike(rows, middles) + likeness.kind_bonus(likeness.shares_of_each(known), shares)
        return list(dict.fromkeys(self.themes[owners[place]].id for place in np.argsort(-fit, kind="stable")))

    def theme(self, theme_id: str) -> Theme:
        """The theme with this id.

        Raises:
            NoSuchTheme: there is none.
        """
        for theme in self.themes:
            if theme.id == theme_id:
                return theme
        raise NoSuchTheme(f"There is no theme {theme_id!r} in this book.")

    def rename(self, theme_id: str, name: str) -> ThemeBook:
        """The theme goes by this name from now on, whatever later passes find.

        Raises:
            NoSuchTheme: there is none with this id.
            ValueError: the name is empty, or another theme has it.
        """
        wanted = " ".join(name.split())
        if not wanted:
            raise ValueError("A theme needs a name.")
        if any(theme.name.casefold() == wanted.casefold() and theme.id != theme_id for theme in self.themes):
            raise ValueError(f"Another theme is called {wanted!r} already. You can merge the two.")
        was = self.theme(theme_id)
        return self._with("rename", (was,), (replace(was, name=wanted, named=True),))

    def merge(self, into: str, *others: str) -> ThemeBook:
        """The other themes become part of `into`, which keeps its id and name and is held from now on.

        Raises:
            NoSuchTheme: one of them is not in the book.
            ValueError: there is nothing to merge.
        """
        kept, merged = self.theme(into), [self.theme(other) for other in dict.fromkeys(others) if other != into]
        if not merged:
            raise ValueError("A merge takes at least two themes.")
        whole = [kept, *merged]
        size = sum(theme.size for theme in whole)
        become = replace(
            kept,
            size=size,
            held=True,
            further=(*kept.further, *(middle for theme in merged for middle in theme.middles)),
            kinds=kinds_together(whole),
            examples=in_turn([theme.examples for theme in whole]),
        )
        moved = {mark: at for mark, at in self.remembered.items() if at in {theme.id for theme in merged} and at}
        return self._with("merge", tuple(whole), (become,), moved, dict.fromkeys(moved, into))

    def split(
        self, theme_id: str, apart: Sequence[str], *, name: str | None = None, vectors: Vectors | None = None
    ) -> ThemeBook:
        """These notes, and those more like them than like the rest, become a theme of their own. Both are held.

        Raises:
            NoSuchTheme: there is none with this id.
            ValueError: no note that says something was given, or the name is taken.
        """
        from nlp.theming import finding

        was = self.theme(theme_id)
        rest, new = finding.split(self, was, apart, name=name, vectors=vectors)
        marks = {words.mark(words.key(text)) for text in apart}
        moved = {mark: at for mark, at in self.remembered.items() if at == theme_id}
        return self._with("split", (was,), (rest, new), moved, dict.fromkeys(marks, new.id), forget=moved)

    def pin(self, theme_id: str) -> ThemeBook:
        """The theme stays, even in weeks when nobody brings it up.

        Raises:
            NoSuchTheme: there is none with this id.
        """
        was = self.theme(theme_id)
        return self._with("pin", (was,), (replace(was, held=True),))

    def undo(self) -> ThemeBook:
        """The book as if the last thing that a person changed had not been changed.

        Raises:
            NothingToUndo: nobody changed anything.
        """
        if not self.said:
            raise NothingToUndo("There is nothing to undo.")
        last = self.said[-1]
        gone = {*last.became, *(theme.id for theme in last.was)}
        kept = [theme for theme in self.themes if theme.id not in gone]
        now = {theme.id: theme for theme in self.themes}
        back = [as_it_is_now(theme, now.get(theme.id), last.verb) for theme in last.was]
        dropped = set(last.became) - {theme.id for theme in last.was}
        remembered = {mark: at for mark, at in self.remembered.items() if at not in dropped}
        remembered.update(last.moved)
        return replace(
            self, themes=in_order([*kept, *back]), remembered=MappingProxyType(remembered), said=self.said[:-1]
        )

    def forget(self, texts: Iterable[str]) -> ThemeBook:
        """The book without any trace of these notes: taken out of the examples and of what it remembers."""
        gone = {words.key(text) for text in texts}
        marks = {words.mark(key) for key in gone}

        def without(theme: Theme) -> Theme:
            return replace(theme, examples=tuple(text for text in theme.examples if words.key(text) not in gone))

        def unsaid(said: Said) -> Said:
            moved = {mark: at for mark, at in said.moved.items() if mark not in marks}
            return replace(said, was=tuple(map(without, said.was)), moved=MappingProxyType(moved))

        return replace(
            self,
            themes=tuple(map(without, self.themes)),
            remembered=MappingProxyType({mark: at for mark, at in self.remembered.items() if mark not in marks}),
            said=tuple(map(unsaid, self.said)),
        )

    def without_names_of(
        self, gone: Collection[str], said_of: Callable[[Theme], Sequence[str]]
    ) -> tuple[ThemeBook, dict[str, str]]:
        """The book without names that hold one of these words: such a theme is named anew. A name that a person gave
        stands.

        Args:
            gone: words in lower case, as `words.of` has them, that nobody has said any more.
            said_of: the notes that a theme has left, to name it by.

        Returns:
            The book, and what each of these themes is called now, by the name that it had.
        """
        from nlp.theming import naming

        anew: dict[str, str] = {}
        taken = {theme.name for theme in self.themes}

        def named(theme: Theme) -> Theme:
            if theme.named or not set(gone).intersection(words.of(theme.name)):
                return theme
            if theme.name not in anew:
                anew[theme.name] = naming.names([said_of(theme)], taken=taken | set(anew.values()))[0]
            return replace(theme, name=anew[theme.name])

        said = tuple(replace(said, was=tuple(map(named, said.was))) for said in self.said)
        return replace(self, themes=tuple(map(named, self.themes)), said=said), anew

    def to_bytes(self) -> bytes:
        """The book as bytes, for keeping. The same book always gives the same bytes."""
        from nlp.theming import keeping

        return keeping.to_bytes(self)

    @classmethod
    def from_bytes(cls, kept: bytes) -> ThemeBook:
        """The book that was kept.

        Raises:
            ValueError: these bytes are no book.
        """
        from nlp.theming import keeping

        return keeping.from_bytes(kept)

    def _nearest(
        self, rows: Vectors, kinds: Sequence[Kind | None], at_home: Sequence[int]
    ) -> tuple[list[int], list[float]]:
        """For each note the place of its theme, and how like that theme it is: the one it is at home in (-1 for none),
        or else the one it fits best, kinds counted.
        """
        if not self.themes or not len(rows):
            return [-1] * len(rows), [0.0] * len(rows)
        owners, middles, shares = self._middles()
        nearest: list[int] = []
        similarity: list[float] = []
        for start in range(0, len(rows), 4096):
            some = slice(start, start + 4096)
            alike = self._alike(rows[some], middles)
            fit = alike + likeness.kind_bonus(likeness.shares_of_each(kinds[some]), shares)
            homes = np.array(at_home[some], np.intp)[:, None]
            best = np.where((homes < 0) | (owners == homes), fit, -np.inf).argmax(axis=1)
            nearest += owners[best].tolist()
            similarity += alike[np.arange(len(best)), best].tolist()
        return nearest, similarity

    def _middles(self) -> tuple[Places, Vectors, Vectors]:
        """Every middle of every theme: whose it is, where it lies, and which kinds its theme's notes are of."""
        owners = np.array([place for place, theme in enumerate(self.themes) for _ in theme.middles], np.intp)
        middles = likeness.apart(np.array([m for theme in self.themes for m in theme.middles]), self.mean)
        return owners, middles, np.array([likeness.shares_as_row(self.themes[owner].kinds) for owner in owners])

    def _alike(self, rows: Vectors, middles: Vectors) -> npt.NDArray[np.float64]:
        """How like each middle each note is. In double precision, so that what rounding leaves does not depend on how
        many notes are asked about at once.
        """
        apart = likeness.apart(rows, self.mean).astype(np.float64)
        return np.asarray(apart @ middles.T.astype(np.float64))

    def _placement(self, key: str, kind: Kind | None, nearest: int, similarity: float) -> Placement:
        nowhere = Placement(None, similarity, is_new=bool(key) and likeness.asks(kind))
        known = self.remembered.get(words.mark(key), "")
        if not key or nearest < 0 or known is None:
            return nowhere
        theme = self.themes[nearest]
        if known != theme.id and similarity < likeness.bar(self.reach, kind):
            return nowhere
        return Placement(theme.id, similarity, is_new=False, plainly=theme.held or similarity >= PLAINLY)

    def _with(
        self,
        verb: Verb,
        was: tuple[Theme, ...],
        become: tuple[Theme, ...],
        moved: Mapping[int, str] = MappingProxyType({}),
        now_at: Mapping[int, str] = MappingProxyType({}),
        *,
        forget: Iterable[int] = (),
    ) -> ThemeBook:
        gone = {theme.id for theme in was}
        forgotten = set(forget)
        remembered = {mark: at for mark, at in self.remembered.items() if mark not in forgotten} | dict(now_at)
        return replace(
            self,
            themes=in_order([*(theme for theme in self.themes if theme.id not in gone), *become]),
            remembered=MappingProxyType(remembered),
            said=(*self.said, Said(verb, was, tuple(theme.id for theme in become), MappingProxyType(dict(moved)))),
        )


def told(
    texts: Sequence[str], kinds: Sequence[Kind | None] | None, vectors: Vectors | None
) -> tuple[Sequence[Kind | None], Vectors]:
    """The kinds and vectors of notes, made up for where they were not given.

    Raises:
        ValueError: there are not as many of them as notes.
    """
    known: Sequence[Kind | None] = [None] * len(texts) if kinds is None else kinds
    rows = embedding.encode([text[: words.READ_AT_MOST] for text in texts]) if vectors is None else vectors
    if len(known) != len(texts) or len(rows) != len(texts):
        raise ValueError("There have to be as many kinds and vectors as notes.")
    return known, np.asarray(rows, dtype=np.float32)
