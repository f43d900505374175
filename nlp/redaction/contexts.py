"""The words around a name: what makes the next word a person, and what makes it a place or a thing."""

from __future__ import annotations

import re

from nlp.redaction import births
from nlp.redaction.lists import words_in
from nlp.redaction.spans import DIGIT

STRONG, WEAK, RIGHT_AFTER, VERB, DEED = 3.0, 1.5, 2.5, 1.5, 1.0
"""What the words around add to the evidence; see `nlp.redaction.evidence`."""

TITLES = words_in(
    "mr mrs ms miss mx dr prof professor sir dame rev reverend mister missus herr frau mme mlle madame monsieur "
    "señor señora senor senora sra "
    "signor signora pani cllr councillor mstr doctor imam rabbi hajji sister nurse pc sgt lady lord capt captain det "
    "sheikh hr fr matron midwife auntie aunty aunt uncle kyria kyrios doña monsignor"
)
_COUPLE = r"(?:(?:mr|mrs|ms|miss|dr|mister)\.? ?(?:and|&|\+|n) ?|(?:cllr|dr|rev|prof|sir)\.? (?=mr|mrs|ms|miss|dr))?"
_TITLE = re.compile(
    r"(?<!\w)" + _COUPLE + "(?:" + "|".join(sorted(TITLES, key=len, reverse=True)) + r")\.? {1,2}$"
    r"|(?<!\w)(?:mr|mrs|ms|dr|sig|sig\.ra|sig\.na)\. {0,2}$",
    re.I,
)
_VERB_LIKE_TITLES = re.compile(
    r"(?<!\w)(?:miss|sir|dame|sister|nurse|doctor|dr|pc|lady|lord|hr|fr|det|captain|matron|midwife|sheikh|auntie|aunty|aunt|"
    r"uncle)"
    r"\.? {1,2}$",
    re.I,
)
_PLAIN_TITLES = re.compile(r"(?<!\w)(?:mr|mrs|ms|cllr)\.? {1,2}$", re.I)
_NOT_TITLED = words_in(
    "and was has had who the but said says rang asked called wants wanted needs came can will did does not are is or "
    "with from for teams word office excel outlook windows project access store drug patient patients nurse clinic"
)
"""Words in lower case that no title makes a name of: "ms teams", "mr and mrs"."""
_STRONG_BEFORE = re.compile(
    r"(?:\b(?:sp[oe]ken?|speaking|spk|talked|talking|tlkd) (?:2|to|with|w/)|\bnamed?(?: (?:is|was|as|of))?|"
    r"\bname[:=]|\bsgd(?: by)?|\bspk w/?|\b(?:lvm|left (?:a )?(?:vm|msg|message|voicemail)) (?:for|with)|"
    r"\b(?:note|msg|message|handover|hand over) from|\b(?:handover|handed over|hand over) (?:to|2)|\brtn call|"
    r"\bin (?:the )?name(?: of)?|\battn:?|\bcc:?|\bfao:?|\bc/o|\bdear|"
    r"\b(?:signed|regards|rgds|sincerely|faithfully),?|\b(?:man|woman|lady|gent|gentleman|someone|somebody|guy|"
    r"bloke|girl|boy|lad|child|son|daughter|agent|advis[eo]r|"
    r"engineer|colleague|person|driver|manager|nurse|lodger|friend|neighbou?r|baby|kid) (?:called|named)|"
    r"\bsurname(?: is)?:?|\bfull name:?|\bn\.?o\.?k\.?:?|\bnext of kin(?: is)?:?|"
    r"\bon behalf of|\bunder (?:the )?name(?: of)?|\bmy name'?s|"
    r"\b(?:hi|hello|hey|hiya),? (?:it['’]?s|this is)|\bcust(?:omer)? name(?: is)?:?|\bje m['’]appelle|"
    r"\bich hei(?:ß|ss)e|\bme llamo|\bmi chiamo)[ ,:\-–]{0,3}\n?$",
    re.I,
)
_WEAK_BEFORE = re.compile(
    r"(?:\b(?:cyclist|hirer|walker|pensioner|widow|widower|lad|owner|candidate|passenger|applicant|visitor|"
    r"gentleman|gent|lady|woman|man|girl|boy|learner|borrower|reader|rider|runner|swimmer|player|coach|captain|"
    r"cleaner|porter|warden|shopper|buyer|seller|supplier|courier|plumber|electrician|fitter|builder|mechanic|vet|"
    r"dentist|physio|midwife|carer|lodger|leaseholder|occupier|householder|trustee|executor|solicitor|inspector|"
    r"officer|teacher|tutor|volunteer|claimant|trainee|apprentice|colleague|staff member|team lead|supervisor|"
    r"receptionist|interpreter|guest|parent|bride|groom|baby|toddler|child|kid|service user|user|son|daughter|mum|"
    r"mam|mom|mother|father|dad|wife|husband|hubby|partner|brother|sister|gran|nan|nana|grandad|grandson|"
    r"granddaughter|neighbou?r|friend|carer|boss|colleague|"
    r"manager|mgr|baby|child|kid|nephew|niece|aunt|auntie|uncle|cousin|tenant|patient|pt|client|customer|cust|cx|"
    r"resident|student|pupil|member|donor|caller|driver|engineer|eng|nurse|"
    r"agent|advis[eo]r|worker|sw|landlord|guest|visitor|parent|gp|doctor|teacher|tutor|volunteer|applicant|"
    r"claimant|employee|fianc[eé]e?|twins?|mother-in-law|lady|gent|ms|"
    r"for|from|by|with|w/|to|cc|hi|hello|hey|thanks|thank you|thx|ta|cheers|via|per|ask|asks|asked|told|tell|rang|"
    r"ring|phoned|phone|emailed|email|texted|text|called|call|met|saw|see|and|&|\+|"
    r"re|ref|under|contact|chase|chased|msg|cb|fwd|is|was|it['’]?s|i['’]?m|this is|fur|für|avec|mit|kunde|kundin|"
    r"klient|klientka|cliente?|pour|para|con|de|von|that|but|when|because|cos|said|says|if|so)[ ,:\-–]{0,3}$|[@(]$)",
    re.I,
)
_RIGHT_AFTER = re.compile(
    r"[ ,;:(\-–/]{1,3}(?:d\.?o\.?b|born|aged? ?\d|\d{1,2} ?(?:yrs?|yo|y/o|years? old)\b|nhs|ni(?:no)?\b|tel\b|"
    r"mob\b|ph\b|phone\b|number\b|acc(?:t|ount)?\b|card [A-Z]?\d|[A-Z]?\d{5,}|"
    r"lives at|of \d|at \d+ [a-z]|on 0\d|<mailto|<tel|\(\+?\d)",
    re.I,
)
_VERB_AFTER = re.compile(
    r"(?:['’]s (?:mum|mam|dad|son|daughter|wife|husband|partner|carer|mother|father|appt|appointment|meds|"
    r"hearing|prescription|referral|locker|coat|bed|kids)\b|[ ,]{1,2}(?:again |just |"
    r"also |still |then |has |who |back )?"
    r"(?:called|calling|rang|ringing|phoned|phoning|emailed|e-mailed|texted|texts|says?|said|sez|asks?|asked|"
    r"asking|wants?|wanted|wanting|came in|chased|chasing|thinks|told|tells|"
    r"complain(?:s|ed|ing)|insists?|explained|reckons|rings|agreed|promised|mentioned|suggested|queried|queries|"
    r"confirmed|requested|turned up|popped in|visited|wrote|"
    r"here|on (?:lates|earlies|nights|days|reception|shift|call)|"
    r"from (?:flat|unit|number|no)|(?:lost|forgot|left|needs|brought|broke) (?:her|his)|"
    r"(?:was |were |been |got )(?:told|asked|promised|turned away|sent away|kept waiting|upset|crying|in tears)|"
    r"had to (?:wait|queue|ring|call|come|chase|ask)|on the (?:phone|line)|crying|in tears|next door|"
    r"(?:didn['’]?t|never) (?:get|got|receive))\b)",
    re.I,
)
_WORKPLACE = (
    r"(?: (?:in|at|on|from|over in|over at|down in|up in) (?:the )?(?:accounts|billing|repairs|sales|finance|hr|it|"
    r"reception|lettings|housing|payroll|parking|maintenance|estates|facilities|stores|warehouse|workshop|yard|gate|"
    r"front|desk|front desk|help ?desk|counter|tills?|triage|pharmacy|canteen|catering|kitchen|dispatch|despatch|"
    r"depot|planning|licensing|procurement|purchasing|legal|marketing|admissions|enrolments?|registry|admin|"
    r"post ?room|mail ?room|bookings|box office|customer services?|complaints|claims|collections|benefits|"
    r"nights|lates|earlies|shift|the hub|hub|floor|bar|ward \d{1,2}|till \d{1,2})\b)"
)
_WORKS = re.compile(_WORKPLACE, re.I)
_SPEAKS = re.compile(
    r",? (?:just |also |still |has |then )?(?:rang|phoned|promised|told|tells|rings|reckons|asked|asks|"
    r"passed (?:him|her|them|us|it|me)|said (?:he|she|i|to)|sez|popped in|never rang|hasnt rung|"
    r"wants|waited|had to (?:wait|queue|ring)|applied|forgot|complained|can'?t (?:log|book|find|get in|upload)|"
    r"(?:is )?covering|(?:is )?on leave|off sick|(?:lost|forgot|brought|broke) (?:her|his))\b",
    re.I,
)
_THINKS = re.compile(r",? (?:says?|said|thinks)\b", re.I)
_KIN_AFTER = re.compile(
    r"['’]s (?:mum|mam|mom|dad|son|daughter|wife|husband|partner|carer|mother|father|brother|sister|nan|gran)\b", re.I
)
_SET_APART = re.compile(r" ?[-–—:] |, | (?:still )?no [a-z]{3}", re.I)
_MODAL = re.compile(r"\b(?:can|could|will|would|did|does|has|pls|get) $", re.I)
_ASKED_TO = re.compile(r" (?:to )?(?:call|ring|phone|email|text|chase|reply|answer|rung|replied|called)\b", re.I)
_ADDRESSED_BEFORE = re.compile(
    r"\b(?:ask|asked|tell|told|handed (?:over )?(?:to|2)|passed (?:it )?(?:over )?to|speak (?:to|2|with)|see|chase|"
    r"covering for|cover for|say to|said to)[ ]$",
    re.I,
)
_ADDRESSED_AFTER = re.compile(
    r" (?:in|at|on|from|re|about|abt|if|why|when|to|that|for|his|her|he|she|who|again|twice|first|next|and|the|we|"
    r"they|i|it|there|not|what|how|where)\b|"
    r"[’']s |[,.;?!/]|\s*$",
    re.I,
)
_DEED_AFTER = re.compile(
    r"(?:['’]s [a-z]|[ ,]{1,2}(?:has |had |was |is |still )?(?:keeps|needs|needed|waited|waiting|lost|forgot|paid|"
    r"moved|tried|trying|booked|applied|calls|emails|helped|sorted|upset|reports?|reported|"
    r"cancelled|came|comes|cant|can['’]t|couldnt|couldn['’]t|didnt|didn['’]t|hasnt|hasn['’]t|doesnt|doesn['’]t|"
    r"isnt|wont|won['’]t|wasnt|not happy|has|had|is|was|would|did|does|hit|fell|missed|got|went|left|"
    r"died|sent|refused|signed|received|recd|due|v upset|angry|fuming)\b|"
    r" (?:\+|&|and|n) (?:her|his|their|baby|kids|\d ?kids|mum|dad|husband|wife|partner|carer|daughter|son|family|"
    r"children)\b)",
    re.I,
)
_PLACES_AFTER = re.compile(
    r"(?:(?:['’]s|s)? (?:street|st|road|rd|avenue|ave|lane|palace|castle|abbey|bank|hospital|"
    r"station|centre|center|school|college|"
    r"university|uni|academy|church|court|surgery|park|gardens?|hotel|"
    r"library|stadium|airport|ltd|limited|plc|inc|llp|gmbh|foundation|trust|"
    r"society|institute|theatre|museum|hall|close|way|store|"
    r"tower|estate|day|cross|market|pharmacy|dental|motors|construction|cup|prize|award|"
    r"syndrome|disease|palsy|method|& sons|and sons|"
    r"nursery|primary|secondary|high|infirmary|terminal|bridge|square|arms|inn|pub|"
    r"bar|cafe|restaurant|league|united|city|town|fc|"
    r"airlines?|airways|express|hoover|bear|bears)|"
    r" (?:ward|house|clinic|team|dept|department|line|group|branch|shop|suite|wing|building|block|model|council|depot|"
    r"office|site|campus|kitchen))\b(?! (?:rang|called|says|said))",
    re.I,
)
_NO_ONES_PLACE_AFTER = re.compile(
    r" (?:council|bank|team|dept|department|line|day|high|city|town|market|dental)\b", re.I
)
_DEALINGS_AFTER = re.compile(r" (?:council tax|bank (?:details|account|card|statement|transfer|loan)s?)\b", re.I)
_PLACE_AT_LAST = re.compile(
    r"[^\w ]|\s*$| (?:[^\w ]|(?:is|are|was|were|has|have|had|does|did|will|would|can|could|should|isn['’]?t|wasn['’]?t|"
    r"hasn['’]?t|doesn['’]?t|didn['’]?t|won['’]?t|can['’]?t|couldn['’]?t|never|always|still|keeps?|again|too|so|very|no|"
    r"not|and|or|but|in|at|on|to|for|from|by|near|with|of|who|which|that|where|when|how|since|until|till|after|before|"
    r"lost|rang|sent|told|said|says|closed|shut|open|full|lifts?|stairs|stairwells?|entrance|residents|gates?)\b)",
    re.I,
)
_PAPERS_AFTER = re.compile(
    r" (?:room|period|version|edition|app|test|scale|bus|train|tram|ferry|card|account|plan|scheme|fund|policy|act|"
    r"law|grant|form|fee|charge|system|portal|website|online|pro|plus|max|"
    r"leaflet|sauce|toilet|meter|boiler|bill|letter|order|ticket|pass|slot|key|code|page|line|drive|book|books)s?\b",
    re.I,
)
_FAMILY_AFTER = re.compile(
    r" (?:family|household)\b(?! (?:tickets?|pass|rooms?|size|pack|plan|cover|day|support|court|doctor|gp|members?|"
    r"car|tent|bus|meal|deal|hub|friendly|pub|law)\b)",
    re.I,
)
_AT_HOME_AFTER = re.compile(
    r",? (?:(?:at|in|from) (?:no\.?|number|flat|unit|plot) ?\d|at \d|next door|upstairs|downstairs|opposite\b|"
    r"over the road|across the (?:road|landing|hall))",
    re.I,
)
_INITIALS = re.compile(
    r"(?<![\w.'’&/@+-])(?!(?:e\.g|i\.e|a\.m|p\.m|p\.s|p\.o|n\.b|c/o)\b)"
    r"(?:(?:[^\W\d_]\. ?){1,3}|[b-hj-mo-qstvyz] |[B-HJ-WYZ] |[A-Z] ?[A-Z] |[A-Z]\.?-[A-Z]\.? )$"
)
"""The initials right before a surname: "j.p. ", "R. K. ", "b ", "AJ "."""
_NUMBERED = re.compile(
    r"\b(?:row|block|flat|ward|unit|bay|level|zone|room|gate|section|door|plan|type|part|class) $", re.I
)
_NO_INITIALS = words_in("ac am bt ee eu gp hp hq hr hv it lg mp nhs ni ot pc pt qr sw tv ue uk un us uv vw wc")
_GAP = re.compile(r"[ ,(\-–]{1,3}")
_NAMED = re.compile(r"\b(?:(?:under|in) (?:the )?name(?: of)?|(?:sur)?name(?: is|:)|named|surname)[ :]{1,2}$", re.I)
_ARTICLE = re.compile(r"\b(?:the|an?|this|that|these|my|our|your|its|no|any|each|every|new|old) $", re.I)
_SAINT = re.compile(r"(?<!\w)(?:st|saint)\.? $", re.I)
_ROLE = re.compile(
    r"\b(?:cyclist|hirer|walker|pensioner|widow|widower|lad|owner|candidate|passenger|applicant|visitor|gentleman|"
    r"gent|lady|woman|man|girl|boy|learner|borrower|reader|rider|runner|swimmer|player|coach|captain|cleaner|"
    r"porter|warden|shopper|buyer|seller|supplier|courier|plumber|electrician|fitter|builder|mechanic|vet|dentist|"
    r"physio|midwife|carer|lodger|leaseholder|occupier|householder|trustee|executor|solicitor|inspector|officer|"
    r"teacher|tutor|volunteer|claimant|trainee|apprentice|colleague|staff member|team lead|supervisor|receptionist|"
    r"interpreter|guest|parent|bride|groom|baby|toddler|child|kid|service user|user|son|daughter|mum|mam|mother|"
    r"father|dad|wife|husband|hubby|partner|brother|sister|gran|nan|grandad|grandson|granddaughter|neighbou?r|"
    r"carer|colleague|manager|"
    r"nephew|niece|aunt|auntie|uncle|cousin|tenant|patient|pt|client|customer|cust|cx|resident|student|pupil|"
    r"caller|driver|engineer|nurse|agent|advis[eo]r|landlord|fianc[eé]e?|twins?|"
    r"spoke to|spoke with|asked for|ask for) $",
    re.I,
)


