"""Dates of birth: dates that the words around them, or a birth year, tell from ordinary ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlp.redaction.spans import PiiSpan

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|"
    r"januar|februar|m[äa]rz|mai|juni|juli|oktober|dezember|janvier|f[ée]vrier|mars|avril|juin|juillet|ao[ûu]t|"
    r"septembre|octobre|novembre|d[ée]cembre|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_DATE = (
    rf"(?:\d{{1,2}} ?[/.\-] ?\d{{1,2}} ?[/.\-] ?(?P<y1>(?:18|19|20)?\d{{2}})"
    rf"|(?P<y2>(?:19|20)\d{{2}})[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ \-/.]{{0,2}}(?:of |de )?{_MONTH}\b\.?,?[ \-/.]{{0,2}}(?:de |del )?(?P<y3>(?:19|"
    rf"20)\d{{2}}|['’]?\d{{2}}(?![\w:]))"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?P<y4>(?:19|20)\d{{2}}))(?![\w/]|[-.]\d)"
)
_ANY_DATE = re.compile(rf"(?<![\w/£$€.-]){_DATE}", re.I)
_SHORT = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\d{{8}}|\d{{6}}|\d{{1,2}} \d{{1,2}} (?:19|20)?\d{{2}}|"
    rf"\d{{1,2}}/\d{{1,2}}|{_MONTH} (?:19|20)\d{{2}}|(?:19|20)\d{{2}}(?![\w-])"
)
_ASKED = re.compile(
    r"\b(?:d\.? ?o\.? ?b\.?|date of birth|birth ?date|birth ?day|b-?day|birth|born|geb(?:oren)?\.?(?: am)?|"
    r"geburtsdatum|n[ée]e? le|date de naissance|"
    r"nacid[oa](?: el)?|fecha de nacimiento|nat[oa] il|ur\.|geboortedatum)(?![\w])"
    rf"(?: (?:is|was|on|in|the|given as|shows?(?: as)?|recorded as|wrong|should be|"
    rf"of))*[ .:;,#=(\-–]{{0,4}}(?P<date>{_DATE.replace('P<y', 'P<z')}|{_SHORT})",
    re.I,
)
_BETWEEN = re.compile(r"[ ,;:(\-–/]{1,4}(?:b\.? ?|\*)?")
_NOT_BIRTH = re.compile(
    r"\b(?:since|from|until|till|dated|built|installed|issued|expires?|exp|opened|founded|established|on|by|due|"
    r"before|after|model|edition)[ :]{1,2}$",
    re.I,
)
_BIRTH_AFTER = re.compile(r"[ ,)]{0,3}\(?(?:dob\b|d\.o\.b|date of birth|birth ?day)", re.I)
LATEST_BIRTH_YEAR_UNASKED = 2008
"""A full date up to this year is taken for a date of birth; a later one only beside a name or a word for birth."""


def find(text: str) -> Iterator[PiiSpan]:
    """Dates of birth that show by themselves, or by a word such as "dob" beside them; may overlap."""
    for match in _ASKED.finditer(text):
        yield PiiSpan(*match.span("date"), "DOB")
    for match in _ANY_DATE.finditer(text):
        year = _year(match)
        old = 1900 <= year <= LATEST_BIRTH_YEAR_UNASKED and not _NOT_BIRTH.search(
            text, max(0, match.start() - 20), match.start()
        )
        if (old and _has_full_year(match)) or _BIRTH_AFTER.match(text, match.end()):
            yield PiiSpan(*match.span(), "DOB")


def beside(text: str, people: Iterable[PiiSpan]) -> Iterator[PiiSpan]:
    """Dates right after a person's name, as staff write them, with a year in which people now alive were born."""
    for person in people:
        gap = _BETWEEN.match(text, person.end)
        if gap and (match := _ANY_DATE.match(text, gap.end())) and 1900 <= _year(match) <= 2022:
            yield PiiSpan(*match.span(), "DOB")


def follows(text: str, place: int) -> bool:
    """Whether a date stands at this place, as it does after a name in staff's shorthand."""
    return _ANY_DATE.match(text, place) is not None


def _has_full_year(match: re.Match[str]) -> bool:
    return any(year and len(year) == 4 for year in match.groups())


def _year(match: re.Match[str]) -> int:
    """The year, four digits; two digits up to 22 are read as this century, later ones as the last."""
    written = next(year for year in match.groups() if year).strip("'’")
    year = int(written)
    return year if len(written) == 4 else year + (2000 if year <= 26 else 1900)
