"""What else can come after `/demand` and `/improve`: a word that asks for something, and is not a note itself.

One rule, so that no customer's words are ever taken for an order: the word stands alone; only `search` may have others
after it, four at most and without a full stop or a question mark. Whatever is read so can still be kept as a note.
"""

from __future__ import annotations

import difflib
import re

ALONE = ("help", "mine", "undo", "prefs", "about", "privacy")
SEARCH = "search"
_MOST_SEARCHED = 4
_NEARLY = 0.75
_SEARCHED = re.compile(rf"{SEARCH}((?:\s+[^\s.?!,;:]+){{1,{_MOST_SEARCHED}}})", re.IGNORECASE)
_ONE_WORD = re.compile(r"[A-Za-z]{4,12}")
MISSPELT = "misspelt"


def aside_in(words: str) -> tuple[str, str] | None:
    """What is asked for, and the words to it: `("search", "cold boiler")`, or `("search", "")` where it stands alone;
    none, if these are a note's own words.

    A lone word that is nearly one of ours comes back as `("misspelt", word)`.
    """
    said = words.strip()
    plain = said.casefold()
    if plain in ALONE:
        return plain, ""
    if plain == "?":
        return "help", ""
    if plain == SEARCH:
        return SEARCH, ""
    if searched := _SEARCHED.fullmatch(said):
        return SEARCH, " ".join(searched[1].split())
    if _ONE_WORD.fullmatch(said) and difflib.get_close_matches(plain, (*ALONE, SEARCH), n=1, cutoff=_NEARLY):
        return MISSPELT, said
    return None
