"""Members by the end of their phone, coupons by the end of their code, as people say them at a till."""

import sqlalchemy as sa
from alembic import op

revision = "0034_tails"
down_revision = "0033_unread_plates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_members_phone_tail", "members", [sa.text("right(phone_masked, 4)")])
    op.create_index("ix_coupon_codes_tail", "coupon_codes", [sa.text("right(code, 4)")])


def downgrade() -> None:
    op.drop_index("ix_coupon_codes_tail", "coupon_codes")
    op.drop_index("ix_members_phone_tail", "members")
