"""A case may end without anybody's answer, when what it was about is in order again."""

from alembic import op

revision = "0043_cases_settle"
down_revision = "0042_list_indexes"
branch_labels = None
depends_on = None

NAME = "answered_by_somebody"
BEFORE = "outcome IS NULL OR owner_id IS NOT NULL"
AFTER = "outcome IS NULL OR outcome = 'settled_itself' OR owner_id IS NOT NULL"


def upgrade() -> None:
    _check(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM case_steps WHERE case_id IN (SELECT id FROM cases WHERE outcome = 'settled_itself')")
    op.execute("DELETE FROM cases WHERE outcome = 'settled_itself'")
    _check(BEFORE)


def _check(condition: str) -> None:
    op.drop_constraint(op.f(f"ck_cases_{NAME}"), "cases", type_="check")
    op.create_check_constraint(op.f(f"ck_cases_{NAME}"), "cases", condition)
