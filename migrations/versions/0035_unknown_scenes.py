"""Openings by a code that is nobody's say what the code said, so that the main entrance is not credited with them."""

import sqlalchemy as sa
from alembic import op

revision = "0035_unknown_scenes"
down_revision = "0034_tails"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("entrance_scans", sa.Column("unknown_scene", sa.Text()))
    op.create_check_constraint(
        op.f("ck_entrance_scans_unknown_scene"), "entrance_scans", "length(unknown_scene) BETWEEN 1 AND 32"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_entrance_scans_unknown_scene"), "entrance_scans", type_="check")
    op.drop_column("entrance_scans", "unknown_scene")
