"""Cut off between any two steps of posting a digest, and begun again: one digest, its thread whole, nothing doubled.

Here an exception that nothing catches ends the work at the step; `test_killed.py` kills the real process.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import Any, NoReturn

import pytest
from slack_sdk import WebClient

from bot.blocks import digest_card
from bot.messenger import Messenger
from bot.playground.local_slack import LocalSlack
from digests import send
from digests.facts import Digest
from digests.periods import Week
from nlp.vocabulary import DemandKind
from storage import outbox, schedules, workspaces
from storage.columns import Audience
from storage.database import Database
from storage.models import Message as Owed
from tests import make
from tests.conftest import LARKMOOR
from tests.journeys.cutting_off import STEPS, Cut, cut_off

CHANNEL = "C0REPAIRS01"
FIRST_MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
MAY_POST = ("chat:write", "files:write", "channels:read")
MAY_LOOK = (*MAY_POST, "channels:history", "groups:history")


OF_SLACK = [step for step in STEPS if step.startswith("slack_sdk.")]
WHILE_SAYING = ["bot.messenger:_post", *OF_SLACK, "storage.outbox:sent"]


class CutOff(BaseException):
    """As when the process dies: nothing catches it."""


def end() -> NoReturn:
    raise CutOff


class Mondays:
    """A unit with a digest every Monday at nine, told from the same facts every week, and the channel it comes to."""

    def __init__(self, database: Database, slack: LocalSlack, clock: list[datetime]) -> None:
        self.database, self.slack, self.clock = database, slack, clock
        with database.transaction() as session:
            workspaces.join(session, LARKMOOR, now=self.now)
            unit = workspaces.home_unit(session, LARKMOOR)
            for days in range(5, 60, 7):
                at = FIRST_MONDAY - timedelta(days=days)
                make.note(session, "Any news on my repair?", workspace=LARKMOOR, at=at, kind=DemandKind.CHASE)
                make.note(
                    session, "It'd be handy if you opened late", workspace=LARKMOOR, at=at, kind=DemandKind.BETTER
                )
            self.plan = schedules.place(
                session,
                workspace=LARKMOOR,
                unit_id=unit.id or 0,
                channel=CHANNEL,
                audience=Audience.MANAGERS,
                at=time(9),
                now=FIRST_MONDAY - timedelta(hours=1),
            )
        digest = send.compose_now(
            database, workspace=LARKMOOR, audience=Audience.MANAGERS, now=FIRST_MONDAY, week="2026-W18"
        )
        assert digest is not None
        self.digest, self._card = digest, digest_card.build(digest)
        for picture in self._card["thread"][0]["pictures"]:
            picture["svg"] = SQUARE  # drawn in no time

    @property
    def now(self) -> datetime:
        return self.clock[0]

    def compose(self, *_: Any, week: Week, **__: Any) -> Digest:
        return replace(self.digest, week=week.name)

    def card(self, _digest: Digest) -> dict[str, Any]:
        return copy.deepcopy(self._card)

    def begin(self, *, patience: timedelta) -> None:
        """The process starts, and runs for a while."""

        def client(_workspace: str) -> WebClient:
            return WebClient(token=self.slack.bot_token, base_url=self.slack.api_url, retry_handlers=[], timeout=5)

        messenger = Messenger(self.database, client, clock=lambda: self.now)
        until = self.now + patience
        while self.now <= until:
            send.send_due(self.database, now=self.now, card=self.card)
            while messenger.carry():
                pass
            self.clock[0] += timedelta(minutes=3)

    def next_monday(self) -> None:
        self.clock[0] = Week.of(self.now, "UTC").next.start + timedelta(hours=9)

    def posted(self) -> list[tuple[str, bool]]:
        """What this Monday brought to the channel, in order: its words or its files, and whether it is in a thread."""
        said = self.slack.sees("Asha", "#repairs-line")
        since = Week.of(self.now, "UTC").start.timestamp()
        return [(told(m), m.in_thread) for m in said if float(m.ts) >= since]

    def owed(self) -> list[Owed]:
        with self.database.reading() as session:
            return [message for message in outbox.unsaid(session, workspace=LARKMOOR) if message.given_up]

    def given_up(self) -> set[str]:
        """Why parts of this Monday's digest were given up."""
        since = Week.of(self.now, "UTC").start
        return {message.given_up for message in self.owed() if message.left_at >= since}


def told(message: Any) -> str:
    return ", ".join(file["name"] for file in message.files) or str(message.text)


@pytest.fixture
def clock() -> list[datetime]:
    return [FIRST_MONDAY]


def mondays(database: Database, slack: LocalSlack, clock: list[datetime], patch: pytest.MonkeyPatch) -> Mondays:
    here = Mondays(database, slack, clock)
    patch.setattr(send, "compose", here.compose)
    return here


def every_cut(step: str, here: Mondays) -> Iterator[Cut]:
    """A Monday on which the process dies before the step, one on which it dies after it, and so on while it is done."""
    for n in count(2):
        cut = Cut(step, after=n % 2 == 1, time=n // 2)
        here.next_monday()
        with cut_off(cut, end) as reached:
            try:
                here.begin(patience=timedelta(0))
            except CutOff:
                here.clock[0] += timedelta(minutes=1)
        if not reached:
            assert cut.time > 1, f"No digest would ever {STEPS[step]}."
            return
        here.begin(patience=timedelta(minutes=9))
        yield cut


def whole_digest(here: Mondays) -> list[tuple[str, bool]]:
    """What an undisturbed Monday brings: the digest, then its pictures and its detail in the thread."""
    here.begin(patience=timedelta(0))
    whole = here.posted()
    assert len(whole) > 2
    assert [thread for _, thread in whole] == [False, *[True] * (len(whole) - 1)]
    return whole


def test_cut_off_before_or_after_any_step_it_is_there_once_and_whole(
    database: Database, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where we may look into the channel, no cut whatsoever loses or doubles a part. What is Slack's alone is tried on
    one of the two databases.
    """
    steps = [step for step in STEPS if database.engine.dialect.name == "sqlite" or step not in OF_SLACK]
    with LocalSlack(clock=lambda: clock[0], scopes=MAY_LOOK) as slack:
        here = mondays(database, slack, clock, monkeypatch)
        whole = whole_digest(here)
        wrong = [f"Cut off {cut}: {here.posted()}" for step in steps for cut in every_cut(step, here)
                 if here.posted() != whole]  # fmt: skip
        assert wrong == []
        assert here.owed() == []


def test_where_we_may_not_look_only_a_cut_while_saying_it_leaves_doubt(
    sqlite: Database, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off right before, it is there once and whole. Cut off there, no part comes twice, and we know which one."""
    with LocalSlack(clock=lambda: clock[0], scopes=MAY_POST) as slack:
        here = mondays(sqlite, slack, clock, monkeypatch)
        whole = whole_digest(here)
        for cut in every_cut("storage.outbox:begin", here):
            assert here.posted() == whole, f"Cut off {cut}"
        for step in WHILE_SAYING:
            for cut in every_cut(step, here):
                posted = here.posted()
                assert [part for part in whole if part in posted] == posted, f"Cut off {cut}"
                assert posted == whole or "in_doubt" in here.given_up(), f"Cut off {cut}"
