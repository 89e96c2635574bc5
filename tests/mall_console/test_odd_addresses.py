"""Days, months and numbers that no calendar and no table holds: ignored, refused or not found, never a failure."""

import pytest

from app.access.models import Role
from app.access.scopes import Place
from tests.builders.console import World
from tests.builders.restatements import TRIAL
from tests.mall_console import addresses
from tests.mall_console.conftest import SignIn

BEYOND_BIGINT = 2**63


@pytest.mark.parametrize("odd", ["9999-12-31", "0001-01-01", "1999-12-31", "２０２６-01-01", "20260101"])
def test_a_day_that_is_none_narrows_nothing(world: World, enter: SignIn, odd: str) -> None:
    console = enter(Role.ADMINISTRATOR, Place(mall_id=world.mall.id))
    for path in addresses.pages(world):
        mark = "&" if "?" in path else "?"
        asked = console.get(f"{world.base}{path}{mark}day={odd}&sent={odd}&joined={odd}&cursor={odd}")
        assert asked.status_code == 200, path


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "0000-01", "2026-00"])
def test_a_month_that_is_none_is_not_closed(world: World, enter: SignIn, month: str) -> None:
    console = enter(Role.FINANCE, Place(mall_id=world.mall.id))
    assert console.post(f"{world.base}/settlement/close", period=month).status_code == 422
    assert console.get(f"{world.base}/settlement/{month}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"/entrances/{BEYOND_BIGINT}",
        f"/entrances/{BEYOND_BIGINT}/poster.png",
        f"/messages/{BEYOND_BIGINT}-1",
        f"/messages/1-{BEYOND_BIGINT}",
        f"/lifecycle/restated/{TRIAL}_{'9' * 5_000}_2_6-warning",
        f"/lifecycle/restated/{TRIAL}_٠_2_6-warning",
    ],
)
def test_a_number_beyond_every_table_leads_nowhere(world: World, enter: SignIn, path: str) -> None:
    console = enter(Role.ADMINISTRATOR, Place(mall_id=world.mall.id))
    assert console.get(world.base + path).status_code == 404


@pytest.mark.parametrize("row", [str(BEYOND_BIGINT), "9" * 5_000, "٣", "-1", "1.0"])
@pytest.mark.parametrize("path", ["inbox/give", "inbox/dismiss", "inbox/restore", "waiting/store", "waiting/dismiss"])
def test_a_ticked_row_that_no_table_can_have_is_not_found(world: World, enter: SignIn, path: str, row: str) -> None:
    console = enter(Role.OPERATIONS, Place(mall_id=world.mall.id))
    assert console.post(f"{world.base}/purchases/{path}", row=row).status_code == 404
