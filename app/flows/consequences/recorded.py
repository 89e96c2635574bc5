"""What became of a receipt that was brought in."""

from dataclasses import dataclass

from app.identity import queries as members
from app.identity.models import Member
from app.points.ledger import queries as points_queries
from app.purchases import facts, queries
from app.purchases.models import Purchase, ReceiptNumber
from app.purchases.waiting.models import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A receipt as it stands; without a member it is in the inbox, or waits for something. `points` < 0 for a refund.

    `is_claimed` when it has just left the inbox for its buyer, `is_told_again` when it tells of a payment that another
    source told of before: of such a one the member is shown only to a source that names them or nobody.
    """

    purchase: Purchase | None
    member: Member | None
    points: int
    is_new: bool
    is_claimed: bool = False
    is_told_again: bool = False
    waits_for: Why | None = None

    @property
    def is_first(self) -> bool:
        return self.purchase is not None and self.purchase.is_first


def unowned(*, is_new: bool) -> Recorded:
    """A receipt in the inbox."""
    return Recorded(purchase=None, member=None, points=0, is_new=is_new)


def waiting(why: Why, *, is_new: bool) -> Recorded:
    """A receipt of which nothing has followed yet."""
    return Recorded(purchase=None, member=None, points=0, is_new=is_new, waits_for=why)


def of_another() -> Recorded:
    """Another telling of what is somebody else's than the source says: counted already, and nothing of it is shown."""
    return Recorded(purchase=None, member=None, points=0, is_new=False, is_told_again=True)


def as_it_stands(first: ReceiptNumber) -> Recorded:
    """What a number that told first, and does not wait, has become."""
    if first.member_id is None or first.purchase_id is None:
        return unowned(is_new=False)
    member, fact = members.get_member(first.member_id), facts.receipt(first.source, first.receipt_no)
    # A refund after a merge moved the points of whom they were merged into.
    entry = points_queries.find_entry(first.member_id, fact) or points_queries.find_entry(member.id, fact)
    return Recorded(
        purchase=queries.get_purchase(first.member_id, first.purchase_id),
        member=member,
        points=entry.points if entry is not None else 0,
        is_new=False,
    )
