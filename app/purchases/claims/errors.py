"""Refusals of claims."""

from app.kernel.errors import DomainError


class ClaimTooOld(DomainError):
    """The receipt's day lies further back than the mall lets members claim, or ahead. Fact: days."""

    kind = "conflict"
    code = "claim_too_old"


class ClaimsUsedUp(DomainError):
    """The member has made as many claims today as the mall allows. Fact: most."""

    kind = "throttled"
    code = "claims_used_up"


class ClaimNotNeeded(DomainError):
    """The receipt is this member's already."""

    kind = "conflict"
    code = "claim_not_needed"


class ClaimStoreUnknown(DomainError):
    """No store of the member's mall is meant."""

    kind = "not_found"
    code = "claim_store_unknown"


class ReceiptCodeInvalid(DomainError):
    """The scanned code is no receipt's, or its signature does not fit."""

    code = "receipt_code_invalid"


class SecondReaderNeeded(DomainError):
    """The sum needs a second person, and this is the first one."""

    kind = "conflict"
    code = "second_reader_needed"


class ClaimDecided(DomainError):
    """The claim has been decided meanwhile."""

    kind = "conflict"
    code = "claim_decided"
