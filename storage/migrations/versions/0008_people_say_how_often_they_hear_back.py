"""People say how often they hear back, and their own notes are found at once"""

import sqlalchemy as sa
from alembic import op


revision = "hearing_back"
down_revision = "many_workspaces"
branch_labels = None
depends_on = None

HEARING = sa.Enum("AT_ONCE", "WEEKLY", "NEVER", name="hearing", native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("hears", HEARING, nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summed_up", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace", "person"),
    )
    with op.batch_alter_table("contributor") as batch_op:
        batch_op.drop_index("ix_contributor_workspace")
        batch_op.create_index("ix_contributor_person", ["workspace", "person"])


def downgrade() -> None:
    with op.batch_alter_table("contributor") as batch_op:
        batch_op.drop_index("ix_contributor_person")
        batch_op.create_index("ix_contributor_workspace", ["workspace"])
    op.drop_table("preference")
