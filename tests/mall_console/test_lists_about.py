"""Lists about one thing: a member's, a campaign's, a statement's rows, with all that the kit of lists does."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.access.list_files.models import ListFile
from app.benefits.coupons.models import Redemption
from app.flows import redemptions
from app.flows.members import leaving
from app.kernel.clock import local
from app.kernel.db import db
from app.settlement.statements import statements, wording
from app.settlement.statements.models import Statement
from app.workers import list_files as worker
from mall_console.kit.listing import files
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.malls import make_store
from tests.mall_console.conftest import Console
from tests.support.clock import StillClock


def page_of(world: World) -> str:
    return f"{world.base}/members/{world.member.public_id}"


def table(console: Console, path: str) -> list[list[str]]:
    """The list as CSV, without its heads."""
    answer = console.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1:]


@pytest.mark.parametrize("tab", ["timeline", "coupons", "points", "purchases", "parking", "growth"])
def test_a_members_lists_are_counted_narrowed_and_had_as_files(administrator: Console, world: World, tab: str) -> None:
    make_coupon(make_member(world.mall), world.campaign)
    page = administrator.get(f"{page_of(world)}?tab={tab}").text
    [counted] = re.findall(r'共 <b class="num">(\d+)</b>', page)
    rows = table(administrator, f"{page_of(world)}?tab={tab}&export=csv")
    assert len(rows) == int(counted) and f'?tab={tab}" aria-current' in page
    assert table(administrator, f"{page_of(world)}?tab={tab}&export=csv&day=2020-01-01") == []
    assert audited_of(administrator)["of"] == "尾号8765"
    part = administrator.client.get(f"{page_of(world)}?tab={tab}&size=50", headers={"HX-Request": "true"})
    assert part.headers["HX-Push-Url"] == f"{page_of(world)}?tab={tab}&size=50" and "<html" not in part.text


def audited_of(console: Console) -> dict[str, object]:
    """What the last export says of itself."""
    text = "SELECT facts FROM audit_entries WHERE action = 'list.export' ORDER BY id DESC LIMIT 1"
    facts: dict[str, object] = db.session.execute(db.text(text)).scalar_one()
    return facts


def test_a_member_has_only_their_own_rows_of_this_mall(operations: Console, world: World, other: World) -> None:
    stranger = make_coupon(make_member(world.mall), world.campaign)
    abroad = make_coupon(world.member, other.campaign)
    codes = {row[0][-5:-1] for row in table(operations, f"{page_of(world)}?tab=coupons&export=csv")}
    assert codes == {world.coupon.code[-4:]} and not codes & {stranger.code[-4:], abroad.code[-4:]}
    assert "成长值</a>" not in operations.get(page_of(world)).text  # the group's


def test_a_coupon_is_good_until_its_last_day_as_its_member_reads_it(operations: Console, world: World) -> None:
    member = make_member(world.mall)
    coupon, page = make_coupon(member, world.campaign), f"{world.base}/members/{member.public_id}"
    coupon.valid_until = datetime(2026, 12, 12, 16, tzinfo=UTC)  # the midnight after the 12th
    db.session.commit()
    rows = table(operations, f"{page}?tab=coupons&export=csv")
    assert [row[2] for row in rows if coupon.code[-4:] in row[0]] == ["2026-12-12"]
    assert "至 2026-12-12<" in operations.get(f"{page}/coupons/{coupon.id}").text
    campaign = f"{world.base}/campaigns/{world.campaign.public_id}"
    assert "至 2026-12-12<" in operations.get(f"{campaign}?tab=coupons").text


def test_a_members_coupons_are_found_by_the_end_of_their_code(operations: Console, world: World) -> None:
    other = make_coupon(world.member, make_campaign(world.mall, title="茶饮券"))
    for typed in (other.code[-4:].lower(), other.code):
        query = operations.searched(page_of(world), typed, listing="member_coupons", tab="coupons")
        assert [row[0] for row in table(operations, f"{page_of(world)}?{query}&export=csv")] == [
            f"茶饮券（券码尾号 {other.code[-4:]}）"
        ]
    assert f"/coupons/{other.id}" in operations.get(f"{page_of(world)}?tab=coupons&state=usable").text


def test_a_long_list_about_a_member_is_made_in_the_background_and_is_theirs_alone(
    operations: Console, world: World, other: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_coupon(make_member(world.mall), world.campaign)
    monkeypatch.setattr(files, "MOST_ROWS", 0)
    assert f'name="about" value="{world.member.public_id}"' in operations.get(f"{page_of(world)}?tab=coupons").text
    form = {"list": "member_coupons", "query": "", "kind": "csv"}
    address = f"{world.base}/list-files"
    for nobody in ("", "nobody", other.member.public_id):
        assert operations.post(address, about=nobody, **form).status_code == 404, nobody
    assert operations.post(address, about=world.member.public_id, **form).status_code == 303
    worker.make_due_files()
    file = db.session.scalars(select(ListFile)).one()
    assert (file.about, file.about_name, file.row_count) == (world.member.public_id, "尾号8765", 1)
    [row] = table(operations, f"{address}/{file.public_id}")
    assert world.coupon.code[-4:] in row[0]
    assert "会员优惠券 尾号8765" in operations.get(address).text


def test_a_campaigns_holders_are_narrowed_by_how_they_came_by_their_coupon(operations: Console, world: World) -> None:
    page = f"{world.base}/campaigns/{world.campaign.public_id}"
    kept = make_coupon(make_member(world.mall), world.campaign)
    assert len(table(operations, f"{page}?tab=coupons&export=csv")) == 2
    assert [row[2] for row in table(operations, f"{page}?tab=coupons&state=usable&export=csv")] == [kept.code[-4:]]
    assert "共" in operations.get(f"{page}?tab=coupons&trigger=join").text


def test_a_statements_rows_sum_to_it_and_are_found_by_receipt_and_by_coupon(
    finance: Console, world: World, clock: StillClock
) -> None:
    page = f"{world.base}/settlement/statements/{world.statement_no}"
    clock.advance(days=23)
    statements.close_month(world.mall.id, date(2026, 3, 1), now=clock.now)
    statement = db.session.scalars(
        select(Statement).where(Statement.mall_id == world.mall.id).order_by(Statement.id.desc())
    ).first()
    assert statement is not None and statement.posting_count > 0
    finance = Console.of(finance.client, finance.person)
    page = f"{world.base}/settlement/statements/{statement.statement_no}"
    rows = table(finance, f"{page}?export=csv&col=amount&col=reference")
    assert len(rows) == statement.posting_count
    assert sum(round(float(row[1]) * 100) for row in rows) == statement.amount_fen
    assert f'共 <b class="num">{statement.posting_count}</b> 笔' in finance.get(page).text
    for typed in ("YH-R1", world.coupon.code):
        query = finance.searched(page, typed, listing="statement_rows")
        assert {row[1] for row in table(finance, f"{page}?{query}&export=csv&col=reference")} == {typed}
    amounts = [float(row[1]) for row in table(finance, f"{page}?export=csv&col=amount&sort=-amount")]
    assert amounts == sorted(amounts, reverse=True)
    assert table(finance, f"{page}?export=csv&kind=points_spent") == []


def test_a_statement_offers_its_merchants_stores_and_says_which_way_it_goes(finance: Console, world: World) -> None:
    beside = make_store(world.mall)  # another merchant's
    page = finance.get(f"{world.base}/settlement/statements/{world.statement_no}").text
    [offered] = re.findall(r'<select class="form-select" id="list-store".*?</select>', page, re.DOTALL)
    assert re.findall(r'value="([^"]+)"', offered) == [world.store.code] and beside.code not in page
    statement = db.session.scalars(select(Statement).where(Statement.statement_no == world.statement_no)).one()
    told = wording.direction_of(statement.amount_fen)
    assert f'合计 <b class="num">{told} ¥' in page and '合计 <b class="num">-' not in page


def test_a_months_statements_are_narrowed_by_when_they_are_due(finance: Console, world: World) -> None:
    page = f"{world.base}/settlement/2026-02"
    assert len(table(finance, f"{page}?export=csv")) == 1
    assert table(finance, f"{page}?export=csv&due_to=2020-01-01") == []


def test_a_coupon_that_went_with_its_member_says_when_why_and_by_whom(
    operations: Console, world: World, clock: StillClock
) -> None:
    kept = make_coupon(world.member, make_campaign(world.mall, title="茶饮券"))
    told = leaving.preview_leaving(world.member.id, now=clock.now).cost
    leaving.let_member_leave(world.member.id, told=told, now=clock.now)
    for path in (f"{page_of(world)}?tab=coupons&state=void", f"{page_of(world)}/coupons/{kept.id}"):
        text = " ".join(re.sub(r"<[^>]+>", " ", operations.get(path).text).split())
        assert "会员注销" in text and "会员本人" in text and f"{local(clock.now):%m-%d %H:%M}" in text, path


def test_a_coupon_whose_use_was_undone_after_its_member_left_says_so(
    operations: Console, world: World, clock: StillClock
) -> None:
    told = leaving.preview_leaving(world.member.id, now=clock.now).cost
    leaving.let_member_leave(world.member.id, told=told, now=clock.now)
    clock.advance(minutes=1)
    used = db.session.scalars(select(Redemption).where(Redemption.coupon_id == world.coupon.id)).one()
    redemptions.reverse_redemption(used.public_id, make_till(world.store, staff_id=world.clerk.id), now=clock.now)
    for path in (f"{page_of(world)}?tab=coupons&state=void", f"{page_of(world)}/coupons/{world.coupon.id}"):
        page = operations.get(path).text
        assert "撤销核销时会员已注销" in page and world.clerk.name in page, path


def test_a_car_is_found_by_its_plate_wherever_it_is_now(operations: Console, world: World) -> None:
    page = f"{world.base}/parking"
    for typed, found in (("沪A·11111", 1), ("滬 a.IIIII", 1), ("沪A11112", 0)):
        query = operations.searched(page, typed, listing="parking")
        assert len(table(operations, f"{page}?{query}&export=csv")) == found, typed
    query = operations.searched(page, "沪A11111", listing="parking", state="out")
    assert table(operations, f"{page}?{query}&export=csv") == []
