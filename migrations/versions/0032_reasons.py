"""Why a ledger moved is a code with facts; the words of old rows are taken apart once, here.

Texts nobody wrote by rule become a `note`. As for postings (0027), the columns are computed while each table is
rewritten once, so that rows that are never updated stay so.
"""

from alembic import op

revision = "0032_reasons"
down_revision = "0031_cases"
branch_labels = None
depends_on = None

TABLES = ("points_entries", "growth_entries")
WHOLE = {
    "加入会员": "join",
    "注销会员": "leaving",
    "停车抵扣退回": "parking_back",
    "积分到期": "expiry",
    "合并会员": "merge",
}
# What stood before the name: the code, and what the name is a fact of.
BEFORE_NAME = {
    "消费：": ("purchase", "store"),
    "退款：": ("refund", "store"),
    "完成任务：": ("task", "task"),
    "停车抵扣：": ("parking", "car_park"),
}


def _code() -> str:
    whole = " ".join(f"WHEN reason = '{text}' THEN '{code}'" for text, code in WHOLE.items())
    named = " ".join(f"WHEN starts_with(reason, '{text}') THEN '{code}'" for text, (code, _) in BEFORE_NAME.items())
    return f"CASE {whole} {named} ELSE 'note' END"


def _facts() -> str:
    whole = " ".join(f"WHEN reason = '{text}' THEN '{{}}'::jsonb" for text in WHOLE)
    named = " ".join(
        f"WHEN starts_with(reason, '{text}') THEN jsonb_object(ARRAY['{fact}', substr(reason, {len(text) + 1})])"
        for text, (_, fact) in BEFORE_NAME.items()
    )
    return f"CASE {whole} {named} ELSE jsonb_object(ARRAY['text', reason]) END"


def _text() -> str:
    whole = " ".join(f"WHEN reason_code = '{code}' THEN '{text}'" for text, code in WHOLE.items())
    named = " ".join(
        f"WHEN reason_code = '{code}' THEN '{text}' || (reason_facts ->> '{fact}')"
        for text, (code, fact) in BEFORE_NAME.items()
    )
    return f"CASE {whole} {named} WHEN reason_code = 'note' THEN reason_facts ->> 'text' ELSE reason_code END"


def _compute(table: str, columns: dict[str, tuple[str, str]]) -> None:
    added = (f"ADD COLUMN {name} {kind} GENERATED ALWAYS AS ({rule}) STORED" for name, (kind, rule) in columns.items())
    kept = (f"ALTER COLUMN {name} DROP EXPRESSION, ALTER COLUMN {name} SET NOT NULL" for name in columns)
    op.execute(f"ALTER TABLE {table} {', '.join(added)}")
    op.execute(f"ALTER TABLE {table} {', '.join(kept)}")


def upgrade() -> None:
    for table in TABLES:
        _compute(table, {"reason_code": ("text", _code()), "reason_facts": ("jsonb", _facts())})
        op.drop_column(table, "reason")


def downgrade() -> None:
    for table in TABLES:
        _compute(table, {"reason": ("text", _text())})
        op.drop_column(table, "reason_facts")
        op.drop_column(table, "reason_code")
