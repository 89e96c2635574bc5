"""What is asked of everybody's stages and ladders is read in the mall where it was asked; so far every mall read all.

Of what was asked before, the mall is that of the asker; of who works in several, the first mall of the group.
"""

import sqlalchemy as sa
from alembic import op

revision = "0129_inquiries_of_malls"
down_revision = "0128_counted_causes"
branch_labels = None
depends_on = None

TABLES = ("lifecycle_restatements", "tier_rehearsals")
FILL = """
UPDATE {table} SET mall_id = coalesce(
    (SELECT min(mall_id) FROM staff_roles WHERE staff_roles.staff_id = {table}.staff_id
     HAVING count(*) = count(mall_id) AND count(DISTINCT mall_id) = 1),
    (SELECT min(id) FROM malls)
)
"""


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("mall_id", sa.BigInteger()))
        op.execute(FILL.format(table=table))
        op.alter_column(table, "mall_id", nullable=False)
        op.create_foreign_key(op.f(f"fk_{table}_mall_id"), table, "malls", ["mall_id"], ["id"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_constraint(op.f(f"fk_{table}_mall_id"), table)
        op.drop_column(table, "mall_id")
