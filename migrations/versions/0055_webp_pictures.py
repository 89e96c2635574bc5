"""Pictures are kept as WebP, which weighs half of JPEG; those kept before stay as they are."""

from alembic import op

revision = "0055_webp_pictures"
down_revision = "0054_tier_perks"
branch_labels = None
depends_on = None

NAME = "ck_pictures_media_type"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "pictures", type_="check")
    op.create_check_constraint(op.f(NAME), "pictures", "media_type IN ('image/jpeg', 'image/png', 'image/webp')")


def downgrade() -> None:
    """What was kept since stays: the older rule holds for what comes."""
    op.drop_constraint(op.f(NAME), "pictures", type_="check")
    op.execute(
        f"ALTER TABLE pictures ADD CONSTRAINT {NAME} CHECK (media_type IN ('image/jpeg', 'image/png')) NOT VALID"
    )
