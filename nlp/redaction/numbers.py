"""Numbers that stand for one person: cards, bank and health numbers, accounts and references, IP addresses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from types import MappingProxyType

from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, IbanRecognizer, NhsRecognizer

from nlp.redaction import lists
from nlp.redaction.lists import words_in
from nlp.redaction.spans import DIGIT, PiiSpan

_CARD_CHECK, _IBAN_CHECK, _NHS_CHECK = CreditCardRecognizer(), IbanRecognizer(), NhsRecognizer()
_SEP = r"[ \u00a0.\-–]"

_CARD = re.compile(rf"(?<![\w£$€+])\d(?:{_SEP}?\d){{12,18}}(?!\w)")
_CARD_SHAPE = re.compile(rf"(?:\d{{4}}{_SEP}){{3}}\d{{4}}|\d{{4}}{_SEP}\d{{6}}{_SEP}\d{{5}}|[3-6]\d{{15}}")
_CARD_WORDS = re.compile(r"\b(?:card|visa|mastercard|amex|debit|credit|pan)\b[^\d\n]{0,25}$", re.I)
_CARD_SECRET = re.compile(
    r"\b(?:cvv2?|cvc2?|cv2|security code)(?: (?:no|number|code|is))?[ .:#=]{0,3}(\d{3,4})\b", re.I
)

IBAN_LENGTHS = MappingProxyType(
    {
        country: int(length)
        for country, length in (
            pair.split(":")
            for pair in words_in(
                "AD:24 AE:23 AL:28 AT:20 BE:16 BG:22 CH:21 CY:28 CZ:24 DE:22 DK:18 EE:20 ES:24 FI:18 FR:27 GB:22 GR:27 "
                "HR:21 HU:28 IE:22 IL:23 IS:26 IT:27 LT:20 LU:20 LV:21 MT:31 NL:18 NO:15 PL:28 PT:25 RO:24 RS:22 SA:24 "
                "SE:24 SI:19 SK:24 TR:26 UA:29"
            )
        )
    }
)
"""Characters of an IBAN by country, without spaces (ISO 13616 registry)."""
_CARD_ENDING = re.compile(
    r"\b(?:card|visa|mastercard|amex|debit|credit)s?\b[^\d\n]{0,20}"
    r"\b(?:ending|ends?)(?: (?:in|with))?[ :]{1,2}(\d{4})\b",
    re.I,
)
_LAST_FOUR = re.compile(
    r"(?:\b(?:last|final) (?:4|four)(?: (?:digits|numbers|nos?))?(?: (?:of|on) (?:the |her |his |their )?(?:card|ssn))?"
    r"(?: (?:is|are|were))?[ :]{1,2}|(?<!\w)[*•]{2,4} ?)(\d{4})(?![\w/:])",
    re.I,
)
_SSN_ENDING = re.compile(r"\bssn\b[^\d\n]{0,20}[ :](\d{4})(?!\w)", re.I)
_IBAN_HEAD = re.compile(
    r"(?<![A-Za-z0-9])(" + "|".join(sorted(IBAN_LENGTHS)) + r")[ -]?\d{2}(?=[ -]?[A-Za-z0-9])", re.I
)
_IBAN_ASKED = re.compile(
    r"\biban\b[^A-Za-z0-9]{0,4}(?:is |no |number )?([A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{3,5}){2,8})\b", re.I
)

_NINO = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?[A-DFMPU](?![A-Za-z0-9])", re.I)
_NINO_ASKED = re.compile(
    r"\b(?:nino|ni|nat(?:ional)? ins(?:urance)?)\b(?: ?(?:no|num|number|nr|is|#))*[ .:]{0,3}([A-Z]{2}(?: ?\d{2}){3})\b",
    re.I,
)
_NHS = re.compile(r"(?<![\w£$€+.,-])\d{3}[ \u00a0.\-–]?\d{3}[ \u00a0.\-–]?\d{4}(?![\w]|[.,-]\d)")
_NHS_WORDS = re.compile(r"\bnhs\b[^\d\n]{0,20}$", re.I)
_SORT = re.compile(r"(?<![\w£$€/.-])\d{2}([-– .])\d{2}\1\d{2}(?![\w/]|[-.]\d)")
_SORT_ASKED = re.compile(
    r"\b(?:sort(?: ?code)?|s/?c)\b(?: (?:no|is|number))?[ .:#=]{0,3}(\d{2}[-– .]?\d{2}[-– .]?\d{2})\b", re.I
)
_SORT_AND_ACCOUNT = re.compile(
    r"(?<![\w£$€/.-])(\d{6})(?=[ ,/;&-]{1,3}(?:and )?"
    r"(?:(?:acc(?:oun)?t?|a/c|an)(?: (?:no|number))?[ .:#]{0,3})?\d{8}\b)",
    re.I,
)
"""Six digits with an account number behind them."""
_BANK_WORDS = re.compile(r"\b(?:sort|bank|acc|acct|account|a/c|bacs)\b[^\n]{0,25}$", re.I)
_EIGHT_DIGITS_FOLLOW = re.compile(
    r"[ ,/;&-]{0,3}(?:and )?(?:acc(?:oun)?t?|a/c|an)?(?: (?:no|number))?[ .:#]{0,3}\d{8}\b", re.I
)

_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:.]{2,45}+(?![\w:])")
_VERSION_WORDS = re.compile(
    r"(?:\bv|\b(?:ver|version|release|rel|firmware|fw|build|app|ios|android|driver|update|updated to|upgrade to|"
    r"section|clause|para|patch|software))[ .:]{0,3}(?:to |is )?$",
    re.I,
)

_KEYS = (
    r"(?:(?:account|acount|accnt|acct|acc|a/c|ac|order|oder|ord|reference|refrence|referance|ref|membership|member|"
    r"memb|mem|policy|tenancy|tenant|"
    r"patient|pt|case|customer|cust|client|claim|booking|bkg|reservation|invoice|inv|ticket|tkt|crn|mrn|urn|upn|"
    r"utr|uprn|hosp(?:ital)?|passport|"
    r"licen[cs]e|contract|confirmation|tracking|parcel|consignment|loan|application|app|job|work order|wo|po|"
    r"student|pupil|staff|employee|"
    r"payroll|permit|warrant|donor|subscription|sub|plan|card|library card|mpan|mprn|mpr|serial|s/n|imei|incident|"
    r"complaint|request|sr|"
    r"enrolment|roll|candidate|learner|purchase|bill|donation|fine|pcn|notice|quote|transaction|txn|payment|"
    r"receipt|voucher|delivery|shipment|rma|return|user|login|debtor|ledger|pupil|id|id card|"
    r"kundennummer|kundennr|kd-?nr|bestellnummer|bestellnr|best-?nr|rechnungsnr|vertragsnr|auftragsnr|dossier|"
    r"commande|num[eé]ro client|pedido|cuenta|"
    r"ssn|social security|soc ?sec|tax id|msn|steuer-?(?:id|nr|nummer)|pesel|dni|nie|nif|curp|codice fiscale|"
    r"aadhaa?r|pan|bsn|afm|pnr|medicare|medicaid|visa ref|"
    r"klantnummer|bestelnummer|rechnung|bestellung|auftrag|vertrag)s?)"
)
_LINK = (
    r"(?:[ \t]{0,3}(?:(?:no|nos|num|number|numbers|nbr|nr|ref|reference|id|code|card|account|acc|is|was|of|n°|nº|"
    r"№)\b\.?|[#:=.(\-–]))"
)
_VALUE = (
    r"(?:(?-i:[A-Z]{1,4} \d{2,12}(?: \d{2,6}){0,3}[A-Z]?)(?![\w])|\d{2,5}(?:[ ]\d{2,5}){1,4}[A-Z]?(?!\w)|"
    r"[A-Z0-9]{1,20}(?:[-/][A-Z0-9]{1,20}){0,4})"
)
_ACCOUNT = re.compile(
    rf"(?<![\w£$€-]){_KEYS}\b(?P<link>{_LINK}{{0,4}})[ \t]{{0,3}}#?(?P<value>{_VALUE})(?![\w]|[.,:]\d|%)", re.I
)
_HASHED = re.compile(r"(?<![\w&#/])#[ ]?(?P<value>[A-Z]{0,4}-?\d{3,15})(?![\w])", re.I)
_LONG = re.compile(r"(?<![\w£$€+.,/-])\d{7,34}(?![\w]|[.,:]\d|[-/]\d)")
_GROUPS = re.compile(r"(?<![\w£$€+.,/-])\d{3,5}(?:[ -]\d{3,5}){2,5}(?![\w]|[.,:]\d|[-/]\d)")
_CODE = re.compile(
    r"(?<![\w£$€/.#@-])(?:(?P<prefix>[A-Z]{1,6})[-/]?\d{4,14}(?:[-/]?[A-Z0-9]{1,4}){0,2}|"
    r"(?:[A-Z]{2,5}[-/])[A-Z0-9]{1,8}[-/]\d{3,12}|"
    r"\d{4,12}[-/]?[A-Z]{1,3}|\d{2,6}-[A-Z]{1,4}-?\d{2,8}|\d{4,10}[-/]\d{1,6})(?![\w]|[.,:]\d|[-/]\w)"
)
_LOCATOR = re.compile(
    r"\b(?i:booking|bkg|reservation|pnr|locator|record locator|confirmation)(?i: (?:ref|reference|code|no|number|is))*"
    r"[ :#]{1,3}((?=\d{0,5}[A-Z])[A-Z\d]{6})(?!\w)"
)
"""A booking as airlines name it, six capitals."""
_SSN = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_STANDARDS = words_in("ISO EN BS KB CVE RFC PAS HTTP UTF IEC DIN ASTM RTX GTX WH XM HP EU EC SHA MD IP PS E")
_MEASURED = re.compile(
    r"\b(?:reading|readings|read|reads|meter|mileage|miles|odometer|kwh|units|barcode|ean|isbn|clock)\b[^\d\n]{0,15}$",
    re.I,
)
_UNIT_FOLLOWS = re.compile(
    r"[ ]?(?:kwh|units?|miles?|mi|km|kg|g|ml|l|litres?|m3|ft3|m²|mb|gb|kb|tb|mbps|mm|cm|hrs?|hours?|mins?|days?|"
    r"weeks?|wks?|months?|years?|yrs?|people|ppl|customers|items|leaflets|copies|pages|boxes|units|times|x|px|dpi|"
    r"cal|calories|steps|followers|views|words|quid|pounds|euros?|p|pm|am|of|more|other|extra|per)\b",
    re.I,
)
_DATE_LIKE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[-/](?:0?[1-9]|1[0-2])(?:[-/](?:\d{2}|\d{4}))?|(?:19|20)\d{2}(?:[-/](?:\d{1,2}|"
    r"\d{4}))?(?:[-/]\d{1,2})?"
)
_COMPACT_DATE = re.compile(r"20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_QUANTITY_LIKE = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|p|k|m|s|x|hr|hrs|min|mins|h|d|wk|wks|yr|yrs|mb|gb|tb|kb|kg|g|ml|l|cm|mm|km|ft|in|kwh|"
    r"kw|w|v|mph|bn|px|hz|mah|mbps|days?|weeks?|ish|ppl|yo|pcm|pm|pw|star|bed|way|nil)"
    r"|\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}(?:pm|am)|x\d{1,3}|(?:19|20)\d{2}s",
    re.I,
)


def find(text: str) -> Iterator[PiiSpan]:
    """Every number in the text that stands for one person; findings may overlap."""
    yield from _locators(text)
    if DIGIT.search(text) is None:
        return
    for finder in (_cards, _ibans, _ninos, _nhs_numbers, _sort_codes, _ip_addresses, _accounts):
        yield from finder(text)


def _cards(text: str) -> Iterator[PiiSpan]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        asked = bool(_CARD_WORDS.search(text, max(0, match.start() - 40), match.start()))
        checked = len(digits) >= 14 and digits[0] in "3456" and bool(_CARD_CHECK.validate_result(digits))
        if checked or asked or _CARD_SHAPE.fullmatch(match[0]):
            yield PiiSpan(*match.span(), "CARD")
    for pattern in (_CARD_SECRET, _CARD_ENDING, _LAST_FOUR):
        yield from (PiiSpan(*match.span(1), "CARD") for match in pattern.finditer(text))


def _ibans(text: str) -> Iterator[PiiSpan]:
    for match in _IBAN_HEAD.finditer(text):
        end = _after(text, match.start(), characters=IBAN_LENGTHS[match[1].upper()])
        written = re.sub(r"[ \u00a0-]", "", text[match.start() : end]).upper() if end else ""
        body = written[4:]
        if written and (_IBAN_CHECK.validate_result(written) or sum(c.isdigit() for c in body) >= len(body) * 0.6):
            yield PiiSpan(match.start(), end, "IBAN")
    yield from (PiiSpan(*match.span(1), "IBAN") for match in _IBAN_ASKED.finditer(text))


def _after(text: str, start: int, *, characters: int) -> int:
    """Where that many letters and digits end, spaces and hyphens apart; 0 where the token ends elsewhere."""
    for place in range(start, min(len(text), start + 2 * characters)):
        character = text[place]
        if character.isascii() and character.isalnum():
            characters -= 1
            if not characters:
                return 0 if text[place + 1 : place + 2].isalnum() else place + 1
        elif character not in " \u00a0-":
            return 0
    return 0


def _ninos(text: str) -> Iterator[PiiSpan]:
    yield from (PiiSpan(*match.span(), "NINO") for match in _NINO.finditer(text))
    yield from (PiiSpan(*match.span(1), "NINO") for match in _NINO_ASKED.finditer(text))


def _nhs_numbers(text: str) -> Iterator[PiiSpan]:
    for match in _NHS.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        asked = bool(_NHS_WORDS.search(text, max(0, match.start() - 30), match.start()))
        grouped = len(match[0]) > len(digits)
        if asked or (grouped and digits[0] in "4679" and _NHS_CHECK.validate_result(digits)):
            yield PiiSpan(*match.span(), "NHS_NO")


def _sort_codes(text: str) -> Iterator[PiiSpan]:
    for match in _SORT.finditer(text):
        one, two, three = re.findall(r"\d{2}", match[0])
        could_be_date = 1 <= int(one) <= 31 and 1 <= int(two) <= 12
        dashed = match[1] in "-–"
        banking = _BANK_WORDS.search(text, max(0, match.start() - 35), match.start())
        followed = _EIGHT_DIGITS_FOLLOW.match(text, match.end())
        if followed or (banking and not (could_be_date and not dashed)) or (dashed and not could_be_date and three):
            yield PiiSpan(*match.span(), "SORTCODE")
    for pattern in (_SORT_ASKED, _SORT_AND_ACCOUNT):
        yield from (PiiSpan(*match.span(1), "SORTCODE") for match in pattern.finditer(text))


def _ip_addresses(text: str) -> Iterator[PiiSpan]:
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            written = match[0].rstrip(".:") if pattern is _IPV6 and not match[0].endswith("::") else match[0]
            if _VERSION_WORDS.search(text, max(0, match.start() - 20), match.start()) or not _is_ip(written):
                continue
            yield PiiSpan(match.start(), match.start() + len(written), "IP_ADDRESS")


def _is_ip(written: str) -> bool:
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return "." in written or sum(character.isalnum() for character in written) >= 4


def _locators(text: str) -> Iterator[PiiSpan]:
    """Bookings of six capitals, unless the whole note is in capitals or they are a word."""
    for match in _LOCATOR.finditer(text):
        if text != text.upper() and match[1].lower() not in lists.load().words:
            yield PiiSpan(*match.span(1), "ACCOUNT")


def _accounts(text: str) -> Iterator[PiiSpan]:
    for match in _ACCOUNT.finditer(text):
        if _is_reference(
            match["value"],
            linked=bool(match["link"].strip()),
            key=match[0].lower(),
            after=text[match.end() : match.end() + 12],
        ):
            yield PiiSpan(*match.span("value"), "ACCOUNT")
    yield from (PiiSpan(*match.span("value"), "ACCOUNT") for match in _HASHED.finditer(text))
    for match in _LONG.finditer(text):
        measured = _MEASURED.search(text, max(0, match.start() - 30), match.start()) or _UNIT_FOLLOWS.match(
            text, match.end()
        )
        if not measured and not _COMPACT_DATE.fullmatch(match[0]):
            yield PiiSpan(*match.span(), "ACCOUNT")
    for match in _GROUPS.finditer(text):
        if sum(character.isdigit() for character in match[0]) >= 9:
            yield PiiSpan(*match.span(), "ACCOUNT")
    for match in _CODE.finditer(text):
        digits = sum(character.isdigit() for character in match[0])
        dashed = "-" in match[0] or "/" in match[0]
        plain = _QUANTITY_LIKE.fullmatch(match[0]) or _DATE_LIKE.fullmatch(match[0]) or match["prefix"] in _STANDARDS
        if not plain and (digits >= 6 or (digits >= 4 and dashed and re.search(r"[A-Z]", match[0]))):
            yield PiiSpan(*match.span(), "ACCOUNT")
    yield from (PiiSpan(*match.span(), "ACCOUNT") for match in _SSN.finditer(text))
    yield from (PiiSpan(*match.span(1), "ACCOUNT") for match in _SSN_ENDING.finditer(text))


_FOUR_DIGIT_KEYS = (
    "ref",
    "ticket",
    "case",
    "claim",
    "policy",
    "acc",
    "a/c",
    "membership",
    "tkt",
    "crn",
    "mrn",
    "incident",
)


def _is_reference(value: str, *, linked: bool, key: str, after: str) -> bool:
    """Whether what follows a word like "account" is a number of someone's, and no date, time, price or count."""
    digits = sum(character.isdigit() for character in value)
    letters = sum(character.isalpha() for character in value)
    if (
        _DATE_LIKE.fullmatch(value)
        or (digits < 7 and _QUANTITY_LIKE.fullmatch(value))
        or (not letters and _UNIT_FOLLOWS.match(after))
    ):
        return False
    if " " in value and letters and digits < 5:
        return False
    if letters and len(value) == 6 and digits and linked and value == value.upper() and value.isalnum():
        return True  # as airlines, hotels and shops name a booking
    if letters:
        return digits >= 3 and len(value) >= 5 and (linked or digits >= 4 or value.upper() == value)
    return (
        digits >= 5
        or (digits == 4 and (linked or key.startswith(_FOUR_DIGIT_KEYS)))
        or (digits == 4 and value[0] == "0")
        or (digits == 3 and "#" in key)
    )
