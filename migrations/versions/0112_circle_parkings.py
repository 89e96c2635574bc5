"""WeChat Pay is told of cars of who authorised the circle, and asked about who was not heard of for long."""

import sqlalchemy as sa
from alembic import op

revision = "0112_circle_parkings"
down_revision = "0111_invitations"
branch_labels = None
depends_on = None

TABLE = "circle_parkings"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("mchid", sa.Text(), nullable=False),
        sa.Column("brand_id", sa.BigInteger(), nullable=False),
        sa.Column("openid", sa.Text(), nullable=False),
        sa.Column("stay", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("passed_at", moment, nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("given_up_at", moment, nullable=True),
        sa.CheckConstraint("way IN ('in', 'out')", name=op.f("ck_circle_parkings_way")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_circle_parkings_attempts")),
        sa.CheckConstraint("done_at IS NULL OR given_up_at IS NULL", name=op.f("ck_circle_parkings_one_end")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_circle_parkings_member_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_circle_parkings")),
        sa.UniqueConstraint("member_id", "stay", "way", name=op.f("uq_circle_parkings_member_id_stay_way")),
    )
    waiting = sa.text("done_at IS NULL AND given_up_at IS NULL")
    op.create_index("ix_circle_parkings_waiting", TABLE, ["due_at"], postgresql_where=waiting)
    dead = sa.text("given_up_at IS NOT NULL")
    op.create_index("ix_circle_parkings_dead", TABLE, ["given_up_at"], postgresql_where=dead)
    op.create_index("ix_circle_parkings_passed_at", TABLE, ["passed_at"])
    on = sa.text("state = 'on'")
    op.create_index("ix_circle_authorisations_heard", "circle_authorisations", ["told_at"], postgresql_where=on)


def downgrade() -> None:
    op.drop_index("ix_circle_authorisations_heard", "circle_authorisations")
    op.drop_table(TABLE)
