"""Footfall comes in by files, too."""

from alembic import op

revision = "0072_footfall_files"
down_revision = "0071_merges_undone"
branch_labels = None
depends_on = None

KINDS = "kind IN ('stores', 'members', 'purchases'{})"


def upgrade() -> None:
    _check("imports", "kind", KINDS.format(", 'footfall'"))
    _check("import_layouts", "kind", KINDS.format(", 'footfall'"))
    _check("footfall", "source", "source IN ('api', 'file', 'hand')")


def downgrade() -> None:
    """Counts stay as somebody's who wrote them down; imports of them go with their pieces."""
    op.execute("UPDATE footfall SET source = 'hand' WHERE source = 'file'")
    op.execute("DELETE FROM import_pieces WHERE import_id IN (SELECT id FROM imports WHERE kind = 'footfall')")
    op.execute("DELETE FROM imports WHERE kind = 'footfall'")
    op.execute("DELETE FROM import_layouts WHERE kind = 'footfall'")
    _check("footfall", "source", "source IN ('api', 'hand')")
    _check("import_layouts", "kind", KINDS.format(""))
    _check("imports", "kind", KINDS.format(""))


def _check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
