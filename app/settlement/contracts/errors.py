"""Refusals about contract terms."""

from app.kernel.errors import DomainError


class NoContractTerms(DomainError):
    """The merchant has no contract terms in this mall on that day. Facts: mall_id, merchant_id, on."""

    kind = "conflict"
    code = "no_contract_terms"


class TermsInClosedPeriod(DomainError):
    """Terms cannot start on a day whose book is closed. Facts: effective_from, first_open_day."""

    kind = "conflict"
    code = "terms_in_closed_period"


class TermsConflict(DomainError):
    """Other terms already start on that day. Fact: effective_from."""

    kind = "conflict"
    code = "terms_conflict"


class TermsTooLate(DomainError):
    """Something that the new terms would price was posted by those before. Facts: effective_from, used_until."""

    kind = "conflict"
    code = "terms_too_late"


class TermsInForce(DomainError):
    """Those terms hold already or within minutes, or were taken back before."""

    kind = "conflict"
    code = "terms_in_force"


class TermsInvalid(DomainError):
    """A rate or price lies outside its range. Fact: field."""

    kind = "invalid"
    code = "terms_invalid"
