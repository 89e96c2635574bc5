"""Members photograph receipts: what they sent, the photographs, and how each looks from afar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0110_receipt_photos"
down_revision = "0109_circle_openid"
branch_labels = None
depends_on = None

PHOTOS, IMAGES, PRINTS, SETTINGS = "receipt_photos", "receipt_photo_images", "receipt_photo_prints", "receipt_settings"
OPEN = "state IN ('pending', 'checked')"
USUAL = {"photos_per_day": 5, "photo_days": 180, "photo_second_fen": 100_000}
RANGES = {"photos_per_day": "0 AND 50", "photo_days": "7 AND 730", "photo_second_fen": "0 AND 1000000000"}


def upgrade() -> None:
    _photos()
    op.create_table(
        IMAGES,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("photo_id", sa.BigInteger(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(image) BETWEEN 1 AND 1048576", name=op.f("ck_receipt_photo_images_image")),
        sa.ForeignKeyConstraint(
            ["member_id", "photo_id"],
            [f"{PHOTOS}.member_id", f"{PHOTOS}.id"],
            name=op.f("fk_receipt_photo_images_member_id_photo_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "photo_id", name=op.f("pk_receipt_photo_images")),
    )
    op.create_table(
        PRINTS,
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.Column("bands", ARRAY(sa.Integer()), nullable=False),
        sa.CheckConstraint("print ~ '^[0-9a-f]{64}$'", name=op.f("ck_receipt_photo_prints_print")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_receipt_photo_prints")),
    )
    op.create_index("ix_receipt_photo_prints_bands", PRINTS, ["bands"], postgresql_using="gin")
    for name, usual in USUAL.items():
        op.add_column(SETTINGS, sa.Column(name, sa.BigInteger(), nullable=False, server_default=str(usual)))
        op.alter_column(SETTINGS, name, server_default=None)
        op.create_check_constraint(op.f(f"ck_{SETTINGS}_{name}"), SETTINGS, f"{name} BETWEEN {RANGES[name]}")


def _photos() -> None:
    op.create_table(
        PHOTOS,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("claim_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposal", JSONB(), nullable=True),
        sa.Column("store_id", sa.BigInteger(), nullable=True),
        sa.Column("receipt_no", sa.Text(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("business_day", sa.Date(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("checked_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("fact", sa.Text(), nullable=True),
        sa.Column("image_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'checked', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_receipt_photos_state")
        ),
        sa.CheckConstraint(f"({OPEN}) = (decided_at IS NULL)", name=op.f("ck_receipt_photos_decided")),
        sa.CheckConstraint("(state = 'rejected') = (reason IS NOT NULL)", name=op.f("ck_receipt_photos_rejected_for")),
        sa.CheckConstraint("(state = 'approved') = (fact IS NOT NULL)", name=op.f("ck_receipt_photos_approved_as")),
        sa.CheckConstraint(
            "num_nulls(store_id, receipt_no, amount_fen, business_day) IN (0, 4)", name=op.f("ck_receipt_photos_seen")
        ),
        sa.CheckConstraint(
            "state NOT IN ('checked', 'approved') OR store_id IS NOT NULL", name=op.f("ck_receipt_photos_seen_in")
        ),
        sa.CheckConstraint(
            "num_nulls(checked_at, checked_by_id, checked_by) IN (0, 3)", name=op.f("ck_receipt_photos_checked")
        ),
        sa.CheckConstraint("state <> 'checked' OR checked_at IS NOT NULL", name=op.f("ck_receipt_photos_first")),
        sa.CheckConstraint(
            "state <> 'approved' OR decided_by_id <> checked_by_id", name=op.f("ck_receipt_photos_second")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_receipt_photos_amount")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_receipt_photos_member_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_receipt_photos_store_id")),
        sa.ForeignKeyConstraint(
            ["member_id", "claim_id"],
            ["receipt_claims.member_id", "receipt_claims.id"],
            name=op.f("fk_receipt_photos_claim"),
        ),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_receipt_photos")),
    )
    for name, columns, where in (
        ("ix_receipt_photos_member_id_created_at", ["member_id", "created_at"], None),
        ("ix_receipt_photos_mall_id_created_at", ["mall_id", "created_at", "member_id", "id"], None),
        ("ix_receipt_photos_open", ["mall_id", "created_at", "member_id", "id"], OPEN),
        ("ix_receipt_photos_public_id", ["public_id"], None),
        ("ix_receipt_photos_unread", ["created_at"], f"read_at IS NULL AND {OPEN}"),
        ("ix_receipt_photos_kept", ["created_at"], "image_gone_at IS NULL"),
    ):
        op.create_index(name, PHOTOS, columns, postgresql_where=None if where is None else sa.text(where))
    op.create_index(
        "uq_receipt_photos_claim",
        PHOTOS,
        ["member_id", "claim_id"],
        unique=True,
        postgresql_where=sa.text(f"claim_id IS NOT NULL AND {OPEN}"),
    )


def downgrade() -> None:
    for name in USUAL:
        op.drop_constraint(op.f(f"ck_{SETTINGS}_{name}"), SETTINGS)
        op.drop_column(SETTINGS, name)
    for table in (PRINTS, IMAGES, PHOTOS):
        op.drop_table(table)
