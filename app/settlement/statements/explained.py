"""A statement's postings with what explains each of them: store, campaign, coupon code, receipt number.

One select serves the pages and both downloads. It joins from a range of one statement's postings outwards, so a page
reads a page's worth of rows, and a download streams.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, null, select
from sqlalchemy.orm import aliased

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, Redemption
from app.malls.models import Merchant, Store
from app.purchases import day_only
from app.purchases import facts as purchase_facts
from app.settlement.ledger.models import Posting, PostingKind
from app.settlement.statements.models import Statement

COUPON_KINDS = (PostingKind.COUPON_MALL_SHARE.value, PostingKind.COUPON_MERCHANT_SHARE.value)
POINTS_KINDS = (
    PostingKind.POINTS_ISSUED.value,
    PostingKind.POINTS_MALL_SHARE.value,
    PostingKind.POINTS_BRAND.value,
    PostingKind.POINTS_SPENT.value,
)

_RECEIPT = purchase_facts.receipt("pos", "")
_original = aliased(Posting)
_is_receipt = Posting.act_kind == _RECEIPT.kind
_is_coupon = Posting.kind.in_(COUPON_KINDS)


def select_explained(wanted: ColumnElement[bool]) -> Select[Any]:
    """Every posting of the wanted statements with its explanation, by statement, accounting day and posting.

    Columns: statement_no, merchant_name, posting_id, business_day, accounting_day, occurred_at, store_code, store_name,
    kind, campaign_title (of a coupon, where it is known), takes_back (whether another posting is taken back), reference
    (coupon code, receipt number or what the points paid for), base_fen, points, rate (bps for shares and commission,
    fen per 100 points for points), amount_fen, reversed_day (the accounting day of the posting this one takes back, or
    null). Of a receipt of which nobody told the hour `occurred_at` is null. The words for them are in `wording`.
    """
    return (
        select(
            Statement.statement_no,
            Merchant.name.label("merchant_name"),
            Posting.id.label("posting_id"),
            Posting.business_day,
            Posting.accounting_day,
            _occurred_at().label("occurred_at"),
            Store.code.label("store_code"),
            Store.name.label("store_name"),
            Posting.kind,
            Campaign.title.label("campaign_title"),
            Posting.reverses_id.is_not(None).label("takes_back"),
            func.coalesce(Coupon.code, _reference()).label("reference"),
            Posting.base_fen,
            Posting.points,
            Posting.rate,
            Posting.amount_fen,
            _original.accounting_day.label("reversed_day"),
        )
        .join_from(Statement, Posting, posted_in_statement())
        .join(Merchant, Merchant.id == Statement.merchant_id)
        .outerjoin(Store, Store.id == Posting.store_id)
        .outerjoin(Redemption, Redemption.public_id == case((_is_coupon, Posting.act_ref)))
        .outerjoin(Coupon, and_(Coupon.member_id == Redemption.member_id, Coupon.id == Redemption.coupon_id))
        .outerjoin(Campaign, Campaign.id == Redemption.campaign_id)
        .outerjoin(_original, _original.id == Posting.reverses_id)
        .where(wanted)
        .order_by(Statement.statement_no, Posting.accounting_day, Posting.id)
    )


def posted_in_statement() -> ColumnElement[bool]:
    """The join of a statement with the postings it is the sum of: its merchant's, by accounting day."""
    return (
        (Posting.mall_id == Statement.mall_id)
        & (Posting.merchant_id == Statement.merchant_id)
        & Posting.accounting_day.between(Statement.from_day, Statement.to_day)
    )


def _occurred_at() -> ColumnElement[Any]:
    is_day_only = and_(_is_receipt, day_only.stands_for_day(Posting.act_scope, Posting.occurred_at))
    return case((is_day_only, null()), else_=Posting.occurred_at)


def _reference() -> ColumnElement[Any]:
    """The receipt number of a purchase; of points taken, what they paid for; else what the act is known by."""
    return case(
        (Posting.kind == PostingKind.POINTS_SPENT.value, func.concat_ws(":", Posting.act_scope, Posting.act_ref)),
        else_=Posting.act_ref,
    )
