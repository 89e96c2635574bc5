"""What the manager sees and changes, and what nobody else may: statements, people, money of other days."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.models import AuditEntry
from app.benefits.coupons.models import Coupon
from app.identity.models import Member
from app.kernel import clock as kernel_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls import store_refs
from app.malls.models import Mall, Store
from app.settlement.accounts import accounts
from app.settlement.ledger import postings
from app.settlement.statements import statements
from app.settlement.statements.models import Statement, StatementStatus
from merchant_portal.kit.today import LONGEST_LIST
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.malls import make_merchant, make_store
from tests.builders.staff import make_manager, submit
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client

MARCH = date(2026, 3, 1)


@pytest.fixture
def statement(manager: Portal, store: Store, clock: StillClock) -> Statement:
    """March of the store's merchant: two purchases, closed in April; the manager is signed in again."""
    place = store_refs.of(store)
    for number in (1, 2):
        fact = Fact("purchase", "pos", f"R{number}")
        postings.post_purchase(place, fact=fact, amount_fen=20_000, points=200, occurred_at=clock.now)
    return close_march(manager, store, clock)


def close_march(manager: Portal, store: Store, clock: StillClock) -> Statement:
    """The statement of March, and the manager signed in on the day it is there."""
    clock.advance(days=30)
    statements.close_month(store.mall_id, MARCH, now=clock.now)
    manager.token = Portal.of(manager.client, manager.person).token
    return db.session.scalars(select(Statement).where(Statement.merchant_id == store.merchant_id)).one()


def address(statement: Statement, rest: str = "") -> str:
    return f"/portal/statements/{statement.statement_no}{rest}"


def stranger(app: Flask, mall: Mall) -> Portal:
    """The manager of another merchant in the same mall."""
    elsewhere = make_store(mall, make_merchant())
    return Portal.of(Client(app, app.response_class), make_manager(elsewhere))


@pytest.mark.requirement("S3.25")
def test_the_manager_lists_and_reads_the_statement_with_every_row(manager: Portal, statement: Statement) -> None:
    listed = manager.client.get("/portal/statements").text
    assert statement.statement_no in listed and "2026 年 3 月" in listed
    page = manager.client.get(address(statement)).text
    assert page.count('class="posting"') == statement.posting_count == 4
    assert "R1" in page and "R2" in page and "待您确认" in page and "待商户确认" not in page
    due = f"¥{-statement.amount_fen / 100:.2f}"
    assert re.findall(r"应付商场</p>\s*<p class=\"bill-total num\">([^<]+)<", page) == [due]
    assert f'<span class="bill-sum num">{due}<small>应付商场' in listed and f"-{due}" not in listed + page
    assert page.index("逐笔明细") < page.index("确认无误") and "合计（应付商场）" in page


def test_who_owes_reads_where_to_pay(manager: Portal, statement: Statement, clock: StillClock) -> None:
    assert "<dt>付款到</dt><dd>尚未登记" in manager.client.get(address(statement)).text
    accounts.set_account(
        statement.mall_id, None, holder="商管公司", bank="工商银行", number="6222 0000 1111", now=clock.now
    )
    page = manager.client.get(address(statement)).text
    assert "付款到" in page and "622200001111" in page and "未开票" in page and "尚未登记" not in page


def test_every_row_says_what_it_was_worked_out_from(manager: Portal, statement: Statement) -> None:
    rows = re.findall(r'class="posting">.*?</li>', manager.client.get(address(statement)).text, re.DOTALL)
    assert len([row for row in rows if "<small>¥200.00</small><small>× 5%<" in row]) == 2
    assert len([row for row in rows if "200 积分</small><small>单价 ¥0.80/百积分<" in row]) == 2


