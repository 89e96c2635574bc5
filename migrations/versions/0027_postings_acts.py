"""Postings refer to their act by columns: kind, scope and ref of the fact, which a select no longer takes apart.

The columns are computed while the table is rewritten once, which leaves no dead rows and needs no update of rows that
are never updated; then the expressions are dropped, because from now on whoever writes a posting knows its act.
"""

from alembic import op

revision = "0027_postings_acts"
down_revision = "0026_payments_by_purpose"
branch_labels = None
depends_on = None

KIND = "split_part(fact, ':', 1)"
# `purchase:<source>:<receipt no>` and `points:<what was paid>:<its id>`; every other fact is a kind and a ref.
HAS_SCOPE = f"{KIND} IN ('purchase', 'points') AND split_part(fact, ':', 3) <> ''"
AFTER_KIND = "substr(fact, strpos(fact || ':', ':') + 1)"
COLUMNS = {
    "act_kind": KIND,
    "act_scope": f"CASE WHEN {HAS_SCOPE} THEN split_part(fact, ':', 2) END",
    "act_ref": f"CASE WHEN {HAS_SCOPE} THEN substr({AFTER_KIND}, strpos({AFTER_KIND}, ':') + 1) ELSE {AFTER_KIND} END",
}


def upgrade() -> None:
    added = ", ".join(f"ADD COLUMN {name} text GENERATED ALWAYS AS ({rule}) STORED" for name, rule in COLUMNS.items())
    kept = ", ".join(f"ALTER COLUMN {name} DROP EXPRESSION" for name in COLUMNS)
    op.execute(f"ALTER TABLE postings {added}")
    op.execute(f"ALTER TABLE postings {kept}, ALTER COLUMN act_kind SET NOT NULL, ALTER COLUMN act_ref SET NOT NULL")


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column("postings", name)
