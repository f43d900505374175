"""Many texts at once: redacted, tagged, made vectors and put under themes, by more processes than this one.

Everything comes in order, and is the same however many processes there are. A few texts are read in this process, since
another first has to load every model.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from nlp import embedding, sharing
from nlp.redaction import Redactor
from nlp.tagger import Tagger, Words
from nlp.tagging import Tagging
from nlp.theming import ThemeBook, words
from nlp.vocabulary import Kind

AT_MOST = 3
"""Processes beside this one: each holds models of a third of a gigabyte."""
REDACTED_HERE, TAGGED_HERE, ENCODED_HERE = 20_000, 2_000, 4_000
"""Fewer texts than these are sooner read in this process."""


def redacted(texts: Sequence[str]) -> Iterator[str]:
    """Each text with placeholders for what identifies people, in order."""
    return sharing.over(_redacted, texts, processes=_worth(len(texts), REDACTED_HERE))


def tagged(notes: Sequence[Words], *, model: str | None = None) -> Iterator[Tagging]:
    """What each note seems to mean, in order, without a theme of its own. `model` is as for `Tagger.load`."""
    return sharing.over(functools.partial(_tagged, model), notes, processes=_worth(len(notes), TAGGED_HERE))


def encoded(texts: Sequence[str]) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
    """The place and the vector (384,) of each text: the shortest come first, since those of one length go together."""
    places = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    by_length = [texts[place] for place in places]
    vectors = sharing.over(embedding.encode, by_length, processes=_worth(len(texts), ENCODED_HERE))
    return zip(places, vectors, strict=True)


def themed(
    texts: Sequence[str], kinds: Sequence[Kind | None], *, among: Sequence[int], before: ThemeBook, aside: bool
) -> tuple[ThemeBook, list[str | None]]:
    """The themes found anew, and the name of each text's theme by them, as `ThemeBook.names_for` has it.

    Args:
        texts: all there are, already redacted.
        kinds: the kind of each, where it is known.
        among: the places of those that themes are found in; the others only come under what those show.
        before: the themes so far.
        aside: whether another process does it, in nobody's way; where none may be begun, this one does.

    Raises:
        BrokenProcessPool: that process ended before its work did.
    """
    told = list(texts), list(kinds), list(among), before.to_bytes()
    try:
        content, names = sharing.aside(_themed, *told) if aside else _themed(*told)
    except OSError:
        content, names = _themed(*told)
    return ThemeBook.from_bytes(content), names


def _worth(texts: int, fewer: int) -> int:
    return 1 if texts < fewer else min(sharing.cores(), AT_MOST)


def _redacted(texts: Sequence[str]) -> list[str]:
    return [redaction.text for redaction in _redactor().redact_many(texts)]


def _tagged(model: str | None, notes: Sequence[Words]) -> list[Tagging]:
    return list(_tagger(model).tag_many(notes, themed=False))


def _themed(
    texts: list[str], kinds: list[Kind | None], among: list[int], before: bytes
) -> tuple[bytes, list[str | None]]:
    vectors = embedding.encode([text[: words.READ_AT_MOST] for text in texts])
    book = ThemeBook.found_in(
        [texts[place] for place in among],
        kinds=[kinds[place] for place in among],
        vectors=vectors[among],
        before=ThemeBook.from_bytes(before),
    )
    return book.to_bytes(), book.names_for(texts, kinds=kinds, vectors=vectors)


@functools.cache
def _redactor() -> Redactor:
    return Redactor.load()


@functools.cache
def _tagger(model: str | None) -> Tagger:
    return Tagger.load(model=model)
