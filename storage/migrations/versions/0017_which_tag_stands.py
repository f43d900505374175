"""Each note says which of its tags stands, so that it need not be looked for whenever a week is read"""

import sqlalchemy as sa
from alembic import op


revision = "which_tag"
down_revision = "views"
branch_labels = None
depends_on = None

AT_A_TIME = 20_000
"""Notes, by their ids."""

LET_STAND = sa.text("""
    UPDATE note SET tag_id = (
        SELECT tag.id FROM tag WHERE tag.note_id = note.id AND note.withdrawn_at IS NULL
        ORDER BY CASE WHEN tag.source = 'PERSON' THEN 0 ELSE 1 END, tag.tagged_at DESC, tag.id DESC LIMIT 1
    )
    WHERE id > :after AND id <= :upto
""")


def upgrade() -> None:
    op.add_column("note", sa.Column("tag_id", sa.Integer(), nullable=True))
    last = op.get_bind().execute(sa.text("SELECT max(id) FROM note")).scalar_one() or 0
    for after in range(0, last, AT_A_TIME):
        op.get_bind().execute(LET_STAND, {"after": after, "upto": after + AT_A_TIME})


def downgrade() -> None:
    op.drop_column("note", "tag_id")
