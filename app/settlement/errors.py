"""Why settlement refuses."""

from app.kernel.errors import DomainError, NotFound


class NoContractTerms(DomainError):
    """The merchant has no contract terms in this mall on that day. Facts: mall_id, merchant_id, on."""

    kind = "conflict"
    code = "no_contract_terms"


class BookNotOpen(DomainError):
    """The merchant has no book in this mall, or one that opens on a coming day.

    Facts: books, a list of (mall_id, merchant_id).
    """

    kind = "conflict"
    code = "book_not_open"


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


class MonthNotOver(DomainError):
    """A month can be closed from the first day of the next one. Facts: period, today."""

    kind = "conflict"
    code = "month_not_over"


class StatementNotFound(NotFound):
    """There is no such statement within what you may see."""

    code = "statement_not_found"


class StatementTransition(DomainError):
    """The statement's status does not allow that step. Facts: status, wanted."""

    kind = "conflict"
    code = "statement_transition"


class ReasonMissing(DomainError):
    """The step needs words: why it is disputed, what was answered, how it was paid. Fact: field."""

    kind = "invalid"
    code = "reason_missing"
