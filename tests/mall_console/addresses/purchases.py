"""Addresses of purchases in the console."""

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.waiting.models import WaitingReceipt
from tests.builders.console import World


def purchase(world: World) -> str:
    """The page of the receipt that the world's member has."""
    found = db.session.scalars(select(Purchase).where(Purchase.receipt_no == f"{world.mall.code}-R1")).one()
    return f"/purchases/{found.member_id}-{found.id}"


def unclaimed(world: World) -> str:
    """The page of the receipt of nobody."""
    found = db.session.scalars(select(InboxReceipt).where(InboxReceipt.receipt_no == f"{world.mall.code}-R2")).one()
    return f"/purchases/inbox/{found.id}"


def waiting(world: World) -> str:
    """The page of a refund that waits for its purchase."""
    found = db.session.scalars(select(WaitingReceipt).where(WaitingReceipt.receipt_no == f"{world.mall.code}-B1")).one()
    return f"/purchases/waiting/{found.id}"


def photo(world: World) -> str:
    """The photographed receipt of the world's member."""
    found = db.session.scalars(select(ReceiptPhoto.public_id).where(ReceiptPhoto.mall_id == world.mall.id))
    return found.one()


def pages(world: World) -> dict[str, str]:
    return {
        "/purchases": "purchase.view",
        purchase(world): "purchase.view",
        "/purchases/inbox": "purchase.view",
        unclaimed(world): "purchase.view",
        "/purchases/claims": "purchase.view",
        "/purchases/photos": "purchase.view",
        "/purchases/photos/review": "purchase.work",
        f"/purchases/photos/{photo(world)}": "purchase.work",
        f"/purchases/photos/{photo(world)}/image": "purchase.work",
        "/purchases/settings": "purchase.view",
        "/purchases/totals": "purchase.view",
        f"/purchases/totals/{world.store.code}/{clock.business_date(clock.now())}/pos": "purchase.view",
        "/purchases/waiting": "purchase.view",
        waiting(world): "purchase.view",
    }


def forms(world: World) -> dict[str, str]:
    return {
        "/purchases/inbox/give": "purchase.work",
        "/purchases/inbox/dismiss": "purchase.work",
        "/purchases/inbox/restore": "purchase.work",
        "/purchases/settings": "purchase.work",
        "/purchases/claims/approve": "purchase.work",
        "/purchases/claims/reject": "purchase.work",
        f"/purchases/photos/{photo(world)}/approve": "purchase.work",
        f"/purchases/photos/{photo(world)}/reject": "purchase.work",
        "/purchases/waiting/store": "purchase.work",
        "/purchases/waiting/dismiss": "purchase.work",
    }
