"""Doors of malls, how many come in by them, and the machines that say so."""

import sqlalchemy as sa
from alembic import op

revision = "0070_footfall"
down_revision = "0069_lifecycle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entrance_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 64", name=op.f("ck_doors_code")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 64", name=op.f("ck_doors_name")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_doors_mall_id")),
        sa.ForeignKeyConstraint(["entrance_id"], ["entrances.id"], name=op.f("fk_doors_entrance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doors")),
        sa.UniqueConstraint("mall_id", "code", name=op.f("uq_doors_mall_id_code")),
    )
    op.create_index(op.f("ix_doors_entrance_id"), "doors", ["entrance_id"])
    op.create_table(
        "footfall",
        sa.Column("door_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("mall_id", sa.BigInteger(), nullable=False),
        sa.Column("visitors", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("counted_by", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_footfall_hour")),
        sa.CheckConstraint("visitors >= 0", name=op.f("ck_footfall_visitors")),
        sa.CheckConstraint("source IN ('api', 'hand')", name=op.f("ck_footfall_source")),
        sa.ForeignKeyConstraint(["door_id"], ["doors.id"], name=op.f("fk_footfall_door_id")),
        sa.ForeignKeyConstraint(["mall_id"], ["malls.id"], name=op.f("fk_footfall_mall_id")),
        sa.PrimaryKeyConstraint("door_id", "day", "hour", name=op.f("pk_footfall")),
    )
    op.create_index("ix_footfall_mall_id_day_hour_door_id", "footfall", ["mall_id", "day", "hour", "door_id"])
    op.drop_constraint(op.f("ck_machines_kind"), "machines")
    op.create_check_constraint(op.f("ck_machines_kind"), "machines", "kind IN ('pos', 'gate', 'counter')")


def downgrade() -> None:
    op.drop_table("footfall")
    op.drop_table("doors")
    op.execute("DELETE FROM machine_nonces WHERE machine_id IN (SELECT id FROM machines WHERE kind = 'counter')")
    op.execute("DELETE FROM machines WHERE kind = 'counter'")
    op.drop_constraint(op.f("ck_machines_kind"), "machines")
    op.create_check_constraint(op.f("ck_machines_kind"), "machines", "kind IN ('pos', 'gate')")
