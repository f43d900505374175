"""Keeps the book of themes of each workspace: found anew when enough has been said, and looked up for every note."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType

from sqlmodel import Session

from bot import mishaps
from nlp import many
from nlp.theming import ThemeBook, words
from nlp.theming.theme import Theme
from nlp.vocabulary import DemandKind, Kind
from storage import books, notes, tags, workspaces
from storage.database import Database
from storage.models import Note, Tag

log = logging.getLogger(__name__)

FEWEST = 20
"""Notes from which themes can be told at all."""
_GROWN = 1.2
"""Themes are found anew when there are this many times the notes there were."""
_AT_A_TIME = 500
_READ_FOR_A_NAME = 100
_LATEST = 200
"""How many of a theme's notes are read, the latest first, when people tell it apart."""
_COMPARED = 40
"""How many different ones are compared with their theme: while somebody waits for a form."""


class NoneSetApart(ValueError):
    """None of the notes that were to leave a theme are there any more."""


class NoneLeft(ValueError):
    """Every note would leave the theme."""


class Librarian:
    """Which theme does a note belong to? A kind of demand, named as a customer would say it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._open: dict[str, tuple[int, ThemeBook]] = {}
        self._finding = threading.Lock()

    def themes_of(self, workspace: str, texts: Sequence[str], kinds: Sequence[Kind]) -> list[str | None]:
        """The name of each note's theme; none for filler, for what is new, for what only lies nearest to a theme and
        does not plainly belong to it, and before there are any themes.
        """
        return self.book(workspace).names_for(texts, kinds=list(kinds))

    def names(self, workspace: str) -> dict[str, str]:
        """Every theme of the workspace, by its id: those with most notes first."""
        book = self._book(workspace)
        themes = sorted(book.themes, key=lambda theme: (-theme.size, theme.name)) if book is not None else []
        return {theme.id: theme.name for theme in themes}

    def by_likeness(self, workspace: str, words: str, kind: Kind) -> dict[str, str]:
        """Every theme of the workspace, by its id: those that a note fits best first."""
        book = self.book(workspace)
        names = {theme.id: theme.name for theme in book.themes}
        return {theme_id: names[theme_id] for theme_id in book.by_likeness(words, kind=kind)}

    def look_again(self, *, aside: bool = False) -> None:
        """Find the themes anew wherever enough has been said since, and let every note have its theme by them. Where
        that goes wrong it is logged and tried at the next look; it keeps no other workspace from its themes.

        `aside`: in a process of its own, while this one answers people.
        """
        with self._database.reading() as session:
            everyone = [known.id for known in workspaces.everyone(session)]
        for gone in self._open.keys() - set(everyone):
            self._open.pop(gone, None)
        for workspace in everyone:
            try:
                self._look_at(workspace, aside=aside)
            except Exception as error:
                log.error("The themes of workspace %s could not be found: %s", workspace, mishaps.told(error))

    def forget(self, session: Session, workspace: str, text: str) -> dict[str, str]:
        """A note does not say this any more: it is to be found nowhere, not even as an example, and no theme is called
        by words that nobody else has said.

        Returns what such themes are called now, by the names that they had. Where there is no book yet, an empty one is
        kept: whoever is finding themes at this moment sees by it that something has gone.
        """
        kept = books.changing(session, workspace)
        book = ThemeBook.from_bytes(kept.content).forget([text]) if kept is not None else ThemeBook()
        named = {word for theme in book.themes for word in words.of(theme.name)} & set(words.of(text))
        gone = {word for word in named if not notes.anyone_says(session, word, workspace=workspace)}
        book, names = book.without_names_of(gone, partial(_said_of, session, workspace)) if gone else (book, {})
        books.keep(session, workspace, book.to_bytes(), notes=kept.notes if kept else 0, now=self._clock())
        for was, name in names.items():
            tags.let_theme_be_called(session, was, name, workspace=workspace)
        return names

    def book(self, workspace: str) -> ThemeBook:
        """The themes as they are now; none before they were found."""
        return self._book(workspace) or ThemeBook()

    def change(
        self,
        workspace: str,
        act: Callable[[ThemeBook], ThemeBook],
        *,
        once_changed: Callable[[], object] = lambda: None,
    ) -> None:
        """Let a person rename, merge, split or pin a theme, or take the last of it back; all of history follows.

        Args:
            workspace: whose theme it is.
            act: what the person wants done with the book.
            once_changed: called when it is certain, before history follows, which may take a while.

        Raises:
            NoSuchTheme: the theme is no longer there.
            NothingToUndo: nobody changed anything.
            ValueError: it cannot be done, in words fit to log.
        """
        self._change(workspace, lambda _session, book: act(book), once_changed=once_changed)

    def might_leave(self, workspace: str, theme_id: str) -> list[Note]:
        """Notes of a theme that may be about something else: of the latest, each wording once, those least like the
        theme first. None of them is from a private channel.

        Raises:
            NoSuchTheme: the theme is no longer there.
        """
        book = self.book(workspace)
        name = book.theme(theme_id).name
        with self._database.reading() as session:
            latest = tags.latest_under(session, name, workspace=workspace, at_most=_LATEST)
        different: dict[str, Note] = {}
        for note in latest:
            if key := words.key(note.verbatim):
                different.setdefault(key, note)
        compared = list(different.values())[:_COMPARED]
        likeness = [placed.similarity for placed in book.place([note.verbatim for note in compared])]
        return [compared[place] for place in sorted(range(len(compared)), key=likeness.__getitem__)]

    def split(
        self,
        workspace: str,
        theme_id: str,
        chosen: Collection[int],
        *,
        name: str = "",
        once_split: Callable[[], object] = lambda: None,
    ) -> str:
        """Let the chosen notes, by their ids, and those more like them than like the rest become a theme of their own.
        Notes that say the same go with them. Returns what the new theme is called.

        The notes are read while nobody else may change the book, so that words taken back meanwhile do not get into it.

        Args:
            workspace: whose theme it is; notes of others are not to be chosen.
            theme_id: the theme that is split.
            chosen: ids of its notes.
            name: what the new theme is called; empty to name it in customers' words.
            once_split: called when it is certain, before history follows, which may take a while.

        Raises:
            NoSuchTheme: the theme is no longer there.
            NoneSetApart: no chosen note is there any more, or has words to tell it by.
            NoneLeft: no other note would be left.
            ValueError: a theme has that name.
        """
        leaving: list[Note] = []

        def set_apart(session: Session, book: ThemeBook) -> ThemeBook:
            was = book.theme(theme_id).name
            there = tags.latest_under(session, was, workspace=workspace, at_most=_LATEST)
            keys = {note.id: words.key(note.verbatim) for note in there}
            apart = {key for note_id, key in keys.items() if note_id in chosen and key}
            if not apart:
                raise NoneSetApart("No note that says something was set apart.")
            if not set(keys.values()) - apart - {""}:
                raise NoneLeft("No other note would be left.")
            leaving.extend(note for note in there if keys[note.id] in apart)
            return book.split(theme_id, [note.verbatim for note in leaving], name=name or None)

        after = self._change(workspace, set_apart, once_changed=once_split)
        rest, new = (after.theme(became) for became in after.said[-1].became)
        self._let_have_themes(workspace, leaving, of=frozenset({rest.name}), people_too=True)  # chosen one by one
        return new.name

    def _change(
        self,
        workspace: str,
        act: Callable[[Session, ThemeBook], ThemeBook],
        *,
        once_changed: Callable[[], object] = lambda: None,
    ) -> ThemeBook:
        with self._database.transaction() as session:
            kept = books.changing(session, workspace)
            before = ThemeBook.from_bytes(kept.content) if kept is not None else ThemeBook()
            after = act(session, before)
            books.keep(session, workspace, after.to_bytes(), notes=kept.notes if kept else 0, now=self._clock())
        once_changed()
        undone = len(after.said) < len(before.said)
        said = before.said[-1] if undone else after.said[-1]
        ids = {*said.became, *(theme.id for theme in said.was)}
        was = {theme.id: theme.name for theme in before.themes if theme.id in ids}
        now = {theme.id: theme.name for theme in after.themes if theme.id in ids}
        if said.verb == "merge" and not undone:
            self._follow(workspace, was.values(), dict.fromkeys(was.values(), now[said.became[0]]))
        elif said.verb == "split" and undone:
            self._follow(workspace, was.values(), dict.fromkeys(was.values(), now[said.was[0].id]))
        elif said.verb == "rename":
            self._follow(workspace, was.values(), {name: now[theme_id] for theme_id, name in was.items()})
        elif said.verb != "pin":
            self._follow(workspace, was.values(), {}, people_too=undone)
        return after

    def _follow(
        self, workspace: str, names: Iterable[str], become: Mapping[str, str], *, people_too: bool = False
    ) -> None:
        """Let the notes of these themes have what those have become; where that is not one theme, each its own."""
        with self._database.reading() as session:
            there = tags.under(session, names, workspace=workspace)
        for start in range(0, len(there), _AT_A_TIME):
            some = there[start : start + _AT_A_TIME]
            if not become:
                self._let_have_themes(workspace, some, of=frozenset(names), people_too=people_too)
                continue
            with self._database.transaction() as session:
                there_still = notes.still_there(session, some)
                stand = tags.standing_of(session, [note for note in some if note.id in there_still]).values()
                followed = [(tag, become[tag.theme]) for tag in stand if tag.theme is not None and tag.theme in become]
                tags.retheme(session, followed, now=self._clock(), people_too=True)

    def _book(self, workspace: str) -> ThemeBook | None:
        with self._database.reading() as session:
            latest = books.edition(session, workspace)
            if latest is None:  # perhaps no longer: its book of before is no measure for a workspace that begins anew
                self._open.pop(workspace, None)
            at_hand = self._open.get(workspace)
            if latest is None or (at_hand is not None and at_hand[0] == latest):
                return at_hand[1] if at_hand is not None and latest is not None else None
            kept = books.latest(session, workspace)
        assert kept is not None
        book = ThemeBook.from_bytes(kept.content)
        self._open[workspace] = (kept.edition, book)
        return book

    def _edition(self, workspace: str) -> int | None:
        with self._database.reading() as session:
            return books.edition(session, workspace)

    def _look_at(self, workspace: str, *, aside: bool) -> None:
        if self._has_grown(workspace) and self._finding.acquire(blocking=False):
            try:
                self._find(workspace, aside=aside)
            finally:
                self._finding.release()

    def _has_grown(self, workspace: str) -> bool:
        with self._database.reading() as session:
            kept = books.latest(session, workspace)
            there = notes.how_many(session, workspace=workspace)
        return there >= FEWEST and (kept is None or there >= _GROWN * kept.notes)

    def _find(self, workspace: str, *, aside: bool) -> None:
        known, before = self._edition(workspace), self._book(workspace)  # so, what goes between the two is noticed
        with self._database.reading() as session:
            everything = list(notes.everything(session, workspace=workspace))
            standing: dict[int, Tag] = {}
            for start in range(0, len(everything), _AT_A_TIME):
                standing |= tags.standing_of(session, everything[start : start + _AT_A_TIME])
        kinds = [_kind_of(note, standing) for note in everything]
        found, names = many.themed(
            [note.verbatim for note in everything],
            kinds,
            among=[
                place
                for place, (note, kind) in enumerate(zip(everything, kinds, strict=True))
                if isinstance(kind, DemandKind) and not note.private  # a name would quote it
            ],
            before=before or ThemeBook(),
            aside=aside,
        )
        with self._database.transaction() as session:
            workspaces.wait_for_turn(session, workspace)
            kept = books.changing(session, workspace)
            if (kept.edition if kept is not None else None) != known:
                return  # somebody changed a theme or took words back meanwhile: the next look begins from there
            now = self._clock()
            edition = books.keep(session, workspace, found.to_bytes(), notes=len(everything), now=now).edition
        looked_up = dict(zip((note.id or 0 for note in everything), zip(kinds, names, strict=True), strict=True))
        for start in range(0, len(everything), _AT_A_TIME):
            at_hand = looked_up if self._edition(workspace) == edition else {}  # else people changed a theme since
            self._let_have_themes(workspace, everything[start : start + _AT_A_TIME], at_hand=at_hand)

    def _let_have_themes(
        self,
        workspace: str,
        some: Sequence[Note],
        *,
        of: frozenset[str] | None = None,
        people_too: bool = False,
        at_hand: Mapping[int, tuple[Kind | None, str | None]] = MappingProxyType({}),
    ) -> None:
        """Let these notes have their themes by the book: all, or those that stand under some themes.

        `at_hand`: what has been looked up for a note's id already, and for which kind.
        """
        with self._database.reading() as session:
            standing = tags.standing_of(session, some)
        tagged = [note for note in some if note.id in standing and (of is None or standing[note.id or 0].theme in of)]
        kinds = {note.id or 0: standing[note.id or 0].kind for note in tagged}
        asked = [note for note in tagged if at_hand.get(note.id or 0, (None,))[0] != kinds[note.id or 0]]
        looked_up = self.themes_of(
            workspace, [note.verbatim for note in asked], [kinds[note.id or 0] for note in asked]
        )
        theme_of = {note_id: at_hand[note_id][1] for note_id in kinds if note_id in at_hand}
        theme_of |= dict(zip((note.id or 0 for note in asked), looked_up, strict=True))
        with self._database.transaction() as session:
            still = notes.still_say_so(session, tagged)
            followed = [
                (standing[note.id or 0], theme_of[note.id or 0])
                for note in tagged
                if note.id in still  # and not taken back or edited meanwhile
            ]
            tags.retheme(session, followed, now=self._clock(), people_too=people_too)


def _said_of(session: Session, workspace: str, theme: Theme) -> list[str]:
    """Notes that a theme could be called by: some of those that stand under it, and none from a private channel."""
    there = tags.under(session, [theme.name], workspace=workspace)
    return [note.verbatim for note in there if not note.private][:_READ_FOR_A_NAME]


def _kind_of(note: Note, standing: dict[int, Tag]) -> Kind | None:
    tag = standing.get(note.id or 0)
    return tag.kind if tag is not None else None
