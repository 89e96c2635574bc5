"""Members who may be one person: what they share, pairs and what became of them; who decided a merge, and why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0075_duplicate_members"
down_revision = "0074_member_values"
branch_labels = None
depends_on = None

MERGES = "member_merges"


def upgrade() -> None:
    _create_signs()
    _create_pairs()
    _say_why_of_merges()
    # By moment, for whoever has changed lately: rows are written in its order, so that a few pages are read.
    op.create_index("ix_member_identities_bound_at", "member_identities", ["bound_at"], postgresql_using="brin")
    op.create_index("ix_member_profiles_changed_at", "member_profiles", ["changed_at"], postgresql_using="brin")


def _create_signs() -> None:
    op.create_table(
        "member_signs",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", "member_id", name=op.f("pk_member_signs")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_signs_member_id")),
    )
    op.create_index("ix_member_signs_member_id", "member_signs", ["member_id"])
    op.create_table(
        "members_to_compare",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_members_to_compare")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_members_to_compare_member_id")),
    )
    op.create_table(
        "duplicate_search",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_search")),
        sa.CheckConstraint("id = 1", name=op.f("ck_duplicate_search_single")),
    )


def _create_pairs() -> None:
    op.create_table(
        "member_pairs",
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(), nullable=False),
        sa.Column("against", postgresql.JSONB(), nullable=False),
        sa.Column("confidence_bps", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answered", postgresql.JSONB()),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_member_pairs")),
        sa.ForeignKeyConstraint(["one_id"], ["members.id"], name=op.f("fk_member_pairs_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["members.id"], name=op.f("fk_member_pairs_other_id")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_member_pairs_ascending")),
        sa.CheckConstraint("confidence_bps BETWEEN 0 AND 10000", name=op.f("ck_member_pairs_confidence_bps")),
        sa.CheckConstraint(
            "outcome IN ('faint', 'certain', 'doubtful', 'asked', 'apart', 'merged')",
            name=op.f("ck_member_pairs_outcome"),
        ),
        sa.CheckConstraint("(outcome = 'apart') = (answered IS NOT NULL)", name=op.f("ck_member_pairs_answered")),
    )
    op.create_index("ix_member_pairs_other_id", "member_pairs", ["other_id"])
    op.create_index(
        "ix_member_pairs_waiting",
        "member_pairs",
        ["outcome", "changed_at", "one_id", "other_id"],
        postgresql_where=sa.text("outcome IN ('certain', 'doubtful')"),
    )
    _keep_what_was_asked()


def _keep_what_was_asked() -> None:
    """Who was told apart before, and who is being asked about, stays so; it was always a card beside a phone."""
    op.execute(
        """
        INSERT INTO member_pairs
            (one_id, other_id, evidence, against, confidence_bps, outcome, answered, found_at, changed_at)
        SELECT DISTINCT ON (asked.two) two[1], two[2], '{"card": 1}', '[]', 6000,
               CASE outcome WHEN 'two_people' THEN 'apart' WHEN 'same_person' THEN 'merged' ELSE 'asked' END,
               CASE outcome WHEN 'two_people' THEN '{"card": 1}'::jsonb END, raised_at, raised_at
        FROM (
            SELECT id, outcome, raised_at, string_to_array(substr(subject, 9), '-')::bigint[] AS two
            FROM cases WHERE kind = 'duplicate_members' AND subject ~ '^members:[0-9]+-[0-9]+$'
        ) AS asked
        WHERE two[1] < two[2]
        ORDER BY asked.two, id DESC
        """
    )


def _say_why_of_merges() -> None:
    op.add_column(MERGES, sa.Column("why", sa.Text()))
    op.add_column(MERGES, sa.Column("actor_kind", sa.Text(), nullable=False, server_default="system"))
    op.add_column(MERGES, sa.Column("actor_id", sa.BigInteger()))
    op.add_column(MERGES, sa.Column("actor_name", sa.Text(), nullable=False, server_default="system"))
    op.add_column(MERGES, sa.Column("mall_id", sa.BigInteger()))
    op.create_foreign_key(op.f("fk_member_merges_mall_id"), MERGES, "malls", ["mall_id"], ["id"])
    op.execute(
        "UPDATE member_merges m SET why = CASE WHEN f.joined_at IS NULL THEN 'visitor' ELSE 'case' END, "
        "mall_id = CASE WHEN f.joined_at IS NOT NULL THEN i.home_mall_id END "
        "FROM members f, members i WHERE f.id = m.from_member_id AND i.id = m.into_member_id"
    )
    op.alter_column(MERGES, "why", nullable=False)
    op.alter_column(MERGES, "actor_kind", server_default=None)
    op.alter_column(MERGES, "actor_name", server_default=None)
    op.create_check_constraint(op.f("ck_member_merges_why"), MERGES, "why IN ('visitor', 'proof', 'case')")
    op.create_check_constraint(op.f("ck_member_merges_listed"), MERGES, "(why = 'visitor') = (mall_id IS NULL)")
    op.create_index(
        "ix_member_merges_mall_id_merged_at",
        MERGES,
        ["mall_id", "merged_at", "id"],
        postgresql_where=sa.text("mall_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_member_profiles_changed_at", table_name="member_profiles")
    op.drop_index("ix_member_identities_bound_at", table_name="member_identities")
    op.drop_index("ix_member_merges_mall_id_merged_at", table_name=MERGES)
    for name in ("listed", "why"):
        op.drop_constraint(op.f(f"ck_member_merges_{name}"), MERGES)
    for column in ("mall_id", "actor_name", "actor_id", "actor_kind", "why"):
        op.drop_column(MERGES, column)
    for table in ("member_pairs", "duplicate_search", "members_to_compare", "member_signs"):
        op.drop_table(table)
