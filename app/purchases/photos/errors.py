"""Refusals of photographed receipts."""

from app.kernel.errors import DomainError


class PhotosOff(DomainError):
    """The mall takes no photographed receipts."""

    kind = "conflict"
    code = "photos_off"


class PhotosUsedUp(DomainError):
    """The member has sent as many photographs today as the mall allows. Fact: most."""

    kind = "throttled"
    code = "photos_used_up"


class PhotoKnown(DomainError):
    """This photograph, or one that hardly differs, was sent before."""

    kind = "conflict"
    code = "photo_known"


class PhotoClaimClosed(DomainError):
    """The claim that it is to prove has been decided, or has a photograph."""

    kind = "conflict"
    code = "photo_claim_closed"


class PhotoDecided(DomainError):
    """The photograph has been decided on meanwhile. Fact: by, who did it."""

    kind = "conflict"
    code = "photo_decided"


class PhotoWithdrawn(DomainError):
    """Its member has taken the photograph back."""

    kind = "conflict"
    code = "photo_withdrawn"


class PhotoGone(DomainError):
    """The photograph is kept no longer."""

    kind = "not_found"
    code = "photo_gone"


class PhotoDayTooOld(DomainError):
    """The receipt was older than the mall lets members claim when it was photographed, or newer. Fact: days."""

    kind = "conflict"
    code = "photo_day_too_old"


class ReceiptCounted(DomainError):
    """The receipt is this member's purchase already."""

    kind = "conflict"
    code = "receipt_counted"


class ReceiptToldOtherwise(DomainError):
    """The store has a receipt of this number and day with another sum. Fact: amount_fen, the store's."""

    kind = "conflict"
    code = "receipt_told_otherwise"


class ClaimHasPhoto(DomainError):
    """The claim is decided with its photograph."""

    kind = "conflict"
    code = "claim_has_photo"
