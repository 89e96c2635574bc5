"""What staff gave somebody by hand is remembered for a month when they leave."""

import sqlalchemy as sa
from alembic import op

revision = "0056_given_by_hand"
down_revision = "0055_webp_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("hand_coupons", "hand_points"):
        op.add_column("former_members", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
        op.alter_column("former_members", name, server_default=None)
    op.create_check_constraint(
        op.f("ck_former_members_hand"), "former_members", "hand_coupons >= 0 AND hand_points >= 0"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_former_members_hand"), "former_members", type_="check")
    for name in ("hand_points", "hand_coupons"):
        op.drop_column("former_members", name)
