"""Callbacks and greetings take the columns of a queue: done or given up, each with its moment and its reason.

A callback's note so far was the last trouble while it was open, and began with `given up:` when it was; a greeting's
reason said why it was not sent. What ended well keeps its note.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028_callback_queues"
down_revision = "0027_postings_acts"
branch_labels = None
depends_on = None

WAITING = "done_at IS NULL AND given_up_at IS NULL"


def upgrade() -> None:
    _queue_events()
    _queue_greetings()


def _queue_events() -> None:
    op.drop_index("ix_platform_events_open", table_name="platform_events")
    op.add_column("platform_events", sa.Column("last_error", sa.Text(), nullable=True))
    op.add_column("platform_events", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE platform_events SET given_up_at = done_at, done_at = NULL, note = '', "
        "last_error = substr(note, 11) WHERE note LIKE 'given up: %'"
    )
    op.execute("UPDATE platform_events SET last_error = note, note = '' WHERE done_at IS NULL AND note <> ''")
    _add_rules("platform_events")


def _queue_greetings() -> None:
    op.drop_index("ix_contact_greetings_due", table_name="contact_greetings")
    op.drop_constraint(op.f("ck_contact_greetings_settled_at"), "contact_greetings", type_="check")
    op.add_column("contact_greetings", sa.Column("last_error", sa.Text(), nullable=True))
    op.add_column("contact_greetings", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("contact_greetings", sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE contact_greetings SET last_error = nullif(reason, ''), "
        "done_at = CASE WHEN status = 'sent' THEN settled_at END, "
        "given_up_at = CASE WHEN status IN ('too_late', 'refused') THEN settled_at END"
    )
    op.drop_column("contact_greetings", "settled_at")
    op.drop_column("contact_greetings", "reason")
    op.create_check_constraint(
        op.f("ck_contact_greetings_ended"),
        "contact_greetings",
        "(status = 'due') = (done_at IS NULL AND given_up_at IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_contact_greetings_sent"), "contact_greetings", "(status = 'sent') = (done_at IS NOT NULL)"
    )
    _add_rules("contact_greetings")


def _add_rules(table: str) -> None:
    op.create_check_constraint(op.f(f"ck_{table}_attempts"), table, "attempts >= 0")
    op.create_check_constraint(op.f(f"ck_{table}_one_end"), table, "done_at IS NULL OR given_up_at IS NULL")
    op.create_index(f"ix_{table}_waiting", table, ["due_at"], postgresql_where=sa.text(WAITING))
    op.create_index(f"ix_{table}_dead", table, ["given_up_at"], postgresql_where=sa.text("given_up_at IS NOT NULL"))


def downgrade() -> None:
    _unqueue_greetings()
    _unqueue_events()


def _unqueue_greetings() -> None:
    _drop_rules("contact_greetings")
    op.drop_constraint(op.f("ck_contact_greetings_sent"), "contact_greetings", type_="check")
    op.drop_constraint(op.f("ck_contact_greetings_ended"), "contact_greetings", type_="check")
    op.add_column("contact_greetings", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("contact_greetings", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE contact_greetings SET reason = coalesce(last_error, ''), settled_at = coalesce(done_at, given_up_at)"
    )
    op.alter_column("contact_greetings", "reason", server_default=None)
    for column in ("given_up_at", "done_at", "last_error"):
        op.drop_column("contact_greetings", column)
    op.create_check_constraint(
        op.f("ck_contact_greetings_settled_at"), "contact_greetings", "(status = 'due') = (settled_at IS NULL)"
    )
    op.create_index(
        "ix_contact_greetings_due",
        "contact_greetings",
        ["due_at", "id"],
        postgresql_where=sa.text("status = 'due'"),
    )


def _unqueue_events() -> None:
    _drop_rules("platform_events")
    op.execute(
        "UPDATE platform_events SET done_at = given_up_at, note = 'given up: ' || coalesce(last_error, '') "
        "WHERE given_up_at IS NOT NULL"
    )
    op.execute("UPDATE platform_events SET note = last_error WHERE done_at IS NULL AND last_error IS NOT NULL")
    op.drop_column("platform_events", "given_up_at")
    op.drop_column("platform_events", "last_error")
    op.create_index(
        "ix_platform_events_open", "platform_events", ["due_at", "id"], postgresql_where=sa.text("done_at IS NULL")
    )


def _drop_rules(table: str) -> None:
    op.drop_index(f"ix_{table}_dead", table_name=table)
    op.drop_index(f"ix_{table}_waiting", table_name=table)
    op.drop_constraint(op.f(f"ck_{table}_one_end"), table, type_="check")
    op.drop_constraint(op.f(f"ck_{table}_attempts"), table, type_="check")