def before(text: str, start: int) -> float:
    """What the words before this place say: `STRONG`, `WEAK` or nothing."""
    window = text[max(0, start - 40) : start]
    if _TITLE.search(window) or _STRONG_BEFORE.search(window):
        return STRONG
    return WEAK if _WEAK_BEFORE.search(window) else 0.0


def after(text: str, end: int) -> float:
    """What the words after say: `RIGHT_AFTER` (a date, number, age), `VERB` (what people alone do) or `DEED`."""
    gap = _GAP.match(text, end)
    if _RIGHT_AFTER.match(text, end) or (gap and births.follows(text, gap.end())):
        return RIGHT_AFTER
    if _VERB_AFTER.match(text, end) or _WORKS.match(text, end):
        return VERB
    return DEED if _DEED_AFTER.match(text, end) else 0.0


def works_somewhere(text: str, end: int) -> bool:
    """Whether a place of work follows, as in "in lettings" and "at the gate"."""
    return _WORKS.match(text, end) is not None


def does_what_people_do(text: str, end: int) -> bool:
    """Whether a deed follows that no bill, card or page does: "bill rang", and not "bill says"."""
    work = _WORKS.match(text, end)
    if work:
        return (_SPEAKS.match(text, work.end()) or _THINKS.match(text, work.end())) is not None
    return _SPEAKS.match(text, end) is not None


