"""A book as bytes: numbers as NumPy keeps them, all else as JSON beside them. Nothing is ever unpickled."""

from __future__ import annotations

import io
import json
import zipfile
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.theming.book import ThemeBook
from nlp.theming.likeness import Vectors
from nlp.theming.theme import Said, Theme

FORMAT = 1
NOWHERE = -1


def to_bytes(book: ThemeBook) -> bytes:
    """See `ThemeBook.to_bytes`."""
    middles: list[Vectors] = []
    ids = sorted({at for at in book.remembered.values() if at is not None})
    at = {theme_id: place for place, theme_id in enumerate(ids)}
    marks = sorted(book.remembered)
    facts = {
        "format": FORMAT,
        "reach": book.reach,
        "ids": ids,
        "themes": [_theme(theme, middles) for theme in book.themes],
        "said": [
            {
                "verb": said.verb,
                "was": [_theme(theme, middles) for theme in said.was],
                "became": list(said.became),
                "moved": {str(mark): theme for mark, theme in sorted(said.moved.items())},
            }
            for said in book.said
        ],
    }
    arrays: dict[str, npt.NDArray[Any]] = {
        "mean": book.mean,
        "middles": np.array(middles, dtype=np.float32).reshape(len(middles), len(book.mean)),
        "marks": np.array(marks, dtype=np.int64),
        "places": np.array([at.get(book.remembered[mark] or "", NOWHERE) for mark in marks], dtype=np.int32),
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "facts.json", json.dumps(facts, ensure_ascii=True, sort_keys=True).encode())
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            _put(archive, f"{name}.npy", content.getvalue())
    return kept.getvalue()


def from_bytes(kept: bytes) -> ThemeBook:
    """See `ThemeBook.from_bytes`."""
    try:
        with zipfile.ZipFile(io.BytesIO(kept)) as archive:
            facts = json.loads(archive.read("facts.json"))
            arrays = {
                name: np.load(io.BytesIO(archive.read(f"{name}.npy")), allow_pickle=False)
                for name in ("mean", "middles", "marks", "places")
            }
        if facts["format"] != FORMAT:
            raise ValueError(f"format {facts['format']}")
        return _book(facts, arrays)
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, EOFError) as error:
        raise ValueError("These bytes are no book of themes, or one of another version.") from error


def _book(facts: dict[str, Any], arrays: dict[str, Any]) -> ThemeBook:
    ids, middles = facts["ids"], arrays["middles"]
    places = zip(arrays["marks"].tolist(), arrays["places"].tolist(), strict=True)
    return ThemeBook(
        themes=tuple(_theme_from(row, middles) for row in facts["themes"]),
        mean=arrays["mean"],
        reach=facts["reach"],
        remembered=MappingProxyType({mark: None if place == NOWHERE else ids[place] for mark, place in places}),
        said=tuple(
            Said(
                verb=row["verb"],
                was=tuple(_theme_from(theme, middles) for theme in row["was"]),
                became=tuple(row["became"]),
                moved=MappingProxyType({int(mark): theme for mark, theme in row["moved"].items()}),
            )
            for row in facts["said"]
        ),
    )


def _theme(theme: Theme, middles: list[Vectors]) -> dict[str, Any]:
    """A theme for JSON; its middles are put where its numbers point."""
    first = len(middles)
    middles += theme.middles
    return {
        "id": theme.id,
        "name": theme.name,
        "size": theme.size,
        "examples": list(theme.examples),
        "kinds": dict(theme.kinds),
        "named": theme.named,
        "held": theme.held,
        "middles": [first, len(middles)],
    }


def _theme_from(row: dict[str, Any], middles: Any) -> Theme:
    centre, *further = middles[slice(*row["middles"])]
    return Theme(
        id=row["id"],
        name=row["name"],
        centre=centre,
        size=row["size"],
        examples=tuple(row["examples"]),
        kinds=MappingProxyType(row["kinds"]),
        named=row["named"],
        held=row["held"],
        further=tuple(further),
    )


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Into the archive without the time of day, so that the same book gives the same bytes."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
