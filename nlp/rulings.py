"""What the tag guide rules on outright, whatever else the words resemble.

Two sorts: *order* (of several failures in one note, again stands before wrong, wrong before chase, and a thing that
points people to the wrong place is unclear), and *sense* (what the unit's purpose or a plain turn of phrase settles).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.vocabulary import DemandKind, ImprovementKind, Kind

SURE, LIKELY = 6.0, 3.0
"""How much (in log-odds) a ruling counts that leaves no doubt, and one that a person might see otherwise."""

NEVER = re.compile(r"(?!)")


def _pattern(*pieces: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(pieces)})")


CONTACT = (
    r"(?:rung|rang|ringing|called|phoned|emailed|e-mailed|mailed|written|wrote|texted|messaged|asked|told|explained|"
    r"reported|complained|chased|contacted|visited|raised|promised|logged|been in|been out|been to|come in|came in)"
)
TIMES = (
    r"(?:twice|thrice|(?:two|three|four|five|six|seven|several|many|multiple|countless|umpteen|\d+) (?:\w+ )?times|"
    r"[2-9] ?x|x ?[2-9])\b"
)
ORDINAL = r"(?:second|2nd|third|3rd|fourth|4th|fifth|5th|sixth|6th|nth|umpteenth)"
SAYS = r"(?:told|tells|say|says|said|send|sends|sent)"
DAY = r"(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*"
GAP = r"(?:\W+\w+){0,6}?\W+"
US = r"(?:you|u|we|they)"

ORDER: tuple[tuple[DemandKind, re.Pattern[str], re.Pattern[str]], ...] = (
    (
        DemandKind.UNCLEAR,
        _pattern(
            r"your (?:letter|leaflet|text|email|website|bill) (?:told|tells|says|said|"
            r"sent)(?: \w+){0,2} to (?:ring|call|come)"
        ),
        _pattern(TIMES),
    ),
    (
        DemandKind.AGAIN,
        _pattern(
            rf"{CONTACT}{GAP}{TIMES}",
            rf"{TIMES}(?:\W+\w+){{0,3}}?\W+{CONTACT}",
            rf"{ORDINAL} (?:time|call|email|letter|visit|complaint|attempt|request|go)\b",
            r"(?:mended|fixed|repaired|replaced|fitted|serviced)\b.*\b(?:again|before|still)\b",
            r"(?:leaking|dripping|broken|wrong|late|missed|cold|down|off|out|gone|failed|slipping|happened|"
            r"back) again\b",
            r"said (?:it|they|that)(?:'s| was| were|'d been| had been) (?:sorted|fixed|done|mended)",
            rf"{SAYS}(?: \w+){{0,3}} (\w+),? (?:and |but |then )?\1 {SAYS}\b",
            r"back and forth|pillar to post|round in circles|passed (?:around|from)",
            rf"{CONTACT}\b.{{0,40}}\band (?:again|once more|once since|the day before|yesterday)\b",
        ),
        _pattern(
            r"no answer|no one answers|nobody answers|picks up|get through|engaged|rings out|on hold",
            r"(?:told|asked) you (?:in|last|on)\b",
        ),
    ),
    (
        DemandKind.WRONG,
        _pattern(
            r"promised|(?:was|were) due|supposed to (?:be|come|arrive|have|ring|call)|meant to (?:have|come|arrive)",
            rf"said {US}(?:'d|d| would| wd) (?:ring|be|come|call|send|have|text|email|get)\b.*\b(?:not|n't|never|"
            rf"nobody|no one|hasn't|haven't)\b",
            rf"booked for {DAY}\W+(?:and|but)\b|said (?:{DAY}|\d+ ?(?:am|pm)?),? (?:now|its|it's|and it's)",
            r"told you (?:in|last|on)\b",
            r"(?:charged|billed|took|taken|debited|paid)(?: \w+){0,3} twice",
        ),
        NEVER,
    ),
    (
        DemandKind.CHASE,
        _pattern(
            r"still waiting (?:for|on|to hear)|no (?:word|news) (?:on|of|about|yet)|any (?:news|word|"
            r"update)s?\b|"
            r"still no (?!hot water|heat|water|power|electric|gas|signal|internet|light|answer)\w+",
            r"(?:not|hasn't|haven't|nothing) (?:come|here|in|been|arrived|received|heard|through)(?: \w+){0,3} yet",
        ),
        _pattern(r"wrong|broken|missing|damaged|twice|again|refund\w* the"),
    ),
)
"""Kinds of failure and the words that put each before the others; the first that is heard decides."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Words, and a purpose where it matters, that settle what a note is."""

    heard: re.Pattern[str]
    adds: Mapping[Kind, float]
    """What is added to the scores of these kinds, in log-odds."""
    unless: re.Pattern[str] = NEVER
    purpose: re.Pattern[str] = re.compile("")
    not_for: re.Pattern[str] = NEVER
    """Purposes for which it does not hold."""


