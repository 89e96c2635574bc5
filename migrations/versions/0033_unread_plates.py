"""Readings of gates that are no plates are kept apart.

Open stays under such a reading are ended: no exit will end them any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033_unread_plates"
down_revision = "0032_reasons"
branch_labels = None
depends_on = None

BEFORE = "note IN ('exit_missed', 'entry_missed', 'exit_late', 'entry_late')"
NOW = "note IN ('exit_missed', 'entry_missed', 'exit_late', 'entry_late', 'plate_unread')"
# Enough for what may be a plate; the forms themselves stand in app/kernel/spelling/plates.py.
PLATE = (
    "^([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼].{6,7}|使.{6}|WJ.{5,8}|.[A-Z][0-9]{5}|民航.{5})$"
)


def upgrade() -> None:
    op.drop_constraint(op.f("ck_parking_sessions_note"), "parking_sessions", type_="check")
    op.create_check_constraint(op.f("ck_parking_sessions_note"), "parking_sessions", NOW)
    op.create_index(
        "ix_parking_sessions_unread", "parking_sessions", ["entered_at"], postgresql_where="note = 'plate_unread'"
    )
    op.execute(
        sa.text(
            "UPDATE parking_sessions SET exited_at = entered_at, note = 'plate_unread' "
            "WHERE exited_at IS NULL AND member_id IS NULL AND settled_fen = 0 AND plate !~ :plate"
        ).bindparams(plate=PLATE)
    )


def downgrade() -> None:
    op.execute("UPDATE parking_sessions SET note = 'exit_missed' WHERE note = 'plate_unread'")
    op.drop_index("ix_parking_sessions_unread", table_name="parking_sessions")
    op.drop_constraint(op.f("ck_parking_sessions_note"), "parking_sessions", type_="check")
    op.create_check_constraint(op.f("ck_parking_sessions_note"), "parking_sessions", BEFORE)
