"""The records, each with a sentence on what it remembers.

Every record that belongs to a workspace says which, and every query asks for it: Slack's own ids are not unique
across workspaces. This module does without postponed annotations so that SQLModel can read the types.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from nlp.vocabulary import DemandType, Kind, NoteType, SystemCondition, SystemFactor
from storage.columns import Audience, Hearing, Held, KindName, Settled, TagSource, moment, one_of


class Workspace(SQLModel, table=True):
    """A Slack workspace that we serve, and the clock its people live by."""

    id: str = Field(primary_key=True, max_length=32)
    name: str = ""
    timezone: str = "UTC"
    language: str = Field(default="en", max_length=16)
    """What we speak there, by its code: whatever people type stays in their own words."""
    enterprise: str = Field(default="", max_length=32)
    """The organisation (Enterprise Grid) that it is a part of, where we know of one."""
    joined_at: datetime = Field(sa_column=moment())
    purge_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    """Set when the app was removed: from then on we do nothing there, and at this moment everything is deleted."""
    last_number: int = 0
    """The number of its latest note."""


class Installation(SQLModel, table=True):
    """By whose leave we speak in a workspace, or in all of an organisation's where `workspace` is empty."""

    enterprise: str = Field(default="", primary_key=True, max_length=32)
    workspace: str = Field(default="", primary_key=True, max_length=32, index=True)
    app_id: str = ""
    bot_id: str = ""
    bot_user: str = ""
    scopes: str = Field(default="", sa_column=Column(Text, nullable=False))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    """The tokens, encrypted: nobody reads them without our key."""
    edition: int = 0
    """Counts up with every new token."""
    expires_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    """When the token runs out; none, where Slack does not rotate it."""
    renewed_by: str = ""
    """Who is fetching a new token now, until `renewing_until`: a refresh token works but once."""
    renewing_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    installed_at: datetime = Field(sa_column=moment())


class Beginning(SQLModel, table=True):
    """That somebody's browser has begun to install us: it may come back once, and soon."""

    digest: str = Field(primary_key=True, max_length=64)
    """Of the `state` that Slack hands back: whoever reads this table cannot make one up."""
    expires_at: datetime = Field(sa_column=moment(index=True))


