"""Lists page by page: what is sorted how, cursors that come back, and cursors that never were."""

import base64
import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
)

from app.kernel.db import Moment, db
from app.kernel.errors import BadCursor
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Asked, Order, Page

STARTED = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
THINGS = Table(
    "listed_things",
    MetaData(),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("day", Date, nullable=False),
    Column("name", String, nullable=False),
    Column("size", Integer),
    prefixes=["TEMPORARY"],
)
ID, AT, DAY, NAME, SIZE = THINGS.c
SIZED = func.coalesce(SIZE, -1)
# A numeric, whatever the expression says.
BEYOND = func.coalesce(THINGS.c.size * literal(Decimal(2)), -1, type_=BigInteger())
ORDERS = {
    "all falling": Order(AT.desc(), DAY.desc(), ID.desc()),
    "all rising": Order(DAY, NAME, ID),
    "one": Order(ID.desc()),
    "both ways": Order(DAY.desc(), NAME, AT.desc(), ID),
    "null is sorted by as a value": Order(SIZED.desc(), ID),
    "what the database gives as another kind": Order(BEYOND, ID.desc()),
}
# Few values of each, so that most rows tie in something.
THING = st.fixed_dictionaries(
    {
        "at": st.integers(0, 2).map(lambda ticks: STARTED + timedelta(microseconds=ticks)),
        "day": st.integers(0, 1).map(lambda days: date(2026, 3, 1) + timedelta(days=days)),
        "name": st.sampled_from(["", "a", "b~'%", "券"]),
        "size": st.sampled_from([None, 0, 7]),
    }
)
Row = tuple[int, dict[str, Any]]
THING_1: dict[str, Any] = {"at": STARTED, "day": date(2026, 3, 1), "name": "券", "size": 7}
# Ids are given in any order, so that what comes later may stand anywhere.
ROWS = st.lists(st.tuples(st.integers(-50, 50), THING), max_size=14, unique_by=lambda row: row[0])
SEARCHED = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _things(db_session: object) -> None:
    """The table, gone with the test's transaction."""
    THINGS.create(db.session.connection())


def fill(rows: list[Row]) -> None:
    db.session.execute(delete(THINGS))
    add(rows)


def add(rows: list[Row]) -> None:
    if rows:
        db.session.execute(insert(THINGS), [{"id": id_, **thing} for id_, thing in rows])


def ask(order: Order, cursor: str | None, limit: int = 3) -> Page[int]:
    return keyset.scalars(select(ID), order, Asked(limit, cursor))


def in_order(order: Order) -> list[int]:
    return list(db.session.scalars(select(ID).order_by(*order.clauses())))


def walk(order: Order, limit: int, between: Callable[[], object] = list) -> list[Page[int]]:
    """Every page from the first to the last; something happens between any two."""
    pages = [ask(order, None, limit)]
    while (cursor := pages[-1].next) is not None:
        between()
        pages.append(ask(order, cursor, limit))
    return pages


def walk_back(order: Order, last: Page[int], limit: int, between: Callable[[], object] = list) -> list[Page[int]]:
    """The pages from the last one back, as they were read."""
    pages = [last]
    while (cursor := pages[-1].previous) is not None:
        between()
        pages.append(ask(order, cursor, limit))
    return pages


def ids_of(pages: list[Page[int]]) -> list[int]:
    return [id_ for page in pages for id_ in page]


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@SEARCHED
@given(rows=ROWS, limit=st.integers(1, 6))
def test_pages_put_together_are_the_list_there_and_back(order: Order, rows: list[Row], limit: int) -> None:
    fill(rows)
    pages = walk(order, limit)
    assert ids_of(pages) == in_order(order)
    assert all(len(page) == limit for page in pages[:-1])
    assert pages[0].previous is None

    earlier = walk_back(order, pages[-1], limit)
    assert ids_of(earlier[::-1]) == in_order(order)
    for page, read_before in zip(earlier[1:], earlier, strict=False):
        assert ask(order, page.next, limit).items[: len(read_before)] == read_before.items


@pytest.mark.parametrize("back", [False, True], ids=["forward", "back"])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@SEARCHED
@given(rows=ROWS, later=ROWS, limit=st.integers(1, 4))
def test_rows_that_come_meanwhile_neither_hide_nor_repeat_others(
    order: Order, back: bool, rows: list[Row], later: list[Row], limit: int
) -> None:
    known = {id_ for id_, _ in rows}
    coming = [row for row in later if row[0] not in known]
    fill(rows)

    def one_comes() -> None:
        add([coming.pop()] if coming else [])

    pages = walk(order, limit, list if back else one_comes)
    if back:
        pages = walk_back(order, pages[-1], limit, one_comes)[::-1]
    read = ids_of(pages)
    assert len(read) == len(set(read))
    assert read == [id_ for id_ in in_order(order) if id_ in set(read)]
    assert known <= set(read)


