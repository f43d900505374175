"""CPU time to redact a note, to tag it, and both: one at a time, and many at once. One thread does it all."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tests.bench import figures
from tests.bench.figures import Figure, Scale

if TYPE_CHECKING:
    from nlp.redaction import Redactor
    from nlp.tagger import Tagger
    from tests.bench.material import Given

_PASSES = 3
_LONGEST = 40_000
_ENDLESS = "I rang on Tuesday and nobody called me back about the leak. "


def measure(scale: Scale) -> Iterator[Figure]:
    """The product first, while nothing else is loaded; then its peers, on the same words."""
    began = time.perf_counter()
    from nlp.redaction import Redactor
    from nlp.tagger import Tagger

    redactor, tagger = Redactor.load(), Tagger.load()
    yield figures.single("Libraries imported, models loaded and warm", time.perf_counter() - began, "s")

    from tests.bench import material

    notes = material.notes(scale.pick(400, 120))
    redacting, tagging = _one_at_a_time(redactor, tagger, notes)
    bulk_redacting, bulk_tagging = _in_bulk(redactor, tagger, notes)
    long = (_ENDLESS * _LONGEST)[:_LONGEST]
    longest = figures.cpu_of_each(lambda said: tagger.tag(redactor.redact(said).text), [long] * _PASSES)

    given = [note.words for note in notes[: scale.pick(200, 60)]]
    safe = [redaction.text for redaction in redactor.redact_many(given)]
    hearing, hearing_many = _those_that_hear(safe)
    yield _spread("Redact one note", redacting, _those_that_redact(given))
    yield _spread("Tag one note", tagging, hearing)
    yield _spread("Redact and tag one note", _sums(redacting, tagging))
    yield _spread(f"Redact and tag one note of {_LONGEST:,} characters", longest)
    yield _rate(f"Redact {len(notes)} notes in bulk", bulk_redacting, len(notes))
    yield _rate(f"Tag {len(notes)} notes in bulk", bulk_tagging, len(notes), hearing_many)
    yield _rate(f"Redact and tag {len(notes)} notes in bulk", _sums(bulk_redacting, bulk_tagging), len(notes))


def _one_at_a_time(redactor: Redactor, tagger: Tagger, notes: Sequence[Given]) -> tuple[list[float], list[float]]:
    """CPU seconds to redact each note, and to tag what is left of it: as the product does, one after the other."""
    redacting, tagging = [], []
    for note in notes:
        began = time.process_time()
        redacted = redactor.redact(note.words).text
        halfway = time.process_time()
        tagger.tag(redacted, purpose=note.purpose)
        redacting.append(halfway - began)
        tagging.append(time.process_time() - halfway)
    return redacting, tagging


def _in_bulk(redactor: Redactor, tagger: Tagger, notes: Sequence[Given]) -> tuple[list[float], list[float]]:
    """CPU seconds to redact them all, and to tag them all, in each of a few passes."""
    from nlp.tagger import Words

    given = [note.words for note in notes]
    asked = [Words(safe.text, note.purpose) for safe, note in zip(redactor.redact_many(given), notes, strict=True)]
    redacting = figures.cpu_of_each(lambda texts: list(redactor.redact_many(texts)), [given] * _PASSES)
    tagging = figures.cpu_of_each(lambda words: list(tagger.tag_many(words)), [asked] * _PASSES)
    return redacting, tagging


def _those_that_hear(safe: Sequence[str]) -> tuple[list[Figure], list[Figure]]:
    """What the peers of the tagger take, one note at a time and in bulk."""
    from tests.bench import peers

    singly, many = [], []
    for peer in (peers.tf_idf(), peers.textcat(), peers.bare_embedding()):
        peer.many(safe[:1])  # unmeasured: whatever is loaded at first use
        singly.append(_spread(peer.name, figures.cpu_of_each(peer.one, safe)))
        many.append(_rate(peer.name, figures.cpu_of_each(peer.many, [safe] * _PASSES), len(safe)))
    return singly, many


def _those_that_redact(given: Sequence[str]) -> list[Figure]:
    """What the redactor's peer takes, if it is installed."""
    from tests.bench import peers

    try:
        peer = peers.presidio()
    except ImportError:
        return []
    peer.one(given[0])
    return [_spread(peer.name, figures.cpu_of_each(peer.one, given))]


def _sums(these: Sequence[float], those: Sequence[float]) -> list[float]:
    return [one + other for one, other in zip(these, those, strict=True)]


def _spread(what: str, cpu_seconds: Sequence[float], beside: Sequence[Figure] = ()) -> Figure:
    return figures.milliseconds(what, cpu_seconds, unit="CPU ms", beside=beside)


def _rate(what: str, cpu_seconds: Sequence[float], notes: int, beside: Sequence[Figure] = ()) -> Figure:
    return figures.rate(what, [notes / took for took in cpu_seconds], "notes a CPU second", beside=beside)
