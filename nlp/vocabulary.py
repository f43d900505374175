"""Our words. Every room, button, log line and document uses them as they stand here.

The five demand types and fourteen kinds follow the Vanguard Method (value and failure demand: John Seddon)
and Stephen Parry's CORE profile, which adds the demand that opens an opportunity. *External* is our own.
The member names are what the database keeps, so they are chosen to last; the values are what people read.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class NoteType(StrEnum):
    """Whose voice a note carries: the customer's, or that of a colleague who wants the work to go better."""

    DEMAND = "demand"
    IMPROVEMENT = "improvement"


class DemandType(StrEnum):
    """What a contact is to the organisation, seen from where the customer stands."""

    VALUE = "value"
    FAILURE = "failure"
    OPPORTUNITY = "opportunity"
    EXTERNAL = "external"
    UNKNOWN = "unknown"


class DemandKind(StrEnum):
    """The fourteen kinds of demand. A note has exactly one."""

    START = "start"
    CHANGE = "use or change"
    ADVISE = "advise"
    CHASE = "chase"
    WRONG = "wrong"
    AGAIN = "again"
    UNCLEAR = "unclear"
    BLOCKED = "blocked"
    NEW = "new"
    BETTER = "better"
    ELSEWHERE = "elsewhere"
    NOT_OURS = "not for us to do"
    TOO_THIN = "too thin"
    NO_ASK = "no ask"

    @property
    def demand_type(self) -> DemandType:
        """The demand type that this kind belongs to."""
        return TYPE_OF_KIND[self]

    @property
    def code(self) -> str:
        """The short code of the tag guide, such as `F1` for chase."""
        return CODES[self]


class ImprovementKind(StrEnum):
    """What a colleague's own note is about."""

    IDEA = "idea"
    BLOCKER = "blocker"
    KNOCK_ON = "knock-on"
    STOP = "stop"
    DONE = "done"


Kind = DemandKind | ImprovementKind


class SystemCondition(StrEnum):
    """Why the work goes as it does: the part of the system that a note points at, never a person."""

    MEASURE = "measure or target"
    RULE = "rule or policy"
    ROLE = "role or authority"
    HANDOFF = "handoff or structure"
    TOOL = "tool or IT"
    INFORMATION = "information"
    SUPPLIER = "supplier or upstream"
    CAPACITY = "capacity or skill"


class SystemFactor(StrEnum):
    """The three things that, in Parry's account, drive most variation in a service."""

    BEYOND_CAPABILITY = "SF1"
    UNKNOWN_DEMAND = "SF2"
    KNOCK_ON = "SF3"


TYPE_OF_KIND = MappingProxyType(
    {
        DemandKind.START: DemandType.VALUE,
        DemandKind.CHANGE: DemandType.VALUE,
        DemandKind.ADVISE: DemandType.VALUE,
        DemandKind.CHASE: DemandType.FAILURE,
        DemandKind.WRONG: DemandType.FAILURE,
        DemandKind.AGAIN: DemandType.FAILURE,
        DemandKind.UNCLEAR: DemandType.FAILURE,
        DemandKind.BLOCKED: DemandType.FAILURE,
        DemandKind.NEW: DemandType.OPPORTUNITY,
        DemandKind.BETTER: DemandType.OPPORTUNITY,
        DemandKind.ELSEWHERE: DemandType.EXTERNAL,
        DemandKind.NOT_OURS: DemandType.EXTERNAL,
        DemandKind.TOO_THIN: DemandType.UNKNOWN,
        DemandKind.NO_ASK: DemandType.UNKNOWN,
    }
)

CODES = MappingProxyType(
    {
        DemandKind.START: "V1",
        DemandKind.CHANGE: "V2",
        DemandKind.ADVISE: "V3",
        DemandKind.CHASE: "F1",
        DemandKind.WRONG: "F2",
        DemandKind.AGAIN: "F3",
        DemandKind.UNCLEAR: "F4",
        DemandKind.BLOCKED: "F5",
        DemandKind.NEW: "O1",
        DemandKind.BETTER: "O2",
        DemandKind.ELSEWHERE: "X1",
        DemandKind.NOT_OURS: "X2",
        DemandKind.TOO_THIN: "U1",
        DemandKind.NO_ASK: "U2",
    }
)

