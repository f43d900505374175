"""How well we hear a unit: once a month, from what its people settled. About the tagger, and about nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from digests.facts import Hearing
from digests.material import Material, bounds
from digests.periods import Week
from storage import settled
from storage.editions import Outcome
from storage.models import Edition

HARDLY_SURE = 0.6
"""A suggestion below this confidence, with another reading beside it, is worth arguing over."""
MIXED_AT_LEAST, MIXED_AT_MOST = 2, 3
"""How often two kinds are taken for one another before we speak of it, and how many such pairs we name."""

_A_WEEK = 7


def monthly(material: Material, *, of_weeks: int, set_aside: bool) -> Hearing | None:
    """How well we heard in the last weeks; none in every other digest.

    Args:
        material: what the digest is made of.
        of_weeks: how many weeks it tells of (`weeks_to_tell`); 0 where it is not this digest's to tell.
        set_aside: whether what was learned from corrections did harm, and is set aside.
    """
    if not of_weeks or material.so_far:
        return None
    weeks = bounds(material.history[-of_weeks:])
    counted = material.counted[-len(weeks) :]
    notes = sum(count.notes for count in counted)
    if not notes:
        return None
    theirs = settled.settled(material.session, weeks, **material.place)
    mixed = Counter((one.suggested.value, one.said.value) for one in theirs if one.suggested is not one.said)
    often = [(*pair, times) for pair, times in mixed.items() if times >= MIXED_AT_LEAST]
    return Hearing(
        weeks=len(weeks),
        notes=notes,
        settled=len(theirs),
        stood=sum(one.suggested is one.said for one in theirs),
        mixed=tuple(sorted(often, key=lambda one: (-one[2], one[:2]))[:MIXED_AT_MOST]),
        unknown=sum(count.unknown for count in counted),
        hardly_sure=settled.hardly_sure(material.session, weeks, **material.place, below=HARDLY_SURE),
        set_aside=set_aside,
    )


def weeks_to_tell(week: Week, before: Sequence[Edition] = ()) -> int:
    """How many weeks the digest of this week tells of, this one among them; 0 where it is not its turn.

    It is the turn of a month's first digest. Where that one did not go out, it is the turn of the next that does; a
    schedule that began later in the month has no first digest to make up for, and waits for the month to come.

    Args:
        week: the week that the digest tells of.
        before: what became of the digests before it, in the same channel, for the same audience and unit.
    """
    first = _first_of_its_month(week)
    told = {edition.week for edition in before if edition.outcome == Outcome.LEFT and edition.facts.get("hearing")}
    began_in_time = any(edition.week <= first.name for edition in before)
    if week != first and (not began_in_time or any(name >= first.name for name in told)):
        return 0
    if told:
        return week.since(Week.parse(max(told), week.zone))
    return week.since(first) + since_the_last(first)


def begins_a_month(week: Week) -> bool:
    """Whether the digest of this week is the first of a month: its week is over on one of the first seven days."""
    return week.next.monday.day <= _A_WEEK


def _first_of_its_month(week: Week) -> Week:
    """The week whose digest is the first of the same month."""
    while not begins_a_month(week):
        week = week.previous()
    return week


def since_the_last(week: Week) -> int:
    """How many weeks went by, this one among them, since the digest that began the month before: four or five."""
    n = 1
    while not begins_a_month(week.previous(n)):
        n += 1
    return n