def is_addressed(text: str, start: int, end: int) -> bool:
    """Whether someone is asked or told here, as in "ask amber about the bus", and not in "ask amber valley"."""
    return (
        _ADDRESSED_AFTER.match(text, end) is not None
        and _ADDRESSED_BEFORE.search(text, max(0, start - 24), start) is not None
    )


def is_asked_to(text: str, start: int, end: int) -> bool:
    """Whether someone is asked to do something here, as in "can Violet call him"."""
    return _ASKED_TO.match(text, end) is not None and _MODAL.search(text, max(0, start - 10), start) is not None


def takes_any_surname(text: str, start: int, key: str) -> bool:
    """Whether a plain title stands before, so that any word of weight is a surname: "mrs best", "mr. cash"."""
    if text[max(0, start - 2) : start - 1] not in ("r", "s", "R", "S", "."):
        return False
    return key not in _NOT_TITLED and _PLAIN_TITLES.search(text, max(0, start - 8), start) is not None


def follows_article(text: str, start: int) -> bool:
    """Whether "the" or the like stands right before, as it does before things and not before people."""
    return _ARTICLE.search(text, max(0, start - 10), start) is not None


def is_named(text: str, start: int) -> bool:
    """Whether a word for a name stands right before, as in "under the name wheeler"."""
    return _NAMED.search(text, max(0, start - 20), start) is not None


