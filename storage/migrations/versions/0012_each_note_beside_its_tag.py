"""Each note beside the tag that stands, so that weeks are counted without opening notes; and how their words begin"""

import re

import sqlalchemy as sa
from alembic import op


revision = "beside_its_tag"
down_revision = "held"
branch_labels = None
depends_on = None

AT_A_TIME = 20_000
"""Notes, by their ids."""

DEMAND_TYPE = sa.Enum(
    "VALUE", "FAILURE", "OPPORTUNITY", "EXTERNAL", "UNKNOWN", name="demandtype", native_enum=False, length=32
)
SYSTEM_CONDITION = sa.Enum(
    "MEASURE",
    "RULE",
    "ROLE",
    "HANDOFF",
    "TOOL",
    "INFORMATION",
    "SUPPLIER",
    "CAPACITY",
    name="systemcondition",
    native_enum=False,
    length=32,
)
LET_STAND = sa.text("""
    UPDATE note SET (counts_as, demand_type, theme, system_condition) = (
        SELECT
            coalesce(tag.demand_type, tag.note_type)
                || CASE WHEN tag.source = 'TAGGER' THEN '/' || tag.tagger ELSE '' END,
            tag.demand_type, tag.theme, tag.system_condition
        FROM tag WHERE tag.note_id = note.id AND note.withdrawn_at IS NULL
        ORDER BY CASE WHEN tag.source = 'PERSON' THEN 0 ELSE 1 END, tag.tagged_at DESC, tag.id DESC LIMIT 1
    )
    WHERE id > :after AND id <= :upto
""")
WITHOUT_A_TAG = sa.text("UPDATE note SET counts_as = '' WHERE counts_as IS NULL AND withdrawn_at IS NULL")
WORD = re.compile(r"\w{3,}")
SPOKEN = sa.text("""
    SELECT heard_at, verbatim FROM note
    WHERE workspace = :workspace AND unit_id = :unit_id AND withdrawn_at IS NULL ORDER BY heard_at
""")
REMEMBER = sa.text(
    "INSERT INTO stem (unit_id, stem, workspace, first_at) VALUES (:unit_id, :stem, :workspace, :first_at)"
)


def upgrade() -> None:
    op.add_column("note", sa.Column("counts_as", sa.String(), nullable=True, server_default=""))
    op.add_column("note", sa.Column("demand_type", DEMAND_TYPE, nullable=True))
    op.add_column("note", sa.Column("theme", sa.String(), nullable=True))
    op.add_column("note", sa.Column("system_condition", SYSTEM_CONDITION, nullable=True))
    op.create_table(
        "stem",
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("stem", sa.String(length=4), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["workspace"], ["workspace.id"]),
        sa.PrimaryKeyConstraint("workspace", "unit_id", "stem"),
    )
    _remember_how_words_begin()
    op.drop_index("ix_note_week", "note")
    _let_tags_stand()
    op.create_index("ix_note_counted", "note", ["workspace", "unit_id", "counts_as", "heard_at"])
    op.create_index(
        "ix_note_week",
        "note",
        ["workspace", "unit_id", "heard_at", "counts_as", "theme", "point", "system_condition"],
    )
    op.create_index("ix_note_theme", "note", ["workspace", "unit_id", "theme", "heard_at", "demand_type", "point"])
    dated = sa.text("first_asked_on IS NOT NULL")
    op.create_index(
        "ix_note_asked",
        "note",
        ["workspace", "unit_id", "heard_at", "first_asked_on", "theme"],
        sqlite_where=dated,
        postgresql_where=dated,
    )


def _let_tags_stand() -> None:
    last = op.get_bind().execute(sa.text("SELECT max(id) FROM note")).scalar_one() or 0
    for after in range(0, last, AT_A_TIME):
        op.get_bind().execute(LET_STAND, {"after": after, "upto": after + AT_A_TIME})
    op.get_bind().execute(WITHOUT_A_TAG)


def _remember_how_words_begin() -> None:
    connection = op.get_bind()
    for unit_id, workspace in connection.execute(sa.text("SELECT id, workspace FROM unit")).all():
        of_unit = {"unit_id": unit_id, "workspace": workspace}
        first: dict[str, object] = {}
        for heard_at, words in connection.execute(SPOKEN, of_unit, execution_options={"yield_per": AT_A_TIME}):
            for word in WORD.findall(words.casefold()):
                first.setdefault(word[:3], heard_at)
                first.setdefault(word[:4], heard_at)
        rows = [{**of_unit, "stem": stem, "first_at": heard_at} for stem, heard_at in first.items()]
        if rows:
            connection.execute(REMEMBER, rows)


def downgrade() -> None:
    for index in ("ix_note_asked", "ix_note_theme", "ix_note_week", "ix_note_counted"):
        op.drop_index(index, "note")
    op.drop_table("stem")
    for column in ("system_condition", "theme", "demand_type", "counts_as"):
        op.drop_column("note", column)
    op.create_index("ix_note_week", "note", ["workspace", "unit_id", "heard_at"])
