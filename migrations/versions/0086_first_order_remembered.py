"""The membership text says that the extra of a first order is remembered of who left, too.

A group that still has this passage of the text it started with gets a next version of it; texts of a group's own
lawyers stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "0086_first_order_remembered"
down_revision = "0085_month_moves"
branch_labels = None
depends_on = None

BEFORE = "摘要只用来判断是否领过入会礼、首单券和新人任务奖励，"
NOW = "摘要只用来判断是否领过入会礼、首单券、首单加赠积分和新人任务奖励，"


def upgrade() -> None:
    op.execute(
        sa.text(
            "INSERT INTO consent_documents (kind, version, title, body, effective_from) "
            "SELECT kind, '2026-12.3', title, replace(body, :before, :now), now() "
            "FROM consent_documents AS one WHERE kind = 'membership' AND version = '2026-12.2' "
            "AND position(:before in body) > 0 AND NOT EXISTS "
            "(SELECT 1 FROM consent_documents WHERE kind = one.kind AND effective_from > one.effective_from) "
            "ON CONFLICT DO NOTHING"
        ).bindparams(before=BEFORE, now=NOW)
    )


def downgrade() -> None:
    op.execute(
        sa.text(
            "DELETE FROM consent_documents WHERE kind = 'membership' AND version = '2026-12.3' "
            "AND position(:now in body) > 0"
        ).bindparams(now=NOW)
    )
