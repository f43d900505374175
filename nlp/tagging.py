"""What a suggestion is, and what a correction is: the two things that pass between words and people."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.vocabulary import DemandKind, DemandType, Kind, NoteType, SystemCondition, SystemFactor


@dataclass(frozen=True, slots=True)
class Tagging:
    """What a note seems to mean, how sure we are, and because of which words."""

    kind: Kind
    confidence: float
    """0 to 1 and calibrated: of the notes that we give .8, about 80 in 100 are right."""
    because: tuple[str, ...] = ()
    """The words that led here, as they stand in the note."""
    runner_up: Kind | None = None
    theme: str | None = None
    """A short name as a customer would say it; none when the words suggest none."""
    system_condition: SystemCondition | None = None
    condition_because: tuple[str, ...] = ()
    """The words that led to the system condition, as they stand in the note."""
    system_factor: SystemFactor | None = None
    urgent: bool = False
    """Someone may be in danger, abused or without an essential now."""
    blames: bool = False
    """A colleague's note that blames a colleague. It is never stored: it is there to ask them a question at once."""
    tagger: str = ""
    """The version of tagger and guide, kept with the tag so that a chart never mixes two lenses."""

    @property
    def note_type(self) -> NoteType:
        """Demand or improvement, which the kind decides."""
        return NoteType.DEMAND if isinstance(self.kind, DemandKind) else NoteType.IMPROVEMENT

    @property
    def demand_type(self) -> DemandType | None:
        """The demand type of a demand; none for an improvement note."""
        return self.kind.demand_type if isinstance(self.kind, DemandKind) else None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said a note really means. Their word stands, and the tagger learns from it."""

    words: str
    kind: Kind
    theme: str | None = None
    purpose: str = ""
