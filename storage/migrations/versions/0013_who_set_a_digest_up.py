"""Who set a digest up"""

import sqlalchemy as sa
from alembic import op


revision = "set_by"
down_revision = "beside_its_tag"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("schedule", sa.Column("set_by", sa.String(length=32), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("schedule") as batch_op:
        batch_op.drop_column("set_by")
