"""The business circle's notices: authorised, paid, refunded, each once; what is wrong changes nothing."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.circle import authorisations
from app.circle.models import State
from app.flows.circle import shops
from app.identity import queries as people
from app.identity.models import IdentityKind, Member
from app.kernel.db import db
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.waiting.models import WaitingReceipt
from app.wechat.callbacks.models import UNREAD, PlatformEvent
from app.wechat.pay.circle_points import PATH
from app.workers import receipts
from app.workers.circle import notices
from tests.builders.circle import (
    MCHID,
    Notice,
    authorised,
    deliver,
    paid,
    refunded,
)
from tests.builders.machines import Machine
from tests.builders.malls import make_mall, make_store
from tests.builders.settlement import Contract
from tests.open_api.circle.standing import SHOP, Standing, states, told
from tests.open_api.receipts import RECEIPTS, count, error_of, points_of, receipt
from tests.support.clock import StillClock


@pytest.mark.requirement("S3.1")
def test_a_payment_is_a_receipt_however_often_it_is_told_and_a_refund_takes_its_points_back(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    told(client, platforms, authorised(), paid(shop=SHOP), paid(shop=SHOP))
    assert authorisations.find_state([member.id], MCHID) is State.ON
    told(client, platforms, paid(shop=SHOP, commit_tag="BY_HAND"))
    assert (points_of(member), count(Purchase)) == ((123, 0), 1)
    told(client, platforms, refunded(amount=2_345, shop=SHOP), refunded(amount=2_345, shop=SHOP))
    assert points_of(member) == (99, 0)
    told(client, platforms, refunded("5030002", amount=10_000, shop="renamed since"))
    assert (points_of(member), count(Purchase), set(states())) == ((0, 0), 3, {"done"})


def test_a_till_that_tells_of_the_same_payment_counts_once(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, till: Machine, clock: StillClock
) -> None:
    told(client, platforms, paid(shop=SHOP))
    parts = [{"method": "wechat", "amount_fen": 12_345, "transaction_id": "4200001"}]
    late = receipt(contract, clock, payments=parts, occurred_at=(clock.now - timedelta(hours=1)).isoformat())
    assert till.post(client, RECEIPTS, late).status_code == 200
    assert (points_of(member), count(Purchase), count(InboxReceipt)) == ((123, 0), 1, 0)


def test_a_refund_ahead_of_its_payment_waits_for_it(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing
) -> None:
    told(client, platforms, refunded(amount=2_345, shop=SHOP))
    assert (count(WaitingReceipt), count(Purchase)) == (1, 0)
    told(client, platforms, paid(shop=SHOP))
    assert (points_of(member), count(WaitingReceipt), count(Purchase)) == ((99, 0), 0, 2)


def test_a_refund_of_more_than_was_paid_changes_nothing_and_people_see_it(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing
) -> None:
    told(
        client,
        platforms,
        paid(shop=SHOP),
        refunded(amount=12_000, shop=SHOP),
        refunded("5030002", amount=400, shop=SHOP),
    )
    assert points_of(member) == (3, 0)
    assert sorted(states()) == ["done", "done", "refund_exceeds_purchase"]


def test_a_payment_in_a_shop_without_a_store_waits_with_its_refund_until_people_name_it(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    told(client, platforms, paid(shop="B202", shop_name="新店"), refunded(amount=345, shop="B202"))
    assert (points_of(member), count(WaitingReceipt)) == ((0, 0), 2)
    shops.name(contract.store, [SHOP, "B202"], by="张岚", now=clock.now)
    assert receipts.record_of_named_stores(limit=9) == 2
    assert points_of(member) == (119, 0)


def test_a_shop_is_known_by_number_by_the_stores_own_code_or_by_name(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing
) -> None:
    other = make_store(make_mall())
    told(client, platforms, paid("1", shop=contract.store.code), paid("2", shop_name=contract.store.name))
    assert count(Purchase) == 2
    told(client, platforms, paid("3", shop=other.code, shop_name=other.name))
    assert count(WaitingReceipt) == 1  # another mall's store is none of this circle's


def test_who_has_not_joined_is_known_by_the_openid_and_their_receipt_is_nobodys(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing
) -> None:
    told(client, platforms, authorised("oNEW", mode="REGISTERED_MODE"), paid(shop=SHOP, openid="oNEW"))
    visitor = people.find_member_id(IdentityKind.MINI_OPENID, "oNEW")
    assert visitor is not None and authorisations.find_state([visitor], MCHID) is State.CARD
    assert (count(InboxReceipt), count(Purchase)) == (1, 0)


def test_an_older_word_about_the_authorisation_changes_nothing(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    told(client, platforms, authorised())
    clock.advance(minutes=-2)
    told(client, platforms, authorised(mode="REGISTERED_MODE"))
    assert authorisations.find_state([member.id], MCHID) is State.ON


@pytest.mark.parametrize(
    ("notice", "refused"),
    [
        (paid(shop=SHOP, amount=-1), (422, "circle_notice_invalid")),
        (paid(shop=SHOP, amount=10**9 + 1), (422, "circle_notice_invalid")),
        (paid(shop=SHOP, amount=10**30), (422, "circle_notice_invalid")),
        (refunded(amount=0), (422, "circle_notice_invalid")),
        (refunded(amount=-5), (422, "circle_notice_invalid")),
        (refunded(amount=12_346), (422, "circle_notice_invalid")),
        (paid(shop=SHOP, number="4200001; DROP"), (422, "circle_notice_invalid")),
        (paid(shop=SHOP, openid="不是编号"), (422, "circle_notice_invalid")),
        (paid(shop="号" * 65), (422, "circle_notice_invalid")),
        (paid(shop=SHOP, appid="wx_of_another"), (422, "circle_notice_invalid")),
        (paid(shop=SHOP, mchid="1900009999"), (404, "circle_unknown")),
        (authorised().saying(mchid="1900009999"), (404, "circle_unknown")),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    client: FlaskClient,
    contract: Contract,
    member: Member,
    platforms: Standing,
    notice: Notice,
    refused: tuple[int, str],
) -> None:
    assert error_of(deliver(client, notice)) == refused
    assert (count(PlatformEvent), notices.take_in_due_notices(platforms.pay), points_of(member)) == (0, 0, (0, 0))


def test_the_same_payment_with_another_sum_or_payer_is_refused(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing
) -> None:
    told(client, platforms, paid(shop=SHOP))
    for other in (paid(shop=SHOP, amount=99_999), paid(shop=SHOP, openid="oOTHER")):
        assert error_of(deliver(client, other)) == (409, "circle_notice_conflict")
    assert (notices.take_in_due_notices(platforms.pay), points_of(member)) == (0, (123, 0))


@pytest.mark.parametrize(("days", "kinds"), [(90, ["MALL_TRANSACTION.SUCCESS"]), (91, [UNREAD])])
def test_a_payment_told_late_is_of_its_own_day_and_one_of_long_ago_is_for_people(
    client: FlaskClient, member: Member, platforms: Standing, clock: StillClock, days: int, kinds: list[str]
) -> None:
    then = clock.now - timedelta(days=days)
    assert deliver(client, paid(shop=SHOP, time_end=then.isoformat())).status_code == 204
    kept = db.session.scalars(select(PlatformEvent)).all()
    assert [one.kind for one in kept] == kinds
    assert [one.occurred_at for one in kept if one.kind != UNREAD] == [then] * (days == 90)


def test_only_what_was_signed_a_moment_ago_is_read(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    notice = paid(shop=SHOP)
    wrong: list[dict[str, Any]] = [
        {"probe": True},
        {"at": clock.now - timedelta(seconds=301)},
        {"at": clock.now + timedelta(seconds=301)},
        {"body": notice.body()},
        {"body": b""},
        {"body": b"\xff"},
    ]
    for one in wrong:
        assert error_of(deliver(client, notice, **one)) == (403, "callback_refused")
    assert client.post("/open/v1/wechat-pay/circle-notices", data=notice.body()).status_code == 403
    assert count(PlatformEvent) == 0
    told(client, platforms, notice)
    assert points_of(member) == (123, 0)


@pytest.mark.parametrize(
    "notice",
    [
        Notice("MALL_NEW.KIND", {"mchid": MCHID}),
        paid(shop=SHOP, amount="12.5"),
        paid(shop=SHOP, amount=True),
        paid(shop=SHOP, openid=""),
        authorised(mode="NEW_MODE"),
        paid(shop=SHOP, time_end="1970-01-01T08:00:00+08:00"),
        paid(shop=SHOP, time_end="2001-01-01T08:00:00+08:00"),
        paid(shop=SHOP, time_end="2099-01-01T08:00:00+08:00"),
        paid(shop=SHOP, time_end="昨天"),
        paid(shop=SHOP, time_end=None),
        refunded(shop=SHOP).saying(refund_time="1970-01-01T08:00:00+08:00"),
    ],
)
def test_what_was_signed_and_cannot_be_read_is_kept_for_people(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, notice: Notice
) -> None:
    for _ in range(2):
        assert deliver(client, notice).status_code == 204
    kept = db.session.scalars(select(PlatformEvent)).all()
    assert {(one.channel, one.kind) for one in kept} == {("circle", UNREAD)}
    assert (notices.take_in_due_notices(platforms.pay), count(Purchase)) == (0, 0)


def test_the_platform_is_told_what_every_payment_earned_once_it_can_be_reached(
    client: FlaskClient, contract: Contract, member: Member, platforms: Standing, clock: StillClock
) -> None:
    before = platforms.sandbox.calls(PATH)
    platforms.sandbox.fault("errcode", "pay", endpoint=PATH, value="NO_AUTH")
    told(client, platforms, paid("77", shop=SHOP))
    assert (points_of(member), states()) == ((123, 0), ["NO_AUTH"])
    clock.advance(minutes=1)
    told(client, platforms, paid("78", shop=SHOP, openid="oNEW"), paid("79", shop="B202", shop_name="新店"))
    assert (points_of(member), set(states()), platforms.sandbox.calls(PATH) - before) == ((123, 0), {"done"}, 4)
