"""Shapes of SQL that were seen to fail on a distributed database (Citus 13.2), each with its reason.

A statement is judged by the placements that the models bear. What runs only where the database is plain is exempt, by
the place that sends it.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

import sqlglot
from sqlglot import exp

from app.kernel.db import Model
from app.kernel.distribution.placement import Kind
from cli.distribution import placements
from tests.support.sql.blocks import Block, blocks_of

PLACEMENTS = placements.of_all_tables()
COLUMNS = {name: frozenset(table.columns.keys()) for name, table in Model.metadata.tables.items()}
_SPREAD = re.compile(rf"\b({'|'.join(name for name, placed in PLACEMENTS.items() if placed.is_spread)})\b")
_UNSTABLE = {
    "concat", "concat_ws", "format", "to_char", "to_timestamp", "date_trunc", "age", "to_jsonb", "to_json", "random",
    "jsonb_build_object", "json_build_object", "jsonb_build_array", "json_build_array", "gen_random_uuid", "nextval",
}  # fmt: skip
_COPY_OUT = re.compile(r"\ACOPY \((.*)\) TO STDOUT \([^()]*\)\Z", re.DOTALL)
_CLOCKS = {"now", "clock_timestamp", "statement_timestamp", "transaction_timestamp"}
# Places that send something else on a distributed database (app.kernel.distribution.database), or run on none: benches.
PLAIN_ONLY = (
    "app/flows/hot/",
    "app/identity/bulk.py:lock_members",
    "app/points/ledger/bulk.py:lock_accounts",
    "app/points/ledger/many/expiring.py",
    "app/tiers/growth/bulk.py:lock_accounts",
    "app/outreach/messages/broker.py:_lock_members",
    "script/benches/",
)


def _spread(block: Block) -> dict[str, str]:
    """Alias → key of the block's tables that are spread over machines."""
    return {alias: key for alias, table in block.tables.items() if (key := PLACEMENTS[table].key) is not None}


def _locks_beyond_one_key(block: Block) -> bool:
    locks = any(block.node.args.get("locks") or ())
    return locks and any(not block.is_pinned(alias, key) for alias, key in _spread(block).items())


def _joins_other_keys(block: Block) -> bool:
    spread = _spread(block)
    loose = {alias: key for alias, key in spread.items() if not block.is_pinned(alias, key)}
    if len(spread) < 2 or not loose:
        return False
    kinds = {PLACEMENTS[block.tables[alias]].kind for alias in spread}
    if kinds != {Kind.MEMBER}:
        return True
    first, *others = [block.key(alias, key) for alias, key in spread.items()]
    return any(other not in block.equal.get(first, ()) for other in others)


def _correlates_across_keys(block: Block) -> bool:
    return any(not _same_machine(block, around, alias) for around, alias in block.outer_columns() if block.tables)


def _same_machine(block: Block, around: Block, alias: str) -> bool:
    """Whether a subquery reads, for each row around it, rows that lie beside that row."""
    outer = PLACEMENTS[around.tables[alias]]
    inner = {name: PLACEMENTS[table] for name, table in block.tables.items()}
    if all(placed.kind is Kind.REFERENCE for placed in inner.values()) or not (
        outer.is_spread or any(placed.is_spread for placed in inner.values())
    ):
        return True
    if outer.kind is not Kind.MEMBER or outer.key is None:
        return False
    equal = block.equal.get(around.key(alias, outer.key), set())
    return all(
        placed.kind is Kind.REFERENCE
        or (placed.kind is Kind.MEMBER and placed.key is not None and block.key(name, placed.key) in equal)
        for name, placed in inner.items()
    )


def _updates_by_unstable_functions(block: Block) -> bool:
    if not isinstance(block.node, exp.Update) or not _spread(block):
        return False
    calls = block.own(exp.Func)
    return any(_name(call) in _UNSTABLE and call.find(exp.Column) is not None for call in calls)


def _rolls_up(block: Block) -> bool:
    return bool(_spread(block)) and any(True for _ in block.own(exp.Rollup, exp.Cube, exp.GroupingSets))


def _asks_for_the_time(block: Block) -> bool:
    clocks = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime)
    return any(isinstance(call, clocks) or _name(call) in _CLOCKS for call in block.own(exp.Func))


def _moves_a_row(block: Block) -> bool:
    if not isinstance(block.node, exp.Update):
        return False
    keys = set(_spread(block).values())
    return any(isinstance(change, exp.EQ) and change.this.name in keys for change in block.node.expressions)


SHAPES: Mapping[str, Callable[[Block], bool]] = {
    "locks rows beyond one member's: FOR UPDATE and FOR SHARE must name one key": _locks_beyond_one_key,
    "joins tables that are spread by other keys: rows that belong together are on other machines": _joins_other_keys,
    "a subquery refers to rows around it that lie on other machines": _correlates_across_keys,
    "UPDATE calls a function that is not immutable with a column": _updates_by_unstable_functions,
    "ROLLUP, CUBE and GROUPING SETS are refused over spread tables": _rolls_up,
    "asks the machine for the time: each has a clock of its own, so the value is bound": _asks_for_the_time,
    "changes the column by which a row was placed: rows do not move": _moves_a_row,
}


def refused(statement: str, place: str = "") -> list[str]:
    """Why a distributed database could not run this statement; nothing when it could, as far as is known."""
    if place.startswith(PLAIN_ONLY) or _SPREAD.search(statement) is None and "now()" not in statement:
        return []
    try:
        blocks = _blocks(statement)
    except sqlglot.errors.ParseError as error:
        return [f"cannot be read by the parser: {error.errors[0]['description']}"]
    return [reason for reason, has in SHAPES.items() if any(has(block) for block in blocks)]


@cache
def _blocks(statement: str) -> tuple[Block, ...]:
    parsed = sqlglot.parse(_COPY_OUT.sub(r"\1", statement), dialect="postgres")
    return tuple(block for tree in parsed if tree is not None for block in blocks_of(tree, COLUMNS))


def _name(call: exp.Expression) -> str:
    return call.sql(dialect="postgres").partition("(")[0].lower()
