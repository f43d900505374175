"""A digest: one audience, one week, every fact finished and ready for telling.

Facts are frozen, know no Slack and no database, and go through JSON and back unchanged, so a digest that was posted can
be told again to the letter. Nothing in them could point at a person: no author, no team, listening points as numbers.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal, cast

from pydantic import TypeAdapter

from digests.quotes import NONE_UNQUOTED, Rule, Unquoted
from digests.speech import ENGLISH
from digests.verdicts import ENOUGH_FOR_LIMITS, Changed, Chart, Verdict
from nlp.vocabulary import SystemCondition, SystemFactor
from storage.columns import Audience
from storage.workspaces import EVERYONE


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Somebody's words, and why they are shown."""

    note: int
    """The number of the note, so that anyone can look it up."""
    words: str
    cut: bool = False
    """Whether the note says more than is shown."""
    rule: Rule | None = None
    kind: str = ""
    theme: str = ""
    what_matters: str = ""
    taken_back: bool = False
    """Whoever passed it on has taken it back since: nothing is left of it but its number and the rule."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Some quotations of one sort, and how many more of it there are."""

    quotes: tuple[Quote, ...] = ()
    more: int = 0
    unquoted: Unquoted = NONE_UNQUOTED
    """Those beside them whose words may not be told here."""

    @property
    def count(self) -> int:
        """How many there are in all that may be told."""
        return len(self.quotes) + self.more


NOTHING = Group()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the digest rests on."""

    notes: int
    demands: int
    improvement: int
    untagged: int
    points: int
    """Listening points heard from this week."""
    points_known: int
    """Points registered or heard from this week; where none is registered, heard from in the last 12 weeks."""
    confirmed: int
    """Tags that a person has settled."""
    value: int
    failure: int
    opportunity: int
    external: int
    too_thin: int
    no_ask: int
    urgent: int
    silent: tuple[str, ...] = ()
    """The registered listening points that nothing was heard from this week."""
    private: int = 0
    """Demands that have a type and are not quoted, as they are from a private channel; the urgent ones not counted."""

    @property
    def classified(self) -> int:
        """Demands that have a type."""
        return self.value + self.failure + self.opportunity + self.external

    @property
    def points_silent(self) -> int:
        """Listening points that nothing was heard from this week."""
        return max(0, self.points_known - self.points)


@dataclass(frozen=True, kw_only=True)
class KnockOn:
    """Something is heard more, soon after another unit changed its work. Time alone ties the two together."""

    about: str
    """What is heard more: a theme; nothing, for failure demand as a whole."""
    since: str
    """The week that it began in."""
    change: Changed
    told_before: bool = False


@dataclass(frozen=True, kw_only=True)
class Charted:
    """One of the top-level charts."""

    key: Literal["failure share", "end-to-end days", "notes logged"]
    chart: Chart
    fortnights: bool = False
    """Whether weeks hold too little, so that each point is a fortnight."""
    told_before: bool = False
    """It changed, and the digest before said so: it is no news any more."""
    near: tuple[Changed, ...] = ()
    """What the unit itself changed near the beginning of a change in the chart."""


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A kind of failure demand that keeps coming; or a young one of any demand, heard more and more."""

    name: str
    weeks_seen: int
    of_weeks: int
    points: int
    notes: int
    this_week: int
    days_waited: float | None = None
    """The median, of the notes that say when the customer first asked."""
    conditions: tuple[SystemCondition, ...] = ()
    """What the notes themselves name, the most named first."""
    chart: Chart | None = None
    told_before: bool = False
    """It changed, and a digest before said so: it is no news any more."""
    cared_for: bool = False
    """Whether an improvement note of the same weeks speaks of it."""
    growing_since: str = ""
    """For a young theme that is heard more and more: the week it was first heard in."""

    @property
    def changed(self) -> bool:
        """Whether its own chart shows a signal now."""
        return self.chart is not None and self.chart.verdict is Verdict.CHANGED

    @property
    def restarted(self) -> bool:
        """Whether its own chart began anew so lately that nothing can be told from it yet."""
        return self.chart is not None and self.chart.verdict is Verdict.RESTARTED


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One of the three system factors, and the notes that speak of it. No notes is worth saying, too."""

    factor: SystemFactor
    notes: tuple[int, ...]
    count: int


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What staff need from managers: about a part of the system, traced to notes."""

    condition: SystemCondition
    quote: Quote
    notes: tuple[int, ...]
    count: int
    weeks: int
    points: int
    last_named: str = ""
    """The week of the latest of them, if that is not this one."""


