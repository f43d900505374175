"""Digests are held while their channel is away"""

import sqlalchemy as sa
from alembic import op


revision = "held"
down_revision = "marks"
branch_labels = None
depends_on = None

HELD = sa.Enum("ARCHIVED", "GONE", "PUT_OUT", name="held", native_enum=False, length=32)


def upgrade() -> None:
    op.add_column("schedule", sa.Column("held", HELD, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("schedule") as batch_op:
        batch_op.drop_column("held")