GLOSSARY = MappingProxyType(
    {
        "verbatim": "The customer's own words, kept as they were said.",
        "demand": "What someone asks of the service, from where they stand.",
        "improvement": "A colleague's own note: an idea, a blocker, a knock-on, something to stop or something done.",
        "value": "Value demand: what the service is here for. Someone wants to start, use, change or understand it.",
        "failure": "Failure demand: caused by not doing something, or not doing it right, for the customer.",
        "opportunity": "Asked for within our purpose, and not offered yet.",
        "external": "Belongs to another organisation, or is not for us to do.",
        "unknown": "The words do not let anyone tell. An honest answer, always welcome.",
        "start": "Wants to get or begin something we are here to provide.",
        "use or change": "Uses, alters, renews or ends what they have, or their own situation moved on.",
        "advise": "Needs information, advice or a decision in order to act.",
        "chase": "Wants to know where something already asked for has got to.",
        "wrong": "Tells us for the first time that something was missed, late against a promise, or not right.",
        "again": "Has raised this before, a fix did not hold, or they were passed around.",
        "unclear": "Something we sent, said or show cannot be understood or points the wrong way.",
        "blocked": "Could not get or do what they came for: a channel, form, rule or proof stopped them.",
        "new": "Wants something within our purpose that we do not offer today.",
        "better": "Got what they came for, and says how they would rather have it.",
        "elsewhere": "Another organisation's job, and nothing of ours sent them here.",
        "not for us to do": "Asks for what we should refuse: not permitted, unsafe or outside our purpose.",
        "too thin": "Someone asked for something, but the note does not say enough to tell what.",
        "no ask": "No customer demand in it: thanks, a friendly chat, or a colleague's own remark.",
        "idea": "Something to try.",
        "blocker": "Something in the way of helping customers.",
        "knock-on": "Someone else's change has landed on us.",
        "stop": "A rule, report, check or step that could be retired.",
        "done": "Something that colleagues have already changed.",
        "what matters": "What would make it right for this customer, in their words.",
        "theme": "A kind of demand, named as a customer would say it.",
        "because": "The words that led to a suggestion.",
        "system condition": "The rule, measure, structure or tool that makes the work go as it does.",
        "measure or target": "A number that someone has to reach steers the work.",
        "rule or policy": "A rule, policy or proof requirement steers the work.",
        "role or authority": "The person at hand is not allowed to decide or to do it.",
        "handoff or structure": "The work passes between teams, and something is lost on the way.",
        "tool or IT": "A system, form, device or tool stands in the way.",
        "information": "What people need to know is missing, wrong or hard to find.",
        "supplier or upstream": "It comes to us late or wrong from outside.",
        "capacity or skill": "There are not enough hands or the right skill for what is asked.",
        "SF1": "More is asked than the whole service, end to end, can do.",
        "SF2": "Demand nobody expected, or that does not belong here, comes in.",
        "SF3": "A change made in one place is felt in another.",
        "natural process limits": "Where a measure falls through routine variation alone.",
        "verdict": "Changed, no signal, too early to say, or chart restarted. Nothing else.",
    }
)


def explain(term: str) -> str:
    """What one of our words means, in a sentence.

    Raises:
        KeyError: the term is not one of ours.
    """
    return GLOSSARY[term]


def kind_named(name: str) -> Kind:
    """The kind with this value, member name or code ("chase", "CHASE" or "F1").

    Raises:
        ValueError: no kind goes by that name.
    """
    wanted = name.strip().casefold()
    kinds: tuple[Kind, ...] = (*DemandKind, *ImprovementKind)
    for kind in kinds:
        code = CODES[kind] if isinstance(kind, DemandKind) else ""
        if wanted in {kind.value.casefold(), kind.name.casefold(), code.casefold()} - {""}:
            return kind
    raise ValueError(f"No kind is called {name!r}. The kinds are: {', '.join([*DemandKind, *ImprovementKind])}.")
