"""A payment of the circle is acted on again when there is something new to say of it.

WeChat Pay was told that it earned nothing while its shop had no name here, or its buyer was no member yet; it is told
anew once that is known. Acting again is what the worker of notices does anyway, and harmless.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from app.circle import circles
from app.identity import queries as people
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.purchases import tellings
from app.purchases.settings import settings
from app.purchases.tellings import Key
from app.wechat.callbacks import inbox
from app.wechat.pay.circle_notices import PLATFORM, Kind


def paid(mchid: str, transaction_id: str) -> str:
    """What makes two notices tell of the same payment."""
    return f"paid|{mchid}|{transaction_id}"


def tell_anew(key: Key, mall_id: int, *, now: datetime) -> None:
    """What the receipt earned is known now: if the circle told of it, WeChat Pay hears of that."""
    circle = circles.find_of_mall(mall_id)
    if circle is None:
        return
    first = tellings.find_first(*key)
    if first is None:
        return
    told = [(first.source, first.receipt_no)]
    told += [(one.source, one.receipt_no) for one in tellings.list_tellings(told)]
    facts = [paid(circle.mchid, number) for source, number in told if source == circles.SOURCE]
    if facts:
        inbox.act_again(PLATFORM, facts, now=now)


def bring_merged(member: Member, were: Collection[int], *, now: datetime) -> int:
    """A locked member who turned out to be those with these numbers, too, gets what they paid as those; as below."""
    is_new = people.is_joined(member) and any(number != member.id for number in were)
    return bring_home(member.id, now=now) if is_new else 0


def bring_home(member_id: int, *, now: datetime) -> int:
    """Who has just joined gets what they paid in the circles as long ago as members may claim; returns how many.

    They are known by their openid. The worker of notices gives the receipts.
    """
    openids = [value for _, value in people.list_values([member_id], [IdentityKind.MINI_OPENID])]
    if not openids:
        return 0
    found = inbox.list_unclear(PLATFORM, Kind.PAID.value, openids, since=now - inbox.KEPT)
    late = [event.fact for event in found if event.occurred_at >= _since(event.payload["mchid"], now)]
    if late:
        inbox.act_again(PLATFORM, late, now=now)
    return len(late)


def _since(mchid: str, now: datetime) -> datetime:
    """The first moment that a member of the circle's mall may claim today; of a circle that is none any more, none."""
    circle = circles.find(mchid)
    if circle is None:
        return now
    days = settings.of_mall(circle.mall_id).claim_days
    return clock.start_of_day(clock.business_date(now) - timedelta(days=days))