def test_a_coupon_row_says_which_part_of_the_discount_is_whose(
    clerk: Portal, coupon: Coupon, manager: Portal, store: Store, clock: StillClock
) -> None:
    clerk.redeem(coupon)
    page = manager.client.get(address(close_march(manager, store, clock))).text
    assert "¥6.00<small>¥6.00</small><small>占优惠的 60%<" in page
    assert "¥0.00<small>¥4.00</small><small>占优惠的 40%<" in page


def test_downloads_carry_every_row(manager: Portal, statement: Statement) -> None:
    with manager.client.get(address(statement, ".csv")) as csv:
        assert csv.headers["Content-Disposition"].startswith("attachment")
        text = csv.data.decode("utf-8-sig")
    assert "R1" in text and "R2" in text
    with manager.client.get(address(statement, ".xlsx")) as xlsx:
        assert xlsx.data[:2] == b"PK" and "spreadsheetml" in xlsx.mimetype
    with manager.client.get(address(statement, ".pdf")) as pdf:
        assert pdf.data.startswith(b"%PDF-") and pdf.mimetype == "application/pdf"


def test_confirming_is_kept_shown_and_audited(manager: Portal, statement: Statement) -> None:
    answer = submit(manager.client, address(statement), address(statement, "/confirm"))
    assert answer.location == address(statement)
    assert statement.amount_fen < 0
    assert "已确认，请按此金额向商场付款" in manager.client.get(answer.location).text
    db.session.refresh(statement)
    assert (statement.status, statement.confirmed_by) == (StatementStatus.CONFIRMED, "王海")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "statement.confirm")).one()
    assert (entry.actor_id, entry.merchant_id) == (manager.person.id, statement.merchant_id)


def test_confirming_is_asked_once_more_with_what_follows(manager: Portal, statement: Statement) -> None:
    page = manager.client.get(address(statement)).text
    [question] = re.findall(r"<details class=\"sure\">.*?</details>", page, re.DOTALL)
    due = f'请在确认后 30 天内向商场付款 <b class="num">¥{-statement.amount_fen / 100:.2f}</b>'
    assert "不能撤回" in question and due in question
    assert page.count(f'action="{address(statement, "/confirm")}"') == question.count("/confirm") == 1


def test_a_form_sent_twice_is_done_once(manager: Portal, statement: Statement) -> None:
    form = {"csrf_token": manager.token, "idempotency_key": "form-key-0001", "reason": "第二笔不是我们的"}
    answers = [manager.client.post(address(statement, "/dispute"), data=form) for _ in range(2)]
    assert [answer.location for answer in answers] == [address(statement)] * 2
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "statement.dispute")).all()) == 1


def test_a_dispute_needs_words_and_comes_back_to_the_form(manager: Portal, statement: Statement) -> None:
    answer = submit(manager.client, address(statement), address(statement, "/dispute"), reason="  ")
    assert answer.location == address(statement)
    assert "请填写 1 至 500 个字" in manager.client.get(answer.location).text
    submit(manager.client, address(statement), address(statement, "/dispute"), reason="<b>金额</b>不符")
    page = manager.client.get(address(statement)).text
    assert "&lt;b&gt;金额&lt;/b&gt;不符" in page and "<b>金额</b>" not in page
    assert "异议处理中" in page and "提出异议" not in page and 'tag-disputed">待商场答复' in page
    db.session.refresh(statement)
    assert statement.status == StatementStatus.DISPUTED
    statements.answer_dispute(statement.id, answer="已核对，金额无误")
    for place in ("/portal/statements", address(statement)):
        assert 'tag-issued">已答复，待您确认' in manager.client.get(place).text


@pytest.mark.parametrize("rest", ["", ".xlsx", ".csv"])
def test_another_merchant_finds_no_such_statement(app: Flask, mall: Mall, statement: Statement, rest: str) -> None:
    other = stranger(app, mall)
    assert other.client.get(address(statement, rest)).status_code == 404
    assert statement.statement_no not in other.client.get("/portal/statements").text


