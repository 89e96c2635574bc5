"""Sums of whole numbers that stay whole, and open lots whose points an index tells: what proving points reads."""

from alembic import op

revision = "0122_whole_sums"
down_revision = "0121_rehearsed_parking"
branch_labels = None
depends_on = None

INDEX, LOTS, COLUMNS = "ix_points_lots_open", "points_lots", ["member_id", "expires_on", "id"]
IS_OPEN = "remaining_points > 0"


def upgrade() -> None:
    op.execute(
        "CREATE AGGREGATE whole_sum(bigint) "
        "(SFUNC = int8pl, STYPE = bigint, INITCOND = '0', COMBINEFUNC = int8pl, PARALLEL = SAFE)"
    )
    op.drop_index(INDEX, table_name=LOTS, postgresql_where=IS_OPEN)
    op.create_index(INDEX, LOTS, COLUMNS, postgresql_where=IS_OPEN, postgresql_include=["remaining_points"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name=LOTS, postgresql_where=IS_OPEN)
    op.create_index(INDEX, LOTS, COLUMNS, postgresql_where=IS_OPEN)
    op.execute("DROP AGGREGATE whole_sum(bigint)")
