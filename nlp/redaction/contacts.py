"""Ways to reach people: e-mail addresses, phone numbers, and Slack's own markup of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from nlp.redaction.lists import words_in
from nlp.redaction.spans import DIGIT, PiiSpan

_SLACK_PERSON = re.compile(r"<@[UW][A-Z0-9]{1,20}(?:\|[^<>\n]{0,100})?>")
_SLACK_MAIL = re.compile(r"<mailto:[^<>\n]{1,320}>", re.I)
_SLACK_PHONE = re.compile(r"<tel:[^<>\n]{1,100}>", re.I)
_NOT_HANDLES = words_in("channel here everyone home work reception desk till counter least last")
_HANDLE = re.compile(r"(?<![\w@.])@([A-Za-z][\w-]{1,20}(?:\.[\w-]{1,20}){0,3})(?![\w@])")

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+'%-]{1,64}@(?:[\w-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![\w@])"
    r"|(?<![\w.+-])[\w.+%-]{0,60}[A-Za-z][\w.+%-]{0,20}@[A-Za-z][\w-]{2,40}(?![\w@])"
    r"|(?<![\w.+-])[\w.+%-]{1,64}(?: dot \w{1,30}){0,3} ?(?:@| at |\[at\]|"
    r"\(at\)) ?[A-Za-z][\w-]{1,40}(?: ?(?: dot |\[dot\]|\(dot\)) ?[A-Za-z]{2,10}){1,3}\b"
    r"|(?<![\w.+-])[A-Za-z][\w.+%-]{1,63} ?@ ?[A-Za-z][\w-]{1,40}(?: ?\. ?(?:com|org|net|edu|gov|info|io|uk|co|ac|"
    r"ie|de|fr|es|pl|nl)){1,3}\b",
    re.I,
)

_GAP = r"[ \u00a0.\-–/]"
_FREE = r"(?<![\w£$€#])(?<![\dA-Z][.,/-])"
_INTERNATIONAL = re.compile(
    rf"(?<![\w+])(?:(?:\+|00) ?44|\b44(?=7\d)) ?(?:\(0\))?(?:{_GAP}?\d){{9,11}}(?!\d)"
    rf"|(?<![\w+])(?<![A-Z][/-])(?:\+ ?|\b00)[1-9](?:[ .\-()/]{{0,2}}\d){{7,14}}(?!\d)"
)
_NATIONAL = re.compile(rf"{_FREE}(?:\(0\d{{1,5}}\)|[0oO](?=\d))(?:[ \u00a0.\-–/]{{0,2}}\d){{5,10}}(?![\w])")
_SPACED_OUT = re.compile(rf"{_FREE}0(?:[ .\-]\d){{9,10}}(?![\w]|[ .\-]\d)")
_ENDING = re.compile(
    r"\b(?:tel|telephone|phone|mob|mobile|cell|number|num)\b[^\d\n]{0,15}"
    r"\b(?:ending|ends?)(?: (?:in|with))?[ :]{1,2}(\d{3,4})\b",
    re.I,
)
_EXTENSION = re.compile(r"[ ,]{0,2}(?:ext|extn|extension|x)\.? ?\d{2,5}\b", re.I)
_EXTENSION_ALONE = re.compile(r"\b(?:ext|extn|extension)\.?(?: (?:no|number))?[ :]{0,2}(\d{2,5})(?![\w]|[.,:]\d)", re.I)
_GROUPED = re.compile(
    rf"{_FREE}(?:1[ .-])?(?:\(\d{{3}}\) ?|\d{{3}}[ .-])\d{{3}}[ .-]\d{{4}}(?![\w]|[.,]\d)"
    rf"|{_FREE}(?<!\d )\d{{3}}[ .-]\d{{3}}[ .-]\d{{3}}(?![\w]|[ .,-]\d)"
    rf"|{_FREE}[6-9]\d{{4}}[ -]\d{{5}}(?![\w]|[ .,-]\d)"
    rf"|{_FREE}7\d{{3}}[ -]\d{{6}}(?![\w]|[ .,-]\d)"
    rf"|{_FREE}555[ -]\d{{4}}(?![\w]|[ .,-]\d)"
)
_ASKED = re.compile(
    r"(?<![\w])(?:tel|tele|telephone|ph|phone|fone|mob|mobile|mbl|cell|landline|whats ?app|fax|handy|"
    r"(?:call|ring|text|txt|phone|contact|reach|bell|buzz|cb|call ?back)(?: (?:him|her|them|me|us|back|cust|mum|"
    r"dad|it))?(?: (?:on|at|@))|"
    r"(?:number|num|no)(?: is| on)?)"
    r"(?: (?:no|num|number|nr|nbr|#|is|on|ending))?[ .:#=\-]{0,3}"
    r"(\(?\d(?:[ .\-()]{0,2}\d){5,13})(?![\w]|[.,:]\d)",
    re.I,
)
_REFERENCE_BEFORE = re.compile(
    r"\b(?:order(?:ed)?|purchase|acc(?:oun)?t|a/c|ref(?:erence)?|invoice|case|policy|claim|member(?:ship)?|"
    r"customer|cust|tracking|parcel|card|id)s?(?: (?:no|num|number|ref|id|is))?[ .:#]{0,3}$",
    re.I,
)
_REGIONS = ("US", "ES", "PL", "IN", "FR", "PT")


def find(text: str) -> Iterator[PiiSpan]:
    """E-mail addresses, phone numbers and Slack's people in the text; may overlap."""
    for pattern, label in ((_SLACK_PERSON, "PERSON"), (_SLACK_MAIL, "EMAIL"), (_SLACK_PHONE, "PHONE")):
        if "<" in text:
            yield from (PiiSpan(*match.span(), label) for match in pattern.finditer(text))
    yield from _emails(text)
    if DIGIT.search(text):
        yield from _phones(text)


