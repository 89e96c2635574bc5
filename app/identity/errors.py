"""Refusals of the package identity."""

from app.kernel.errors import DomainError


class ConsentOutdated(DomainError):
    """The text agreed to is not the one in force. Fact: `document`, the kind of text."""

    kind = "conflict"
    code = "consent_outdated"


class PhoneRequired(DomainError):
    """Joining needs a verified phone number."""

    code = "phone_required"


class PhoneTaken(DomainError):
    """The phone number belongs to another member who has joined."""

    kind = "conflict"
    code = "phone_taken"


class SignedInAsMember(DomainError):
    """Whoever has joined and proves the phone of nobody does not become somebody new by it. Fact: phone, masked."""

    kind = "conflict"
    code = "signed_in_as_member"


class MemberRequired(DomainError):
    """Only members may do this; visitors join first."""

    kind = "forbidden"
    code = "member_required"


class MemberClosed(DomainError):
    """The member has left; who comes back is somebody new."""

    kind = "conflict"
    code = "member_closed"


class LeavingPaymentOpen(DomainError):
    """A payment of the member is under way: it is finished, or given up by itself, before they can leave."""

    kind = "conflict"
    code = "leaving_payment_open"


class LeavingCouponsReserved(DomainError):
    """Coupons of the member are held for something that is not finished. Fact: count."""

    kind = "conflict"
    code = "leaving_coupons_reserved"


class LeavingNoticeOutdated(DomainError):
    """Leaving would cost more than the member was told. Facts: points, coupons, as they are now."""

    kind = "conflict"
    code = "leaving_notice_outdated"


class MemberCodeInvalid(DomainError):
    """The member code was not made by us."""

    code = "member_code_invalid"


class MemberCodeCaseLost(MemberCodeInvalid):
    """A scanner gun made all letters of the member code capitals, or small."""

    code = "member_code_case_lost"


class MemberCodeGarbled(MemberCodeInvalid):
    """An input method wrote the member code in characters of its own."""

    code = "member_code_garbled"


class SpokenCodeUnknown(DomainError):
    """Nobody whose phone ends so shows these digits now."""

    kind = "not_found"
    code = "spoken_code_unknown"


class SpokenCodeUnclear(DomainError):
    """Two members would answer to the digits that were said."""

    kind = "conflict"
    code = "spoken_code_unclear"


class MemberCodeExpired(DomainError):
    """The member code is older than its minute."""

    code = "member_code_expired"


class MemberCodeUsed(DomainError):
    """The member code was scanned before."""

    kind = "conflict"
    code = "member_code_used"


class PlateTaken(DomainError):
    """The plate is bound to another member."""

    kind = "conflict"
    code = "plate_taken"


class PlateLimitReached(DomainError):
    """A member may bind only so many plates. Fact: limit."""

    kind = "conflict"
    code = "plate_limit_reached"


class CardTaken(DomainError):
    """The card belongs to somebody with another phone. Fact: card_no."""

    kind = "conflict"
    code = "card_taken"


class CardReserved(DomainError):
    """The number looks like a card of this mall group, which only the product gives out. Fact: card_no."""

    kind = "conflict"
    code = "card_reserved"


class MergeHeldUp(DomainError):
    """A payment of one of the members is under way, or holds a coupon: it is finished or given up first."""

    kind = "conflict"
    code = "merge_held_up"


class MergeNotUndoable(DomainError):
    """The merge was undone before, one of the two has left or was merged again since, or it was no merge of members."""

    kind = "conflict"
    code = "merge_not_undoable"