def test_a_row_that_came_behind_is_read_and_one_that_came_before_is_not() -> None:
    order = Order(ID)
    fill([(id_, THING_1) for id_ in (10, 20, 30)])
    first = ask(order, None, 2)
    add([(15, THING_1), (25, THING_1)])
    second = ask(order, first.next, 2)
    assert (first.items, second.items) == ([10, 20], [25, 30])
    add([(17, THING_1)])
    assert ask(order, second.previous, 2).items == [17, 20]


def test_the_row_where_a_page_ended_may_be_gone() -> None:
    order = Order(NAME, ID)
    fill([(id_, THING_1) for id_ in range(5)])
    first = ask(order, None, 2)
    db.session.execute(delete(THINGS).where(ID == first.items[-1]))
    assert ask(order, first.next, 9).items == [2, 3, 4]


def test_rows_come_as_they_were_selected() -> None:
    fill([(1, THING_1), (2, THING_1)])
    page = keyset.rows(select(NAME, ID, func.count().over()).order_by(ID), ORDERS["all falling"], Asked(1))
    assert page.items == [(THING_1["name"], 2, 2)]
    assert page.with_items(["made of it"]) == Page(["made of it"], page.next, None)


def test_conditions_keep_what_lies_behind_and_before_a_row() -> None:
    order = ORDERS["both ways"]
    fill([(id_, THING_1) for id_ in range(4)])
    values = [THING_1["day"], THING_1["name"], THING_1["at"], 2]
    assert list(db.session.scalars(select(ID).where(order.behind(*values)))) == [3]
    assert sorted(db.session.scalars(select(ID).where(order.before(*values)))) == [0, 1]


def test_an_empty_list_has_one_page() -> None:
    assert ask(ORDERS["one"], None) == Page([], None, None)


def test_a_cursor_can_stand_in_an_address_as_it_is() -> None:
    fill([(id_, {**THING_1, "name": "券?&=/ #"}) for id_ in range(3)])
    for order in ORDERS.values():
        assert re.fullmatch(r"[A-Za-z0-9_-]+", ask(order, None, 1).next or "")


@pytest.mark.parametrize("other", ORDERS)
@pytest.mark.parametrize("own", ORDERS)
def test_a_cursor_of_another_list_is_none_of_this_one(own: str, other: str) -> None:
    fill([(id_, THING_1) for id_ in range(4)])
    cursor = ask(ORDERS[other], None, 1).next
    if own == other:
        assert len(ask(ORDERS[own], cursor)) == 3
        return
    with pytest.raises(BadCursor):
        ask(ORDERS[own], cursor)
    assert keyset.scalars(select(ID), ORDERS[own], Asked(1, cursor, or_first=True)) == ask(ORDERS[own], None, 1)


def test_the_same_columns_the_other_way_round_are_another_list() -> None:
    fill([(id_, THING_1) for id_ in range(4)])
    with pytest.raises(BadCursor):
        ask(Order(ID), ask(Order(ID.desc()), None).next)


@SEARCHED
@given(text=st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{1,80}", fullmatch=True))
def test_any_other_text_is_no_cursor(text: str) -> None:
    for order in ORDERS.values():
        with pytest.raises(BadCursor):
            ask(order, text)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.integers(-(2**70), 2**70)
    | st.sampled_from([2**63, -(2**63) - 1, 2**63 - 1, 0, 3_652_059, 3_652_060, "\0", "\ud800", "2026-03-11"])
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@settings(SEARCHED, max_examples=40)
@given(data=st.data())
def test_whatever_a_cursor_is_made_to_hold_the_database_can_compare_it(order: Order, data: st.DataObject) -> None:
    fill([(1, THING_1)])
    mark, _, *true_values = unpacked(ask_twice(order))
    values = [data.draw(JSON | st.just(value)) for value in true_values]
    made_up = packed([mark, data.draw(st.sampled_from([0, 1, 2, "0", None])), *values])
    with suppress(BadCursor):
        ask(order, made_up)


@pytest.mark.parametrize("text", ["[" * 700, "9" * 700, "null", "{}", "[]", '"[]"', "[1", "\ud800"])
def test_text_that_is_no_list_is_no_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        ask(ORDERS["one"], packed(text))


def ask_twice(order: Order) -> str:
    """A cursor of the list, whose only row is `THING_1`."""
    add([(2, THING_1)])
    return ask(order, None, 1).next or ""


def unpacked(cursor: str) -> list[Any]:
    found: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    return found


def packed(content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return base64.urlsafe_b64encode(text.encode(errors="surrogatepass")).decode().rstrip("=")


def test_no_place_lies_behind_null() -> None:
    fill([(1, THING_1 | {"size": None}), (2, THING_1 | {"size": None})])
    with pytest.raises(TypeError, match="NoneType"):
        ask(Order(SIZE, ID), None, 1)


def test_a_list_is_not_sorted_by_what_no_cursor_holds() -> None:
    with pytest.raises(TypeError, match="float"):
        Order(cast(SIZE, Float).desc(), ID)


@pytest.mark.parametrize("limit", [0, -1, keyset.MOST_ROWS + 1])
def test_a_page_has_a_sound_number_of_rows(limit: int) -> None:
    with pytest.raises(ValueError, match="rows"):
        Asked(limit)
