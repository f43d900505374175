"""The index that finds a note's tags also says which version of the tagger has seen it"""

from alembic import op


revision = "views"
down_revision = "taken_back"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tag_view", "tag", ["note_id", "source", "tagger"])
    op.drop_index("ix_tag_note_id", "tag")


def downgrade() -> None:
    op.create_index("ix_tag_note_id", "tag", ["note_id"])
    op.drop_index("ix_tag_view", "tag")
