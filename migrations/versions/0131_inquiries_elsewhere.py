"""What somebody of several malls asked before malls were kept is read in each of them, not in the first alone.

For a week the answer to the form that asked is kept, and it names the mall. Of what is older nobody can tell where it
was asked: every other mall of the asker gets a copy, whose name is made of the first one's and the mall's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0131_inquiries_elsewhere"
down_revision = "0130_totals_compared_again"
branch_labels = None
depends_on = None

OWN = "asked_at, staff_id, staff_name, due_at, attempts, last_error, done_at, given_up_at"
TABLES = {
    "lifecycle_restatements": f"{OWN}, kind, fingerprint, question, comparisons, answers",
    "tier_rehearsals": f"{OWN}, old_document, document, members, counted, reached_id, result, parking",
}
# A ladder that was published after a rehearsal leads to it in every mall.
READ_HERE_ALONE = {
    "lifecycle_restatements": "true",
    "tier_rehearsals": "NOT EXISTS (SELECT FROM tier_rehearsal_versions AS led WHERE led.inquiry_id = asked.id)",
}
IN_FIRST = "SELECT public_id, staff_id FROM {table} WHERE mall_id = (SELECT min(id) FROM malls)"
ASKED_AT = """
SELECT DISTINCT split_part(answer ->> 'location', '/', 3) AS code,
    regexp_replace(answer ->> 'location', '^.*/', '') AS name
FROM idempotency_keys WHERE caller = ANY(:callers) AND answer ->> 'location' LIKE '/console/%'
"""
MOVE = "UPDATE {table} SET mall_id = malls.id FROM malls WHERE malls.code = :code AND {table}.public_id = :name"
COPY = """
INSERT INTO {table} (public_id, mall_id, {columns})
SELECT md5(asked.public_id || ':' || malls.id), malls.id, {columns}
FROM {table} AS asked CROSS JOIN malls
WHERE asked.public_id = ANY(:doubtful) AND malls.id <> asked.mall_id AND {read_here_alone}
    AND coalesce(asked.done_at, asked.given_up_at) IS NOT NULL
    AND EXISTS (
        SELECT FROM staff_roles AS own
        WHERE own.staff_id = asked.staff_id AND own.merchant_id IS NULL AND own.store_id IS NULL
            AND (own.mall_id IS NULL OR own.mall_id = malls.id)
    )
"""
TAKE_BACK = """
DELETE FROM {table} AS copied USING {table} AS asked
WHERE copied.public_id = md5(asked.public_id || ':' || copied.mall_id)
"""


def upgrade() -> None:
    for table, columns in TABLES.items():
        doubtful = sorted(_ask(IN_FIRST.format(table=table)).keys() - _move(table))
        copy = COPY.format(table=table, columns=columns, read_here_alone=READ_HERE_ALONE[table])
        op.get_bind().execute(sa.text(copy).bindparams(_texts("doubtful", doubtful)))


def _move(table: str) -> set[str]:
    """To the mall where it was asked, as far as that is known; returns the names of what that is known of."""
    whose = _ask(IN_FIRST.format(table=table))
    callers = sorted({f"staff:{staff_id}" for staff_id in whose.values()})
    asked = op.get_bind().execute(sa.text(ASKED_AT).bindparams(_texts("callers", callers))).mappings()
    known = [dict(one) for one in asked if one["name"] in whose]
    for one in known:
        op.get_bind().execute(sa.text(MOVE.format(table=table)), one)
    return {one["name"] for one in known}


def _ask(query: str) -> dict[str, int]:
    return dict(op.get_bind().execute(sa.text(query)).tuples().all())


def _texts(name: str, values: list[str]) -> sa.BindParameter[list[str]]:
    return sa.bindparam(name, values, sa.ARRAY(sa.Text))


def downgrade() -> None:
    """Copies go; what was moved stays where it was asked."""
    for table in TABLES:
        op.execute(TAKE_BACK.format(table=table))
