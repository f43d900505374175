"""Words as they are looked for: capitals, accents and ligatures aside, the same on both databases."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_MARKS = r"[\u0300-\u036f]"
"""Accents, once they stand beside their letters; both databases and Python read this alike."""


class folded(FunctionElement[str]):  # noqa: N801  written like the function that it is in SQL
    """The words in a column, as `fold` has them."""

    name = "folded"
    type = String()
    inherit_cache = True


def fold(words: str) -> str:
    """Words without capitals and accents, their letters as people type them: "Café ﬁn" is "cafe fin"."""
    if words.isascii():
        return words.lower()  # nothing else to do, four times faster
    return re.sub(_MARKS, "", unicodedata.normalize("NFKD", words)).lower()


@compiles(folded)
def _where_it_is_ours(element: folded, compiler: SQLCompiler, **how: Any) -> str:
    return f"{folded.name}({compiler.process(element.clauses, **how)})"


@compiles(folded, "postgresql")
def _in_postgresql(element: folded, compiler: SQLCompiler, **how: Any) -> str:
    return f"lower(regexp_replace(normalize({compiler.process(element.clauses, **how)}, NFKD), '{_MARKS}', '', 'g'))"
