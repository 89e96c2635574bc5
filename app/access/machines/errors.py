"""Why a machine, or its request, is refused."""

from app.kernel.errors import DomainError


class BadSignature(DomainError):
    """The request is not signed by a machine we know."""

    kind = "unauthenticated"
    code = "bad_signature"


class StaleRequest(DomainError):
    """The request's timestamp is more than five minutes from our clock."""

    kind = "unauthenticated"
    code = "stale_request"


class ReplayedRequest(DomainError):
    """The request was received before: its nonce is used."""

    kind = "conflict"
    code = "replayed_request"


class MachineKnown(DomainError):
    """A machine of the group bears this id."""

    kind = "conflict"
    code = "machine_known"
