"""Units have channels and listening points; people say which unit is theirs"""

import sqlalchemy as sa
from alembic import op


revision = "units"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unitchannel",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("workspace", "channel"),
    )
    op.create_index("ix_unitchannel_unit_id", "unitchannel", ["unit_id"])
    op.create_table(
        "listeningpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("unit_id", "name"),
    )
    op.create_index("ix_listeningpoint_workspace", "listeningpoint", ["workspace"])
    op.create_table(
        "ownunit",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("workspace", "person"),
    )
    op.create_index("ix_ownunit_unit_id", "ownunit", ["unit_id"])


def downgrade() -> None:
    op.drop_table("ownunit")
    op.drop_table("listeningpoint")
    op.drop_table("unitchannel")
