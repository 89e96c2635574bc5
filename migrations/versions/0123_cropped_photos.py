"""A photographed receipt is known again when it was cut a little; what it resembles is kept for whoever reads it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0123_cropped_photos"
down_revision = "0122_whole_sums"
branch_labels = None
depends_on = None

TABLE = "receipt_photo_prints"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("inner_print", sa.Text()))
    op.create_check_constraint(op.f("ck_receipt_photo_prints_inner_print"), TABLE, "inner_print ~ '^[0-9a-f]{64}$'")
    for name, of in (("keys", sa.Integer()), ("alike", sa.Text())):
        op.add_column(TABLE, sa.Column(name, ARRAY(of), nullable=False, server_default="{}"))
    op.create_index("ix_receipt_photo_prints_keys", TABLE, ["keys"], postgresql_using="gin")
    op.create_index(
        "ix_receipt_photo_prints_alike",
        TABLE,
        ["alike"],
        postgresql_using="gin",
        postgresql_where=sa.text("alike <> '{}'"),
    )


def downgrade() -> None:
    for name in ("keys", "alike"):
        op.drop_index(f"ix_receipt_photo_prints_{name}", TABLE)
    op.drop_constraint(op.f("ck_receipt_photo_prints_inner_print"), TABLE)
    for name in ("inner_print", "keys", "alike"):
        op.drop_column(TABLE, name)