MENDS = _pattern(
    r"repair|mend|fix|maintenance|servic(?:e|ing) (?:and|people|boilers|cars)|plumb|heating engineer|breakdown|"
    r"garage|handyman"
)
SELLS = _pattern(r"sell|sale|make\b|makes\b|maker|suppl|hire|rent\b|shop|dealer")
FAULT = _pattern(
    r"leak\w*|drip\w*|crack\w*|broken|broke|faulty|(?:not|isn't|stopped) working|won't (?:turn|start|light|open|"
    r"close|shut|drain)|"
    r"doesn't work|no hot water|no heating|blocked|stuck|smashed|jammed|dead|come off|came off|fell (?:off|"
    r"apart)|snapped|"
    r"split|torn|(?:fence|tiles?|gutter\w*|roof|tree)\b.{0,20}\b(?:down|off|in)"
)
EARLIER_FAILURE = _pattern(
    r"again|still|twice|second|third|2nd|3rd|mended|fixed|repaired|replaced|fitted|promised|supposed|never|"
    r"nobody|didn't|"
    r"you said|was told|since your|waiting|weeks ago|months ago|site|app|online|form|line|phone|portal"
)
BEFORE_HOW = (
    r"(?:hi|hello|hey|so|and|ok|please|sorry|good (?:morning|afternoon|evening)|cust\w*|client|caller|asks?|asked|"
    r"asking|(?:wants?|wanted|needs?|like) to know)"
)
HOW_TO = re.compile(
    rf"^\W*(?:{BEFORE_HOW}\W+){{0,4}}how "
    r"(?:to|(?:do|does|can|could|would|should|cd|wd|shd) (?:i|you|we|he|she|they))\b"
)
FAILED_ATTEMPT = _pattern(
    r"can't|cant|cannot|can not|couldn't|won't|wont|doesn't|didn't|isn't|aren't|not|no (?:one|link|button|answer)|"
    r"nobody|tried|trying|keeps?|still|again|instead|without|when (?:you|your|the)|if (?:you|your|the)|supposed|"
    r"complain\w*|get (?:some|any|a )|wrong|know (?:if|that|it|what)"
)
MONEY = r"(?:payments?|charges?|transactions?|debits?|amounts?|money|purchases?|withdrawals?|transfers?)"
NOT_KNOWN = (
    r"(?:i|he|she|they|we|cust\w*|client|member|caller) (?:don't|dont|do not|doesn't|doesnt|does not|didn't|did not) "
    r"recogni[sz]e"
)
UNKNOWN_PAYMENT = _pattern(rf"{NOT_KNOWN}\b.{{0,40}}\b{MONEY}\b", rf"{MONEY}\b.{{0,40}}\b{NOT_KNOWN}\b")
OWN_DOING = _pattern(
    r"dropped|my (?:own )?(?:\w+ )?fault|i(?:'ve| have)? (?:broke|broken|bent|cracked|smashed)|dog (?:ate|chewed)"
)
ANOTHER_DOOR = _pattern(
    r"not ours|not us|isn't ours|isn't us|not one of ours|not one of us|nothing to do with us|"
    r"meant (?:a|the) (?:different|other)|wrong (?:company|organisation|charity|council|bank|shop|clinic|"
    r"surgery|place)|"
    r"thought we were|thinks we are|not our (?:area|job|patch|service|remit)"
)
NOT_OFFERED = re.compile(
    r"\? ?no\b|\b(?:we don't (?:do|offer|sell|stock)|don't (?:do|offer|stock) (?:that|them|it|those|any)|"
    r"not something we (?:do|offer|sell)|had to say no|said we don't|told (?:them|him|her) we don't)\b"
)
ON_THE_QUIET = _pattern(
    r"look(?:s|ing)? the other way|who(?:'d| would) (?:ever )?know|keep it quiet|on the quiet|hush hush|off the books|"
    r"(?:nobody|no one)(?:'ll| will| would| needs?(?: to)?| has to)(?: ever)? know|between (?:you and me|ourselves)|"
    r"(?:don't|dont|not to) tell (?:the office|head office|the boss|my boss|anyone official)|drink in it for you|"
    r"worth your while|a few quid for you"
)
"""What is only said when asking for what should be refused."""
TIME_TO_COME = rf"(?:{DAY}|evening\w*|late\w*|early|earlier|weekend\w*|bank holiday\w*|lunch\w*|longer)"

