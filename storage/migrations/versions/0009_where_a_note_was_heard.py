"""Where a note was heard"""

import sqlalchemy as sa
from alembic import op


revision = "heard_in"
down_revision = "hearing_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("note", sa.Column("heard_in", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("note") as batch_op:
        batch_op.drop_column("heard_in")
