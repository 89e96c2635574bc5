"""What purchases earn by the rules of their day: who gets more, who pays, and what a refund takes back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.flows import purchases
from app.flows.consequences.effects import Effects
from app.flows.consequences.rewards import brands
from app.flows.history import receipts
from app.flows.privacy import profiling
from app.identity.models import Member
from app.identity.profiles import profiles
from app.identity.profiles.rules import Birthday
from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.lifecycle.segments import uses
from app.lifecycle.segments.models import SegmentMember
from app.malls import queries as malls
from app.malls.models import Store
from app.points.earning import documents, rule_sets, wording
from app.points.earning import extras as extra_kinds
from app.points.earning.errors import EarningBrandUnsettled, EarningRulesInvalid
from app.points.earning.extras import BirthdayExtra, Extra, FirstOrderExtra, MemberDayExtra, Payer
from app.points.earning.rules import Rules
from app.points.ledger import queries
from app.points.ledger.models import PointsEntry, PointsLot
from app.purchases import queries as purchase_queries
from app.purchases.rules import Receipt
from app.settlement.ledger.models import Posting
from app.tiers import crediting
from tests.builders.identity import make_consent_document, make_member
from tests.builders.malls import make_store
from tests.builders.segments import make_segment
from tests.builders.settlement import Contract, at_noon, make_brand, make_contract
from tests.builders.tasks import make_tiers
from tests.flows.coming_back import join, leave
from tests.support.clock import StillClock

TUESDAY = date(2026, 3, 10)
MEMBER_DAY = MemberDayExtra(bps=10_000, weekdays=(2,))


@pytest.fixture
def contract(clock: StillClock) -> Contract:
    make_tiers()
    return make_contract(since=date(2025, 1, 1), issue_price_fen=100)


def hold(contract: Contract, extras: Sequence[Extra]) -> None:
    rules = Rules(extras=tuple(extras))
    rule_sets.open_with(contract.mall.id, rules, effective_from=date(2025, 1, 1), by="周宁", now=clock.now())


def buy(
    contract: Contract, member: Member, day: date, fen: int = 28_600, no: str = "R1", *, refund_of: str | None = None
) -> Receipt:
    receipt = Receipt(
        source="pos",
        receipt_no=no,
        store_code=contract.store.code,
        occurred_at=at_noon(day),
        amount_fen=fen,
        refund_of=refund_of,
    )
    purchases.record_purchase(receipt, contract.store, purchases.Buyer(card_no=member.card_no), now=clock.now())
    return receipt


def entry(member: Member, receipt: Receipt) -> PointsEntry:
    found = queries.find_entry(member.id, receipt.fact)
    assert found is not None
    return found


def posted(receipt: Receipt) -> dict[str, tuple[int, int]]:
    rows = db.session.scalars(select(Posting).where(Posting.fact == receipt.fact))
    return {row.kind: (row.points, row.amount_fen) for row in rows if row.points}


def test_extras_are_the_malls_and_the_base_the_merchants(contract: Contract, member: Member) -> None:
    hold(contract, [MEMBER_DAY, extra_kinds.TierExtra(bps=1_000, tier="gold", title="金卡会员")])
    crediting.credit(member.id, growth=2_000, reason=note("试"), fact="g", now=at_noon(TUESDAY) - timedelta(days=1))
    receipt = buy(contract, member, TUESDAY)
    found = entry(member, receipt)
    assert (found.points, posted(receipt)) == (600, {"points_issued": (286, -286), "points_mall_share": (314, 0)})
    assert found.breakdown is not None
    assert wording.explain(documents.to_breakdown(found.breakdown)) == "286 元 × 1 + 会员日加赠 100% + 金卡会员加赠 10%"


def test_an_extra_that_the_merchant_agreed_to_is_in_its_posting(contract: Contract, member: Member) -> None:
    hold(contract, [MemberDayExtra(bps=10_000, weekdays=(2,), payer=Payer.MERCHANT)])
    assert posted(buy(contract, member, TUESDAY)) == {"points_issued": (572, -572)}


@pytest.mark.parametrize("parts", [[28_600], [100, 28_500], [9_999, 9_999, 8_602]])
def test_however_it_is_refunded_all_of_it_goes_back_from_where_it_came(
    contract: Contract, member: Member, parts: list[int]
) -> None:
    hold(contract, [MEMBER_DAY, FirstOrderExtra(bps=3_333)])
    buy(contract, member, TUESDAY)
    refunds = [
        buy(contract, member, TUESDAY, -fen, no=f"B{number}", refund_of="R1") for number, fen in enumerate(parts)
    ]
    left = db.session.execute(
        select(Posting.kind, db.func.sum(Posting.points), db.func.sum(Posting.amount_fen))
        .where(Posting.merchant_id == contract.merchant.id, Posting.points != 0)
        .group_by(Posting.kind)
    ).all()
    assert {tuple(row[1:]) for row in left} == {(0, 0)} and len(left) == 2
    assert sum(entry(member, refund).points for refund in refunds if queries.find_entry(member.id, refund.fact)) == -667


def test_a_refund_in_a_sibling_names_where_it_was_bought(contract: Contract, member: Member) -> None:
    buy(contract, member, TUESDAY)
    sibling = replace(contract, store=make_store(contract.mall, contract.merchant))
    assert entry(member, buy(sibling, member, TUESDAY, -99, "B1", refund_of="R1")).reason_code == "refund_elsewhere"


def test_the_tier_is_that_of_the_business_day(contract: Contract, member: Member) -> None:
    hold(contract, [extra_kinds.TierExtra(bps=10_000, tier="gold", title="金卡会员")])
    crediting.credit(member.id, growth=2_000, reason=note("试"), fact="g", now=at_noon(TUESDAY))
    late = buy(contract, member, TUESDAY - timedelta(days=1), no="LATE")
    assert (entry(member, late).points, entry(member, buy(contract, member, TUESDAY)).points) == (286, 572)


@pytest.mark.requirement("S1.27", "S3.10")
def test_birthday_first_order_and_segment_are_the_members(contract: Contract, member: Member) -> None:
    segment = make_segment(contract.mall, title="熟客", is_nightly=True)
    hold(
        contract,
        [
            BirthdayExtra(bps=10_000),
            FirstOrderExtra(bps=10_000),
            extra_kinds.SegmentExtra(bps=10_000, segment=segment.public_id, title="熟客"),
        ],
    )
    profiles.tell_birthday(member.id, Birthday(3, 10), now=clock.now())
    db.session.add(SegmentMember(member_id=member.id, segment_id=segment.id, entered_on=TUESDAY))
    db.session.flush()
    first, second = buy(contract, member, TUESDAY, 10_000), buy(contract, member, TUESDAY, 10_000, no="R2")
    third = buy(contract, member, TUESDAY + timedelta(days=1), 10_000, no="R3")
    assert [entry(member, one).points for one in (first, second, third)] == [400, 300, 200]


def come_again(contract: Contract) -> Member:
    """Somebody joins by the phone they had before, if they were here."""
    return join(contract.mall).member


def test_a_first_order_gives_more_once_though_they_leave_and_come_back(contract: Contract, clock: StillClock) -> None:
    make_consent_document()
    hold(contract, [FirstOrderExtra(bps=10_000)])
    first = come_again(contract)
    assert entry(first, buy(contract, first, TUESDAY)).points == 572
    leave(first)
    again = come_again(contract)
    receipt = buy(contract, again, TUESDAY, no="R2")
    assert entry(again, receipt).points == 286
    assert purchase_queries.has_first(again.id)  # it is the first of the new membership all the same
    leave(again)
    clock.advance(days=365)
    anew = come_again(contract)
    assert entry(anew, buy(contract, anew, TUESDAY, no="R3")).points == 572


def test_a_file_asks_too_whether_a_first_order_gave_more_before(contract: Contract) -> None:
    make_consent_document()
    hold(contract, [FirstOrderExtra(bps=10_000)])
    first = come_again(contract)
    buy(contract, first, TUESDAY)
    leave(first)
    again, other = come_again(contract), join(contract.mall, phone="13912345678").member
    brought = [_incoming(contract, one, TUESDAY, no=f"F{one.id}") for one in (again, other)]
    receipts.load(brought, effects=Effects.LEDGER, now=clock.now())
    earned = [entry(one, file.receipt).points for one, file in zip((again, other), brought, strict=True)]
    assert earned == [19, 39]


def test_who_had_no_more_for_a_first_order_gets_it_when_they_come_back(contract: Contract) -> None:
    make_consent_document()
    first = come_again(contract)
    buy(contract, first, TUESDAY)
    leave(first)
    hold(contract, [FirstOrderExtra(bps=10_000)])
    again = come_again(contract)
    assert entry(again, buy(contract, again, TUESDAY, no="R2")).points == 572


def test_who_switched_profiling_off_gets_nothing_for_a_segment(contract: Contract, member: Member) -> None:
    segment = make_segment(contract.mall, title="熟客", is_nightly=True)
    hold(contract, [extra_kinds.SegmentExtra(bps=10_000, segment=segment.public_id, title="熟客")])
    db.session.add(SegmentMember(member_id=member.id, segment_id=segment.id, entered_on=TUESDAY))
    db.session.flush()
    assert entry(member, buy(contract, member, TUESDAY)).points == 572
    profiling.stop_profiling(member.id, now=clock.now())
    db.session.merge(SegmentMember(member_id=member.id, segment_id=segment.id, entered_on=TUESDAY))
    db.session.flush()
    assert entry(member, buy(contract, member, TUESDAY, no="R2")).points == 286


def test_a_segment_that_rules_name_is_not_taken_out_of_use(contract: Contract) -> None:
    segment = make_segment(contract.mall, title="熟客", is_nightly=True)
    assert uses.list_uses(segment) == []
    hold(contract, [extra_kinds.SegmentExtra(bps=10_000, segment=segment.public_id, title="熟客")])
    ((kind, use),) = uses.list_uses(segment)
    assert (kind, use.path) == ("earning", "/points/rules")
    tomorrow = clock.business_date(clock.now()) + timedelta(days=1)
    rule_sets.publish(contract.mall.id, Rules(), effective_from=tomorrow, by="周宁", now=clock.now())
    with clock.freeze(clock.now() + timedelta(days=2)):
        assert uses.list_uses(segment) == []


def test_points_run_out_by_the_day_of_the_receipt(contract: Contract, member: Member) -> None:
    receipt = buy(contract, member, date(2025, 12, 31))
    lot = db.session.scalars(select(PointsLot).where(PointsLot.entry_id == entry(member, receipt).id)).one()
    assert lot.expires_on == date(2026, 12, 31)


def test_a_file_earns_what_a_till_does(contract: Contract, clock: StillClock) -> None:
    """The same receipts, one by one and in bulk, by rules that ask for everything."""
    hold(
        contract,
        [MEMBER_DAY, extra_kinds.TierExtra(bps=1_000, tier="silver", title="银卡会员"), FirstOrderExtra(bps=777)],
    )
    till, file = make_member(contract.mall), make_member(contract.mall)
    days = [TUESDAY - timedelta(days=number) for number in range(9)]
    rung_up = [buy(contract, till, day, 1_999, no=f"T{day}") for day in days]
    brought = [_incoming(contract, file, day) for day in days]
    receipts.load(brought, effects=Effects.LEDGER, now=clock.now)
    one_by_one = [(entry(till, one).points, entry(till, one).breakdown) for one in rung_up]
    in_bulk = [(entry(file, one.receipt).points, entry(file, one.receipt).breakdown) for one in brought]
    assert one_by_one == in_bulk and len({points for points, _ in in_bulk}) > 1


def _incoming(contract: Contract, member: Member, day: date, *, no: str | None = None) -> receipts.Incoming:
    receipt = Receipt(
        source="file",
        receipt_no=no or f"F{day}",
        store_code=contract.store.code,
        occurred_at=at_noon(day),
        amount_fen=1_999,
    )
    return receipts.Incoming(receipt, member.card_no)


@pytest.fixture
def brand(contract: Contract) -> Store:
    """A store of another merchant in the mall, with a contract."""
    return make_brand(contract)


def paid_by(store: Store) -> Extra:
    return replace(MEMBER_DAY, payer=Payer.BRAND, brand=malls.get_merchant(store.merchant_id).code)


def posted_brand() -> list[tuple[int, int, int]]:
    rows = db.session.scalars(select(Posting).where(Posting.kind == "points_brand").order_by(Posting.id))
    return [(one.merchant_id, one.points, one.amount_fen) for one in rows]


@pytest.mark.requirement("S2.13")
def test_a_brand_pays_for_what_it_adds_and_gets_it_back_with_a_refund(
    contract: Contract, member: Member, brand: Store
) -> None:
    hold(contract, [paid_by(brand)])
    receipt = buy(contract, member, TUESDAY)
    written = entry(member, receipt)
    assert written.points == 572 and written.breakdown is not None
    assert [part["payer"] for part in written.breakdown["parts"]] == ["merchant", "brand"]
    assert posted_brand() == [(brand.merchant_id, 286, -572)]
    buy(contract, member, TUESDAY, -14_300, "R2", refund_of="R1")
    assert posted_brand() == [(brand.merchant_id, 286, -572), (brand.merchant_id, -143, 286)]
    own = select(func.sum(Posting.points)).where(Posting.kind == "points_issued")
    assert db.session.scalar(own) == 143


def test_what_a_brand_pays_is_posted_in_bulk_as_one_by_one(contract: Contract, member: Member, brand: Store) -> None:
    hold(contract, [paid_by(brand)])
    brought = [_incoming(contract, member, TUESDAY, no=f"B{number}") for number in range(3)]
    receipts.load(brought, effects=Effects.LEDGER, now=clock.now())
    told = [entry(member, one.receipt).breakdown or {} for one in brought]
    given = [one["parts"][1]["points"] for one in told]
    assert posted_brand() == [(brand.merchant_id, points, -2 * points) for points in given] and all(given)


def test_a_brand_without_a_contract_or_a_store_is_refused(contract: Contract, brand: Store) -> None:
    unknown = replace(MEMBER_DAY, payer=Payer.BRAND, brand="?")
    for extra in (paid_by(make_store(contract.mall)), unknown):
        with pytest.raises(EarningBrandUnsettled):
            brands.ensure_settled(contract.mall.id, Rules(extras=(extra,)), now=clock.now())
    brands.ensure_settled(contract.mall.id, Rules(extras=(paid_by(brand),)), now=clock.now())
    nobody, other = replace(MEMBER_DAY, payer=Payer.BRAND), replace(paid_by(brand), brand="OTHER")
    for extras in ((nobody,), (paid_by(brand), other)):
        with pytest.raises(EarningRulesInvalid):
            rule_sets.ensure_sensible(Rules(extras=extras))
