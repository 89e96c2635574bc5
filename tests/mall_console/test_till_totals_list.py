"""Finance reads which days of tills differ from the receipts that came, the largest difference first."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.access.models import Role
from app.flows import purchases
from app.flows.purchases import Buyer
from app.kernel import clock as app_clock
from app.purchases.rules import Receipt
from app.purchases.totals import totals
from app.purchases.totals.totals import Told
from app.workers import receipts
from tests.builders.settlement import Contract
from tests.builders.staff import make_staff, sign_in
from tests.support.clock import StillClock


def come_in(client: FlaskClient) -> None:
    assert sign_in(client, make_staff(Role.FINANCE), portal="/console").status_code == 303


@pytest.fixture
def base(client: FlaskClient, contract: Contract) -> str:
    come_in(client)
    return f"/console/{contract.mall.code}/purchases/totals"


def tell(contract: Contract, clock: StillClock, till: str, fen: int) -> None:
    """A till rings up 100 yuan today, and says of the day what it says."""
    number, at = f"R{till}", clock.now - timedelta(minutes=5)
    store = contract.store
    receipt = Receipt(
        source="pos", receipt_no=number, store_code=store.code, occurred_at=at, amount_fen=10_000, till=till
    )
    purchases.record_purchase(receipt, store, Buyer(), now=clock.now)
    told = Told(source="pos", till=till, receipt_count=1, amount_fen=fen)
    totals.keep(store, app_clock.business_date(clock.now), told, now=clock.now)


def test_what_differs_most_stands_first_and_leads_to_its_day(
    client: FlaskClient, contract: Contract, base: str, clock: StillClock
) -> None:
    for till, fen in (("1", 10_000), ("2", 10_100), ("3", 25_000)):
        tell(contract, clock, till, fen)
    assert client.get(base).text.count("待核对</span>") == 3
    day = app_clock.business_date(clock.now)
    clock.advance(days=1)
    assert receipts.compare_totals(limit=9) == 1
    come_in(client)
    page = client.get(base).text
    assert page.index("收银台 3") < page.index("收银台 2") < page.index("收银台 1")
    assert "-¥150.00" in page.replace("−", "-") and f"/totals/{contract.store.code}/{day}/pos" in page
    differing = client.get(f"{base}?state=differs").text
    assert "收银台 3" in differing and "收银台 1" not in differing


def test_without_any_it_says_what_will_stand_there(client: FlaskClient, base: str) -> None:
    assert "收银系统上传日结后" in client.get(base).text
    assert "没有不一致的日结" in client.get(f"{base}?state=differs").text
