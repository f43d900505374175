"""A digest that could not come is brought once more, however many ask for it at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from digests import send
from storage.database import Database
from storage.models import Message
from tests.digests.conftest import CHANNEL, MONDAY_NINE, WEEK, Office, begin, card

LATER = MONDAY_NINE + timedelta(hours=2)


def asks(office: Office, act: str) -> int:
    return send.again(office.database, workspace=office.workspace, channel=CHANNEL, act=act, now=LATER, card=card)


def gave_up(office: Office) -> None:
    """Nothing that was left in the outbox got through."""
    with office.database.transaction() as session:
        for message in session.exec(select(Message)):
            message.given_up = "not_in_channel"
            session.add(message)


@pytest.mark.parametrize("beforehand", [0, 1])
def test_two_who_ask_at_once_bring_it_once(either: Office, monkeypatch: pytest.MonkeyPatch, beforehand: int) -> None:
    """Tom's wish is heard and done while Morgan's is on its way: Morgan's finds that nothing is missing."""
    begin(either, WEEK)
    either.log()
    either.tick(MONDAY_NINE)
    gave_up(either)
    transaction, begun, toms = Database.transaction, [], []

    @contextmanager
    def overtaken(database: Database) -> Iterator[Session]:
        begun.append("Morgan's")
        if len(begun) == beforehand + 1:
            with monkeypatch.context() as meanwhile:
                meanwhile.setattr(Database, "transaction", transaction)
                toms.append(asks(either, "Tom's"))
        with transaction(database) as session:
            yield session

    with monkeypatch.context() as patch:
        patch.setattr(Database, "transaction", overtaken)
        morgans = asks(either, "Morgan's")
    assert (toms, morgans) == ([1], 0)
    assert len([post for post in either.posts() if not post.given_up]) == 1


def test_once_it_is_on_its_way_asking_again_changes_nothing(office: Office) -> None:
    begin(office, WEEK)
    office.log()
    office.tick(MONDAY_NINE)
    gave_up(office)
    assert [asks(office, act) for act in ("1", "1", "2")] == [1, 0, 0]
