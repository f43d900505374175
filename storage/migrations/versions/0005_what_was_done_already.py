"""What was done already"""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "digests_of_units"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workspace", "key"),
    )
    op.create_index("ix_act_done_at", "act", ["done_at"])


def downgrade() -> None:
    op.drop_index("ix_act_done_at", table_name="act")
    op.drop_table("act")
