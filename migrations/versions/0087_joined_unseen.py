"""How many of those who came to a stage on a day joined by it: visitors who joined before a night had seen them."""

import sqlalchemy as sa
from alembic import op

revision = "0087_joined_unseen"
down_revision = "0086_first_order_remembered"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stage_flows", sa.Column("joined", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        """
        UPDATE stage_flows SET joined = least(members, found.joined)
        FROM (
            SELECT day, home_mall_id, stage, count(*) AS joined FROM stage_changes
            WHERE old_stage = '' AND joined_on = day GROUP BY day, home_mall_id, stage
        ) AS found
        WHERE stage_flows.day = found.day AND stage_flows.home_mall_id = found.home_mall_id
            AND stage_flows.stage = found.stage AND stage_flows.old_stage = ''
        """
    )
    op.create_check_constraint(op.f("ck_stage_flows_joined"), "stage_flows", "joined BETWEEN 0 AND members")
    # Months that were counted before are counted once more; what they came to is shown until then.
    op.execute("UPDATE measured_months SET night_day = night_day - 1")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_stage_flows_joined"), "stage_flows", type_="check")
    op.drop_column("stage_flows", "joined")
