"""Photographed receipts are found by keys of narrow rows, and by strips of them that nothing covers.

A key that ten thousand screenshots share is read for its latest few only. Older ones get those of their inner parts.
What older code writes, which may still run, stays without its indexes.
"""

from hashlib import blake2b

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0134_photo_keys"
down_revision = "0133_stopping_from_first"
branch_labels = None
depends_on = None

TABLE, KEYS = "receipt_photo_prints", "receipt_photo_keys"
CHECKS = {"digest": "digest ~ '^[0-9a-f]{32}$'", "strips": "cardinality(strips) = 24"}
_SOME = sa.text(
    "SELECT number, mall_id, inner_print FROM receipt_photo_prints"
    " WHERE number > :last AND inner_print IS NOT NULL ORDER BY number LIMIT :limit"
)
_BATCH = 1_000
_SIGNS, _CHOICES, _CHOSEN = 256, 24, 22
_WORD = (1 << 64) - 1
# Columns of older code, and what stands there where it wrote nothing.
OLDER: dict[str, str | list[int]] = {"print": "0" * 64, "bands": [], "keys": []}


def _keep_keys() -> None:
    """Of the prints there are."""
    choices, bind = [_choice(number) for number in range(_CHOICES)], op.get_bind()
    keys = sa.table(KEYS, *(sa.column(name) for name in ("mall_id", "key", "number")))
    last = 0
    while found := bind.execute(_SOME, {"last": last, "limit": _BATCH}).all():
        last = found[-1].number
        rows = [
            {"mall_id": mall_id, "number": number, "key": key}
            for number, mall_id, inner in found
            for key in {_key(int(inner, 16), place, choice) for place, choice in enumerate(choices)}
        ]
        bind.execute(sa.insert(keys), rows)


def _key(signs: int, number: int, choice: list[int]) -> int:
    """As `app.purchases.photos.keys` makes them."""
    value = sum((signs >> place & 1) << power for power, place in enumerate(choice))
    return ((value + number * 0xD1B54A32D192ED03) * 0x9E3779B97F4A7C15 & _WORD) >> 33


def _choice(number: int) -> list[int]:
    return sorted(range(_SIGNS), key=lambda place: blake2b(f"{number}:{place}".encode()).digest())[:_CHOSEN]


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("number", sa.BigInteger(), sa.Identity(), nullable=False))
    op.add_column(TABLE, sa.Column("digest", sa.Text()))
    op.add_column(TABLE, sa.Column("strips", ARRAY(sa.Integer())))
    for name, told in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, told)
    op.create_index(f"uq_{TABLE}_number", TABLE, ["mall_id", "number"], unique=True)
    op.create_table(
        KEYS,
        sa.Column("mall_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mall_id", "key", "number", name=op.f(f"pk_{KEYS}")),
    )
    _keep_keys()
    for name in ("keys", "bands"):
        op.drop_index(f"ix_{TABLE}_{name}", TABLE)
    for name in OLDER:
        op.alter_column(TABLE, name, nullable=True, server_default=None)


def downgrade() -> None:
    for name, nothing in OLDER.items():
        op.execute(sa.text(f"UPDATE {TABLE} SET {name} = :nothing WHERE {name} IS NULL").bindparams(nothing=nothing))  # noqa: S608 - names of this file
        op.alter_column(TABLE, name, nullable=False)
    op.alter_column(TABLE, "keys", server_default="{}")
    for name in ("bands", "keys"):
        op.create_index(f"ix_{TABLE}_{name}", TABLE, [name], postgresql_using="gin")
    op.drop_table(KEYS)
    op.drop_index(f"uq_{TABLE}_number", TABLE)
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE)
    for name in ("strips", "digest", "number"):
        op.drop_column(TABLE, name)
