"""A version names the rehearsal that it was published after; one rehearsal may have led to several versions."""

import sqlalchemy as sa
from alembic import op

revision = "0118_rehearsal_versions"
down_revision = "0117_brought_purchases"
branch_labels = None
depends_on = None

# Rehearsals, and the versions that are published after them.
PAIRS = (("earning_rehearsals", "earning_rules"), ("tier_rehearsals", "tier_ladders"))

KEEP = {
    "earning_rehearsals": """
        INSERT INTO earning_rehearsal_versions (version_id, inquiry_id)
        SELECT version_id, max(id) FROM earning_rehearsals WHERE version_id IS NOT NULL GROUP BY version_id
    """,
    "tier_rehearsals": """
        INSERT INTO tier_rehearsal_versions (version_id, inquiry_id)
        SELECT version_id, max(id) FROM tier_rehearsals WHERE version_id IS NOT NULL GROUP BY version_id
    """,
}
GIVE_BACK = {
    "earning_rehearsals": """
        UPDATE earning_rehearsals SET version_id = led.version_id
        FROM (SELECT inquiry_id, max(version_id) AS version_id
              FROM earning_rehearsal_versions GROUP BY inquiry_id) AS led
        WHERE earning_rehearsals.id = led.inquiry_id
    """,
    "tier_rehearsals": """
        UPDATE tier_rehearsals SET version_id = led.version_id
        FROM (SELECT inquiry_id, max(version_id) AS version_id
              FROM tier_rehearsal_versions GROUP BY inquiry_id) AS led
        WHERE tier_rehearsals.id = led.inquiry_id
    """,
}


def upgrade() -> None:
    for rehearsals, versions in PAIRS:
        table = _table_of(rehearsals)
        op.create_table(
            table,
            sa.Column("version_id", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("inquiry_id", sa.BigInteger(), nullable=False),
            sa.ForeignKeyConstraint(
                ["version_id"], [f"{versions}.id"], name=op.f(f"fk_{table}_version_id"), ondelete="CASCADE"
            ),
            sa.ForeignKeyConstraint(["inquiry_id"], [f"{rehearsals}.id"], name=op.f(f"fk_{table}_inquiry_id")),
            sa.PrimaryKeyConstraint("version_id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_inquiry_id", table, ["inquiry_id"])
        op.execute(KEEP[rehearsals])
        op.drop_index(f"ix_{rehearsals}_version_id", rehearsals)
        op.drop_constraint(op.f(f"fk_{rehearsals}_version_id"), rehearsals, type_="foreignkey")
        op.drop_column(rehearsals, "version_id")


def downgrade() -> None:
    for rehearsals, versions in reversed(PAIRS):
        table = _table_of(rehearsals)
        op.add_column(rehearsals, sa.Column("version_id", sa.BigInteger()))
        op.create_foreign_key(
            op.f(f"fk_{rehearsals}_version_id"), rehearsals, versions, ["version_id"], ["id"], ondelete="SET NULL"
        )
        op.create_index(f"ix_{rehearsals}_version_id", rehearsals, ["version_id"])
        op.execute(GIVE_BACK[rehearsals])
        op.drop_table(table)


def _table_of(rehearsals: str) -> str:
    return f"{rehearsals.removesuffix('s')}_versions"