@pytest.mark.parametrize("step", ["/confirm", "/dispute"])
def test_another_merchant_changes_no_statement(app: Flask, mall: Mall, statement: Statement, step: str) -> None:
    other = stranger(app, mall)
    form = {"csrf_token": other.token, "idempotency_key": "form-key-0001", "reason": "x"}
    assert other.client.post(address(statement, step), data=form).status_code == 404
    db.session.refresh(statement)
    assert statement.status == StatementStatus.ISSUED


@pytest.mark.parametrize("path", ["/portal/statements", "/portal/clerks", "/portal/clerks/new"])
def test_a_clerk_sees_neither_statements_nor_people(clerk: Portal, path: str) -> None:
    assert clerk.client.get(path).status_code == 403
    page = clerk.client.get("/portal/me").text
    assert "/portal/clerks" not in page and "/portal/statements" not in page


def test_a_clerk_sees_amounts_of_today_only(clerk: Portal, manager: Portal, coupon: Coupon, clock: StillClock) -> None:
    clerk.redeem(coupon)
    day = kernel_clock.business_date(clock.now)
    assert "¥10.00" in clerk.client.get(f"/portal/history?day={day}").text
    clock.advance(days=1)
    for portal in (clerk, manager):
        Portal.of(portal.client, portal.person)
    past = clerk.client.get(f"/portal/history?day={day}").text
    assert "立减券" in past and "¥10.00" not in past
    assert "¥10.00" in manager.client.get(f"/portal/history?day={day}").text


@pytest.mark.parametrize("day", ["2026-02-31", "tomorrow", "9999-12-31", "0001-01-01", ""])
def test_history_of_an_impossible_day_is_today(clerk: Portal, day: str) -> None:
    answer = clerk.client.get("/portal/history", query_string={"day": day})
    assert answer.status_code == 200 and 'value="2026-03-11"' in answer.text


def test_history_as_a_part_has_no_frame(clerk: Portal) -> None:
    part = clerk.client.get("/portal/history", headers={"HX-Request": "true"}).text
    assert "这一天没有核销" in part and "<html" not in part


def test_a_long_day_is_read_page_by_page_without_gaps(
    clerk: Portal, member: Member, mall: Mall, clock: StillClock
) -> None:
    campaign = make_campaign(mall, per_member_limit=1_000)
    for _ in range(LONGEST_LIST + 3):
        clerk.redeem(make_coupon(member, campaign))
        clock.advance(seconds=1)
    first = clerk.client.get("/portal/history").text
    [more] = re.findall(r'hx-get="(/portal/history[^"]+cursor=[^"]+)"', first)
    rest = clerk.client.get(more.replace("&amp;", "&"), headers={"HX-Request": "true"}).text
    assert (first.count('class="use"'), rest.count('class="use"')) == (LONGEST_LIST, 3)
    assert "李芳" in rest and "cursor=" not in rest


@pytest.mark.parametrize("cursor", ["", "x", "9" * 30])
def test_a_nonsense_cursor_counts_as_none(clerk: Portal, cursor: str) -> None:
    assert clerk.client.get("/portal/history", query_string={"cursor": cursor}).status_code == 200


def test_a_store_that_closed_is_no_place_to_stand(clerk: Portal, store: Store) -> None:
    store.active = False
    db.session.flush()
    assert clerk.client.get("/portal").location == "/portal/stores"
    answer = clerk.client.get("/portal/api/today")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "store_required")


def test_error_pages_speak_chinese_and_show_no_trace(manager: Portal) -> None:
    answer = manager.client.get("/portal/nowhere")
    assert answer.status_code == 404 and "未找到" in answer.text and "Traceback" not in answer.text


def test_pages_carry_the_malls_accent_and_no_inline_script(manager: Portal) -> None:
    page = manager.client.get("/portal")
    assert '<link rel="stylesheet" href="/theme/0f766e.css">' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert " style=" not in page.text and "onclick" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
