"""What platforms said and nobody understood or could act on: shown masked, tried again, or settled with a reason."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.cases import queries as cases
from app.flows.stuck import callbacks
from app.kernel.db import db
from app.wechat.callbacks import inbox
from app.wechat.callbacks.models import UNREAD, PlatformEvent
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock

PUSH = (
    "<xml><FromUserName>oABCDEF1234567890</FromUserName><CreateTime>1773201600</CreateTime>"
    "<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event></xml>"
)


def keep(platform: str, text: str, *, now: datetime) -> PlatformEvent:
    inbox.store(
        platform, fact=f"{UNREAD}|{text}", kind=UNREAD, payload={"text": text}, occurred_at=now, now=now, due_at=None
    )
    return last()


def last() -> PlatformEvent:
    return db.session.scalars(select(PlatformEvent).order_by(PlatformEvent.id.desc()).limit(1)).one()


def fail(*, now: datetime) -> PlatformEvent:
    """A contact's event that a worker gave up."""
    payload = {"change": "added", "user_id": "zhang", "external_user_id": "wmABCD1234567890", "state": ""}
    inbox.store("wecom", fact="F", kind="add", payload=payload, occurred_at=now, now=now, due_at=now)
    event = last()
    event.given_up_at, event.attempts, event.last_error = now, 20, "platform_unavailable"
    db.session.flush()
    return event


def test_the_text_is_shown_masked_with_why_it_waits(operations: Console, world: World, clock: StillClock) -> None:
    event = keep("mini", "<Phone>13812345678</Phone>", now=clock.now)
    listed = operations.get(f"{world.base}/callbacks?platform=mini&state=open").text
    assert "小程序" in listed and "内容无法识别" in listed and f"/callbacks/{event.id}" in listed
    shown = operations.get(f"{world.base}/callbacks/{event.id}").text
    assert "138***" in shown and "13812345678" not in shown and "&lt;Phone&gt;" in shown


def test_what_is_readable_by_now_counts_and_what_is_not_stays(
    operations: Console, world: World, clock: StillClock
) -> None:
    base = f"{world.base}/callbacks"
    good, bad = keep("mini", PUSH, now=clock.now), keep("wecom", "junk", now=clock.now)
    assert operations.post(f"{base}/{good.id}/again", key="A" * 22).location == base
    taken = last()
    assert taken.payload["openid"] == "oABCDEF1234567890" and taken.done_at is None  # a worker has it now
    assert audited("callback.try_again").facts == {"platform": "mini"}
    assert "已重新读取" in operations.get(f"{base}/{good.id}").text
    page = f"{base}/{bad.id}"
    operations.post(f"{page}/again", page=page)
    assert "仍无法识别" in operations.get(page).text and bad.note == ""


def test_somebody_says_what_was_done_once(operations: Console, world: World, clock: StillClock) -> None:
    event = keep("pay", "{}", now=clock.now)
    page = f"{world.base}/callbacks/{event.id}"
    operations.post(f"{page}/settled", page=page, note=" ")
    assert "处理说明" in operations.get(page).text
    operations.post(f"{page}/settled", page=page, note="平台新通知，与会员无关")
    db.session.refresh(event)
    assert event.note == "平台新通知，与会员无关"
    assert audited("callback.settle").facts == {"platform": "pay", "note": "平台新通知，与会员无关"}
    operations.post(f"{page}/settled", page=page, note="又一次")
    shown = operations.get(page).text
    assert "已有人处理过" in shown and "平台新通知" in shown
    assert operations.get(f"{world.base}/callbacks?state=open&platform=pay").text.count("data-label") == 0


def test_one_that_was_given_up_raises_a_case_and_is_tried_anew(
    operations: Console, world: World, clock: StillClock
) -> None:
    event = fail(now=clock.now)
    assert [callbacks.raise_cases(now=clock.now, limit=10) for _ in range(2)] == [1, 0]
    [subject] = cases.list_open_subjects("callback_unread")
    assert subject.startswith("callbacks:wecom:")
    page = f"{world.base}/callbacks/{event.id}"
    shown = operations.get(page).text
    assert "处理失败 20 次" in shown and "wmABCD1234567890" not in shown
    operations.post(f"{page}/again", page=page)
    db.session.refresh(event)
    assert (event.given_up_at, event.attempts) == (None, 0)
    assert operations.get(page).status_code == 404  # it is a worker's again


def test_a_payment_s_notice_has_the_platform_asked(operations: Console, world: World, clock: StillClock) -> None:
    event = keep("pay", '{"out_trade_no": "nobody-s"}', now=clock.now)
    page = f"{world.base}/callbacks/{event.id}"
    operations.post(f"{page}/again", page=page)
    assert "仍无法识别" in operations.get(page).text


@pytest.mark.parametrize("path", ["", "/again"])
def test_another_mall_is_told_who_looks_at_them(
    administrator: Console, world: World, other: World, clock: StillClock, path: str
) -> None:
    event = keep("mini", "junk", now=clock.now)
    assert "由集团最早开通的商场统一处理" in administrator.get(f"{other.base}/callbacks").text
    address = f"{other.base}/callbacks/{event.id}{path}"
    answer = administrator.post(address) if path else administrator.get(address)
    assert answer.status_code == 404
