"""Writing postings: amounts between mall and merchant, each explained by a fact.

Every verb writes in ONE statement that reads the book under a shared lock and inserts, so closing either waits for the
posting or the posting falls into the period after. `accounting_day` = max(business day, the book's first open day).
Postings are unique by (kind, fact): the same act posted again changes nothing and returns 0.
Facts are those of the acts (`benefits.coupons.facts`, `purchases.facts`; a refund is a receipt of its own) and, for
points taken in payment, `settlement.ledger.facts`. Each is also written in columns, for what explains postings.
Sign of amounts: positive = the mall owes the merchant.
"""

from datetime import datetime

from app.kernel import clock, money
from app.kernel.facts import Fact
from app.malls.store_refs import StoreRef
from app.settlement.contracts import contracts
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import rules, standing
from app.settlement.ledger.lines import Line, post
from app.settlement.ledger.models import PostingKind

__all__ = [
    "Line",
    "post",
    "post_free_parking",
    "post_points_spent",
    "post_purchase",
    "post_refund",
    "points_spent_line",
    "purchase_lines",
    "redemption_lines",
    "reverse",
]


def redemption_lines(
    store: StoreRef,
    *,
    fact: Fact,
    mall_fen: int,
    merchant_fen: int,
    mall_share_bps: int,
    merchant_share_bps: int,
    occurred_at: datetime,
) -> list[Line]:
    """Who pays a coupon's discount, as two lines.

    The mall owes its share (`mall_fen`); the merchant's share moves no money and is posted as 0 with `base_fen`, so
    that the bases of the two sum to the discount.
    """
    return [
        _line(
            store,
            PostingKind.COUPON_MALL_SHARE,
            fact,
            occurred_at,
            base_fen=mall_fen,
            rate=mall_share_bps,
            amount_fen=mall_fen,
        ),
        _line(
            store,
            PostingKind.COUPON_MERCHANT_SHARE,
            fact,
            occurred_at,
            base_fen=merchant_fen,
            rate=merchant_share_bps,
            amount_fen=0,
        ),
    ]


def post_purchase(
    store: StoreRef,
    *,
    fact: Fact,
    amount_fen: int,
    points: int,
    mall_points: int = 0,
    base_fen: int | None = None,
    occurred_at: datetime,
    terms: ContractTerms | None = None,
) -> int:
    """Post a purchase's commission and the points issued for it by the terms of its day; returns how many were new.

    `amount_fen` is what the receipt says, `points` what the member got at the merchant's cost and `mall_points` at the
    mall's (all >= 0; a nought posts nothing); `base_fen` is what commission is worked out from, if not the amount. Two
    statements, or one when the caller hands in the day's terms. Refunds:
    `post_refund`. Raises NoContractTerms and BookNotOpen.
    """
    terms = terms or contracts.get_terms(store.mall_id, store.merchant_id, on=clock.business_date(occurred_at))
    return post(
        purchase_lines(
            store,
            fact=fact,
            amount_fen=amount_fen,
            points=points,
            mall_points=mall_points,
            base_fen=base_fen,
            occurred_at=occurred_at,
            terms=terms,
        )
    )


def purchase_lines(
    store: StoreRef,
    *,
    fact: Fact,
    amount_fen: int,
    points: int,
    mall_points: int = 0,
    base_fen: int | None = None,
    occurred_at: datetime,
    terms: ContractTerms,
) -> list[Line]:
    """The lines of a purchase (none to three), for callers that write many purchases with one `post`."""
    base_fen = amount_fen if base_fen is None else base_fen
    commission = _line(
        store,
        PostingKind.COMMISSION,
        fact,
        occurred_at,
        base_fen=base_fen,
        rate=terms.commission_bps,
        amount_fen=rules.commission_fen(base_fen, terms.commission_bps),
    )
    issued = _line(
        store,
        PostingKind.POINTS_ISSUED,
        fact,
        occurred_at,
        points=points,
        rate=terms.issue_price_fen,
        amount_fen=-rules.points_fen(points, terms.issue_price_fen),
    )
    on_top = _line(store, PostingKind.POINTS_MALL_SHARE, fact, occurred_at, points=mall_points, rate=0, amount_fen=0)
    return [line for line in (commission, issued, on_top) if line.base_fen or line.points]


