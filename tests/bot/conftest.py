"""A Slack whose clock we move, and a messenger that carries to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.messenger import Messenger
from bot.playground.local_slack import LocalSlack
from storage import workspaces
from storage.database import Database
from tests.bot.carrying import Clock, another
from tests.conftest import LARKMOOR


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with LocalSlack(clock=clock) as slack:
        yield slack


@pytest.fixture
def messenger(slack: LocalSlack, sqlite: Database, clock: Clock) -> Messenger:
    with sqlite.transaction() as session:
        workspaces.join(session, LARKMOOR, now=clock.now)
    return another(slack, sqlite, clock)
