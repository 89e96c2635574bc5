"""Segments: what they mean, by versions, and who is in those that are refreshed every night."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0067_segments"
down_revision = "0066_predictions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segments",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("is_nightly", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True)),
        sa.Column("refreshed_version", sa.BigInteger()),
        sa.Column("refreshed_at", sa.DateTime(timezone=True)),
        sa.Column("members", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_segments_mall_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_segments_public_id")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 30", name=op.f("ck_segments_title")),
        sa.CheckConstraint(
            "num_nulls(refreshed_version, refreshed_at, members) IN (0, 3)", name=op.f("ck_segments_refreshed")
        ),
    )
    op.create_index(
        "uq_segments_title",
        "segments",
        [sa.text("coalesce(mall_id, 0)"), "title"],
        unique=True,
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_table(
        "segment_versions",
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("segment_id", "number", name=op.f("pk_segment_versions")),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name=op.f("fk_segment_versions_segment_id")),
        sa.CheckConstraint("number > 0", name=op.f("ck_segment_versions_number")),
    )
    op.create_table(
        "segment_members",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "segment_id", name=op.f("pk_segment_members")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_segment_members_member_id")),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name=op.f("fk_segment_members_segment_id")),
    )
    op.create_index("ix_segment_members_segment_id", "segment_members", ["segment_id", "member_id"])


def downgrade() -> None:
    op.drop_table("segment_members")
    op.drop_table("segment_versions")
    op.drop_table("segments")
