"""Passwords that somebody else chose are marked, so that they open nothing but the page that replaces them."""

import sqlalchemy as sa
from alembic import op

revision = "0021_temporary_passwords"
down_revision = "0020_wecom_contacts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff", sa.Column("password_temporary", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("staff", "password_temporary", server_default=None)


def downgrade() -> None:
    op.drop_column("staff", "password_temporary")