def follows_role(text: str, start: int) -> bool:
    """Whether a word for a person stands right before, as in "cust" or "her son"."""
    return _ROLE.search(text, max(0, start - 20), start) is not None


def is_a_household(text: str, end: int) -> bool:
    """Whether "family" follows, and means people: "the Mutasa family", not "the Lego family ticket"."""
    return text[end + 1 : end + 2] in ("f", "F", "h", "H") and _FAMILY_AFTER.match(text, end) is not None


def is_set_apart(text: str, end: int) -> bool:
    """Whether a dash, colon, comma or lack follows, as after the name with which many notes begin: "ali - no bus"."""
    return _SET_APART.match(text, end) is not None


def has_kin(text: str, end: int) -> bool:
    """Whether a relative follows, as in "May's mum": only a person has one."""
    return text[end : end + 1] in ("'", "’") and _KIN_AFTER.match(text, end) is not None


def lives_at_a_number(text: str, end: int) -> bool:
    """Whether a numbered home follows, as in "at no 4"."""
    return _AT_HOME_AFTER.match(text, end) is not None and DIGIT.search(text, end, end + 14) is not None


def lives_somewhere(text: str, end: int) -> bool:
    """Whether what follows says where people live: "at no 4", "next door"."""
    return _AT_HOME_AFTER.match(text, end) is not None


