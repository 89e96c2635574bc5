"""Members of the demo who invite friends: some came and counted, some wait, and one inviter's look made up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.flows import purchases
from app.flows.members import joining
from app.flows.purchases import Buyer
from app.identity import consents
from app.identity import queries as identity
from app.identity.models import IdentityKind
from app.invitations import codes
from app.kernel import clock
from app.kernel.db import atomic
from app.malls.models import Mall, Store
from app.purchases.rules import Receipt
from app.workers.invitations import settling
from cli.demo import drivers
from cli.demo.mall import Built

_STORE = "YH-2F-03"
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Friend:
    """Who joins, so many days before today, on which device if it is told, and what they bought an hour later."""

    phone: str
    days_ago: int
    amount_fen: int = 0
    device: str | None = None


REAL = (
    Friend("13511110061", 16, 8_800),
    Friend("13622220062", 15, 12_600),
    Friend("13733330063", 13, 5_400),
    Friend("13844440064", 5, 21_000),
    Friend("13955550065", 2),
)
FEW = (Friend("15066660066", 12, 4_200), Friend("15177770067", 3, 9_900))
# All on one phone: people are asked.
MADE_UP = tuple(Friend(f"1{number}28{number}0068", 8, 990, "demo-device-0001") for number in (52, 58, 59))


def tell(built: Built, *, end: datetime) -> None:
    """Let three members of the old card file invite, and look at it as the job does each day."""
    store, mall = built.stores[_STORE], built.malls["YH"]
    told = [(drivers.PAID, REAL), (drivers.BILLED, FEW), (drivers.UNREACHED, MADE_UP)]
    joins = [(_noon(end, friend.days_ago), driver, friend) for driver, some in told for friend in some]
    for at, driver, friend in sorted(joins, key=lambda one: one[0]):
        _join(mall, driver, friend, at=at)
        if friend.amount_fen:
            _buy(store, friend, at=at + timedelta(hours=1))
    for back in range(20, -1, -1):
        with clock.freeze(end - timedelta(days=back)):
            while settling.settle_due(limit=_BATCH) == _BATCH:
                pass


def _noon(end: datetime, days_ago: int) -> datetime:
    return clock.start_of_day(clock.business_date(end) - timedelta(days=days_ago)) + timedelta(hours=12)


def _join(mall: Mall, driver: drivers.Driver, friend: Friend, *, at: datetime) -> None:
    with clock.freeze(at), atomic():
        inviter_id = identity.find_member_id(IdentityKind.CARD_NO, driver.card_no)
        if inviter_id is None:
            raise AssertionError("the card file was brought")
        code = codes.ensure_code(identity.lock_member(inviter_id).id, mall, device=None, now=at)
        arrival = joining.find_arrival(codes.scene_of(code), f"demo-visit-{friend.phone}")
        visitor = joining.recognise_member(
            {IdentityKind.MINI_OPENID: f"o-demo-friend-{friend.phone}"}, arrival=arrival, home_mall_id=mall.id, now=at
        )
        joining.join_member(
            visitor.id,
            consent_version=identity.current_version(consents.MEMBERSHIP, now=at),
            phone=friend.phone,
            channel="mini",
            arrival=arrival,
            device=friend.device,
            now=at,
        )


def _buy(store: Store, friend: Friend, *, at: datetime) -> None:
    receipt = Receipt(
        source="pos",
        receipt_no=f"DEMO-FRIEND-{friend.phone[-4:]}-{friend.phone[:3]}",
        store_code=store.code,
        occurred_at=at,
        amount_fen=friend.amount_fen,
    )
    with clock.freeze(at), atomic():
        purchases.record_purchase(receipt, store, Buyer(phone=friend.phone), now=at)
