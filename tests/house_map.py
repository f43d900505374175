"""Draws the README's map from the door-plates: each file is told by the first sentence of its own docstring.

After a file came, went or changed its mind: `python -m tests.house_map`. A test notices when that was forgotten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parents[1]
ROOMS = ("bot", "digests", "storage", "nlp")
OPENED = {"bot/conversations", "bot/blocks", "bot/command_line"}
"""Folders whose files are shown one by one; of the others the map tells what they are for."""
PLAIN = {
    "bot/manifest.json": "The app as Slack sees it: commands, shortcuts, events, scopes.",
    "bot/manifest-reactions.json": "The same, where an emoji passes messages on: three scopes and two events more.",
    "digests/fonts": "The font of the pictures, with its licence.",
    "digests/templates": "What digests say, one folder for each audience and one that they share.",
    "nlp/model": "The tagger's weights, its model card and its credits.",
    "nlp/primer": "Utterances written for learning from, with what each means, across many sectors.",
    "storage/migrations": "How the tables came to their present shape, one small named step at a time.",
}
_LONGEST = 150


def drawn() -> str:
    """The map, as it stands in the README."""
    return "\n".join(line for room in ROOMS for line in [*_room(HOUSE / room), ""]).rstrip()


def _room(folder: Path, depth: int = 0) -> Iterator[str]:
    yield _line(folder, depth)
    for item in sorted(folder.iterdir(), key=lambda item: (not item.is_dir(), item.name)):
        if item.is_dir() and (_path(item) in PLAIN or (item / "__init__.py").exists()):
            yield from _room(item, depth + 1) if _path(item) in OPENED else [_line(item, depth + 1)]
        elif (item.suffix == ".py" and item.name != "__init__.py") or _path(item) in PLAIN:
            yield _line(item, depth + 1)


def _line(item: Path, depth: int) -> str:
    name = "    " * depth + item.name + ("/" if item.is_dir() else "")
    return f"{name:<30} {_plate(item)}"


def _plate(item: Path) -> str:
    if _path(item) in PLAIN:
        return PLAIN[_path(item)]
    file = item / "__init__.py" if item.is_dir() else item
    told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    words = " ".join(told.partition("\n\n")[0].split())  # an example that follows is no part of the plate
    sentence = re.split(r"(?<=[.?!])\s(?=[A-Z`])", words, maxsplit=1)[0]
    return sentence if len(sentence) <= _LONGEST else sentence[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _path(item: Path) -> str:
    return item.relative_to(HOUSE).as_posix()


def _redraw() -> None:
    readme = HOUSE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("<!-- the map -->\n")
    _, _, after = rest.partition("<!-- so far the map -->\n")
    whole = f"{before}<!-- the map -->\n```\n{drawn()}\n```\n<!-- so far the map -->\n{after}"
    readme.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    _redraw()
