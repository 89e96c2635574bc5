"""Every table says where it lives when the database is distributed, and its keys suit that."""

import pytest
from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError

from app.kernel.db import Model, violates
from app.kernel.distribution import placement, rules
from app.kernel.distribution.placement import Kind, Placement
from cli.distribution import placements

pytestmark = pytest.mark.no_database

PLACEMENTS = placements.of_all_tables()
TABLES = dict(Model.metadata.tables)


def _of_kind(kind: Kind) -> list[str]:
    return sorted(name for name, placed in PLACEMENTS.items() if placed.kind is kind)


def test_every_table_stands_in_the_list() -> None:
    assert set(PLACEMENTS) == set(TABLES)
    assert all(_of_kind(kind) for kind in Kind)


@pytest.mark.parametrize("name", _of_kind(Kind.MEMBER))
def test_all_keys_of_a_members_table_begin_with_the_member(name: str) -> None:
    """So that a member's rows lie together, and that a row is addressed as this member's row."""
    held = [columns for key, columns in rules.unique_keys(TABLES[name]) if key not in PLACEMENTS[name].left_out]
    assert {columns[0] for columns in held} == {PLACEMENTS[name].key}


@pytest.mark.parametrize("name", _of_kind(Kind.DIRECTORY))
def test_all_keys_of_a_directory_hold_the_column_it_is_spread_by(name: str) -> None:
    assert all(PLACEMENTS[name].key in columns for _, columns in rules.unique_keys(TABLES[name]))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_a_table_must_do_without_is_listed_with_its_reason_and_nothing_else(name: str) -> None:
    """Triggers are not known to the models: tests/cli/test_distributing.py looks at those."""
    left_out = {key for key in PLACEMENTS[name].left_out if key.startswith(("fk_", "uq_", "pk_", "ex_"))}
    assert left_out == rules.cannot_stand(TABLES[name], PLACEMENTS)
    assert all(len(reason) > 20 for reason in PLACEMENTS[name].left_out.values())


FROM_TO_STANDS = [
    ("points_lots", "points_entries", True),
    ("coupons", "campaigns", True),
    ("stock_buckets", "campaigns", True),
    ("staff_roles", "stores", True),
    ("books", "merchants", True),
    ("gate_events", "parking_sessions", True),
    ("coupon_codes", "coupons", False),
    ("parking_sessions", "members", False),
    ("parking_quotes", "parking_sessions", False),
    ("members", "members", False),
]


@pytest.mark.parametrize(("mine", "theirs", "stands"), FROM_TO_STANDS)
def test_a_foreign_key_stands_where_both_ends_share_a_machine(mine: str, theirs: str, stands: bool) -> None:
    keys = [key for key in _foreign_keys(TABLES[mine]) if key.referred_table.name == theirs]
    assert keys and all(rules.foreign_key_stands(key, PLACEMENTS) is stands for key in keys)


def test_a_reference_table_may_not_refer_to_the_coordinators() -> None:
    (key,) = (key for key in _foreign_keys(TABLES["gate_events"]) if key.referred_table.name == "parking_sessions")
    moved: dict[str, Placement] = {**PLACEMENTS, "gate_events": placement.reference()}
    assert not rules.foreign_key_stands(key, moved)


class _Refused(Exception):
    """A driver's error as a distributed database hands it on: without the constraint's name beside the message."""

    diag = None


SHARD = (
    'duplicate key value violates unique constraint "pk_books_102176"\nDETAIL:  Key (code)=("uq_malls_code") exists.'
)


@pytest.mark.parametrize(("prefix", "found"), [("pk_books", True), ("pk_bo", True), ("uq_malls", False)])
def test_a_constraint_is_known_by_the_message_of_another_machine(prefix: str, found: bool) -> None:
    assert violates(IntegrityError("INSERT", None, _Refused(SHARD)), prefix) is found


def _foreign_keys(table: Table) -> list:
    return sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
