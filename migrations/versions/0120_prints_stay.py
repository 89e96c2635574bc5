"""How a photographed receipt looks is remembered after the photograph, for as long as the receipt could come again."""

import sqlalchemy as sa
from alembic import op

revision = "0120_prints_stay"
down_revision = "0119_claims_by_two"
branch_labels = None
depends_on = None

TABLE = "receipt_photo_prints"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()))
    op.execute(
        "UPDATE receipt_photo_prints SET sent_at = photo.created_at FROM receipt_photos photo "
        "WHERE photo.public_id = receipt_photo_prints.public_id"
    )
    op.create_index("ix_receipt_photo_prints_sent_at", TABLE, ["sent_at"])


def downgrade() -> None:
    op.drop_index("ix_receipt_photo_prints_sent_at", TABLE)
    op.drop_column(TABLE, "sent_at")
