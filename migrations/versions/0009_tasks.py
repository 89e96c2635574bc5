"""The three newbie tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009_tasks"
down_revision = "0008_benefits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "newbie_tasks",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reward_points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_newbie_tasks_three")),
        sa.CheckConstraint("reward_points >= 0", name=op.f("ck_newbie_tasks_reward")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_newbie_tasks")),
        sa.UniqueConstraint("position", name=op.f("uq_newbie_tasks_position")),
    )
    op.create_table(
        "task_completions",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("task_code", sa.Text(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("points_awarded", sa.BigInteger(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_task_completions_member_id")),
        sa.ForeignKeyConstraint(["task_code"], ["newbie_tasks.code"], name=op.f("fk_task_completions_task_code")),
        sa.PrimaryKeyConstraint("member_id", "task_code", name=op.f("pk_task_completions")),
    )


def downgrade() -> None:
    op.drop_table("task_completions")
    op.drop_table("newbie_tasks")