RULINGS = (
    Ruling(
        FAULT,
        {DemandKind.CHANGE: LIKELY, DemandKind.WRONG: -LIKELY, DemandKind.ELSEWHERE: -LIKELY},
        _pattern(EARLIER_FAILURE.pattern, r"next door|neighbour\w*|private|not our\w*"),
        MENDS,
        SELLS,
    ),
    Ruling(FAULT, {DemandKind.WRONG: LIKELY, DemandKind.CHANGE: -LIKELY / 2}, OWN_DOING, SELLS, MENDS),
    Ruling(
        HOW_TO,
        {DemandKind.ADVISE: SURE, DemandKind.CHANGE: -LIKELY, DemandKind.START: -LIKELY},
        FAILED_ATTEMPT,
    ),
    Ruling(
        UNKNOWN_PAYMENT,
        {DemandKind.CHANGE: LIKELY, DemandKind.BLOCKED: -LIKELY, DemandKind.WRONG: -LIKELY / 2},
        EARLIER_FAILURE,
    ),
    Ruling(ANOTHER_DOOR, {DemandKind.ELSEWHERE: 4.0}),
    Ruling(ON_THE_QUIET, {DemandKind.NOT_OURS: LIKELY}, _pattern(r"told not to tell|said not to tell")),
    Ruling(NOT_OFFERED, {DemandKind.NEW: 4.0}, ANOTHER_DOOR),
    Ruling(
        _pattern(
            rf"(?:can|could|cd|would|wd|if|why don't|why can't) {US}(?: \w+)?? open(?: \w+){{0,3}}? {TIME_TO_COME}\b",
            rf"open(?:ed|ing)?(?: on| at)? {TIME_TO_COME}\b.{{0,20}}\bwould (?:be|help|suit)",
        ),
        {DemandKind.BETTER: SURE, DemandKind.NEW: SURE},
    ),
    Ruling(
        _pattern(r"could the \w+ (?:come|be|go|start)\b.{3,60}\b(?:not|instead of|rather than)\b"),
        {DemandKind.BETTER: LIKELY},
    ),
    Ruling(
        _pattern(
            rf"(?:would|could|do|if) {US}(?:'d| would)? ever\b|ever (?:thought|think) of",
            r"asks? if we (?:could|cd|would|wd) (?:also|ever|start|do|come|bring|deliver|stay)",
        ),
        {DemandKind.NEW: LIKELY, DemandKind.BETTER: LIKELY / 2},
    ),
    Ruling(
        _pattern(
            r"(?:cancel\w*|leaving|closing|switch\w*|return\w*)\b.{0,60}\b(?:because|cos) (?:you|your|of your|"
            r"nobody|no one|it)\b",
            r"want(?:s)? (?:my|her|his|their) money back\b.{0,80}\b(?:first|broke|broken|never|came off)",
        ),
        {DemandKind.WRONG: LIKELY, DemandKind.CHANGE: -LIKELY / 2},
    ),
    Ruling(
        _pattern(r"(?:just |have |i've )moved in(?:to)?\b.{0,60}\b(?:need|want|put|set|name)"),
        {DemandKind.START: SURE},
        _pattern(r"died|passed away|still|again|told you|wrong"),
    ),
    Ruling(
        _pattern(
            r"who won|tell me a joke|who is the (?:president|prime minister)|capital of|fun fact|"
            r"are you (?:a robot|real|human)"
        ),
        {DemandKind.ELSEWHERE: SURE},
    ),
    Ruling(
        _pattern(
            r"(?:sell|do|issue|get|renew\w*|apply\w* for|need|want)\b.{0,20}\b(?:(?:fishing|rod|tv|driving|dog|"
            r"firearms?|marriage) licen[cs]es?|passports?|road tax)"
        ),
        {DemandKind.ELSEWHERE: SURE},
        _pattern(r"you said|was told|your|lost|copy|proof|photo\w*|id|as|with"),
        not_for=_pattern(
            r"licen[cs]\w*|permit\w*|passport\w*|council|govern\w*|public|citizen\w*|advi[cs]e|vehicles?|driv\w*|fish\w*|"
            r"travel\w*|regist\w*|post|dogs?|marri\w*|wedding\w*|television|tv|photo\w*"
        ),
    ),
    Ruling(
        re.compile(
            r"^\W*(?:(?:cust\w*|client|caller|pt|guest|member|very|still|is|was|really) )*(?:not happy|unhappy|"
            r"upset|cross|angry|wants? (?:a|the) manager)\W*$"
        ),
        {DemandKind.TOO_THIN: SURE, DemandKind.NO_ASK: -LIKELY},
    ),
    Ruling(
        re.compile(
            r"^\W*(?:what if|how about|suppose|why don't|could|should|shall|can) we\b.{0,80}\b"
            r"(?:people|customers|patients|tenants|callers|everyone|folk|them|guests|members|staff|the team|"
            r"form|desk|rota|week|month)"
        ),
        {ImprovementKind.IDEA: LIKELY},
        _pattern(r"our (?:order|booking|account|holiday|room|bill|house|home|son|daughter|children|kids)|stop"),
    ),
    Ruling(
        re.compile(
            r"^\W*(?:the |our )?(?:booking |phone )?(?:system|printer|scanner|server|till|database|intranet|"
            r"phones?|label machine)s?"
            r"(?: is| are|'s)? (?:down|dead|out|off|frozen|slow|offline|crash\w+|broken)\b"
        ),
        {ImprovementKind.BLOCKER: SURE},
        _pattern(r"my|customer|cust|she|he|caller|patient|people at|guest|member|your|couldn't"),
        not_for=_pattern(r"software|internet|broadband|phones?\b|app\b|computers?|printers?|tills?"),
    ),
)


def added(prepared: str, *, purpose: str, places: Mapping[str, int]) -> npt.NDArray[np.float64]:
    """What the guide's sense adds to the scores of every kind, in the order of `places`."""
    ruled = np.zeros(len(places))
    aim = purpose.lower()
    for ruling in RULINGS:
        holds = ruling.purpose.search(aim) and not ruling.not_for.search(aim)
        if holds and ruling.heard.search(prepared) and not ruling.unless.search(prepared):
            for kind, more in ruling.adds.items():
                ruled[places[kind.value]] += more
    return ruled


def comes_first(prepared: str) -> DemandKind | None:
    """The kind of failure that the words put before every other, in the guide's order; none where they do not tell."""
    for kind, heard, unless in ORDER:
        if heard.search(prepared) and not unless.search(prepared):
            return kind
    return None
