"""Refusals of the business circle."""

from app.kernel.errors import DomainError


class CircleUnknown(DomainError):
    """No mall is this circle. Fact: mchid."""

    kind = "not_found"
    code = "circle_unknown"


class CircleNoticeInvalid(DomainError):
    """A notice that was signed says what cannot be. Fact: reason (appid, id, amount, refund)."""

    code = "circle_notice_invalid"


class CircleNoticeConflict(DomainError):
    """The platform told of this payment or refund before, and told something else."""

    kind = "conflict"
    code = "circle_notice_conflict"


class CircleTaken(DomainError):
    """Another mall is this circle. Fact: mchid."""

    kind = "conflict"
    code = "circle_taken"


class ShopTaken(DomainError):
    """The shop's number is another store's. Facts: number, store."""

    kind = "conflict"
    code = "circle_shop_taken"


class ShopNumberInvalid(DomainError):
    """There are too many numbers, or one is too long. Facts: most, longest."""

    code = "circle_shop_number_invalid"
