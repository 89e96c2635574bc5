"""A mall's code is capitals and digits: it stands in addresses, and before a dash in statement numbers."""

from alembic import op

revision = "0024_mall_codes"
down_revision = "0023_members_leave"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(op.f("ck_malls_code"), "malls", "code ~ '^[A-Z0-9]{1,16}$'")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_malls_code"), "malls", type_="check")
