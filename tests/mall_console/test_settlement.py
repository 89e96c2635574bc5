"""Finance: closing, statements, disputes, payment, downloads, contract terms."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select

from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.security import codes
from app.malls import store_refs
from app.settlement import agreements
from app.settlement.contracts import contracts
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import postings
from app.settlement.statements import statements
from app.settlement.statements.models import Statement
from tests.builders.console import World
from tests.builders.malls import make_merchant
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock


@pytest.fixture
def april(world: World, clock: StillClock) -> None:
    """The third of April: March, with its purchase and its redemption, is over."""
    clock.advance(days=23)


def _statement(world: World, period: date) -> Statement:
    return db.session.scalars(
        select(Statement).where(Statement.mall_id == world.mall.id, Statement.period == period)
    ).one()


MARCH = date(2026, 3, 1)


def test_a_month_that_is_not_over_is_not_offered_and_not_closed(finance: Console, world: World) -> None:
    page = f"{world.base}/settlement"
    assert f"{page}/close" not in finance.get(page).text
    assert "2026 年 4 月 1 日才能关账" in finance.get(f"{page}/close").text
    assert finance.post(f"{page}/close", page=page, period="2026-03").location == page
    assert "当月尚未结束" in finance.get(page).text


def test_the_question_before_closing_tells_what_is_closed(april: None, finance: Console, world: World) -> None:
    """What was posted in April already is not part of it."""
    ask = f"{world.base}/settlement/close"
    before = re.findall(r'<dd class="num">([^<]*)</dd>', finance.get(ask).text)
    place = store_refs.of(world.store)
    postings.post_purchase(
        place, fact=Fact("purchase", "april"), amount_fen=99_900, points=0, occurred_at=app_clock.now()
    )
    later = make_merchant(name="四月商户")
    agreements.add_terms(
        world.mall.id,
        later.id,
        effective_from=date(2026, 4, 1),
        commission_bps=1,
        issue_price_fen=1,
        redeem_price_fen=1,
    )
    after = re.findall(r'<dd class="num">([^<]*)</dd>', finance.get(ask).text)
    assert after == before and before[1] == "1 张"
    finance.post(ask, period="2026-03")
    direction, total = before[3].split()
    assert f"<b>{total}</b><small>{direction} ·" in finance.get(f"{world.base}/settlement/2026-03").text


def test_closing_confirms_first_issues_once_and_is_audited(april: None, finance: Console, world: World) -> None:
    page = f"{world.base}/settlement"
    assert f"{page}/close" in finance.get(page).text
    assert "2026 年 3 月关账" in finance.get(f"{page}/close").text
    key = codes.new_public_id()
    first = finance.post(f"{page}/close", key=key, period="2026-03")
    again = finance.post(f"{page}/close", key=key, period="2026-03")
    assert (first.status_code, first.location, again.location) == (303, f"{page}/2026-03", f"{page}/2026-03")
    entry = audited("statement.close")
    assert (entry.actor_id, entry.mall_id, entry.facts) == (
        finance.person.id,
        world.mall.id,
        {"period": "2026-03", "issued": 1},
    )
    statement = _statement(world, MARCH)
    month = finance.get(f"{page}/2026-03").text
    assert "出具 1 张结算单" in month and statement.statement_no in month


def test_a_statement_shows_every_row_and_what_it_was_worked_out_from(
    april: None, finance: Console, world: World
) -> None:
    finance.post(f"{world.base}/settlement/close", period="2026-03")
    statement = _statement(world, MARCH)
    page = finance.get(f"{world.base}/settlement/statements/{statement.statement_no}").text
    assert statement.amount_fen == 600 - 617 - 98
    assert all(text in page for text in ("¥1.15", "-¥6.17", "¥6.00", "核销「甲立减」", "YH-R1", "会员消费佣金"))


def test_a_dispute_is_answered_and_a_confirmed_statement_is_paid_once(
    april: None, finance: Console, world: World, clock: StillClock
) -> None:
    finance.post(f"{world.base}/settlement/close", period="2026-03")
    statement = _statement(world, MARCH)
    address = f"{world.base}/settlement/statements/{statement.statement_no}"
    statements.dispute(statement.id, reason="少算一笔", now=clock.now)
    assert "少算一笔" in finance.get(address).text
    assert finance.post(f"{address}/answer", answer="已核对，无误").location == address
    assert "已核对，无误" in finance.get(address).text
    assert audited("statement.answer").facts["answer"] == "已核对，无误"
    finance.post(f"{address}/paid", page=address, reference="工行 7")
    assert "当前状态不能进行此操作" in finance.get(address).text
    statements.confirm(statement.id, by="王海", now=clock.now)
    assert finance.post(f"{address}/paid", reference="工行 7").location == address
    db.session.refresh(statement)
    assert (statement.status, statement.payment_reference) == ("paid", "工行 7")
    entry = audited("statement.pay")
    assert (entry.merchant_id, entry.facts["reference"], entry.facts["amount_fen"]) == (
        world.merchant.id,
        "工行 7",
        statement.amount_fen,
    )


def test_downloads_open_as_workbook_and_text_and_hold_only_this_mall(
    april: None, finance: Console, world: World, other: World
) -> None:
    finance.post(f"{world.base}/settlement/close", period="2026-03")
    statements.close_month(other.mall.id, MARCH, now=app_clock.now())
    for address in (f"/settlement/statements/{_statement(world, MARCH).statement_no}", "/settlement/2026-03"):
        book = finance.get(f"{world.base}{address}.xlsx")
        assert book.headers["Content-Disposition"].startswith("attachment")
        rows = list(openpyxl.load_workbook(BytesIO(book.data))["明细"].iter_rows(values_only=True))
        text = finance.get(f"{world.base}{address}.csv").data.decode("utf-8-sig")
        assert len(rows) == 1 + 4 + 1 and text.count("\r\n") + text.count("\n") >= 5
        assert "甲火锅" in text and "乙" not in text and not any("乙" in str(cell) for row in rows for cell in row)


def test_terms_get_a_new_version_and_the_old_one_stays(finance: Console, world: World) -> None:
    page = f"{world.base}/contracts/{world.merchant.code}"
    form = {
        "effective_from": "2026-03-12",
        "commission": "6.5",
        "issue_price": "0.8",
        "redeem_price": "1",
        "due_days": "30",
    }
    assert finance.post(f"{page}/terms", **form).location == page
    found = contracts.list_terms(world.mall.id, world.merchant.id)
    assert [(terms.commission_bps, terms.issue_price_fen, terms.redeem_price_fen) for terms in found[:2]] == [
        (650, 80, 100),
        (500, 80, 90),
    ]
    assert audited("contract.manage").facts["commission_bps"] == 650
    assert "待生效" in finance.get(page).text


def test_terms_for_a_closed_day_are_refused_with_what_was_typed_kept(finance: Console, world: World) -> None:
    page = f"{world.base}/contracts/{world.merchant.code}"
    form = {
        "effective_from": "2026-02-20",
        "commission": "7.5",
        "issue_price": "0.8",
        "redeem_price": "1",
        "due_days": "30",
    }
    assert finance.post(f"{page}/terms", page=page, **form).location == page
    shown = finance.get(page).text
    assert "2026-02-20 所在账期已关账" in shown and 'value="7.5"' in shown
    assert db.session.scalars(select(ContractTerms).where(ContractTerms.commission_bps == 750)).all() == []


@pytest.mark.parametrize("commission", ["", "-1", "abc", "100.01", "1e3", "1.234"])
def test_a_commission_that_is_no_percentage_names_the_field(finance: Console, world: World, commission: str) -> None:
    page = f"{world.base}/contracts/{world.merchant.code}"
    form = {
        "effective_from": "2026-03-12",
        "commission": commission,
        "issue_price": "0.8",
        "redeem_price": "1",
        "due_days": "30",
    }
    finance.post(f"{page}/terms", page=page, **form)
    assert "会员消费佣金" in finance.get(page).text.split("<main")[1].split("headline")[0]