def with_initials(text: str, start: int) -> int:
    """Where the name begins once the initials before the surname are counted in: "j.p. donnelly"."""
    if start == 2 and text[1] == " " and text[0].isalpha():
        return start if text[0] in "aixAIX" else 0
    if start < 2 or (start > 3 and text[start - 4 : start - 1].isalpha()):
        return start
    capitals = text[start : start + 2].isupper()
    initials = _INITIALS.search(text, max(0, start - 9), start)
    if initials is None or initials[0].strip().lower() in _NO_INITIALS:
        return start
    if capitals and len(initials[0].strip()) > 1 and "." not in initials[0]:
        return start
    lettered = _NUMBERED.search(text, max(0, initials.start() - 9), initials.start())
    return start if lettered else initials.start()


def is_abbreviation(key: str) -> bool:
    """Whether two letters are short for a thing, as "tv" and "pc" are, and no one's initials."""
    return key in _NO_INITIALS


def follows_title(text: str, start: int, *, like_a_verb: bool = False) -> bool:
    """Whether a title stands right before; `like_a_verb` asks for those that are words too, as "miss" is."""
    pattern = _VERB_LIKE_TITLES if like_a_verb else _TITLE
    return pattern.search(text, max(0, start - 24), start) is not None


def with_title(text: str, start: int) -> int:
    """Where the name begins once its title is counted in: "Mrs Patel" is redacted whole."""
    title = _TITLE.search(text, max(0, start - 24), start)
    return title.start() if title else start


