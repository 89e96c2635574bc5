"""Members invite others by a code of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0111_invitations"
down_revision = "0110_receipt_photos"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_codes()
    _make_pictures()
    _make_invitations()
    _make_rules()
    op.create_index(
        "uq_entrances_invitation",
        "entrances",
        ["mall_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'invitation'"),
    )


def _make_codes() -> None:
    op.create_table(
        "invitation_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code) BETWEEN 6 AND 20", name=op.f("ck_invitation_codes_code")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_invitation_codes_mall_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_invitation_codes_member_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invitation_codes")),
    )
    op.create_index("ix_invitation_codes_member_id", "invitation_codes", ["member_id", "mall_id"])


def _make_pictures() -> None:
    op.create_table(
        "invitation_pictures",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["invitation_codes.code"], name=op.f("fk_invitation_pictures_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_invitation_pictures")),
    )


def _make_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("inviter_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("growth", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), nullable=True),
        sa.CheckConstraint("inviter_id <> member_id", name=op.f("ck_invitations_two_people")),
        sa.CheckConstraint(
            "status IN ('joined', 'acted', 'asked', 'paid', 'void')", name=op.f("ck_invitations_status")
        ),
        sa.CheckConstraint(
            "(status IN ('joined', 'acted')) = (look_at IS NOT NULL)", name=op.f("ck_invitations_look_at")
        ),
        sa.CheckConstraint(
            "(status IN ('paid', 'void')) = (closed_at IS NOT NULL)", name=op.f("ck_invitations_closed_at")
        ),
        sa.CheckConstraint("(status = 'void') = (why IS NOT NULL)", name=op.f("ck_invitations_why")),
        sa.CheckConstraint(
            "status NOT IN ('acted', 'asked', 'paid') OR acted_at IS NOT NULL", name=op.f("ck_invitations_acted_at")
        ),
        sa.CheckConstraint(
            "(acted_at IS NULL) = (act IS NULL) AND act IN ('visit', 'purchase')", name=op.f("ck_invitations_act")
        ),
        sa.CheckConstraint("points >= 0 AND growth >= 0", name=op.f("ck_invitations_given")),
        sa.ForeignKeyConstraint(["inviter_id"], ["members.id"], name=op.f("fk_invitations_inviter_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_invitations_member_id")),
        sa.PrimaryKeyConstraint("inviter_id", "member_id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("member_id", name=op.f("uq_invitations_member_id")),
    )
    op.create_index(
        "ix_invitations_look_at", "invitations", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL")
    )
    op.create_index(
        "ix_invitations_device", "invitations", ["joined_at"], postgresql_where=sa.text("device IS NOT NULL")
    )
    op.create_index("ix_invitations_inviter_id_joined_at", "invitations", ["inviter_id", "joined_at", "member_id"])
    op.create_index(
        "ix_invitations_mall_id_joined_at", "invitations", ["mall_id", "joined_at", "inviter_id", "member_id"]
    )


def _make_rules() -> None:
    op.create_table(
        "invitation_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("counts_visits", sa.Boolean(), nullable=False),
        sa.Column("least_fen", sa.BigInteger(), nullable=False),
        sa.Column("within_days", sa.BigInteger(), nullable=False),
        sa.Column("waiting_days", sa.BigInteger(), nullable=False),
        sa.Column("most_a_month", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("least_fen >= 0", name=op.f("ck_invitation_rules_least_fen")),
        sa.CheckConstraint(
            "within_days > 0 AND waiting_days >= 0 AND most_a_month > 0", name=op.f("ck_invitation_rules_numbers")
        ),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_invitation_rules_mall_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_rules")),
        sa.UniqueConstraint("mall_id", "effective_from", name=op.f("uq_invitation_rules_mall_id_effective_from")),
    )


def downgrade() -> None:
    op.drop_index("uq_entrances_invitation", "entrances")
    op.drop_table("invitation_rules")
    op.drop_table("invitations")
    op.drop_table("invitation_pictures")
    op.drop_table("invitation_codes")
