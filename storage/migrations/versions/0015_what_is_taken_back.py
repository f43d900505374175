"""What is taken back is nowhere: digests say what is left of their facts, and what has arrived is not kept"""

import sqlalchemy as sa
from alembic import op


revision = "taken_back"
down_revision = "changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("fingerprint_since", sa.String(), nullable=False, server_default=""))
    op.execute("""UPDATE message SET body = '{"text": ""}' WHERE sent_at IS NOT NULL""")


def downgrade() -> None:
    with op.batch_alter_table("edition") as batch_op:
        batch_op.drop_column("fingerprint_since")
