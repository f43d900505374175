"""How well we hear a unit: once a month, from what its people settled. About the tagger, and about nobody."""

from __future__ import annotations

from collections import Counter

from digests.facts import Hearing
from digests.material import Material, bounds
from digests.periods import Week
from storage import settled

HARDLY_SURE = 0.6
"""A suggestion below this confidence, with another reading beside it, is worth arguing over."""
MIXED_AT_LEAST, MIXED_AT_MOST = 2, 3
"""How often two kinds are taken for one another before we speak of it, and how many such pairs we name."""

_A_WEEK = 7


def monthly(material: Material, *, set_aside: bool) -> Hearing | None:
    """How well we heard since the first digest of the month before; none in every other digest.

    Args:
        material: what the digest is made of.
        set_aside: whether what was learned from corrections did harm, and is set aside.
    """
    weeks = bounds(material.history[-since_the_last(material.week) :])
    counted = material.counted[-len(weeks) :]
    notes = sum(count.notes for count in counted)
    if not begins_a_month(material.week) or material.so_far or not notes:
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


def begins_a_month(week: Week) -> bool:
    """Whether the digest of this week is the first of a month: its week is over on one of the first seven days."""
    return week.next.monday.day <= _A_WEEK


def since_the_last(week: Week) -> int:
    """How many weeks went by, this one among them, since the digest that began the month before: four or five."""
    n = 1
    while not begins_a_month(week.previous(n)):
        n += 1
    return n
