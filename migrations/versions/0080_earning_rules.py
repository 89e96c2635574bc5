"""Rules of earning as versions of a mall; rates of stores become their first one. Entries say why so many."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0080_earning_rules"
down_revision = "0079_wecom_groups"
branch_labels = None
depends_on = None

RULES = "earning_rules"

_FIRST_RULES = """
INSERT INTO earning_rules (effective_from, created_at, created_by, mall_id, document)
SELECT '2000-01-01', now(), '系统', mall_id,
    jsonb_build_object(
        'mall_rate_bps', 10000, 'category_rates_bps', '{}'::jsonb, 'extras', '[]'::jsonb,
        'store_rates_bps', jsonb_object_agg(code, points_rate_bps)
    )
FROM stores WHERE points_rate_bps <> 10000 GROUP BY mall_id
"""
_RATES_AGAIN = """
UPDATE stores SET points_rate_bps = (latest.document -> 'store_rates_bps' ->> stores.code)::bigint
FROM (SELECT DISTINCT ON (mall_id) mall_id, document FROM earning_rules ORDER BY mall_id, effective_from DESC) latest
WHERE latest.mall_id = stores.mall_id AND latest.document -> 'store_rates_bps' -> stores.code IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        RULES,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earning_rules")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_earning_rules_mall_id")),
        sa.UniqueConstraint("mall_id", "effective_from", name=op.f("uq_earning_rules_mall_id_effective_from")),
    )
    op.add_column("points_entries", sa.Column("breakdown", postgresql.JSONB(), nullable=True))
    op.execute(_FIRST_RULES)
    op.drop_column("stores", "points_rate_bps")


def downgrade() -> None:
    op.add_column("stores", sa.Column("points_rate_bps", sa.BigInteger(), nullable=False, server_default="10000"))
    op.execute(_RATES_AGAIN)
    op.alter_column("stores", "points_rate_bps", server_default=None)
    op.create_check_constraint("ck_stores_points_rate", "stores", "points_rate_bps BETWEEN 0 AND 1000000")
    op.drop_column("points_entries", "breakdown")
    op.drop_table(RULES)
