"""What a night reads of everybody's purchases and timeline stands in the indexes by member, in their order."""

from alembic import op

revision = "0097_read_by_member"
down_revision = "0096_coupon_exchanges"
branch_labels = None
depends_on = None

READ = {"timeline_events": ["kind"], "purchases": ["id", "amount_fen", "refund_of_id"]}


def upgrade() -> None:
    for table, included in READ.items():
        _index(table, postgresql_include=included)


def downgrade() -> None:
    for table in READ:
        _index(table)


def _index(table: str, **options: list[str]) -> None:
    name = f"ix_{table}_member_id_occurred_at"
    op.drop_index(name, table_name=table)
    op.create_index(name, table, ["member_id", "occurred_at"], **options)
