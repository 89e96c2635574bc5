"""Receipts by their whole number, from whatever source: members' ones, and those of nobody we know."""

from collections.abc import Sequence

from app.kernel.spelling.names import spell_words
from app.malls.models import Store
from app.purchases import day_only, receipt_queries
from app.purchases.models import InboxReceipt, Purchase
from app.web import filters
from mall_console.kit.lookups import Finder, Hit, Reach
from mall_console.purchases.purchases import PERMISSION


def _find(reach: Reach, typed: str) -> Sequence[Hit]:
    return [
        Hit(
            name=_name(one.receipt_no, is_refund=one.refund_of_id is not None),
            told=_told(store, one),
            mall=reach.malls[one.mall_id],
            path=f"/purchases/{one.member_id}-{one.id}",
            subject=f"member:{one.member_id}",
        )
        for one, store in receipt_queries.find_by_number(_spellings(typed), reach.holds(Purchase.mall_id))
    ]


def _find_unclaimed(reach: Reach, typed: str) -> Sequence[Hit]:
    found = receipt_queries.find_unclaimed_by_number(_spellings(typed), reach.holds(InboxReceipt.mall_id))
    return [
        Hit(
            name=_name(one.receipt_no, is_refund=one.refund_of is not None),
            told=_told(store, one),
            mall=reach.malls[one.mall_id],
            path=f"/purchases/inbox/{one.id}",
            subject=f"store:{store.id}",
        )
        for one, store in found
    ]


def _spellings(typed: str) -> set[str]:
    """Numbers are kept as the till sent them; people type small letters, and guns wide ones."""
    spelled = spell_words(typed)
    return {typed, spelled, spelled.upper()}


def _name(receipt_no: str, *, is_refund: bool) -> str:
    return f"{'退款小票' if is_refund else '小票'} {receipt_no}"


def _told(store: Store, one: Purchase | InboxReceipt) -> str:
    is_day_only = day_only.is_day_only(one.source, one.occurred_at)
    at = filters.local_time(one.occurred_at, "%Y-%m-%d" if is_day_only else "%Y-%m-%d %H:%M")
    return f"{store.name}，{at}，{filters.yuan(one.amount_fen)}"


LOOKUPS = (
    Finder(code="receipt", what="消费小票", by="小票号、退款小票号", permission=PERMISSION, find=_find),
    Finder(
        code="unclaimed", what="未识别会员的小票", by="小票号、退款小票号", permission=PERMISSION, find=_find_unclaimed
    ),
)
