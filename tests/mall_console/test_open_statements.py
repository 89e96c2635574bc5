"""Finance works through what is open: lists, several at once, invoices, accounts, and the month before."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry, Role
from app.access.scopes import Place
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls import store_refs
from app.settlement.accounts import accounts
from app.settlement.accounts.models import BankAccount
from app.settlement.ledger import postings
from app.settlement.statements import statements
from app.settlement.statements.models import InvoiceStatus, Statement, StatementStatus
from tests.builders.console import World
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock


@pytest.fixture
def may(world: World, clock: StillClock) -> list[Statement]:
    """The third of May: of February nothing is owed, of March the merchant owes 1.15 yuan, of April 50."""
    clock.advance(days=23)
    statements.close_month(world.mall.id, date(2026, 3, 1), now=clock.now)
    postings.post_purchase(
        store_refs.of(world.store), fact=Fact("purchase", "april"), amount_fen=100_000, points=0,
        occurred_at=app_clock.now(),
    )  # fmt: skip
    clock.advance(days=30)
    statements.close_month(world.mall.id, date(2026, 4, 1), now=clock.now)
    return list(
        db.session.scalars(select(Statement).where(Statement.mall_id == world.mall.id).order_by(Statement.period))
    )


def confirmed(found: list[Statement], clock: StillClock) -> list[Statement]:
    for one in found:
        statements.confirm(one.id, by="王海", now=clock.now)
    return found


def entries(action: str) -> Sequence[AuditEntry]:
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)).all()


def listed(finance: Console, world: World, which: str) -> list[str]:
    page = finance.get(f"{world.base}/due?list={which}").text
    return re.findall(r'name="row" value="([^"]+)"', page)


def test_every_open_statement_is_in_one_list_the_oldest_first(
    may: list[Statement], finance: Console, world: World, clock: StillClock
) -> None:
    february, march, april = may
    assert listed(finance, world, "unconfirmed") == [one.statement_no for one in may]
    statements.dispute(april.id, reason="多算了", now=clock.now)
    confirmed([february, march], clock)
    clock.advance(days=4)
    finance = Console.of(finance.client, finance.person)
    assert listed(finance, world, "payable") == [february.statement_no]
    assert listed(finance, world, "receivable") == [march.statement_no]
    assert listed(finance, world, "disputed") == [april.statement_no]
    assert listed(finance, world, "unconfirmed") == []
    page = finance.get(f"{world.base}/due?list=receivable").text
    assert "还有 26 天" in page and "应收商户 ¥1.15" in re.sub(r"<[^>]+>", "", page) and "待收款" in page
    statements.mark_paid(march.id, reference="B1", now=clock.now)
    assert listed(finance, world, "receivable") == []


def test_the_page_opens_on_the_first_list_that_has_something(
    may: list[Statement], finance: Console, world: World, clock: StillClock
) -> None:
    def opened() -> str:
        [current] = re.findall(r'list=(\w+)" aria-current="page"', finance.get(f"{world.base}/due").text)
        return current

    assert opened() == "unconfirmed"
    statements.dispute(may[2].id, reason="多算了", now=clock.now)
    assert opened() == "disputed"
    confirmed(may[1:2], clock)
    assert opened() == "receivable"
    confirmed(may[:1], clock)
    assert opened() == "payable"


def test_what_is_overdue_says_so_and_stands_first(
    may: list[Statement], finance: Console, world: World, clock: StillClock
) -> None:
    february, march, april = may
    confirmed([april, february], clock)
    clock.advance(days=1)
    confirmed([march], clock)
    clock.advance(days=29)
    finance = Console.of(finance.client, finance.person)
    due = f"{world.base}/due?list=receivable"
    assert listed(finance, world, "receivable") == [april.statement_no, march.statement_no]
    assert "逾期 " not in finance.get(due).text and "<small>今天到期" in finance.get(due).text
    home = re.findall(
        r'href="([^"]+)"><i class="todo-mark[^>]+></i><span>结算单商户已确认，(.*?)</span><b[^>]*>(.*?)<',
        finance.get(world.base).text,
    )
    assert home == [(due.replace("receivable", "payable"), "待付款", "1 张"), (due, "待收款", "2 张")]
    assert "已逾期" not in finance.get(world.base).text
    clock.advance(days=2)
    finance = Console.of(finance.client, finance.person)
    page = finance.get(due).text
    assert page.index("逾期 2 天") < page.index("逾期 1 天") and "逾期 2 张" in page
    assert "逾期" not in finance.get(f"{world.base}/due?list=payable").text.partition("<table")[2]  # nothing is owed
    home = finance.get(world.base).text
    assert "商户应付的结算单已逾期" in home and f'href="{due}"' in home
    shown = finance.get(f"{world.base}/settlement/statements/{april.statement_no}").text
    assert str(april.due_on) in shown and "逾期 2 天" in shown
    statements.mark_paid(april.id, reference="B1", now=clock.now)
    assert "逾期" not in finance.get(f"{world.base}/settlement/statements/{april.statement_no}").text


def test_another_mall_sees_none_of_them(
    may: list[Statement], world: World, other: World, enter: SignIn, clock: StillClock
) -> None:
    theirs = enter(Role.FINANCE, Place(mall_id=other.mall.id))
    assert may[1].statement_no not in theirs.get(f"{other.base}/due?list=unconfirmed").text
    assert theirs.get(f"{world.base}/due").status_code == 404
    assert theirs.get(f"{other.base}/due/batch.csv?no={may[1].statement_no}").status_code == 404


def test_those_that_are_ticked_come_in_one_file(may: list[Statement], finance: Console, world: World) -> None:
    wanted = [one.statement_no for one in may[1:]]
    with finance.get(f"{world.base}/due/batch.csv?no={wanted[0]}&no={wanted[1]}") as answer:
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {row["结算单号"] for row in rows} == set(wanted)
    assert finance.get(f"{world.base}/due/batch.csv").status_code == 422
    assert finance.get(f"{world.base}/due/batch.csv?no=JS209901-X-Y").status_code == 404
    assert finance.get(f"{world.base}/due/batch.exe?no={wanted[0]}").status_code == 404


def test_what_is_ticked_leads_to_its_file_and_to_the_question(
    may: list[Statement], finance: Console, world: World
) -> None:
    wanted, base = [one.statement_no for one in may[1:]], f"{world.base}/due/batch"
    numbers = f"no={wanted[0]}&no={wanted[1]}"
    assert finance.post(f"{base}/ticked/pdf", row=wanted).location == f"{base}.pdf?{numbers}"
    assert finance.post(f"{base}/ticked/paid", row=wanted).location == f"{base}/paid?{numbers}"
    assert finance.post(f"{base}/ticked/exe", row=wanted).status_code == 404
    page = f"{world.base}/settlement/2026-03"
    asked = finance.post(f"{base}/ticked/paid", page=page, row=wanted[:1]).location
    assert f'class="headline-back" href="{page}"' in finance.get(asked).text
    page = f"{world.base}/due"
    assert finance.post(f"{base}/ticked/paid", page=page, row=[str(number) for number in range(101)]).location == page
    assert "一次最多处理 100 条" in finance.get(page).text


def test_statements_are_searched_narrowed_sorted_and_exported(
    may: list[Statement], finance: Console, world: World, clock: StillClock
) -> None:
    february, march, april = (one.statement_no for one in may)
    due, month = f"{world.base}/due?list=unconfirmed", f"{world.base}/settlement/2026-03"

    def shown(address: str) -> list[str]:
        return re.findall(r'name="row" value="([^"]+)"', finance.get(address).text)

    assert shown(f"{due}&q={april.lower()}") == [april] and shown(f"{due}&q=乙") == []
    assert shown(f"{due}&q=甲&way=due") == [march, april] and shown(f"{due}&way=none") == [february]
    assert shown(f"{due}&sort=-period") == [april, march, february] and shown(f"{due}&sort=amount")[0] == april
    assert shown(f"{month}?status=issued&invoice=open") == [march] and shown(f"{month}?status=paid") == []
    confirmed(may[1:2], clock)
    due = f"{world.base}/due?list=receivable"
    assert shown(f"{due}&due_from={may[1].due_on}") == [march] and shown(f"{due}&due_to=2026-05-03") == []
    assert "30 天内到期" in finance.get(due).text and "近 7 天" not in finance.get(due).text
    text = finance.get(f"{month}?export=csv&col=no&col=amount").data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["商户", "结算单号", "金额"], ["甲餐饮（M-YH）", march, "-1.15"]]


def test_several_are_settled_with_a_common_reference_and_their_own(
    may: list[Statement], finance: Console, world: World, clock: StillClock
) -> None:
    march, april = confirmed(may[1:], clock)
    address = f"{world.base}/due/batch/paid"
    asked = f"{address}?no={march.statement_no}&no={april.statement_no}"
    page = finance.get(asked).text
    assert "2 张结算单" in page and "收自商户 ¥51.15" in page and "收款凭证" in page
    fields: dict[str, Any] = {"no": [march.statement_no, april.statement_no], "reference": "B-2026\r\n05\x07"}
    finance.post(address, page=asked, **fields, **{f"reference.{april.statement_no}": "OWN\n\x1b 1"})
    for one in (march, april):
        db.session.refresh(one)
    assert (march.payment_reference, april.payment_reference) == ("B-2026 05", "OWN 1")
    assert april.status == StatementStatus.PAID and len(entries("statement.pay")) == 2


def test_a_reference_that_is_too_long_is_refused_beside_its_field_and_nothing_is_cut(
    may: list[Statement], finance: Console, world: World, clock: StillClock
) -> None:
    march, april = confirmed(may[1:], clock)
    address = f"{world.base}/due/batch/paid"
    asked = f"{address}?no={march.statement_no}&no={april.statement_no}"
    numbers, long = [march.statement_no, april.statement_no], "x" * 101
    assert finance.post(address, page=asked, no=numbers, reference=long).location == asked
    assert f'value="{long}"' in finance.get(asked).text
    finance.post(address, page=asked, no=numbers, reference="B", **{f"reference.{april.statement_no}": long})
    page = finance.get(asked).text
    assert f'id="problem-reference.{april.statement_no}">最多 100 个字' in page and f'value="{long}"' in page
    finance.post(f"{world.base}/settlement/statements/{march.statement_no}/paid", page=asked, reference=long)
    assert "凭证：请填写 1 至 100 个字" in finance.get(asked).text
    for one in (march, april):
        db.session.refresh(one)
        assert (one.status, one.payment_reference) == (StatementStatus.CONFIRMED, None)
    own = {f"reference.{number}": f"{number} {'y' * 80}" for number in numbers}
    finance.post(address, page=asked, no=numbers, reference="", **own)
    db.session.refresh(april)
    assert april.payment_reference == own[f"reference.{april.statement_no}"]


def test_one_that_is_not_agreed_leaves_all_as_they_are(
    may: list[Statement], finance: Console, world: World, clock: StillClock
) -> None:
    march, april = may[1:]
    confirmed([march], clock)
    address = f"{world.base}/due/batch/paid"
    asked = f"{address}?no={march.statement_no}&no={april.statement_no}"
    numbers = [march.statement_no, april.statement_no]
    shown = finance.get(asked).text
    assert "1 张不在这次标记之内" in shown and "1 张结算单</h2>" in shown
    assert f'name="reference.{march.statement_no}"' in shown and f'name="reference.{april.statement_no}"' not in shown
    assert finance.post(address, page=asked, no=numbers, reference="B").location == asked
    assert f"没有标记任何一张：{april.statement_no}" in finance.get(asked).text
    finance.post(address, page=asked, no=[march.statement_no], reference="  ")
    assert f'id="problem-reference.{march.statement_no}">请填写凭证号' in finance.get(asked).text
    db.session.refresh(march)
    assert march.status == StatementStatus.CONFIRMED


def test_an_invoice_is_written_down_with_its_number_and_corrected(
    may: list[Statement], finance: Console, world: World
) -> None:
    page = f"{world.base}/settlement/statements/{may[1].statement_no}"
    assert "未开票" in finance.get(page).text
    finance.post(f"{page}/invoice", page=page, invoice_status="issued", invoice_no=" ")
    assert "请填写完整，不能为空" in finance.get(page).text
    finance.post(f"{page}/invoice", page=page, invoice_status="issued", invoice_no="2531200000-11")
    assert "2531200000-11" in finance.get(page).text
    assert audited("statement.invoice").facts["invoice_no"] == "2531200000-11"
    finance.post(f"{page}/invoice", page=page, invoice_status="waived", invoice_no="2531200000-11")
    db.session.refresh(may[1])
    assert (may[1].invoice_status, may[1].invoice_no) == (InvoiceStatus.WAIVED, None)


def test_accounts_are_sealed_shown_to_who_pays_and_named_in_the_log_by_their_end(
    may: list[Statement], finance: Console, world: World
) -> None:
    own, statement = f"{world.base}/settlement/account", f"{world.base}/settlement/statements/{may[1].statement_no}"
    assert "还没有填写" in finance.get(statement).text
    for number in ("6222 0000 1111 2345", "６２２２０００１９９９９６７８９"):
        finance.post(own, page=own, holder="悦汇城商业管理有限公司", bank="工商银行上海分行", number=number)
    assert "6222000199996789" in finance.get(own).text and "6222000199996789" in finance.get(statement).text
    assert entries("account.set")[-1].facts == {"bank": "工商银行上海分行", "number": "****6789"}
    kept = db.session.scalars(select(BankAccount)).one()
    assert b"6789" not in kept.number_sealed
    finance.post(own, page=own, holder="x", bank="y", number="12-ab")
    assert "8 至 32 位数字" in finance.get(own).text


def test_the_money_of_a_statement_goes_to_who_is_owed(world: World, clock: StillClock) -> None:
    mall_id, merchant_id = world.mall.id, world.merchant.id
    accounts.set_account(mall_id, None, holder="商场", bank="甲行", number="11111111", now=clock.now)
    accounts.set_account(mall_id, merchant_id, holder="商户", bank="乙行", number="22222222", now=clock.now)
    found = [accounts.receiver_of(mall_id, merchant_id, fen) for fen in (1, -1, 0)]
    assert [one and one.holder for one in found] == ["商户", "商场", None]


def test_a_statement_is_compared_with_the_month_before(may: list[Statement], finance: Console, world: World) -> None:
    february, march, april = may
    page = finance.get(f"{world.base}/settlement/statements/{april.statement_no}").text
    text = re.sub(r"<[^>]+>", " ", page)
    assert "上月 应收商户 ¥1.15" in text and "本月 应收商户 ¥50.00" in text
    assert "上月没有结算单" in finance.get(f"{world.base}/settlement/statements/{february.statement_no}").text
    month = re.sub(r"<[^>]+>", " ", finance.get(f"{world.base}/settlement/2026-04").text)
    assert re.search(r"¥50.00\s+应收商户\s+¥1.15\s+应收商户\s+待商户确认", month) and "应收 ¥50.00" in month
