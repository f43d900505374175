"""What still waits in the outbox is found without passing over all that was ever said"""

import sqlalchemy as sa
from alembic import op


revision = "waiting"
down_revision = "which_tag"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waits = sa.text("sent_at IS NULL AND given_up = ''")
    op.create_index("ix_message_waiting", "message", ["left_at"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_index("ix_message_waiting", "message")
