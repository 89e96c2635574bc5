"""The page 我的数据 in a browser: the file is the member's own, and leaving goes its whole way."""

import json
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.identity import queries
from app.identity.models import MemberStatus
from app.kernel import clock as app_clock
from app.kernel.db import atomic
from app.kernel.reasons import note
from app.points.ledger import ledger
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document, make_member
from tests.builders.malls import make_mall
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.support.member_api import sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def member_id(committed_app: Flask, page: Page) -> int:
    """A member with 1,280 points and two coupons, signed in on the page's browser."""
    with atomic():
        make_tiers()
        make_newbie_tasks()
        make_consent_document()
        mall = make_mall(name="悦汇城")
        make_entrance(mall, is_default=True)
        member = make_member(mall, phone="13812345678")
        for title in ("立减十元", "咖啡券"):
            make_coupon(member, make_campaign(mall, title=title))
        ledger.accrue(member.id, points=1_280, reason=note("测试"), fact="test:earned", now=app_clock.now())
        token = sign_in(committed_app.test_client(), member).token
        found = member.id
    kept = json.dumps({"type": "string", "data": token})
    # Only into the first load: what the page does to the token afterwards is the page's.
    page.add_init_script(
        f"sessionStorage.seen || (sessionStorage.seen = 1, localStorage.setItem('huitou.token', {kept!r}))"
    )
    return found


def test_a_member_takes_their_data_along_and_leaves(page: Page, address: str, member_id: int, tmp_path: Path) -> None:
    page.goto(f"{address}/h5/#/pages/me/index")
    page.locator("css=.list__row", has_text="我的数据").click()
    with page.expect_download() as downloading:
        page.locator("uni-button", has_text="数据文件（JSON）").click()
    downloading.value.save_as(tmp_path / "me.json")
    document = json.loads((tmp_path / "me.json").read_text(encoding="utf-8"))
    assert document["profile"]["phone"] == "13812345678"
    assert len(document["coupons"]) == 2
    with page.expect_download() as downloading:
        page.locator("uni-button", has_text="可读版（PDF）").click()
    downloading.value.save_as(tmp_path / "me.pdf")
    assert (tmp_path / "me.pdf").read_bytes().startswith(b"%PDF-")

    page.locator("css=.list__row", has_text="注销会员").click()
    expect(page.locator("css=.costs")).to_contain_text("1,280")
    going_on = page.locator("uni-button", has_text="继续注销")
    expect(going_on).to_have_attribute("disabled", "true")
    page.get_by_role("checkbox").click()
    going_on.click()
    page.locator("uni-button", has_text="确认注销").click()
    expect(page.get_by_text("会员已注销")).to_be_visible()
    assert queries.get_member(member_id).status == MemberStatus.CLOSED.value

    page.locator("uni-button", has_text="回到首页").click()
    expect(page.get_by_text("13812345678")).to_have_count(0)
    expect(page.locator("uni-button", has_text="免费加入会员")).to_be_visible()
