"""Two clerks, one coupon, the same moment; and what would happen without the guard."""

import threading
from functools import partial

from flask import Flask
from sqlalchemy import func, select, update

from app.benefits.coupons import queries, rules
from app.benefits.coupons.errors import CouponAlreadyRedeemed
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.benefits.coupons.rules import CouponFacts
from app.flows import redemptions
from app.flows.redemptions import Redeemed, Till
from app.identity import queries as members
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.security import codes
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
    assert _count_redemptions() == 1


def test_a_coupon_undone_by_many_is_undone_once(committed_app: Flask) -> None:
    code, tills = _coupon_in_front_of_two_tills()
    done = _redeem(code, tills[0])

    def undo() -> None:
        with atomic():
            redemptions.reverse_redemption(done.redemption_id, tills[0], now=clock.now())

    results = race(committed_app, [undo] * CALLERS)
    assert len(winners(results)) == 1


def test_who_holds_the_member_does_not_keep_a_till_from_writing(committed_app: Flask) -> None:
    """A till has the coupon and then refers to the member; an undo has the member and then wants the coupon."""
    code, tills = _coupon_in_front_of_two_tills()
    with committed_app.app_context():
        member_id, _ = queries.find_by_code(code) or (0, 0)

        def redeem_meanwhile() -> Redeemed:
            with atomic():
                limit = db.text("SET LOCAL lock_timeout = '5s'")
                db.session.execute(limit)
                return redemptions.redeem_coupon(code, tills[0], spend_fen=None, now=clock.now())

        with atomic():
            members.lock_member(member_id)
            (done,) = race(committed_app, [redeem_meanwhile])
    assert isinstance(done, Redeemed)


def test_the_conditional_update_alone_lets_one_through(committed_app: Flask) -> None:
    """The unique index would catch a second redemption, too; here it is dropped, and the update must do alone."""
    code, tills = _coupon_in_front_of_two_tills()
    _drop_index()
    results = race(committed_app, [partial(_redeem, code, tills[n % 2]) for n in range(CALLERS)])
    assert len(winners(results)) == 1
    assert _count_redemptions() == 1


def test_without_the_conditional_update_several_would_redeem(committed_app: Flask) -> None:
    """The control: look first, then write without asking again. The index would catch it, so it is dropped."""
    code, tills = _coupon_in_front_of_two_tills()
    _drop_index()
    looked = threading.Barrier(CALLERS)  # everybody has looked before anybody writes

    def redeem_unguarded(till: Till) -> None:
        with atomic():
            facts = queries.get_by_code(code, store_id=till.store_id)
            rules.ensure_usable(facts, now=clock.now())
            looked.wait()
            db.session.execute(
                update(Coupon)
                .where(Coupon.member_id == facts.member_id, Coupon.id == facts.coupon_id)
                .values(status=CouponStatus.REDEEMED.value, redeemed_at=clock.now())
            )
            db.session.add(_redemption(facts, till))

    results = race(committed_app, [partial(redeem_unguarded, tills[n % 2]) for n in range(CALLERS)])
    assert len(winners(results)) > 1
    assert _count_redemptions() > 1


def _redemption(facts: CouponFacts, till: Till) -> Redemption:
    return Redemption(
        member_id=facts.member_id,
        public_id=codes.new_public_id(),
        coupon_id=facts.coupon_id,
        campaign_id=facts.campaign_id,
        mall_id=facts.mall_id,
        merchant_id=till.merchant_id,
        store_id=till.store_id,
        channel="clerk",
        discount_fen=1_000,
        mall_fen=600,
        merchant_fen=400,
        redeemed_at=clock.now(),
    )


def _drop_index() -> None:
    with atomic():
        db.session.connection().exec_driver_sql("DROP INDEX uq_redemptions_live")


def _count_redemptions() -> int:
    return db.session.scalar(select(func.count()).select_from(Redemption)) or 0
