"""A channel may have digests of several units"""

import sqlalchemy as sa
from alembic import op


revision = "digests_of_units"
down_revision = "units"
branch_labels = None
depends_on = None

UNNAMED = {"uq": "uq_%(table_name)s_%(column_0_name)s"}
"""The first step gave its constraints no names; SQLite finds them by this rule, PostgreSQL made up its own."""

OF_SCHEDULE = """
    SELECT schedule.unit_id FROM schedule WHERE schedule.workspace = edition.workspace
    AND schedule.channel = edition.channel AND schedule.audience = edition.audience
"""
OF_HOME = "SELECT min(unit.id) FROM unit WHERE unit.workspace = edition.workspace"


def _old_names() -> tuple[str, str]:
    if op.get_bind().dialect.name == "postgresql":
        return "edition_workspace_channel_audience_week_key", "schedule_workspace_channel_audience_key"
    return "uq_edition_workspace", "uq_schedule_workspace"


def upgrade() -> None:
    of_edition, of_schedule = _old_names()
    op.add_column("edition", sa.Column("unit_id", sa.Integer(), nullable=True))
    op.execute(f"UPDATE edition SET unit_id = coalesce(({OF_SCHEDULE}), ({OF_HOME}))")
    with op.batch_alter_table("edition", naming_convention=UNNAMED) as batch_op:
        batch_op.alter_column("unit_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key("fk_edition_unit", "unit", ["unit_id"], ["id"])
        batch_op.drop_constraint(of_edition, type_="unique")
        batch_op.create_unique_constraint("uq_edition_week", ["workspace", "channel", "audience", "unit_id", "week"])
    with op.batch_alter_table("schedule", naming_convention=UNNAMED) as batch_op:
        batch_op.drop_constraint(of_schedule, type_="unique")
        batch_op.create_unique_constraint("uq_schedule_place", ["workspace", "channel", "audience", "unit_id"])


def downgrade() -> None:
    of_edition, of_schedule = _old_names()
    with op.batch_alter_table("schedule") as batch_op:
        batch_op.drop_constraint("uq_schedule_place", type_="unique")
        batch_op.create_unique_constraint(of_schedule, ["workspace", "channel", "audience"])
    with op.batch_alter_table("edition") as batch_op:
        batch_op.drop_constraint("uq_edition_week", type_="unique")
        batch_op.drop_constraint("fk_edition_unit", type_="foreignkey")
        batch_op.drop_column("unit_id")
        batch_op.create_unique_constraint(of_edition, ["workspace", "channel", "audience", "week"])
