"""Tokens in the database: unreadable without the key, and renewed by one alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet

from storage import beginnings, installations, workspaces
from storage.database import Database
from storage.installations import Keys, Tokens, Unreadable
from storage.models import Installation
from tests.conftest import LARKMOOR

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TOKENS = Tokens("xoxb-secret", "xoxe-secret")


def installation(now: datetime, *, enterprise: str = "", workspace: str = LARKMOOR, keys: str = OLD) -> Installation:
    sealed = Keys(keys).seal(TOKENS, enterprise=enterprise, workspace=workspace)
    return Installation(enterprise=enterprise, workspace=workspace, sealed=sealed, installed_at=now, expires_at=now)


def kept(database: Database, one: Installation) -> Installation:
    with database.transaction() as session:
        installations.save(session, one)
    return one


def test_tokens_are_encrypted_and_never_printed(now: datetime) -> None:
    one = installation(now)
    assert b"secret" not in one.sealed
    assert "secret" not in repr(TOKENS)
    assert str(one.sealed) not in repr(one)
    assert Keys(OLD).open(one) == TOKENS


def test_another_key_reads_nothing(now: datetime) -> None:
    with pytest.raises(Unreadable):
        Keys(NEW).open(installation(now))


def test_tokens_cannot_be_passed_off_as_another_workspaces(now: datetime) -> None:
    """Whoever can write to the table still cannot make us speak with one workspace's token in another."""
    moved = Installation(workspace="T0OTHER", sealed=installation(now).sealed, installed_at=now)
    with pytest.raises(Unreadable):
        Keys(OLD).open(moved)


def test_keys_are_changed_one_by_one(database: Database, now: datetime) -> None:
    """The new key in front reads everything once; then the old one may go."""
    kept(database, installation(now))
    both = Keys(f"{NEW},{OLD}")
    with database.transaction() as session:
        assert installations.reseal(session, both) == 1
        assert installations.reseal(session, both) == 0
    with database.reading() as session:
        one = installations.of(session, LARKMOOR)
        assert one is not None
        assert Keys(NEW).open(one) == TOKENS


def test_installing_again_takes_the_place_of_before(database: Database, now: datetime) -> None:
    """Also when the workspace has become a part of an organisation meanwhile."""
    first = kept(database, installation(now))
    second = kept(database, installation(now + timedelta(days=1), enterprise="E1"))
    assert second.edition == first.edition + 1
    with database.reading() as session:
        assert [(one.enterprise, one.workspace) for one in installations.everyone(session)] == [("E1", LARKMOOR)]


def test_a_workspace_is_served_by_its_own_leave_or_else_by_its_organisations(database: Database, now: datetime) -> None:
    kept(database, installation(now, enterprise="E1", workspace=""))
    with database.transaction() as session:
        workspaces.join(session, LARKMOOR, now=now, enterprise="E1")
        workspaces.join(session, "T0NEIGHBOUR", now=now)
        assert installations.of(session, "T0STRANGER") is None
        assert installations.of(session, "T0NEIGHBOUR") is None
        assert installations.of(session, "") is None
        found = [installations.of(session, LARKMOOR), installations.of(session, "T0NEW", enterprise="E1")]
        assert [one.workspace for one in found if one] == ["", ""]
    kept(database, installation(now, enterprise="E1"))
    with database.reading() as session:
        own, orgs = (installations.of(session, LARKMOOR, org_first=org_first) for org_first in (False, True))
    assert own is not None
    assert orgs is not None
    assert (own.workspace, orgs.workspace) == (LARKMOOR, "")


def test_one_alone_renews_a_token(database: Database, now: datetime) -> None:
    one = kept(database, installation(now))
    with database.transaction() as session:
        assert installations.claim_renewal(session, one, by="me", now=now)
        assert not installations.claim_renewal(session, one, by="you", now=now)
        assert not installations.renew(session, one, b"x", by="you", expires_at=now)
        assert installations.renew(session, one, b"new", by="me", expires_at=now + timedelta(hours=12))
        assert not installations.claim_renewal(session, one, by="you", now=now)  # what they hold is old by now


def test_a_claim_runs_out_when_its_holder_died(database: Database, now: datetime) -> None:
    one = kept(database, installation(now))
    with database.transaction() as session:
        assert installations.claim_renewal(session, one, by="me", now=now)
        later = now + installations.LEASE
        assert installations.claim_renewal(session, one, by="you", now=later)
        assert not installations.renew(session, one, b"mine, far too late", by="me", expires_at=now)


def test_a_new_install_wins_over_a_renewal_that_was_under_way(database: Database, now: datetime) -> None:
    one = kept(database, installation(now))
    with database.transaction() as session:
        installations.claim_renewal(session, one, by="me", now=now)
    kept(database, installation(now))
    with database.transaction() as session:
        assert not installations.renew(session, one, b"of before", by="me", expires_at=now)


def test_an_install_comes_back_once_and_in_time(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        for state in ("one", "two"):
            beginnings.begin(session, state, now=now)
        assert not beginnings.come_back(session, "three", now=now)
        assert beginnings.come_back(session, "one", now=now)
        assert not beginnings.come_back(session, "one", now=now)
        assert not beginnings.come_back(session, "two", now=now + beginnings.LASTS)
