"""Where people live and what they drive: street addresses, postcodes, vehicle registrations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.redaction import lists
from nlp.redaction.lists import words_in
from nlp.redaction.spans import DIGIT, PiiSpan

UK_AREAS = words_in(
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH "
    "EN EX FK FY G GL GU GY "
    "HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL "
    "OX PA PE PH PL PO PR "
    "RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV "
    "YO ZE ZZ XX AA"
)
"""Postcode areas of the Royal Mail, and three that examples use."""

_UK_POSTCODE = re.compile(
    r"(?<![\w£$€/-])([A-Z]{1,2})(\d[A-Z\d]?)([ \u00a0]{0,2})(\d[ABD-HJLNP-UW-Z]{2})(?![\w])", re.I
)
_ORDINAL_OR_UNIT = re.compile(r"1st|2nd|3rd|\dth|\d(?:hr|ft|st|gb|tb|rd|nd|pp|pt|th|ed|wt)", re.I)
_OTHER_POSTCODES = re.compile(
    r"(?<![\w£$€-])(?:"
    r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d"
    r"|(?:A[LKZR]|C[AOT]|DE|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|"
    r"W[AVIY]),? \d{5}(?:-\d{4})?"
    r"|\d{5}-\d{4}"
    r"|(?:[ACDEFHKNPRTVWXY]\d{2}|D6W) [0-9AC-FHKNPRTV-Y]{4}"
    r"|[1-9]\d{3} [A-Z]{2}"
    r"|\d{2}-\d{3}(?= [A-ZŁŚŻ])"
    r")(?![\w-])"
)
_ASKED_POSTCODE = re.compile(
    r"\b(?:post ?code|p/?code|pcode|postal code|zip(?: ?code)?|plz|code postal|eircode)\b(?: (?:is|was))?[ .:#=]{0,3}"
    r"([A-Z]{1,2}\d[A-Z\d]?(?: ?\d[A-Z]{2})?|\d{4,5}(?:-\d{4})?(?: ?[A-Z]{2})?|[A-Z]\d[\dW] ?[A-Z\d]{4})\b",
    re.I,
)

_REG_NEW = re.compile(r"(?<![\w£$€/-])[A-Z]{2}\d{2}([ -]?)([A-Z]{3})(?![\w])", re.I)
_REG_OLD = re.compile(
    r"(?<![\w£$€/-])(?:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]|[A-Z]{3} ?\d{4}|\d{2,3}-[A-Z]{1,2}-\d{1,6}|"
    r"[A-Z]{2}-\d{3}-[A-Z]{2}"
    r"|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}|[A-Z]{1,2}-\d{2,3}-[A-Z]{1,2}|\d-[A-Z]{3}-\d{2,3})(?![\w-])"
)
_PARKED = re.compile(
    r"\b(?:parked|clamped|towed|reg|plate|blocking|blocked by)\b[^\n]{0,12}(?<![\w£$€/-])"
    r"([a-z]\d{1,3} ?[a-z]{3}|[a-z]{3} ?\d{1,3}[a-z])(?!\w)"
)
"""An old plate in small letters, where a car is spoken of."""
_ASKED_REG = re.compile(
    r"\b(?:reg(?:istration)?|rego|number ?plate|plate|plates|vrm|vrn|vehicle|kennzeichen|matr[ií]cula|"
    r"immat(?:riculation)?|targa|patente|kenteken|plaka|rejestracj[ai])\b(?: (?:no|num|number|nr|is|"
    r"was|mark|reg))*[ .:#=(]{0,3}"
    r"((?=[A-Z0-9 -]{0,8}\d)(?=[A-Z0-9 -]{0,8}[A-Z])[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,5}){0,2})(?![\w])",
    re.I,
)
_REG_SPACED = re.compile(r"(?<![\w£$€/-])(?:[A-Z]{2} \d{2} [A-Z]{3}|[A-Z]{2}-\d{3}-[A-Z]{2})(?![\w-])")
"""Plates as written in capitals with gaps (United Kingdom) and hyphens (France, Italy)."""
_CAR_WORDS = re.compile(
    r"\b(?:reg|registration|plate|car|van|vehicle|lorry|truck|motorbike|bike|scooter|mot|vrm|fleet|taxi|cab|parked|"
    r"permit|driver|pcn|"
    r"fiesta|focus|corsa|astra|golf|polo|transit|ford|bmw|audi|vw|nissan|toyota|honda|kia|skoda|vauxhall|"
    r"tow(?:ed)?|clamped|courtesy)\b[^\n]{0,25}$",
    re.I,
)
_COMMON_THREE = words_in(
    "the and for was not but has had are you she him her his its who why how can may did get got let now out off "
    "all any one two ten "
    "per via yet due new old box set day min max pcs yrs hrs wks mth sat sun mon tue wed thu fri jan feb mar apr "
    "jun jul aug sep oct nov dec"
)

_STRONG_SUFFIX = (
    r"street|str|road|rd|avenue|ave|av|lane|ln|crescent|cresc|cres|terrace|terr|gardens|gdns|grove|boulevard|"
    r"blvd|mews|highway|hwy|parkway|pkwy"
)
_WEAK_SUFFIX = (
    r"st|drive|drv|dr|close|cl|court|ct|way|place|pl|square|sq|hill|park|pk|row|walk|green|grn|view|rise|parade|"
    r"quay|wharf|yard|gate|end|cross|"
    r"circus|croft|dale|fields?|heath|mount|vale|villas|bank|broadway|circle|cir|trail|path|common|loop|bridge|"
    r"meadows?|orchard|wood|cottages?"
)
_UNIT = (
    r"(?:(?:flat|flt|apt|apartment|unit|suite|ste|room|rm|studio|top floor flat|ground floor flat|basement flat|"
    r"floor) ?#?\d{0,4}[A-Z]?,? {1,2}(?:at )?)"
)
_NUMBER = r"(?:\d{1,5}(?: ?[A-Z](?= )|[A-Z](?=,))?(?:[-/]\d{1,4}[A-Z]?)?)"
_DIRECTION = r"(?:(?:n|s|e|w|north|south|east|west|upper|lower|old|new|great|little|st|saint)\.? )?"
_WORD = r"[^\W\d_][\w'’-]{0,24}\.?"
_STREET = re.compile(
    rf"(?<![\w£$€.,:/%-])(?P<unit>{_UNIT}?)(?P<number>{_NUMBER}),? {{1,2}}(?P<name>(?:{_WORD} ){{1,4}}?)"
    rf"(?:(?P<strong>{_STRONG_SUFFIX})|(?P<weak>{_WEAK_SUFFIX}))\b(?!['’-]\w)(?:\.(?=[ ,]))?"
    r"(?P<second> (?:close|court|road|street|lane|avenue|drive|gardens)\b)?",
    re.I,
)
_NUMBERED_STREET = re.compile(
    rf"(?<![\w£$€.,:/%-])\d{{1,5}},? {_DIRECTION}\d{{1,3}}(?:st|nd|rd|th) "
    rf"(?:{_STRONG_SUFFIX}|st|pl|ct|dr|place|drive|court)\b\.?",
    re.I,
)
_ESTATE = re.compile(
    r"(?<!\w)(?:unit|plot|block|bay) ?\d{1,4}[A-Z]?,? (?:[\w'’-]{2,20} ){1,3}(?:(?:industrial|trading|business|retail|"
    r"enterprise|science) (?:estate|park|centre)|ind est|works|yard)\b",
    re.I,
)
_ZIP_AFTER = re.compile(r",? (?:[A-Z][a-z]+(?: [A-Z][a-z]+)?,? )?(?:[A-Z]{2},? )?(\d{5}(?:-\d{4})?)(?![\w£$€]|[.,:]\d)")
_NO_BEFORE = re.compile(r"\b(?:no\.? ?|number |nr\.? ?)$", re.I)
_UNIT_AFTER = re.compile(r",? (?:apt|apartment|flat|unit|suite|ste)\.? ?#?\d{1,4}[A-Z]?\b|,? #\d{1,4}[A-Z]?\b", re.I)
_NAMED_HOUSE = re.compile(
    r"(?<!\w)(?:[Ff]lat|[Aa]pt|[Aa]partment|FLAT|[Uu]nit|[Rr]oom) ?\d{1,4}[A-Za-z]?,? "
    r"(?:[A-Z][\w'’-]{1,20} ){1,3}(?:House|Court|Tower|"
    r"Towers|Point|Lodge|Heights|Mansions|Building|Buildings|Mill|Wharf|Villas|Place)\b"
    r"|(?<!\w)(?:[A-Z][\w'’-]{1,20} ){1,2}(?:Cottage|House|Farm|Lodge|Barn|Villa|Forge|Rectory|Vicarage|Manor|Grange|"
    r"Gables|Stables|Granary|Chapel|Schoolhouse|Oaks|Elms|Willows|Hollies|Beeches|Firs|Laurels|Cedars|Cottages|Mews|"
    r"Bungalow),? (?:\d{1,4} )?(?:[A-Z][\w'’-]{1,20} ){1,2}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Way|"
    r"Hill)\b"
)
_HOUSE_ON = re.compile(
    r",? (?:[A-Z][\w'’-]{1,20} ){1,2}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Way|Hill)\b"
)
"""The street after cottages or a court: "2 Rose Cottages, Mill Lane"."""
_THE_NAMED = re.compile(r"(?<![\w£$€.,:/%-])\d{1,3}[A-Za-z]? The [A-Z][a-z]{3,15}\b(?! [A-Z])")
"""Streets that are called "The Paddocks" or "The Spinney"."""
_PLOT = re.compile(
    r"(?<!\w)(?:plot|house|villa|no\.?|block) ?\d{1,4}[A-Z]?, (?:road ?\d{1,3}(?:, [A-Z][a-z]{2,15})?|"
    r"(?:[\w'’-]{2,20} ){1,3}(?:street|st|road|rd|close|avenue|ave|crescent|lane|way)\b)",
    re.I,
)
"""Plots and houses as they are numbered in West Africa and South Asia."""
_LIVES_AT = re.compile(
    r"\b(?:lives? at|living at|[Aa]ddress(?: is|:)?|[Dd]eliver to) ([A-Z][\w'’-]{2,20}(?: [A-Z][\w'’-]{2,20})?, "
    r"(?:[A-Z][\w'’-]{1,20} ){1,2}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Close|Drive|Way|Hill))\b"
)
"""A house that has a name and no number."""
_LOWER_FLAT = re.compile(r"(?<!\w)flat ?\d{1,4}[a-z]?,? [a-z]{3,20} (?:house|court|tower|lodge|heights|mansions)\b")
_PO_BOX = re.compile(r"(?<!\w)P\.?O\.? ?box ?\d{1,6}\b", re.I)
_TOWN_BEFORE_POSTCODE = re.compile(
    r",? (?:(?:[A-Z][\w'’-]{2,20})(?:[ -][A-Z][\w'’-]{2,20}){0,2},? )(?=[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)|"
    r", [a-z]{3,20},? (?=[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b)"
)
_ABROAD = re.compile(
    r"(?<!\w)(?:"
    r"[A-ZÄÖÜa-zäöü][a-zäöüß-]{2,25}(?:straße|strasse|str\.?|weg|platz|allee|gasse|ring|damm|"
    r"ufer) \d{1,4}(?: ?[a-z])?(?!\w)"
    r"|[A-Z][a-zéèàâîô-]{2,25}(?:er|e)? (?:Straße|Strasse|Str\.|Weg|Platz|Allee) \d{1,4}(?: ?[a-z])?(?!\w)"
    r"|[A-Za-z]{3,25}(?:straat|laan|weg|plein|gracht|kade|singel|dijk|gatan|vägen|gade|vej|gata|katu|"
    r"tie) \d{1,4}(?: ?[a-zA-Z])?(?!\w)"
    r"|\d{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|av\.?|boulevard|bd|chemin|impasse|all[ée]e|quai|[Pp]lace(?= d)|"
    r"[Rr]oute(?= d)|cours(?= d)) (?:(?:de|du|des|de la|de l['’]|d['’]|la|le|les|"
    r"l['’]) ?){0,2}(?:[A-ZÀ-Ý][\wÀ-ÿ'’-]{1,25}|[a-zà-ÿ]{3,25})(?:[ -][A-ZÀ-Ý][\wÀ-ÿ-]{1,25}){0,3}"
    r"|(?:Avenue|Boulevard|Chaussée|Rue|Place|Quai) (?:(?:de|du|des|de la|d['’]|la|le|les) ?){0,2}"
    r"[A-ZÀ-Ý][\wÀ-ÿ'’-]{1,25}(?: [A-ZÀ-Ý][\wÀ-ÿ'’-]{1,25}){0,2},? \d{1,4}[A-Za-z]?(?!\w)"
    r"|(?:[Cc]alle|[Cc]/|[Aa]venida|[Aa]vda\.?|[Aa]v\.|[Pp]laza|[Pp]aseo|[Cc]arrer|[Vv]ia|[Vv]iale|[Pp]iazza|"
    r"[Cc]orso|[Rr]ua|[Tt]ravessa|[Uu]l\.|[Uu]lica|[Aa]l\.|[Oo]s\.|[Ss]trada|[Ss]tr\.) ?"
    r"(?:(?:de|del|de la|da|do|dos|della|di|las|"
    r"los) ){0,2}[A-ZÀ-ŽŁŚŻ][\wÀ-ž'’.-]{1,25}(?: [A-ZÀ-ŽŁŚŻ][\wÀ-ž'’-]{1,25}){0,2},? (?:n[º°.]? ?|"
    r"nr\.? ?)?\d{1,4}[A-Za-z]?(?:/\d{1,4})?(?!\w)"
    r"|[A-ZÇĞİÖŞÜ][a-zçğıöşü]{1,20} (?:[A-ZÇĞİÖŞÜ][a-zçğıöşü]{1,20} )?(?:Cad\.?|Caddesi|Sok\.?|Sokak|Sokağı|Mah\.?|"
    r"Mahallesi|Bulvarı|Blv\.?),? (?:[Nn]o:? ?)?\d{1,4}(?:[/-]\d{1,3})?(?!\w)"
    r"|(?:[Oo]dos|[Ll]eoforos|[Pp]lateia|[Ll]eof\.|[Uu]litsa|[Uu]l) (?:[A-Z]\w{2,20} ){1,2}\d{1,4}(?!\w)"
    r")"
)
_UNIT_ABROAD = re.compile(
    r",? (?:m|lok|kv|apt|app|appt|piso|planta|bte|int|daire|d)\.? ?\d{1,3}[A-Za-z]?\b|,? \d{1,2} ?[ºª°] ?[A-Z]?\b|"
    r",? \d{1,2} ?[ºª°]",
    re.I,
)
"""The flat after a street abroad: "ul. Polna 8 m 12", "C/ Mayor 5, 1ºC"."""
_PLZ_AFTER = re.compile(r",? (\d{4,5})(?= [A-ZÄÖÜÀ-Ý][a-zäöüßà-ÿ])")

_HOME_WORDS = re.compile(
    r"\b(?:at|address|addr|add|lives?|living|moved?|moving|from|to|deliver(?:y|ed)?|visit|property|tenant|resident|"
    r"home|house|site|of|no|in|on|outside|near|opposite|by)[ :,-]{1,3}$",
    re.I,
)
_NOT_STREET_WORDS = words_in(
    "min mins minute minutes hr hrs hour hours day days week weeks wk wks month months mth mths year years yr "
    "yrs pm am people ppl person "
    "persons staff cars car vans van kids kid children child customers customer cust calls call times time "
    "letters letter emails email forms form "
    "items item bags bag beds bed bedroom weeks' days' p quid pounds pound euros miles mile km k metres m x of "
    "more other others new different "
    "is are was were be been has have had not no the a an this that these those and or but if on in for with to "
    "at from by per as so than then "
    "it its he she they them we us i you my our your his her their st nd rd th off out up down left right visits "
    "visit appts appt orders order "
    "wrong separate dropped missed late failed big small large long short good bad free paid spare empty lost "
    "broken hour's car-park door way lane "
    "tickets ticket pages page points point steps step parcels parcel boxes box bins bin lights light pot "
    "potholes signs sign cup cups across "
    "about around near outside between after before until till since next last same only still again yet already "
    "now today tmrw"
)


def find(text: str) -> Iterator[PiiSpan]:
    """Street addresses, postcodes and vehicle registrations in the text; may overlap."""
    yield from _without_a_number(text)
    if DIGIT.search(text) is None:
        return
    yield from _addresses(text)
    yield from _postcodes(text)
    yield from _registrations(text)


def _without_a_number(text: str) -> Iterator[PiiSpan]:
    """Houses that have a name, which need no number."""
    yield from (PiiSpan(*match.span(1), "ADDRESS") for match in _LIVES_AT.finditer(text))
    for match in _NAMED_HOUSE.finditer(text):
        more = _UNIT_AFTER.match(text, match.end())
        yield PiiSpan(match.start(), more.end() if more else match.end(), "ADDRESS")


def _addresses(text: str) -> Iterator[PiiSpan]:
    here = 0
    while match := _STREET.search(text, here):
        here = match.start() + max(1, len(match["unit"]) + len(match["number"]))
        if _is_street(text, match):
            end = match.end()
            for follows in (_UNIT_AFTER, _HOUSE_ON, _TOWN_BEFORE_POSTCODE):
                if more := follows.match(text, end):
                    end = more.start() + len(more[0].rstrip(" ,"))
            here = end
            numbered = _NO_BEFORE.search(text, max(0, match.start() - 8), match.start())
            yield PiiSpan(numbered.start() if numbered else match.start(), end, "ADDRESS")
            if match["strong"] and (code := _ZIP_AFTER.match(text, end)):
                yield PiiSpan(*code.span(1), "POSTCODE")
    for pattern in (_LOWER_FLAT, _PO_BOX, _NUMBERED_STREET, _ESTATE, _THE_NAMED, _PLOT):
        for match in pattern.finditer(text):
            more = _UNIT_AFTER.match(text, match.end())
            yield PiiSpan(match.start(), more.end() if more else match.end(), "ADDRESS")
    for match in _ABROAD.finditer(text):
        if lists.load().is_word(lists.fold(match[0].split()[0])) and match[0][0].islower():
            continue  # "answering 5 calls" ends as a Ring does
        more = _UNIT_ABROAD.match(text, match.end())
        yield PiiSpan(match.start(), more.end() if more else match.end(), "ADDRESS")
        if code := _PLZ_AFTER.match(text, match.end()):
            yield PiiSpan(*code.span(1), "POSTCODE")


def _is_street(text: str, match: re.Match[str]) -> bool:
    """Whether a number, some words and "road" or "close" are an address, and not "2 days road works"."""
    words = match["name"].split()
    if not words:
        return False
    if (match["weak"] or "").lower() in ("square", "sq") and re.match(
        r" (?:met(?:re|er)|f(?:ee|oo)t|ft|m\b|yards?|miles?|inch)", text[match.end() : match.end() + 8], re.I
    ):
        return False
    lowered = [word.lower().rstrip(".") for word in words]
    if any(word in _NOT_STREET_WORDS for word in lowered if not (word == "st" and len(words) > 1)):
        home = match["weak"] and _HOME_WORDS.search(text, max(0, match.start() - 25), match.start())
        the_green = words == ["The"] and (match["strong"] or match["weak"])[0].isupper() and len(match["number"]) <= 3
        return (
            the_green
            or (lowered[0] in ("the", "st", "new") and len(words) >= 2 and words[-1][0].isupper())
            or (lowered == ["the"] and home is not None)
        )
    capitalised = all(word[0].isupper() for word in words)
    suffix = match["strong"] or match["weak"]
    if match["strong"]:
        return capitalised or len(words) <= 2
    asked = _HOME_WORDS.search(text, max(0, match.start() - 25), match.start()) is not None or bool(match["unit"])
    if capitalised and suffix[0].isupper():
        return True
    if suffix.lower() == "st" and len(words) == 1 and len(words[0]) > 2:
        return True
    ends = re.match(r"\s*(?:$|[,.;)\n]|[A-Za-z]{1,2}\d)", text[match.end() : match.end() + 8]) is not None
    return len(words) <= 2 and (
        asked
        or (ends and len(match["number"]) <= 4 and suffix.lower() in ("drive", "close", "way", "court", "dr", "place"))
    )


def _postcodes(text: str) -> Iterator[PiiSpan]:
    for match in _UK_POSTCODE.finditer(text):
        area, _, gap, inward = match.groups()
        real = area.upper() in UK_AREAS
        shouted = match[0].upper() == match[0]
        if _ORDINAL_OR_UNIT.fullmatch(inward) and not (shouted and real and gap and not inward.endswith(("GB", "TB"))):
            continue
        if real or (shouted and gap):
            yield PiiSpan(*match.span(), "POSTCODE")
    yield from (PiiSpan(*match.span(), "POSTCODE") for match in _OTHER_POSTCODES.finditer(text))
    yield from (PiiSpan(*match.span(1), "POSTCODE") for match in _ASKED_POSTCODE.finditer(text))


def _registrations(text: str) -> Iterator[PiiSpan]:
    for match in _REG_NEW.finditer(text):
        gap, last = match.groups()
        asked = _CAR_WORDS.search(text, max(0, match.start() - 40), match.start())
        if asked or not gap or (match[0].upper() == match[0] or last.lower() not in _COMMON_THREE):
            yield PiiSpan(*match.span(), "VEHICLE_REG")
    for match in _REG_OLD.finditer(text):
        if _CAR_WORDS.search(text, max(0, match.start() - 40), match.start()):
            yield PiiSpan(*match.span(), "VEHICLE_REG")
    yield from (PiiSpan(*match.span(1), "VEHICLE_REG") for match in _PARKED.finditer(text))
    yield from (PiiSpan(*match.span(), "VEHICLE_REG") for match in _REG_SPACED.finditer(text))
    for match in _ASKED_REG.finditer(text):
        if written := _trimmed(match[1]):
            yield PiiSpan(match.start(1), match.start(1) + len(written), "VEHICLE_REG")


def _trimmed(plate: str) -> str:
    """A plate without the words that follow it: "kx19abc and" is "kx19abc"; nothing where no plate is left."""
    parts = re.split(r"(?<=\w)(?=[ -])", plate)
    while parts and (
        parts[-1].strip(" -").lower() in _COMMON_THREE
        or (len(parts) > 1 and parts[-1].strip(" -").isalpha() and len(parts[-1].strip(" -")) not in (1, 2, 3))
    ):
        parts.pop()
    written = "".join(parts)
    return (
        written if any(c.isdigit() for c in written) and any(c.isalpha() for c in written) and len(written) >= 4 else ""
    )