def brand_points_line(brand: StoreRef, *, fact: Fact, points: int, occurred_at: datetime, terms: ContractTerms) -> Line:
    """The line of points (> 0) that a brand pays on top of a purchase, wherever that was: at its own contract's price.

    It stands in the brand's book, under one of its stores in the mall. A refund takes it back as all others.
    """
    return _line(
        brand,
        PostingKind.POINTS_BRAND,
        fact,
        occurred_at,
        points=points,
        rate=terms.issue_price_fen,
        amount_fen=-rules.points_fen(points, terms.issue_price_fen),
    )


def post_refund(*, fact: Fact, purchase_fact: Fact, amount_fen: int, points: int, occurred_at: datetime) -> int:
    """Give back the commission and points price of (part of) a purchase; returns how many postings were new.

    `fact` is the refund's own, `purchase_fact` the purchase's; `amount_fen` and `points` (taken back) are <= 0, the
    amount as a part of what commission was worked out from. The
    rates are those of the purchase, and rounding is cumulative: however a purchase is refunded in parts, what stays
    posted is exactly the commission of what was kept. A purchase that was never posted gives nothing back. The caller
    holds the member's lock, so that two refunds of one purchase do not count from the same rest.
    """
    if amount_fen > 0 or points > 0:
        raise ValueError("a refund's amount and points are not positive")
    left = [posted for posted in standing.list_standing(purchase_fact) if fact not in posted.reversed_by]
    lines = [
        standing.refund_line(posted, fact=fact, amount_fen=amount_fen, points=taken, occurred_at=occurred_at)
        for posted, taken in zip(left, standing.share_points(left, points), strict=True)
    ]
    return post([line for line in lines if line.base_fen or line.points])


def post_points_spent(
    store: StoreRef, *, fact: Fact, points: int, occurred_at: datetime, terms: ContractTerms | None = None
) -> int:
    """Post points (> 0) that a member paid with in a store: the mall owes the merchant their price of that day.

    Two statements, or one when the caller hands in the day's terms; returns 1, or 0 again. Raises NoContractTerms and
    BookNotOpen.
    """
    terms = terms or contracts.get_terms(store.mall_id, store.merchant_id, on=clock.business_date(occurred_at))
    return post([points_spent_line(store, fact=fact, points=points, occurred_at=occurred_at, terms=terms)])


def post_free_parking(store: StoreRef, *, fact: Fact, covers_fen: int, occurred_at: datetime) -> int:
    """Post what a tier's free minutes took off a stay (> 0): the mall owes it to the operator; 1, or 0 again."""
    kind, rate = PostingKind.PARKING_TIER, money.BPS
    return post([_line(store, kind, fact, occurred_at, base_fen=covers_fen, rate=rate, amount_fen=covers_fen)])


def points_spent_line(store: StoreRef, *, fact: Fact, points: int, occurred_at: datetime, terms: ContractTerms) -> Line:
    """The line of points (> 0) taken in payment, for callers that post it with others of the act."""
    return _line(
        store,
        PostingKind.POINTS_SPENT,
        fact,
        occurred_at,
        points=points,
        rate=terms.redeem_price_fen,
        amount_fen=rules.points_fen(points, terms.redeem_price_fen),
    )


def reverse(*, fact: Fact, reversal_fact: Fact, occurred_at: datetime) -> int:
    """Take back what is posted for `fact`: the same amounts negated under `reversal_fact`; returns how many were new.

    The reversal has its own business day and so falls into the open period. What was never posted or is already taken
    back changes nothing. Two statements.
    """
    lines = [
        standing.reversal_line(
            posted.original,
            reversal_fact,
            occurred_at,
            base_fen=-posted.base_fen,
            points=-posted.points,
            amount_fen=-posted.amount_fen,
        )
        for posted in standing.list_standing(fact)
        if not posted.is_spent
    ]
    return post(lines)


def _line(
    store: StoreRef,
    kind: PostingKind,
    fact: Fact,
    occurred_at: datetime,
    *,
    rate: int,
    amount_fen: int,
    base_fen: int = 0,
    points: int = 0,
) -> Line:
    return Line(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.store_id,
        kind=kind,
        fact=fact,
        base_fen=base_fen,
        points=points,
        rate=rate,
        amount_fen=amount_fen,
        business_day=clock.business_date(occurred_at),
        occurred_at=occurred_at,
    )
