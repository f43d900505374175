"""Themes: kinds of demand that emerge from notes, named as a customer would say them.

    book = theming.ThemeBook.found_in(texts, kinds=kinds, before=last_week)     # once a week, over all notes
    placement, = book.place(["Where's my parcel got to?"])                      # on arrival, within milliseconds

What people say about themes stands: `rename`, `merge`, `split` and `pin` each give a new book, and `undo` takes the
last one back. Start reading in `book`; `gathering` finds the parts, `naming` finds the words.
"""

from __future__ import annotations

from nlp.theming.book import ThemeBook
from nlp.theming.theme import NoSuchTheme, NothingToUndo, Placement, Theme

__all__ = ["NoSuchTheme", "NothingToUndo", "Placement", "Theme", "ThemeBook"]
