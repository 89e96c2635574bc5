"""What a mall looks like: pictures by digest, where they are shown, its slogan and second colour."""

import sqlalchemy as sa
from alembic import op

revision = "0039_faces"
down_revision = "0038_care"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{32}$'", name=op.f("ck_pictures_digest")),
        sa.CheckConstraint("media_type IN ('image/jpeg', 'image/png')", name=op.f("ck_pictures_media_type")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pictures")),
    )
    op.create_index("ix_pictures_touched_at", "pictures", ["touched_at"])
    op.create_table(
        "picture_sizes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(image) BETWEEN 1 AND 1048576", name=op.f("ck_picture_sizes_image")),
        sa.ForeignKeyConstraint(["digest"], ["pictures.digest"], name=op.f("fk_picture_sizes_digest")),
        sa.PrimaryKeyConstraint("digest", "width", name=op.f("pk_picture_sizes")),
    )
    # What is compressed already is not tried again.
    op.execute("ALTER TABLE picture_sizes ALTER COLUMN image SET STORAGE EXTERNAL")
    op.create_table(
        "picture_places",
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "subject_kind IN ('mall', 'campaign', 'store')", name=op.f("ck_picture_places_subject_kind")
        ),
        sa.ForeignKeyConstraint(["digest"], ["pictures.digest"], name=op.f("fk_picture_places_digest")),
        sa.PrimaryKeyConstraint("subject_kind", "subject_id", "slot", name=op.f("pk_picture_places")),
    )
    op.create_index(op.f("ix_picture_places_digest"), "picture_places", ["digest"])
    op.add_column("malls", sa.Column("slogan", sa.Text()))
    op.add_column("malls", sa.Column("accent_far", sa.Text()))
    op.create_check_constraint(op.f("ck_malls_accent_far"), "malls", "accent_far ~ '^#[0-9a-f]{6}$'")
    op.create_check_constraint(op.f("ck_malls_slogan"), "malls", "length(slogan) BETWEEN 1 AND 24")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_malls_slogan"), "malls", type_="check")
    op.drop_constraint(op.f("ck_malls_accent_far"), "malls", type_="check")
    op.drop_column("malls", "accent_far")
    op.drop_column("malls", "slogan")
    op.drop_table("picture_places")
    op.drop_table("picture_sizes")
    op.drop_table("pictures")
