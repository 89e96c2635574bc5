"""Car parks, tariffs, stays, gate events, quotes, payments, waivers and the messages to gates."""

import sqlalchemy as sa
from alembic import op

revision = "0015_parking"
down_revision = "0014_payments"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "car_parks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("store_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("gate_url", sa.Text(), nullable=False),
        sa.Column("gate_secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_car_parks_mall_id")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_car_parks_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_car_parks")),
        sa.UniqueConstraint("code", name=op.f("uq_car_parks_code")),
    )
    op.create_index(op.f("ix_car_parks_mall_id"), "car_parks", ["mall_id"], unique=False)
    op.create_table(
        "parking_tariffs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("car_park_id", sa.BigInteger(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_minutes", sa.BigInteger(), nullable=False),
        sa.Column("step_minutes", sa.BigInteger(), nullable=False),
        sa.Column("step_fen", sa.BigInteger(), nullable=False),
        sa.Column("daily_cap_fen", sa.BigInteger(), nullable=False),
        sa.Column("exit_grace_minutes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("free_minutes >= 0 AND exit_grace_minutes >= 0", name=op.f("ck_parking_tariffs_minutes")),
        sa.CheckConstraint("step_fen >= 0 AND daily_cap_fen >= step_fen", name=op.f("ck_parking_tariffs_amounts")),
        sa.CheckConstraint("step_minutes BETWEEN 1 AND 1440", name=op.f("ck_parking_tariffs_step")),
        sa.ForeignKeyConstraint(["car_park_id"], ["car_parks.id"], name=op.f("fk_parking_tariffs_car_park_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parking_tariffs")),
        sa.UniqueConstraint(
            "car_park_id", "effective_from", name=op.f("uq_parking_tariffs_car_park_id_effective_from")
        ),
    )
    op.create_table(
        "parking_sessions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("car_park_id", sa.BigInteger(), nullable=False),
        sa.Column("tariff_id", sa.BigInteger(), nullable=False),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_fen", sa.BigInteger(), nullable=False),
        sa.Column("exit_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "note IN ('exit_missed', 'entry_missed', 'exit_late', 'entry_late')", name=op.f("ck_parking_sessions_note")
        ),
        sa.CheckConstraint("exited_at >= entered_at", name=op.f("ck_parking_sessions_times")),
        sa.CheckConstraint("settled_fen >= 0", name=op.f("ck_parking_sessions_settled")),
        sa.ForeignKeyConstraint(["car_park_id"], ["car_parks.id"], name=op.f("fk_parking_sessions_car_park_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_parking_sessions_member_id")),
        sa.ForeignKeyConstraint(["tariff_id"], ["parking_tariffs.id"], name=op.f("fk_parking_sessions_tariff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parking_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_parking_sessions_public_id")),
    )
    op.create_index(
        "ix_parking_sessions_car_park_id_plate",
        "parking_sessions",
        ["car_park_id", "plate", "entered_at"],
        unique=False,
    )
    op.create_index("ix_parking_sessions_member_id", "parking_sessions", ["member_id", "entered_at"], unique=False)
    op.create_index(
        "ix_parking_sessions_plate_open",
        "parking_sessions",
        ["plate"],
        unique=False,
        postgresql_where="exited_at IS NULL",
    )
    op.create_index(
        "uq_parking_sessions_open",
        "parking_sessions",
        ["car_park_id", "plate"],
        unique=True,
        postgresql_where="exited_at IS NULL",
    )
    op.create_table(
        "gate_events",
        sa.Column("car_park_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=True),
        sa.Column("due_fen", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("action IN ('open', 'hold')", name=op.f("ck_gate_events_action")),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_gate_events_direction")),
        sa.ForeignKeyConstraint(["car_park_id"], ["car_parks.id"], name=op.f("fk_gate_events_car_park_id")),
        sa.ForeignKeyConstraint(["session_id"], ["parking_sessions.id"], name=op.f("fk_gate_events_session_id")),
        sa.PrimaryKeyConstraint("car_park_id", "event_id", name=op.f("pk_gate_events")),
    )
    op.create_index("ix_gate_events_session_id", "gate_events", ["session_id"], unique=False)
    op.create_table(
        "gate_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("car_park_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("paid_fen", sa.BigInteger(), nullable=False),
        sa.Column("waived_fen", sa.BigInteger(), nullable=False),
        sa.Column("exit_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["car_park_id"], ["car_parks.id"], name=op.f("fk_gate_messages_car_park_id")),
        sa.ForeignKeyConstraint(["session_id"], ["parking_sessions.id"], name=op.f("fk_gate_messages_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_gate_messages_message_id")),
    )
    op.create_index(
        "ix_gate_messages_due", "gate_messages", ["due_at"], unique=False, postgresql_where="sent_at IS NULL"
    )
    op.create_table(
        "parking_quotes",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("quoted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fee_fen", sa.BigInteger(), nullable=False),
        sa.Column("settled_fen", sa.BigInteger(), nullable=False),
        sa.Column("due_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("due_fen = fee_fen - settled_fen AND due_fen >= 0", name=op.f("ck_parking_quotes_due")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_parking_quotes_member_id")),
        sa.ForeignKeyConstraint(["session_id"], ["parking_sessions.id"], name=op.f("fk_parking_quotes_session_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_parking_quotes")),
        sa.UniqueConstraint("member_id", "public_id", name=op.f("uq_parking_quotes_member_id_public_id")),
    )
    op.create_table(
        "parking_payments",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("due_fen", sa.BigInteger(), nullable=False),
        sa.Column("waived_fen", sa.BigInteger(), nullable=False),
        sa.Column("cash_fen", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("close_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("exit_by", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'paid') = (paid_at IS NOT NULL AND exit_by IS NOT NULL)", name=op.f("ck_parking_payments_paid")
        ),
        sa.CheckConstraint(
            "(status = 'released') = (released_at IS NOT NULL)", name=op.f("ck_parking_payments_released")
        ),
        sa.CheckConstraint("status IN ('awaiting_cash', 'paid', 'released')", name=op.f("ck_parking_payments_status")),
        sa.CheckConstraint("due_fen = waived_fen + cash_fen", name=op.f("ck_parking_payments_sum")),
        sa.CheckConstraint(
            "due_fen > 0 AND waived_fen >= 0 AND cash_fen >= 0", name=op.f("ck_parking_payments_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "quote_id"],
            ["parking_quotes.member_id", "parking_quotes.id"],
            name=op.f("fk_parking_payments_member_id_quote_id"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_parking_payments_member_id")),
        sa.ForeignKeyConstraint(["session_id"], ["parking_sessions.id"], name=op.f("fk_parking_payments_session_id")),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_parking_payments")),
        sa.UniqueConstraint("member_id", "public_id", name=op.f("uq_parking_payments_member_id_public_id")),
        sa.UniqueConstraint("member_id", "quote_id", name=op.f("uq_parking_payments_member_id_quote_id")),
    )
    op.create_index(
        "ix_parking_payments_stale",
        "parking_payments",
        ["close_after"],
        unique=False,
        postgresql_where="status = 'awaiting_cash'",
    )
    op.create_index(
        "uq_parking_payments_awaiting",
        "parking_payments",
        ["member_id", "session_id"],
        unique=True,
        postgresql_where="status = 'awaiting_cash'",
    )
    op.create_table(
        "parking_waivers",
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("coupon_id", sa.BigInteger(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("covers_fen", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'coupon') = (coupon_id IS NOT NULL)", name=op.f("ck_parking_waivers_coupon")),
        sa.CheckConstraint("kind <> 'points' OR points = covers_fen", name=op.f("ck_parking_waivers_points")),
        sa.CheckConstraint("kind IN ('coupon', 'points')", name=op.f("ck_parking_waivers_kind")),
        sa.CheckConstraint("covers_fen > 0 AND minutes >= 0 AND points >= 0", name=op.f("ck_parking_waivers_amounts")),
        sa.ForeignKeyConstraint(
            ["member_id", "coupon_id"],
            ["coupons.member_id", "coupons.id"],
            name=op.f("fk_parking_waivers_member_id_coupon_id"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "payment_id"],
            ["parking_payments.member_id", "parking_payments.id"],
            name=op.f("fk_parking_waivers_member_id_payment_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_parking_waivers")),
    )
    op.create_index(
        "uq_parking_waivers_live_coupon",
        "parking_waivers",
        ["member_id", "coupon_id"],
        unique=True,
        postgresql_where="released_at IS NULL",
    )
    op.create_index(
        "uq_parking_waivers_live_points",
        "parking_waivers",
        ["member_id", "payment_id"],
        unique=True,
        postgresql_where="kind = 'points' AND released_at IS NULL",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_parking_waivers_live_points",
        table_name="parking_waivers",
        postgresql_where="kind = 'points' AND released_at IS NULL",
    )
    op.drop_index(
        "uq_parking_waivers_live_coupon", table_name="parking_waivers", postgresql_where="released_at IS NULL"
    )
    op.drop_table("parking_waivers")
    op.drop_index(
        "uq_parking_payments_awaiting", table_name="parking_payments", postgresql_where="status = 'awaiting_cash'"
    )
    op.drop_index(
        "ix_parking_payments_stale", table_name="parking_payments", postgresql_where="status = 'awaiting_cash'"
    )
    op.drop_table("parking_payments")
    op.drop_table("parking_quotes")
    op.drop_index("ix_gate_messages_due", table_name="gate_messages", postgresql_where="sent_at IS NULL")
    op.drop_table("gate_messages")
    op.drop_index("ix_gate_events_session_id", table_name="gate_events")
    op.drop_table("gate_events")
    op.drop_index("uq_parking_sessions_open", table_name="parking_sessions", postgresql_where="exited_at IS NULL")
    op.drop_index("ix_parking_sessions_plate_open", table_name="parking_sessions", postgresql_where="exited_at IS NULL")
    op.drop_index("ix_parking_sessions_member_id", table_name="parking_sessions")
    op.drop_index("ix_parking_sessions_car_park_id_plate", table_name="parking_sessions")
    op.drop_table("parking_sessions")
    op.drop_table("parking_tariffs")
    op.drop_index(op.f("ix_car_parks_mall_id"), table_name="car_parks")
    op.drop_table("car_parks")
