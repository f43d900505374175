"""Any number of workspaces may install us, and leave again"""

import sqlalchemy as sa
from alembic import op


revision = "many_workspaces"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspace", sa.Column("enterprise", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("workspace", sa.Column("purge_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "installation",
        sa.Column("enterprise", sa.String(length=32), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("bot_id", sa.String(), nullable=False),
        sa.Column("bot_user", sa.String(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renewed_by", sa.String(), nullable=False),
        sa.Column("renewing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("enterprise", "workspace"),
    )
    op.create_index("ix_installation_workspace", "installation", ["workspace"])
    op.create_table(
        "beginning",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_beginning_expires_at", "beginning", ["expires_at"])


def downgrade() -> None:
    op.drop_table("beginning")
    op.drop_table("installation")
    with op.batch_alter_table("workspace") as batch_op:
        batch_op.drop_column("purge_at")
        batch_op.drop_column("enterprise")