def makes_a_place(text: str, end: int) -> bool:
    """Whether a word such as "Station" or "Ltd" follows."""
    return text[end : end + 1] in (" ", "'", "’", "s", "S") and _PLACES_AFTER.match(text, end) is not None


def makes_a_place_of_anyone(text: str, end: int) -> bool:
    """Whether the word for a place is one that is called after people, and is not half of another thing: "house" in
    "Elizabeth Fry house is cold", and neither "library" in "library card" nor "council".
    """
    place = _PLACES_AFTER.match(text, end)
    alone = place is not None and _PLACE_AT_LAST.match(text, place.end()) is not None
    return alone and _NO_ONES_PLACE_AFTER.match(text, end) is None


def makes_a_dealing(text: str, end: int) -> bool:
    """Whether what follows is no place, though it begins like one: "council tax", "Bank Details"."""
    return _DEALINGS_AFTER.match(text, end) is not None


def makes_a_thing(text: str, end: int) -> bool:
    """Whether a word such as "period" or "form" follows, which a name may also stand before."""
    return _PAPERS_AFTER.match(text, end) is not None


def is_saint(text: str, start: int) -> bool:
    """Whether "St" stands right before, as in the names of churches, schools and hospitals."""
    return _SAINT.search(text, max(0, start - 8), start) is not None
