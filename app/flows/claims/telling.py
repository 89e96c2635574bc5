"""Members are told what became of receipts that they brought: once a decision, if they allowed it, and not at night.

Who is answered while they look on, because a till had sent the receipt, is told by their page.
"""

from datetime import datetime, timedelta

from app.flows.claims.message_kinds import RECEIPT_DECIDED
from app.identity import queries
from app.kernel.facts import Fact
from app.malls import queries as malls
from app.outreach.consents import templates
from app.outreach.consents.templates import Template
from app.outreach.messages import broker
from app.outreach.messages.broker import Content
from app.points.ledger import queries as points_queries
from app.purchases.claims.models import ReceiptClaim
from app.purchases.claims.wording import REJECTIONS
from app.purchases.photos.models import ReceiptPhoto

# Who has not been reached by then has seen it, or does not wait for it any more.
USEFUL_FOR = timedelta(days=3)
_PAGES = {ReceiptClaim: "pages/claims/index", ReceiptPhoto: "pages/photos/index"}


def tell_decided(one: ReceiptClaim | ReceiptPhoto, *, now: datetime) -> bool:
    """Plan the message about a claim or photograph that has just been decided; False when it was planned before."""
    kind = "claim" if isinstance(one, ReceiptClaim) else "photo"
    member_id = queries.get_member(one.member_id).id
    return broker.plan(
        member_id,
        kind=RECEIPT_DECIDED,
        dedupe_key=f"{RECEIPT_DECIDED.code}:{kind}:{one.public_id}",
        facts={kind: one.public_id, "state": one.state, "reason": one.reason},
        send_until=now + USEFUL_FOR,
        now=now,
        mall_id=one.mall_id,
        content=Content(data=_compose(one, member_id, now=now), page=_PAGES[type(one)]),
    )


def _compose(one: ReceiptClaim | ReceiptPhoto, member_id: int, *, now: datetime) -> dict[str, str]:
    store = "" if one.store_id is None else malls.get_store(one.store_id).name
    asked = f"{store}小票积分" if store else "拍小票积分"
    result = "未通过" if one.reason else "已通过"
    said = (templates.thing(asked), result, templates.thing(_outcome(one, member_id)), templates.time(now))
    return templates.data(Template.RECEIPT, *said)


def _outcome(one: ReceiptClaim | ReceiptPhoto, member_id: int) -> str:
    if one.reason is not None:
        return one.note or REJECTIONS[one.reason]
    entry = None if one.fact is None else points_queries.find_entry(member_id, Fact.parse(one.fact, parts=2))
    return f"{entry.points} 积分已到账" if entry is not None and entry.points > 0 else "已记入您的消费记录"
