"""What the columns of our records hold: moments in UTC, kinds by their name, and the few words to choose among."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, DateTime, String, TypeDecorator
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.engine import Dialect

from nlp.vocabulary import DemandKind, ImprovementKind, Kind


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and always UTC. SQLite forgets time zones; this remembers."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On its way into the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored. Pass an aware datetime.")
        return value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """On its way out: in one step, since a digest reads thousands of moments."""
        return _read_as_sqlite_keeps_it if dialect.name == "sqlite" else _in_utc


def _read_as_sqlite_keeps_it(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def _in_utc(value: datetime | None) -> datetime | None:
    return value if value is None or value.tzinfo is UTC else value.astimezone(UTC)


class KindName(TypeDecorator[Kind]):
    """A kind of demand or of improvement note, kept by its member name."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: Kind | None, dialect: Dialect) -> str | None:
        """On its way into the database."""
        return None if value is None else value.name

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Kind | None]:
        """On its way out."""
        return _KINDS.__getitem__


_KINDS: dict[Any, Kind | None] = {**DemandKind.__members__, **ImprovementKind.__members__, None: None}


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """A column for a moment."""
    return Column(UtcDateTime(), nullable=nullable, index=index)


def one_of(words: type[StrEnum], *, nullable: bool = False) -> Any:
    """A column for one of these words, kept by its member name."""
    return Column(SqlEnum(words, native_enum=False, length=32), nullable=nullable)


class Audience(StrEnum):
    """Who a digest speaks to."""

    MANAGERS = "managers"
    IMPROVEMENT = "improvement"


class Settled(StrEnum):
    """What became of it on the day, from where the customer stands."""

    TODAY = "sorted today"
    PASSED_ON = "passed on"
    COMES_BACK = "must come back"


class Hearing(StrEnum):
    """How often a person wants to hear what has become of their notes."""

    AT_ONCE = "at once"
    WEEKLY = "once a week"
    NEVER = "never"


class Held(StrEnum):
    """Why a digest cannot come to its channel for now."""

    ARCHIVED = "archived"
    GONE = "gone"
    PUT_OUT = "put out"


class TagSource(StrEnum):
    """Whose view a tag is: the tagger's suggestion, or a person's correction, which stands."""

    TAGGER = "tagger"
    PERSON = "person"