class Unit(SQLModel, table=True):
    """A part of the organisation with a purpose of its own, in its customers' terms."""

    __table_args__ = (UniqueConstraint("workspace", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id", index=True)
    name: str = "Everyone"
    purpose: str = ""


class UnitChannel(SQLModel, table=True):
    """A channel that belongs to a unit: what is passed on there is the unit's."""

    workspace: str = Field(foreign_key="workspace.id", primary_key=True)
    channel: str = Field(primary_key=True, max_length=32)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    point: str = ""
    """The listening point that the channel stands for; empty when it stands for none."""


class ListeningPoint(SQLModel, table=True):
    """A place where a unit listens to its customers, such as a front desk or a repairs line. Never a person."""

    __table_args__ = (UniqueConstraint("unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    name: str = Field(max_length=80)


class Note(SQLModel, table=True):
    """What a customer said, or what a colleague noticed: the words, redacted before they reached us.

    Nothing here says who passed it on; that is `Contributor`, which the digests cannot open.
    """

    __table_args__ = (
        UniqueConstraint("workspace", "key"),
        UniqueConstraint("workspace", "number"),
        # Each answers one question without opening the notes: how much of what in a week, of the last weeks all that
        # is counted, how a theme fared, and how long people had waited.
        Index("ix_note_counted", "workspace", "unit_id", "counts_as", "heard_at"),
        Index("ix_note_week", "workspace", "unit_id", "heard_at", "counts_as", "theme", "point", "system_condition"),
        Index("ix_note_theme", "workspace", "unit_id", "theme", "heard_at", "demand_type", "point"),
        Index(
            "ix_note_asked",
            "workspace",
            "unit_id",
            "heard_at",
            "first_asked_on",
            "theme",
            sqlite_where=text("first_asked_on IS NOT NULL"),
            postgresql_where=text("first_asked_on IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    unit_id: int = Field(foreign_key="unit.id")
    number: int
    """Counts up within the workspace, so that people can say "note 42"."""
    key: str = Field(max_length=255)
    """Names the submission, so that a retry finds the note already there."""
    told_as: NoteType = Field(sa_column=one_of(NoteType))
    """How it was passed on: as a customer's demand, or as a colleague's improvement note."""
    verbatim: str = Field(sa_column=Column(Text, nullable=False))
    comment: str = Field(default="", sa_column=Column(Text, nullable=False))
    """A colleague's own remark, beside the customer's words and never mixed in."""
    what_matters: str = Field(default="", sa_column=Column(Text, nullable=False))
    point: str = ""
    """The listening point where it was heard, such as a front desk or a repairs line. Never a person."""
    via: str = ""
    """How it reached that point: phone, chat, email, Slack."""
    first_asked_on: date | None = None
    first_hand: bool | None = None
    """Whether the colleague heard it from the customer; none, if nobody said."""
    settled: Settled | None = Field(default=None, sa_column=one_of(Settled, nullable=True))
    in_the_way: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What kept the colleague from settling it there and then."""
    private: bool = False
    """It was heard in a private channel: it counts, and its words go nowhere else."""
    heard_in: str = Field(default="", max_length=32)
    """Slack's id of that private channel; empty for what was heard anywhere else."""
    heard_at: datetime = Field(sa_column=moment())
    kept_at: datetime = Field(sa_column=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    """Set when its contributor takes a note back. The words are gone; the key stays, so a retry cannot revive it."""
    counts_as: str | None = ""
    """What weeks count it as, by the tag that stands (`standing.let_stand` keeps it so): `FAILURE/` and the version of
    tagger and guide, `FAILURE` alone by a person's word; empty without a tag, none once it was taken back."""
    tag_id: int | None = None
    """The tag that stands; no foreign key, since tags point to their notes already."""
    demand_type: DemandType | None = Field(default=None, sa_column=one_of(DemandType, nullable=True))
    """As the tag that stands has it, and so are these two."""
    theme: str | None = None
    system_condition: SystemCondition | None = Field(default=None, sa_column=one_of(SystemCondition, nullable=True))


class Stem(SQLModel, table=True):
    """How a word begins that a unit's notes hold, and when that was first heard: a new name alone is no news."""

    workspace: str = Field(foreign_key="workspace.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", primary_key=True)
    stem: str = Field(primary_key=True, max_length=4)
    first_at: datetime = Field(sa_column=moment())


class Contributor(SQLModel, table=True):
    """Who to thank and to answer for a note. Opened for that person alone, never counted, never exported."""

    __table_args__ = (Index("ix_contributor_person", "workspace", "person"),)

    note_id: int = Field(foreign_key="note.id", primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    person: str = Field(max_length=32)


class OwnUnit(SQLModel, table=True):
    """The unit that a person said is theirs. Opened for that person alone, never counted, never exported."""

    workspace: str = Field(foreign_key="workspace.id", primary_key=True)
    person: str = Field(primary_key=True, max_length=32)
    unit_id: int = Field(foreign_key="unit.id", index=True)


class Preference(SQLModel, table=True):
    """What a person prefers. Opened for that person alone, never counted, never exported."""

    workspace: str = Field(foreign_key="workspace.id", primary_key=True)
    person: str = Field(primary_key=True, max_length=32)
    hears: Hearing = Field(sa_column=one_of(Hearing))
    chosen_at: datetime = Field(sa_column=moment())
    summed_up: str = Field(default="", max_length=8)
    """The latest week whose summary they have had, if they hear weekly."""


class Mark(SQLModel, table=True):
    """That a person marked a message with the agreed emoji, or took the mark away again: Slack's latest word on it.

    Kept for two days at most, so that nothing is lost on the way; never counted, never shown, never exported.
    """

    __table_args__ = (UniqueConstraint("workspace", "channel", "ts", "person", name="uq_mark"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    channel: str = Field(max_length=32)
    ts: str = Field(max_length=32)
    """Slack's name for the message within its channel."""
    person: str = Field(max_length=32)
    there: bool = True
    """Whether the mark is on the message now."""
    event_ts: str = Field(max_length=32)
    """Slack's name for the latest act, which orders them: whatever is older and comes later is no news."""
    marked_at: datetime = Field(sa_column=moment(index=True))
    """When we heard of that act."""
    waits: bool = True
    """What follows from it has not been done yet."""
    not_before: datetime = Field(sa_column=moment())
    """Until then somebody is at it, or Slack asked us to wait."""


class Tag(SQLModel, table=True):
    """One view of what a note means. Rows are added and never overwritten; a person's word stands."""

    # Tells a note's views, and whether a version of the tagger has seen it, without opening them.
    __table_args__ = (Index("ix_tag_view", "note_id", "source", "tagger"),)

    id: int | None = Field(default=None, primary_key=True)
    note_id: int = Field(foreign_key="note.id")
    source: TagSource = Field(sa_column=one_of(TagSource))
    note_type: NoteType = Field(sa_column=one_of(NoteType))
    demand_type: DemandType | None = Field(default=None, sa_column=one_of(DemandType, nullable=True))
    kind: Kind = Field(sa_column=Column(KindName(), nullable=False))
    runner_up: Kind | None = Field(default=None, sa_column=Column(KindName(), nullable=True))
    confidence: float = 1.0
    because: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    theme: str | None = None
    system_condition: SystemCondition | None = Field(default=None, sa_column=one_of(SystemCondition, nullable=True))
    system_factor: SystemFactor | None = Field(default=None, sa_column=one_of(SystemFactor, nullable=True))
    urgent: bool = False
    tagger: str = ""
    """The version of tagger and guide behind a suggestion; empty for a person's word."""
    tagged_at: datetime = Field(sa_column=moment())


class Book(SQLModel, table=True):
    """The themes of a workspace as they were last found, in the bytes that `nlp.theming` makes of them."""

    workspace: str = Field(foreign_key="workspace.id", primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    found_at: datetime = Field(sa_column=moment())
    notes: int = 0
    """How many notes there were when it was found."""
    edition: int = 0
    """Counts up with every change, so that a copy at hand is known to be the latest."""


class Change(SQLModel, table=True):
    """Something that a unit's people changed in their work, in their words, redacted. Nothing here says who told."""

    __table_args__ = (
        UniqueConstraint("workspace", "key"),
        Index("ix_change_unit", "workspace", "unit_id", "changed_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    unit_id: int = Field(foreign_key="unit.id")
    key: str = Field(max_length=255)
    """Names the act, so that a second delivery finds the change already there."""
    words: str = Field(sa_column=Column(Text, nullable=False))
    changed_on: date
    """From which day on it is so, by the workspace's clock."""
    anew: bool = False
    """The unit's charts begin anew with its week, because the work is another one from then on."""
    kept_at: datetime = Field(sa_column=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    """Set when it is taken back. The words are gone then."""


class Schedule(SQLModel, table=True):
    """Where a digest goes, for whom, and when in the week."""

    __table_args__ = (UniqueConstraint("workspace", "channel", "audience", "unit_id", name="uq_schedule_place"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    channel: str = Field(max_length=32)
    audience: Audience = Field(sa_column=one_of(Audience))
    weekday: int = 0
    """Monday is 0."""
    at: time = time(9, 0)
    timezone: str = "UTC"
    since: datetime = Field(sa_column=moment())
    """Nothing that was due before this moment is posted."""
    paused: bool = False
    held: Held | None = Field(default=None, sa_column=one_of(Held, nullable=True))
    """Why it cannot come for now, whatever people wish: nothing is due until its channel is back."""
    set_by: str = Field(default="", max_length=32)
    """Who set it up, and hears of it when a digest cannot come."""


class Edition(SQLModel, table=True):
    """One unit's digest for one channel and one week: claimed before it is composed, so that it goes out once."""

    __table_args__ = (UniqueConstraint("workspace", "channel", "audience", "unit_id", "week", name="uq_edition_week"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id", index=True)
    channel: str = Field(max_length=32)
    audience: Audience = Field(sa_column=one_of(Audience))
    unit_id: int = Field(foreign_key="unit.id")
    week: str = Field(max_length=8)
    """The week it tells of, such as 2026-W18."""
    claimed_at: datetime = Field(sa_column=moment())
    outcome: str = "claimed"
    """claimed, left (in the outbox), quiet (nothing to say), still here (that, for a month) or missed (too late)."""
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    """The finished facts it was told from, so that it can be told again."""
    fingerprint: str = ""
    fingerprint_since: str = ""
    """Of the facts that are left, since words were taken back; empty while nothing was."""


class Message(SQLModel, table=True):
    """Something we owe to a person or a channel: left here first, carried to Slack by the messenger."""

    __table_args__ = (
        UniqueConstraint("workspace", "key"),
        # What waits is little, and all that was ever said is much.
        Index(
            "ix_message_waiting",
            "left_at",
            sqlite_where=text("sent_at IS NULL AND given_up = ''"),
            postgresql_where=text("sent_at IS NULL AND given_up = ''"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id", index=True)
    key: str = Field(max_length=255)
    channel: str = Field(max_length=32)
    body: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    """`text` and, if there are any, `blocks`: what Slack is given, word for word. Emptied once it has arrived."""
    thread_of: str = Field(default="", max_length=255)
    """The key of the message that this one answers in its thread; empty for a message of its own."""
    left_at: datetime = Field(sa_column=moment())
    not_before: datetime = Field(sa_column=moment(index=True))
    attempts: int = 0
    carried_by: str = ""
    """The messenger that holds it now, until `not_before`."""
    in_doubt: bool = False
    """An earlier attempt may have arrived all the same: its messenger died, or only the answer was lost."""
    sent_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    ts: str | None = None
    """Slack's own name for the posted message."""
    given_up: str = ""
    """Why it will not be tried again, as Slack's error name."""


class Act(SQLModel, table=True):
    """Something that was done because Slack said so: remembered for a while, so that a second delivery does nothing."""

    __table_args__ = (UniqueConstraint("workspace", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    key: str = Field(max_length=255)
    done_at: datetime = Field(sa_column=moment(index=True))
