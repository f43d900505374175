"""Notes say more"""

import sqlalchemy as sa
from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SETTLED = sa.Enum("TODAY", "PASSED_ON", "COMES_BACK", name="settled", native_enum=False, length=32)


def upgrade() -> None:
    with op.batch_alter_table("note") as batch_op:
        batch_op.add_column(sa.Column("first_hand", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("settled", SETTLED, nullable=True))
        batch_op.add_column(sa.Column("in_the_way", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("private", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("note") as batch_op:
        for column in ("private", "in_the_way", "settled", "first_hand"):
            batch_op.drop_column(column)