def handles(text: str) -> Iterator[tuple[str, int, int]]:
    """Plain mentions such as `@asha`: the name without its sign, start and end."""
    for match in _HANDLE.finditer(text):
        if match[1].lower() not in _NOT_HANDLES:
            yield match[1], match.start(), match.end()


def _emails(text: str) -> Iterator[PiiSpan]:
    if "@" not in text and not re.search(r"[ (\[]at[ )\]]", text, re.I):
        return
    for match in _EMAIL.finditer(text):
        start = match.start() + (len(match[0]) - len(match[0].lstrip("'.-")))
        yield PiiSpan(start, match.end(), "EMAIL")


def _phones(text: str) -> Iterator[PiiSpan]:
    for match in _INTERNATIONAL.finditer(text):
        yield _with_extension(text, *match.span())
    for match in _NATIONAL.finditer(text):
        digits = sum(character.isdigit() for character in match[0]) + (match[0][0] in "oO")
        grouped = any(character in " -./()" for character in match[0])
        reference = not grouped and _REFERENCE_BEFORE.search(text, max(0, match.start() - 30), match.start())
        if not reference and (digits >= 10 or (digits == 9 and grouped)):
            yield _with_extension(text, *match.span())
    for match in _GROUPED.finditer(text):
        if match[0].startswith(("555", "(")) or match[0][0] == "7" or _is_valid_somewhere(match[0]):
            yield _with_extension(text, *match.span())
    yield from (PiiSpan(*match.span(), "PHONE") for match in _SPACED_OUT.finditer(text))
    for pattern in (_ASKED, _ENDING, _EXTENSION_ALONE):
        for match in pattern.finditer(text):
            yield _with_extension(text, *match.span(1))


def _with_extension(text: str, start: int, end: int) -> PiiSpan:
    extension = _EXTENSION.match(text, end)
    return PiiSpan(start, extension.end() if extension else end, "PHONE")


def _is_valid_somewhere(number: str) -> bool:
    if len(re.sub(r"\D", "", number)) >= 10 and re.fullmatch(r"[\d(]\S*[ .-]\d{3}[ .-]\d{4}", number):
        return True
    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False
