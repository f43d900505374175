"""What is in the store before a step is in it afterwards, in today's shape."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from storage.database import Database, migrations

BEFORE = [
    "INSERT INTO workspace (id, name, timezone, joined_at, last_number, language)"
    " VALUES ('T1', 'Larkmoor', 'UTC', '2026-01-01', 0, 'en')",
    "INSERT INTO unit VALUES (1, 'T1', 'Everyone', ''), (2, 'T1', 'Repairs', '')",
    "INSERT INTO schedule VALUES (1, 'T1', 2, 'C1', 'MANAGERS', 0, '09:00:00', 'UTC', '2026-01-01', false)",
    "INSERT INTO edition VALUES (1, 'T1', 'C1', 'MANAGERS', '2026-W18', '2026-05-04', 'left', '{}', '')",
    "INSERT INTO edition VALUES (2, 'T1', 'C9', 'MANAGERS', '2026-W18', '2026-05-04', 'left', '{}', '')",
]


def test_digests_that_went_out_learn_whose_they_were(database: Database) -> None:
    """The unit of the schedule that is there; the first unit, where the schedule has gone."""
    config = migrations()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "units")
        for row in BEFORE:
            connection.execute(text(row))
        command.upgrade(config, "head")
        whose = connection.execute(text("SELECT id, unit_id FROM edition ORDER BY id")).all()
    assert [tuple(row) for row in whose] == [(1, 2), (2, 1)]
    assert database.is_current()
