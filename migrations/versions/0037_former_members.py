"""Who left is remembered for a time by keyed digests, and the membership text says so.

A group that still has the text it started with gets the next version of it; texts of a group's own lawyers stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0037_former_members"
down_revision = "0036_campaign_versions"
branch_labels = None
depends_on = None

BEFORE = "注销后仅保留不含个人信息的交易与结算记录。"
NOW = """注销后仅保留不含个人信息的交易与结算记录。
为避免重复发放，注销后手机号和微信身份会留下一份不可还原的加密摘要，365 天后删除。
摘要只用来判断是否领过入会礼、首单券和新人任务奖励，是否欠有积分；车牌的摘要只用于停车礼。
在此期间重新加入，不再发放上述礼遇，所欠积分随之恢复。"""


def upgrade() -> None:
    op.create_table(
        "former_members",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("forget_on", sa.Date(), nullable=False),
        sa.Column("given", JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("debt_points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("debt_points >= 0", name=op.f("ck_former_members_debt")),
        sa.CheckConstraint("forget_on > left_on", name=op.f("ck_former_members_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_members")),
    )
    op.create_index(op.f("ix_former_members_forget_on"), "former_members", ["forget_on"])
    op.create_table(
        "former_marks",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("former_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["former_id"], ["former_members.id"], name=op.f("fk_former_marks_former_id")),
        sa.PrimaryKeyConstraint("digest", "former_id", name=op.f("pk_former_marks")),
    )
    op.create_index(op.f("ix_former_marks_former_id"), "former_marks", ["former_id"])
    op.execute(
        sa.text(
            "INSERT INTO consent_documents (kind, version, title, body, effective_from) "
            "SELECT kind, '2026-12', title, replace(body, :before, :now), now() FROM consent_documents AS one "
            "WHERE kind = 'membership' AND version = '2026-11' AND position(:before in body) > 0 AND NOT EXISTS "
            "(SELECT 1 FROM consent_documents WHERE kind = one.kind AND effective_from > one.effective_from) "
            "ON CONFLICT DO NOTHING"
        ).bindparams(before=BEFORE, now=NOW)
    )


def downgrade() -> None:
    op.execute(
        sa.text(
            "DELETE FROM consent_documents WHERE kind = 'membership' AND version = '2026-12' AND body LIKE '%' || :now"
        ).bindparams(now=NOW)
    )
    op.drop_table("former_marks")
    op.drop_table("former_members")
