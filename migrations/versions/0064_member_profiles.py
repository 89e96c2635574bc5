"""Members tell of themselves: profiles, households under a consent of their own, and texts that say so.

A group that still has the membership text it started with gets the next version of it; texts of a group's own lawyers
stay.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0064_member_profiles"
down_revision = "0063_refunds_after_leaving"
branch_labels = None
depends_on = None

BEFORE_KEPT = "以及您在本集团商场的消费、停车与活动记录。"
NOW_KEPT = "以及您在本集团商场的消费、停车与活动记录，自愿填写的资料。"
BEFORE_USED = "停车缴费减免，以及您同意后的提醒。"
NOW_USED = "停车缴费减免，个性化推荐（可在「我的资料」关闭），以及您同意后的提醒。"
HOUSEHOLD_TITLE = "家庭信息单独同意书"
HOUSEHOLD_BODY = """一、我们收集什么：您孩子的年龄段和人数。不收集孩子的姓名、生日、照片或其他信息。
二、为什么需要：为您推荐适合孩子年龄的亲子活动、儿童乐园权益和亲子路线。
三、谁能看到：仅限本集团商场负责会员服务的人员；门店看不到。
四、完全自愿：不同意不影响会员身份、积分和任何已有权益。
五、随时撤回：在「我的资料」中撤回后，家庭信息立即删除。
六、您确认自己是孩子的监护人。未满 14 周岁孩子的信息属于敏感个人信息，我们只在您单独同意后处理。"""


def upgrade() -> None:
    op.create_table(
        "member_profiles",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("birth_month", sa.BigInteger()),
        sa.Column("birth_day", sa.BigInteger()),
        sa.Column("birth_year", sa.BigInteger()),
        sa.Column("birthday_first_on", sa.Date()),
        sa.Column("birthday_changed_on", sa.Date()),
        sa.Column("nearby", sa.Text()),
        sa.Column("skipped", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("profiling_off_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_profiles")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_profiles_member_id")),
        sa.CheckConstraint("(birth_month IS NULL) = (birth_day IS NULL)", name=op.f("ck_member_profiles_birthday")),
        sa.CheckConstraint("birth_year IS NULL OR birth_month IS NOT NULL", name=op.f("ck_member_profiles_birth_year")),
        sa.CheckConstraint(
            "birth_month IS NULL OR birthday_first_on IS NOT NULL", name=op.f("ck_member_profiles_birthday_first_on")
        ),
        sa.CheckConstraint(
            "birth_month BETWEEN 1 AND 12 AND birth_day BETWEEN 1 AND "
            "CASE birth_month WHEN 2 THEN 29 WHEN 4 THEN 30 WHEN 6 THEN 30 WHEN 9 THEN 30 WHEN 11 THEN 30 ELSE 31 END",
            name=op.f("ck_member_profiles_birth_day"),
        ),
        sa.CheckConstraint("nearby IN ('home', 'office', 'both', 'neither')", name=op.f("ck_member_profiles_nearby")),
    )
    op.create_index(
        "ix_member_profiles_birthday",
        "member_profiles",
        ["birth_month", "birth_day"],
        postgresql_where=sa.text("birth_month IS NOT NULL"),
    )
    op.create_table(
        "member_households",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("age_0_2", sa.BigInteger(), nullable=False),
        sa.Column("age_3_6", sa.BigInteger(), nullable=False),
        sa.Column("age_7_12", sa.BigInteger(), nullable=False),
        sa.Column("age_13_17", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_member_households")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_households_member_id")),
        sa.CheckConstraint(
            "age_0_2 BETWEEN 0 AND 5 AND age_3_6 BETWEEN 0 AND 5 AND age_7_12 BETWEEN 0 AND 5 "
            "AND age_13_17 BETWEEN 0 AND 5",
            name=op.f("ck_member_households_children"),
        ),
    )
    _write_texts()


def _write_texts() -> None:
    op.execute(
        sa.text(
            "INSERT INTO consent_documents (kind, version, title, body, effective_from) "
            "SELECT kind, '2026-12.2', title, "
            "replace(replace(body, :before_kept, :now_kept), :before_used, :now_used), now() "
            "FROM consent_documents AS one WHERE kind = 'membership' AND version = '2026-12' "
            "AND position(:before_kept in body) > 0 AND position(:before_used in body) > 0 AND NOT EXISTS "
            "(SELECT 1 FROM consent_documents WHERE kind = one.kind AND effective_from > one.effective_from) "
            "ON CONFLICT DO NOTHING"
        ).bindparams(before_kept=BEFORE_KEPT, now_kept=NOW_KEPT, before_used=BEFORE_USED, now_used=NOW_USED)
    )
    op.execute(
        sa.text(
            "INSERT INTO consent_documents (kind, version, title, body, effective_from) "
            "SELECT 'household', '2026-12', :title, :body, now() "
            "WHERE EXISTS (SELECT 1 FROM consent_documents WHERE kind = 'membership') ON CONFLICT DO NOTHING"
        ).bindparams(title=HOUSEHOLD_TITLE, body=HOUSEHOLD_BODY)
    )


def downgrade() -> None:
    op.execute(
        sa.text(
            "DELETE FROM consent_documents WHERE kind = 'household' OR kind = 'membership' AND version = '2026-12.2' "
            "AND position(:now_used in body) > 0"
        ).bindparams(now_used=NOW_USED)
    )
    op.execute("UPDATE consent_records SET withdrawn_at = now() WHERE kind = 'household' AND withdrawn_at IS NULL")
    op.drop_table("member_households")
    op.drop_table("member_profiles")
