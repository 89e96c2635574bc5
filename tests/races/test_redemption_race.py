"""Two clerks, one coupon, the same moment; and what would happen without the guard."""

import threading
from functools import partial

from flask import Flask
from sqlalchemy import func, select, update

from app.benefits.coupons import coupons, queries
from app.benefits.coupons.errors import CouponAlreadyRedeemed
from app.benefits.coupons.models import Coupon, Redemption
from app.flows import redemptions
from app.flows.redemptions import Redeemed, Till
from app.kernel import clock
from app.kernel.db import atomic, db
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.support.races import race, winners

CALLERS = 8


def _coupon_in_front_of_two_tills() -> tuple[str, list[Till]]:
    with atomic():
        mall = make_mall()
        stores = [make_store(mall), make_store(mall)]
        tills = [make_till(store, staff_id=number) for number, store in enumerate(stores, start=1)]
        code = make_coupon(make_member(mall), make_campaign(mall, stores=stores)).code
    return code, tills


def _redeem(code: str, till: Till) -> Redeemed:
    with atomic():
        return redemptions.redeem_coupon(code, till, spend_fen=None, now=clock.now())


def test_of_many_scans_exactly_one_redeems(committed_app: Flask) -> None:
    code, tills = _coupon_in_front_of_two_tills()
    results = race(committed_app, [partial(_redeem, code, tills[n % 2]) for n in range(CALLERS)])
    assert len(winners(results)) == 1
    assert all(isinstance(loser, CouponAlreadyRedeemed) for loser in results if isinstance(loser, Exception))
    assert db.session.scalar(select(func.count()).select_from(Redemption)) == 1


def test_a_coupon_undone_by_many_is_undone_once(committed_app: Flask) -> None:
    code, tills = _coupon_in_front_of_two_tills()
    done = _redeem(code, tills[0])

    def undo() -> None:
        with atomic():
            redemptions.reverse_redemption(done.redemption_id, tills[0], now=clock.now())

    results = race(committed_app, [undo] * CALLERS)
    assert len(winners(results)) == 1


def test_without_the_conditional_update_several_would_redeem(committed_app: Flask) -> None:
    """The control: check first, then write without asking again; the index alone must catch it, so it is dropped."""
    code, tills = _coupon_in_front_of_two_tills()
    with atomic():
        db.session.connection().exec_driver_sql("DROP INDEX uq_redemptions_live")
    checked = threading.Barrier(CALLERS)  # everybody has looked before anybody writes

    def redeem_unguarded(till: Till) -> str:
        with atomic():
            facts = queries.get_by_code(code, store_id=till.store_id)
            redemptions._ensure_redeemable(facts, till, now=clock.now())
            checked.wait()
            db.session.execute(
                update(Coupon)
                .where(Coupon.member_id == facts.member_id, Coupon.id == facts.coupon_id)
                .values(status="issued", redeemed_at=None)
            )
            use = coupons.RedemptionInput(
                merchant_id=till.merchant_id, store_id=till.store_id, staff_id=1, channel="clerk", spend_fen=None,
                discount_fen=1_000, mall_fen=600, merchant_fen=400,
            )  # fmt: skip
            return coupons.redeem(facts, use, now=clock.now()) or ""

    results = race(committed_app, [partial(redeem_unguarded, tills[n % 2]) for n in range(CALLERS)])
    assert len([won for won in winners(results) if won]) > 1