@dataclass(frozen=True, kw_only=True)
class Staff:
    """What colleagues passed on about the work itself."""

    done: Group = NOTHING
    ideas: Group = NOTHING
    blockers: Group = NOTHING
    stops: Group = NOTHING
    knock_ons: Group = NOTHING
    older_blockers: tuple[int, ...] = ()
    """Blockers of the weeks before, the oldest first, by number."""
    more_older_blockers: int = 0
    """How many more of them there are, all of them newer."""

    @property
    def older_blockers_count(self) -> int:
        """How many blockers of the weeks before there are in all."""
        return len(self.older_blockers) + self.more_older_blockers

    @property
    def anything(self) -> bool:
        """Whether any of it is from this week."""
        return any(group.quotes for group in (self.done, self.ideas, self.blockers, self.stops, self.knock_ons))


@dataclass(frozen=True, kw_only=True)
class Unsettled:
    """A note that could be read in two ways, worth arguing over."""

    quote: Quote
    readings: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """How well we heard the last weeks, by what people said of their notes. About the tagger, and about nobody."""

    weeks: int
    notes: int
    settled: int
    """Notes that people said of what they are, after something had been suggested."""
    stood: int
    """Those of which they said what had been suggested."""
    mixed: tuple[tuple[str, str, int], ...]
    """Kinds taken for others, the most frequent first: what we heard, what people said, and how often."""
    unknown: int
    hardly_sure: int
    """Suggestions that are close calls, and that nobody has settled."""
    set_aside: bool = False
    """What was learned from corrections agreed less than the first day did, and is set aside for new notes."""

    @property
    def too_few(self) -> bool:
        """Whether so little is settled that nothing can be said of it: the first step of the ladder of the charts."""
        return self.settled < ENOUGH_FOR_LIMITS


@dataclass(frozen=True, kw_only=True)
class Digest:
    """One audience's week."""

    workspace: str
    unit: str
    purpose: str
    audience: Audience
    week: str
    zone: str
    label: str
    so_far: bool
    """The week is still running, so the charts end with the one before."""
    heard: Heard
    quotes: tuple[Quote, ...]
    charts: tuple[Charted, ...]
    charts_looked_at: int
    themes: tuple[Theme, ...]
    growing: tuple[Theme, ...]
    """Young themes that are heard more and more."""
    factors: tuple[Factor, ...]
    chases: int
    first_time: Group
    what_matters: Group
    opportunities: Group
    value_themes: tuple[tuple[str, int], ...]
    """What most people came for that the service is there for, and how many notes say so."""
    staff: Staff
    asks: tuple[Ask, ...]
    unsettled: tuple[Unsettled, ...]
    question: int
    """Which of the questions to think about, by lot."""
    lenses: tuple[str, ...]
    """The versions of tagger and guide behind the tags."""
    templates: str
    """The version of the words this was first told with."""
    language: str = ENGLISH
    """What it is told in, by its code."""
    missed: tuple[str, ...] = ()
    """Digests of earlier weeks that never came, because they would have been too late."""
    still_here: bool = False
    """Nothing to say for a month, and this says so."""
    changes: tuple[Changed, ...] = ()
    """What the unit changed in its work, or noted as changed, this week."""
    elsewhere: tuple[Changed, ...] = ()
    """What other units changed lately, and what may land here."""
    knock_ons: tuple[KnockOn, ...] = ()
    hearing: Hearing | None = None
    """How well we hear, in the first digest of a month alone."""
    asks_unquoted: Unquoted = NONE_UNQUOTED
    """Improvement notes of the last four weeks that name a part of the system, and whose words may not be told here."""
    number: int = 0
    """The digest's own number, by which anyone can ask about it; none, where it is only looked at."""

    @property
    def whose(self) -> str:
        """The unit's name; nothing, where there is but the one that everyone belongs to."""
        return "" if self.unit == EVERYONE else self.unit

    @property
    def anything_to_say(self) -> bool:
        """Whether there is a reason to post: a note. What never came is said in the next digest that has one."""
        return self.heard.notes > 0

    def charted(self, key: str) -> Charted | None:
        """The top-level chart by that name, if it could be drawn."""
        return next((charted for charted in self.charts if charted.key == key), None)

    def facts(self) -> dict[str, Any]:
        """Everything, as JSON keeps it."""
        return cast(dict[str, Any], _SHAPE.dump_python(self, mode="json"))

    @classmethod
    def from_facts(cls, facts: dict[str, Any]) -> Digest:
        """The digest that these facts came from.

        Raises:
            ValueError: they are not the facts of a digest.
        """
        return _SHAPE.validate_json(json.dumps(facts))

    @property
    def fingerprint(self) -> str:
        """A digest of the digest: equal for equal facts."""
        return fingerprint_of(self.facts())


def fingerprint_of(facts: dict[str, Any]) -> str:
    """A digest of a digest's facts, as they were kept: a field that came later changes nothing about it."""
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


_SHAPE: TypeAdapter[Digest] = TypeAdapter(Digest)
