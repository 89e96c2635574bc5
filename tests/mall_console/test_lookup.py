"""The look-up from anywhere: what leads where, what stays hidden, what is written down, and the pages it leads to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry, Role
from app.access.scopes import Place
from app.flows import care, purchases, redemptions
from app.identity.codes import member_codes
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Store
from app.parking.payment.payments import PURPOSE
from app.payments import queries as orders
from app.purchases.rules import Receipt
from mall_console.kit import lookups
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.console import PHONES, PLATES, World
from tests.mall_console.addresses.parking import payment
from tests.mall_console.addresses.purchases import purchase, unclaimed
from tests.mall_console.conftest import Console, SignIn
from tests.support.clock import StillClock


def coupon(world: World) -> str:
    return f"/members/{world.member.public_id}/coupons/{world.coupon.id}"


def order_no(world: World) -> str:
    order = orders.find_order(world.member.id, purpose=PURPOSE, reference=payment(world).public_id)
    assert order is not None
    return order.out_trade_no


def take(receipt_no: str, store: Store, amount_fen: int, *, source: str = "pos", refund_of: str | None = None) -> None:
    receipt = Receipt(
        source=source,
        receipt_no=receipt_no,
        store_code=store.code,
        occurred_at=clock.now(),
        amount_fen=amount_fen,
        refund_of=refund_of,
    )
    purchases.record_purchase(receipt, store, purchases.Buyer(), now=clock.now())


TYPED: dict[str, tuple[Callable[[World], str], Callable[[World], str]]] = {
    "phone": (lambda world: f"+86 {PHONES[world.mark]}", lambda world: f"/members/{world.member.public_id}"),
    "card": (lambda world: world.member.card_no or "", lambda world: f"/members/{world.member.public_id}"),
    "plate": (lambda world: PLATES[world.mark].lower(), lambda world: f"/members/{world.member.public_id}"),
    "member code": (
        lambda world: member_codes.mint(world.member, now=clock.now() - timedelta(hours=1)).text.swapcase(),
        lambda world: f"/members/{world.member.public_id}",
    ),
    "coupon": (lambda world: world.coupon.code.lower(), coupon),
    "coupon by a gun": (lambda world: f"]Q1{world.coupon.code[:4]}—{world.coupon.code[4:]}\r", coupon),
    "receipt": (lambda world: f"{world.mall.code}-R1".lower(), purchase),
    "receipt of nobody": (lambda world: f" {world.mall.code}-R2 ", unclaimed),
    "order": (
        lambda world: order_no(world).upper(),
        lambda world: f"/parking/payments/{world.member.id}-{payment(world).id}",
    ),
    "statement": (
        lambda world: world.statement_no.lower(),
        lambda world: f"/settlement/statements/{world.statement_no}",
    ),
}
SUBJECTS = {"receipt of nobody": "store", "statement": "statement"}
BY = {"coupon by a gun": "coupon", "receipt of nobody": "unclaimed"}


def last_entry() -> AuditEntry:
    wanted = select(AuditEntry).where(AuditEntry.action == "lookup.search").order_by(AuditEntry.id.desc())
    return db.session.scalars(wanted.limit(1)).one()


def test_what_somebody_has_leads_straight_to_the_thing_and_is_written_down(
    administrator: Console, world: World
) -> None:
    for kind, (typed_of, page_of) in TYPED.items():
        typed = typed_of(world)
        answer = administrator.post(f"{world.base}/lookup", what=typed)
        assert (answer.status_code, answer.location) == (303, world.base + page_of(world)), kind
        assert administrator.get(answer.location).status_code == 200, kind
        entry = last_entry()
        assert entry.subject.partition(":")[0] == SUBJECTS.get(kind, "member")
        usual = kind if kind in ("coupon", "receipt", "order", "statement") else "member"
        assert entry.facts == {"by": BY.get(kind, usual)}


def test_what_lies_in_a_mall_one_does_not_keep_is_not_found(world: World, other: World, enter: SignIn) -> None:
    stranger = enter(Role.ADMINISTRATOR, Place(mall_id=other.mall.id))
    for kind, (typed_of, _) in TYPED.items():
        page = stranger.post(f"{other.base}/lookup", what=typed_of(world))
        assert page.status_code == 200 and "未找到" in page.text and "甲" not in page.text, kind
        assert (last_entry().subject, last_entry().facts) == ("lookup:none", {})


def test_what_one_may_not_see_is_not_found(finance: Console, world: World) -> None:
    for kind, (typed_of, page_of) in TYPED.items():
        answer = finance.post(f"{world.base}/lookup", what=typed_of(world))
        if kind in ("phone", "card", "plate", "member code"):
            assert answer.status_code == 200 and "未找到" in answer.text, kind
        else:
            assert answer.location == world.base + page_of(world)
            assert finance.get(answer.location).status_code == 200, kind


def test_who_keeps_several_malls_is_led_to_the_mall_of_the_thing(
    administrator: Console, world: World, other: World
) -> None:
    for kind, (typed, page) in TYPED.items():
        answer = administrator.post(f"{world.base}/lookup", what=typed(other))
        assert answer.location == other.base + page(other), kind


def test_several_things_of_one_number_are_shown_with_their_malls(
    administrator: Console, operations: Console, world: World, other: World
) -> None:
    for number, (store, source) in enumerate(((world.store, "old-pos"), (other.store, "pos-2"))):
        take("YH-R1", store, 1_000 + number, source=source)
    page = administrator.post(f"{world.base}/lookup", what="YH-R1").text
    assert "找到 3 条" in page and "乙商场" in page and f'href="{world.base}{purchase(world)}"' in page
    page = operations.post(f"{world.base}/lookup", what="YH-R1").text
    assert "找到 2 条" in page and "乙" not in page and "<th>商场</th>" not in page
    found = db.session.scalars(select(AuditEntry.subject).where(AuditEntry.actor_id == operations.person.id)).all()
    assert {f"member:{world.member.id}", f"store:{world.store.id}"} <= set(found)


def test_a_refund_and_its_receipt_lead_to_each_other(operations: Console, world: World) -> None:
    take("YH-T1", world.store, -2_345, refund_of="YH-R1")
    page = operations.post(f"{world.base}/lookup", what="YH-T1")
    shown = operations.get(page.location).text
    assert "退款小票 YH-T1" in shown and f'href="{world.base}{purchase(world)}"' in shown and "-¥23.45" in shown
    assert page.location in operations.get(world.base + purchase(world)).text


def test_looking_up_is_throttled_together_with_looking_for_members(
    operations: Console, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "PER_MINUTE", 2)
    address = f"{world.base}/lookup"
    operations.post(f"{world.base}/members/search", who=PHONES["甲"])
    assert operations.post(address, what="nothing").status_code == 200
    assert operations.post(address, page=address, what="nothing").location == address
    assert "频繁" in operations.get(address).text


def test_nothing_typed_and_odd_things_typed_find_nothing(operations: Console, world: World) -> None:
    address = f"{world.base}/lookup"
    for nothing in (" ", "\u200b"):
        assert operations.post(address, page=address, what=nothing).location == address
    for odd in ("%", "HM1.xxxx", "\\", "9" * 200):
        assert "未找到" in operations.post(address, what=odd).text, odd


def test_a_coupon_s_page_tells_its_life(operations: Console, finance: Console, world: World, clock: StillClock) -> None:
    used = operations.get(world.base + coupon(world)).text
    assert "已核销" in used and world.store.name in used and "甲店员" in used
    assert "优惠 ¥10.00：商场承担 ¥6.00，商户自担 ¥4.00" in used and world.coupon.code not in used
    carer = care.Carer(staff_id=operations.person.id, name="张岚", mall_id=world.mall.id, reason="complaint", note="x")
    gift = care.give_coupon(world.member.id, make_campaign(world.mall), carer, now=clock.now)
    till = make_till(world.store, staff_id=world.clerk.id)
    done = redemptions.redeem_coupon(gift.code, till, spend_fen=5_000, now=clock.now)
    redemptions.reverse_redemption(done.redemption_id, till, now=clock.now)
    page = operations.get(f"{world.base}/members/{world.member.public_id}/coupons/{gift.id}").text
    assert "赠送：服务补偿" in page and "撤销核销" in page and "未使用" in page
    gift.valid_until = clock.now
    db.session.flush()
    assert "过期未使用" in finance.get(f"{world.base}/members/{world.member.public_id}/coupons/{gift.id}").text


def test_a_coupon_is_no_other_member_s_and_no_other_mall_s(administrator: Console, world: World, other: World) -> None:
    foreign = f"/members/{other.member.public_id}/coupons/{world.coupon.id}"
    assert administrator.get(world.base + foreign).status_code == 404
    assert administrator.get(other.base + coupon(world)).status_code == 404
    never = make_coupon(world.member, make_campaign(other.mall))
    address = f"/members/{world.member.public_id}/coupons/{never.id}"
    assert [administrator.get(base + address).status_code for base in (world.base, other.base)] == [404, 200]


def test_a_payment_s_page_tells_what_paid_and_hides_the_plate_from_who_may_not_contact(
    operations: Console, finance: Console, world: World
) -> None:
    address = f"{world.base}/parking/payments/{world.member.id}-{payment(world).id}"
    shown = operations.get(address).text
    assert order_no(world) in shown and "待支付" in shown and PLATES["甲"] in shown
    hidden = finance.get(address).text
    assert order_no(world) in hidden and PLATES["甲"] not in hidden and "沪A***11" in hidden
