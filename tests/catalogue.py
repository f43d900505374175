"""Makes the catalogue of sentences anew: what the code and the templates say, and what each translation still lacks.

After a sentence came, went or changed its mind: `make catalogue`, then translate what stands empty in
`digests/locale/*/LC_MESSAGES/groundswell.po` and run it once more. A test notices when that was forgotten.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import io
import pkgutil
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import bot
from bot.logbook import LogbookError
from digests import speech
from nlp import vocabulary

HOUSE = Path(__file__).parents[1]
PYTHON = ("bot", "digests")
IN_CODE = {"_": 1, "N_": 1, "plural": 2}
"""How sentences are marked for translation in code, and how many forms of it stand there."""
IN_TEMPLATES = {"_": None, "N_": None, "say": None, "say_many": (2, 3)}
"""The same in templates, as babel wants to be told."""
UNWELCOME = re.compile(
    r"\b(targets?|quotas?|performance|complian\w+|rank\w*|scor(?:es?|ed|ing)|assign\w*|approv\w*|reject\w*|RAG|KPIs?)\b"
    r"|demand (?:volumes?|went|rose|fell|grew|increased|decreased)|[↑↓→←↗↘⬆⬇▲▼📈📉%]|\bper ?cent",
    re.IGNORECASE,
)
"""The words we do without, and arrows and percentages, which claim more than small numbers can carry."""
_IDLE = tuple(f'"{name}'.encode() for name in ("Project", "Report", "POT", "PO-", "Last", "Language-Team", "Generated"))
"""Lines of the usual header that say nothing here, or something else every day."""
_HEADER = "# Groundswell speaks from here. English stands in the code; `make catalogue` brings this file up to date."


def sentences() -> Catalog:
    """Every sentence that we may say, and where it is said."""
    found = _empty()
    for where, sentence in [*in_code(*PYTHON), *in_templates(), *_in_docstrings(), *_in_the_vocabulary()]:
        found.add(sentence, locations=[(where, 0)])
    return found


def translation(language: str) -> Catalog:
    """What this language has for them now."""
    with po(language).open("rb") as file:
        return read_po(file, locale=language, domain=speech.DOMAIN)


def po(language: str) -> Path:
    """The file that a translator writes in."""
    return speech.CATALOGUE / language / "LC_MESSAGES" / f"{speech.DOMAIN}.po"


def compiled(catalog: Catalog) -> bytes:
    """The form in which the product reads it: the same bytes for the same sentences."""
    file = io.BytesIO()
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(file, catalog)
    return file.getvalue()


def written(catalog: Catalog) -> bytes:
    """The form in which people read it, in the order of the sentences, so that changes are easy to see."""
    file = io.BytesIO()
    write_po(file, catalog, width=118, sort_output=True, include_lineno=False)
    kept = [line for line in file.getvalue().splitlines(keepends=True) if not line.startswith(_IDLE)]
    return b"".join(kept)


def brought_up_to_date(language: str) -> Catalog:
    """A language's catalogue with the sentences of today: what is new stands empty, what is unsaid goes."""
    known = translation(language) if po(language).exists() else _empty(language)
    known.update(sentences(), no_fuzzy_matching=True)
    known.obsolete.clear()
    known.header_comment = _HEADER
    return known


def _empty(language: str | None = None) -> Catalog:
    return Catalog(locale=language, domain=speech.DOMAIN, project="Groundswell", header_comment=_HEADER, fuzzy=False)


def in_code(*rooms: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """What the code of these rooms says, and where."""
    for room in rooms:
        for path in sorted((HOUSE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (sentence := _marked(node)):
                    yield path.relative_to(HOUSE).as_posix(), sentence


def _marked(call: ast.Call) -> str | tuple[str, ...] | None:
    """The sentence that this call marks, wherever it stands, in an f-string too, where babel itself does not look."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    words = [part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if name not in IN_CODE or len(words) != IN_CODE[name]:
        return None
    return words[0] if len(words) == 1 else tuple(words)


def in_templates() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """What the templates say, and where."""
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    for path in sorted((HOUSE / "digests" / "templates").rglob("*.j2")):
        with path.open("rb") as file:
            for _, sentence, _, _ in extract("jinja2.ext:babel_extract", file, keywords=IN_TEMPLATES, options=options):
                yield path.relative_to(HOUSE).as_posix(), sentence


def _in_docstrings() -> Iterator[tuple[str, str]]:
    """An error of the logbook is its own sentence."""
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name != "bot.__main__":
            importlib.import_module(module.name)
    for error in _kinds_of(LogbookError):
        yield error.__module__.replace(".", "/") + ".py", " ".join((inspect.getdoc(error) or "").split())


def _kinds_of(error: type[Exception]) -> Iterator[type[Exception]]:
    for kind in sorted(error.__subclasses__(), key=lambda kind: kind.__qualname__):
        if kind.__module__.startswith("bot."):
            yield kind
        yield from _kinds_of(kind)


def _in_the_vocabulary() -> Iterator[tuple[str, str]]:
    """Our words, and what each of them means."""
    for words in (
        vocabulary.NoteType,
        vocabulary.DemandType,
        vocabulary.DemandKind,
        vocabulary.ImprovementKind,
        vocabulary.SystemCondition,
        vocabulary.SystemFactor,
    ):
        yield from (("nlp/vocabulary.py", word.value) for word in _members(words))
    yield from (("nlp/vocabulary.py", meaning) for meaning in vocabulary.GLOSSARY.values())


def _members(words: type[StrEnum]) -> list[StrEnum]:
    return list(words)


def _write() -> None:
    template = speech.CATALOGUE / f"{speech.DOMAIN}.pot"
    template.parent.mkdir(exist_ok=True)
    template.write_bytes(written(sentences()))
    for language in speech.LANGUAGES:
        if language == speech.ENGLISH:
            continue
        catalog = brought_up_to_date(language)
        po(language).parent.mkdir(parents=True, exist_ok=True)
        po(language).write_bytes(written(catalog))
        po(language).with_suffix(".mo").write_bytes(compiled(catalog))
        empty = sum(1 for message in catalog if message.id and not all(each(message.string)))
        print(f"{language}: {len(catalog)} sentences, {empty} to translate")


def each(words: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """A sentence's forms: one, or one for each sort of number."""
    return [words or ""] if words is None or isinstance(words, str) else [form or "" for form in words]


if __name__ == "__main__":
    _write()
